use cairn_merkle::{EpochNumber, Tokens};
use solana_sdk::pubkey::Pubkey;

use super::{PoolParams, epoch_address, pool_address, vault_address};
use crate::{build::instructions, ids::SYSTEM_PROGRAM};

instructions! { reward_vault;
    /// Creates a pool and its empty vault. `payer` and `admin` sign; `admin` must be the network's authority.
    CreatePool as it {
        payer: Pubkey,
        admin: Pubkey,
        network: Pubkey,
        mint: Pubkey,
        token_program: Pubkey,
        /// Tells apart several pools of one network and mint.
        id: u64,
        guardian: Pubkey,
        /// 1 to 16 keys that propose and attest.
        keepers: Vec<Pubkey>,
        /// Attestations an epoch needs.
        threshold: u8,
        canopy_depth: u8,
        params: PoolParams,
        /// SHA-256 of the rules that epochs are scored by.
        ruleset_hash: [u8; 32],
    }
    by {
        payer, admin, network, mint, token_program, pool: it.pool(), vault: vault_address(&it.pool()).0,
        system_program: SYSTEM_PROGRAM,
    }
    with CreatePoolArgs { id, guardian, keepers: it.keepers.clone(), threshold, canopy_depth, params, ruleset_hash }

    /// Moves `amount` from the token account `from` into the vault. `funder`, who owns `from`, signs.
    Fund as it {
        funder: Pubkey,
        pool: Pubkey,
        mint: Pubkey,
        token_program: Pubkey,
        from: Pubkey,
        amount: Tokens,
    }
    by { funder, pool, vault: vault_address(&it.pool).0, mint, from, token_program }
    with FundArgs { amount: it.amount.get() }

    /// Stops claims, burns, redemptions and activation for a week at most. `authority`, the guardian or admin, signs.
    Pause as it { authority: Pubkey, pool: Pubkey }
    by { authority, pool }
    with {}

    /// Ends a pause early: resumes claims, burns, redemptions and activation. `admin` signs.
    Unpause as it { admin: Pubkey, pool: Pubkey }
    by { admin, pool }
    with {}

    /// Announces parameters, in effect once [`ApplyParams`] lands after the pool's delay. `admin` signs. Replaces what
    /// was announced before and starts the delay anew.
    SetParams as it { admin: Pubkey, pool: Pubkey, params: PoolParams }
    by { admin, pool }
    with SetParamsArgs { params }

    /// Puts announced parameters into effect, after their delay and while no epoch is proposed. Nobody signs.
    ApplyParams as it { pool: Pubkey }
    by { pool }
    with {}

    /// Withdraws announced parameters. `authority`, the guardian or admin, signs.
    CancelParams as it { authority: Pubkey, pool: Pubkey }
    by { authority, pool }
    with {}

    /// Brings a pool of an older layout to the program's; changes nothing when it has it. `payer`, anybody, signs and pays
    /// the rent of what the account grows by.
    MigratePool as it {
        payer: Pubkey,
        pool: Pubkey,
        /// The pool's active epoch; `None` when none is active.
        active: Option<EpochNumber>,
    }
    by {
        payer, pool, active: it.active.map(|number| epoch_address(&it.pool, number).0),
        system_program: SYSTEM_PROGRAM,
    }
    with {}
}

impl CreatePool {
    /// The address the pool will have.
    #[must_use]
    pub fn pool(&self) -> Pubkey {
        pool_address(&self.network, &self.mint, self.id).0
    }
}
