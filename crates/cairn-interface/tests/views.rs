//! Account views: what is read, and what is refused. Bytes are written with the programs' own types, so that a view
//! that reads another field than the program wrote fails here.

use anchor_lang::Discriminator;
use bytemuck::Zeroable;
use cairn_interface::{
    CanopyFacts, DecodeError, ids,
    registry::{DeviceTreeView, NetworkView, Registration, TreeState},
    vault::{
        Asker, EPOCH_VERSION, EpochStatus, EpochView, MemberPageView, POOL_VERSION, PoolParams,
        PoolView, RecipientView, Room, Slot,
    },
};
use cairn_merkle::{LeafIndex, Node, Tokens};
use device_registry::{
    merkle::Layout,
    state::{DeviceTree, Network},
};
use reward_vault::state::{
    Epoch, MemberPage, PendingParams, Pool, PoolTail, Recipient, StoredParams,
};
use solana_sdk::{account::Account, pubkey::Pubkey};

fn key(byte: u8) -> Pubkey {
    Pubkey::new_from_array([byte; 32])
}

fn account<T: Discriminator + bytemuck::NoUninit>(
    owner: Pubkey,
    value: &T,
    tail: &[u8],
) -> Account {
    let mut data = T::DISCRIMINATOR.to_vec();
    data.extend_from_slice(bytemuck::bytes_of(value));
    data.extend_from_slice(tail);
    Account {
        lamports: 1,
        data,
        owner,
        ..Account::default()
    }
}

fn a_pool() -> Pool {
    let mut pool = Pool::zeroed();
    pool.network = key(1);
    pool.mint = key(2);
    pool.vault = key(3);
    pool.token_program = ids::TOKEN_PROGRAM;
    pool.admin = key(4);
    pool.guardian = key(5);
    pool.keepers[0] = key(6);
    pool.keepers[1] = key(7);
    pool.keeper_count = 2;
    pool.threshold = 2;
    pool.id = 9;
    pool.epoch_interval_secs = 604_800;
    pool.challenge_window_secs = 86_400;
    pool.emission_cap = 1_000;
    pool.emission_anchor = 1_000_000;
    pool.next_epoch = 4;
    pool.active_epoch = 3;
    pool.total_cumulative = 50;
    pool.total_claimed = 20;
    pool.total_funded = 90;
    pool.paused_at = 1_000;
    pool.paused_until = 1_100;
    pool.version = POOL_VERSION;
    pool.breaker_window_secs = 800;
    pool.recipient_cooldown_secs = 60;
    pool.params_delay_secs = 120;
    pool.breaker_share_bps = 1_000;
    pool.outflow.advance(1_050, 800);
    pool.outflow.add(10);
    pool.next_round = 2;
    pool.creation = StoredParams::from(&PoolParams::new(86_400, 3_600, 2_000));
    pool
}

fn an_epoch(canopy: &[Node]) -> Account {
    let mut epoch = Epoch::zeroed();
    epoch.pool = key(1);
    epoch.proposer = key(6);
    epoch.root = [0xab; 32];
    epoch.tokens = 50;
    epoch.attesters[0] = key(6);
    epoch.attester_count = 1;
    epoch.number = 3;
    epoch.leaf_count = 5;
    epoch.depth = 3;
    epoch.canopy_depth = 1;
    epoch.challenge_window_secs = 86_400;
    epoch.proposed_at = 1_000;
    epoch.status = 1;
    epoch.version = EPOCH_VERSION;
    let count = u32::try_from(canopy.len()).expect("few");
    let mut tail = count.to_le_bytes().to_vec();
    for node in canopy {
        tail.extend_from_slice(node.as_bytes());
    }
    // Room for the rest of the canopy, as the program allocates it.
    tail.resize(4 + 2 * cairn_merkle::NODE_LEN, 0);
    account(ids::REWARD_VAULT, &epoch, &tail)
}

#[test]
fn a_pool_reads_as_it_was_written() {
    let view =
        PoolView::decode(key(8), &account(ids::REWARD_VAULT, &a_pool(), &[])).expect("a pool");
    assert_eq!(view.keepers(), [key(6), key(7)]);
    assert_eq!(view.pending_admin(), None);
    assert!(view.is_paused(1_099) && !view.is_paused(1_100));
    assert_eq!(view.creation.emission_cap, 2_000);
    // One cap at once, another for each whole interval.
    assert_eq!(view.emission_allowance(1_000_000 + 604_799), 0);
    assert_eq!(view.emission_allowance(1_000_000 + 604_800), 1_000);
}

