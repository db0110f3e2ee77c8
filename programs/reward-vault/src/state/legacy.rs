//! Older layouts: what stands where in them, and how they become the current one. Their heads are the current ones', so
//! that a version byte is found at one place whatever the layout; only what follows moved.

use core::mem::offset_of;

use anchor_lang::{Discriminator, prelude::*};

use super::{Epoch, Outflow, Params, PendingParams, PendingRoles, Pool, StoredParams};
use crate::constants::{EPOCH_VERSION, PAUSE_SECS, POOL_VERSION};

/// Bytes of a discriminator.
const KIND_LEN: usize = 8;
/// Where a pool's version stands, and how long what precedes its outflow is, in every layout.
const POOL_HEAD_LEN: usize = offset_of!(Pool, outflow);
const POOL_VERSION_AT: usize = KIND_LEN + offset_of!(Pool, version);
/// Where an epoch's version stands in every layout.
const EPOCH_VERSION_AT: usize = KIND_LEN + offset_of!(Epoch, version);
/// Bytes of an epoch of layout 1, without its canopy.
const EPOCH_1_LEN: usize = 880;
/// Where an epoch of layout 1 counted its attempts, in 16 bits.
const EPOCH_1_ATTEMPT_AT: usize = KIND_LEN + offset_of!(Epoch, correction);

/// What followed a pool's head in layouts 1 (all zeros) and 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct PoolTail {
    pub outflow: Outflow,
    /// Announced parameters.
    pub pending_params: [u64; 8],
    pub breaker_window_secs: u64,
    pub recipient_cooldown_secs: u64,
    pub params_delay_secs: u64,
    pub next_round: u64,
    pub credits_fulfilled: u64,
    pub creation_cap: u64,
    pub creation_interval_secs: u64,
    pub breaker_share_bps: u16,
    pub reserved: [u8; 54],
}

impl PoolTail {
    /// Bytes of a pool of layout 1 or 2.
    pub const POOL_LEN: usize = KIND_LEN + POOL_HEAD_LEN + size_of::<Self>();
}

const _: () = assert!(PoolTail::POOL_LEN == KIND_LEN + 1136 && POOL_HEAD_LEN == 880);
const _: () = assert!(POOL_VERSION_AT == KIND_LEN + 879 && EPOCH_1_ATTEMPT_AT == KIND_LEN + 818);
const _: () = assert!(EPOCH_VERSION_AT == KIND_LEN + 826);

/// The layout of the pool in `data`; `None` for anything else.
#[must_use]
pub fn pool_layout(data: &[u8]) -> Option<u8> {
    layout::<Pool>(data, POOL_VERSION_AT)
}

/// The layout of the epoch in `data`; `None` for anything else.
#[must_use]
pub fn epoch_layout(data: &[u8]) -> Option<u8> {
    layout::<Epoch>(data, EPOCH_VERSION_AT)
}

fn layout<T: Discriminator>(data: &[u8], at: usize) -> Option<u8> {
    let version = data.get(at)?;
    data.starts_with(T::DISCRIMINATOR).then_some(*version)
}

/// The layout of a pool's account; `None` for any other account.
#[must_use]
pub fn pool_version(view: &AccountView) -> Option<u8> {
    // SAFETY: read at once and not kept; no typed reference to the account exists yet.
    let data = unsafe { view.borrow_unchecked() };
    pool_layout(data).filter(|_| view.owned_by(&crate::ID))
}

/// The layout of an epoch's account; `None` for any other account.
#[must_use]
pub fn epoch_version(view: &AccountView) -> Option<u8> {
    // SAFETY: as above.
    let data = unsafe { view.borrow_unchecked() };
    epoch_layout(data).filter(|_| view.owned_by(&crate::ID))
}

/// Whether an account is an epoch of an older or newer layout. The byte is looked at first, because every claim asks;
/// whether an account that has the current one there is an epoch at all, whoever loads it finds out.
#[inline]
#[must_use]
pub fn is_other_epoch_version(view: &AccountView) -> bool {
    // SAFETY: as above.
    let data = unsafe { view.borrow_unchecked() };
    data.get(EPOCH_VERSION_AT) != Some(&EPOCH_VERSION) && epoch_version(view).is_some()
}

