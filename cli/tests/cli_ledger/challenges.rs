//! "Show me my leaf", and roots that fall: what the commands ask, answer, end and take back.

use cairn::command::{claim, epoch};
use cairn::context::{Context, Manner};
use cairn::error::{CliError, Exit};
use cairn::facts::Facts;
use cairn_interface::vault::{EpochStatus, EpochView, ProposeEpoch, epoch_address};
use cairn_merkle::{EpochNumber, LeafIndex};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use crate::stage::Stage;

const SECOND: EpochNumber = EpochNumber::new(2);

/// Epoch 1 active, epoch 2 proposed with its canopy and attested.
async fn proposed() -> Stage {
    let stage = Stage::new().await;
    stage.run_epoch(1, 3).await;
    stage.propose(&stage.close(2, 3));
    stage
}

fn view(stage: &Stage, number: EpochNumber) -> EpochView {
    let address = epoch_address(&stage.pool, number).0;
    stage.ledger.with_world(|world| world.epoch(&address))
}

fn asks(stage: &Stage) -> epoch::challenge::Args {
    epoch::challenge::Args {
        number: SECOND,
        pool: stage.pool_arg(),
        files: stage.data.path().into(),
        owner: None,
    }
}

fn answers(stage: &Stage) -> epoch::answer::Args {
    epoch::answer::Args {
        number: SECOND,
        pool: stage.pool_arg(),
        files: stage.data.path().into(),
        index: None,
    }
}

fn ends(stage: &Stage) -> epoch::expire::Args {
    epoch::expire::Args {
        number: SECOND,
        pool: stage.pool_arg(),
        index: None,
    }
}

fn value(facts: &Facts, name: &str) -> serde_json::Value {
    serde_json::to_value(facts).expect("JSON")[name].clone()
}

fn said(error: &CliError) -> (String, Exit) {
    (error.code().into_owned(), error.exit())
}

#[tokio::test]
async fn a_member_asks_once_and_whoever_has_the_files_answers_for_the_deposit() {
    let stage = proposed().await;
    let owner = stage.context(stage.owner(1));
    let asked = epoch::challenge::run(&owner, &asks(&stage)).await.unwrap();
    let index = value(&asked, "index");
    let twice = epoch::challenge::run(&owner, &asks(&stage))
        .await
        .unwrap_err();
    assert_eq!(said(&twice), ("challenged".to_owned(), Exit::Failed));
    let stranger = stage.context(&stage.guardian);
    let nobody = epoch::challenge::run(&stranger, &asks(&stage))
        .await
        .unwrap_err();
    assert_eq!(nobody.code(), "not-a-member");

    let early = epoch::expire::run(&stranger, &ends(&stage))
        .await
        .unwrap_err();
    assert_eq!(
        said(&early),
        ("challenge-answerable".to_owned(), Exit::TryAgain)
    );
    let other = epoch::answer::Args {
        index: Some(LeafIndex::new(77)),
        ..answers(&stage)
    };
    let none = epoch::answer::run(&stranger, &other).await.unwrap();
    assert_eq!(value(&none, "answered"), 0);

    let lamports = |key: &Keypair| {
        let key = key.pubkey();
        stage.ledger.with_world(|world| world.lamports(&key))
    };
    let before = lamports(&stage.guardian);
    let answered = epoch::answer::run(&stranger, &answers(&stage))
        .await
        .unwrap();
    assert_eq!(value(&answered, "answered"), 1);
    assert!(
        lamports(&stage.guardian) > before + 10_000_000,
        "index {index}"
    );
    assert_eq!(view(&stage, SECOND).open_challenges, 0);
    let nothing = epoch::expire::run(&stranger, &ends(&stage)).await.unwrap();
    assert_eq!(value(&nothing, "ended"), 0);

    stage.wait();
    let late = epoch::challenge::run(&owner, &asks(&stage))
        .await
        .unwrap_err();
    assert_eq!(late.code(), "challenge-late");
}

#[tokio::test]
async fn what_nobody_shows_in_time_falls() {
    let stage = proposed().await;
    let owner = stage.context(stage.owner(2));
    epoch::challenge::run(&owner, &asks(&stage)).await.unwrap();
    stage.ledger.with_world(|world| {
        let secs = world.pool(&stage.pool).answer_secs;
        world.warp(i64::try_from(secs).expect("days") + 1);
    });
    let ended = epoch::expire::run(&owner, &ends(&stage)).await.unwrap();
    assert_eq!(value(&ended, "ended"), 1);
    assert_eq!(view(&stage, SECOND).status(), EpochStatus::Vetoed);
    let over = epoch::challenge::run(&owner, &asks(&stage))
        .await
        .unwrap_err();
    assert_eq!(over.code(), "epoch-not-open");
}

