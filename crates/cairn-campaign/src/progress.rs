use std::sync::atomic::{AtomicU64, Ordering};

/// Watches a long preparation. Nothing that is computed depends on it.
pub trait Progress: Send + Sync {
    /// A named step begins; `total` is what it will handle, 0 when that is not known.
    fn begin(&self, step: Step, total: u64);
    /// `done` of the running step are handled. Called from any thread; a late call may name less than one before.
    fn advance(&self, done: u64);
}

/// The steps of a preparation, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Counted in bytes.
    ReadTable,
    SharePoints,
    SortRecipients,
    BuildTree,
    /// Proves every recipient's claim from the very bytes that are written.
    WriteClaims,
    WriteRecipients,
    /// Until the disk has everything.
    Sync,
}

impl Step {
    /// What a person reads beside the progress bar.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ReadTable => "reading the table",
            Self::SharePoints => "sharing tokens by points",
            Self::SortRecipients => "sorting recipients",
            Self::BuildTree => "building the tree",
            Self::WriteClaims => "proving and writing claims",
            Self::WriteRecipients => "writing the recipients",
            Self::Sync => "waiting for the disk",
        }
    }
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: Step, _: u64) {}
    fn advance(&self, _: u64) {}
}

/// Adds up what several cores have done.
pub(crate) struct Counter<'a> {
    progress: &'a dyn Progress,
    done: AtomicU64,
}

impl<'a> Counter<'a> {
    pub fn new(progress: &'a dyn Progress) -> Self {
        Self {
            progress,
            done: AtomicU64::new(0),
        }
    }

    pub fn add(&self, more: u64) {
        let before = self.done.fetch_add(more, Ordering::Relaxed);
        self.progress.advance(before.saturating_add(more));
    }
}
