use anchor_lang::{address_eq, prelude::*};
use cairn_onchain::tombstone::is_buried;

use crate::{
    constants::REASON_LEAF_WITHHELD,
    error::VaultError,
    event::{ChallengeExpired, EpochVetoed, emit},
    state::{EpochTombstone, KnownChallenge, KnownEpoch, KnownPool, veto},
};

#[event_cpi]
#[derive(Accounts)]
pub struct ExpireChallenge {
    #[account(mut)]
    pub pool: KnownPool,
    /// The challenged epoch. Read by hand, because of one that went on without this challenge a tombstone may be left.
    #[account(
        mut,
        address = challenge.epoch @ VaultError::WrongChallenge,
    )]
    pub epoch: UncheckedAccount,
    /// Closes.
    #[account(mut, close = challenger)]
    pub challenge: KnownChallenge,
    /// Gets rent and deposit back.
    #[account(
        mut,
        unsafe(dup),
        address = challenge.challenger @ VaultError::WrongChallenger,
    )]
    pub challenger: UncheckedAccount,
}

impl ExpireChallenge {
    /// The challenged epoch while the challenged attempt is still open; `None` when it is over.
    fn live(&self) -> Result<Option<KnownEpoch>> {
        let view = *self.epoch.account();
        if is_buried::<EpochTombstone>(&crate::ID, &view) {
            return Ok(None);
        }
        // SAFETY: the account is `mut`, so it was refused had it come twice, and it has no other typed reference.
        let epoch = unsafe { KnownEpoch::load_mut(view) }?;
        let is_live = epoch.is_open() && epoch.attempt == self.challenge.attempt;
        Ok(is_live.then_some(epoch))
    }
}

/// Ends a challenge that nobody answered in time: the proposal falls, because leaves that are withheld are as good as
/// stolen ones. A challenge of an attempt that is over just goes back to its challenger. Anyone may send it.
pub fn handler(ctx: &mut Context<ExpireChallenge>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let live = ctx.accounts.live()?;
    let ExpireChallenge {
        pool,
        challenge,
        event_authority,
        ..
    } = &mut ctx.accounts;
    let bump = ctx.bumps.event_authority;
    let event = ChallengeExpired {
        epoch: challenge.epoch,
        challenger: challenge.challenger,
        index: challenge.index,
        attempt: challenge.attempt,
        vetoed: u8::from(live.is_some()),
        reserved: [0; 7],
    };
    if let Some(mut epoch) = live {
        require!(
            address_eq(&epoch.pool, pool.address()),
            VaultError::WrongPool
        );
        require!(now > challenge.deadline, VaultError::ChallengeAnswerable);
        veto(&mut epoch, pool, REASON_LEAF_WITHHELD, now);
        epoch.invariant()?;
        pool.invariant()?;
        let vetoed = EpochVetoed::of(&epoch, challenge.challenger);
        emit(event_authority, bump, vetoed);
    }
    emit(event_authority, bump, event);
    Ok(())
}
