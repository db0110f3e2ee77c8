/// Which of an epoch's files are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    Manifest,
    /// The list of claim files, and the one that holds this owner.
    Claim(&'a [u8; 32]),
    /// Every claim file, and their list.
    Claims,
    /// Files that the manifest names, by name; what ends in a slash stands for all below it.
    Files(&'a [&'a str]),
    /// Everything.
    Whole,
}

impl Wanted<'_> {
    /// Whether the file that a manifest calls `name` is among them.
    pub(crate) fn takes(self, name: &str) -> bool {
        match self {
            Self::Manifest | Self::Claim(_) | Self::Claims => false,
            Self::Whole => true,
            Self::Files(names) => names.iter().any(|wanted| {
                *wanted == name || (wanted.ends_with('/') && name.starts_with(wanted))
            }),
        }
    }
}