/// Brings a pool to the current layout at `now`: `data` has its length already, `tail` is what stood behind the head.
/// Nothing is decided: the parameters in effect stand for those at creation, with the least delay that the current
/// rules ask for, points and credits without a cap, and `ruleset_hash`, the active epoch's. Announced parameters are
/// void, because they were announced under other rules.
pub fn upgrade_pool(pool: &mut Pool, tail: &PoolTail, ruleset_hash: [u8; 32], now: i64) {
    let mut params = Params::new(
        pool.epoch_interval_secs,
        pool.challenge_window_secs,
        pool.emission_cap,
    );
    let (mut cap, mut interval) = (pool.emission_cap, pool.epoch_interval_secs);
    if pool.version == 1 {
        (pool.outflow, pool.next_round, pool.credits_fulfilled) = (Outflow::default(), 0, 0);
    } else {
        params.breaker_window_secs = tail.breaker_window_secs;
        params.recipient_cooldown_secs = tail.recipient_cooldown_secs;
        params.params_delay_secs = tail.params_delay_secs.max(params.params_delay_secs);
        params.breaker_share_bps = tail.breaker_share_bps;
        (cap, interval) = (tail.creation_cap, tail.creation_interval_secs);
        pool.outflow = tail.outflow;
        pool.next_round = tail.next_round;
        pool.credits_fulfilled = tail.credits_fulfilled;
    }
    pool.set_params(&params);
    (params.emission_cap, params.epoch_interval_secs) = (cap, interval);
    pool.creation = StoredParams::from(&params);
    pool.pending_params = PendingParams::default();
    pool.pending_roles = PendingRoles::default();
    pool.ruleset_hash = ruleset_hash;
    // A pause of before had no end; it gets the one that it would have now.
    if pool.unused != 0 {
        pool.paused_at = now;
        pool.paused_until = now.saturating_add(PAUSE_SECS);
        pool.unused = 0;
    }
    if pool.pending_admin != Address::default() {
        let delay = i64::try_from(params.params_delay_secs).unwrap_or(i64::MAX);
        pool.admin_effective_at = now.saturating_add(delay);
    }
    pool.version = POOL_VERSION;
}

/// By how many bytes an epoch grew since layout 1.
pub const EPOCH_GROWTH: usize = size_of::<Epoch>() - EPOCH_1_LEN;
/// Where the canopy of an epoch of layout 1 begins, and where the current one's does.
const EPOCH_1_END: usize = KIND_LEN + EPOCH_1_LEN;
const EPOCH_END: usize = EPOCH_1_END + EPOCH_GROWTH;
const ATTEMPT_AT: usize = KIND_LEN + offset_of!(Epoch, attempt);

