use std::fmt;

use cairn_proof::Kind;

/// The set of bytes that were no proof when they came.
const UNREAD: &str = "unread";

/// What a segment of evidence is called. Each holds one kind alone, in a folder of that kind, so that kinds can be kept apart.
/// Its number is its place in the order of receipts, counted over all kinds: a lost segment leaves a gap, of whatever kind it
/// was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentName {
    pub number: usize,
    /// None for bytes that are no proof.
    pub kind: Option<Kind>,
}

impl SegmentName {
    /// Reads the path of a segment below `inputs/`; `None` for another file, or another spelling of the same number.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (set, file) = name.strip_prefix("evidence/")?.split_once('/')?;
        let kind = match set {
            UNREAD => None,
            set => Some(Kind::ALL.into_iter().find(|kind| kind.name() == set)?),
        };
        let number = file.strip_suffix(".parquet")?.parse().ok()?;
        let segment = Self { number, kind };
        (segment.to_string() == name).then_some(segment)
    }
}

/// The path below `inputs/`.
impl fmt::Display for SegmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = self.kind.map_or(UNREAD, Kind::name);
        write!(f, "evidence/{set}/{:04}.parquet", self.number)
    }
}
