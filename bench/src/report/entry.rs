//! A measured value, by its name.

/// One measured value.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name in `report.json`; ends in the unit.
    pub key: &'static str,
    /// What a person reads.
    pub title: &'static str,
    /// A promise: more is a regression.
    pub limit: Option<u64>,
    /// What is wished for; not checked.
    pub aim: Option<u64>,
}

/// Measured, and promised to nobody.
pub const fn measured(key: &'static str, title: &'static str) -> Entry {
    Entry {
        key,
        title,
        limit: None,
        aim: None,
    }
}

/// Measured, and at most `limit`.
pub const fn promised(key: &'static str, title: &'static str, limit: u64) -> Entry {
    Entry {
        key,
        title,
        limit: Some(limit),
        aim: None,
    }
}
