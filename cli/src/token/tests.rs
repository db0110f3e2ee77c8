use cairn_interface::spl::{TransferFee, TransferFees};

use super::*;

fn mint(bps: u16, maximum: u64) -> MintView {
    let fee = TransferFee {
        epoch: 0,
        maximum,
        bps,
    };
    MintView {
        address: Pubkey::default(),
        token_program: ids::TOKEN_2022_PROGRAM,
        mint_authority: None,
        freeze_authority: None,
        supply: 0,
        decimals: 2,
        transfer_fees: Some(TransferFees {
            authority: None,
            older: fee,
            newer: fee,
        }),
        pause_authority: None,
        paused: false,
        appearance: None,
        account_len: 182,
    }
}

#[test]
fn what_arrives_and_what_is_withheld_make_the_amount() {
    let arrival = Arrival::of(&mint(100, 1_000), Tokens::new(100_000), 5, 0);
    assert_eq!(
        (arrival.received.base(), arrival.fee.base()),
        (99_000, 1_000)
    );
    assert_eq!(
        arrival.words(),
        "990 tokens, after the token's own fee of 10"
    );
    let capped = Arrival::of(&mint(100, 3), Tokens::new(100_000), 5, 0);
    assert_eq!(capped.received.base(), 99_997);
}

fn scaled_mint(older: &str, newer: &str, newer_from: i64) -> MintView {
    MintView {
        appearance: Some(Appearance::Scaled {
            authority: None,
            older: older.to_owned(),
            newer: newer.to_owned(),
            newer_from,
        }),
        ..mint(0, 0)
    }
}

#[test]
fn what_wallets_show_of_a_scaled_token_is_told_before_it_is_paid() {
    let thirty = Tokens::new(3_000);
    let told = |older, newer, from| shown(&scaled_mint(older, newer, from), thirty, 100);
    assert_eq!(
        told("1", "2", 100).unwrap(),
        "60 tokens: they multiply by 2 what is counted here"
    );
    assert_eq!(
        told("0.5", "2", 101).unwrap(),
        "15 tokens: they multiply by 0.5 what is counted here, from 1970-01-01 00:01:41 UTC on by 2"
    );
    assert_eq!(told("2", "1", 100), None);
    assert_eq!(told("1", "1", 101), None);
    let long = told("1", "1.0000000000000002", 0).unwrap();
    assert!(long.starts_with("another number: "), "{long}");
    assert_eq!(shown(&mint(0, 0), thirty, 0), None);
}

#[test]
fn interest_is_told_with_its_rate_and_who_may_change_it() {
    let holder = Pubkey::new_from_array([4; 32]);
    let mint = MintView {
        appearance: Some(Appearance::Interest {
            authority: Some(holder),
            rate_bps: -50,
        }),
        ..mint(0, 0)
    };
    assert_eq!(
        shown(&mint, Tokens::new(1), 0).unwrap(),
        format!(
            "more or less: they add interest, -0.5 % a year now, to what is counted here; {holder} may change that"
        )
    );
}

#[test]
fn a_fee_is_told_in_percent_with_its_bound() {
    let powers = powers(&mint(25, 1_000), 0);
    assert_eq!(
        powers,
        [
            "The token takes 0.25 % of each transfer, at most 10 tokens: of what is sent and of what is paid."
        ]
    );
    assert_eq!(
        (percent(0), percent(100), percent(1_050)),
        ("0".into(), "1".into(), "10.5".into())
    );
}

#[test]
fn every_power_names_who_holds_it() {
    let (freezer, pauser, taker) = (
        Pubkey::new_from_array([1; 32]),
        Pubkey::new_from_array([2; 32]),
        Pubkey::new_from_array([3; 32]),
    );
    let mut mint = mint(1, 1);
    mint.freeze_authority = Some(freezer);
    mint.pause_authority = Some(pauser);
    if let Some(fees) = &mut mint.transfer_fees {
        fees.authority = Some(taker);
    }
    let powers = powers(&mint, 0);
    for (power, holder) in powers.iter().zip([freezer, pauser, taker]) {
        assert!(power.contains(&holder.to_string()), "{power}");
    }
    assert_eq!(powers.len(), 3);
}
