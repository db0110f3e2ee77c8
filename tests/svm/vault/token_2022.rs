//! Token-2022 on the real token program: which mints a pool takes, whom it pays, and what arrives.

use cairn_interface::{
    error::explain,
    ids::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    spl,
    vault::{VaultError, VaultEvent, vault_address},
};
use cairn_testkit::{
    MintExtension::{self, *},
    Rewards, assert_refused, assert_refused_by,
};
use solana_sdk::{clock::Clock, pubkey::Pubkey, signature::Keypair, signer::Signer};
use spl_token_2022_interface::{
    error::TokenError,
    extension::{cpi_guard, default_account_state, pausable, transfer_fee},
    instruction::{self as token, AuthorityType},
    state::AccountState,
};

use super::scene::{Ran, Scene, Terms, address, event, key, member};

/// Everything but the pool, over a new mint with `extensions`.
fn over(extensions: &[MintExtension]) -> Scene {
    let mut scene = Scene::without_pool(Terms::default());
    let mint = scene
        .world
        .create_mint_2022(&key("treasurer"), 6, extensions);
    adopt(&mut scene, mint);
    scene
}

fn adopt(scene: &mut Scene, mint: Pubkey) {
    scene.mint = mint;
    scene.pool = scene.create_pool().pool();
}

fn create(scene: &mut Scene) -> Ran {
    let creation = scene.create_pool().instruction();
    scene.run(&[creation], &["admin"])
}

/// No pool is created over a mint with `extensions`.
fn refused(extensions: &[MintExtension], expected: VaultError) {
    let mut scene = over(extensions);
    assert_refused(create(&mut scene), expected);
    assert!(scene.world.account(&vault_address(&scene.pool).0).is_none());
}

/// A pool over a mint with `extensions`, whose first epoch grants member *i* `tokens[i]`, with everything open. The
/// vault holds what is left of `sent` on arrival.
fn funded(extensions: &[MintExtension], sent: u64, tokens: &[u64]) -> (Scene, Rewards) {
    let mut scene = over(extensions);
    create(&mut scene).unwrap();
    let rewards = scene.rewards(tokens);
    scene.fund(sent).unwrap();
    scene.run_epoch(1, &rewards);
    scene.open_page(0).unwrap();
    for index in 0..tokens.len() {
        scene.open_wallet(&member(index.try_into().unwrap()));
    }
    (scene, rewards)
}

/// Runs an instruction of the token program that the named actor signs.
fn with_token(
    scene: &mut Scene,
    built: Result<solana_sdk::instruction::Instruction, solana_sdk::program_error::ProgramError>,
    actor: &str,
) -> Ran {
    scene.run(&[built.unwrap()], &[actor])
}

fn wallet(scene: &Scene, index: u32) -> Pubkey {
    spl::associated_token_address(&member(index), &scene.mint, &TOKEN_2022_PROGRAM)
}

/// Base units of the mint that anyone holds or that were withheld: all that was minted.
fn everywhere(scene: &Scene, members: u32) -> u64 {
    let mut sum = 0;
    let stranger =
        spl::associated_token_address(&address("stranger"), &scene.mint, &TOKEN_2022_PROGRAM);
    let wallets = (0..members).map(|index| wallet(scene, index));
    for account in wallets.chain([vault_address(&scene.pool).0, stranger]) {
        let view = scene.world.token_account(&account);
        sum += view.amount + view.withheld;
    }
    sum
}

#[test]
fn a_plain_mint_of_token_2022_works_from_funding_to_the_last_claim() {
    let (mut scene, first) = funded(&[], 300, &[100, 200]);
    let said = event(scene.claim(1, &first, 0));
    assert!(
        matches!(
            said,
            VaultEvent::Claimed {
                paid: 100,
                received: 100,
                ..
            }
        ),
        "{said:?}"
    );
    let second = scene.rewards(&[150, 250]);
    scene.fund(100).unwrap();
    scene.run_epoch(2, &second);
    scene.claim(2, &second, 0).unwrap();
    scene.claim(2, &second, 1).unwrap();
    assert_eq!((scene.balance(0), scene.balance(1)), (150, 250));
    assert_eq!(scene.vault_balance(), 0);
    assert_eq!(scene.pool().token_program, TOKEN_2022_PROGRAM);
    assert_refused(scene.claim(2, &second, 1), VaultError::NothingToClaim);
}

