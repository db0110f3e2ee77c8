//! Who pays for everybody's claims: told before the first transaction what it may cost, never charged more, and shown all
//! that was paid.

use std::sync::Arc;
use std::time::Duration;

use cairn::command::campaign::{claim, vested};
use cairn::context::{Context, Manner};
use cairn::error::{CliError, Exit};
use cairn::printer::Outcome;
use cairn::wallet::Wallet;
use cairn_client::{ClientError, SendOptions};
use cairn_testkit::{Faulty, World};
use solana_sdk::account::Account;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use super::{Scene, in_manner, listening, owner};
use crate::stage::{Listener, TOKEN};

const SOL: u64 = 1_000_000_000;

impl Scene {
    /// Somebody with so many lamports and nothing else.
    fn payer(&self, lamports: u64) -> Keypair {
        let payer = World::pauper("payer of fees");
        self.give(&payer.pubkey(), lamports);
        payer
    }

    fn give(&self, to: &Pubkey, lamports: u64) {
        if lamports > 0 {
            self.ledger.with_world(|world| world.airdrop(to, lamports));
        }
    }

    fn lamports(&self, key: &Keypair) -> u64 {
        self.ledger
            .with_world(|world| world.lamports(&key.pubkey()))
    }
}

/// With this priority fee.
fn at_price(ctx: Context, price: u64) -> Context {
    Context {
        send: SendOptions {
            priority_micro_lamports: price,
            ..ctx.send
        },
        ..ctx
    }
}

/// The lamports that a refusal's hint says to send.
fn asked_for(error: &CliError) -> u64 {
    let hint = error.hint().unwrap();
    let words: Vec<&str> = hint.split(' ').collect();
    let at = words.iter().position(|word| *word == "SOL").unwrap();
    cairn::amount::Amount::parse(words[at - 1], 9)
        .unwrap()
        .base()
}

#[tokio::test]
async fn a_payer_short_of_sol_is_told_before_the_first_transaction_and_what_it_is_told_is_enough() {
    let scene = Scene::new();
    scene.opened(30).await;
    scene.at(0, 0);
    let payer = scene.payer(SOL / 20);
    let ctx = scene.context(&payer);
    let landed = scene.ledger.landed();
    let dry = in_manner(ctx.clone(), Manner::DryRun);
    let refused = claim::all::run(&dry, &scene.claim_all()).await.unwrap_err();
    assert_eq!(
        (refused.code().as_ref(), refused.exit()),
        ("insufficient-lamports", Exit::Failed)
    );
    let text = refused.to_string();
    assert!(
        text.contains("this needs up to ") && text.contains(" of 30"),
        "{text}"
    );
    assert_eq!(scene.ledger.landed(), landed);

    scene.give(&payer.pubkey(), asked_for(&refused));
    let planned = claim::all::run(&dry, &scene.claim_all()).await.unwrap();
    assert!(planned.simulated);
    let before = scene.lamports(&payer);
    let all = claim::all::run(&ctx, &scene.claim_all()).await.unwrap();
    assert_eq!((all.paid, all.failed, all.not_reached), (30, 0, 0));
    assert!(all.rent_lamports <= planned.rent_lamports_at_most);
    assert!(all.spent.fee_lamports <= planned.fee_lamports_at_most);
    // Nothing was paid that the summary does not show, the page's opening included.
    assert_eq!(
        before - scene.lamports(&payer),
        all.spent.fee_lamports + all.rent_lamports
    );
}

