//! The accounts of reward-vault: the program's own types, and what is checked when they are read.

use anchor_lang::Discriminator;
use cairn_merkle::{
    Credits, EpochNumber, LeafIndex, MilliPoints, Node, RewardLeaf, Tokens, member_page_of, slot_of,
};
use reward_vault::{
    MemberLeaf,
    constants::{ACCOUNT_VERSION, EPOCH_VERSION, PAUSE_SECS, POOL_VERSION, WHOLE_BPS},
    state::{
        BurnReceipt, BurnRound, Carrier, Challenge, EPOCH_GROWTH, Epoch, EpochTombstone,
        MemberPage, Pool, PoolTail, Recipient, Redemption, epoch_layout, pool_layout,
        upgrade_epoch, upgrade_pool,
    },
};
use solana_sdk::{account::Account, pubkey::Pubkey};

use crate::{
    DecodeError, View,
    ids::REWARD_VAULT,
    json::told,
    view::{CanopyFacts, State, Tail, fixed, typed},
};

pub use reward_vault::state::{
    Asker, Breaker, EpochStatus, MemberSlot as Slot, Outflow, Params as PoolParams, Room,
};

/// A pool. One of an older layout shows the parameters that it will have once migrated.
pub type PoolView = View<Pool>;
/// An epoch.
pub type EpochView = View<Epoch>;

fixed! { REWARD_VAULT, ACCOUNT_VERSION:
    /// The counters of 420 members.
    MemberPageView = MemberPage, "a member page";
    /// Where a member wants to be paid and who may ask for it.
    RecipientView = Recipient, "a recipient";
    /// A burn round.
    RoundView = BurnRound, "a burn round";
    /// What one member burnt in one round and was not settled yet.
    ReceiptView = BurnReceipt, "a burn receipt";
    /// Whoever delivers what data credits are redeemed for.
    CarrierView = Carrier, "a carrier";
    /// "Show me my leaf": what somebody asks of a proposed epoch and nobody showed yet.
    ChallengeView = Challenge, "a challenge";
    /// Credits that a member gave up for a delivery that has not come yet.
    RedemptionView = Redemption, "a redemption";
    /// What stays of a closed epoch.
    EpochTombstoneView = EpochTombstone, "a closed epoch";
}

impl State for Pool {
    const WHAT: &'static str = "a pool";
    const PROGRAM: Pubkey = REWARD_VAULT;
    const VERSION: u8 = POOL_VERSION;
    type Facts = ();

    fn layout(&self) -> u8 {
        self.version
    }

    fn raised(data: &[u8]) -> Option<(u8, Vec<u8>)> {
        let version = pool_layout(data).filter(|version| (1..POOL_VERSION).contains(version))?;
        let (head, tail) = data.split_at_checked(data.len().checked_sub(size_of::<PoolTail>())?)?;
        if data.len() != PoolTail::POOL_LEN {
            return None;
        }
        let mut raised = head.to_vec();
        raised.resize(
            Self::DISCRIMINATOR.len().saturating_add(size_of::<Self>()),
            0,
        );
        let (kind, fixed) = raised.split_at(Self::DISCRIMINATOR.len());
        let mut pool: Self = bytemuck::pod_read_unaligned(fixed);
        // When it will be migrated nobody knows; it stays paused until then.
        let some_day = i64::MAX.saturating_sub(PAUSE_SECS);
        upgrade_pool(
            &mut pool,
            &bytemuck::pod_read_unaligned(tail),
            [0; 32],
            some_day,
        );
        Some((version, [kind, bytemuck::bytes_of(&pool)].concat()))
    }

    fn facts(&self, tail: &Tail<'_>) -> Result<(), DecodeError> {
        tail.none()
    }
}

impl View<Pool> {
    /// Whether the pool has the current layout; an older one needs `MigratePool` before anything is paid.
    #[must_use]
    pub const fn is_current(&self) -> bool {
        self.version == POOL_VERSION
    }

    /// The admin to be, until it accepts.
    #[must_use]
    pub fn pending_admin(&self) -> Option<Pubkey> {
        told(self.pending_admin)
    }

