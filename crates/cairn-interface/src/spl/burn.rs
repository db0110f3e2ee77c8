use cairn_merkle::Tokens;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use spl_token_interface::instruction::{self, TokenInstruction};

use super::{addressed, always};
use crate::ids;

/// Burns `amount` base units of `from`; its `owner` signs.
#[must_use]
pub fn burn(
    token_program: &Pubkey,
    mint: &Pubkey,
    from: &Pubkey,
    owner: &Pubkey,
    amount: u64,
) -> Instruction {
    let burn = always(instruction::burn(
        &ids::TOKEN_PROGRAM,
        from,
        mint,
        owner,
        &[],
        amount,
    ));
    addressed(burn, token_program)
}

/// Base units that an instruction of either token program with this data burns; `None` for one that burns nothing. Its accounts begin
/// with the token account and the mint.
#[must_use]
pub fn burned(data: &[u8]) -> Option<Tokens> {
    match TokenInstruction::unpack(data).ok()? {
        TokenInstruction::Burn { amount } | TokenInstruction::BurnChecked { amount, .. } => {
            Some(Tokens::new(amount))
        }
        _ => None,
    }
}
