use cairn_interface::{
    ids,
    vault::{Claim, Claimed, VaultError, VaultEvent, member_page_address},
};
use cairn_merkle::{Credits, Tokens};
use cairn_testkit::{Member, Rewards, assert_refused};
use solana_sdk::pubkey::Pubkey;

use super::scene::{Scene, WEEK, event, member};

#[test]
fn a_member_is_paid_what_the_root_grants_and_is_remembered() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200, 300]);
    let said = event(scene.claim(1, &first, 1));
    assert!(matches!(
        said,
        VaultEvent::Claimed(Claimed {
            owner, payout, number: 1, index: 1, paid: 200, received: 200, tokens_claimed: 200, ..
        }) if owner == member(1) && payout == owner
    ));
    assert_eq!(scene.balance(1), 200);
    assert_eq!(scene.page(0).slots[1].tokens_claimed, 200);
    assert_eq!(scene.pool().total_claimed, 200);
    assert_eq!(scene.vault_balance(), 400);
}

#[test]
fn a_later_epoch_pays_only_what_was_added() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    scene.claim(1, &first, 0).unwrap();
    let second = scene.rewards(&[150, 200]);
    scene.fund(50).unwrap();
    scene.run_epoch(2, &second);
    scene.claim(2, &second, 0).unwrap();
    assert_eq!(scene.balance(0), 150);
}

#[test]
fn a_member_who_skips_epochs_is_paid_in_one() {
    let (mut scene, _) = Scene::with_first_epoch(&[100, 200]);
    scene.fund(1_000).unwrap();
    let second = scene.rewards(&[150, 250]);
    scene.run_epoch(2, &second);
    let third = scene.rewards(&[200, 300]);
    scene.run_epoch(3, &third);
    scene.claim(3, &third, 1).unwrap();
    assert_eq!(scene.balance(1), 300);
}

#[test]
fn everyone_can_claim_everything_down_to_the_last_unit() {
    let tokens = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    let (mut scene, first) = Scene::with_first_epoch(&tokens);
    for index in (0..9).rev() {
        scene.claim(1, &first, index).unwrap();
    }
    assert_eq!(scene.vault_balance(), 0);
    assert_eq!(scene.pool().total_claimed, 45);
}

#[test]
fn the_epoch_before_the_active_one_is_claimable_and_no_older() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    scene.fund(1_000).unwrap();
    let second = scene.rewards(&[150, 250]);
    scene.run_epoch(2, &second);
    scene.claim(1, &first, 0).unwrap();
    assert_eq!(scene.balance(0), 100);
    // What the older root granted is paid; the newer one pays the rest.
    scene.claim(2, &second, 0).unwrap();
    assert_refused(scene.claim(1, &first, 0), VaultError::NothingToClaim);

    scene.run_epoch(3, &second);
    assert_refused(scene.claim(1, &first, 1), VaultError::EpochSuperseded);
    scene.claim(2, &second, 1).unwrap();
}

#[test]
fn an_epoch_that_is_not_active_pays_nothing() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100]);
    scene.fund(100).unwrap();
    scene.open_page(0).unwrap();
    scene.open_wallet(&member(0));
    scene.prepare(1, &rewards);
    assert_refused(scene.claim(1, &rewards, 0), VaultError::EpochNotActive);
    scene.veto("guardian", 1).unwrap();
    assert_refused(scene.claim(1, &rewards, 0), VaultError::EpochNotActive);
}

#[test]
fn a_missing_page_says_so() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100]);
    scene.fund(100).unwrap();
    scene.run_epoch(1, &rewards);
    scene.open_wallet(&member(0));
    assert_refused(scene.claim(1, &rewards, 0), VaultError::PageMissing);
    // Lamports alone are no page.
    let page = member_page_address(&scene.pool, 0).0;
    scene.world.airdrop(&page, 1_000_000);
    assert_refused(scene.claim(1, &rewards, 0), VaultError::PageMissing);
}

