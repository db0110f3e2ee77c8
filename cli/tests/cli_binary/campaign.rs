//! Campaigns without a node: tables as people send them, folders that are there already, and what a good one gives.

use insta::assert_snapshot;

use crate::Home;

const MINT: &str = "FRsECvxwoA3neweu5dkhuC2MAKrRpih1P9HcBWGYfSoK";
const OWNER: &str = "AMz9E7sLKiNa2JduBnnHtMonK7SCzfLN8xZ9QeSjLgHZ";

/// Prepares a table offline with six decimals; `more` replaces nothing and follows.
fn prepare(home: &Home, table: impl AsRef<[u8]>, more: &[&str]) -> String {
    home.file("drops.csv", table);
    let mut args = vec![
        "campaign",
        "prepare",
        "drops.csv",
        "--out",
        "spring",
        "--mint",
        MINT,
        "--creator",
        OWNER,
        "--decimals",
        "6",
        "--offline",
        "--starts",
        "2026-03-01",
        "--lasts",
        "90d",
    ];
    args.extend_from_slice(more);
    home.told(&args)
}

#[test]
fn every_faulty_row_is_told_with_its_column() {
    let home = Home::new();
    let table = format!(
        "owner,amount\n{OWNER},1.000000001\nnot-a-key,5\n{MINT},\"1,000\"\n{OWNER},-3\n{OWNER},NaN\n{OWNER}\n{MINT},0\n"
    );
    assert_snapshot!("campaign_rows", prepare(&home, table, &[]));
    assert!(!home.path().join("spring").exists());
}

#[test]
fn twice_the_same_owner_is_told_with_both_rows() {
    let home = Home::new();
    let table = format!("owner,amount\n{OWNER},1\n{MINT},2\n{OWNER},3\n");
    assert_snapshot!("campaign_duplicate", prepare(&home, table, &[]));
}

#[test]
fn what_is_no_table_is_told_apart() {
    let home = Home::new();
    assert_snapshot!("campaign_empty", prepare(&home, "", &[]));
    assert_snapshot!(
        "campaign_no_header",
        prepare(&home, format!("{OWNER},5\n"), &[])
    );
    assert_snapshot!(
        "campaign_semicolons",
        prepare(&home, format!("owner;amount\n{OWNER};5\n"), &[])
    );
    let utf16: Vec<u8> = "\u{feff}owner,amount\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_snapshot!("campaign_utf16", prepare(&home, utf16, &[]));
}

#[test]
fn base_units_with_a_point_are_refused_with_the_likely_cause() {
    let home = Home::new();
    let table = format!("owner,amount\n{OWNER},1.5\n");
    assert_snapshot!(
        "campaign_point_in_base",
        prepare(&home, table, &["--base-units"])
    );
}

#[test]
fn arguments_that_can_not_be_meant_are_wrong_usage() {
    let home = Home::new();
    let table = format!("owner,amount\n{OWNER},1\n");
    let vesting = ["--vesting", "91d", "--locked", "50%"];
    assert_snapshot!("campaign_vests_too_long", prepare(&home, &table, &vesting));
    assert_snapshot!(
        "campaign_locked_without_vesting",
        prepare(&home, &table, &["--locked", "50%"])
    );
    assert_snapshot!(
        "campaign_bad_moment",
        prepare(&home, &table, &["--vesting-start", "spring"])
    );
    assert_snapshot!(
        "campaign_not_said",
        home.told(&["campaign", "show", "-u", "http://127.0.0.1:1"])
    );
    assert_snapshot!(
        "campaign_files_missing",
        home.told(&[
            "campaign",
            "create",
            "--files",
            "none",
            "-u",
            "http://127.0.0.1:1"
        ])
    );
}

