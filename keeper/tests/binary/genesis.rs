//! A network starts from balances: they are read whole or not at all, and the ruleset names them.

use std::fs;

use cairn_epoch::{read_genesis, read_terms};
use cairn_proof::identity_of_did;
use cairn_spelling::text::base58;

use crate::folder::{Ended, Folder, run, text};

/// Rules of a network that begins.
fn rules(folder: &Folder) -> String {
    let path = folder.path("rules");
    let written = run(&[
        "ruleset",
        text(&path),
        "--first-epoch-start",
        "2026-01-05T00:00:00Z",
        "--tokens-per-epoch",
        "1000000",
    ]);
    assert_eq!(written.code, 0, "{written:?}");
    text(&path).to_owned()
}

fn wallet(number: u8) -> String {
    base58(&[number; 32])
}

fn genesis(rules: &str, balances: &std::path::Path, more: &[&str]) -> Ended {
    let mut arguments = vec![
        "genesis",
        rules,
        "--from",
        text(balances),
        "--decimals",
        "6",
    ];
    arguments.extend(more);
    run(&arguments)
}

#[test]
fn balances_stand_beside_the_rules_that_name_them_by_hash_and_sum() {
    let folder = Folder::empty();
    let rules = rules(&folder);
    let before = run(&["--output", "json", "ruleset", &rules]).stdout;
    let identity = "ab".repeat(32);
    let balances = folder.write(
        "balances.csv",
        format!(
            "Wallet,Points,Tokens,Credits\n{},12.345,1.5,\n{identity},0.001,,7\ndid:web:ann.example,,0.000001,\n",
            wallet(9)
        ),
    );
    let tried = genesis(&rules, &balances, &["--dry-run"]);
    assert_eq!(tried.code, 0, "{tried:?}");
    assert!(!folder.path("rules/genesis.parquet").exists());
    assert_eq!(run(&["--output", "json", "ruleset", &rules]).stdout, before);

    let more = ["--tokens-per-epoch", "0.5", "--output", "json"];
    let made = genesis(&rules, &balances, &more);
    assert_eq!(made.code, 0, "{made:?}");
    let told: serde_json::Value = serde_json::from_str(&made.stdout).unwrap();
    assert_eq!(told["tokens"]["uiAmountString"], "1.500001");
    assert_eq!(told["points"]["uiAmountString"], "12.346");
    assert_eq!(
        (&told["wallets"], &told["identities"]),
        (&1.into(), &2.into())
    );
    // Credits enter with no epoch: the carriers' tasks leave none, and none are announced.
    assert!(told["epochs"].is_null());

    let table = folder.path("rules/genesis.parquet");
    let grants = read_genesis(&table).unwrap();
    assert_eq!(grants.len(), 3);
    let of = |owner: [u8; 32]| *grants.iter().find(|grant| grant.owner == owner).unwrap();
    assert_eq!(of([9; 32]).amounts.tokens.get(), 1_500_000);
    assert!(of([9; 32]).is_wallet && !of([0xab; 32]).is_wallet);
    assert_eq!(of([0xab; 32]).amounts.credits.get(), 7);
    assert_eq!(
        of(identity_of_did("did:web:ann.example"))
            .amounts
            .tokens
            .get(),
        1
    );
    let terms = read_terms(&folder.path("rules")).unwrap();
    let named = terms.genesis.unwrap();
    assert_eq!((named.rows, named.tokens.get()), (3, 1_500_001));
    assert_eq!(terms.arrears.tokens.get(), 500_000);
    assert_eq!(told["sha256"], hex::encode(named.sha256));

    // The same again changes nothing; other balances are refused.
    let document = fs::read(folder.path("rules/ruleset.toml")).unwrap();
    assert_eq!(genesis(&rules, &balances, &more).code, 0);
    assert_eq!(
        fs::read(folder.path("rules/ruleset.toml")).unwrap(),
        document
    );
    let others = folder.write("others.csv", format!("owner,tokens\n{},2\n", wallet(9)));
    genesis(&rules, &others, &[]).refuses(2, &["[genesis] names other balances already"]);

    // Every keeper gets both.
    let init = folder.init(&[]);
    assert_eq!(init.code, 0);
    let copy = folder.path("second");
    let address = "11111111111111111111111111111112";
    let taken = run(&[
        "init",
        text(&copy),
        "--rpc-url",
        crate::folder::DEAD_NODE,
        "--network",
        address,
        "--pool",
        address,
        "--ruleset",
        &rules,
    ]);
    assert_eq!(taken.code, 0, "{taken:?}");
    assert!(copy.join("ruleset/genesis.parquet").is_file());
}

#[test]
fn every_bad_row_is_named_with_its_line_and_nothing_is_written() {
    let folder = Folder::empty();
    let rules = rules(&folder);
    let rows = [
        format!("{},1,1", wallet(9)),
        format!("{},1.2345,1", wallet(8)),
        format!("{},1,0.0000001", wallet(7)),
        "nobody,1,1".to_owned(),
        format!("{},,0", wallet(6)),
        format!("{},1,\"1,5\"", wallet(5)),
        format!("{},2,2", wallet(9)),
        // The row above it is wrong in another column, and its owner stands there all the same.
        format!("{},2,2", wallet(8)),
    ];
    let balances = folder.write(
        "balances.csv",
        format!("owner,points,tokens\n{}\n", rows.join("\n")),
    );
    let ended = genesis(&rules, &balances, &[]);
    assert_eq!(ended.code, 1, "{ended:?}");
    for words in [
        "has 7 faults",
        "row 3, column points",
        "row 4, column tokens",
        "row 5, column owner",
        "row 6: nothing is held",
        "row 7, column tokens",
        "row 8, column owner: the same owner stands in row 2",
        "row 9, column owner: the same owner stands in row 3",
    ] {
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
    }
    assert!(!folder.path("rules/genesis.parquet").exists());
    let empty = folder.write("names.csv", format!("owner\n{}\n", wallet(9)));
    genesis(&rules, &empty, &[]).refuses(1, &["no column tokens, points or credits"]);
    let more = ["--points-per-epoch", "0"];
    let good = folder.write("good.csv", format!("owner,points\n{},1\n", wallet(9)));
    genesis(&rules, &good, &more).refuses(2, &["[arrears] milli_points"]);
}
