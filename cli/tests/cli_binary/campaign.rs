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