#[test]
fn a_prepared_campaign_is_told_and_nothing_is_overwritten() {
    let home = Home::new();
    let table = format!("owner,amount\n{OWNER},1.5\n{MINT},0.25\n");
    let more = ["--locked", "50%", "--vesting", "30d", "--cliff", "1d"];
    assert_snapshot!("campaign_prepared", prepare(&home, &table, &more));
    let before = std::fs::read(home.path().join("spring/campaign.json")).expect("a campaign");
    assert_snapshot!("campaign_exists", prepare(&home, &table, &[]));
    let after = std::fs::read(home.path().join("spring/campaign.json")).expect("a campaign");
    assert_eq!(before, after);
    assert_snapshot!("campaign_json", String::from_utf8(after).expect("UTF-8"));
    let claims = std::fs::read_to_string(home.path().join("spring/claims/0.json"));
    assert_snapshot!("campaign_claims", claims.expect("a claim file"));
    let list = std::fs::read_to_string(home.path().join("spring/recipients.csv"));
    assert_snapshot!("campaign_list", list.expect("a list"));
}

/// Tables that mean one thing only, however a spreadsheet wrote them.
#[test]
fn what_a_spreadsheet_adds_to_a_table_changes_nothing() {
    let home = Home::new();
    let plain = prepare(&home, format!("owner,amount\n{OWNER},10\n"), &[]);
    assert!(plain.starts_with("exit 0"), "{plain}");
    let list =
        |home: &Home| std::fs::read(home.path().join("spring/recipients.csv")).expect("a list");
    let expected = list(&home);
    for table in [
        format!("sep=,\nowner,amount\n{OWNER},10\n"),
        format!("owner\tamount\n{OWNER}\t10\n"),
        format!("owner,amount,,\n{OWNER},10,,\n"),
        format!("owner,amount\n,\n{OWNER},10\n,\n"),
        format!("owner,amount\n{OWNER},'10\n"),
        format!("owner,amount,locked\n{OWNER},10,\n"),
        format!("Address,Amount\r{OWNER},10\r"),
    ] {
        let home = Home::new();
        let told = prepare(&home, &table, &[]);
        assert!(told.starts_with("exit 0"), "{table}\n{told}");
        assert_eq!(list(&home), expected, "{table}");
    }
}

#[test]
fn addresses_alone_get_one_amount_for_all_when_it_is_given() {
    let home = Home::new();
    let table = format!("address\n{OWNER}\n{MINT}\n");
    assert_snapshot!("campaign_one_column", prepare(&home, &table, &[]));
    let told = prepare(&home, &table, &["--each", "2.5"]);
    assert!(told.starts_with("exit 0"), "{told}");
    let list = std::fs::read_to_string(home.path().join("spring/recipients.csv")).expect("a list");
    assert_eq!(list.matches(",2500000,0\n").count(), 2, "{list}");
    let both = format!("owner,amount\n{OWNER},1\n");
    let told = Home::new();
    let told = prepare(&told, both, &["--each", "2.5"]);
    assert!(told.contains("one amount for all is given too"), "{told}");
}

#[test]
fn letters_that_were_changed_on_the_way_are_refused_though_they_are_keys() {
    let home = Home::new();
    // Two keys that a database lower-cased: both are 32 bytes in Base58.
    let table = "owner,amount\n13nrbpcwzx25udjvbxcpr4qunduy9qh7hajxsiw5eh9x,5\n3adh9eopqtjzx6pf8ayfmxpxug3zyz1mr4cvvoksqvoq,5\n";
    assert_snapshot!("campaign_lower_cased", prepare(&home, table, &[]));
    assert!(!home.path().join("spring").exists());
}

#[test]
fn all_faults_of_a_table_go_to_a_program_and_the_first_twenty_to_a_person() {
    let home = Home::new();
    let table = "owner,amount\n".to_owned() + &format!("{OWNER},1\n").repeat(26);
    let told = prepare(&home, &table, &["--output", "json"]);
    let json = told
        .split_once("--- stdout\n")
        .and_then(|(_, rest)| rest.split_once("--- stderr\n"))
        .map(|(json, _)| json)
        .expect("JSON");
    let report: serde_json::Value = serde_json::from_str(json).expect("JSON");
    let faults = report["error"]["faults"].as_array().expect("faults");
    assert_eq!(faults.len(), 25);
    assert_eq!(
        faults[24],
        serde_json::json!({"row": 27, "column": "owner", "message": "the same owner stands in row 2 already"})
    );
    assert!(told.contains("and 5 more"), "{told}");
    assert!(told.contains("--output json lists all faults"), "{told}");
}