#[test]
fn extensions_that_leave_amounts_alone_are_taken() {
    for extensions in [
        &[Metadata][..],
        &[GroupPointer, GroupMemberPointer],
        &[InterestBearing],
        &[ScaledUiAmount],
        &[Pausable],
        &[ConfidentialTransfer],
        &[DefaultFrozen(false)],
        &[CloseAuthority(None)],
        &[Metadata, Pausable, InterestBearing, ConfidentialTransfer],
    ] {
        let (mut scene, first) = funded(extensions, 300, &[100, 200]);
        scene.claim(1, &first, 1).unwrap();
        assert_eq!(scene.balance(1), 200, "{extensions:?}");
        assert_eq!(scene.vault_balance(), 100, "{extensions:?}");
        let account = scene.world.expect_account(&wallet(&scene, 1));
        let mint = scene.world.mint(&scene.mint);
        assert_eq!(account.data.len(), mint.account_len, "{extensions:?}");
    }
}

#[test]
fn a_mint_whose_accounts_start_frozen_is_refused() {
    refused(&[DefaultFrozen(true)], VaultError::MintDefaultFrozen);
}

#[test]
fn a_permanent_delegate_is_refused_until_it_gave_up() {
    let delegate = address("stranger");
    refused(
        &[PermanentDelegate(delegate)],
        VaultError::MintPermanentDelegate,
    );
    let mut scene = over(&[Pausable, PermanentDelegate(delegate)]);
    assert_refused(create(&mut scene), VaultError::MintPermanentDelegate);
    let give_up = token::set_authority(
        &TOKEN_2022_PROGRAM,
        &scene.mint,
        None,
        AuthorityType::PermanentDelegate,
        &delegate,
        &[],
    );
    with_token(&mut scene, give_up, "stranger").unwrap();
    create(&mut scene).unwrap();
}

#[test]
fn a_mint_whose_tokens_can_not_move_is_refused() {
    refused(&[NonTransferable], VaultError::MintNonTransferable);
}

#[test]
fn a_mint_that_somebody_may_close_is_refused() {
    let closer = Some(address("stranger"));
    refused(&[CloseAuthority(closer)], VaultError::MintCloseAuthority);
}

#[test]
fn a_transfer_hook_is_refused_and_so_is_who_could_set_one() {
    let hook = Some(Pubkey::new_unique());
    refused(
        &[TransferHook { program: hook }],
        VaultError::MintTransferHook,
    );
    refused(
        &[TransferHook { program: None }],
        VaultError::MintTransferHook,
    );
}

#[test]
fn a_hook_without_a_program_that_nobody_can_set_is_harmless() {
    let mut scene = over(&[TransferHook { program: None }]);
    let give_up = token::set_authority(
        &TOKEN_2022_PROGRAM,
        &scene.mint,
        None,
        AuthorityType::TransferHookProgramId,
        &address("treasurer"),
        &[],
    );
    with_token(&mut scene, give_up, "treasurer").unwrap();
    create(&mut scene).unwrap();
    let rewards = scene.rewards(&[100]);
    scene.fund(100).unwrap();
    scene.run_epoch(1, &rewards);
    scene.open_page(0).unwrap();
    scene.open_wallet(&member(0));
    scene.claim(1, &rewards, 0).unwrap();
    assert_eq!(scene.balance(0), 100);
}

#[test]
fn an_extension_that_the_program_does_not_know_is_refused() {
    let burner = address("stranger");
    refused(
        &[PermissionedBurn(burner)],
        VaultError::MintExtensionUnknown,
    );
    // The last of several decides as much as the first.
    refused(
        &[Pausable, InterestBearing, PermissionedBurn(burner)],
        VaultError::MintExtensionUnknown,
    );
}

