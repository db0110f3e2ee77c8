mod emission;
mod pause;
mod roles;
mod ruleset;
mod totals;

use anchor_lang::{address_eq, prelude::*};

use super::{
    Outflow, Params, PendingParams, PendingRoles, PendingRuleset, StoredParams, TotalsBefore,
};
use crate::{
    constants::{MAX_KEEPERS, POOL_VERSION},
    error::VaultError,
};

pub use emission::Allowance;

/// One token's rewards of one network: roles, limits and running totals. Seeds: `"pool", network, mint, id`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Pool {
    /// The device-registry network whose members are paid.
    pub network: Address,
    /// The token that is paid.
    pub mint: Address,
    /// The token account that holds the funds; its owner is this pool. Seeds: `"vault", pool`.
    pub vault: Address,
    /// The token program of the mint and vault.
    pub token_program: Address,
    /// Sets roles, with delay; holds no right over tokens.
    pub admin: Address,
    /// The admin to be, until it accepts; zero when none was offered.
    pub pending_admin: Address,
    /// Pauses and vetoes; nothing else.
    pub guardian: Address,
    /// Keys that propose and attest, `keeper_count` of them, the rest zero.
    pub keepers: [Address; 16],
    /// Tells apart several pools of one network and mint.
    pub id: u64,
    /// Seconds in which tokens may grow by one emission cap.
    pub epoch_interval_secs: u64,
    /// Seconds between an epoch's proposal and its earliest activation.
    pub challenge_window_secs: u64,
    /// Base units that cumulative tokens may grow by in one interval.
    pub emission_cap: u64,
    /// Unix seconds of the pool's creation.
    pub created_at: i64,
    /// Unix seconds up to which intervals of emission are spent: creation less one interval, then moved on by whole
    /// intervals at each activation.
    pub emission_anchor: i64,
    /// The number the next proposal must carry: active epoch + 1.
    pub next_epoch: u64,
    /// The epoch that was activated last, claimable unless it was revoked; 0 before the first.
    pub active_epoch: u64,
    /// The epoch that is proposed and neither active nor vetoed; 0 when none is.
    pub pending_epoch: u64,
    /// Base units in the active root; after a revocation, those that its successor states at least.
    pub total_cumulative: u64,
    /// Base units that left the vault to members.
    pub total_claimed: u64,
    /// Base units that ever reached the vault, as received.
    pub total_funded: u64,
    /// Milli-points in the active root, as `total_cumulative`.
    pub points_issued: u64,
    /// Milli-points burnt.
    pub points_burnt: u64,
    /// Data credits in the active root, as `total_cumulative`.
    pub credits_issued: u64,
    /// Data credits redeemed.
    pub credits_redeemed: u64,
    /// Leaves in the active root, as `total_cumulative`.
    pub members: u32,
    /// Member pages that were opened.
    pub pages: u32,
    /// Keepers in use.
    pub keeper_count: u8,
    /// Attestations an epoch needs.
    pub threshold: u8,
    /// Levels at the top of a tree that an epoch account stores.
    pub canopy_depth: u8,
    /// The mint's decimals, which no mint can change.
    pub decimals: u8,
    /// Zero: a pause has an end. Before layout 3, 1 while the pool was paused.
    pub unused: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Bump of the vault's address.
    pub vault_bump: u8,
    /// Layout version.
    pub version: u8,
    /// What left the vault in the breaker's window.
    pub outflow: Outflow,
    /// Parameters that an admin announced, until they are applied or withdrawn.
    pub pending_params: PendingParams,
    /// The parameters that the pool was created with, or had when it was migrated: none are ever looser.
    pub creation: StoredParams,
    /// Milli-points that cumulative points may grow by in one interval.
    pub points_cap: u64,
    /// Data credits that cumulative credits may grow by in one interval.
    pub credits_cap: u64,
    /// Seconds in which at most the breaker's share of the vault leaves it.
    pub breaker_window_secs: u64,
    /// Base units that may leave in a breaker window whatever the share says.
    pub breaker_floor: u64,
    /// Seconds between a member's change of payout and its effect.
    pub recipient_cooldown_secs: u64,
    /// Seconds between the announcement of parameters, roles or rules and their effect.
    pub params_delay_secs: u64,
    /// Seconds in which a challenge is to be answered.
    pub answer_secs: u64,
    /// The number the next burn round must carry; 0 for the first.
    pub next_round: u64,
    /// Data credits that carriers fulfilled.
    pub credits_fulfilled: u64,
    /// Unix seconds at which the last pause began; 0 when there was none.
    pub paused_at: i64,
    /// Unix seconds at which it ends, or ended.
    pub paused_until: i64,
    /// Seconds of all pauses before it.
    pub paused_total: i64,
    /// Unix seconds from which the pending admin may accept; 0 when none was offered.
    pub admin_effective_at: i64,
    /// Unix seconds before which the keeper of the same place may not propose: after a veto its turn is another's.
    pub keeper_rests: [i64; 16],
    /// Guardian and keepers to be.
    pub pending_roles: PendingRoles,
    /// What stood before the active epoch, to fall back to when it is revoked.
    pub before: TotalsBefore,
    /// SHA-256 of the rules that epochs are scored by; zero in a migrated pool until its next activation.
    pub ruleset_hash: [u8; 32],
    /// Rules to be.
    pub pending_ruleset: PendingRuleset,
    /// The breaker's share of the vault, in hundredths of a percent; 10,000 lets everything leave.
    pub breaker_share_bps: u16,
    /// 1 from the revocation of the active epoch until a correction is active.
    pub correction_due: u8,
    /// Zero.
    pub reserved: [u8; 61],
}

