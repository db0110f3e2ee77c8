//! Amounts, shares, moments and spans as people type them: what can be meant in two ways is refused before anything is tried.

use crate::Home;

const KEY: &str = "AMz9E7sLKiNa2JduBnnHtMonK7SCzfLN8xZ9QeSjLgHZ";

/// Prepares a good table with `more`.
fn prepare(more: &[&str]) -> String {
    let home = Home::new();
    home.file("drops.csv", format!("owner,amount\n{KEY},1\n"));
    let base = [
        "campaign",
        "prepare",
        "drops.csv",
        "--out",
        "spring",
        "--mint",
        KEY,
        "--creator",
        KEY,
        "--decimals",
        "6",
        "--offline",
    ];
    home.told(&[&base, more].concat())
}

fn refused(told: &str, why: &str) {
    assert!(
        told.starts_with("exit 2\n--- stdout\n--- stderr\n") && told.contains(why),
        "{why}: {told}"
    );
}

#[test]
fn a_decimal_comma_is_refused_with_the_right_writing() {
    let home = Home::new();
    let burn = |points: &str| home.told(&["points", "burn", points, "--files", "data"]);
    refused(
        &burn("1,5"),
        "\"1,5\" has a decimal comma\n hint: write 1.5",
    );
    refused(&burn("1.234,5"), "hint: write 1234.5");
    refused(&burn("1,500"), "can be read as 1500 and as 1.500");
    refused(
        &home.told(&["credits", "redeem", "1,5", "--carrier", KEY]),
        "has a fraction",
    );
    refused(
        &prepare(&[
            "--starts",
            "2026-03-01",
            "--lasts",
            "90d",
            "--locked",
            "2,5%",
        ]),
        "has a decimal comma: write 2.5",
    );
}

#[test]
fn a_share_without_its_unit_is_asked_for_it() {
    refused(
        &prepare(&["--starts", "2026-03-01", "--lasts", "90d", "--locked", "75"]),
        "write 75% or 75bps",
    );
}

#[test]
fn milliseconds_years_and_dates_without_dashes_are_not_taken_for_unix_seconds() {
    for (moment, why) in [
        ("1803859200000", "looks like milliseconds"),
        (
            "1803859200000",
            "write 1803859200 (2027-03-01 00:00:00 UTC)",
        ),
        ("20270301", "write 2027-03-01"),
        ("2027", "could be a year"),
        ("90", "outside the years"),
        ("2027-03-01T12:00", "write 2027-03-01T12:00Z"),
    ] {
        refused(
            &prepare(&["--starts", "2026-03-01", "--expires", moment]),
            why,
        );
        let home = Home::new();
        let extend = ["campaign", "extend", "--campaign", KEY, "--expires", moment];
        refused(&home.told(&extend), why);
    }
}

#[test]
fn a_span_without_its_unit_is_asked_for_it() {
    refused(
        &prepare(&["--starts", "2026-03-01", "--lasts", "90"]),
        "\"90\" of what? write 90d, 90h, 90m or 90s",
    );
    refused(
        &prepare(&["--starts", "2026-03-01", "--lasts", "3 months"]),
        "count days",
    );
    let home = Home::new();
    refused(
        &home.told(&[
            "pool",
            "set-params",
            "--pool",
            KEY,
            "--challenge-window",
            "24",
        ]),
        "\"24\" of what?",
    );
}

#[test]
fn dates_that_need_a_second_look_are_shown_as_dates_and_asked_about() {
    let far = ["--starts", "2026-03-01", "--expires", "2206-03-01"];
    let told = prepare(&far);
    refused(&told, "needs your agreement");
    assert!(
        told.contains("! Claims end at 2206-03-01 00:00:00 UTC"),
        "{told}"
    );
    let agreed = prepare(&[&far[..], &["--yes"]].concat());
    assert!(
        agreed.starts_with("exit 0\n") && agreed.contains("2206-03-01 00:00:00 UTC"),
        "{agreed}"
    );
    refused(
        &prepare(&["--starts", "2026-03-01", "--lasts", "90s"]),
        "needs your agreement",
    );
}
