//! Where every field of every account stands. A change here is a change for every client and indexer: it needs a new
//! layout version and a migration, never just a new snapshot.

use std::fmt::Write;

use airdrop::state::{Campaign, CampaignPage, CampaignTombstone, Vesting};
use device_registry::state::{DeviceTree, Issuer, Network};
use reward_vault::state::{
    BurnReceipt, BurnRound, Carrier, Epoch, EpochTombstone, MemberPage, Pool, Recipient, Redemption,
};

/// The size of the field that `_of` picks.
fn size_of_field<T, F>(_of: fn(&T) -> &F) -> usize {
    size_of::<F>()
}

/// One line a field; fails when fields are missing from the list or there is padding between them.
macro_rules! layout {
    ($text:ident, $type:ident: $($field:ident),+ $(,)?) => {
        writeln!($text, "{} ({} bytes behind the 8 of its discriminator)", stringify!($type), size_of::<$type>())
            .expect("text");
        let mut next = 0;
        $(
            let offset = std::mem::offset_of!($type, $field);
            let size = size_of_field(|value: &$type| &value.$field);
            assert_eq!(offset, next, "{}.{} is not where the one before ends", stringify!($type), stringify!($field));
            writeln!($text, "  {:>6} {:>6}  {}", 8 + offset, size, stringify!($field)).expect("text");
            next = offset + size;
        )+
        assert_eq!(next, size_of::<$type>(), "{} has more fields", stringify!($type));
    };
}

#[test]
fn account_layouts_are_the_published_ones() {
    let mut text = String::new();
    layout!(text, Pool: network, mint, vault, token_program, admin, pending_admin, guardian, keepers, id,
        epoch_interval_secs, challenge_window_secs, emission_cap, created_at, emission_anchor, next_epoch, active_epoch,
        pending_epoch, total_cumulative, total_claimed, total_funded, points_issued, points_burnt, credits_issued,
        credits_redeemed, members, pages, keeper_count, threshold, canopy_depth, decimals, paused, bump, vault_bump,
        version, outflow, pending_params, breaker_window_secs, recipient_cooldown_secs, params_delay_secs, next_round,
        credits_fulfilled, creation_cap, creation_interval_secs, breaker_share_bps, reserved);
    layout!(text, Epoch: pool, proposer, root, manifest_hash, ruleset_hash, code_hash, attesters, number, tokens,
        points, credits, accepted, rejected, emission_allowance, epoch_interval_secs, challenge_window_secs, proposed_at, activated_at,
        period_start, period_end, leaf_count, intervals, veto_reason, attempt, status, depth, canopy_depth, attester_count,
        threshold, bump, version, rent_payer, reserved);
    layout!(text, MemberPage: pool, page, version, bump, reserved, slots);
    layout!(text, Recipient: pool, owner, payout, pending_payout, delegate, rent_payer, effective_at, index, restricted,
        bump, version, reserved);
    layout!(text, EpochTombstone: pool, root, manifest_hash, number, tokens, points, credits, leaf_count, bump, version,
        reserved);
    layout!(text, BurnRound: pool, vault, opener, number, tokens, minimum, starts_at, ends_at, burnt, settled, paid,
        receipts, settled_receipts, bump, vault_bump, version, reserved);
    layout!(text, BurnReceipt: round, owner, rent_payer, burnt, index, bump, version, reserved);
    layout!(text, Carrier: pool, carrier, period_secs, fulfilled, pending, active, bump, version, reserved);
    layout!(text, Redemption: pool, owner, carrier, rent_payer, commitment, credits, nonce, deadline, index, bump,
        version, reserved);
    layout!(text, Campaign: creator, mint, token_program, vault, receiver, root, snapshot_hash, id, tokens, claimed,
        swept, starts_at, vesting_start, cliff_at, vesting_end, expires_at, leaf_count, pages, vestings, depth,
        canopy_depth, decimals, status, bump, vault_bump, version, reserved);
    layout!(text, CampaignTombstone: creator, mint, receiver, root, snapshot_hash, id, tokens, claimed, swept,
        leaf_count, version, reserved);
    layout!(text, CampaignPage: campaign, rent_payer, page, version, bump, reserved);
    layout!(text, Vesting: campaign, owner, rent_payer, locked, paid, index, bump, version, reserved);
    layout!(text, Network: authority, pending_authority, guardian, creator, id, created_at, devices,
        devices_by_class, banned, reserved, issuers, trees, registration, bump, version, padding);
    layout!(text, Issuer: added_at, retired_at, network, key, status_list_hash, roles, key_kind, active, bump, version,
        did_len, status_list_uri_len, padding, did, status_list_uri, reserved);
    layout!(text, DeviceTree: network, root, devices_hash, sequence, created_at, next_index, imported, index, depth,
        canopy_depth, state, bump, version, padding, reserved);
    insta::assert_snapshot!("account_layouts", text);
}
