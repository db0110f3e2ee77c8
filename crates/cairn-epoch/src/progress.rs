/// Watches a long computation. Nothing that is computed depends on it.
pub trait Progress: Send + Sync {
    /// A named step begins; `total` is the number of rows it will handle, 0 when it is not known.
    fn begin(&self, step: Step, total: u64);
    /// `done` rows of the running step are handled.
    fn advance(&self, done: u64);
}

/// The steps of [`crate::close`], in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    ReadInputs,
    ReadEvidence,
    RunRules,
    SumLedger,
    BuildTree,
    WriteClaims,
    WriteManifest,
}

impl Step {
    /// What a person reads beside the progress bar.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ReadInputs => "reading the frozen inputs",
            Self::ReadEvidence => "reading evidence and verifying signatures",
            Self::RunRules => "running the rules",
            Self::SumLedger => "summing the ledger",
            Self::BuildTree => "building the tree",
            Self::WriteClaims => "writing claim files",
            Self::WriteManifest => "writing the manifest",
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
