//! What a pool should be, in plain integers: reckoned here from what was sent, never read from the chain.

mod proposal;
mod roles;

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use cairn_interface::vault::PoolParams;
use cairn_merkle::{Node, canopy_depth_for};
use cairn_testkit::Rewards;
use cairn_tree::Tree;
use solana_sdk::pubkey::Pubkey;

pub use proposal::{Challenge, Proposed};
pub use roles::{Roles, Rules};

/// Parts that the breaker's window is counted in, and the one more that it reaches back.
const PARTS: u64 = 8;
const WHOLE_BPS: u128 = 10_000;

/// The hours and days that people wait for, bounded.
pub fn secs(span: u64) -> i64 {
    i64::try_from(span).unwrap()
}

/// What a pool states, of epochs that were not taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub tokens: u64,
    pub points: u64,
    pub credits: u64,
    pub members: u32,
    /// Unix seconds up to which intervals of emission are spent; no root knows it.
    pub anchor: i64,
}

/// One epoch's leaves, and the tree over them, which may tell other sums than they have.
pub struct Root {
    pub rewards: Rewards,
    /// The tree of a keeper that lies about sums; `None` of an honest one.
    pub forged: Option<Tree>,
    /// Leaves that the forged tree lies about: nobody can ever prove them.
    pub unprovable: BTreeSet<u32>,
    pub points: u64,
    pub credits: u64,
}

impl Root {
    pub fn tree(&self) -> &Tree {
        self.forged.as_ref().unwrap_or_else(|| self.rewards.tree())
    }

    pub fn node(&self) -> Node {
        self.tree().root()
    }

    /// What its proposal states.
    pub fn totals(&self) -> Totals {
        Totals {
            tokens: self.node().sum().get(),
            points: self.points,
            credits: self.credits,
            members: self.tree().leaf_count(),
            anchor: 0,
        }
    }

    pub fn depth(&self, wish: u8) -> u8 {
        canopy_depth_for(wish, self.tree().depth())
    }
}

/// What one index took out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub claimed: u64,
    pub burnt: u64,
    pub redeemed: u64,
    pub marked: bool,
}

/// What one member wants.
#[derive(Clone, Debug)]
pub struct Will {
    pub index: u32,
    pub effective: Pubkey,
    pub pending: Option<(Pubkey, i64)>,
    pub delegate: Option<Pubkey>,
    pub restricted: bool,
}

impl Will {
    pub fn payout_at(&self, now: i64) -> Pubkey {
        match self.pending {
            Some((wallet, at)) if now >= at => wallet,
            _ => self.effective,
        }
    }

    /// A change waits; the wallet in effect withdraws it; the same change again keeps its time.
    pub fn redirect(&mut self, wallet: Pubkey, now: i64, cooldown: i64) {
        self.effective = self.payout_at(now);
        self.pending = self.pending.filter(|(_, at)| now < *at);
        if wallet == self.effective {
            self.pending = None;
        } else if self.pending.is_none_or(|(pending, _)| pending != wallet) {
            self.pending = Some((wallet, now + cooldown));
        }
    }
}

/// A burn round until it is closed.
pub struct Round {
    pub number: u64,
    /// The epoch whose root points burn against.
    pub epoch: u64,
    pub tokens: u64,
    pub minimum: u64,
    pub starts_at: i64,
    pub ends_at: i64,
    /// Milli-points by member, of receipts that are not settled.
    pub receipts: BTreeMap<Pubkey, u64>,
    pub burnt: u64,
    pub paid: u64,
}

impl Round {
    pub fn share(&self, burnt: u64) -> u64 {
        let share = u128::from(self.tokens) * u128::from(burnt) / u128::from(self.burnt);
        u64::try_from(share).unwrap()
    }
}

/// Credits between redemption and its end.
pub struct Redemption {
    pub owner: Pubkey,
    pub index: u32,
    pub nonce: u64,
    pub credits: u64,
    pub deadline: i64,
    pub carrier: usize,
}

/// A pool and everything about it.
pub struct Yard {
    pub pool: Pubkey,
    pub mint: Pubkey,
    /// Hundredths of a percent that the mint takes of a transfer, rounded up.
    pub fee_bps: u64,
    pub params: PoolParams,
    /// As the pool was created.
    pub created: PoolParams,
    pub announced: Option<(PoolParams, i64)>,
    /// When the last pause began, and when it ends or ended.
    pub pause: (i64, i64),
    /// Seconds of all pauses before it.
    pub paused_before: i64,
    /// Until when an epoch is kept because a round binds it.
    pub kept: BTreeMap<u64, i64>,
    pub roles: Roles,
    pub rules: Rules,
    pub totals: Totals,
    /// What stood before the active epoch.
    pub before: Option<Totals>,
    /// Roots that became active, in order of their number.
    pub roots: Vec<Rc<Root>>,
    /// Numbers of those that were taken back.
    pub revoked: BTreeSet<u64>,
    pub correction_due: bool,
    pub proposed: Option<Proposed>,
    /// The attempt of the last proposal of the next number.
    pub attempt: Option<u32>,
    /// Challenges that stand, also those of attempts that are over.
    pub challenges: Vec<Challenge>,
    pub closed_epochs: BTreeSet<u64>,
    /// Base units that ever arrived in the vault.
    pub arrived: u64,
    /// Base units that ever left it.
    pub left: u64,
    /// When how much left, as the breaker remembers.
    pub outflow: Vec<(i64, u64)>,
    pub slots: Vec<Counters>,
    pub wills: BTreeMap<Pubkey, Will>,
    pub next_round: u64,
    pub rounds: Vec<Round>,
    /// Points burnt over all rounds.
    pub burnt: u64,
    pub redemptions: Vec<Redemption>,
    pub fulfilled: u64,
    /// By carrier: whether named, whether active, seconds to fulfil.
    pub carriers: Vec<Option<(bool, i64)>>,
    /// What every wallet should hold.
    pub wallets: BTreeMap<Pubkey, u64>,
}

