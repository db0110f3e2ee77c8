use cairn_interface::airdrop::{AirdropError, AirdropEvent};
use cairn_testkit::assert_refused;

use super::scene::{Airdrop, EXPIRES_IN, USUAL, event};
use crate::vault::scene::address;

#[test]
fn the_expiry_moves_later_and_never_back() {
    let mut airdrop = Airdrop::open(&USUAL);
    assert_refused(
        airdrop.extend("creator", EXPIRES_IN - 1),
        AirdropError::ExpiryShortened,
    );
    assert_refused(
        airdrop.extend("creator", EXPIRES_IN),
        AirdropError::ExpiryShortened,
    );
    let AirdropEvent::CampaignExtended(said) = event(airdrop.extend("creator", EXPIRES_IN + 1))
    else {
        panic!("another event");
    };
    assert_eq!(said.old_expires_at + 1, said.expires_at);
    assert_eq!(airdrop.campaign().expires_at, said.expires_at);
    assert_refused(
        airdrop.extend("creator", EXPIRES_IN),
        AirdropError::ExpiryShortened,
    );
    let other_dates = airdrop.campaign();
    assert_eq!(other_dates.vesting_end, airdrop.terms.vesting_end);
}

#[test]
fn only_the_creator_extends() {
    let mut airdrop = Airdrop::open(&USUAL);
    assert_refused(
        airdrop.extend("stranger", EXPIRES_IN + 1),
        AirdropError::NotCreator,
    );
}

#[test]
fn a_late_extension_reopens_claims_as_long_as_nobody_swept() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.at(EXPIRES_IN + 100);
    assert_refused(
        airdrop.extend("creator", EXPIRES_IN + 100),
        AirdropError::CampaignTimes,
    );
    airdrop.extend("creator", EXPIRES_IN + 101).unwrap();
    airdrop.claim(0).unwrap();
    airdrop.at(EXPIRES_IN + 102);
    airdrop.open_wallet(&address("receiver"));
    airdrop.sweep().unwrap();
    assert_refused(
        airdrop.extend("creator", EXPIRES_IN + 500),
        AirdropError::CampaignNotOpen,
    );
}

#[test]
fn no_second_lets_a_claim_and_a_sweep_both_happen() {
    let mut airdrop = Airdrop::open(&[(10, 0), (20, 0)]);
    airdrop.open_wallet(&address("receiver"));
    let claim = airdrop.claim_of(0).instruction();
    let sweep = airdrop.sweep_of().instruction();
    for (secs, claims) in [(EXPIRES_IN, true), (EXPIRES_IN + 1, false)] {
        airdrop.at(secs);
        // Whichever stands first, the one that is out of its time fails, and the transaction with it.
        let refused = if claims {
            AirdropError::CampaignNotExpired
        } else {
            AirdropError::CampaignExpired
        };
        for race in [[&claim, &sweep], [&sweep, &claim]] {
            let outcome = airdrop.run(&race.map(Clone::clone), &[]);
            // After a sweep that held the claim finds no open campaign.
            if !claims && race[0] == &sweep {
                assert_refused(outcome, AirdropError::CampaignNotOpen);
            } else {
                assert_refused(outcome, refused);
            }
        }
    }
    assert_eq!((airdrop.balance(0), airdrop.vault_balance()), (0, 30));
}
