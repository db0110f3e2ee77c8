//! Keys as people have them: in the form their wallet exports, in hardware, in words, below `~`.

use insta::assert_snapshot;

use crate::Home;

const GUARDIAN: &str = "AMz9E7sLKiNa2JduBnnHtMonK7SCzfLN8xZ9QeSjLgHZ";
/// Nothing listens on the port of the discarded `tcpmux` service: a key that was read ends here.
const NOWHERE: &str = "http://127.0.0.1:1";

fn signing_with(home: &Home, key: &[&str]) -> String {
    let base = ["network", "create", "--guardian", GUARDIAN, "-u", NOWHERE];
    home.told(&[&base, key].concat())
}

fn key() -> solana_sdk::signature::Keypair {
    solana_sdk::signature::Keypair::new_from_array([1; 32])
}

#[test]
fn a_key_is_read_in_the_base58_that_wallets_export() {
    let home = Home::new();
    home.file("key.txt", format!("{}\n", key().to_base58_string()));
    let told = signing_with(&home, &["-k", "key.txt"]);
    assert!(told.starts_with("exit 75\n"), "{told}");
}

#[test]
fn a_hardware_wallet_is_told_how_it_signs() {
    let home = Home::new();
    assert_snapshot!("key_hardware", signing_with(&home, &["-k", "usb://ledger"]));
}

#[test]
fn a_secret_on_the_command_line_is_refused_and_never_repeated() {
    let home = Home::new();
    let base58 = key().to_base58_string();
    let told = signing_with(&home, &["-k", &base58]);
    assert!(!told.contains(&base58), "{told}");
    assert_snapshot!("key_in_argument", told);
    let numbers = format!("{:?}", key().to_bytes());
    let told = signing_with(&home, &["-k", &numbers]);
    assert!(!told.contains(&numbers), "{told}");
    assert!(told.starts_with("exit 2\n"), "{told}");
}

#[test]
fn a_file_that_holds_something_else_is_told_apart() {
    let home = Home::new();
    for (content, why) in [
        (GUARDIAN, "an address, or half of a key"),
        (
            "all all all all all all all all all all all all",
            "seed phrase is typed at -k prompt:",
        ),
        ("", "it is empty"),
    ] {
        home.file("key.json", content);
        let told = signing_with(&home, &["-k", "key.json"]);
        assert!(told.starts_with("exit 2\n") && told.contains(why), "{told}");
    }
}

#[test]
fn a_derivation_that_is_none_is_told_with_its_forms() {
    let home = Home::new();
    assert_snapshot!(
        "key_bad_derivation",
        signing_with(&home, &["-k", "prompt:?key=a/b"])
    );
}

#[test]
fn the_home_folder_is_found_wherever_a_tilde_reaches_the_program() {
    let home = Home::new();
    let numbers = format!("{:?}", key().to_bytes());
    home.file("keys/id.json", &numbers);
    for key in [
        &["-k", "~/keys/id.json"][..],
        &["--keypair=~/keys/id.json"],
        &["-k~/keys/id.json"],
    ] {
        let told = signing_with(&home, key);
        assert!(told.starts_with("exit 75\n"), "{told}");
    }
    home.file(
        ".config/solana/cli/config.yml",
        "keypair_path: ~/keys/id.json\n",
    );
    let told = signing_with(&home, &[]);
    assert!(told.starts_with("exit 75\n"), "{told}");
}
