//! Parameters that change with delay, the outflow breaker, and pools of an older layout.

use cairn::args::PoolArg;
use cairn::command::{claim, pool};
use cairn::error::Exit;
use cairn::moment::Seconds;
use cairn::printer::Outcome;
use cairn_testkit::Member;
use cairn_testkit::MintExtension::TransferFee;
use solana_sdk::signer::Signer;

use crate::granted::grant;
use crate::stage::{Stage, TOKEN, page};

/// The stage's delay, three days.
const DELAY: i64 = 259_200;

fn set(stage: &Stage) -> pool::set_params::Args {
    pool::set_params::Args {
        pool: stage.pool_arg(),
        emission_cap: None,
        epoch_interval: None,
        challenge_window: None,
        points_cap: None,
        credits_cap: None,
        breaker_share: None,
        breaker_floor: None,
        breaker_window: None,
        recipient_cooldown: None,
        params_delay: None,
        answer_time: None,
    }
}

async fn show(stage: &Stage) -> pool::show::PoolShown {
    let args = pool::show::Args {
        pool: stage.pool_arg(),
    };
    pool::show::run(&stage.as_authority(), &args).await.unwrap()
}

fn of(stage: &Stage) -> PoolArg {
    stage.pool_arg()
}

#[tokio::test]
async fn announced_parameters_take_effect_only_after_the_delay_and_by_anyone() {
    let stage = Stage::new().await;
    let args = pool::set_params::Args {
        emission_cap: Some("50000".to_owned()),
        breaker_share: Some(500),
        ..set(&stage)
    };
    let stranger = pool::set_params::run(&stage.context(&stage.guardian), &args)
        .await
        .unwrap_err();
    assert_eq!(stranger.code(), "wrong-signer");
    let announced = pool::set_params::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    assert_eq!(announced.effective_at, announced.now + DELAY);
    let again = pool::set_params::run(&stage.as_authority(), &args)
        .await
        .unwrap_err();
    assert_eq!(again.code(), "nothing-changes");
    let shown = show(&stage).await;
    assert_eq!(shown.params.emission_cap.base(), 100_000 * TOKEN);
    insta::assert_snapshot!("pool_announced", page(&shown));

    let anyone = stage.context(stage.owner(0));
    let apply = pool::apply_params::Args { pool: of(&stage) };
    let early = pool::apply_params::run(&anyone, &apply).await.unwrap_err();
    assert_eq!(
        (early.code().as_ref(), early.exit()),
        ("params-not-due", Exit::TryAgain)
    );
    stage.ledger.with_world(|world| world.warp(DELAY));
    pool::apply_params::run(&anyone, &apply).await.unwrap();
    let shown = show(&stage).await;
    assert_eq!(shown.params.emission_cap.base(), 50_000 * TOKEN);
    assert_eq!(shown.params.breaker_share_bps, 500);
    assert!(shown.pending_params.is_none());
    let nothing = pool::apply_params::run(&anyone, &apply).await.unwrap_err();
    assert_eq!(nothing.code(), "no-params-announced");
}

#[tokio::test]
async fn the_guardian_withdraws_what_was_announced_and_a_stranger_does_not() {
    let stage = Stage::new().await;
    let args = pool::set_params::Args {
        params_delay: Some(Seconds(864_000)),
        ..set(&stage)
    };
    pool::set_params::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    let cancel = pool::cancel_params::Args { pool: of(&stage) };
    let stranger = pool::cancel_params::run(&stage.context(stage.owner(0)), &cancel)
        .await
        .unwrap_err();
    assert_eq!(stranger.code(), "wrong-signer");
    pool::cancel_params::run(&stage.context(&stage.guardian), &cancel)
        .await
        .unwrap();
    assert!(show(&stage).await.pending_params.is_none());
}

#[tokio::test]
async fn values_out_of_range_are_wrong_usage_with_the_range() {
    let stage = Stage::new().await;
    let args = pool::set_params::Args {
        breaker_window: Some(Seconds(7)),
        ..set(&stage)
    };
    let error = pool::set_params::run(&stage.as_authority(), &args)
        .await
        .unwrap_err();
    assert_eq!(error.exit(), Exit::Usage);
    assert_eq!(error.to_string(), "--breaker-window is 7 s");
    assert_eq!(error.hint().unwrap(), "it is from 8 s to 366 days");
}

#[tokio::test]
async fn nobody_raises_emission_above_what_members_were_promised_at_creation() {
    let stage = Stage::new().await;
    let args = pool::set_params::Args {
        emission_cap: Some("100000.000001".to_owned()),
        ..set(&stage)
    };
    let error = pool::set_params::run(&stage.as_authority(), &args)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "looser-than-at-creation");
}