    /// What may leave a vault that holds `balance` at `now` (chain time, unix seconds), when `asker` asks.
    #[must_use]
    pub fn room(&self, now: i64, balance: Tokens, asker: Asker) -> Room {
        let breaker = self.breaker();
        // A breaker of the whole share is none, for anybody.
        let asker = if breaker.share_bps < WHOLE_BPS {
            asker
        } else {
            Asker::Member
        };
        let outflow = self.outflow.at(now, breaker.window_secs);
        outflow.room(now, balance.get(), &breaker, asker)
    }

    /// SHA-256 of the rules that epochs are scored by; `None` in a migrated pool until its next activation.
    #[must_use]
    pub fn ruleset_hash(&self) -> Option<[u8; 32]> {
        (self.ruleset_hash != [0; 32]).then_some(self.ruleset_hash)
    }

    /// The rules that a proposal of epoch `number` must name; `None` when it may name any.
    #[must_use]
    pub fn ruleset_of(&self, number: EpochNumber) -> Option<[u8; 32]> {
        if self.pending_ruleset.covers(number.get()) {
            return Some(self.pending_ruleset.hash);
        }
        self.ruleset_hash()
    }
}

/// What an epoch's bytes tell besides its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochFacts {
    pub status: EpochStatus,
    pub canopy: CanopyFacts,
}

impl State for Epoch {
    const WHAT: &'static str = "an epoch";
    const PROGRAM: Pubkey = REWARD_VAULT;
    const VERSION: u8 = EPOCH_VERSION;
    const CLOSED: Option<&'static [u8]> = Some(EpochTombstone::DISCRIMINATOR);
    type Facts = EpochFacts;

    fn layout(&self) -> u8 {
        self.version
    }

    fn raised(data: &[u8]) -> Option<(u8, Vec<u8>)> {
        let version = epoch_layout(data).filter(|version| *version < EPOCH_VERSION)?;
        let mut raised = data.to_vec();
        raised.resize(data.len().checked_add(EPOCH_GROWTH)?, 0);
        upgrade_epoch(&mut raised).then_some((version, raised))
    }

    fn facts(&self, tail: &Tail<'_>) -> Result<EpochFacts, DecodeError> {
        Ok(EpochFacts {
            canopy: tail.canopy(self.canopy_depth)?,
            status: EpochStatus::from_byte(self.status)
                .ok_or_else(|| tail.damaged("its status"))?,
        })
    }
}

impl View<Epoch> {
    #[must_use]
    pub const fn status(&self) -> EpochStatus {
        self.facts.status
    }

    /// Whether the epoch has the current layout; an older one needs `MigrateEpoch` before anything is done with it.
    #[must_use]
    pub const fn is_current(&self) -> bool {
        self.version == EPOCH_VERSION
    }

    /// Unix seconds at which attestations and canopy were complete; `None` while they are not.
    #[must_use]
    pub fn complete_at(&self) -> Option<i64> {
        (self.complete_at != 0).then_some(self.complete_at)
    }
}

impl View<MemberPage> {
    /// The counters of the member at `index`; `None` when another page holds them.
    #[must_use]
    pub fn slot(&self, index: LeafIndex) -> Option<Slot> {
        let at = usize::try_from(slot_of(index)).ok()?;
        (member_page_of(index) == self.page)
            .then(|| self.slots.get(at).copied())
            .flatten()
    }
}

impl View<Recipient> {
    /// Unix seconds from which another wallet is paid; `None` when nothing is pending.
    #[must_use]
    pub fn effective_at(&self) -> Option<i64> {
        (self.effective_at != 0).then_some(self.effective_at)
    }

    #[must_use]
    pub fn delegate(&self) -> Option<Pubkey> {
        told(self.delegate)
    }

    /// Whether only the member and the delegate may claim.
    #[must_use]
    pub fn is_restricted(&self) -> bool {
        self.restricted != 0
    }
}

impl View<BurnRound> {
    /// Whether points burn at `now` (chain time, unix seconds).
    #[must_use]
    pub fn is_open(&self, now: i64) -> bool {
        self.validate_open(now).is_ok()
    }

    /// What the burn of `points` gets as things stand.
    #[must_use]
    pub fn share_of(&self, points: MilliPoints) -> Tokens {
        Tokens::new(self.share(points.get()))
    }

    /// What the burn of `points` gets once `more` are burnt, `points` among them or before.
    #[must_use]
    pub fn share_after(&self, more: MilliPoints, points: MilliPoints) -> Tokens {
        let mut after = **self;
        after.burnt = after.burnt.saturating_add(more.get());
        Tokens::new(after.share(points.get()))
    }
}

