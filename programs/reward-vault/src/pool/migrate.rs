use anchor_lang::{Discriminator, address_eq, prelude::*, realloc_account};

use crate::{
    constants::POOL_VERSION,
    error::{VaultError, refuse},
    event::{PoolMigrated, emit},
    state::{Epoch, Pool, PoolTail, epoch_version, pool_version, upgrade_pool},
};

#[event_cpi]
#[derive(Accounts)]
pub struct MigratePool {
    /// Pays the rent of what the account grows by; anyone may.
    #[account(mut)]
    pub payer: Signer,
    /// Read by hand: until it is migrated it is no pool that this program knows.
    #[account(mut)]
    pub pool: UncheckedAccount,
    /// The pool's active epoch, of any layout, whose rules become the pool's; absent when none is active.
    pub active: Option<UncheckedAccount>,
    pub system_program: Program<System>,
}

impl MigratePool {
    /// The rules of the pool's active epoch; zero when none is active.
    fn ruleset_hash(&self, pool: &Pool) -> Result<[u8; 32]> {
        let Some(active) = &self.active else {
            require!(pool.active_epoch == 0, VaultError::WrongPreviousEpoch);
            return Ok([0; 32]);
        };
        require!(
            epoch_version(active.account()).is_some(),
            VaultError::WrongPreviousEpoch
        );
        let data = active.account().try_borrow()?;
        // What is read here stands at the same place in every layout.
        let fixed = data.get(Epoch::DISCRIMINATOR.len()..);
        let Some(head) = fixed.and_then(|it| it.first_chunk::<EPOCH_HEAD_LEN>()) else {
            return refuse(VaultError::WrongPreviousEpoch);
        };
        let head: EpochHead = bytemuck::pod_read_unaligned(head);
        require!(
            address_eq(&head.pool, self.pool.address())
                && u64::from_le_bytes(head.number) == pool.active_epoch,
            VaultError::WrongPreviousEpoch
        );
        Ok(head.ruleset_hash)
    }
}

/// The beginning of an epoch in every layout.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct EpochHead {
    pool: Address,
    proposer_root_manifest: [u8; 96],
    ruleset_hash: [u8; 32],
    code_and_attesters: [[u8; 32]; 17],
    number: [u8; 8],
}

const EPOCH_HEAD_LEN: usize = size_of::<EpochHead>();
const _: () = assert!(
    core::mem::offset_of!(EpochHead, ruleset_hash) == core::mem::offset_of!(Epoch, ruleset_hash)
        && core::mem::offset_of!(EpochHead, number) == core::mem::offset_of!(Epoch, number)
);

/// Brings a pool to the layout of this program. Anyone may send it, any number of times: it decides nothing, and a
/// pool that has the layout stays as it is, without an event.
pub fn handler(ctx: &mut Context<MigratePool>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let mut view = *accounts.pool.account();
    let from_version = match pool_version(&view) {
        Some(POOL_VERSION) => return Ok(()),
        Some(version @ 1..POOL_VERSION) => version,
        _ => return refuse(VaultError::PoolVersion),
    };
    let Some(tail) = take_tail(&view) else {
        return refuse(VaultError::PoolVersion);
    };
    realloc_account(
        &mut view,
        <Account<Pool> as Space>::INIT_SPACE,
        accounts.payer.account(),
        true,
    )?;
    // SAFETY: the account is `mut`, so it was refused had it come twice, and it has no other typed reference.
    let mut pool = unsafe { Account::<Pool>::load_mut(view) }?;
    let ruleset_hash = accounts.ruleset_hash(&pool)?;
    upgrade_pool(&mut pool, &tail, ruleset_hash, Clock::get()?.unix_timestamp);
    pool.invariant()?;

    let event = PoolMigrated {
        pool: *view.address(),
        from_version,
        to_version: pool.version,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}

/// What stands behind an old pool's head, which is all zeros afterwards, as every byte that the layout has anew.
fn take_tail(view: &AccountView) -> Option<PoolTail> {
    let mut view = *view;
    // SAFETY: the account has no typed reference yet, and this one ends with the function.
    let data = unsafe { view.borrow_unchecked_mut() };
    if data.len() != PoolTail::POOL_LEN {
        return None;
    }
    let at = PoolTail::POOL_LEN.checked_sub(size_of::<PoolTail>())?;
    let tail = data.get_mut(at..)?;
    let taken = bytemuck::pod_read_unaligned(tail);
    tail.fill(0);
    Some(taken)
}
