use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{KeepersSet, RolesAnnounced, emit},
    state::{KeeperSet, KnownPool, Pool},
};

/// The keepers to be.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct SetKeepersArgs {
    /// 1 to 16 keys, none zero, none twice, none the guardian's.
    pub keepers: Vec<Address>,
    /// Attestations an epoch needs, 1 to the number of keepers.
    pub threshold: u8,
}

#[event_cpi]
#[derive(Accounts)]
pub struct SetKeepers {
    /// The pool's admin.
    #[account(address = pool.admin @ VaultError::NotAdmin)]
    pub admin: Signer,
    #[account(mut)]
    pub pool: KnownPool,
}

/// Fewer of the same keepers at no lower threshold take office at once, on a pending epoch too: attestations of keys
/// that are removed no longer count, and a stolen key must go quickly. Any other keepers are announced, because new keys
/// are what a stolen admin would want. Either way, keepers that were announced before are void.
pub fn handler(ctx: &mut Context<SetKeepers>, args: SetKeepersArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    let set = KeeperSet::new(&args.keepers, args.threshold)?;
    require!(
        !args.keepers.contains(&pool.guardian),
        VaultError::GuardianHoldsRole
    );
    let authority = &ctx.accounts.event_authority;
    if pool.is_tightened_by(&args.keepers, args.threshold) {
        pool.install(&set);
        pool.pending_roles.forget_keepers();
        pool.invariant()?;
        let event = KeepersSet::of(address, pool);
        emit(authority, ctx.bumps.event_authority, event);
        return Ok(());
    }
    let effective_at = pool.effective_at(now)?;
    pool.pending_roles.announce_keepers(&set, effective_at);
    pool.invariant()?;
    let event = RolesAnnounced::of(address, pool);
    emit(authority, ctx.bumps.event_authority, event);
    Ok(())
}
