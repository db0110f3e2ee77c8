//! What is read from a table, and what is refused by row and column.

use std::path::Path;

use cairn_campaign::{CampaignError, Reading, Recipients, Silent, Units, read_table};
use cairn_merkle::Tokens;
use cairn_spelling::text::{base58, key_from_base58};
use proptest::prelude::*;

const TOKENS: Reading = Reading {
    units: Units::Tokens { decimals: 6 },
    locked_bps: 0,
    each: None,
};
const BASE: Reading = Reading {
    units: Units::Base,
    locked_bps: 0,
    each: None,
};

fn key(n: u8) -> String {
    base58(&[n; 32])
}

fn read(text: impl AsRef<[u8]>, reading: Reading) -> Result<Recipients, CampaignError> {
    read_table(Path::new("drops.csv"), text.as_ref(), reading, &Silent)
}

/// Owner, unlocked and locked, by owner.
fn grants(recipients: &Recipients) -> Vec<(u8, u64, u64)> {
    let mut grants: Vec<_> = recipients
        .list()
        .iter()
        .map(|one| (one.owner[0], one.unlocked.get(), one.locked.get()))
        .collect();
    grants.sort_unstable();
    grants
}

fn refusal(text: impl AsRef<[u8]>, reading: Reading) -> String {
    read(text, reading).expect_err("a refusal").to_string()
}

#[test]
fn amounts_are_read_exactly_in_tokens_and_in_base_units() {
    let text = format!("owner,amount\n{},1.5\n{},0.000001\n", key(1), key(2));
    let recipients = read(text, TOKENS).unwrap();
    assert_eq!(grants(&recipients), [(1, 1_500_000, 0), (2, 1, 0)]);
    assert_eq!(
        (recipients.count(), recipients.tokens().get()),
        (2, 1_500_001)
    );
    let text = format!("owner,amount,locked\n{},15,7\n", key(1));
    let recipients = read(text, BASE).unwrap();
    assert_eq!(grants(&recipients), [(1, 15, 7)]);
    assert_eq!(
        (recipients.tokens().get(), recipients.locked().get()),
        (22, 7)
    );
}

#[test]
fn spreadsheets_may_add_a_byte_order_mark_carriage_returns_quotes_blanks_and_empty_lines() {
    let text = format!(
        "\u{feff}Amount, OWNER ,locked\r\n\r\n\"1.5\",\"{}\", 2\r\n 3 ,{},\"0\"\r\n\r\n",
        key(1),
        key(2)
    );
    let recipients = read(text, TOKENS).unwrap();
    assert_eq!(
        grants(&recipients),
        [(1, 1_500_000, 2_000_000), (2, 3_000_000, 0)]
    );
    // No line break at the end.
    let text = format!("owner,amount\n{},3", key(9));
    assert_eq!(grants(&read(text, BASE).unwrap()), [(9, 3, 0)]);
}

#[test]
fn a_share_can_be_locked_and_its_dust_is_paid_at_once() {
    let text = format!("owner,amount\n{},10\n{},1\n", key(1), key(2));
    let third = Reading {
        locked_bps: 3_333,
        ..BASE
    };
    assert_eq!(grants(&read(&text, third).unwrap()), [(1, 7, 3), (2, 1, 0)]);
    let all = Reading {
        locked_bps: 10_000,
        ..BASE
    };
    assert_eq!(grants(&read(&text, all).unwrap()), [(1, 0, 10), (2, 0, 1)]);
    let both = format!("owner,amount,locked\n{},10,1\n", key(1));
    assert_eq!(
        refusal(both, third),
        "drops.csv has a column locked, and a locked share is given too"
    );
}

#[test]
fn every_fault_is_named_with_its_row_and_column_all_at_once() {
    let long = "x".repeat(100);
    let rows = [
        "owner,amount,locked".to_owned(),
        format!("{},1.000000001,0", key(1)),
        format!("{},\"1,000\",-3", key(2)),
        "not a key,NaN,0".to_owned(),
        format!("{},1", key(3)),
        String::new(),
        format!("{},1,0", key(4)),
        format!("{},0,0", key(5)),
        format!("{},2,0", key(4)),
        format!("\"{},1,0", key(6)),
        "11111111111111111111111111111111,1,0".to_owned(),
        format!("{},18446744073709.551615,0.000001", key(7)),
        format!("{long},1e9,\u{1b}[31m"),
    ];
    let error = read(rows.join("\n"), TOKENS).unwrap_err();
    let expected = format!(
        "drops.csv has 14 faults:
  row 2, column amount: \"1.000000001\" has more digits behind the point than the 6 that count
  row 3, column amount: \"1,000\" can be read as 1000 and as 1.000; write 1000 or 1.000
  row 3, column locked: \"-3\" is negative
  row 4, column owner: \"not a key\" is not a 32-byte key in Base58
  row 4, column amount: \"NaN\" is not a finite number
  row 5: 2 fields where the header names 3
  row 8, column amount: nothing is granted to this owner
  row 9, column owner: the same owner stands in row 7 already
  row 10: a quote is not closed on its line
  row 11, column owner: \"11111111111111111111111111111111\" is the system program's key; nobody holds it
  row 12: amount and locked together exceed 64 bits
  row 13, column owner: \"{}…\" is not a 32-byte key in Base58
  row 13, column amount: \"1e9\" is in scientific notation
  row 13, column locked: \"\\u{{1b}}[31m\" is not a number",
        "x".repeat(48)
    );
    assert_eq!(error.to_string(), expected);
    assert!(error.hint().contains("nothing is rounded for you"));
}

