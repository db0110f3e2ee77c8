//! Claims of one and of all: paid once, whatever is interrupted, and never on the word of a forged file.

use std::sync::Arc;
use std::time::Duration;

use cairn::command::campaign::{CampaignArg, claim, show, vested};
use cairn::context::{Context, Manner};
use cairn::conversation::{Conversation, Effect, Task};
use cairn::error::{CliError, Exit};
use cairn::printer::Outcome;

use cairn::wallet::Wallet;
use cairn_client::SendOptions;
use cairn_interface::airdrop::ClaimDrop;
use cairn_interface::ids;
use cairn_interface::spl::create_associated_token_account;
use cairn_merkle::{LeafIndex, Node, Tokens};
use cairn_testkit::{Faulty, LiteSvmLedger};
use solana_sdk::instruction::{AccountMeta, Instruction};
use solana_sdk::signer::Signer;

use super::{Scene, in_manner, owner};
use crate::stage::TOKEN;

/// Runs the line to the node dead once `after` payments are settled.
struct Cutter {
    line: Arc<Faulty<LiteSvmLedger>>,
    after: u64,
}

struct CutterTask {
    line: Arc<Faulty<LiteSvmLedger>>,
    after: u64,
}

impl Conversation for Cutter {
    fn note(&self, _text: &str) {}

    fn effect(&self, _effect: &Effect) {}

    fn agree(&self, _question: &str) -> Result<bool, CliError> {
        Ok(true)
    }

    fn task(&self, _name: &str, _total: u64) -> Box<dyn Task> {
        Box::new(CutterTask {
            line: Arc::clone(&self.line),
            after: self.after,
        })
    }
}

impl Task for CutterTask {
    fn reached(&self, done: u64) {
        if done >= self.after {
            self.line.set_down(true);
        }
    }

    fn stage(&self, _name: &str, _total: u64) {}
}

/// What everybody got in all, when the n-th owner gets n tokens at once.
fn everybody(count: u64) -> u64 {
    count * (count + 1) / 2 * TOKEN
}

fn paid_to(scene: &Scene, count: u64) -> Vec<u64> {
    (1..=count)
        .map(|n| scene.tokens_of(&owner(n).pubkey()))
        .collect()
}

#[tokio::test]
async fn everyone_is_paid_once_however_often_the_line_breaks() {
    const COUNT: u64 = 60;
    let scene = Scene::new();
    scene.opened(COUNT).await;
    scene.at(0, 0);
    let line = Arc::new(Faulty::new(scene.ledger.clone()));
    let ctx = Context {
        send: SendOptions {
            poll: Duration::ZERO,
            resubmit: Duration::ZERO,
            patience: 1,
            ..SendOptions::default()
        },
        ..Context::decided(
            Arc::clone(&line) as Arc<_>,
            Wallet::from(scene.creator.insecure_clone()),
        )
    };
    let mut runs = 0;
    loop {
        line.set_down(false);
        runs += 1;
        let cutter = Cutter {
            line: Arc::clone(&line),
            after: 20,
        };
        let ctx = Context {
            talk: Arc::new(cutter),
            ..ctx.clone()
        };
        let outcome = claim::all::run(&ctx, &scene.claim_all()).await;
        line.set_down(false);
        let paid = paid_to(&scene, COUNT);
        for (n, paid) in (1..).zip(&paid) {
            assert!([0, n * TOKEN].contains(paid), "owner {n} after run {runs}");
        }
        match outcome {
            Ok(all) if all.failed == 0 && all.not_reached == 0 => break,
            Ok(all) => assert_eq!(Outcome::exit(&all), Exit::TryAgain, "{all:?}"),
            Err(error) => assert_eq!(error.exit(), Exit::TryAgain, "{error}"),
        }
        assert!(runs < 20, "it never ends");
    }
    assert!(runs > 1, "the line never broke");
    assert_eq!(paid_to(&scene, COUNT).iter().sum::<u64>(), everybody(COUNT));
    assert_eq!(scene.campaign().claimed, everybody(COUNT));

    // Once more, there is nothing left to do.
    let landed = scene.ledger.landed();
    let all = claim::all::run(&scene.as_creator(), &scene.claim_all())
        .await
        .unwrap();
    assert_eq!((all.paid, all.claimed_before, all.failed), (0, COUNT, 0));
    assert_eq!(scene.ledger.landed(), landed);
}

#[tokio::test]
async fn one_unsafe_account_keeps_nobody_else_from_being_paid() {
    let scene = Scene::new();
    scene.opened(9).await;
    scene.at(0, 0);
    // Owner 5 has approved a delegate, who could take what is paid.
    let five = owner(5);
    let mint = scene.mint;
    scene.ledger.with_world(|world| {
        let account = world.open_token_account(&five.pubkey(), &mint);
        let approve = Instruction {
            program_id: ids::TOKEN_PROGRAM,
            accounts: vec![
                AccountMeta::new(account, false),
                AccountMeta::new_readonly(owner(6).pubkey(), false),
                AccountMeta::new_readonly(five.pubkey(), true),
            ],
            data: [&[4][..], &1_u64.to_le_bytes()].concat(),
        };
        world.must(&[approve], &[&five]);
    });
    let all = claim::all::run(&scene.as_creator(), &scene.claim_all())
        .await
        .unwrap();
    assert_eq!((all.paid, all.failed, all.failures.len()), (8, 1, 1));
    assert_eq!(all.failures[0].owner.0, five.pubkey());
    assert_eq!(all.failures[0].fault.code, "destination-unsafe");
    assert_eq!(Outcome::exit(&all), Exit::Failed);
    assert_eq!(scene.campaign().claimed, everybody(9) - 5 * TOKEN);
}