#[tokio::test]
async fn a_payer_may_go_on_with_those_it_is_enough_for_and_nothing_fails_on_the_way() {
    let scene = Scene::new();
    scene.opened(30).await;
    scene.at(0, 0);
    let payer = scene.payer(SOL / 20);
    let listener = Listener::new(true);
    let ctx = listening(scene.context(&payer), &listener);
    let some = claim::all::run(&ctx, &scene.claim_all()).await.unwrap();
    let asked = listener.asked.lock().unwrap().clone();
    let [question] = asked.as_slice() else {
        panic!("{asked:?}");
    };
    let notes = listener.notes();
    let told = |note: &String| note.contains("this needs up to ") && note.contains(" SOL to ");
    assert!(notes.iter().any(told), "{notes:?}");
    assert!(some.paid > 0 && some.not_reached > 0, "{some:?}");
    assert_eq!((some.failed, some.paid + some.not_reached), (0, 30));
    assert_eq!(some.spent.transactions_refused, 0);
    let stopped = some.stopped.clone().unwrap();
    assert_eq!(stopped.code, "insufficient-lamports");
    assert_eq!(Outcome::exit(&some), Exit::Failed);
    let promised = question.split("the ").last().unwrap();
    let promised: u64 = promised.split(' ').next().unwrap().parse().unwrap();
    assert!(some.paid >= promised, "{question}: {}", some.paid);

    // With enough, the same command pays the rest.
    scene.give(&payer.pubkey(), SOL);
    let rest = claim::all::run(&ctx, &scene.claim_all()).await.unwrap();
    assert_eq!(
        (rest.paid, rest.claimed_before),
        (30 - some.paid, some.paid)
    );
    assert_eq!(Outcome::exit(&rest), Exit::Done);

    // Who declines has paid nothing, and who can pay for nobody is not asked.
    let scene = Scene::new();
    scene.opened(30).await;
    scene.at(0, 0);
    let landed = scene.ledger.landed();
    let no = Listener::new(false);
    let ctx = listening(scene.context(&scene.payer(SOL / 20)), &no);
    let declined = claim::all::run(&ctx, &scene.claim_all()).await.unwrap_err();
    assert!(matches!(declined, CliError::Declined));
    let nobody = listening(scene.context(&World::pauper("nobody")), &no);
    let refused = claim::all::run(&nobody, &scene.claim_all()).await;
    assert_eq!(refused.unwrap_err().code(), "insufficient-lamports");
    assert_eq!(no.asked.lock().unwrap().len(), 1);
    assert_eq!(scene.ledger.landed(), landed);
}

#[tokio::test]
async fn a_payer_whose_recipients_have_their_accounts_is_not_asked_for_their_rent() {
    let scene = Scene::new();
    scene.opened(30).await;
    // Everything has vested: no vesting accounts either.
    scene.at(60, 0);
    let mint = scene.mint;
    scene.ledger.with_world(|world| {
        for n in 1..=30 {
            world.open_token_account(&owner(n).pubkey(), &mint);
        }
    });
    let payer = scene.payer(SOL / 50);
    let dry = in_manner(scene.context(&payer), Manner::DryRun);
    let planned = claim::all::run(&dry, &scene.claim_all()).await.unwrap();
    assert_eq!(planned.token_accounts_created, 0);
    let all = claim::all::run(&scene.context(&payer), &scene.claim_all())
        .await
        .unwrap();
    assert_eq!((all.paid, all.not_reached), (30, 0));
}

#[tokio::test]
async fn a_priority_fee_far_too_high_is_named_before_it_is_paid_and_never_exceeded() {
    let scene = Scene::new();
    scene.opened(12).await;
    scene.at(0, 0);
    // A lamport a compute unit: thousands of times what is usual.
    let price = 1_000_000;
    let listener = Listener::new(true);
    let ctx = at_price(listening(scene.as_creator(), &listener), price);
    let before = scene.lamports(&scene.creator);
    let all = claim::all::run(&ctx, &scene.claim_all()).await.unwrap();
    assert_eq!(all.paid, 12);
    let effects = listener.effects();
    let fees = effects[0].facts.iter().find(|(label, _)| *label == "fees");
    let (_, text) = fees.unwrap();
    let most = text
        .strip_prefix("at most ")
        .and_then(|text| text.strip_suffix(" SOL"))
        .unwrap();
    let most = cairn::amount::Amount::parse(most, 9).unwrap().base();
    assert_eq!(most, all.fee_lamports_at_most);
    assert!(all.spent.fee_lamports > 12 * 5_000, "{:?}", all.spent);
    assert!(all.spent.fee_lamports <= most, "{most}: {:?}", all.spent);
    assert_eq!(
        before - scene.lamports(&scene.creator),
        all.spent.fee_lamports + all.rent_lamports
    );

    // The same for who takes what has vested later.
    scene.at(30, 0);
    let taking = vested::Args {
        which: scene.which(),
        owner: None,
        all: true,
    };
    let before = scene.lamports(&scene.creator);
    let vested = vested::run(&ctx, &taking).await.unwrap();
    assert_eq!(vested.paid, 12);
    let mut spent = cairn::transact::Spent::default();
    spent.add(&vested.transactions.list);
    assert_eq!(before - scene.lamports(&scene.creator), spent.fee_lamports);
}

#[tokio::test]
async fn a_payer_that_can_pay_the_fee_but_not_the_priority_is_found_out_before_it_signs() {
    let scene = Scene::new();
    scene.opened(1).await;
    scene.at(60, 0);
    let payer = scene.payer(SOL / 50);
    let dear = at_price(scene.context(&payer), 1_000_000_000);
    let one = owner(1).pubkey();
    for manner in [Manner::DryRun, Manner::Send] {
        let ctx = in_manner(dear.clone(), manner);
        let refused = claim::one(&ctx, &scene.claim_for(&one)).await.unwrap_err();
        assert!(
            matches!(&refused, CliError::Client(ClientError::InsufficientLamports { key, .. }) if *key == payer.pubkey()),
            "{refused:?}"
        );
        assert_eq!(scene.lamports(&payer), SOL / 50);
    }
}