/// Moves an epoch of layout 1 to where the current one has its fields: `data` is longer by [`EPOCH_GROWTH`] already. The
/// canopy moves behind the longer head, and the fields between are zero but for the attempt. `false`, and nothing
/// changed, for bytes that are too short.
#[must_use]
pub fn upgrade_epoch(data: &mut [u8]) -> bool {
    let Some(canopy_end) = data.len().checked_sub(EPOCH_GROWTH) else {
        return false;
    };
    if canopy_end < EPOCH_1_END {
        return false;
    }
    let counted = data.get(EPOCH_1_ATTEMPT_AT..);
    let Some(attempt) = counted.and_then(|it| it.first_chunk::<2>()) else {
        return false;
    };
    let attempt = u32::from(u16::from_le_bytes(*attempt)).to_le_bytes();
    data.copy_within(EPOCH_1_END..canopy_end, EPOCH_END);
    let fields: [(usize, &[u8]); 4] = [
        (EPOCH_1_END, &[0; EPOCH_GROWTH]),
        (EPOCH_1_ATTEMPT_AT, &[0; 2]),
        (ATTEMPT_AT, &attempt),
        (EPOCH_VERSION_AT, &[EPOCH_VERSION]),
    ];
    for (at, bytes) in fields {
        let field = data.get_mut(at..).and_then(|it| it.get_mut(..bytes.len()));
        if let Some(field) = field {
            field.copy_from_slice(bytes);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use cairn_memory::Memory;

    use super::*;
    use crate::constants::WHOLE_BPS;

    fn old_pool(version: u8) -> (Pool, PoolTail) {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        pool.emission_cap = 7;
        pool.epoch_interval_secs = 100;
        pool.challenge_window_secs = 50;
        pool.version = version;
        (pool, bytemuck::Zeroable::zeroed())
    }

    #[test]
    fn the_first_layout_gets_what_holds_nothing_back() {
        let (mut pool, tail) = old_pool(1);
        pool.unused = 1;
        upgrade_pool(&mut pool, &tail, [3; 32], 1_000);
        assert_eq!((pool.version, pool.unused), (POOL_VERSION, 0));
        assert_eq!(pool.params(), Params::new(100, 50, 7));
        assert_eq!(pool.breaker_share_bps, WHOLE_BPS);
        assert_eq!(pool.creation.params(), pool.params());
        assert!(pool.is_paused(1_000) && !pool.is_paused(1_000 + PAUSE_SECS));
        assert_eq!(pool.ruleset_hash, [3; 32]);
    }

    #[test]
    fn the_second_layout_keeps_what_it_had_with_a_delay_that_is_long_enough() {
        let (mut pool, mut tail) = old_pool(2);
        pool.pending_admin = Address::new_from_array([5; 32]);
        tail.breaker_window_secs = 800;
        tail.recipient_cooldown_secs = 60;
        tail.params_delay_secs = 1;
        tail.breaker_share_bps = 500;
        (tail.next_round, tail.credits_fulfilled) = (4, 9);
        (tail.creation_cap, tail.creation_interval_secs) = (14, 100);
        tail.outflow.parts[0] = 11;
        upgrade_pool(&mut pool, &tail, [0; 32], 1_000);
        assert_eq!(pool.params_delay_secs, Params::least_delay(50));
        assert_eq!((pool.next_round, pool.credits_fulfilled), (4, 9));
        assert_eq!(pool.outflow.used(), 11);
        assert_eq!(pool.creation.emission_cap, 14);
        assert!(pool.validate_params(&pool.params()).is_ok());
        assert_eq!(pool.effective_at(1_000).ok(), Some(pool.admin_effective_at));
        assert!(!pool.is_paused(1_000));
    }

    #[test]
    fn an_epochs_canopy_moves_behind_the_longer_head() {
        let mut data = vec![0_u8; EPOCH_1_END];
        data[..KIND_LEN].copy_from_slice(Epoch::DISCRIMINATOR);
        data[EPOCH_VERSION_AT] = 1;
        data[EPOCH_1_ATTEMPT_AT..EPOCH_1_ATTEMPT_AT + 2].copy_from_slice(&[0xff, 0xff]);
        let canopy: Vec<u8> = (0..244).collect();
        data.extend_from_slice(&canopy);
        assert_eq!(epoch_layout(&data), Some(1));
        data.resize(data.len() + EPOCH_GROWTH, 0xaa);
        assert!(upgrade_epoch(&mut data));
        assert_eq!(epoch_layout(&data), Some(EPOCH_VERSION));
        assert_eq!(data[EPOCH_END..], canopy);
        let fixed = &data[KIND_LEN..EPOCH_END];
        let epoch: Epoch = bytemuck::pod_read_unaligned(fixed);
        assert_eq!(
            (epoch.attempt, epoch.correction, epoch.unused),
            (65_535, 0, 0)
        );
        assert_eq!(epoch.proposal, [0; 32]);
        assert!(!upgrade_epoch(&mut [0; 100]));
    }

    #[test]
    fn a_layout_is_read_of_its_own_kind_alone() {
        let (pool, _) = old_pool(7);
        let mut epoch: Epoch = bytemuck::Zeroable::zeroed();
        epoch.version = 9;
        let pool = [Pool::DISCRIMINATOR, bytemuck::bytes_of(&pool)].concat();
        let epoch = [Epoch::DISCRIMINATOR, bytemuck::bytes_of(&epoch)].concat();
        assert_eq!((pool_layout(&pool), epoch_layout(&pool)), (Some(7), None));
        assert_eq!((pool_layout(&epoch), epoch_layout(&epoch)), (None, Some(9)));
        assert_eq!(pool_layout(&pool[..POOL_VERSION_AT]), None);
        assert_eq!(epoch_layout(&epoch[..EPOCH_VERSION_AT]), None);
    }

    #[test]
    fn an_account_has_a_layout_when_it_is_the_programs() {
        let stranger = Address::new_from_array([9; 32]);
        for version in [1, EPOCH_VERSION, 3] {
            let mut epoch: Epoch = bytemuck::Zeroable::zeroed();
            epoch.version = version;
            let mut own = Memory::of(&crate::ID, &epoch, &[]);
            assert_eq!(epoch_version(&own.view()), Some(version));
            assert_eq!(pool_version(&own.view()), None);
            let is_other = is_other_epoch_version(&own.view());
            assert_eq!(is_other, version != EPOCH_VERSION);
            let data = [Epoch::DISCRIMINATOR, bytemuck::bytes_of(&epoch)].concat();
            let mut foreign = Memory::new(&stranger, &data);
            assert_eq!(epoch_version(&foreign.view()), None);
            assert!(!is_other_epoch_version(&foreign.view()));
            let (pool, _) = old_pool(version);
            let mut own = Memory::of(&crate::ID, &pool, &[]);
            assert_eq!(pool_version(&own.view()), Some(version));
            assert_eq!(epoch_version(&own.view()), None);
            let data = [Pool::DISCRIMINATOR, bytemuck::bytes_of(&pool)].concat();
            let mut foreign = Memory::new(&stranger, &data);
            assert_eq!(pool_version(&foreign.view()), None);
        }
    }

    #[test]
    fn an_epoch_that_is_too_short_stays_as_it_is() {
        // The head alone is the least; its canopy is empty then.
        assert!(upgrade_epoch(&mut [0; EPOCH_1_END + EPOCH_GROWTH]));
        let mut short = [5; EPOCH_1_END + EPOCH_GROWTH - 1];
        assert!(!upgrade_epoch(&mut short));
        assert!(short.iter().all(|byte| *byte == 5));
        assert!(!upgrade_epoch(&mut [0; EPOCH_GROWTH - 1]));
    }
}
