use anchor_lang::event::EVENT_IX_TAG_LE;
use reward_vault::event as on_chain;
use serde::{Deserialize, Serialize};
use solana_sdk::pubkey::Pubkey;

use super::{
    PoolParams,
    event_credits::{
        CarrierSet, CreditsFulfilled, CreditsRedeemed, CreditsRefunded, carrier_set,
        credits_fulfilled, credits_redeemed, credits_refunded,
    },
    event_epoch::{EpochClosed, epoch_closed},
    event_params::{
        ParamsAnnounced, ParamsApplied, ParamsCancelled, PoolMigrated, params_announced,
        params_applied, params_cancelled, params_of, pool_migrated,
    },
    event_recipient::{RecipientClosed, RecipientSet, recipient_closed, recipient_set},
    event_round::{
        BurnSettled, PointsBurnt, RoundClosed, RoundOpened, burn_settled, points_burnt,
        round_closed, round_opened,
    },
};
use crate::{event::read, ids::REWARD_VAULT, text};

/// What reward-vault says happened: found among a transaction's inner instructions, never in its logs, which a
/// validator may truncate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum VaultEvent {
    PoolCreated {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        network: Pubkey,
        #[serde(with = "text")]
        mint: Pubkey,
        #[serde(with = "text")]
        admin: Pubkey,
        #[serde(with = "text")]
        guardian: Pubkey,
        id: u64,
        params: PoolParams,
        /// Unix seconds.
        created_at: i64,
    },
    /// `pending_admin` of `None` withdraws an offer.
    AdminProposed {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        admin: Pubkey,
        #[serde(with = "text")]
        pending_admin: Option<Pubkey>,
    },
    AdminAccepted {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        old_admin: Pubkey,
        #[serde(with = "text")]
        admin: Pubkey,
    },
    GuardianSet {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        old_guardian: Pubkey,
        #[serde(with = "text")]
        guardian: Pubkey,
    },
    KeepersSet {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        keepers: Vec<Pubkey>,
        threshold: u8,
    },
    Funded {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        funder: Pubkey,
        /// Base units sent.
        amount: u64,
        /// Base units that arrived.
        received: u64,
        /// Base units that ever arrived.
        total_funded: u64,
    },
    PauseSet {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        by: Pubkey,
        paused: bool,
    },
    EpochProposed {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        proposer: Pubkey,
        #[serde(with = "text")]
        root: [u8; 32],
        #[serde(with = "text")]
        manifest_hash: [u8; 32],
        number: u64,
        tokens: u64,
        points: u64,
        credits: u64,
        /// Unix seconds.
        activatable_at: i64,
        leaf_count: u32,
        attempt: u16,
        depth: u8,
        canopy_depth: u8,
    },
    CanopyStored {
        #[serde(with = "text")]
        pool: Pubkey,
        number: u64,
        /// Nodes stored so far.
        stored: u32,
        /// Nodes that make the canopy complete.
        needed: u32,
    },
    EpochAttested {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        keeper: Pubkey,
        number: u64,
        /// Attestations that count now.
        tally: u32,
        /// Attestations that are needed.
        threshold: u32,
    },
    EpochVetoed {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        by: Pubkey,
        number: u64,
        attempt: u16,
        reason: u16,
    },
    EpochActivated {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        root: [u8; 32],
        number: u64,
        /// Base units in the root.
        tokens: u64,
        /// Base units above the epoch before.
        growth: u64,
        /// Base units in the vault.
        vault_balance: u64,
        /// Base units claimed so far.
        total_claimed: u64,
        /// Unix seconds.
        activated_at: i64,
    },
    PageOpened {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        payer: Pubkey,
        page: u32,
    },
    Claimed {
        #[serde(with = "text")]
        pool: Pubkey,
        #[serde(with = "text")]
        owner: Pubkey,
        /// The wallet whose token account was paid.
        #[serde(with = "text")]
        payout: Pubkey,
        number: u64,
        index: u32,
        /// Base units that left the vault now.
        paid: u64,
        /// Base units that arrived: less when the mint takes a fee.
        received: u64,
        /// Base units paid over the member's life.
        tokens_claimed: u64,
    },
    RecipientSet(RecipientSet),
    RecipientClosed(RecipientClosed),
    ParamsAnnounced(ParamsAnnounced),
    ParamsApplied(ParamsApplied),
    ParamsCancelled(ParamsCancelled),
    PoolMigrated(PoolMigrated),
    RoundOpened(RoundOpened),
    PointsBurnt(PointsBurnt),
    BurnSettled(BurnSettled),
    RoundClosed(RoundClosed),
    CarrierSet(CarrierSet),
    CreditsRedeemed(CreditsRedeemed),
    CreditsFulfilled(CreditsFulfilled),
    CreditsRefunded(CreditsRefunded),
    EpochClosed(EpochClosed),
}

