use solana_sdk::pubkey::Pubkey;

use crate::{
    event::{event_table, pod},
    json::told,
};

event_table! {
    /// What reward-vault says happened: found among a transaction's inner instructions, never in its logs, which a
    /// validator may truncate.
    pub enum VaultEvent of reward_vault::event, read by pod;

    PoolCreated as it {
        pool, network, mint, admin, guardian, ruleset_hash, id, params: it.params.params(), created_at,
    }
    AdminProposed as it {
        pool, admin, pending_admin: told(it.pending_admin), effective_at: some(it.effective_at),
    }
    AdminAccepted as it { pool, old_admin, admin }
    GuardianSet as it { pool, old_guardian, guardian }
    KeepersSet as it { pool, keepers: first(&it.keepers, it.keeper_count), threshold }
    RolesAnnounced as it {
        pool, guardian: told(it.guardian), guardian_effective_at: some(it.guardian_effective_at),
        keepers: first(&it.keepers, it.keeper_count), threshold, keepers_effective_at: some(it.keepers_effective_at),
    }
    RolesApplied as it { pool, guardian, keepers: first(&it.keepers, it.keeper_count), threshold }
    RolesCancelled as it { pool, by, guardian: it.guardian != 0, keepers: it.keepers != 0, admin: it.admin != 0 }
    RulesetAnnounced as it { pool, old_hash, hash, from_epoch, effective_at }
    RulesetCancelled as it { pool, by, hash }
    Funded as it { pool, funder, amount, received, total_funded }
    PauseSet as it { pool, by, paused: it.paused != 0, until }
    EpochProposed as it {
        pool, proposer, root, manifest_hash, ruleset_hash, proposal, number, tokens, points, credits, window_ends_at,
        leaf_count, attempt, depth, canopy_depth, correction: it.correction != 0,
    }
    CanopyStored as it { pool, number, stored, needed }
    EpochAttested as it { pool, keeper, number, attempt, tally, threshold, complete_at: some(it.complete_at) }
    EpochVetoed as it { pool, by, proposer, number, attempt, reason }
    ChallengeOpened as it {
        pool, challenger, number, attempt, index, owner, tokens, points, credits, deadline,
    }
    ChallengeAnswered as it {
        pool, answerer, challenger, number, attempt, index, owner, tokens, points, credits,
    }
    ChallengeExpired as it { epoch, challenger, attempt, index, vetoed: it.vetoed != 0 }
    EpochRevoked as it { pool, admin, guardian, number, tokens, points, credits, emission_anchor }
    EpochActivated as it { pool, root, number, tokens, growth, vault_balance, total_claimed, activated_at }
    EpochClosed as it { pool, number, root, manifest_hash, rent_payer, refunded }
    PageOpened as it { pool, payer, page }
    Claimed as it { pool, owner, payout, number, index, paid, received, tokens_claimed }
    RecipientSet as it {
        pool, owner, payout, pending_payout, effective_at: (it.effective_at != 0).then_some(it.effective_at),
        delegate: told(it.delegate), restricted: it.restricted != 0, index,
    }
    RecipientClosed as it { pool, owner, rent_payer, index }
    ParamsAnnounced as it { pool, admin, params: it.params.params(), effective_at }
    ParamsApplied as it { pool, params: it.params.params(), emission_anchor }
    ParamsCancelled as it { pool, by }
    PoolMigrated as it { pool, from_version, to_version }
    EpochMigrated as it { pool, number, from_version, to_version }
    RoundOpened as it { pool, opener, number, epoch, tokens, minimum, starts_at, ends_at }
    PointsBurnt as it { pool, owner, round, index, burnt, receipt_burnt, round_burnt, points_burnt }
    BurnSettled as it { pool, owner, payout, round, index, burnt, paid, received }
    RoundClosed as it { pool, number, tokens, paid, left, received, burnt, receipts }
    CarrierSet as it { pool, carrier, period_secs, active: it.active != 0 }
    CreditsRedeemed as it { pool, owner, carrier, commitment, nonce, credits, credits_redeemed, deadline, index }
    CreditsFulfilled as it { pool, owner, carrier, commitment, receipt_hash, nonce, credits }
    CreditsRefunded as it { pool, owner, carrier, nonce, credits, credits_redeemed, index }
}

/// The keys in use.
fn first(keys: &[Pubkey; 16], count: u8) -> &[Pubkey] {
    keys.get(..usize::from(count)).unwrap_or(keys)
}

/// Zero stands for no moment.
fn some(moment: i64) -> Option<i64> {
    (moment != 0).then_some(moment)
}
