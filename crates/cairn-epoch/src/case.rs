use cairn_proof::Kind;

use crate::kind::Fact;
use crate::refusal::Refusal;

/// One submission on its way to a decision.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub proof_id: [u8; 32],
    /// None for bytes that are no proof.
    pub kind: Option<Kind>,
    pub outcome: Result<Candidate, Refusal>,
}

/// A proof that passed every check of its own.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub kind: Kind,
    pub subject: [u8; 32],
    /// Place of the subject in the registry snapshot; none of a subject that is no device.
    pub device: Option<u32>,
    /// Whose sequence the proof counts in.
    pub signer: [u8; 32],
    pub signer_seq: u64,
    /// Whether that is an Ed25519 key which signed as a user.
    pub is_wallet: bool,
    pub observed_at_ms: i64,
    pub cell: u64,
    pub fact: Fact,
}