#[tokio::test]
async fn nothing_changes_under_an_epoch_in_flight() {
    let stage = Stage::new().await;
    let args = pool::set_params::Args {
        challenge_window: Some(Seconds(7_200)),
        ..set(&stage)
    };
    pool::set_params::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    stage.ledger.with_world(|world| world.warp(DELAY));
    stage.propose(&stage.close(1, 3));
    let apply = pool::apply_params::Args { pool: of(&stage) };
    let error = pool::apply_params::run(&stage.as_authority(), &apply)
        .await
        .unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.exit()),
        ("epoch-in-flight", Exit::TryAgain)
    );
}

fn everyone(stage: &Stage) -> claim::all::Args {
    claim::all::Args {
        files: vec![stage.data.path().into()],
        pool: Some(stage.pool),
    }
}

/// Lets at most that share of the vault's million tokens leave in a day.
async fn limit(stage: &Stage, share_bps: u16) {
    let args = pool::set_params::Args {
        breaker_share: Some(share_bps),
        breaker_floor: Some("0".to_owned()),
        ..set(stage)
    };
    pool::set_params::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    stage.ledger.with_world(|world| world.warp(DELAY));
    let apply = pool::apply_params::Args { pool: of(stage) };
    pool::apply_params::run(&stage.as_authority(), &apply)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_breaker_says_how_much_is_available_and_when_more_and_a_part_can_be_claimed() {
    let stage = Stage::new().await;
    let owner = stage.owner(0);
    let members = [Member::with_tokens(owner.pubkey(), 3_000 * TOKEN)];
    let files = grant(&stage, 1, &members).await;
    limit(&stage, 20).await;

    let ctx = stage.context(owner);
    let claim_of = |at_most: Option<&str>| claim::Args {
        files: files.clone().into(),
        pool: Some(stage.pool),
        owner: None,
        at_most: at_most.map(str::to_owned),
    };
    let open = claim::pay::run(&ctx, &claim_of(None)).await.unwrap_err();
    assert_eq!(
        (open.code().as_ref(), open.exit()),
        ("reward-vault/BreakerOpen", Exit::TryAgain)
    );
    assert!(
        open.to_string().starts_with("2,000 tokens available now, "),
        "{open}"
    );
    assert_eq!(
        open.hint().unwrap(),
        "claim with --at-most 2000 now, and the rest later"
    );

    let part = claim::pay::run(&ctx, &claim_of(Some("1,999.5")))
        .await
        .unwrap();
    assert_eq!(part.paid.base(), 1_999_500_000);
    assert_eq!(part.rest.base(), part.earned.base() - part.paid.base());
    assert_eq!(stage.tokens_of(&owner.pubkey()), part.paid.base());
    let shown = show(&stage).await;
    assert_eq!(shown.breaker.available.base(), TOKEN / 2);
    let more_at = shown.breaker.more_at.unwrap();
    let standing = claim::show::run(&ctx, &claim_of(None)).await.unwrap();
    assert_eq!(standing.claimable, part.rest);
    assert_eq!(standing.more_at, Some(more_at));

    stage.ledger.with_world(|world| world.set_time(more_at));
    let rest = claim::pay::run(&ctx, &claim_of(None)).await.unwrap();
    assert_eq!(rest.paid, part.rest);
    assert_eq!(stage.tokens_of(&owner.pubkey()), rest.earned.base());
}

#[tokio::test]
async fn a_run_for_everyone_pays_what_the_breaker_lets_out_and_the_rest_later() {
    let stage = Stage::new().await;
    let closed = stage.run_epoch(1, 5).await;
    // Three members earned 50 tokens each; 200 may leave in a day, half of them by anyone's hand.
    limit(&stage, 2).await;
    let args = everyone(&stage);
    let ctx = stage.as_authority();
    let some = claim::all::run(&ctx, &args).await.unwrap();
    assert_eq!((some.pools[0].paid, some.failed.len()), (2, 1));
    assert_eq!(some.failed[0].fault.code, "reward-vault/BreakerOpen");
    assert_eq!(Outcome::exit(&some), Exit::TryAgain);

    let more_at = show(&stage).await.breaker.more_at.unwrap();
    stage.ledger.with_world(|world| world.set_time(more_at));
    let rest = claim::all::run(&ctx, &args).await.unwrap();
    assert_eq!((rest.pools[0].paid, rest.pools[0].settled), (1, 2));
    let claimed = stage
        .ledger
        .with_world(|world| world.pool(&stage.pool).total_claimed);
    assert_eq!(claimed, closed.root.sum().get());
}

#[tokio::test]
async fn runs_for_everyone_pay_members_whose_due_is_above_the_breaker_to_the_last_unit() {
    let stage = Stage::new().await;
    let closed = stage.run_epoch(1, 24).await;
    let each = closed.root.sum().get() / 3;
    // What may leave in a day is less than half of what each of the three earned.
    limit(&stage, 1).await;
    assert!(show(&stage).await.breaker.available.base() * 2 < each);
    let args = everyone(&stage);
    let ctx = stage.as_authority();
    let mut paid = 0;
    for _ in 0..20 {
        let available = show(&stage).await.breaker.available_unsigned.base();
        let run = claim::all::run(&ctx, &args).await.unwrap();
        let pool = &run.pools[0];
        paid += pool.tokens.base();
        if paid == closed.root.sum().get() {
            assert_eq!((pool.in_part, Outcome::exit(&run)), (0, Exit::Done));
            break;
        }
        assert_eq!(
            (pool.tokens.base(), pool.in_part),
            (available, 1),
            "{run:?}"
        );
        assert_eq!(Outcome::exit(&run), Exit::TryAgain);
        assert!(page(&run).contains("paid in part"));
        let more_at = show(&stage).await.breaker.more_at.unwrap();
        stage.ledger.with_world(|world| world.set_time(more_at));
    }
    for at in 0..3 {
        assert_eq!(stage.tokens_of(&stage.owner(at).pubkey()), each);
    }
    let done = claim::all::run(&ctx, &args).await.unwrap();
    assert_eq!((done.pools[0].paid, done.pools[0].settled), (0, 3));
}

#[tokio::test]
async fn a_part_of_a_token_that_may_take_a_fee_is_claimed_by_its_member_alone() {
    let fee = TransferFee {
        bps: 100,
        maximum: u64::MAX,
    };
    let stage = Stage::over(|world, authority| world.create_mint_2022(authority, 6, &[fee])).await;
    stage.run_epoch(1, 24).await;
    limit(&stage, 1).await;
    let owner = stage.owner(0);

    let args = everyone(&stage);
    let by_stranger = claim::all::run(&stage.as_authority(), &args).await.unwrap();
    assert_eq!(
        (by_stranger.pools[0].paid, by_stranger.failed.len()),
        (0, 3)
    );
    assert_eq!(by_stranger.failed[0].fault.code, "reward-vault/BreakerOpen");
    let part = claim::Args {
        files: stage.data.path().into(),
        pool: Some(stage.pool),
        owner: Some(owner.pubkey()),
        at_most: Some("1".to_owned()),
    };
    let refused = claim::pay::run(&stage.as_authority(), &part)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "reward-vault/PartUnsigned");

    let ctx = stage.context(owner);
    let first = claim::pay::run(&ctx, &part).await.unwrap();
    assert_eq!(first.paid.base(), TOKEN);
    let available = show(&stage).await.breaker.available;
    let second = claim::all::run(&ctx, &args).await.unwrap();
    let pool = &second.pools[0];
    assert_eq!((pool.paid, pool.in_part, pool.tokens), (1, 1, available));
    assert_eq!(second.failed.len(), 2);
    let arrived = stage.tokens_of(&owner.pubkey());
    assert_eq!(arrived, (TOKEN + available.base()) * 99 / 100);
}

