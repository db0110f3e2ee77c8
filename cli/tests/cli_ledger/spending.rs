//! Points that are burnt and data credits that are redeemed.

use cairn::command::credits::{self, RedemptionArg, carrier};
use cairn::command::points::{self, round};
use cairn::error::Exit;
use cairn::facts::Facts;
use cairn::membership::MemberArg;
use cairn::moment::Seconds;
use cairn_testkit::Member;
use solana_sdk::signer::Signer;

use crate::granted::grant;
use crate::stage::{Stage, TOKEN, page};

const DAY: i64 = 86_400;

/// Three owners with 1,000, 500 and 1 points, and 40 credits for the first.
async fn members(stage: &Stage) -> MemberArg {
    let members: Vec<Member> = [(1_000_000, 40), (500_000, 0), (1_000, 0)]
        .into_iter()
        .enumerate()
        .map(|(at, (points, credits))| Member {
            owner: stage.owner(at).pubkey(),
            tokens: 5,
            points,
            credits,
        })
        .collect();
    MemberArg {
        files: grant(stage, 1, &members).await.into(),
        pool: Some(stage.pool),
    }
}

fn burn(member: &MemberArg, points: &str) -> points::burn::Args {
    points::burn::Args {
        points: points.to_owned(),
        round: None,
        member: member.clone(),
    }
}