#[tokio::test]
async fn a_proposal_that_nobody_completed_is_cleared_away_after_its_window_and_a_complete_one_never()
 {
    let stage = proposed().await;
    let lapse = epoch::lapse::Args {
        number: SECOND,
        pool: stage.pool_arg(),
    };
    let anybody = stage.context(stage.owner(0));
    let early = epoch::lapse::run(&anybody, &lapse).await.unwrap_err();
    assert_eq!(
        said(&early),
        ("challenge-window-open".to_owned(), Exit::TryAgain)
    );
    stage.wait();
    let complete = epoch::lapse::run(&anybody, &lapse).await.unwrap_err();
    assert_eq!(said(&complete), ("epoch-complete".to_owned(), Exit::Failed));

    let alone = Stage::new().await;
    alone.run_epoch(1, 3).await;
    let closed = alone.close(2, 3);
    let manifest = &closed.manifest;
    let proposal = ProposeEpoch {
        proposer: alone.keepers[0].pubkey(),
        pool: alone.pool,
        number: SECOND,
        root: closed.root,
        points: closed.totals.milli_points,
        credits: closed.totals.credits,
        leaf_count: closed.leaf_count,
        period_start: manifest.epoch.period_start_ms / 1000,
        period_end: manifest.epoch.period_end_ms / 1000,
        manifest_hash: closed.manifest_hash,
        ruleset_hash: manifest.ruleset.hash,
        code_hash: manifest.code.hash,
        accepted: closed.accepted,
        rejected: closed.rejected,
        admin: None,
        guardian: None,
    };
    alone.ledger.with_world(|world| {
        world.must(&[proposal.instruction()], &[&alone.keepers[0]]);
    });
    alone.wait();
    let lapse = epoch::lapse::Args {
        number: SECOND,
        pool: alone.pool_arg(),
    };
    let anybody = alone.context(alone.owner(0));
    epoch::lapse::run(&anybody, &lapse).await.unwrap();
    assert_eq!(view(&alone, SECOND).status(), EpochStatus::Vetoed);
}

#[tokio::test]
async fn admin_and_guardian_take_an_active_root_back_and_nobody_is_paid_by_it_any_more() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 3).await;
    let keys = tempfile::tempdir().unwrap();
    let file = |name: &str, key: &Keypair| {
        let path = keys.path().join(name);
        let bytes = serde_json::to_vec(&key.to_bytes().to_vec()).expect("JSON");
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let revoke = |number, guardian: &Keypair| epoch::revoke::Args {
        number,
        pool: stage.pool_arg(),
        guardian: file("guardian.json", guardian),
    };
    let admin = stage.as_authority();
    let impostor = revoke(EpochNumber::FIRST, stage.owner(0));
    let impostor = epoch::revoke::run(&admin, &impostor).await.unwrap_err();
    assert_eq!(impostor.code(), "not-the-guardian");
    let alone = revoke(EpochNumber::FIRST, &stage.guardian);
    let alone = epoch::revoke::run(&stage.context(stage.owner(0)), &alone).await;
    assert_eq!(alone.unwrap_err().code(), "wrong-signer");

    stage.propose(&stage.close(2, 3));
    let args = revoke(EpochNumber::FIRST, &stage.guardian);
    let flying = epoch::revoke::run(&admin, &args).await.unwrap_err();
    assert_eq!(flying.code(), "epoch-in-flight");
    let args = revoke(SECOND, &stage.guardian);
    let pending = epoch::revoke::run(&admin, &args).await.unwrap_err();
    assert_eq!(pending.code(), "epoch-not-active");
    let veto = epoch::veto::Args {
        number: SECOND,
        pool: stage.pool_arg(),
        reason: 1,
    };
    epoch::veto::run(&stage.context(&stage.guardian), &veto)
        .await
        .unwrap();
    // A multisig's members sign elsewhere: with --unsigned the guardian's address does, and nowhere else.
    let by_address = epoch::revoke::Args {
        guardian: stage.guardian.pubkey().to_string(),
        ..revoke(EpochNumber::FIRST, &stage.guardian)
    };
    let keyless = epoch::revoke::run(&admin, &by_address).await.unwrap_err();
    assert_eq!(keyless.code(), "wallet");
    let unsigned = Context {
        manner: Manner::Unsigned,
        ..stage.as_authority()
    };
    epoch::revoke::run(&unsigned, &by_address).await.unwrap();
    assert_eq!(
        view(&stage, EpochNumber::FIRST).status(),
        EpochStatus::Active
    );
    let args = revoke(EpochNumber::FIRST, &stage.guardian);
    epoch::revoke::run(&admin, &args).await.unwrap();
    assert_eq!(
        view(&stage, EpochNumber::FIRST).status(),
        EpochStatus::Revoked
    );
    let claim = claim::Args {
        files: stage.data.path().into(),
        pool: Some(stage.pool),
        owner: None,
        at_most: None,
    };
    let refused = claim::pay::run(&stage.context(stage.owner(0)), &claim)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "epoch-revoked");
}
