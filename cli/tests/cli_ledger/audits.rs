//! Audits of epochs that were closed from signed proofs: what is found, what is not, and what could not be compared.

use cairn::command::audit;
use cairn::error::Exit;
use cairn::printer::Outcome;
use cairn_epoch::{Calendar, NetworkTerms, write_shipped_ruleset};
use cairn_merkle::{EpochNumber, MilliPoints, Tokens};

use crate::stage::{Stage, damage, page, terms};

pub fn audit_of(stage: &Stage, which: audit::epoch::Which) -> audit::epoch::Args {
    audit::epoch::Args {
        which,
        files: stage.files_arg(),
        pool: Some(stage.pool),
        anchors: None,
        ruleset: None,
        accept_unknown: false,
        limit: 20,
    }
}

#[tokio::test]
async fn an_audit_of_honest_epochs_is_equal_in_everything() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 5).await;
    stage.run_epoch(2, 5).await;
    let args = audit_of(&stage, audit::epoch::Which::All);
    let audited = audit::epoch::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    let results: Vec<_> = audited
        .epochs
        .iter()
        .flat_map(|epoch| &epoch.checks)
        .collect();
    assert!(
        results.iter().all(|check| check.result == "equal"),
        "{results:#?}"
    );
    assert_eq!(
        (audited.verdict.as_str(), audited.epochs.len()),
        ("equal", 2)
    );
    assert_eq!(Outcome::exit(&audited), Exit::Done);
    insta::with_settings!({filters => vec![(r"[0-9a-f]{64}", "[hash]")]}, {
        insta::assert_snapshot!("audit", page(&audited));
    });
}

/// Keepers who agree may put any ruleset's hash on chain: only an auditor who says which rules were promised finds out.
#[tokio::test]
async fn an_audit_against_the_rules_that_were_promised_names_the_number_that_was_forged() {
    let stream = |rate_milli_points| cairn_epoch::Stream {
        id: 1,
        unit: "weather hour".to_owned(),
        partner: [3; 32],
        partner_kind: 0,
        daily_ceiling: 24,
        rate_milli_points: MilliPoints::new(rate_milli_points),
        pot_permille: 1_000,
        second_source: "a neighbouring station".to_owned(),
        second_source_permille: 0,
    };
    let promised = NetworkTerms {
        streams: vec![stream(10)],
        ..terms()
    };
    let rules = tempfile::tempdir().unwrap();
    write_shipped_ruleset(rules.path(), &promised).unwrap();
    let earlier = Calendar {
        first_start: promised.calendar.first_start - 1,
        ..promised.calendar
    };
    let forgeries = [
        (
            NetworkTerms {
                streams: vec![stream(100)],
                ..terms()
            },
            "[[stream]] 1 rate_milli_points",
        ),
        (
            NetworkTerms {
                tokens_per_epoch: Tokens::new(10 * promised.tokens_per_epoch.get()),
                ..promised.clone()
            },
            "[emission] tokens_per_epoch",
        ),
        (
            NetworkTerms {
                calendar: earlier,
                ..promised.clone()
            },
            "[calendar] first_start",
        ),
    ];
    for (forged, number) in forgeries {
        let stage = Stage::new().await;
        let closed = stage.close_under(1, 5, &forged);
        // The pool was created with the forged rules; what was promised stood elsewhere.
        let hash = cairn_epoch::shipped_ruleset(&forged).unwrap().hash();
        let pool = stage.pool;
        stage
            .ledger
            .with_world(|world| world.set_ruleset(&pool, hash));
        stage.propose(&closed);
        let mut args = audit_of(&stage, audit::epoch::Which::One(EpochNumber::FIRST));
        let rules_of = |audited: &audit::epoch::Audited| {
            let checks = audited.epochs[0].checks.iter();
            checks
                .clone()
                .find(|check| check.what == "rules")
                .unwrap()
                .clone()
        };
        let told = audit::epoch::run(&stage.as_authority(), &args)
            .await
            .unwrap();
        assert_eq!(rules_of(&told).result, "equal", "{number}");
        args.ruleset = Some(rules.path().to_path_buf());
        let audited = audit::epoch::run(&stage.as_authority(), &args)
            .await
            .unwrap();
        let check = rules_of(&audited);
        assert_eq!(check.result, "differs", "{number}");
        assert!(check.detail.contains(number), "{}", check.detail);
        assert_eq!(Outcome::exit(&audited), Exit::Failed, "{number}");
    }
}

#[tokio::test]
async fn what_an_audit_could_not_compare_is_no_pass_unless_that_is_accepted() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 5).await;
    stage.ledger.forget_blocks();
    let mut args = audit_of(&stage, audit::epoch::Which::One(EpochNumber::FIRST));
    for (accept, exit) in [(false, Exit::Failed), (true, Exit::Done)] {
        args.accept_unknown = accept;
        let audited = audit::epoch::run(&stage.as_authority(), &args)
            .await
            .unwrap();
        assert!(audited.verdict.contains("anchors"), "{}", audited.verdict);
        assert!(page(&audited).contains("not everything could be compared"));
        assert_eq!(Outcome::exit(&audited), exit);
    }
    // Whoever brings the blocks compares everything.
    args.accept_unknown = false;
    args.anchors =
        Some(cairn_epoch::EpochFolder::of(stage.data.path(), EpochNumber::FIRST).anchors());
    let audited = audit::epoch::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    assert_eq!(audited.verdict, "equal");
}

#[tokio::test]
async fn an_audit_names_the_member_that_was_given_too_much() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 5).await;
    let leaves_file = cairn_epoch::EpochFolder::of(stage.data.path(), EpochNumber::FIRST).leaves();
    let honest = std::fs::read(&leaves_file).unwrap();
    damage(&leaves_file);
    let args = audit_of(&stage, audit::epoch::Which::One(EpochNumber::FIRST));
    let audited = audit::epoch::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    assert!(
        audited.verdict.contains("outputs/leaves.parquet"),
        "{}",
        audited.verdict
    );
    assert_eq!(Outcome::exit(&audited), Exit::Failed);
    std::fs::write(&leaves_file, honest).unwrap();
}

#[tokio::test]
async fn an_audit_notices_other_evidence_other_rules_and_another_registry() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 5).await;
    let folder = cairn_epoch::EpochFolder::of(stage.data.path(), EpochNumber::FIRST);
    let args = audit_of(&stage, audit::epoch::Which::One(EpochNumber::FIRST));
    for file in [
        folder.evidence(cairn_epoch::SegmentName {
            number: 0,
            kind: Some(cairn_proof::Kind::HotspotBeat),
        }),
        folder.ruleset_toml(),
        folder.devices(),
        folder.decisions(),
    ] {
        let honest = std::fs::read(&file).unwrap();
        damage(&file);
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        match audit::epoch::run(&stage.as_authority(), &args).await {
            Ok(audited) => {
                assert_eq!(Outcome::exit(&audited), Exit::Failed, "{name}");
                assert!(
                    audited.verdict.contains(&name),
                    "{name}: {}",
                    audited.verdict
                );
            }
            Err(error) => assert!(error.to_string().contains(&name), "{name}: {error}"),
        }
        std::fs::write(&file, honest).unwrap();
    }
    let audited = audit::epoch::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    assert_eq!(audited.verdict, "equal");
}
