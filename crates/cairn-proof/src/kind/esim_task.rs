use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::Kind;
use super::body::{Typed, positive};
use crate::{DecodeError, json};

/// A carrier's task that somebody completed. `subject` is the key that the data credits go to. Signed by the carrier.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EsimTask {
    /// The registered task, which fixes carrier, credits and budget; from 1.
    pub task: u32,
    /// The person, as the carrier knows them for this task alone: the same person has the same one under every key, and nobody
    /// else can tell who it is.
    #[serde(with = "json::hex_array")]
    pub nullifier: [u8; 32],
    /// The carrier's key. A claim only: the verifier takes the key registered for the task.
    #[serde(with = "json::hex_array")]
    pub carrier: [u8; 32],
}

impl Typed for EsimTask {
    const KIND: Kind = Kind::EsimTask;
    const BYTES: usize = 68;

    fn check(&self) -> Result<(), DecodeError> {
        positive("task", self.task)
    }
}