#[test]
fn an_epoch_reads_with_as_much_canopy_as_is_stored() {
    let node = Node::new([7; 32], Tokens::new(20));
    let view = EpochView::decode(key(8), &an_epoch(&[node])).expect("an epoch");
    assert_eq!(view.status(), EpochStatus::Proposed);
    let stored = CanopyFacts {
        nodes: vec![node],
        complete: false,
    };
    assert_eq!(view.facts.canopy, stored);
    let full = EpochView::decode(key(8), &an_epoch(&[node, node])).expect("an epoch");
    assert!(full.facts.canopy.complete);
}

#[test]
fn a_pool_says_what_may_leave_its_vault() {
    let view =
        PoolView::decode(key(8), &account(ids::REWARD_VAULT, &a_pool(), &[])).expect("a pool");
    // A tenth of what the vault would hold had nothing left, less what left; it is forgotten nine eighths later.
    let room = |now, balance| {
        let Room { available, more_at } = view.room(now, Tokens::new(balance), Asker::Member);
        (available, more_at)
    };
    assert_eq!(room(1_050, 90), (0, 1_900));
    assert_eq!(room(1_899, 190), (10, 1_900));
    assert_eq!(room(1_900, 90), (9, 1_900));
    // Half of it for whoever has no signature of the member.
    assert_eq!(
        view.room(1_900, Tokens::new(90), Asker::Anyone).available,
        4
    );
}

#[test]
fn a_pool_says_what_was_announced() {
    let mut pool = a_pool();
    let wish = PoolParams {
        breaker_share_bps: 77,
        ..PoolParams::new(1, 2, 3)
    };
    pool.pending_params = PendingParams::new(&wish, 5_000);
    let view = PoolView::decode(key(8), &account(ids::REWARD_VAULT, &pool, &[])).expect("a pool");
    assert_eq!(view.pending_params.params(), Some(wish));
    assert_eq!(view.params().breaker_share_bps, 1_000);
    let json = serde_json::to_value(&view).expect("JSON");
    assert_eq!(json["pending_params"]["params"]["breaker_share_bps"], 77);
    assert_eq!(json["pending_params"]["effective_at"], 5_000);
}

#[test]
fn an_old_pool_reads_as_it_will_be_once_migrated() {
    let mut pool = Pool::zeroed();
    pool.epoch_interval_secs = 604_800;
    pool.challenge_window_secs = 86_400;
    pool.emission_cap = 1_000;
    pool.version = 1;
    let mut old = account(ids::REWARD_VAULT, &pool, &[]);
    old.data.truncate(PoolTail::POOL_LEN);
    let view = PoolView::decode(key(8), &old).expect("a pool");
    assert_eq!((view.version, view.is_current()), (1, false));
    assert_eq!(view.params(), PoolParams::new(604_800, 86_400, 1_000));
    // The field is what the program made of it; the account still has the other.
    let json = serde_json::to_value(&view).expect("JSON");
    assert_eq!(json["version"], 1);
}

#[test]
fn a_recipient_reads_as_it_was_written() {
    let mut recipient = Recipient::zeroed();
    recipient.pool = key(1);
    recipient.owner = key(2);
    recipient.pending_payout = key(3);
    recipient.effective_at = 1_000;
    recipient.delegate = key(4);
    recipient.rent_payer = key(5);
    recipient.index = 420;
    recipient.restricted = 1;
    recipient.version = 1;
    let view = RecipientView::decode(key(8), &account(ids::REWARD_VAULT, &recipient, &[]))
        .expect("a recipient");
    assert_eq!(
        (view.payout_at(999), view.payout_at(1_000)),
        (key(2), key(3))
    );
    assert_eq!(
        (view.delegate(), view.is_restricted()),
        (Some(key(4)), true)
    );
    let json = serde_json::to_value(&view).expect("JSON");
    assert!(json["payout"].is_null(), "{json}");
}

#[test]
fn a_page_gives_each_member_their_own_slot_and_no_other_pages() {
    let mut page = MemberPage::zeroed();
    page.pool = key(1);
    page.page = 2;
    page.version = 1;
    page.slots[3].tokens_claimed = 77;
    page.slots[5].mark_recipient(true);
    let view =
        MemberPageView::decode(key(8), &account(ids::REWARD_VAULT, &page, &[])).expect("a page");
    let mut paid = Slot::default();
    paid.tokens_claimed = 77;
    assert_eq!(view.slot(LeafIndex::new(2 * 420 + 3)), Some(paid));
    assert_eq!(
        view.slot(LeafIndex::new(2 * 420 + 4)),
        Some(Slot::default())
    );
    let marked = view.slot(LeafIndex::new(2 * 420 + 5)).expect("a slot");
    assert_eq!(
        (marked.has_recipient(), marked.credits_redeemed()),
        (true, 0)
    );
    assert_eq!(view.slot(LeafIndex::new(3)), None);
}