/// What a member took out, by its unit.
pub trait Taken {
    /// Claimed.
    fn tokens(&self) -> Tokens;
    /// Burnt.
    fn points(&self) -> MilliPoints;
    /// Redeemed.
    fn credits(&self) -> Credits;
}

impl Taken for Slot {
    fn tokens(&self) -> Tokens {
        Tokens::new(self.tokens_claimed)
    }

    fn points(&self) -> MilliPoints {
        MilliPoints::new(self.points_burnt)
    }

    fn credits(&self) -> Credits {
        Credits::new(self.credits_redeemed())
    }
}

typed! {
    View<Pool> {
        next_epoch: EpochNumber, active_epoch: EpochNumber, pending_epoch: EpochNumber, emission_cap: Tokens,
        points_cap: MilliPoints, credits_cap: Credits,
        total_cumulative: Tokens, total_claimed: Tokens, total_funded: Tokens, points_issued: MilliPoints,
        points_burnt: MilliPoints, credits_issued: Credits, credits_redeemed: Credits, credits_fulfilled: Credits,
    }
    View<Epoch> {
        number: EpochNumber, tokens: Tokens, points: MilliPoints, credits: Credits, emission_allowance: Tokens,
    }
    View<EpochTombstone> { number: EpochNumber, tokens: Tokens, points: MilliPoints, credits: Credits }
    View<Recipient> { index: LeafIndex }
    View<BurnRound> { tokens: Tokens, minimum: MilliPoints, burnt: MilliPoints, paid: Tokens }
    View<BurnReceipt> { burnt: MilliPoints, index: LeafIndex }
    View<Carrier> { pending: Credits, fulfilled: Credits }
    View<Redemption> { credits: Credits, index: LeafIndex }
}

impl View<Challenge> {
    /// Whether showing `leaf` answers it: the program's own rule. Any other leaf at its index vetoes the epoch.
    #[must_use]
    pub fn is_answered_by(&self, leaf: &RewardLeaf) -> bool {
        let shown = MemberLeaf {
            index: leaf.index.get(),
            tokens: leaf.tokens.get(),
            points: leaf.points.get(),
            credits: leaf.credits.get(),
        };
        self.is_kept_by(&leaf.owner.into(), &shown)
    }
}

impl View<Carrier> {
    /// Whether members may redeem with it.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.active != 0
    }
}

/// What lives at an epoch's address: the epoch, or what stays of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EpochRecord {
    Stored(EpochView),
    Closed(EpochTombstoneView),
}

impl EpochRecord {
    /// Reads an epoch, open or closed.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version or status.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        match EpochView::decode(address, account) {
            Err(DecodeError::Closed { .. }) => {
                EpochTombstoneView::decode(address, account).map(Self::Closed)
            }
            read => read.map(Self::Stored),
        }
    }

    /// The epoch, unless it is closed.
    #[must_use]
    pub fn stored(self) -> Option<EpochView> {
        match self {
            Self::Stored(epoch) => Some(epoch),
            Self::Closed(_) => None,
        }
    }

    #[must_use]
    pub fn number(&self) -> EpochNumber {
        EpochNumber::new(self.of(|it| it.number, |it| it.number))
    }

    /// Of all leaves.
    #[must_use]
    pub fn points(&self) -> MilliPoints {
        MilliPoints::new(self.of(|it| it.points, |it| it.points))
    }

    /// Of all leaves.
    #[must_use]
    pub fn credits(&self) -> Credits {
        Credits::new(self.of(|it| it.credits, |it| it.credits))
    }

    /// Hash of the tree and its tokens.
    #[must_use]
    pub fn root(&self) -> Node {
        self.of(Epoch::root_node, EpochTombstone::root_node)
    }

    #[must_use]
    pub fn manifest_hash(&self) -> [u8; 32] {
        self.of(|it| it.manifest_hash, |it| it.manifest_hash)
    }

    #[must_use]
    pub fn leaf_count(&self) -> u32 {
        self.of(|it| it.leaf_count, |it| it.leaf_count)
    }

    /// What both tell.
    fn of<T>(&self, stored: fn(&Epoch) -> T, closed: fn(&EpochTombstone) -> T) -> T {
        match self {
            Self::Stored(epoch) => stored(epoch),
            Self::Closed(epoch) => closed(epoch),
        }
    }
}
