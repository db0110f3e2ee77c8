//! Anyone may send a claim or a sweep, so nobody may choose where it goes.

use cairn_interface::{airdrop::AirdropError, ids::TOKEN_PROGRAM};
use cairn_testkit::{World, assert_refused};
use solana_sdk::{
    instruction::Instruction, program_error::ProgramError, pubkey::Pubkey, signer::Signer,
};
use spl_token_interface::instruction::{self as token, AuthorityType};

use super::scene::{Airdrop, CLIFF_IN, EXPIRES_IN, USUAL};
use crate::vault::scene::{Ran, address, key, member};

/// What an act that pays does to the usual campaign.
type Act = fn(&mut Airdrop) -> Ran;

/// An act that pays, when, and whose account it pays to.
const ACTS: [(&str, Act, i64, &str); 3] = [
    ("claim", |airdrop| airdrop.claim(0), CLIFF_IN, "member 0"),
    (
        "claim vested",
        |airdrop| airdrop.claim_vested(1),
        CLIFF_IN,
        "member 1",
    ),
    (
        "sweep",
        |airdrop| airdrop.sweep(),
        EXPIRES_IN + 1,
        "receiver",
    ),
];

/// A mint with a freeze authority, and the usual campaign of it in which drop 1 was claimed.
fn stage() -> Airdrop {
    let mut world = World::new();
    let treasurer = world.actor("treasurer").pubkey();
    let mint = key("a mint that freezes");
    let payer = world.payer().pubkey();
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
    world.must(&[create, initialize.unwrap()], &[&mint]);
    let mut airdrop = Airdrop::unmade_over(world, mint.pubkey(), &USUAL);
    airdrop.create().unwrap();
    airdrop.put_canopy();
    airdrop.fund_and_open();
    airdrop.claim(1).unwrap();
    airdrop.open_wallet(&address("receiver"));
    airdrop
}

/// Every act is refused while the account it pays to is spoilt, and pays once it is mended.
fn refused_while(
    spoil: fn(&Pubkey, &Airdrop, &str) -> Result<Instruction, ProgramError>,
    mend: fn(&Pubkey, &Airdrop, &str) -> Result<Instruction, ProgramError>,
    signer: Option<&str>,
    expected: AirdropError,
) {
    for (name, act, at, whose) in ACTS {
        let mut airdrop = stage();
        airdrop.at(at);
        let wallet = airdrop.wallet(&address(whose));
        let signer = signer.unwrap_or(whose);
        let instruction = spoil(&wallet, &airdrop, whose).unwrap();
        airdrop.must(&[instruction], &[signer]);
        let before = airdrop.world.tokens(&wallet);
        println!("{name}");
        assert_refused(act(&mut airdrop), expected);
        let instruction = mend(&wallet, &airdrop, whose).unwrap();
        airdrop.must(&[instruction], &[signer]);
        act(&mut airdrop).unwrap();
        assert!(airdrop.world.tokens(&wallet) > before, "{name}");
    }
}

#[test]
fn a_frozen_account_gets_nothing_until_it_is_thawed() {
    refused_while(
        |wallet, airdrop, _| {
            token::freeze_account(
                &TOKEN_PROGRAM,
                wallet,
                &airdrop.mint,
                &address("treasurer"),
                &[],
            )
        },
        |wallet, airdrop, _| {
            token::thaw_account(
                &TOKEN_PROGRAM,
                wallet,
                &airdrop.mint,
                &address("treasurer"),
                &[],
            )
        },
        Some("treasurer"),
        AirdropError::DestinationFrozen,
    );
}

#[test]
fn a_delegated_account_gets_nothing_until_it_is_revoked() {
    refused_while(
        |wallet, _, whose| {
            token::approve(
                &TOKEN_PROGRAM,
                wallet,
                &address("stranger"),
                &address(whose),
                &[],
                1,
            )
        },
        |wallet, _, whose| token::revoke(&TOKEN_PROGRAM, wallet, &address(whose), &[]),
        None,
        AirdropError::DestinationDelegated,
    );
}