impl Yard {
    pub fn fee(&self, units: u64) -> u64 {
        let fee = (u128::from(units) * u128::from(self.fee_bps)).div_ceil(WHOLE_BPS);
        u64::try_from(fee).unwrap()
    }

    pub fn after_fee(&self, units: u64) -> u64 {
        units - self.fee(units)
    }

    pub fn active(&self) -> Option<&Rc<Root>> {
        self.roots.last()
    }

    /// The number of the epoch that was activated last.
    pub fn active_number(&self) -> u64 {
        u64::try_from(self.roots.len()).unwrap()
    }

    /// The number that the next proposal carries.
    pub fn next_number(&self) -> u64 {
        self.active_number() + 1
    }

    /// The last root that was not taken back.
    pub fn standing(&self) -> Option<&Rc<Root>> {
        let stands = |at: &usize| {
            let number = u64::try_from(*at).unwrap() + 1;
            !self.revoked.contains(&number)
        };
        let last = (0..self.roots.len()).rev().find(stands)?;
        self.roots.get(last)
    }

    /// Credits redeemed, fulfilled or not.
    pub fn redeemed(&self) -> u64 {
        let outstanding: u64 = self.redemptions.iter().map(|it| it.credits).sum();
        outstanding + self.fulfilled
    }

    pub fn balance(&self) -> u64 {
        self.arrived - self.left
    }

    /// Base units that the breaker counts at `now`: what left in this eighth of a window and the eight before.
    pub fn used(&self, now: i64) -> u64 {
        let part = i64::try_from(self.params.breaker_window_secs.div_ceil(PARTS)).unwrap();
        let newest = now.div_euclid(part);
        let counted = |at: &i64| newest - at.div_euclid(part) <= 8;
        let units = self.outflow.iter().filter(|(at, _)| counted(at));
        units.map(|(_, units)| units).sum()
    }

    /// Base units that left in the window that ends at `now`.
    pub fn in_window(&self, now: i64) -> u64 {
        let window = i64::try_from(self.params.breaker_window_secs).unwrap();
        let units = self.outflow.iter().filter(|(at, _)| now - at < window);
        units.map(|(_, units)| units).sum()
    }

    /// Base units that may leave at `now`: half of them when no member signs, unless everything may leave.
    pub fn room(&self, now: i64, by_member: bool) -> u64 {
        let used = u128::from(self.used(now));
        let whole = u128::from(self.balance()) + used;
        let share = u128::from(self.params.breaker_share_bps);
        let parts = if by_member || share == WHOLE_BPS {
            1
        } else {
            2
        };
        let floor = u128::from(self.params.breaker_floor) * WHOLE_BPS;
        let limit = (whole * share).max(floor) / (WHOLE_BPS * parts);
        let available = u64::try_from(limit.saturating_sub(used)).unwrap();
        available.min(self.balance())
    }

    pub fn is_paused(&self, now: i64) -> bool {
        now < self.pause.1
    }

    /// Seconds of all pauses, of the current one up to its end.
    pub fn paused_secs(&self) -> i64 {
        self.paused_before + self.pause.1 - self.pause.0
    }

    /// Seconds of all pauses up to `now`.
    pub fn paused_secs_at(&self, now: i64) -> i64 {
        self.paused_before + (now.min(self.pause.1) - self.pause.0).max(0)
    }

    pub fn let_out(&mut self, now: i64, units: u64) {
        self.left += units;
        self.outflow.push((now, units));
    }

    pub fn slot(&mut self, index: u32) -> &mut Counters {
        &mut self.slots[usize::try_from(index).unwrap()]
    }

    pub fn credit(&mut self, wallet: Pubkey, units: u64) {
        let received = self.after_fee(units);
        *self.wallets.entry(wallet).or_default() += received;
    }

    /// New parameters from `now` on: what the breaker counts is remembered for a whole new window, and what passed
    /// under the old terms pays one interval's cap of the new at most.
    pub fn apply(&mut self, now: i64) {
        let Some((params, _)) = self.announced.take() else {
            return;
        };
        if params.breaker_window_secs != self.params.breaker_window_secs {
            self.outflow = vec![(now, self.used(now))];
        }
        let old = self.params;
        self.params = params;
        let same_terms = params.epoch_interval_secs == old.epoch_interval_secs
            && params.emission_cap == old.emission_cap
            && params.points_cap == old.points_cap
            && params.credits_cap == old.credits_cap;
        if !same_terms {
            let interval = i64::try_from(params.epoch_interval_secs).unwrap();
            self.totals.anchor = self.totals.anchor.max(now - interval);
        }
    }
}
