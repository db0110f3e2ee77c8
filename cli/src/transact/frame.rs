use base64::Engine;
use cairn_client::{MAX_COMPUTE_UNITS, MAX_TRANSACTION_BYTES, fee_of};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_sdk::hash::Hash;
use solana_sdk::instruction::Instruction;
use solana_sdk::message::{Message, VersionedMessage};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use solana_sdk::transaction::VersionedTransaction;

use crate::nonce::Nonce;

/// What surrounds the instructions of every transaction of a command.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Who pays the fee, and signs first.
    pub payer: Pubkey,
    /// Micro-lamports a compute unit.
    pub price: u64,
    /// Stands in for a recent blockhash, so that a signature may take days.
    pub nonce: Option<Nonce>,
}

impl Frame {
    /// The message with everything in front that belongs there. Its blockhash is the nonce's or still zero.
    pub fn message(&self, instructions: &[Instruction], limit: u32) -> Message {
        let mut all = Vec::with_capacity(instructions.len().saturating_add(3));
        // The runtime recognises a durable nonce by the first instruction alone.
        all.extend(self.nonce.as_ref().map(Nonce::advance));
        all.push(ComputeBudgetInstruction::set_compute_unit_limit(limit));
        if self.price > 0 {
            all.push(ComputeBudgetInstruction::set_compute_unit_price(self.price));
        }
        all.extend_from_slice(instructions);
        let mut message = Message::new(&all, Some(&self.payer));
        message.recent_blockhash = self.nonce.map_or_else(Hash::default, |nonce| nonce.value);
        message
    }

    /// Bytes on the wire: one byte counts the signatures, of which no transaction that fits has more than 12.
    pub fn size(&self, instructions: &[Instruction]) -> usize {
        let transaction = with_empty_signatures(self.message(instructions, 0));
        let signatures = transaction
            .signatures
            .len()
            .saturating_mul(size_of::<Signature>());
        transaction
            .message
            .serialize()
            .len()
            .saturating_add(signatures)
            .saturating_add(1)
    }

    /// Lamports that a transaction costs when it asks for `limit` compute units.
    pub fn fee(&self, instructions: &[Instruction], limit: u32) -> u64 {
        fee_of(&self.message(instructions, limit), limit, self.price)
    }

    /// Lamports that a transaction costs at most when nothing can be simulated.
    pub fn most_fee(&self, instructions: &[Instruction]) -> u64 {
        self.fee(instructions, most_units(instructions))
    }

    pub fn fits(&self, instructions: &[Instruction]) -> bool {
        self.size(instructions) <= MAX_TRANSACTION_BYTES
    }
}

/// Compute units asked for where nothing can be simulated: the runtime's own default for each instruction.
pub fn most_units(instructions: &[Instruction]) -> u32 {
    const EACH: u32 = 200_000;
    let count = u32::try_from(instructions.len()).unwrap_or(u32::MAX);
    EACH.saturating_mul(count).min(MAX_COMPUTE_UNITS)
}

pub fn with_empty_signatures(message: Message) -> VersionedTransaction {
    let required = usize::from(message.header.num_required_signatures);
    VersionedTransaction {
        signatures: vec![Signature::default(); required],
        message: VersionedMessage::Legacy(message),
    }
}

/// The wire format: a compact count, the signatures, the message. The count fits one byte (see [`Frame::size`]).
pub fn base64(transaction: &VersionedTransaction) -> String {
    let mut wire = Vec::with_capacity(MAX_TRANSACTION_BYTES);
    wire.push(u8::try_from(transaction.signatures.len()).unwrap_or(u8::MAX));
    for signature in &transaction.signatures {
        wire.extend_from_slice(signature.as_ref());
    }
    wire.extend_from_slice(&transaction.message.serialize());
    base64::engine::general_purpose::STANDARD.encode(wire)
}
