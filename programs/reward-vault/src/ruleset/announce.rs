use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{RulesetAnnounced, emit},
    state::{KnownPool, PendingRuleset, Pool},
};

/// The rules to be.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct AnnounceRulesetArgs {
    /// SHA-256 of the rules, not zero.
    pub hash: [u8; 32],
    /// The first epoch that is scored by them; none that is active or proposed.
    pub from_epoch: u64,
}

#[event_cpi]
#[derive(Accounts)]
pub struct AnnounceRuleset {
    /// The pool's admin.
    #[account(address = pool.admin @ VaultError::NotAdmin)]
    pub admin: Signer,
    #[account(mut)]
    pub pool: KnownPool,
}

impl AnnounceRuleset {
    /// Checks fields in order.
    fn validate(&self, args: &AnnounceRulesetArgs) -> Result<()> {
        let pool = &self.pool;
        require!(args.hash != [0; 32], VaultError::RulesetZero);
        require!(
            args.from_epoch >= pool.next_epoch && args.from_epoch > pool.pending_epoch,
            VaultError::RulesetPast
        );
        Ok(())
    }
}

/// Announces rules. What was announced before is void and the delay starts anew. Epochs before the named one are
/// proposed under the old rules, it and later ones under the new, once the delay has passed.
pub fn handler(ctx: &mut Context<AnnounceRuleset>, args: AnnounceRulesetArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let now = Clock::get()?.unix_timestamp;
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    pool.pending_ruleset = PendingRuleset {
        hash: args.hash,
        from_epoch: args.from_epoch,
        effective_at: pool.effective_at(now)?,
    };
    pool.invariant()?;

    let event = RulesetAnnounced {
        pool: address,
        old_hash: pool.ruleset_hash,
        hash: pool.pending_ruleset.hash,
        from_epoch: pool.pending_ruleset.from_epoch,
        effective_at: pool.pending_ruleset.effective_at,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