#[test]
fn another_page_of_the_pool_is_the_wrong_one() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    scene.open_page(1).unwrap();
    let mut claim = scene.claim_of(1, &first, 0).instruction();
    claim.accounts[2].pubkey = member_page_address(&scene.pool, 1).0;
    assert_refused(scene.run(&[claim], &[]), VaultError::WrongPage);
}

#[test]
fn members_of_the_second_page_are_paid_too() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&vec![2; 421]);
    scene.fund(842).unwrap();
    scene.run_epoch(1, &rewards);
    scene.open_page(1).unwrap();
    scene.open_wallet(&member(420));
    scene.claim(1, &rewards, 420).unwrap();
    assert_eq!(scene.page(1).slots[0].tokens_claimed, 2);
    scene.open_wallet(&member(419));
    assert_refused(scene.claim(1, &rewards, 419), VaultError::PageMissing);
}

#[test]
fn the_owner_need_not_sign_and_the_payer_need_not_be_the_owner() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    let claim = scene.claim_of(1, &first, 0).instruction();
    assert!(claim.accounts.iter().all(|meta| !meta.is_signer));
    scene.run(&[claim], &[]).unwrap();
}

#[test]
fn two_members_are_paid_in_one_transaction() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    let claims = [0, 1].map(|index| scene.claim_of(1, &first, index).instruction());
    scene.must(&claims, &[]);
    assert_eq!((scene.balance(0), scene.balance(1)), (100, 200));
}

#[test]
fn mint_vault_and_token_program_are_the_pools() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    let stranger = scene.mint_to(&member(7), 1_000);
    for (position, with, expected) in [
        (3, stranger, VaultError::WrongVault),
        (4, stranger, VaultError::WrongMint),
        (6, ids::TOKEN_2022_PROGRAM, VaultError::WrongTokenProgram),
    ] {
        let mut claim = scene.claim_of(1, &first, 0).instruction();
        claim.accounts[position].pubkey = with;
        assert_refused(scene.run(&[claim], &[]), expected);
    }
}

#[test]
fn a_claim_in_flight_does_not_race_a_new_root() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    let claim = scene.claim_of(1, &first, 0).instruction();
    scene.world.warp(WEEK);
    scene.prepare(2, &first);
    scene.activate(2).unwrap();
    scene.must(&[claim], &[]);
    assert_eq!(scene.balance(0), 100);
}

#[test]
fn part_of_what_is_due_can_be_claimed_and_the_rest_later() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    let part = Claim {
        at_most: Tokens::new(30),
        ..scene.claim_of(1, &first, 0)
    };
    let said = event(scene.run(&[part.instruction()], &[]));
    assert!(matches!(
        said,
        VaultEvent::Claimed(Claimed {
            paid: 30,
            tokens_claimed: 30,
            ..
        })
    ));
    let second = scene.rewards(&[150, 200]);
    scene.fund(50).unwrap();
    scene.run_epoch(2, &second);
    scene.claim(2, &second, 0).unwrap();
    assert_eq!(scene.balance(0), 150);
    assert_eq!(scene.pool().total_claimed, 150);
}

#[test]
fn credits_that_reach_the_mark_are_refused() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    let claim = Claim {
        credits: Credits::new(1 << 63),
        ..scene.claim_of(1, &first, 0)
    };
    assert_refused(
        scene.run(&[claim.instruction()], &[]),
        VaultError::CreditsRange,
    );
}

#[test]
fn an_owner_without_a_key_is_paid_like_any_other() {
    // A multisig's vault, or what else a program signs for: an address off the curve.
    let (owner, _) = Pubkey::find_program_address(&[b"vault", b"1"], &ids::SYSTEM_PROGRAM);
    let mut scene = Scene::new();
    let member = Member {
        owner,
        tokens: 200,
        points: 0,
        credits: 0,
    };
    let rewards = Rewards::new(&scene.pool, &[member]);
    scene.fund(200).unwrap();
    scene.run_epoch(1, &rewards);
    scene.open_page(0).unwrap();
    let wallet = scene.open_wallet(&owner);
    scene.claim(1, &rewards, 0).unwrap();
    assert_eq!(scene.world.tokens(&wallet), 200);
}
