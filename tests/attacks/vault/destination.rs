//! Anyone may send a claim, so nobody may choose where it goes.

use cairn_interface::{
    ids::{REWARD_VAULT, TOKEN_PROGRAM},
    spl,
    vault::VaultError,
};
use cairn_testkit::{Rewards, assert_refused, assert_refused_by};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signer::Signer};
use spl_token_interface::instruction::{self as token, AuthorityType};

use super::scene::{Scene, Terms, address, key, member};

fn active() -> (Scene, Rewards) {
    Scene::with_first_epoch(&[100, 200])
}

fn wallet(scene: &Scene) -> Pubkey {
    spl::associated_token_address(&member(0), &scene.mint, &TOKEN_PROGRAM)
}

/// Runs a token instruction that member 0 signs.
fn as_member(scene: &mut Scene, instruction: Instruction) {
    scene.world.must(&[instruction], &[&key("member 0")]);
}

/// A claim of member 0 with another account in the destination's place.
fn claim_into(scene: &mut Scene, rewards: &Rewards, destination: Pubkey, expected: VaultError) {
    let mut claim = scene.claim_of(1, rewards, 0).instruction();
    claim.accounts[5].pubkey = destination;
    assert_refused(scene.run(&[claim], &[]), expected);
}

#[test]
fn the_senders_own_account_gets_nothing() {
    let (mut scene, first) = active();
    let thief = scene.open_wallet(&address("stranger"));
    claim_into(
        &mut scene,
        &first,
        thief,
        VaultError::DestinationNotCanonical,
    );
    // With the thief's own bump the account is canonical, but the leaf is not the thief's.
    let mut claim = scene.claim_of(1, &first, 0);
    claim.owner = address("stranger");
    assert_refused(
        scene.run(&[claim.instruction()], &[]),
        VaultError::ProofHashMismatch,
    );
}

#[test]
fn another_account_of_the_member_gets_nothing() {
    let (mut scene, first) = active();
    let other = key("another account");
    let payer = scene.world.payer().pubkey();
    let create = solana_system_interface::instruction::create_account(
        &payer,
        &other.pubkey(),
        10_000_000,
        165,
        &TOKEN_PROGRAM,
    );
    let open = token::initialize_account3(&TOKEN_PROGRAM, &other.pubkey(), &scene.mint, &member(0))
        .unwrap();
    scene.world.must(&[create, open], &[&other]);
    claim_into(
        &mut scene,
        &first,
        other.pubkey(),
        VaultError::DestinationNotCanonical,
    );
}

#[test]
fn an_account_that_was_given_away_gets_nothing() {
    let (mut scene, first) = active();
    let wallet = wallet(&scene);
    let give = token::set_authority(
        &TOKEN_PROGRAM,
        &wallet,
        Some(&address("stranger")),
        AuthorityType::AccountOwner,
        &member(0),
        &[],
    );
    as_member(&mut scene, give.unwrap());
    assert_refused(
        scene.claim(1, &first, 0),
        VaultError::DestinationNotCanonical,
    );
}

#[test]
fn a_delegated_account_gets_nothing_until_it_is_revoked() {
    let (mut scene, first) = active();
    let wallet = wallet(&scene);
    let thief = address("stranger");
    let approve = token::approve(&TOKEN_PROGRAM, &wallet, &thief, &member(0), &[], 1);
    as_member(&mut scene, approve.unwrap());
    assert_refused(scene.claim(1, &first, 0), VaultError::DestinationDelegated);
    let revoke = token::revoke(&TOKEN_PROGRAM, &wallet, &member(0), &[]);
    as_member(&mut scene, revoke.unwrap());
    scene.claim(1, &first, 0).unwrap();
}

#[test]
fn an_account_that_another_may_close_gets_nothing() {
    let (mut scene, first) = active();
    let set = token::set_authority(
        &TOKEN_PROGRAM,
        &wallet(&scene),
        Some(&address("stranger")),
        AuthorityType::CloseAccount,
        &member(0),
        &[],
    );
    as_member(&mut scene, set.unwrap());
    assert_refused(
        scene.claim(1, &first, 0),
        VaultError::DestinationCloseAuthority,
    );
}

