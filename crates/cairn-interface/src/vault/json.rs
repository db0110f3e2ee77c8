//! How the accounts of reward-vault read as JSON.

use reward_vault::state::{
    BurnReceipt, BurnRound, Carrier, Challenge, Epoch, EpochTombstone, MemberPage, Outflow,
    PendingRuleset, Pool, Recipient, Redemption, TotalsBefore,
};

use super::state::{PoolParams, Slot};
use crate::{
    View,
    json::{records, told},
};

/// Parameters that wait for their moment.
struct Pending<'a>(&'a Pool);
/// A guardian that waits.
struct GuardianToBe<'a>(&'a Pool);
/// Keepers that wait.
struct KeepersToBe<'a>(&'a Pool);

records! {
    PoolParams as it {
        epoch_interval_secs, challenge_window_secs, emission_cap, points_cap, credits_cap, breaker_window_secs,
        breaker_floor, breaker_share_bps, recipient_cooldown_secs, params_delay_secs, answer_secs,
    }
    Pending<'_> as it {
        params: it.0.pending_params.params(), effective_at: it.0.pending_params.effective_at,
    }
    GuardianToBe<'_> as it {
        guardian: it.0.pending_roles.guardian, effective_at: it.0.pending_roles.guardian_effective_at,
    }
    KeepersToBe<'_> as it {
        keepers: it.0.pending_roles.keepers(), threshold: it.0.pending_roles.threshold,
        effective_at: it.0.pending_roles.keepers_effective_at,
    }
    PendingRuleset as it { hash, from_epoch, effective_at }
    TotalsBefore as it { tokens, points, credits, members, emission_anchor }
    Outflow as it { newest, parts }
    View<Pool> as it {
        address, network, mint, vault, token_program, admin, pending_admin: it.pending_admin(),
        admin_effective_at: moment(it.admin_effective_at), guardian,
        pending_guardian: moment(it.pending_roles.guardian_effective_at).map(|_| GuardianToBe(it)),
        keepers: it.keepers(), threshold, keeper_rests: it.keeper_rests.get(..it.keepers().len()).unwrap_or_default(),
        pending_keepers: moment(it.pending_roles.keepers_effective_at).map(|_| KeepersToBe(it)), id,
        params: it.params(), creation: it.creation.params(),
        pending_params: it.pending_params.params().map(|_| Pending(it)), ruleset_hash: it.ruleset_hash(),
        pending_ruleset: moment(it.pending_ruleset.effective_at).map(|_| it.pending_ruleset), outflow, canopy_depth,
        decimals, created_at, emission_anchor, next_epoch, active_epoch, pending_epoch,
        correction_due: it.is_correction_due(), total_cumulative, total_claimed, total_funded, points_issued,
        points_burnt, credits_issued, credits_redeemed, credits_fulfilled,
        before: (it.before.is_known != 0).then_some(it.before), next_round, members, pages,
        paused_at: moment(it.paused_at), paused_until: moment(it.paused_until), paused_total, version,
    }
    View<Epoch> as it {
        address, pool, number, attempt, status: it.status().name(), correction: it.correction != 0, proposer,
        proposed_at, challenge_window_secs, window_ends_at: it.window_ends_at(), complete_at: it.complete_at(),
        activated_at, proposal, root: it.root_node(), points, credits, leaf_count, depth, canopy_depth,
        canopy: &it.facts.canopy.nodes, canopy_complete: it.facts.canopy.complete, period_start, period_end,
        manifest_hash, ruleset_hash, code_hash, accepted, rejected, emission_allowance, points_allowance,
        credits_allowance, epoch_interval_secs, intervals, threshold, attested_by: it.attesters(), open_challenges,
        veto_reason, kept_until: moment(it.kept_until), paused_before, paused_before_complete,
        rent_payer: it.rent_payer(), version,
    }
    View<Challenge> as it {
        address, epoch, challenger, owner, index, tokens, points, credits, attempt, deadline, version,
    }
    View<EpochTombstone> as it {
        address, pool, number, root: it.root_node(), manifest_hash, points, credits, leaf_count, version,
    }
    Slot as it {
        tokens_claimed, points_burnt, credits_redeemed: it.credits_redeemed(), has_recipient: it.has_recipient(),
    }
    View<MemberPage> as it { address, pool, page, slots: it.slots.as_slice(), version }
    View<Recipient> as it {
        address, pool, owner, payout: told(it.payout), pending_payout: told(it.pending_payout),
        effective_at: it.effective_at(), delegate: it.delegate(), restricted: it.is_restricted(), index, rent_payer,
        version,
    }
    View<BurnRound> as it {
        address, pool, vault, opener, number, epoch, tokens, minimum, starts_at, ends_at, burnt, settled, paid, receipts,
        settled_receipts, version,
    }
    View<BurnReceipt> as it { address, round, owner, rent_payer, burnt, index, version }
    View<Carrier> as it {
        address, pool, carrier, period_secs, active: it.is_active(), fulfilled, pending, version,
    }
    View<Redemption> as it {
        address, pool, owner, carrier, rent_payer, commitment, credits, nonce, deadline, index, version,
    }
}

/// Zero stands for no moment.
fn moment(secs: i64) -> Option<i64> {
    (secs != 0).then_some(secs)
}