#[test]
fn a_network_and_a_tree_read_as_they_were_written() {
    let mut network = Network::zeroed();
    network.authority = key(1);
    network.creator = key(1);
    network.guardian = key(2);
    network.registration = 1;
    network.trees = 3;
    network.version = 1;
    let view = NetworkView::decode(key(8), &account(ids::DEVICE_REGISTRY, &network, &[]))
        .expect("a network");
    assert_eq!(view.registration(), Registration::Endorsed);
    assert_eq!((view.trees, view.pending_authority()), (3, None));

    let mut tree = DeviceTree::zeroed();
    tree.network = key(1);
    tree.root = [5; 32];
    tree.depth = 14;
    tree.next_index = 12;
    tree.state = 3;
    tree.version = 1;
    let layout = Layout::new(14, 0).expect("a shape");
    let words = vec![0; 4 + 32 * layout.words()];
    let view = DeviceTreeView::decode(key(8), &account(ids::DEVICE_REGISTRY, &tree, &words))
        .expect("a tree");
    assert_eq!(
        (view.state(), view.next_index, view.root),
        (TreeState::Ready, 12, [5; 32])
    );
    // Imported and never changed since: the present root is all it had.
    assert_eq!(view.facts.recent_roots, [[5; 32]]);
    let error = DeviceTreeView::decode(key(8), &account(ids::DEVICE_REGISTRY, &tree, &words[32..]))
        .expect_err("a word short");
    assert!(matches!(
        error,
        DecodeError::BadField {
            field: "its length",
            ..
        }
    ));
}

#[test]
fn another_programs_account_is_refused_whatever_its_bytes() {
    let error = PoolView::decode(key(8), &account(ids::DEVICE_REGISTRY, &a_pool(), &[]))
        .expect_err("another program");
    assert_eq!(
        error,
        DecodeError::WrongOwner {
            address: key(8),
            what: "a pool",
            expected: ids::REWARD_VAULT,
            found: ids::DEVICE_REGISTRY,
        }
    );
    assert!(!error.hint().is_empty());
}

#[test]
fn another_kind_of_account_of_the_same_program_is_refused() {
    let error = MemberPageView::decode(key(8), &account(ids::REWARD_VAULT, &a_pool(), &[]))
        .expect_err("a pool");
    assert!(matches!(
        error,
        DecodeError::WrongKind {
            what: "a member page",
            ..
        }
    ));
}

#[test]
fn every_truncation_is_refused_and_none_panics() {
    let pool = account(ids::REWARD_VAULT, &a_pool(), &[]);
    let epoch = an_epoch(&[Node::new([7; 32], Tokens::new(20))]);
    for length in 0..pool.data.len() {
        let mut cut = pool.clone();
        cut.data.truncate(length);
        let error = PoolView::decode(key(8), &cut).expect_err("cut");
        assert!(matches!(error, DecodeError::WrongLength { found, .. } if found == length));
    }
    // Behind the one stored node there is only room.
    let used = epoch.data.len() - cairn_merkle::NODE_LEN;
    for length in 0..used {
        let mut cut = epoch.clone();
        cut.data.truncate(length);
        let error = EpochView::decode(key(8), &cut).expect_err("cut");
        assert!(matches!(error, DecodeError::WrongLength { found, .. } if found == length));
    }
}

#[test]
fn bytes_behind_a_fixed_account_are_another_layout_and_refused() {
    let error = PoolView::decode(key(8), &account(ids::REWARD_VAULT, &a_pool(), &[0]))
        .expect_err("one byte more");
    assert!(matches!(error, DecodeError::WrongLength { .. }));
}

#[test]
fn an_unknown_version_asks_for_a_newer_build() {
    let mut pool = a_pool();
    pool.version = POOL_VERSION + 1;
    let error = PoolView::decode(key(8), &account(ids::REWARD_VAULT, &pool, &[]))
        .expect_err("a newer layout");
    assert!(matches!(
        error,
        DecodeError::UnknownVersion { version: 4, .. }
    ));
    assert!(error.hint().contains("newer build"));
}

#[test]
fn an_epoch_that_claims_more_canopy_than_it_has_is_refused() {
    let mut epoch = an_epoch(&[]);
    let at = epoch.data.len() - 2 * cairn_merkle::NODE_LEN - 4;
    epoch.data[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let error = EpochView::decode(key(8), &epoch).expect_err("no such canopy");
    assert!(matches!(error, DecodeError::WrongLength { .. }));
    epoch.data[at..at + 4].copy_from_slice(&3_u32.to_le_bytes());
    epoch.data.resize(epoch.data.len() + 1_000, 0);
    let error = EpochView::decode(key(8), &epoch).expect_err("three nodes of two");
    assert!(matches!(
        error,
        DecodeError::BadField {
            field: "its canopy",
            ..
        }
    ));
}
