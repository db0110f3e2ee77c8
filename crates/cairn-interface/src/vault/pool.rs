use reward_vault::{
    CreatePoolArgs, FundArgs, ProposeAdminArgs, SetGuardianArgs, SetKeepersArgs, accounts,
    instruction,
};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{PoolParams, event_authority, pool_address, vault_address};
use crate::{
    build,
    ids::{REWARD_VAULT, SYSTEM_PROGRAM},
};

/// Creates a pool and its empty vault. `payer` and `admin` sign; `admin` must be the network's authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatePool {
    pub payer: Pubkey,
    pub admin: Pubkey,
    pub network: Pubkey,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    /// Tells apart several pools of one network and mint.
    pub id: u64,
    pub guardian: Pubkey,
    /// 1 to 16 keys that propose and attest.
    pub keepers: Vec<Pubkey>,
    /// Attestations an epoch needs.
    pub threshold: u8,
    pub canopy_depth: u8,
    pub params: PoolParams,
}

impl CreatePool {
    /// The address the pool will have.
    #[must_use]
    pub fn pool(&self) -> Pubkey {
        pool_address(&self.network, &self.mint, self.id).0
    }

    #[must_use]
    pub fn instruction(&self) -> Instruction {
        let pool = self.pool();
        build::instruction(
            REWARD_VAULT,
            &accounts::CreatePool {
                payer: self.payer,
                admin: self.admin,
                network: self.network,
                mint: self.mint,
                token_program: self.token_program,
                pool,
                vault: vault_address(&pool).0,
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::CreatePool {
                args: CreatePoolArgs {
                    id: self.id,
                    guardian: self.guardian,
                    keepers: self.keepers.clone(),
                    threshold: self.threshold,
                    canopy_depth: self.canopy_depth,
                    params: self.params.on_chain(),
                },
            },
        )
    }
}

/// Offers the pool to another admin, who takes it with [`AcceptAdmin`]. `admin` signs; the zero key withdraws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposeAdmin {
    pub admin: Pubkey,
    pub pool: Pubkey,
    pub new_admin: Pubkey,
}

impl ProposeAdmin {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::ProposeAdmin {
                admin: self.admin,
                pool: self.pool,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::ProposeAdmin {
                args: ProposeAdminArgs {
                    new_admin: self.new_admin,
                },
            },
        )
    }
}

/// Takes over an offered pool. `new_admin` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptAdmin {
    pub new_admin: Pubkey,
    pub pool: Pubkey,
}

impl AcceptAdmin {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::AcceptAdmin {
                new_admin: self.new_admin,
                pool: self.pool,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::AcceptAdmin {},
        )
    }
}

/// Replaces the guardian. `admin` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetGuardian {
    pub admin: Pubkey,
    pub pool: Pubkey,
    pub guardian: Pubkey,
}

impl SetGuardian {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::SetGuardian {
                admin: self.admin,
                pool: self.pool,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::SetGuardian {
                args: SetGuardianArgs {
                    guardian: self.guardian,
                },
            },
        )
    }
}

/// Replaces the keepers and their threshold. `admin` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetKeepers {
    pub admin: Pubkey,
    pub pool: Pubkey,
    pub keepers: Vec<Pubkey>,
    pub threshold: u8,
}

impl SetKeepers {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::SetKeepers {
                admin: self.admin,
                pool: self.pool,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::SetKeepers {
                args: SetKeepersArgs {
                    keepers: self.keepers.clone(),
                    threshold: self.threshold,
                },
            },
        )
    }
}

/// Moves `amount` base units from the token account `from` into the vault. `funder`, who owns `from`, signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fund {
    pub funder: Pubkey,
    pub pool: Pubkey,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    pub from: Pubkey,
    pub amount: u64,
}

impl Fund {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::Fund {
                funder: self.funder,
                pool: self.pool,
                vault: vault_address(&self.pool).0,
                mint: self.mint,
                from: self.from,
                token_program: self.token_program,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::Fund {
                args: FundArgs {
                    amount: self.amount,
                },
            },
        )
    }
}

/// Stops claims, burns, redemptions and activation. `authority`, the guardian or admin, signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    pub authority: Pubkey,
    pub pool: Pubkey,
}

impl Pause {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::Pause {
                authority: self.authority,
                pool: self.pool,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::Pause {},
        )
    }
}

/// Resumes claims, burns, redemptions and activation. `admin` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpause {
    pub admin: Pubkey,
    pub pool: Pubkey,
}

impl Unpause {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::Unpause {
                admin: self.admin,
                pool: self.pool,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::Unpause {},
        )
    }
}