const _: () = assert!(size_of::<Pool>() == 2128 && MAX_KEEPERS == 16);

impl Pool {
    /// The keepers in use.
    #[must_use]
    pub fn keepers(&self) -> &[Address] {
        self.keepers
            .get(..usize::from(self.keeper_count))
            .unwrap_or(&self.keepers)
    }

    #[must_use]
    pub fn is_keeper(&self, key: &Address) -> bool {
        self.keepers().iter().any(|keeper| address_eq(keeper, key))
    }

    #[must_use]
    pub fn is_guardian_or_admin(&self, key: &Address) -> bool {
        address_eq(&self.guardian, key) || address_eq(&self.admin, key)
    }

    /// Whether the active epoch was revoked and no correction is active yet.
    #[must_use]
    pub const fn is_correction_due(&self) -> bool {
        self.correction_due != 0
    }

    /// The parameters in effect.
    #[must_use]
    pub const fn params(&self) -> Params {
        Params {
            epoch_interval_secs: self.epoch_interval_secs,
            challenge_window_secs: self.challenge_window_secs,
            emission_cap: self.emission_cap,
            points_cap: self.points_cap,
            credits_cap: self.credits_cap,
            breaker_window_secs: self.breaker_window_secs,
            recipient_cooldown_secs: self.recipient_cooldown_secs,
            params_delay_secs: self.params_delay_secs,
            breaker_floor: self.breaker_floor,
            answer_secs: self.answer_secs,
            breaker_share_bps: self.breaker_share_bps,
        }
    }

    /// Puts `params` into effect; the caller has validated them.
    pub const fn set_params(&mut self, params: &Params) {
        self.epoch_interval_secs = params.epoch_interval_secs;
        self.challenge_window_secs = params.challenge_window_secs;
        self.emission_cap = params.emission_cap;
        self.points_cap = params.points_cap;
        self.credits_cap = params.credits_cap;
        self.breaker_window_secs = params.breaker_window_secs;
        self.recipient_cooldown_secs = params.recipient_cooldown_secs;
        self.params_delay_secs = params.params_delay_secs;
        self.breaker_floor = params.breaker_floor;
        self.answer_secs = params.answer_secs;
        self.breaker_share_bps = params.breaker_share_bps;
    }

    /// Unix seconds at which what is announced at `now` may take effect.
    ///
    /// # Errors
    /// [`VaultError::Overflow`].
    pub fn effective_at(&self, now: i64) -> Result<i64> {
        let delay = i64::try_from(self.params_delay_secs).map_err(|_| VaultError::Overflow)?;
        Ok(now.checked_add(delay).ok_or(VaultError::Overflow)?)
    }

    /// What holds after every instruction.
    ///
    /// # Errors
    /// [`VaultError::BrokenTotals`], [`VaultError::BrokenEpochOrder`], [`VaultError::BrokenKeepers`],
    /// [`VaultError::BrokenParams`], and those of [`Self::spending_invariant`].
    pub fn invariant(&self) -> Result<()> {
        self.totals_invariant()?;
        // Epochs are numbered without gaps and one at a time is in flight.
        require!(
            self.active_epoch.checked_add(1) == Some(self.next_epoch)
                && (self.pending_epoch == 0 || self.pending_epoch == self.next_epoch),
            VaultError::BrokenEpochOrder
        );
        // A threshold of zero would let any epoch pass, one above the count none.
        require!(
            self.threshold > 0
                && self.threshold <= self.keeper_count
                && usize::from(self.keeper_count) <= MAX_KEEPERS,
            VaultError::BrokenKeepers
        );
        self.spending_invariant()?;
        require!(
            self.version == POOL_VERSION
                && self.paused_at <= self.paused_until
                && self.params().validate().is_ok(),
            VaultError::BrokenParams
        );
        Ok(())
    }

