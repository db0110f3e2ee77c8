//! Bad input of every kind: one clear sentence, a hint, the documented exit code, nothing on standard output, and never a
//! backtrace.

use insta::assert_snapshot;

use crate::{Home, told};

const POOL: &str = "FRsECvxwoA3neweu5dkhuC2MAKrRpih1P9HcBWGYfSoK";
const KEY: &str = "AMz9E7sLKiNa2JduBnnHtMonK7SCzfLN8xZ9QeSjLgHZ";
/// A key file's text; the key is that of 32 ones.
fn key_text() -> String {
    let key = solana_sdk::signature::Keypair::new_from_array([1; 32]);
    format!("{:?}", key.to_bytes())
}

/// Nothing listens on the port of the discarded `tcpmux` service.
const NOWHERE: &str = "http://127.0.0.1:1";

#[test]
fn a_key_file_that_does_not_exist_is_named() {
    let home = Home::new();
    let args = [
        "network",
        "create",
        "--guardian",
        KEY,
        "-u",
        NOWHERE,
        "-k",
        "none.json",
    ];
    assert_snapshot!("key_missing", home.told(&args));
}

#[test]
fn a_file_that_is_no_key_is_told_apart_from_one_that_is_damaged() {
    let home = Home::new();
    let tell = |content: &str| {
        home.file("key.json", content);
        home.told(&[
            "network",
            "create",
            "--guardian",
            KEY,
            "-u",
            NOWHERE,
            "-k",
            "key.json",
        ])
    };
    assert_snapshot!("key_not_json", tell("hello"));
    assert_snapshot!("key_too_short", tell("[1, 2, 3]"));
    let swapped: Vec<u8> = (0..64).collect();
    assert_snapshot!("key_halves_differ", tell(&format!("{swapped:?}")));
    // What was read is a secret until proven otherwise.
    assert!(!tell("hunter2").contains("hunter2"));
}

#[test]
fn an_address_can_not_sign() {
    let home = Home::new();
    let args = [
        "network",
        "create",
        "--guardian",
        KEY,
        "-u",
        NOWHERE,
        "-k",
        KEY,
    ];
    assert_snapshot!("address_as_key", home.told(&args));
}

#[test]
fn a_node_that_does_not_answer_is_temporary() {
    let home = Home::new();
    assert_snapshot!(
        "rpc_down",
        home.told(&["pool", "show", "--pool", POOL, "-u", NOWHERE])
    );
}

#[test]
fn what_is_no_endpoint_is_wrong_usage() {
    let home = Home::new();
    assert_snapshot!(
        "bad_url",
        home.told(&["pool", "show", "--pool", POOL, "-u", "localhots"])
    );
    let secret = home.told(&[
        "pool",
        "show",
        "--pool",
        POOL,
        "-u",
        "ftp://user:hunter2@a.example",
    ]);
    assert!(!secret.contains("hunter2"), "{secret}");
}

#[test]
fn a_network_is_configured_by_any_one_of_its_changes_and_not_by_none() {
    let home = Home::new();
    home.file("key.json", key_text());
    let configure = |change: &[&str]| {
        let base = [
            "network",
            "configure",
            "--network",
            POOL,
            "-u",
            NOWHERE,
            "-k",
            "key.json",
        ];
        home.told(&[&base, change].concat())
    };
    // Far enough to ask the node, which is not there.
    for change in [
        &["--registration", "open"][..],
        &["--guardian", KEY],
        &["--registration", "open", "--guardian", KEY],
    ] {
        let told = configure(change);
        assert!(told.starts_with("exit 75"), "{change:?}: {told}");
    }
    let told = configure(&[]);
    assert!(told.starts_with("exit 2"), "{told}");
    assert!(told.contains("--guardian <ADDRESS>"), "{told}");
}

#[test]
fn what_is_no_address_is_wrong_usage() {
    let home = Home::new();
    assert_snapshot!(
        "bad_address",
        home.told(&["pool", "show", "--pool", "pool"])
    );
    for (text, what) in [
        (
            "13nrbpcwzx25udjvbxcpr4qunduy9qh7hajxsiw5eh9x",
            "it has no capital letter",
        ),
        (
            "0x52908400098527886E0F7030069857D2E4169EE7",
            "it is an address of Ethereum",
        ),
        ("somebody.sol", "it is a name, not a key"),
    ] {
        let told = home.told(&["pool", "show", "--pool", text]);
        assert!(told.starts_with("exit 2"), "{told}");
        assert!(told.contains(what), "{told}");
    }
}

#[test]
fn an_argument_that_is_missing_is_named() {
    let home = Home::new();
    assert_snapshot!("pool_missing", home.told(&["pool", "show"]));
    assert_snapshot!("files_not_named", home.told(&["claim", "--pool", POOL]));
}

#[test]
fn a_place_that_is_not_on_earth_or_is_told_twice_is_wrong_usage() {
    let home = Home::new();
    let key = key_text();
    home.file("key.json", &key);
    let register = |place: &[&str]| {
        let base = [
            "device",
            "register",
            "--network",
            POOL,
            "--device",
            KEY,
            "--class",
            "sensor",
            "-u",
            NOWHERE,
            "-k",
            "key.json",
        ];
        home.told(&[&base, place].concat())
    };
    assert_snapshot!("place_half", register(&["--latitude", "40.7"]));
    assert_snapshot!(
        "place_twice",
        register(&[
            "--latitude",
            "40.7",
            "--longitude",
            "-74",
            "--cell",
            "892a100d2c3ffff"
        ])
    );
    assert_snapshot!(
        "place_not_degrees",
        register(&["--latitude", "40°", "--longitude", "-74"])
    );
    assert_snapshot!(
        "place_not_on_earth",
        register(&["--latitude", "90.5", "--longitude", "-74"])
    );
}

