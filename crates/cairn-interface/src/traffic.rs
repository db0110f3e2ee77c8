//! How a payer says what it burns tokens for: a memo beside the burn, in the same transaction.

use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use crate::ids;

/// What every such memo begins with.
const MARK: &str = "cairn/burn/1 ";

/// The memo of payer number `payer` of a pool's ruleset: `cairn/burn/1 <pool> <payer>`, the pool in Base58. `spl-token burn` writes
/// one with `--with-memo`.
#[must_use]
pub fn burn_memo(pool: &Pubkey, payer: u32) -> String {
    format!("{MARK}{pool} {payer}")
}

/// The instruction that writes [`burn_memo`].
#[must_use]
pub fn write_burn_memo(pool: &Pubkey, payer: u32) -> Instruction {
    Instruction::new_with_bytes(
        ids::MEMO_PROGRAM,
        burn_memo(pool, payer).as_bytes(),
        Vec::new(),
    )
}

/// Whether a memo says of any pool what a burn is for. A transaction with two of them says nothing: one burn would pay twice.
#[must_use]
pub fn is_burn_memo(memo: &[u8]) -> bool {
    memo.starts_with(MARK.as_bytes())
}