#[test]
fn a_closed_or_missing_account_gets_nothing_and_may_come_back() {
    let (mut scene, first) = active();
    let close = token::close_account(
        &TOKEN_PROGRAM,
        &wallet(&scene),
        &address("stranger"),
        &member(0),
        &[],
    );
    as_member(&mut scene, close.unwrap());
    assert_refused(
        scene.claim(1, &first, 0),
        VaultError::DestinationNotTokenAccount,
    );
    scene.open_wallet(&member(0));
    scene.claim(1, &first, 0).unwrap();
    assert_eq!(scene.balance(0), 100);
}

#[test]
fn a_frozen_account_gets_nothing_until_it_is_thawed() {
    let mut scene = Scene::without_pool(Terms::default());
    let mint = key("a mint that freezes");
    let payer = scene.world.payer().pubkey();
    let treasurer = address("treasurer");
    let create = solana_system_interface::instruction::create_account(
        &payer,
        &mint.pubkey(),
        10_000_000,
        82,
        &TOKEN_PROGRAM,
    );
    let initialize = token::initialize_mint2(
        &TOKEN_PROGRAM,
        &mint.pubkey(),
        &treasurer,
        Some(&treasurer),
        6,
    );
    scene.world.must(&[create, initialize.unwrap()], &[&mint]);
    scene.mint = mint.pubkey();
    let creation = scene.create_pool();
    scene.pool = creation.pool();
    scene.must(&[creation.instruction()], &["admin"]);
    let first = scene.rewards(&[100]);
    scene.fund(100).unwrap();
    scene.run_epoch(1, &first);
    scene.open_page(0).unwrap();
    let wallet = scene.open_wallet(&member(0));

    let freeze = token::freeze_account(&TOKEN_PROGRAM, &wallet, &scene.mint, &treasurer, &[]);
    scene.must(&[freeze.unwrap()], &["treasurer"]);
    assert_refused(scene.claim(1, &first, 0), VaultError::DestinationFrozen);
    let thaw = token::thaw_account(&TOKEN_PROGRAM, &wallet, &scene.mint, &treasurer, &[]);
    scene.must(&[thaw.unwrap()], &["treasurer"]);
    scene.claim(1, &first, 0).unwrap();
}

#[test]
fn an_account_of_another_mint_gets_nothing() {
    let (mut scene, first) = active();
    let other = scene.world.create_mint(&key("treasurer"), 6);
    let wrong = scene.world.open_token_account(&member(0), &other);
    claim_into(&mut scene, &first, wrong, VaultError::DestinationWrongMint);
}

#[test]
fn what_is_no_token_account_gets_nothing() {
    let (mut scene, first) = active();
    let other_mint = scene.world.create_mint(&key("treasurer"), 6);
    for wrong in [other_mint, address("stranger"), scene.network] {
        claim_into(
            &mut scene,
            &first,
            wrong,
            VaultError::DestinationNotTokenAccount,
        );
    }
    // The pool's own mint stands in the instruction already, and is not written there: Anchor's 2040.
    let mut claim = scene.claim_of(1, &first, 0).instruction();
    claim.accounts[5].pubkey = scene.mint;
    assert_refused_by(scene.run(&[claim], &[]), &REWARD_VAULT, 2_040);
}

#[test]
fn another_bump_does_not_make_an_account_canonical() {
    let (mut scene, first) = active();
    let claim = scene.claim_of(1, &first, 0).instruction();
    // Discriminator, index, three amounts, the most to pay; then the bump.
    let bump = 1 + 4 + 3 * 8 + 8;
    for change in 1..=255_u8 {
        let mut other = claim.clone();
        other.data[bump] = other.data[bump].wrapping_add(change);
        assert_refused(
            scene.run(&[other], &[]),
            VaultError::DestinationNotCanonical,
        );
    }
    scene.must(&[claim], &[]);
}

#[test]
fn the_vault_is_no_destination() {
    let (mut scene, first) = active();
    let mut claim = scene.claim_of(1, &first, 0).instruction();
    claim.accounts[5].pubkey = claim.accounts[3].pubkey;
    let refused = scene.run(&[claim], &[]).unwrap_err();
    assert_eq!(refused.code, Some(2_040), "{refused:?}");
}
