use reward_vault::{SetParamsArgs, accounts, instruction};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{PoolParams, event_authority};
use crate::{build, ids::REWARD_VAULT};

/// Announces parameters, in effect once [`ApplyParams`] lands after the pool's delay. `admin` signs. Replaces what was
/// announced before and starts the delay anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetParams {
    pub admin: Pubkey,
    pub pool: Pubkey,
    pub params: PoolParams,
}

impl SetParams {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::SetParams {
                admin: self.admin,
                pool: self.pool,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::SetParams {
                args: SetParamsArgs {
                    params: self.params.on_chain(),
                },
            },
        )
    }
}

/// Puts announced parameters into effect, after their delay and while no epoch is proposed. Nobody signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplyParams {
    pub pool: Pubkey,
}

impl ApplyParams {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::ApplyParams {
                pool: self.pool,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::ApplyParams {},
        )
    }
}

/// Withdraws announced parameters. `authority`, the guardian or admin, signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelParams {
    pub authority: Pubkey,
    pub pool: Pubkey,
}

impl CancelParams {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::CancelParams {
                authority: self.authority,
                pool: self.pool,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::CancelParams {},
        )
    }
}

/// Brings a pool of an older layout to the program's; changes nothing when it has it. Nobody signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigratePool {
    pub pool: Pubkey,
}

impl MigratePool {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::MigratePool {
                pool: self.pool,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::MigratePool {},
        )
    }
}
