use base64::{Engine, prelude::BASE64_STANDARD};
use solana_sdk::{
    hash::Hash,
    instruction::Instruction,
    message::{Message, VersionedMessage},
    pubkey::Pubkey,
    signature::Signature,
    transaction::VersionedTransaction,
};

use crate::{
    MAX_COMPUTE_UNITS, MAX_TRANSACTION_BYTES, Nonce,
    budget::{self, fee_of},
    signed::wire,
};

/// Accounts one transaction may lock at most.
const MAX_ACCOUNTS: usize = 64;

/// What surrounds the instructions of every transaction of a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Who pays the fee, and signs first.
    pub payer: Pubkey,
    /// Micro-lamports a compute unit.
    pub price: u64,
    /// Stands in for a recent blockhash, so that a signature may take days.
    pub nonce: Option<Nonce>,
}

/// One transaction to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub instructions: Vec<Instruction>,
    /// Lamports its fee may be at most: what was agreed to.
    pub most_fee: u64,
}

impl Frame {
    /// With a recent blockhash.
    #[must_use]
    pub const fn new(payer: Pubkey, price: u64) -> Self {
        Self {
            payer,
            price,
            nonce: None,
        }
    }

    /// The message with everything in front that belongs there. Its blockhash is the nonce's or still zero.
    #[must_use]
    pub fn message(&self, instructions: &[Instruction], limit: u32) -> Message {
        let mut all = Vec::with_capacity(instructions.len().saturating_add(3));
        // The runtime recognises a durable nonce by the first instruction alone.
        all.extend(self.nonce.as_ref().map(Nonce::advance));
        all.extend(budget::instructions(limit, self.price));
        all.extend_from_slice(instructions);
        let mut message = Message::new(&all, Some(&self.payer));
        message.recent_blockhash = self.nonce.map_or_else(Hash::default, |nonce| nonce.value);
        message
    }

    /// Bytes on the wire.
    #[must_use]
    pub fn size(&self, instructions: &[Instruction]) -> usize {
        wire(&unsigned(self.message(instructions, 0))).len()
    }

    /// Lamports that a transaction costs when it asks for `limit` compute units.
    #[must_use]
    pub fn fee(&self, instructions: &[Instruction], limit: u32) -> u64 {
        fee_of(&self.message(instructions, limit), limit, self.price)
    }

    /// Whether the network carries these instructions in one transaction, by its bytes and its accounts.
    #[must_use]
    pub fn fits(&self, instructions: &[Instruction]) -> bool {
        let transaction = unsigned(self.message(instructions, 0));
        wire(&transaction).len() <= MAX_TRANSACTION_BYTES
            && transaction.message.static_account_keys().len() <= MAX_ACCOUNTS
    }

    /// Steps in order, merged from the front while they fit into one transaction. A step is never split.
    #[must_use]
    pub fn merged(
        &self,
        steps: impl IntoIterator<Item = Vec<Instruction>>,
    ) -> Vec<Vec<Instruction>> {
        let mut merged: Vec<Vec<Instruction>> = Vec::new();
        for step in steps {
            if let Some(last) = merged.last_mut() {
                let before = last.len();
                last.extend(step.iter().cloned());
                if self.fits(last) {
                    continue;
                }
                last.truncate(before);
            }
            merged.push(step);
        }
        merged
    }

    /// As [`Frame::merged`], each with the most that it may cost when it does no more than `units`.
    #[must_use]
    pub fn parts(
        &self,
        steps: impl IntoIterator<Item = Vec<Instruction>>,
        units: u32,
    ) -> Vec<Part> {
        let merged = self.merged(steps).into_iter();
        merged
            .map(|instructions| Part {
                most_fee: self.fee(&instructions, units.min(MAX_COMPUTE_UNITS)),
                instructions,
            })
            .collect()
    }
}

/// Compute units asked for where nothing can be simulated: the runtime's own default for each instruction.
#[must_use]
pub fn most_units(instructions: &[Instruction]) -> u32 {
    const EACH: u32 = 200_000;
    let count = u32::try_from(instructions.len()).unwrap_or(u32::MAX);
    EACH.saturating_mul(count).min(MAX_COMPUTE_UNITS)
}

/// A transaction that nobody has signed yet: every signature is zeros.
#[must_use]
pub fn unsigned(message: Message) -> VersionedTransaction {
    let required = usize::from(message.header.num_required_signatures);
    VersionedTransaction {
        signatures: vec![Signature::default(); required],
        message: VersionedMessage::Legacy(message),
    }
}

/// The bytes that travel, as wallets and multisigs take them.
#[must_use]
pub fn base64(transaction: &VersionedTransaction) -> String {
    BASE64_STANDARD.encode(wire(transaction))
}