#[test]
fn an_account_that_another_may_close_gets_nothing() {
    let set = |wallet: &Pubkey, to: Option<&Pubkey>, by: &Pubkey| {
        let authority = AuthorityType::CloseAccount;
        token::set_authority(&TOKEN_PROGRAM, wallet, to, authority, by, &[]).unwrap()
    };
    for (name, act, at, whose) in ACTS {
        let mut airdrop = stage();
        airdrop.at(at);
        let wallet = airdrop.wallet(&address(whose));
        let stranger = address("stranger");
        let spoil = set(&wallet, Some(&stranger), &address(whose));
        airdrop.must(&[spoil], &[whose]);
        println!("{name}");
        assert_refused(act(&mut airdrop), AirdropError::DestinationCloseAuthority);
        let mend = set(&wallet, None, &stranger);
        airdrop.must(&[mend], &["stranger"]);
        act(&mut airdrop).unwrap();
    }
}

#[test]
fn an_account_that_was_given_away_is_nobodys_canonical_one() {
    for (name, act, at, whose) in ACTS {
        let mut airdrop = stage();
        airdrop.at(at);
        let give = token::set_authority(
            &TOKEN_PROGRAM,
            &airdrop.wallet(&address(whose)),
            Some(&address("stranger")),
            AuthorityType::AccountOwner,
            &address(whose),
            &[],
        );
        airdrop.must(&[give.unwrap()], &[whose]);
        println!("{name}");
        assert_refused(act(&mut airdrop), AirdropError::DestinationNotCanonical);
    }
}

#[test]
fn the_senders_own_account_gets_nothing() {
    let mut airdrop = stage();
    airdrop.at(CLIFF_IN);
    let thief = airdrop.open_wallet(&address("stranger"));
    let claims = [
        airdrop.claim_of(0).instruction(),
        airdrop.claim_vested_of(1).instruction(),
    ];
    for mut claim in claims {
        claim.accounts[4].pubkey = thief;
        assert_refused(
            airdrop.run(&[claim], &[]),
            AirdropError::DestinationNotCanonical,
        );
    }
    airdrop.at(EXPIRES_IN + 1);
    let mut sweep = airdrop.sweep_of().instruction();
    sweep.accounts[4].pubkey = thief;
    assert_refused(
        airdrop.run(&[sweep], &[]),
        AirdropError::DestinationNotCanonical,
    );
}

#[test]
fn the_vault_is_no_destination() {
    let mut airdrop = stage();
    airdrop.at(EXPIRES_IN + 1);
    let mut sweep = airdrop.sweep_of().instruction();
    sweep.accounts[4].pubkey = sweep.accounts[2].pubkey;
    let refused = airdrop.run(&[sweep], &[]).unwrap_err();
    // Anchor's code for a mutable account that is given twice.
    assert_eq!(refused.code, Some(2_040), "{refused:?}");
    assert_eq!(airdrop.vault_balance(), 2_062 - 50);
}

#[test]
fn a_missing_account_is_told_and_can_be_opened_in_the_same_transaction() {
    let mut airdrop = Airdrop::open(&USUAL);
    let close = token::close_account(
        &TOKEN_PROGRAM,
        &airdrop.wallet(&member(0)),
        &address("stranger"),
        &member(0),
        &[],
    );
    airdrop.must(&[close.unwrap()], &["member 0"]);
    assert_refused(airdrop.claim(0), AirdropError::DestinationNotTokenAccount);
    let open = cairn_interface::spl::create_associated_token_account(
        &address("sponsor"),
        &member(0),
        &airdrop.mint,
        &airdrop.token_program,
    );
    let claim = airdrop.claim_of(0).instruction();
    airdrop.must(&[open, claim], &["sponsor"]);
    assert_eq!(airdrop.balance(0), 100);
}