#[tokio::test]
async fn a_wallet_without_sol_is_told_one_sum_that_the_cluster_takes_and_that_is_enough() {
    for lamports in [0, 5_000, 900_000, 2_000_000] {
        let owner = owner(2);
        let scene = Scene::new();
        scene.opened(3).await;
        scene.at(0, 0);
        // Less than an account's minimum can be left over from other times.
        let left_over = Account {
            lamports,
            ..Account::default()
        };
        scene
            .ledger
            .with_world(|world| world.set_account(&owner.pubkey(), left_over));
        let ctx = scene.context(&owner);
        let claim = scene.claim_for(&owner.pubkey());
        let dry = in_manner(ctx.clone(), Manner::DryRun);
        let refused = claim::one(&dry, &claim).await.unwrap_err();
        let CliError::Client(ClientError::InsufficientLamports { key, have, need }) = &refused
        else {
            panic!("{lamports}: {refused:?}");
        };
        assert_eq!((*key, *have), (owner.pubkey(), lamports));
        // The page, the token account and the vesting account are in it, and what must stay.
        assert_eq!(asked_for(&refused), need - have);
        scene.give(&owner.pubkey(), need - have);
        claim::one(&dry, &claim).await.unwrap();
        claim::one(&ctx, &claim).await.unwrap();
        assert_eq!(scene.tokens_of(&owner.pubkey()), 2 * TOKEN);
    }
}

#[tokio::test]
async fn a_transaction_that_landed_and_was_refused_stands_in_the_summary_with_its_fee() {
    let scene = Scene::new();
    scene.opened(3).await;
    scene.at(0, 0);
    // The page is open already, so that the first transaction is a payment.
    claim::one(&scene.as_stranger(), &scene.claim_for(&owner(1).pubkey()))
        .await
        .unwrap();
    let line = Arc::new(Faulty::new(scene.ledger.clone()));
    let payer = scene.payer(SOL);
    let ctx = Context {
        send: SendOptions {
            poll: Duration::ZERO,
            ..SendOptions::default()
        },
        ..Context::decided(
            Arc::clone(&line) as Arc<_>,
            Wallet::from(payer.insecure_clone()),
        )
    };
    // Claims end between the trial and the landing.
    let (ledger, after) = (scene.ledger.clone(), scene.campaign().expires_at + 1);
    line.meanwhile(move || ledger.with_world(|world| world.set_time(after)));
    let all = claim::all::run(&ctx, &scene.claim_all()).await.unwrap();
    assert_eq!((all.paid, all.failed), (0, 2));
    assert_eq!(
        (all.spent.transactions, all.spent.transactions_refused),
        (1, 1)
    );
    assert_eq!(all.spent.fee_lamports, 5_000);
    assert_eq!(scene.lamports(&payer), SOL - 5_000);
}

#[tokio::test]
async fn a_node_that_is_gone_stops_the_batch_and_the_rest_is_not_called_unpayable() {
    let scene = Scene::new();
    scene.opened(40).await;
    scene.at(0, 0);
    let line = Arc::new(Faulty::new(scene.ledger.clone()));
    let ctx = Context {
        send: SendOptions {
            poll: Duration::ZERO,
            patience: 1,
            ..SendOptions::default()
        },
        ..Context::decided(
            Arc::clone(&line) as Arc<_>,
            Wallet::from(scene.creator.insecure_clone()),
        )
    };
    claim::one(&scene.as_stranger(), &scene.claim_for(&owner(1).pubkey()))
        .await
        .unwrap();
    let cut = Arc::clone(&line);
    line.meanwhile(move || cut.set_down(true));
    let all = claim::all::run(&ctx, &scene.claim_all()).await.unwrap();
    assert!(all.not_reached > 0, "{all:?}");
    assert_eq!(all.stopped.as_ref().unwrap().code, "rpc-unreachable");
    assert_eq!(Outcome::exit(&all), Exit::TryAgain);
    line.set_down(false);
    let rest = claim::all::run(&ctx, &scene.claim_all()).await.unwrap();
    assert_eq!((rest.failed, rest.not_reached), (0, 0));
    for n in 1..=40 {
        assert_eq!(scene.tokens_of(&owner(n).pubkey()), n * TOKEN);
    }
}
