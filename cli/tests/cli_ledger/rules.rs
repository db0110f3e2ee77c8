//! Rules as people read, compare and try them: over real published epochs, beside what the pool says.

use std::path::{Path, PathBuf};

use cairn::args::FilesWish;
use cairn::command::pool::ruleset;
use cairn::command::rules::{Backtested, Standing, Which, backtest, diff, show};
use cairn::error::Exit;
use cairn::printer::Outcome;
use cairn_epoch::WrittenRules;
use cairn_merkle::EpochNumber;

use crate::stage::{Stage, page};

/// The rules of epoch 1 with other numbers, in a folder of their own.
fn proposal(stage: &Stage, edits: &[(&str, &str)]) -> PathBuf {
    let (from, to) = (
        stage.folder(1).join("inputs"),
        stage.data.path().join("new"),
    );
    std::fs::create_dir_all(to.join("rules")).unwrap();
    for rule in std::fs::read_dir(from.join("rules")).unwrap() {
        let path = rule.unwrap().path();
        std::fs::copy(&path, to.join("rules").join(path.file_name().unwrap())).unwrap();
    }
    let mut text = std::fs::read_to_string(from.join("ruleset.toml")).unwrap();
    for (old, new) in edits {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    std::fs::write(to.join("ruleset.toml"), text).unwrap();
    to
}

fn backtest_of(stage: &Stage, rules: Which, csv: Option<PathBuf>) -> backtest::Args {
    backtest::Args {
        rules,
        epochs: (EpochNumber::FIRST, EpochNumber::new(2)),
        files: stage.files_arg(),
        decimals: 6,
        limit: 2,
        csv,
        publish: false,
    }
}

async fn run(stage: &Stage, args: &backtest::Args) -> Backtested {
    let ctx = stage.as_authority();
    backtest::run(&ctx, args).await.unwrap()
}

#[tokio::test]
async fn a_backtest_tells_who_would_win_and_lose_the_same_each_time() {
    let stage = Stage::new().await;
    for number in [1, 2] {
        stage.close(number, 3);
    }
    // A move of the pots: hotspots lose half of theirs.
    let edits = [(
        "name = \"hotspot\"\npermille = 400",
        "name = \"hotspot\"\npermille = 200",
    )];
    let csv = stage.data.path().join("owners.csv");
    let args = backtest_of(
        &stage,
        Which::Folder(proposal(&stage, &edits)),
        Some(csv.clone()),
    );
    let report = run(&stage, &args).await;
    assert_eq!(report, run(&stage, &args).await);
    assert_eq!((report.owners.total, report.owners.losers), (3, 3));
    assert_eq!(report.most_affected.len(), 2);
    for owner in &report.most_affected {
        assert_eq!(owner.tokens.after.base(), owner.tokens.before.base() / 2);
    }
    assert!(report.reasons.is_empty() && report.as_published);
    assert_eq!(Outcome::exit(&report), Exit::Done);
    let table = std::fs::read_to_string(&csv).unwrap();
    assert_eq!(table.lines().count(), 4);
    assert!(table.starts_with("owner,tokens_before,tokens_after,"));
    let json: serde_json::Value = serde_json::from_str(&report.json(true).unwrap()).unwrap();
    assert_eq!(json["totals"]["before"]["tokens"]["decimals"], 6);
    assert_eq!(json["countries"][0]["group"], "US");
    let filters = vec![
        (r"[0-9a-f]{64}", "[hash]"),
        (r"[1-9A-HJ-NP-Za-km-z]{43,44}", "[address]"),
        (r"/[^ \n]*/", "[folder]/"),
    ];
    insta::with_settings!({filters => filters}, {
        insta::assert_snapshot!("rules_backtest", page(&report));
    });
}

#[tokio::test]
async fn a_report_is_published_with_its_rules_under_the_hash_that_a_pool_would_name() {
    let stage = Stage::new().await;
    stage.close(1, 3);
    let folder = proposal(&stage, &[("far_m = 400", "far_m = 350")]);
    let new = Which::Folder(folder.clone());
    let args = backtest::Args {
        epochs: (EpochNumber::FIRST, EpochNumber::FIRST),
        publish: true,
        ..backtest_of(&stage, new, None)
    };
    let report = run(&stage, &args).await;
    let hash = WrittenRules::load(&folder).unwrap().ruleset().hash();
    let published = report.published.clone().unwrap();
    assert!(published.ends_with(Path::new("announced").join(hex::encode(hash))));
    assert_eq!(
        published.parent().unwrap().parent(),
        stage.folder(1).parent()
    );
    // What is there is the very ruleset, and no path of whoever computed it.
    let again = WrittenRules::load(&published).unwrap();
    assert_eq!(again.ruleset().hash(), hash);
    let text = std::fs::read_to_string(published.join("backtest.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["format"], "cairn/backtest/1");
    assert_eq!(json["ruleset_hash"], hex::encode(hash));
    assert_eq!(
        json["rule_files"].as_array().unwrap().len(),
        again.ruleset().rules().len()
    );
    assert_eq!(json["owners"]["total"], report.owners.total);
    assert!(!text.contains(stage.data.path().to_str().unwrap()));

    let unfinished = backtest::Args {
        rules: Which::Shipped,
        ..args
    };
    let ctx = stage.as_authority();
    let error = backtest::run(&ctx, &unfinished).await.unwrap_err();
    assert_eq!(error.code(), "rules-unfinished");
}

#[tokio::test]
async fn files_that_their_own_rules_do_not_lead_to_are_told_and_the_exit_says_so() {
    let stage = Stage::new().await;
    stage.close(1, 3);
    let folder = stage.folder(1);
    let (mut manifest, _) = cairn_epoch::read_manifest(&folder).unwrap();
    manifest.totals.unallocated = cairn_merkle::Tokens::ZERO;
    std::fs::write(folder.join("manifest.json"), manifest.to_bytes().unwrap()).unwrap();
    let one = (EpochNumber::FIRST, EpochNumber::FIRST);
    let args = backtest::Args {
        epochs: one,
        ..backtest_of(&stage, Which::Epoch(EpochNumber::FIRST), None)
    };
    let report = run(&stage, &args).await;
    assert!(!report.as_published);
    assert_eq!(Outcome::exit(&report), Exit::Failed);
    assert!(page(&report).contains("do not lead to what was published: 1."));
    let missing = backtest::Args {
        epochs: (EpochNumber::FIRST, EpochNumber::new(9)),
        ..args
    };
    let ctx = stage.as_authority();
    let error = backtest::run(&ctx, &missing).await.unwrap_err();
    assert_eq!(error.code(), "epoch-not-published");
}

#[tokio::test]
async fn rules_are_shown_with_every_number_and_what_the_pool_says_of_them() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 3).await;
    let ctx = stage.as_authority();
    let files = FilesWish::from(stage.data.path().to_path_buf());
    let shown = show::Args {
        which: None,
        files: files.clone(),
        pool: Some(stage.pool),
    };
    let rules = show::run(&ctx, &shown).await.unwrap();
    assert_eq!(rules.standing, Some("in force"));
    let far = rules.numbers.iter().find(|it| it.name == "beat_far_m");
    let far = far.unwrap();
    assert_eq!(far.value, 400);
    assert!(far.origin.as_ref().unwrap().contains("Helium"));
    assert!(page(&rules).contains("35_beat_verdicts"));

    let new = proposal(&stage, &[("far_m = 400", "far_m = 350")]);
    let hash = WrittenRules::load(&new).unwrap().ruleset().hash();
    let announce = ruleset::announce::Args {
        rules: ruleset::named::Named::Hash(hash),
        from_epoch: EpochNumber::new(4),
        pool: stage.pool_arg(),
    };
    ruleset::announce::run(&ctx, &announce).await.unwrap();
    let pool_alone = show::Args {
        files: FilesWish::default(),
        ..shown.clone()
    };
    assert_eq!(
        (shown.pool_alone(), pool_alone.pool_alone()),
        (None, Some(&stage.pool))
    );
    let standing = Standing::read(&ctx, &stage.pool).await.unwrap();
    assert!(
        page(&standing).contains("from epoch  4"),
        "{}",
        page(&standing)
    );
    let args = diff::Args {
        before: Which::Epoch(EpochNumber::FIRST),
        after: Which::Folder(new),
        files,
        pool: Some(stage.pool),
    };
    let differ = diff::run(&ctx, &args).await.unwrap();
    assert_eq!(differ.before.standing, Some("in force"));
    assert_eq!(differ.after.standing, Some("announced"));
    let announced = differ
        .on_chain
        .as_ref()
        .unwrap()
        .announced
        .as_ref()
        .unwrap();
    assert_eq!(
        (announced.from_epoch, announced.hash.0),
        (EpochNumber::new(4), hash)
    );
    let [value] = &differ.values[..] else {
        panic!("one number differs: {:?}", differ.values);
    };
    assert_eq!(value.name, "[rules.beat] far_m");
    assert_eq!(
        (value.before.as_deref(), value.after.as_deref()),
        (Some("400"), Some("350"))
    );
    assert!(differ.files.is_empty());
}

#[tokio::test]
async fn rules_that_ship_are_no_networks_and_a_line_of_sql_is_told() {
    let stage = Stage::new().await;
    let ctx = stage.as_authority();
    let shipped = show::Args {
        which: Some(Which::Shipped),
        files: FilesWish::default(),
        pool: None,
    };
    let rules = show::run(&ctx, &shipped).await.unwrap();
    assert_eq!((rules.hash, rules.standing), (None, None));
    let unsaid = show::Args {
        which: None,
        ..shipped
    };
    let error = show::run(&ctx, &unsaid).await.unwrap_err();
    assert_eq!(error.code(), "argument");
    stage.close(1, 1);
    let new = proposal(&stage, &[]);
    let rule = new.join("rules/29_unmeasured.sql");
    edit(&rule, "FROM devices", "FROM devices -- all of them");
    let args = diff::Args {
        before: Which::Epoch(EpochNumber::FIRST),
        after: Which::Folder(new),
        files: stage.data.path().to_path_buf().into(),
        pool: None,
    };
    let differ = diff::run(&ctx, &args).await.unwrap();
    let [file] = &differ.files[..] else {
        panic!("one file differs: {:?}", differ.files);
    };
    assert_eq!(file.name, "29_unmeasured.sql");
    let lines: Vec<_> = file.lines.iter().map(|it| (it.added, it.line)).collect();
    assert_eq!(lines, [(false, 4), (true, 4)]);
    assert!(page(&differ).contains("+    4  FROM devices -- all of them"));
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}
