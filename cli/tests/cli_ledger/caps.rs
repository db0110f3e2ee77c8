//! Rules that a pool is created with, or that are announced: held against what the pool lets an epoch give.

use std::path::PathBuf;
use std::sync::Arc;

use cairn::command::pool;
use cairn::command::pool::ruleset::named::{Named, named};
use cairn::context::Context;
use cairn_epoch::{NetworkTerms, Task, shipped_ruleset, write_shipped_ruleset};
use cairn_merkle::{Credits, EpochNumber, Tokens};

use crate::stage::{Listener, Stage, TOKEN, terms};

/// A carrier's task that gives up to so many data credits in an epoch.
fn with_task(credits_per_epoch: u64) -> NetworkTerms {
    NetworkTerms {
        tasks: vec![Task {
            id: 1,
            name: "activate an eSIM".to_owned(),
            carrier: [7; 32],
            carrier_kind: 0,
            credits: Credits::new(1),
            credits_per_epoch: Credits::new(credits_per_epoch),
        }],
        ..terms()
    }
}

/// The folder of rules with `terms`.
fn folder(stage: &Stage, terms: &NetworkTerms) -> PathBuf {
    let folder = stage.data.path().join("rules");
    write_shipped_ruleset(&folder, terms).unwrap();
    folder
}

fn listening(stage: &Stage) -> (Context, Listener) {
    let listener = Listener::new(true);
    let ctx = Context {
        talk: Arc::new(listener.clone()),
        ..stage.as_authority()
    };
    (ctx, listener)
}

/// The pool that rules in `folder` would be created with: 100,000 tokens and 50 credits a day.
fn creating(stage: &Stage, terms: &NetworkTerms) -> pool::create::Args {
    pool::create::Args {
        credits_cap: "50".to_owned(),
        ruleset: Named::Folder(folder(stage, terms)),
        ..stage.creating(9)
    }
}

#[tokio::test]
async fn a_pool_is_not_created_with_rules_that_give_more_than_its_caps() {
    let stage = Stage::new().await;
    let (ctx, _) = listening(&stage);
    let before = stage.ledger.landed();
    let too_many = pool::create::run(&ctx, &creating(&stage, &with_task(51)))
        .await
        .unwrap_err();
    assert_eq!(too_many.code(), "rules-beyond-caps");
    assert_eq!(
        too_many.to_string(),
        "an epoch of these rules gives up to 51 data credits, and the pool's credits cap lets it give 50"
    );
    let above = NetworkTerms {
        tokens_per_epoch: Tokens::new(100_000 * TOKEN + 1),
        ..with_task(51)
    };
    let both = pool::create::run(&ctx, &creating(&stage, &above))
        .await
        .unwrap_err();
    let told = both.to_string();
    assert!(
        told.contains("100000000001 base units") && told.contains("51 data credits"),
        "{told}"
    );
    assert_eq!(stage.ledger.landed(), before);
}

#[tokio::test]
async fn rules_at_the_caps_are_taken_from_their_folder_and_a_hash_alone_is_said_to_be_unseen() {
    let stage = Stage::new().await;
    let (ctx, listener) = listening(&stage);
    let at_the_caps = NetworkTerms {
        tokens_per_epoch: Tokens::new(100_000 * TOKEN),
        ..with_task(50)
    };
    let args = creating(&stage, &at_the_caps);
    let created = pool::create::run(&ctx, &args).await.unwrap();
    let address = created.address("pool").unwrap();
    let pool = stage.ledger.with_world(|world| world.pool(&address));
    let hash = shipped_ruleset(&at_the_caps).unwrap().hash();
    assert_eq!(pool.ruleset_hash(), Some(hash));
    let unseen = |at: usize| {
        let warnings = &listener.effects()[at].warnings;
        warnings
            .iter()
            .any(|it| it.starts_with("Only the hash of the rules"))
    };
    assert!(!unseen(0));
    pool::create::run(&ctx, &stage.creating(10)).await.unwrap();
    assert!(unseen(1));
}

/// A pool with a cap of 0 could never take an epoch in which anybody completed a task.
#[tokio::test]
async fn rules_beyond_the_caps_are_not_announced() {
    let stage = Stage::new().await;
    let (ctx, _) = listening(&stage);
    let none = pool::create::Args {
        credits_cap: "0".to_owned(),
        ..stage.creating(9)
    };
    let created = pool::create::run(&ctx, &none).await.unwrap();
    let pool = cairn::args::PoolArg {
        pool: created.address("pool").unwrap(),
    };
    let announce = |terms: &NetworkTerms| pool::ruleset::announce::Args {
        rules: Named::Folder(folder(&stage, terms)),
        from_epoch: EpochNumber::new(5),
        pool: pool.clone(),
    };
    let refused = pool::ruleset::announce::run(&ctx, &announce(&with_task(1)))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "rules-beyond-caps");
    pool::ruleset::announce::run(&ctx, &announce(&terms()))
        .await
        .unwrap();
}

#[test]
fn rules_are_named_by_a_folder_or_a_hash() {
    let here = tempfile::tempdir().unwrap();
    let path = here.path().to_str().unwrap();
    assert_eq!(named(path), Ok(Named::Folder(here.path().to_owned())));
    assert_eq!(named(&"07".repeat(32)), Ok(Named::Hash([7; 32])));
    let neither = named("rules-of-nobody").unwrap_err();
    assert!(neither.contains("64 hexadecimal digits"), "{neither}");
    let empty = Named::Folder(here.path().to_owned()).read();
    assert!(empty.is_err());
}