#[tokio::test]
async fn a_pool_of_an_older_layout_pays_nothing_until_anyone_migrates_it() {
    /// Where the version stands in a pool's account.
    const VERSION: usize = 887;
    let stage = Stage::new().await;
    stage.run_epoch(1, 5).await;
    stage.ledger.with_world(|world| {
        let mut account = world.expect_account(&stage.pool);
        assert_eq!(account.data[VERSION], 3);
        account.data.truncate(1_144);
        account.data[VERSION] = 1;
        account.data[VERSION + 1..].fill(0);
        world.set_account(&stage.pool, account);
    });
    let shown = show(&stage).await;
    assert_eq!(shown.layout_version, 1);
    assert!(page(&shown).contains("cairn pool migrate"));
    let claim_of = claim::Args {
        files: stage.data.path().into(),
        pool: Some(stage.pool),
        owner: None,
        at_most: None,
    };
    let ctx = stage.context(stage.owner(0));
    let outdated = claim::pay::run(&ctx, &claim_of).await.unwrap_err();
    assert_eq!(outdated.code(), "pool-outdated");

    let args = pool::migrate::Args { pool: of(&stage) };
    let migrated = pool::migrate::run(&ctx, &args).await.unwrap();
    assert_eq!(migrated.transactions.list.len(), 1);
    let again = pool::migrate::run(&ctx, &args).await.unwrap();
    assert!(again.transactions.list.is_empty());
    assert!(page(&again).contains("nothing to send"));
    claim::pay::run(&ctx, &claim_of).await.unwrap();
}