#[test]
fn a_mint_is_refused_under_the_other_token_program_or_none() {
    let mut scene = over(&[]);
    for (program, expected) in [
        (TOKEN_PROGRAM, VaultError::MintUnsupported),
        (Pubkey::new_unique(), VaultError::TokenProgramUnsupported),
    ] {
        let mut creation = scene.create_pool();
        creation.token_program = program;
        assert_refused(scene.run(&[creation.instruction()], &["admin"]), expected);
    }
    let plain = scene.world.create_mint(&key("treasurer"), 6);
    adopt(&mut scene, plain);
    let mut creation = scene.create_pool();
    creation.token_program = TOKEN_2022_PROGRAM;
    let ran = scene.run(&[creation.instruction()], &["admin"]);
    assert_refused(ran, VaultError::MintUnsupported);
}

#[test]
fn what_only_looks_like_a_mint_is_none() {
    // An account with extensions, whose kind byte says so.
    let mut scene = over(&[Pausable]);
    let account = scene.open_wallet(&address("stranger"));
    let mut creation = scene.create_pool();
    creation.mint = account;
    let ran = scene.run(&[creation.instruction()], &["admin"]);
    assert_refused(ran, VaultError::MintUnsupported);

    // A multisig whose signers' keys spell an initialised mint without extensions: anyone can name such keys.
    let multisig = key("a multisig");
    let mut spelled = [[0_u8; 32]; 11];
    spelled[1][45 - 3 - 32] = 1;
    spelled[5][165 - 3 - 5 * 32] = 1;
    let signers = spelled.map(Pubkey::new_from_array);
    let payer = scene.world.payer().pubkey();
    let open = solana_system_interface::instruction::create_account(
        &payer,
        &multisig.pubkey(),
        10_000_000,
        355,
        &TOKEN_2022_PROGRAM,
    );
    let signers: Vec<&Pubkey> = signers.iter().collect();
    let initialize =
        token::initialize_multisig2(&TOKEN_2022_PROGRAM, &multisig.pubkey(), &signers, 1);
    scene.world.must(&[open, initialize.unwrap()], &[&multisig]);
    adopt(&mut scene, multisig.pubkey());
    assert_refused(create(&mut scene), VaultError::MintUnsupported);
}

/// 1 %, at most 1,000 base units.
const FEE: MintExtension = TransferFee {
    bps: 100,
    maximum: 1_000,
};

#[test]
fn a_fee_taking_mint_is_accounted_by_what_arrived() {
    let mut scene = over(&[FEE]);
    create(&mut scene).unwrap();
    let said = event(scene.fund(10_000));
    assert!(
        matches!(
            said,
            VaultEvent::Funded {
                amount: 10_000,
                received: 9_900,
                total_funded: 9_900,
                ..
            }
        ),
        "{said:?}"
    );
    assert_eq!(scene.vault_balance(), 9_900);

    // A root above what arrived does not become active, whatever was sent.
    let above = scene.rewards(&[9_901]);
    scene.prepare(1, &above);
    assert_refused(scene.activate(1), VaultError::VaultShort);
    scene.veto("guardian", 1).unwrap();
    let rewards = scene.rewards(&[900, 9_000]);
    scene.prepare(1, &rewards);
    scene.activate(1).unwrap();

    scene.open_page(0).unwrap();
    for (index, paid, received) in [(0, 900, 891), (1, 9_000, 8_910)] {
        scene.open_wallet(&member(index));
        let said = event(scene.claim(1, &rewards, index));
        // The member is paid what the root grants; the mint takes its fee from that.
        assert!(
            matches!(
                said,
                VaultEvent::Claimed { paid: p, received: r, tokens_claimed: p2, .. }
                    if (p, r, p2) == (paid, received, paid)
            ),
            "{said:?}"
        );
        assert_eq!(scene.balance(index), received);
        let account = scene.world.expect_account(&wallet(&scene, index));
        assert_eq!(
            account.data.len(),
            scene.world.mint(&scene.mint).account_len
        );
        let view = scene.world.token_account(&wallet(&scene, index));
        assert_eq!(view.withheld, paid - received);
    }
    assert_eq!(scene.vault_balance(), 0);
    assert_eq!(scene.pool().total_claimed, 9_900);
    assert_eq!(everywhere(&scene, 2), 10_000);
    assert_refused(scene.claim(1, &rewards, 1), VaultError::NothingToClaim);
}

