use reward_vault::state::Params;
use solana_sdk::pubkey::Pubkey;

use crate::{
    event::{event_table, pod},
    json::told,
};

/// The parameters that an event names one by one.
macro_rules! params_of {
    ($event:ident) => {
        Params {
            epoch_interval_secs: $event.epoch_interval_secs,
            challenge_window_secs: $event.challenge_window_secs,
            emission_cap: $event.emission_cap,
            breaker_window_secs: $event.breaker_window_secs,
            recipient_cooldown_secs: $event.recipient_cooldown_secs,
            params_delay_secs: $event.params_delay_secs,
            breaker_share_bps: $event.breaker_share_bps,
        }
    };
}

event_table! {
    /// What reward-vault says happened: found among a transaction's inner instructions, never in its logs, which a
    /// validator may truncate.
    #[expect(clippy::large_enum_variant, reason = "an event is read and told, never kept in numbers")]
    pub enum VaultEvent of reward_vault::event, read by pod;

    PoolCreated as it { pool, network, mint, admin, guardian, id, params: params_of!(it), created_at }
    AdminProposed as it { pool, admin, pending_admin: told(it.pending_admin) }
    AdminAccepted as it { pool, old_admin, admin }
    GuardianSet as it { pool, old_guardian, guardian }
    KeepersSet as it { pool, keepers: keepers(it), threshold }
    Funded as it { pool, funder, amount, received, total_funded }
    PauseSet as it { pool, by, paused: it.paused != 0 }
    EpochProposed as it {
        pool, proposer, root, manifest_hash, number, tokens, points, credits, activatable_at, leaf_count, attempt,
        depth, canopy_depth,
    }
    CanopyStored as it { pool, number, stored, needed }
    EpochAttested as it { pool, keeper, number, tally, threshold }
    EpochVetoed as it { pool, by, number, attempt, reason }
    EpochActivated as it { pool, root, number, tokens, growth, vault_balance, total_claimed, activated_at }
    EpochClosed as it { pool, number, root, manifest_hash, rent_payer, refunded }
    PageOpened as it { pool, payer, page }
    Claimed as it { pool, owner, payout, number, index, paid, received, tokens_claimed }
    RecipientSet as it {
        pool, owner, payout, pending_payout, effective_at: (it.effective_at != 0).then_some(it.effective_at),
        delegate: told(it.delegate), restricted: it.restricted != 0, index,
    }
    RecipientClosed as it { pool, owner, rent_payer, index }
    ParamsAnnounced as it { pool, admin, params: params_of!(it), effective_at }
    ParamsApplied as it { pool, params: params_of!(it), emission_anchor }
    ParamsCancelled as it { pool, by }
    PoolMigrated as it { pool, from_version, to_version }
    RoundOpened as it { pool, opener, number, tokens, minimum, starts_at, ends_at }
    PointsBurnt as it { pool, owner, round, index, burnt, receipt_burnt, round_burnt, points_burnt }
    BurnSettled as it { pool, owner, payout, round, index, burnt, paid, received }
    RoundClosed as it { pool, number, tokens, paid, left, received, burnt, receipts }
    CarrierSet as it { pool, carrier, period_secs, active: it.active != 0 }
    CreditsRedeemed as it { pool, owner, carrier, commitment, nonce, credits, credits_redeemed, deadline, index }
    CreditsFulfilled as it { pool, owner, carrier, commitment, receipt_hash, nonce, credits }
    CreditsRefunded as it { pool, owner, carrier, nonce, credits, credits_redeemed, index }
}

/// The keys in use.
fn keepers(event: &KeepersSet) -> &[Pubkey] {
    let count = usize::from(event.keeper_count);
    event.keepers.get(..count).unwrap_or(&event.keepers)
}
