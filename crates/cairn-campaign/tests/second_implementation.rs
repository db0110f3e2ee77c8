//! A program in another language comes to the same campaign, and notices when it is not.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use cairn_campaign::{Reading, Silent, Source, Terms, Units, prepare, read_table};
use cairn_spelling::text::base58;

fn check(folder: &Path) -> Output {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_implementation.py");
    Command::new("python3")
        // Nothing is written beside the sources.
        .arg("-B")
        .arg(program)
        .arg(folder)
        .output()
        .unwrap_or_else(|error| {
            panic!("python3 does not start ({error}); install it: apt-get install python3")
        })
}

fn campaign(folder: &Path, count: u32) {
    let mut text = "owner,amount,locked\n".to_owned();
    for n in 0..count {
        let mut owner = [n.to_le_bytes()[0] | 1; 32];
        owner[..4].copy_from_slice(&n.to_be_bytes());
        text.push_str(&format!(
            "{},{}.{:03},{}\n",
            base58(&owner),
            n + 1,
            n % 1000,
            n % 5
        ));
    }
    let reading = Reading {
        units: Units::Tokens { decimals: 9 },
        locked_bps: 0,
        each: None,
    };
    let recipients = read_table(Path::new("drops.csv"), text.as_bytes(), reading, &Silent).unwrap();
    let terms = Terms {
        campaign: [0xc4; 32],
        canopy_depth: 5,
        cliff_at: 3,
        creator: [1; 32],
        decimals: 9,
        expires_at: 5,
        id: 0,
        mint: [2; 32],
        receiver: [3; 32],
        starts_at: 1,
        vesting_end: 4,
        vesting_start: 2,
    };
    let source = Source::Table { sha256: [0; 32] };
    prepare(folder, &recipients, source, terms, &Silent).unwrap();
}

#[test]
fn a_program_in_another_language_comes_to_the_same_campaign() {
    let home = tempfile::tempdir().unwrap();
    for count in [1, 2, 3, 33, 300, 3_000] {
        let folder = home.path().join(count.to_string());
        campaign(&folder, count);
        let output = check(&folder);
        let said = String::from_utf8_lossy(&output.stdout);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            said.trim(),
            format!("{count} recipients: list, root and claims agree"),
            "{complaint}"
        );
    }
}

#[test]
fn it_notices_a_grant_that_was_changed() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("spring");
    campaign(&folder, 300);
    let path = folder.join("claims/0.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("\",\"0\"]", "\",\"9\"]", 1)).unwrap();
    assert!(!check(&folder).status.success());
}
