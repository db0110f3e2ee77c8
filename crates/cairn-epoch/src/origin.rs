//! Where every column of every frozen input comes from. The pure function pays rightly for whatever it is given, so an input
//! that is bound to nothing is money for whoever writes it: a column that names no origin does not compile, and
//! `cairn-origin` holds each against its own.

/// Who says what stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// An account on chain: pool, epoch, or the tree whose root is over the row.
    ChainAccount,
    /// What the chain did at a slot.
    ChainEvent,
    /// The ruleset, whose hash is in the epoch's account.
    RulesetHash,
    /// The epoch before: the state it handed on, under its manifest's hash.
    PreviousManifest,
    /// A signature in the row, which the computation verifies.
    SignedEvidence,
    /// The keeper that received the proof. It orders nothing and pays nothing; it bounds lateness.
    KeeperReceipt,
    /// Nobody: it is computed here. Outputs only.
    Computed,
}
