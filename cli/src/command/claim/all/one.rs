//! One member's claim in one pool, as the batch sends it.

use cairn_client::Payment;
use cairn_interface::ids::REWARD_VAULT;
use cairn_interface::vault::{PoolView, VaultError};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::super::due::Due;

#[derive(Clone, Copy)]
pub struct One<'a> {
    pub pool: &'a PoolView,
    pub due: &'a Due,
    /// Lamports for the token account that it creates, 0 where there is one.
    pub rent: u64,
}

impl Payment for One<'_> {
    fn steps(&self, payer: Pubkey) -> Vec<Vec<Instruction>> {
        let create = self
            .due
            .account_missing
            .then(|| self.due.create_account(self.pool, payer));
        let pay = self.due.pay(self.pool);
        // Together: an account that nobody is paid to is rent for nothing.
        vec![create.into_iter().chain([pay]).collect()]
    }

    fn rent(&self) -> u64 {
        self.rent
    }

    fn made_before(&self) -> Option<(Pubkey, u32)> {
        Some((REWARD_VAULT, VaultError::NothingToClaim.code()))
    }
}