#[tokio::test]
async fn claims_for_all_are_packed_and_a_dry_run_counts_them() {
    let scene = Scene::new();
    scene.opened(20).await;
    scene.at(50, 0);
    let landed = scene.ledger.landed();
    let dry = in_manner(scene.as_creator(), Manner::DryRun);
    let planned = claim::all::run(&dry, &scene.claim_all()).await.unwrap();
    assert_eq!(
        (planned.paid, planned.tokens.base()),
        (20, 2 * everybody(20))
    );
    assert!(planned.simulated && planned.rent_lamports_at_most > 0);
    assert_eq!(scene.ledger.landed(), landed);
    let all = claim::all::run(&scene.as_creator(), &scene.claim_all())
        .await
        .unwrap();
    // All had vested, so no vesting account was needed.
    assert_eq!((all.paid, all.vesting_accounts_created), (20, 0));
    assert_eq!(all.tokens.base(), planned.tokens.base());
    assert!(all.spent.transactions < 20, "{:?}", all.spent);
}

#[tokio::test]
async fn everyones_vested_part_is_paid_at_once_and_again_there_is_nothing() {
    let scene = Scene::new();
    scene.opened(9).await;
    scene.at(0, 0);
    claim::all::run(&scene.as_creator(), &scene.claim_all())
        .await
        .unwrap();
    scene.at(25, 0);
    let args = vested::Args {
        which: CampaignArg {
            campaign: Some(scene.address()),
            files: None,
        },
        owner: None,
        all: true,
    };
    let half = vested::run(&scene.as_stranger(), &args).await.unwrap();
    assert_eq!((half.paid, half.tokens.base()), (9, everybody(9) / 2));
    let again = vested::run(&scene.as_stranger(), &args).await.unwrap();
    assert_eq!((again.paid, again.transactions.list.len()), (0, 0));
    scene.at(50, 0);
    vested::run(&scene.as_stranger(), &args).await.unwrap();
    assert_eq!(scene.campaign().claimed, 2 * everybody(9));
    assert_eq!(scene.campaign().vestings, 0);
}

#[tokio::test]
async fn one_claim_file_is_enough_and_a_forged_one_is_found_before_a_fee_is_paid() {
    let scene = Scene::new();
    scene.opened(30).await;
    scene.at(0, 0);
    let file = scene.folder().join("claims/0.json");
    let alone = |n: u64| claim::Args {
        which: CampaignArg {
            campaign: None,
            files: Some(file.clone()),
        },
        ..scene.claim_for(&owner(n).pubkey())
    };
    let honest = std::fs::read_to_string(&file).unwrap();
    let row = |locked: u64| format!("[\"{}\",\"7000000\",\"{locked}\"]", owner(7).pubkey());
    let forged = honest.replace(&row(7_000_000), &row(7_000_001));
    assert_ne!(forged, honest);
    std::fs::write(&file, forged).unwrap();
    let landed = scene.ledger.landed();
    let error = claim::one(&scene.as_stranger(), &alone(7))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "proof-invalid");
    assert_eq!(scene.ledger.landed(), landed);
    std::fs::write(&file, honest).unwrap();
    let claimed = claim::one(&scene.as_stranger(), &alone(7)).await.unwrap();
    assert_eq!(claimed.paid.base(), 7 * TOKEN);
    let stranger = claim::one(&scene.as_stranger(), &alone(31))
        .await
        .unwrap_err();
    assert_eq!(stranger.code(), "not-a-recipient");
}

#[tokio::test]
async fn a_campaign_named_beside_the_files_of_another_is_refused_and_one_must_be_named() {
    let scene = Scene::new();
    scene.created(2).await;
    let ask = |campaign, files| show::Args {
        which: CampaignArg { campaign, files },
        owner: None,
    };
    let ctx = scene.as_stranger();
    let other = show::run(&ctx, &ask(Some(scene.mint), Some(scene.folder())))
        .await
        .unwrap_err();
    assert_eq!(other.code(), "other-campaign");
    let none = show::run(&ctx, &ask(None, None)).await.unwrap_err();
    assert_eq!(
        (none.code().as_ref(), none.exit()),
        ("argument", Exit::Usage)
    );
    let missing = show::run(&ctx, &ask(Some(owner(1).pubkey()), None))
        .await
        .unwrap_err();
    assert_eq!(missing.code(), "account-missing");
    let draft = claim::one(&ctx, &scene.claim_for(&owner(1).pubkey()))
        .await
        .unwrap_err();
    assert_eq!(draft.code(), "campaign-not-open");
}

#[test]
fn a_claim_of_a_million_fits_one_transaction_with_all_that_it_may_create() {
    let scene = Scene::new();
    let (payer, owner) = (scene.creator.pubkey(), owner(1).pubkey());
    // Depth 20, of which the campaign's account stores 7 levels.
    let claim = ClaimDrop {
        campaign: scene.address(),
        owner,
        mint: scene.mint,
        token_program: ids::TOKEN_PROGRAM,
        index: LeafIndex::new(999_999),
        unlocked: Tokens::MAX,
        locked: Tokens::MAX,
        proof: vec![Node::default(); 13],
        vesting_payer: Some(payer),
        memo: false,
    };
    let create = create_associated_token_account(&payer, &owner, &scene.mint, &ids::TOKEN_PROGRAM);
    let frame = scene.as_creator().frame().unwrap();
    assert!(frame.fits(&[create, claim.instruction()]));
}
