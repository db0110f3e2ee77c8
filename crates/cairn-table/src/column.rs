/// A column that a table may have. An enum of them describes a kind of table.
pub trait Column: Copy + Eq + Send + Sync + 'static {
    /// All of them, in the order in which messages name them.
    const ALL: &'static [Self];
    /// What a first line looks like, for hints: `owner,amount`.
    const HEADER: &'static str;

    /// Its name in the first line and in messages: small letters, words joined by `_`.
    fn name(self) -> &'static str;

    /// Other names that people give it.
    fn also(self) -> &'static [&'static str] {
        &[]
    }

    /// Whether a table without it can not be read.
    fn needed(self) -> bool;
}
