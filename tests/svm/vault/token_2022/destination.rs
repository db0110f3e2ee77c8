use cairn_interface::{
    ids::{MEMO_PROGRAM, TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    vault::{Claimed, VaultError, VaultEvent},
};
use cairn_testkit::{
    MintExtension::{DefaultFrozen, Metadata, Pausable},
    Rewards, assert_refused, assert_refused_by,
};
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};
use spl_token_2022_interface::{
    error::TokenError,
    extension::{ExtensionType, cpi_guard, default_account_state, pausable},
    instruction::{self as token, AuthorityType},
    state::AccountState,
};

use super::{FEE, create, funded, over, wallet, with_token};
use crate::vault::scene::{Scene, address, event, key, member};

#[test]
fn a_paused_mint_pays_nothing_and_everything_once_it_resumes() {
    let (mut scene, first) = funded(&[Pausable], 100, &[100]);
    let (mint, treasurer) = (scene.mint, address("treasurer"));
    let pause = pausable::instruction::pause(&TOKEN_2022_PROGRAM, &mint, &treasurer, &[]);
    with_token(&mut scene, pause, "treasurer").unwrap();
    assert!(scene.world.mint(&mint).paused);
    assert_refused_by(
        scene.claim(1, &first, 0),
        &TOKEN_2022_PROGRAM,
        TokenError::MintPaused as u32,
    );
    let resume = pausable::instruction::resume(&TOKEN_2022_PROGRAM, &mint, &treasurer, &[]);
    with_token(&mut scene, resume, "treasurer").unwrap();
    scene.claim(1, &first, 0).unwrap();
    assert_eq!(scene.balance(0), 100);
}

#[test]
fn a_destination_that_requires_a_memo_gets_one() {
    let (mut scene, first) = funded(&[], 300, &[100, 200]);
    let account = wallet(&scene, 0);
    scene.world.require_memo(&account, &key("member 0"));
    assert!(scene.world.token_account(&account).requires_memo);
    assert_refused(
        scene.claim(1, &first, 0),
        VaultError::DestinationMemoRequired,
    );
    let mut claim = scene.claim_of(1, &first, 0);
    claim.memo = true;
    let mut spoilt = claim.instruction();
    for meta in &mut spoilt.accounts {
        if meta.pubkey == MEMO_PROGRAM {
            meta.pubkey = TOKEN_PROGRAM;
        }
    }
    assert_refused(scene.run(&[spoilt], &[]), VaultError::WrongMemoProgram);
    scene.must(&[claim.instruction()], &[]);
    assert_eq!(scene.balance(0), 100);
    // The memo program does no harm where no memo is required.
    let mut claim = scene.claim_of(1, &first, 1);
    claim.memo = true;
    scene.must(&[claim.instruction()], &[]);
    assert_eq!(scene.balance(1), 200);
}

#[test]
fn a_fee_and_a_memo_go_together() {
    let (mut scene, first) = funded(&[FEE], 10_000, &[9_900]);
    let account = wallet(&scene, 0);
    scene.world.require_memo(&account, &key("member 0"));
    let mut claim = scene.claim_of(1, &first, 0);
    claim.memo = true;
    let said = event(scene.run(&[claim.instruction()], &[]));
    assert!(
        matches!(
            said,
            VaultEvent::Claimed(Claimed {
                paid: 9_900,
                received: 9_801,
                ..
            })
        ),
        "{said:?}"
    );
}

/// Another account in the destination's place.
fn claim_into(scene: &mut Scene, rewards: &Rewards, destination: Pubkey, expected: VaultError) {
    let mut claim = scene.claim_of(1, rewards, 0).instruction();
    claim.accounts[5].pubkey = destination;
    assert_refused(scene.run(&[claim], &[]), expected);
}

#[test]
fn a_mint_presented_as_destination_is_no_token_account() {
    let (mut scene, first) = funded(&[Pausable], 100, &[100]);
    let treasurer = key("treasurer");
    for extensions in [&[][..], &[FEE, Metadata]] {
        let mint = scene.world.create_mint_2022(&treasurer, 6, extensions);
        claim_into(
            &mut scene,
            &first,
            mint,
            VaultError::DestinationNotTokenAccount,
        );
    }
    // Neither is an account of the other token program, even the member's own.
    let plain = scene.world.create_mint(&treasurer, 6);
    let other = scene.world.open_token_account(&member(0), &plain);
    claim_into(
        &mut scene,
        &first,
        other,
        VaultError::DestinationNotTokenAccount,
    );
    // Nor is an account of another mint of Token-2022 one of the pool's.
    let mint = scene.world.create_mint_2022(&treasurer, 6, &[]);
    let other = scene.world.open_token_account(&member(0), &mint);
    claim_into(&mut scene, &first, other, VaultError::DestinationWrongMint);
}

#[test]
fn a_frozen_destination_gets_nothing_until_it_is_thawed() {
    let (mut scene, first) = funded(&[Pausable], 100, &[100]);
    let (account, mint, treasurer) = (wallet(&scene, 0), scene.mint, address("treasurer"));
    let freeze = token::freeze_account(&TOKEN_2022_PROGRAM, &account, &mint, &treasurer, &[]);
    with_token(&mut scene, freeze, "treasurer").unwrap();
    assert_refused(scene.claim(1, &first, 0), VaultError::DestinationFrozen);
    let thaw = token::thaw_account(&TOKEN_2022_PROGRAM, &account, &mint, &treasurer, &[]);
    with_token(&mut scene, thaw, "treasurer").unwrap();
    scene.claim(1, &first, 0).unwrap();
}