async fn open(stage: &Stage, tokens: &str, minimum: &str) -> Facts {
    let args = round::open::Args {
        tokens: tokens.to_owned(),
        pool: stage.pool_arg(),
        starts: None,
        lasts: Seconds(DAY.unsigned_abs()),
        minimum: minimum.to_owned(),
        from: None,
    };
    round::open::run(&stage.as_authority(), &args)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_round_is_shared_by_what_was_burnt_and_the_rest_is_the_pools() {
    let stage = Stage::new().await;
    let member = members(&stage).await;
    let none = points::burn::run(&stage.context(stage.owner(0)), &burn(&member, "1"))
        .await
        .unwrap_err();
    assert_eq!(
        (none.code().as_ref(), none.exit()),
        ("no-open-round", Exit::TryAgain)
    );
    let opened = open(&stage, "100", "2").await;
    assert_eq!(opened.number("number"), Some(0));
    assert_eq!(opened.number("tokens"), Some(100 * TOKEN));

    let ctx = stage.context(stage.owner(0));
    let few = points::burn::run(&ctx, &burn(&member, "1.999"))
        .await
        .unwrap_err();
    assert_eq!(few.code(), "burn-below-minimum");
    let first = points::burn::run(&ctx, &burn(&member, "600"))
        .await
        .unwrap();
    assert_eq!(first.number("left"), Some(400_000));
    assert_eq!(first.number("share"), Some(100 * TOKEN));
    let many = points::burn::run(&ctx, &burn(&member, "400.001"))
        .await
        .unwrap_err();
    assert_eq!(many.code(), "points-short");
    let second = stage.context(stage.owner(1));
    let second = points::burn::run(&second, &burn(&member, "300"))
        .await
        .unwrap();
    assert_eq!(second.number("share"), Some(33_333_333));

    let list = points::rounds::Args {
        pool: stage.pool_arg(),
        owner: Some(stage.owner(1).pubkey()),
    };
    let rounds = points::rounds::run(&ctx, &list).await.unwrap();
    insta::assert_snapshot!("rounds", page(&rounds));

    let settle = |all: bool| points::settle::Args {
        round: 0,
        pool: stage.pool_arg(),
        owner: None,
        all,
    };
    let close = round::close::Args {
        number: 0,
        pool: stage.pool_arg(),
    };
    let early = points::settle::run(&ctx, &settle(false)).await.unwrap_err();
    assert_eq!(
        (early.code().as_ref(), early.exit()),
        ("round-not-ended", Exit::TryAgain)
    );
    stage.ledger.with_world(|world| world.warp(DAY));
    let late = points::burn::Args {
        round: Some(0),
        ..burn(&member, "2")
    };
    let late = points::burn::run(&ctx, &late).await.unwrap_err();
    assert_eq!(late.code(), "round-ended");
    let unsettled = round::close::run(&ctx, &close).await.unwrap_err();
    assert_eq!(unsettled.code(), "round-unsettled");

    let mine = points::settle::run(&ctx, &settle(false)).await.unwrap();
    assert_eq!(mine.shares[0].tokens.base(), 66_666_666);
    assert_eq!(stage.tokens_of(&stage.owner(0).pubkey()), 66_666_666);
    let twice = points::settle::run(&ctx, &settle(false)).await.unwrap_err();
    assert_eq!(twice.code(), "nothing-burnt");
    let rest = points::settle::run(&ctx, &settle(true)).await.unwrap();
    assert_eq!(rest.shares.len(), 1);
    assert_eq!(stage.tokens_of(&stage.owner(1).pubkey()), 33_333_333);
    let nobody = points::settle::run(&ctx, &settle(true)).await.unwrap();
    assert!(nobody.transactions.list.is_empty());
    let closed = round::close::run(&ctx, &close).await.unwrap();
    assert_eq!(closed.number("left"), Some(1));
    let gone = round::close::run(&ctx, &close).await.unwrap_err();
    assert_eq!(gone.code(), "round-missing");
    assert_eq!(gone.to_string(), "round 0 is settled and closed");
}

#[tokio::test]
async fn only_the_admin_opens_a_round_with_tokens_it_has_and_a_window_that_can_be() {
    let stage = Stage::new().await;
    let args = |tokens: &str, secs: u64| round::open::Args {
        tokens: tokens.to_owned(),
        pool: stage.pool_arg(),
        starts: None,
        lasts: Seconds(secs),
        minimum: "0".to_owned(),
        from: None,
    };
    let stranger = round::open::run(&stage.context(stage.owner(0)), &args("1", 60)).await;
    assert_eq!(stranger.unwrap_err().code(), "wrong-signer");
    for (tokens, secs, code) in [
        ("0", 60, "argument"),
        ("1", 0, "argument"),
        ("1", 367 * DAY.unsigned_abs(), "argument"),
        ("1.0000001", 60, "amount"),
        ("9,999,999", 60, "insufficient-tokens"),
    ] {
        let error = round::open::run(&stage.as_authority(), &args(tokens, secs))
            .await
            .unwrap_err();
        assert_eq!(error.code(), code, "{tokens} for {secs}: {error}");
    }
}

#[tokio::test]
async fn credits_are_delivered_in_time_or_come_back() {
    let stage = Stage::new().await;
    let member = members(&stage).await;
    let carrier = stage.owner(2);
    let set = |period: Option<u64>, inactive| carrier::set::Args {
        carrier: carrier.pubkey(),
        period: period.map(Seconds),
        inactive,
        pool: stage.pool_arg(),
    };
    let no_period = carrier::set::run(&stage.as_authority(), &set(None, false)).await;
    assert_eq!(no_period.unwrap_err().exit(), Exit::Usage);
    carrier::set::run(&stage.as_authority(), &set(Some(3600), false))
        .await
        .unwrap();

    let redeem = |credits: u64| credits::redeem::Args {
        credits,
        carrier: carrier.pubkey(),
        commitment: [7; 32],
        number: None,
        member: member.clone(),
    };
    let ctx = stage.context(stage.owner(0));
    let many = credits::redeem::run(&ctx, &redeem(41)).await.unwrap_err();
    assert_eq!(many.code(), "credits-short");
    let first = credits::redeem::run(&ctx, &redeem(30)).await.unwrap();
    let number = |facts: &Facts, key| facts.number(key).unwrap();
    assert_eq!(number(&first, "left"), 10);
    assert_eq!(number(&first, "deadline"), number(&first, "now") + 3600);
    let first = number(&first, "number");
    let second = credits::redeem::run(&ctx, &redeem(10)).await.unwrap();
    let second = number(&second, "number");
    assert_ne!(first, second);

    let show = credits::show::Args {
        pool: stage.pool_arg(),
        owner: None,
        carrier: None,
    };
    let shown = credits::show::run(&ctx, &show).await.unwrap();
    insta::assert_snapshot!("credits", page(&shown));

    let of = |number| RedemptionArg {
        number,
        owner: stage.owner(0).pubkey(),
        pool: stage.pool_arg(),
    };
    let fulfil = |number, commitment| credits::fulfil::Args {
        redemption: of(number),
        receipt_hash: [9; 32],
        commitment,
    };
    let thief = credits::fulfil::run(&ctx, &fulfil(first, None)).await;
    assert_eq!(thief.unwrap_err().code(), "wrong-signer");
    let as_carrier = stage.context(carrier);
    let other = fulfil(first, Some([8; 32]));
    let other = credits::fulfil::run(&as_carrier, &other).await.unwrap_err();
    assert_eq!(other.code(), "redemption-changed");
    credits::fulfil::run(&as_carrier, &fulfil(first, Some([7; 32])))
        .await
        .unwrap();
    let done = credits::fulfil::run(&as_carrier, &fulfil(first, None)).await;
    assert_eq!(done.unwrap_err().code(), "redemption-missing");

    let refund = credits::refund::Args {
        redemption: of(second),
    };
    let early = credits::refund::run(&ctx, &refund).await.unwrap_err();
    assert_eq!(
        (early.code().as_ref(), early.exit()),
        ("redemption-not-expired", Exit::TryAgain)
    );
    stage.ledger.with_world(|world| world.warp(3601));
    let late = credits::fulfil::run(&as_carrier, &fulfil(second, None)).await;
    assert_eq!(late.unwrap_err().code(), "redemption-expired");
    // Anyone may send the refund.
    credits::refund::run(&stage.context(stage.owner(1)), &refund)
        .await
        .unwrap();
    let pool = stage.ledger.with_world(|world| world.pool(&stage.pool));
    assert_eq!((pool.credits_redeemed, pool.credits_fulfilled), (30, 30));

    carrier::set::run(&stage.as_authority(), &set(None, true))
        .await
        .unwrap();
    let inactive = credits::redeem::run(&ctx, &redeem(10)).await.unwrap_err();
    assert_eq!(inactive.code(), "carrier-inactive");
}
