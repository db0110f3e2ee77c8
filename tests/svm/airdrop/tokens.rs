//! Campaigns of Token-2022 mints, on the real token program.

use cairn_interface::airdrop::{AirdropError, AirdropEvent, ClaimDrop};
use cairn_testkit::{MintExtension, World, assert_refused};
use solana_sdk::signer::Signer;

use super::scene::{Airdrop, EXPIRES_IN, USUAL, VESTED_IN, event};
use crate::vault::scene::{address, key, member};

fn over(extensions: &[MintExtension]) -> Airdrop {
    let mut world = World::new();
    let treasurer = world.actor("treasurer");
    let mint = world.create_mint_2022(&treasurer, 6, extensions);
    assert_eq!(treasurer.pubkey(), address("treasurer"));
    Airdrop::unmade_over(world, mint, &USUAL)
}

#[test]
fn a_plain_mint_of_token_2022_works_from_creation_to_close() {
    let mut airdrop = over(&[MintExtension::Metadata]);
    airdrop.create().unwrap();
    airdrop.put_canopy();
    airdrop.fund_and_open();
    airdrop.claim(0).unwrap();
    airdrop.claim(1).unwrap();
    airdrop.at(VESTED_IN);
    airdrop.claim_vested(1).unwrap();
    assert_eq!((airdrop.balance(0), airdrop.balance(1)), (100, 1_050));
    let to = airdrop.open_wallet(&address("receiver"));
    airdrop.at(EXPIRES_IN + 1);
    airdrop.sweep().unwrap();
    assert_eq!(airdrop.world.tokens(&to), 2_062 - 1_150);
    airdrop.close_page(0).unwrap();
    airdrop.close_vesting(1).unwrap();
    airdrop.close().unwrap();
}

#[test]
fn a_mint_that_takes_a_fee_must_bring_the_whole_root_into_the_vault() {
    // One in a hundred, rounded up.
    let mut airdrop = over(&[MintExtension::TransferFee {
        bps: 100,
        maximum: u64::MAX,
    }]);
    airdrop.create().unwrap();
    airdrop.put_canopy();
    let from = airdrop.mint_to(&address("creator"), 10_000);
    // What the vault lacks does not arrive whole.
    assert_refused(airdrop.fill(from, None), AirdropError::CampaignVaultShort);
    airdrop.fill(from, Some(2_083)).unwrap();
    assert_eq!(airdrop.vault_balance(), 2_062);
    airdrop.open_page(0).unwrap();
    airdrop.open_wallet(&member(0));
    airdrop.at(VESTED_IN);
    let AirdropEvent::DropClaimed(said) = event(airdrop.claim(0)) else {
        panic!("another event");
    };
    // What left the vault counts as paid; the mint's fee is the claimant's.
    assert_eq!((said.paid, said.received), (100, 99));
    assert_eq!(airdrop.campaign().claimed, 100);
    let to = airdrop.open_wallet(&address("receiver"));
    airdrop.at(EXPIRES_IN + 1);
    let AirdropEvent::CampaignSwept(said) = event(airdrop.sweep()) else {
        panic!("another event");
    };
    assert_eq!((said.swept, said.received), (1_962, 1_942));
    assert_eq!(airdrop.world.tokens(&to), 1_942);
    // The vault held fees of its own, which its closing must not lose: they went back to the mint.
    assert!(airdrop.world.account(&airdrop.vault()).is_none());
}

#[test]
fn a_mint_that_could_take_the_drops_away_is_refused() {
    for (extension, expected) in [
        (
            MintExtension::PermanentDelegate(address("stranger")),
            AirdropError::MintPermanentDelegate,
        ),
        (
            MintExtension::TransferHook { program: None },
            AirdropError::MintTransferHook,
        ),
        (
            MintExtension::DefaultFrozen(true),
            AirdropError::MintDefaultFrozen,
        ),
        (
            MintExtension::NonTransferable,
            AirdropError::MintNonTransferable,
        ),
        (
            MintExtension::CloseAuthority(Some(address("stranger"))),
            AirdropError::MintCloseAuthority,
        ),
    ] {
        let mut airdrop = over(&[extension]);
        assert_refused(airdrop.create(), expected);
    }
}

#[test]
fn an_account_that_wants_a_memo_is_paid_with_one() {
    let mut airdrop = over(&[]);
    airdrop.create().unwrap();
    airdrop.put_canopy();
    airdrop.fund_and_open();
    let wallet = airdrop.wallet(&member(0));
    airdrop.world.require_memo(&wallet, &key("member 0"));
    assert_refused(airdrop.claim(0), AirdropError::DestinationMemoRequired);
    let with = ClaimDrop {
        memo: true,
        ..airdrop.claim_of(0)
    };
    let mut wrong = with.instruction();
    let position = wrong.accounts.len() - 3;
    wrong.accounts[position].pubkey = address("stranger");
    assert_refused(airdrop.run(&[wrong], &[]), AirdropError::WrongMemoProgram);
    airdrop.must(&[with.instruction()], &[]);
    assert_eq!(airdrop.balance(0), 100);

    let wallet = airdrop.open_wallet(&address("receiver"));
    airdrop.world.require_memo(&wallet, &key("receiver"));
    airdrop.claim(1).unwrap();
    let other = airdrop.wallet(&member(1));
    airdrop.world.require_memo(&other, &key("member 1"));
    airdrop.at(VESTED_IN);
    assert_refused(
        airdrop.claim_vested(1),
        AirdropError::DestinationMemoRequired,
    );
    let mut claim = airdrop.claim_vested_of(1);
    claim.memo = true;
    airdrop.must(&[claim.instruction()], &[]);
    airdrop.at(EXPIRES_IN + 1);
    assert_refused(airdrop.sweep(), AirdropError::DestinationMemoRequired);
    let mut sweep = airdrop.sweep_of();
    sweep.memo = true;
    airdrop.must(&[sweep.instruction()], &[]);
    assert_eq!(airdrop.world.tokens(&wallet), 2_062 - 100 - 1_050);
}