    /// What holds of tokens: no more was paid than the active root grants, and no root grants more than ever arrived.
    /// All that a claim changes, and so all that it asks.
    ///
    /// # Errors
    /// [`VaultError::BrokenTotals`].
    pub fn totals_invariant(&self) -> Result<()> {
        require!(
            self.total_claimed <= self.total_cumulative
                && self.total_cumulative <= self.total_funded,
            VaultError::BrokenTotals
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_pool_breaks_its_invariant_until_it_has_keepers() {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        pool.version = POOL_VERSION;
        pool.set_params(&Params::new(1, 1, 1));
        pool.next_epoch = 1;
        assert!(pool.invariant().is_err());
        pool.set_keepers(&[Address::new_from_array([1; 32])], 1)
            .ok();
        assert!(pool.invariant().is_ok());
        pool.total_claimed = 1;
        assert!(pool.invariant().is_err());
    }

    fn key(byte: u8) -> Address {
        Address::new_from_array([byte; 32])
    }

    fn sound() -> Pool {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        pool.version = POOL_VERSION;
        pool.set_params(&Params::new(1, 1, 1));
        pool.next_epoch = 1;
        pool.set_keepers(&[key(1), key(2)], 2).ok();
        pool
    }

    type Break = fn(&mut Pool);

    #[test]
    fn the_invariant_notices_each_truth_that_does_not_hold() {
        assert_eq!(sound().invariant(), Ok(()));
        let breaks: [(Break, VaultError); 13] = [
            (|it| it.total_claimed = 1, VaultError::BrokenTotals),
            (|it| it.total_cumulative = 1, VaultError::BrokenTotals),
            (|it| it.next_epoch = 2, VaultError::BrokenEpochOrder),
            (
                |it| it.active_epoch = u64::MAX,
                VaultError::BrokenEpochOrder,
            ),
            (|it| it.pending_epoch = 2, VaultError::BrokenEpochOrder),
            (|it| it.threshold = 0, VaultError::BrokenKeepers),
            (|it| it.threshold = 3, VaultError::BrokenKeepers),
            (|it| it.keeper_count = 17, VaultError::BrokenKeepers),
            (|it| it.points_burnt = 1, VaultError::PointsAboveRoot),
            (|it| it.credits_redeemed = 1, VaultError::CreditsAboveRoot),
            (|it| it.version = 2, VaultError::BrokenParams),
            (|it| it.paused_at = 1, VaultError::BrokenParams),
            (|it| it.answer_secs = 0, VaultError::BrokenParams),
        ];
        for (break_it, code) in breaks {
            let mut broken = sound();
            break_it(&mut broken);
            assert_eq!(broken.invariant(), Err(code.into()), "{code:?}");
        }
        let mut pending = sound();
        pending.pending_epoch = 1;
        assert_eq!(pending.invariant(), Ok(()));
    }

    #[test]
    fn no_more_was_paid_than_granted_and_no_more_granted_than_arrived() {
        let mut pool = sound();
        let broken = Err(VaultError::BrokenTotals.into());
        for (claimed, cumulative, funded, verdict) in [
            (3, 3, 3, Ok(())),
            (1, 2, 3, Ok(())),
            (3, 2, 3, broken.clone()),
            (1, 4, 3, broken),
        ] {
            (pool.total_claimed, pool.total_cumulative) = (claimed, cumulative);
            pool.total_funded = funded;
            assert_eq!(pool.totals_invariant(), verdict);
        }
    }

    #[test]
    fn each_role_is_its_holders_alone() {
        let mut pool = sound();
        (pool.admin, pool.guardian) = (key(8), key(9));
        assert_eq!(pool.keepers(), [key(1), key(2)]);
        let all = [1, 2, 8, 9, 7, 0].map(key);
        let keeper = all.map(|key| pool.is_keeper(&key));
        assert_eq!(keeper, [true, true, false, false, false, false]);
        let guards = all.map(|key| pool.is_guardian_or_admin(&key));
        assert_eq!(guards, [false, false, true, true, false, false]);
    }

    #[test]
    fn parameters_are_stored_field_by_field() {
        let mut pool = sound();
        let wished = Params {
            epoch_interval_secs: 1,
            challenge_window_secs: 2,
            emission_cap: 3,
            points_cap: 4,
            credits_cap: 5,
            breaker_window_secs: 6,
            recipient_cooldown_secs: 7,
            params_delay_secs: 8,
            breaker_floor: 9,
            answer_secs: 10,
            breaker_share_bps: 11,
        };
        pool.set_params(&wished);
        assert_eq!(pool.params(), wished);
        assert_eq!((pool.emission_cap, pool.params_delay_secs), (3, 8));
    }

    #[test]
    fn what_is_announced_waits_for_the_delay_and_never_wraps() {
        let mut pool = sound();
        pool.params_delay_secs = 60;
        let overflow = Err(VaultError::Overflow.into());
        assert_eq!(pool.effective_at(1_000), Ok(1_060));
        assert_eq!(pool.effective_at(i64::MAX - 59), overflow);
        pool.params_delay_secs = u64::MAX;
        assert_eq!(pool.effective_at(0), overflow);
    }

    #[test]
    fn a_correction_is_due_when_it_is_noted() {
        let mut pool = sound();
        assert!(!pool.is_correction_due());
        pool.correction_due = 1;
        assert!(pool.is_correction_due());
    }
}