#[test]
fn a_decimal_comma_is_named_with_the_right_writing_and_never_with_a_hundredfold() {
    let text = format!(
        "owner,amount\n{},\"1234,56\"\n{},\"1.234,56\"\n",
        key(1),
        key(2)
    );
    let error = read(text, TOKENS).unwrap_err();
    assert_eq!(
        error.to_string(),
        "drops.csv has 2 faults:
  row 2, column amount: \"1234,56\" has a decimal comma; write 1234.56
  row 3, column amount: \"1.234,56\" has a decimal comma; write 1234.56"
    );
    assert!(error.hint().contains("would change the amounts"));
}

#[test]
fn an_owner_that_stands_twice_is_told_beside_other_faults_of_the_same_rows() {
    let text = format!(
        "owner,amount\n{0},x\n{1},1\n{0},-1\n{1},1\n",
        key(1),
        key(2)
    );
    assert_eq!(
        refusal(text, BASE),
        "drops.csv has 4 faults:
  row 2, column amount: \"x\" is not a number
  row 4, column amount: \"-1\" is negative
  row 4, column owner: the same owner stands in row 2 already
  row 5, column owner: the same owner stands in row 3 already"
    );
}

#[test]
fn twenty_faults_are_listed_and_the_rest_counted_in_the_order_of_rows() {
    let mut text = "owner,amount\n".to_owned();
    for _ in 0..30_000 {
        text.push_str("nobody,1\n");
    }
    let message = refusal(text, BASE);
    assert!(message.starts_with("drops.csv has 30000 faults:\n  row 2, column owner"));
    assert!(message.contains("\n  row 21, column owner"));
    assert!(!message.contains("row 22,"));
    assert!(message.ends_with("\n  and 29980 more"), "{message}");
}

#[test]
fn rows_are_counted_across_the_pieces_that_cores_read() {
    let mut text = "owner,amount\n".to_owned();
    for n in 0..20_000_u64 {
        let mut owner = [7; 32];
        owner[..8].copy_from_slice(&n.to_le_bytes());
        text.push_str(&format!("{},1\n", base58(&owner)));
    }
    text.push_str("nobody,1\n");
    assert!(refusal(&text, BASE).contains("\n  row 20002, column owner"));
}

#[test]
fn the_row_at_which_all_amounts_together_overflow_is_named() {
    let text = format!(
        "owner,amount\n{},18446744073709551615\n{},1\n{},1\n",
        key(1),
        key(2),
        key(3)
    );
    assert_eq!(
        refusal(text, BASE),
        "drops.csv has 1 fault:\n  row 3: here the sum of all amounts exceeds 64 bits; no token has that supply"
    );
}

#[test]
fn what_is_no_table_of_recipients_is_told_apart() {
    let owner = key(1);
    for (text, message) in [
        (String::new(), "is empty"),
        ("\u{feff}\r\n".to_owned(), "is empty"),
        ("owner,amount\n".to_owned(), "has a header and no row"),
        (
            format!("{owner},5\n"),
            &*format!("has no header: its first line, \"{owner}\", names no column"),
        ),
        (
            "owner;amount\n".to_owned(),
            "separates its columns by semicolons instead of commas",
        ),
        (
            "owner,amount,e-mail,name\n".to_owned(),
            "has the columns \"e-mail\", \"name\", which mean nothing here",
        ),
        (
            "owner,amount,owner\n".to_owned(),
            "names the column owner twice",
        ),
        ("amount\n5\n".to_owned(), "has no column owner"),
        (
            format!("owner\n{owner}\n"),
            "names recipients and no column amount",
        ),
    ] {
        assert_eq!(
            refusal(&text, BASE),
            format!("drops.csv {message}"),
            "{text:?}"
        );
    }
    let utf16: Vec<u8> = "\u{feff}owner"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(refusal(utf16, BASE), "drops.csv is encoded in UTF-16");
}