impl VaultEvent {
    /// Reads one inner instruction; `None` when it is no event of reward-vault that this build knows.
    #[must_use]
    pub fn decode(program: &Pubkey, data: &[u8]) -> Option<Self> {
        if *program != REWARD_VAULT {
            return None;
        }
        let event = data.strip_prefix(EVENT_IX_TAG_LE)?;
        None.or_else(|| read(event, pool_created))
            .or_else(|| read(event, admin_proposed))
            .or_else(|| read(event, admin_accepted))
            .or_else(|| read(event, guardian_set))
            .or_else(|| read(event, keepers_set))
            .or_else(|| read(event, funded))
            .or_else(|| read(event, pause_set))
            .or_else(|| read(event, epoch_proposed))
            .or_else(|| read(event, canopy_stored))
            .or_else(|| read(event, epoch_attested))
            .or_else(|| read(event, epoch_vetoed))
            .or_else(|| read(event, epoch_activated))
            .or_else(|| read(event, page_opened))
            .or_else(|| read(event, claimed))
            .or_else(|| read(event, recipient_set))
            .or_else(|| read(event, recipient_closed))
            .or_else(|| read(event, params_announced))
            .or_else(|| read(event, params_applied))
            .or_else(|| read(event, params_cancelled))
            .or_else(|| read(event, pool_migrated))
            .or_else(|| read(event, round_opened))
            .or_else(|| read(event, points_burnt))
            .or_else(|| read(event, burn_settled))
            .or_else(|| read(event, round_closed))
            .or_else(|| read(event, carrier_set))
            .or_else(|| read(event, credits_redeemed))
            .or_else(|| read(event, credits_fulfilled))
            .or_else(|| read(event, credits_refunded))
            .or_else(|| read(event, epoch_closed))
    }
}

fn pool_created(event: on_chain::PoolCreated) -> VaultEvent {
    VaultEvent::PoolCreated {
        pool: event.pool,
        network: event.network,
        mint: event.mint,
        admin: event.admin,
        guardian: event.guardian,
        id: event.id,
        params: params_of!(event),
        created_at: event.created_at,
    }
}

fn admin_proposed(event: on_chain::AdminProposed) -> VaultEvent {
    VaultEvent::AdminProposed {
        pool: event.pool,
        admin: event.admin,
        pending_admin: (event.pending_admin != Pubkey::default()).then_some(event.pending_admin),
    }
}

fn admin_accepted(event: on_chain::AdminAccepted) -> VaultEvent {
    VaultEvent::AdminAccepted {
        pool: event.pool,
        old_admin: event.old_admin,
        admin: event.admin,
    }
}

fn guardian_set(event: on_chain::GuardianSet) -> VaultEvent {
    VaultEvent::GuardianSet {
        pool: event.pool,
        old_guardian: event.old_guardian,
        guardian: event.guardian,
    }
}

fn keepers_set(event: on_chain::KeepersSet) -> VaultEvent {
    let count = usize::from(event.keeper_count);
    VaultEvent::KeepersSet {
        pool: event.pool,
        keepers: event.keepers.into_iter().take(count).collect(),
        threshold: event.threshold,
    }
}

fn funded(event: on_chain::Funded) -> VaultEvent {
    VaultEvent::Funded {
        pool: event.pool,
        funder: event.funder,
        amount: event.amount,
        received: event.received,
        total_funded: event.total_funded,
    }
}

fn pause_set(event: on_chain::PauseSet) -> VaultEvent {
    VaultEvent::PauseSet {
        pool: event.pool,
        by: event.by,
        paused: event.paused != 0,
    }
}

fn epoch_proposed(event: on_chain::EpochProposed) -> VaultEvent {
    VaultEvent::EpochProposed {
        pool: event.pool,
        proposer: event.proposer,
        root: event.root,
        manifest_hash: event.manifest_hash,
        number: event.number,
        tokens: event.tokens,
        points: event.points,
        credits: event.credits,
        activatable_at: event.activatable_at,
        leaf_count: event.leaf_count,
        attempt: event.attempt,
        depth: event.depth,
        canopy_depth: event.canopy_depth,
    }
}

fn canopy_stored(event: on_chain::CanopyStored) -> VaultEvent {
    VaultEvent::CanopyStored {
        pool: event.pool,
        number: event.number,
        stored: event.stored,
        needed: event.needed,
    }
}

fn epoch_attested(event: on_chain::EpochAttested) -> VaultEvent {
    VaultEvent::EpochAttested {
        pool: event.pool,
        keeper: event.keeper,
        number: event.number,
        tally: event.tally,
        threshold: event.threshold,
    }
}

fn epoch_vetoed(event: on_chain::EpochVetoed) -> VaultEvent {
    VaultEvent::EpochVetoed {
        pool: event.pool,
        by: event.by,
        number: event.number,
        attempt: event.attempt,
        reason: event.reason,
    }
}

fn epoch_activated(event: on_chain::EpochActivated) -> VaultEvent {
    VaultEvent::EpochActivated {
        pool: event.pool,
        root: event.root,
        number: event.number,
        tokens: event.tokens,
        growth: event.growth,
        vault_balance: event.vault_balance,
        total_claimed: event.total_claimed,
        activated_at: event.activated_at,
    }
}

fn page_opened(event: on_chain::PageOpened) -> VaultEvent {
    VaultEvent::PageOpened {
        pool: event.pool,
        payer: event.payer,
        page: event.page,
    }
}

fn claimed(event: on_chain::Claimed) -> VaultEvent {
    VaultEvent::Claimed {
        pool: event.pool,
        owner: event.owner,
        payout: event.payout,
        number: event.number,
        index: event.index,
        paid: event.paid,
        received: event.received,
        tokens_claimed: event.tokens_claimed,
    }
}