#[test]
fn options_that_make_no_sense_together_are_told_apart() {
    let home = Home::new();
    assert_snapshot!(
        "nonce_alone",
        home.told(&[
            "pool", "pause", "--pool", POOL, "--nonce", KEY, "-u", NOWHERE
        ])
    );
    assert_snapshot!(
        "files_by_ftp",
        home.told(&[
            "claim",
            "show",
            "--files",
            "ftp://files.example",
            "-u",
            NOWHERE
        ])
    );
    assert_snapshot!(
        "all_with_at_most",
        home.told(&[
            "claim",
            "--all",
            "--at-most",
            "5",
            "--files",
            "a",
            "-u",
            NOWHERE
        ])
    );
    assert_snapshot!(
        "payout_and_payout_self",
        home.told(&[
            "recipient",
            "set",
            "--payout",
            KEY,
            "--payout-self",
            "--files",
            "a"
        ])
    );
}

#[test]
fn values_that_can_not_be_meant_are_wrong_usage() {
    let home = Home::new();
    assert_snapshot!(
        "no_parameter_named",
        home.told(&["pool", "set-params", "--pool", POOL, "-u", NOWHERE])
    );
    for (share, why) in [
        ("0%", "a share is above 0% and at most 100%"),
        ("100.01%", "a share is above 0% and at most 100%"),
        ("10001bps", "a share is above 0% and at most 100%"),
        ("5.123%", "has more digits behind the point"),
        ("2,5%", "has a decimal comma: write 2.5"),
        ("75", "write 75% or 75bps"),
        ("0.75", "write 0.75% or 0.75bps"),
        ("much", "is not a number"),
    ] {
        let told = home.told(&[
            "pool",
            "set-params",
            "--pool",
            POOL,
            "--breaker-share",
            share,
        ]);
        assert!(
            told.starts_with("exit 2\n--- stdout\n--- stderr\n"),
            "{told}"
        );
        assert!(told.contains(why), "{told}");
    }
    assert_snapshot!(
        "credits_not_whole",
        home.told(&[
            "credits",
            "redeem",
            "1.5",
            "--carrier",
            KEY,
            "--commitment",
            "00",
            "--files",
            "a",
        ])
    );
    assert_snapshot!(
        "round_without_length",
        home.told(&["points", "round", "open", "100", "--pool", POOL])
    );
}

#[test]
fn files_that_are_not_there_are_told_apart_from_a_folder_without_epochs() {
    let home = Home::new();
    let claim = |files: &str| {
        home.told(&[
            "claim", "show", "--owner", KEY, "--files", files, "-u", NOWHERE,
        ])
    };
    assert_snapshot!("files_missing", claim("none"));
    std::fs::create_dir(home.path().join("empty")).unwrap();
    assert_snapshot!("files_empty", claim("empty"));
}

#[test]
fn a_manifest_that_is_cut_or_edited_is_refused() {
    let home = Home::new();
    let audit = |manifest: &str| {
        home.file("data/epochs/00001/manifest.json", manifest);
        home.told(&["audit", "epoch", "1", "--files", "data", "-u", NOWHERE])
    };
    assert_snapshot!("manifest_cut", audit("{\"accepted\": 1"));
    assert_snapshot!("manifest_other", audit("{}"));
}

#[test]
fn a_truncated_devices_file_is_named_with_its_place() {
    let home = Home::new();
    home.file("devices.parquet", b"PAR1\x00\x00\x00");
    let args = ["device", "show", KEY, "--devices", "devices.parquet"];
    assert_snapshot!("parquet_truncated", home.told(&args));
    assert_snapshot!(
        "parquet_missing",
        home.told(&["device", "show", KEY, "--devices", "none"])
    );
}

#[test]
fn a_configuration_file_that_is_no_yaml_is_named() {
    let home = Home::new();
    home.file(".config/solana/cli/config.yml", "json_rpc_url: [");
    assert_snapshot!(
        "config_malformed",
        home.told(&["pool", "show", "--pool", POOL])
    );
    assert_snapshot!(
        "config_missing",
        home.told(&["pool", "show", "--pool", POOL, "-C", "none.yml"])
    );
}

#[test]
fn the_solana_configuration_is_used_and_flags_and_variables_come_before_it() {
    let home = Home::new();
    home.file(
        ".config/solana/cli/config.yml",
        "json_rpc_url: http://127.0.0.1:2\n",
    );
    let from_file = home.told(&["pool", "show", "--pool", POOL]);
    assert!(from_file.contains("http://127.0.0.1:2"), "{from_file}");
    let from_flag = home.told(&["pool", "show", "--pool", POOL, "-u", NOWHERE]);
    assert!(from_flag.contains(NOWHERE), "{from_flag}");
    let from_variable = home.run_with(&["pool", "show"], &[("CAIRN_POOL", POOL)]);
    assert!(told(&from_variable, home.path()).contains("http://127.0.0.1:2"));
}

#[test]
fn a_program_gets_the_error_as_json_and_a_person_the_same_as_text() {
    let home = Home::new();
    let args = [
        "pool", "show", "--pool", POOL, "-u", NOWHERE, "--output", "json",
    ];
    assert_snapshot!("rpc_down_json", home.told(&args));
}

#[test]
fn colour_and_bars_stay_away_from_pipes() {
    let home = Home::new();
    for variables in [&[][..], &[("NO_COLOR", "1")], &[("TERM", "xterm-256color")]] {
        let output = home.run_with(&["pool", "show", "--pool", POOL, "-u", NOWHERE], variables);
        let text = told(&output, home.path());
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }
}
