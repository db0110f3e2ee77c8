//! What a stolen key of a campaign is worth: no more than SECURITY.md says.

use cairn_interface::{airdrop::AirdropError, ids, spl};
use cairn_testkit::{assert_refused, assert_refused_by};

use super::scene::{Airdrop, EXPIRES_IN, USUAL, VESTED_IN};
use crate::vault::scene::address;

/// Moves tokens out of the vault as if its owner were the actor.
fn drain(airdrop: &mut Airdrop, actor: &str) {
    let to = airdrop.open_wallet(&address(actor));
    let steal = spl::transfer(
        &airdrop.token_program,
        &airdrop.mint,
        6,
        &airdrop.vault(),
        &to,
        &address(actor),
        1,
    );
    let before = airdrop.vault_balance();
    // The token program's OwnerMismatch.
    let stolen = airdrop.run(&[steal], &[actor]);
    assert_refused_by(stolen, &ids::TOKEN_PROGRAM, 4);
    assert_eq!(airdrop.vault_balance(), before);
}

#[test]
fn a_stolen_creator_keeps_the_rest_from_the_receiver_and_takes_nothing() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.open_wallet(&address("receiver"));
    drain(&mut airdrop, "creator");
    // Neither early, nor to itself, nor through a second campaign under the same number.
    let mut sweep = airdrop.sweep_of();
    sweep.draft = true;
    assert_refused(
        airdrop.run(&[sweep.instruction()], &["creator"]),
        AirdropError::CampaignNotExpired,
    );
    airdrop.at(EXPIRES_IN + 1);
    sweep.receiver = address("creator");
    assert_refused(
        airdrop.run(&[sweep.instruction()], &["creator"]),
        AirdropError::WrongReceiver,
    );
    // An account that exists is not created: the system program's code 0.
    assert_refused_by(airdrop.create(), &ids::SYSTEM_PROGRAM, 0);
    // The worst it can do.
    let for_ever = i64::MAX - airdrop.began;
    airdrop.extend("creator", for_ever).unwrap();
    assert_refused(airdrop.sweep(), AirdropError::CampaignNotExpired);
    for index in [0, 1, 2, 4, 5] {
        airdrop.claim(index).unwrap();
    }
    assert_eq!(airdrop.vault_balance(), 0);
}

#[test]
fn a_stolen_receiver_gets_what_is_left_and_not_before_the_expiry() {
    let mut airdrop = Airdrop::open(&USUAL);
    let to = airdrop.open_wallet(&address("receiver"));
    drain(&mut airdrop, "receiver");
    assert_refused(airdrop.sweep(), AirdropError::CampaignNotExpired);
    assert_refused(
        airdrop.extend("receiver", EXPIRES_IN + 1),
        AirdropError::NotCreator,
    );
    // It can hold up the sweep with its own account; claims go on.
    let approve = spl_token_interface::instruction::approve(
        &airdrop.token_program,
        &to,
        &address("stranger"),
        &address("receiver"),
        &[],
        1,
    );
    airdrop.must(&[approve.unwrap()], &["receiver"]);
    airdrop.at(VESTED_IN);
    airdrop.claim(1).unwrap();
    airdrop.at(EXPIRES_IN + 1);
    assert_refused(airdrop.sweep(), AirdropError::DestinationDelegated);
    let revoke = spl_token_interface::instruction::revoke(
        &airdrop.token_program,
        &to,
        &address("receiver"),
        &[],
    );
    airdrop.must(&[revoke.unwrap()], &["receiver"]);
    airdrop.sweep().unwrap();
    assert_eq!(airdrop.world.tokens(&to), 2_062 - 1_050);
}