#[test]
fn the_fee_is_taken_as_the_interface_foretells() {
    let (mut scene, first) = funded(&[FEE], 1_000_000, &[1, 99, 101, 150_000, 500_000]);
    let mint = scene.world.mint(&scene.mint);
    let epoch = scene.world.svm().get_sysvar::<Clock>().epoch;
    for (index, leaf) in (0..).zip(first.leaves().to_vec()) {
        scene.claim(1, &first, index).unwrap();
        let expected = leaf.tokens - mint.fee_of(leaf.tokens, epoch);
        assert_eq!(scene.balance(index), expected, "of {}", leaf.tokens);
    }
    assert_eq!(everywhere(&scene, 5), 1_000_000);
}

#[test]
fn a_fee_that_changes_under_the_pool_costs_the_receiver_and_never_the_pool() {
    let (mut scene, first) = funded(&[FEE], 10_000, &[4_000, 5_900]);
    let raise = transfer_fee::instruction::set_transfer_fee(
        &TOKEN_2022_PROGRAM,
        &scene.mint,
        &address("treasurer"),
        &[],
        10_000,
        u64::MAX,
    );
    with_token(&mut scene, raise, "treasurer").unwrap();
    // Announced two epochs of the cluster ahead; until then the old fee holds.
    scene.claim(1, &first, 0).unwrap();
    assert_eq!(scene.balance(0), 3_960);
    let clock: Clock = scene.world.svm().get_sysvar();
    let later = Clock {
        epoch: clock.epoch + 2,
        ..clock
    };
    scene.world.svm().set_sysvar(&later);
    let said = event(scene.claim(1, &first, 1));
    assert!(
        matches!(
            said,
            VaultEvent::Claimed {
                paid: 5_900,
                received: 0,
                ..
            }
        ),
        "{said:?}"
    );
    assert_eq!((scene.balance(1), scene.vault_balance()), (0, 0));
    assert_eq!(everywhere(&scene, 2), 10_000);
    // Funding at such a fee counts for nothing, and no root can rely on it.
    let said = event(scene.fund(500));
    assert!(
        matches!(
            said,
            VaultEvent::Funded {
                amount: 500,
                received: 0,
                ..
            }
        ),
        "{said:?}"
    );
    assert_eq!(scene.pool().total_funded, 9_900);
}

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
        if meta.pubkey == cairn_interface::ids::MEMO_PROGRAM {
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
            VaultEvent::Claimed {
                paid: 9_900,
                received: 9_801,
                ..
            }
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
            &[spl_token_2022_interface::extension::ExtensionType::CpiGuard],
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

#[test]
fn the_token_programs_refusals_are_explained_under_their_own_names() {
    for error in [
        TokenError::InsufficientFunds,
        TokenError::AccountFrozen,
        TokenError::NoAuthorityExists,
        TokenError::ImmutableOwner,
        TokenError::AccountHasWithheldTransferFees,
        TokenError::NoMemo,
        TokenError::NonTransferable,
        TokenError::CpiGuardTransferBlocked,
        TokenError::CpiGuardCloseAccountBlocked,
        TokenError::NonConfidentialTransfersDisabled,
        TokenError::MintPaused,
    ] {
        let name = format!("{error:?}");
        let info = explain(&TOKEN_2022_PROGRAM, error as u32).unwrap();
        assert_eq!(info.name, name);
    }
    // SPL Token has none of the codes that were added.
    assert!(explain(&TOKEN_PROGRAM, TokenError::MintPaused as u32).is_none());
}