#[test]
fn one_amount_for_all_goes_with_addresses_alone_and_a_blank_locked_part_is_none() {
    let each = Reading {
        each: Some(Tokens::new(7)),
        ..BASE
    };
    let text = format!("Wallet\n{}\n{}\n", key(1), key(2));
    assert_eq!(grants(&read(&text, each).unwrap()), [(1, 7, 0), (2, 7, 0)]);
    let half = Reading {
        locked_bps: 5_000,
        ..each
    };
    assert_eq!(grants(&read(&text, half).unwrap()), [(1, 4, 3), (2, 4, 3)]);
    let both = format!("owner,amount\n{},1\n", key(1));
    assert_eq!(
        refusal(both, each),
        "drops.csv has a column amount, and one amount for all is given too"
    );
    let none = Reading {
        each: Some(Tokens::ZERO),
        ..BASE
    };
    assert!(refusal(&text, none).contains("row 2, column amount: nothing is granted"));
    let locked = format!("owner,amount,locked\n{},10,\n{},,5\n", key(1), key(2));
    assert_eq!(
        refusal(locked, BASE),
        "drops.csv has 1 fault:\n  row 3, column amount: \"\" is empty"
    );
}

#[test]
fn what_stands_in_place_of_a_key_is_named() {
    let capital = key(1).to_ascii_uppercase();
    let secret = bs58::encode([7; 64]).into_string();
    for (text, told) in [
        (
            "13nrbpcwzx25udjvbxcpr4qunduy9qh7hajxsiw5eh9x",
            "has no capital letter",
        ),
        (&key(1).to_ascii_lowercase(), "has no capital letter"),
        (&capital, "has no small letter"),
        (
            "0x52908400098527886E0F7030069857D2E4169EE7",
            "is an address of Ethereum",
        ),
        (&"ab".repeat(32), "is written in hex"),
        (&format!("0x{}", "AB".repeat(32)), "is written in hex"),
        ("somebody.sol", "is a name, not a key"),
        ("", "is no key: nothing stands here"),
        (
            &"1".repeat(32),
            "is the system program's key; nobody holds it",
        ),
        (&secret, "is as long as a secret key"),
        ("nobody", "is not a 32-byte key in Base58"),
    ] {
        let refused = refusal(format!("owner,amount\n{text},1\n"), BASE);
        assert!(refused.contains(told), "{text}: {refused}");
        assert!(!refused.contains(&secret[..20]), "{refused}");
    }
}

#[test]
fn base58_is_what_another_library_makes_of_it() {
    for owner in [[0; 32], [1; 32], [255; 32], {
        let mut key = [9; 32];
        key[..5].fill(0);
        key
    }] {
        let text = bs58::encode(owner).into_string();
        assert_eq!(base58(&owner), text);
        assert_eq!(key_from_base58(text.as_bytes()), Some(owner));
    }
    for text in ["", "0", "I", "1111111111111111111111111111111", "é"] {
        assert_eq!(key_from_base58(text.as_bytes()), None, "{text}");
    }
}

proptest! {
    #[test]
    fn the_order_of_rows_changes_nothing(
        amounts in prop::collection::vec(1..u64::from(u32::MAX), 1..60),
        seed in any::<prop::sample::Index>(),
    ) {
        let mut rows: Vec<String> = (1..).zip(&amounts).map(|(n, amount)| format!("{},{amount}", key(n))).collect();
        let text = |rows: &[String]| format!("owner,amount\n{}\n", rows.join("\n"));
        let before = read(text(&rows), BASE).unwrap();
        let at = seed.index(rows.len());
        rows.rotate_left(at);
        rows.reverse();
        prop_assert_eq!(&read(text(&rows), BASE).unwrap(), &before);
        prop_assert_eq!(before.tokens().get(), amounts.iter().sum::<u64>());
    }

    #[test]
    fn any_base_units_written_in_tokens_come_back_exactly(base in 1..u64::MAX, decimals in 0..20_u8) {
        let width = usize::from(decimals) + 1;
        let digits = format!("{base:0>width$}");
        let (whole, fraction) = digits.split_at(digits.len() - usize::from(decimals));
        let text = format!("owner,amount\n{},{whole}.{fraction}\n", key(1));
        let reading = Reading { units: Units::Tokens { decimals }, locked_bps: 0, each: None };
        prop_assert_eq!(read(text, reading).unwrap().tokens().get(), base);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), headed in any::<bool>()) {
        let mut text = if headed { b"owner,amount,locked\n".to_vec() } else { Vec::new() };
        text.extend_from_slice(&bytes);
        let _ = read(text, TOKENS);
    }
}