#[test]
fn accounts_that_start_frozen_after_the_pools_creation_are_paid_once_thawed() {
    let mut scene = over(&[DefaultFrozen(false)]);
    create(&mut scene).unwrap();
    let first = scene.rewards(&[100]);
    scene.fund(100).unwrap();
    scene.run_epoch(1, &first);
    scene.open_page(0).unwrap();
    let (mint, treasurer) = (scene.mint, address("treasurer"));
    let turn = default_account_state::instruction::update_default_account_state(
        &TOKEN_2022_PROGRAM,
        &mint,
        &treasurer,
        &[],
        &AccountState::Frozen,
    );
    with_token(&mut scene, turn, "treasurer").unwrap();
    let account = scene.open_wallet(&member(0));
    assert_refused(scene.claim(1, &first, 0), VaultError::DestinationFrozen);
    let thaw = token::thaw_account(&TOKEN_2022_PROGRAM, &account, &mint, &treasurer, &[]);
    with_token(&mut scene, thaw, "treasurer").unwrap();
    scene.claim(1, &first, 0).unwrap();
}

#[test]
fn a_delegated_destination_gets_nothing_until_it_is_revoked() {
    let (mut scene, first) = funded(&[FEE], 10_000, &[100]);
    let (account, thief) = (wallet(&scene, 0), address("stranger"));
    let approve = token::approve(&TOKEN_2022_PROGRAM, &account, &thief, &member(0), &[], 1);
    with_token(&mut scene, approve, "member 0").unwrap();
    assert_refused(scene.claim(1, &first, 0), VaultError::DestinationDelegated);
    let revoke = token::revoke(&TOKEN_2022_PROGRAM, &account, &member(0), &[]);
    with_token(&mut scene, revoke, "member 0").unwrap();
    scene.claim(1, &first, 0).unwrap();
}

#[test]
fn a_destination_that_another_may_close_gets_nothing() {
    let (mut scene, first) = funded(&[], 100, &[100]);
    let set = token::set_authority(
        &TOKEN_2022_PROGRAM,
        &wallet(&scene, 0),
        Some(&address("stranger")),
        AuthorityType::CloseAccount,
        &member(0),
        &[],
    );
    with_token(&mut scene, set, "member 0").unwrap();
    assert_refused(
        scene.claim(1, &first, 0),
        VaultError::DestinationCloseAuthority,
    );
}

#[test]
fn another_account_of_the_member_gets_nothing() {
    let (mut scene, first) = funded(&[], 100, &[100]);
    let other: Keypair = key("another account");
    let payer = scene.world.payer().pubkey();
    let open = solana_system_interface::instruction::create_account(
        &payer,
        &other.pubkey(),
        10_000_000,
        165,
        &TOKEN_2022_PROGRAM,
    );
    let initialize = token::initialize_account3(
        &TOKEN_2022_PROGRAM,
        &other.pubkey(),
        &scene.mint,
        &member(0),
    );
    scene.world.must(&[open, initialize.unwrap()], &[&other]);
    claim_into(
        &mut scene,
        &first,
        other.pubkey(),
        VaultError::DestinationNotCanonical,
    );
}

#[test]
fn a_canonical_account_of_token_2022_can_not_be_given_away() {
    let (mut scene, first) = funded(&[], 100, &[100]);
    let give = token::set_authority(
        &TOKEN_2022_PROGRAM,
        &wallet(&scene, 0),
        Some(&address("stranger")),
        AuthorityType::AccountOwner,
        &member(0),
        &[],
    );
    let ran = with_token(&mut scene, give, "member 0");
    assert_refused_by(ran, &TOKEN_2022_PROGRAM, TokenError::ImmutableOwner as u32);
    scene.claim(1, &first, 0).unwrap();
    assert_eq!(scene.balance(0), 100);
}

#[test]
fn a_guarded_destination_is_paid_and_a_guarded_source_does_not_fund() {
    let (mut scene, first) = funded(&[], 100, &[100]);
    let guard = |account: &Pubkey, owner: &Pubkey, payer: &Pubkey| {
        let grow = token::reallocate(
            &TOKEN_2022_PROGRAM,
            account,
            payer,
            owner,
            &[],
            &[ExtensionType::CpiGuard],
        );
        let on = cpi_guard::instruction::enable_cpi_guard(&TOKEN_2022_PROGRAM, account, owner, &[]);
        [grow.unwrap(), on.unwrap()]
    };
    let payer = scene.world.payer().pubkey();
    let on = guard(&wallet(&scene, 0), &member(0), &payer);
    scene.must(&on, &["member 0"]);
    scene.claim(1, &first, 0).unwrap();
    assert_eq!(scene.balance(0), 100);

    let funding = scene.funding(50);
    let on = guard(&funding.from, &address("stranger"), &payer);
    scene.must(&on, &["stranger"]);
    assert_refused_by(
        scene.run(&[funding.instruction()], &["stranger"]),
        &TOKEN_2022_PROGRAM,
        TokenError::CpiGuardTransferBlocked as u32,
    );
}
