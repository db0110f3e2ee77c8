use cairn_interface::{
    error::explain,
    ids::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    vault::{Claimed, VaultError, VaultEvent, vault_address},
};
use cairn_testkit::{
    MintExtension::{
        self, CloseAuthority, ConfidentialTransfer, DefaultFrozen, GroupMemberPointer,
        GroupPointer, InterestBearing, Metadata, NonTransferable, Pausable, PermanentDelegate,
        PermissionedBurn, ScaledUiAmount, TransferHook,
    },
    assert_refused,
};
use solana_sdk::{pubkey::Pubkey, signer::Signer};
use spl_token_2022_interface::{
    error::TokenError,
    instruction::{self as token, AuthorityType},
};

use super::{adopt, create, funded, over, wallet, with_token};
use crate::vault::scene::{address, event, key, member};

/// No pool is created over a mint with `extensions`.
fn refused(extensions: &[MintExtension], expected: VaultError) {
    let mut scene = over(extensions);
    assert_refused(create(&mut scene), expected);
    assert!(scene.world.account(&vault_address(&scene.pool).0).is_none());
}

#[test]
fn a_plain_mint_of_token_2022_works_from_funding_to_the_last_claim() {
    let (mut scene, first) = funded(&[], 300, &[100, 200]);
    let said = event(scene.claim(1, &first, 0));
    assert!(
        matches!(
            said,
            VaultEvent::Claimed(Claimed {
                paid: 100,
                received: 100,
                ..
            })
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
