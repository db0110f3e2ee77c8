//! A campaign paid through nodes that answer like rented ones in trouble: what the command line makes of them, from the
//! first call to everybody's tokens.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cairn::{
    command::campaign::{CampaignArg, claim, create, open, prepare, vested},
    context::Context,
    error::Exit,
    printer::Outcome,
    wallet::Wallet,
};
use cairn_client::{Ledger, Patience, RpcLedger};
use cairn_interface::{ids, spl};
use cairn_localnet::{Localnet, Travel};
use cairn_testkit::{Call, Front, Reply};
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};
use tempfile::TempDir;

use crate::campaign::preparation;
use crate::own;
use crate::reads::tokens_of;
use crate::stage::{DAY, funded, options};

const TOKEN: u64 = 1_000_000;

/// An open campaign whose claims have started.
struct Drops {
    network: Localnet,
    /// Keeps the folder.
    _files: TempDir,
    folder: PathBuf,
    owners: Vec<Pubkey>,
    payer: Keypair,
}

impl Drops {
    async fn opened(count: usize) -> Self {
        let (network, files) = own::start().await;
        let ledger = network.ledger().expect("a client");
        let payer = funded(&network).await;
        let all = TOKEN * 2 * count as u64;
        network.mint_to(&payer.pubkey(), all).await.expect("tokens");
        let owners: Vec<Pubkey> = (0..count).map(|_| Pubkey::new_unique()).collect();
        let rows: String = owners
            .iter()
            .map(|owner| format!("{owner},1,1\n"))
            .collect();
        let table = files.path().join("drops.csv");
        std::fs::write(&table, format!("owner,amount,locked\n{rows}")).expect("written");
        let folder = files.path().join("spring");
        let now = ledger.clock().await.expect("a clock").unix_timestamp;
        let starts_at = now + DAY.cast_signed();
        let drops = Self {
            folder: folder.clone(),
            _files: files,
            owners,
            payer,
            network,
        };
        let ctx = drops.context(ledger);
        let args = preparation(&table, &folder, drops.network.mint(), starts_at);
        prepare::run(&ctx, &args).await.expect("prepared");
        let creating = create::Args {
            files: folder.clone(),
        };
        create::run(&ctx, &creating).await.expect("created");
        let opening = open::Args {
            files: folder,
            from: None,
        };
        open::run(&ctx, &opening).await.expect("opened");
        drops
            .network
            .travel(Travel::To(starts_at))
            .await
            .expect("the start");
        drops
    }

    fn context(&self, ledger: RpcLedger) -> Context {
        Context {
            send: options(),
            ..Context::decided(Arc::new(ledger), Wallet::from(self.payer.insecure_clone()))
        }
    }

    /// Through a front that answers as `rule` says.
    async fn through(
        &self,
        rule: impl Fn(&Call) -> Reply + Send + Sync + 'static,
    ) -> (Front, Context) {
        let front = Front::before(self.network.rpc_url(), rule)
            .await
            .expect("a port");
        let patience = Patience {
            first: Duration::from_millis(1),
            longest: Duration::from_millis(4),
            total: Duration::from_millis(50),
            line: Duration::from_millis(20),
        };
        let ledger =
            RpcLedger::patient(front.url(), Duration::from_secs(30), patience).expect("a good URL");
        (front, self.context(ledger))
    }

    fn which(&self) -> CampaignArg {
        CampaignArg {
            campaign: None,
            files: Some(self.folder.clone()),
        }
    }

    fn claim_all(&self) -> claim::Args {
        claim::Args {
            which: self.which(),
            owner: None,
            all: true,
        }
    }

    async fn everybody_has_their_tokens(&self) {
        let ledger = self.network.ledger().expect("a client");
        let mint = self.network.mint();
        for owner in &self.owners {
            let wallet = spl::associated_token_address(owner, &mint, &ids::TOKEN_PROGRAM);
            assert_eq!(tokens_of(&ledger, wallet).await, TOKEN, "{owner}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_paid_through_a_node_that_refuses_every_third_call() {
    let drops = Drops::opened(25).await;
    // Each provider's words in turn, and a line that breaks.
    let (front, ctx) = drops
        .through(|call| match call.before % 12 {
            2 => Reply::Error {
                status: 200,
                code: -32_007,
            },
            5 => Reply::Error {
                status: 429,
                code: -32_429,
            },
            8 => Reply::Http {
                status: 503,
                headers: "",
                body: "<html>busy</html>",
            },
            10 => Reply::Unanswered,
            _ => Reply::Pass,
        })
        .await;
    let all = claim::all::run(&ctx, &drops.claim_all())
        .await
        .expect("paid");
    assert_eq!((all.paid, all.failed, all.not_reached), (25, 0, 0));
    assert!(front.calls().len() > 40, "{:?}", front.counts());
    drops.everybody_has_their_tokens().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_paid_through_a_node_that_gives_five_accounts_a_call() {
    let drops = Drops::opened(25).await;
    let keys = |call: &Call| call.params[0].as_array().map_or(0, Vec::len);
    let (front, ctx) = drops
        .through(move |call| {
            if call.method == "getMultipleAccounts" && keys(call) > 5 {
                return Reply::Error {
                    status: 413,
                    code: -32_602,
                };
            }
            Reply::Pass
        })
        .await;
    let all = claim::all::run(&ctx, &drops.claim_all())
        .await
        .expect("paid");
    assert_eq!((all.paid, all.failed), (25, 0));
    drops.everybody_has_their_tokens().await;
    // Learned once: one call of each size that was too much.
    let mut too_many: Vec<usize> = front.calls().iter().map(keys).filter(|n| *n > 5).collect();
    too_many.dedup();
    assert_eq!(
        too_many.len(),
        front.calls().iter().filter(|call| keys(call) > 5).count()
    );
    assert!(too_many.len() <= 5, "{too_many:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_refuses_everything_is_tried_again_later_and_one_that_lists_nothing_is_replaced()
 {
    let drops = Drops::opened(3).await;
    let (_front, ctx) = drops
        .through(|_| Reply::Error {
            status: 200,
            code: -32_007,
        })
        .await;
    let refused = claim::all::run(&ctx, &drops.claim_all())
        .await
        .expect_err("refused");
    assert_eq!(
        (refused.code().as_ref(), refused.exit()),
        ("rpc-rate-limited", Exit::TryAgain)
    );
    let text = format!("{refused} {}", refused.hint().unwrap_or_default());
    assert!(text.contains("refuses more requests for now"), "{text}");
    assert!(!text.contains("URL"), "{text}");

    // It refuses from the first payment on: nobody is called unpayable for that.
    let (_front, ctx) = drops
        .through(|call| match call.method.as_str() {
            "simulateTransaction" => Reply::Error {
                status: 200,
                code: 429,
            },
            _ => Reply::Pass,
        })
        .await;
    let opened = claim::all::run(&ctx, &drops.claim_all()).await;
    assert_eq!(opened.expect_err("no page").exit(), Exit::TryAgain);

    let plain = drops.context(drops.network.ledger().expect("a client"));
    claim::all::run(&plain, &drops.claim_all())
        .await
        .expect("paid");
    let (_front, ctx) = drops
        .through(|call| match call.method.as_str() {
            "getProgramAccounts" => Reply::Error {
                status: 200,
                code: -32_010,
            },
            _ => Reply::Pass,
        })
        .await;
    let everyone = vested::Args {
        which: drops.which(),
        owner: None,
        all: true,
    };
    let refused = vested::run(&ctx, &everyone).await.expect_err("no list");
    assert_eq!(refused.code(), "rpc-not-offered");
    let hint = refused.hint().unwrap_or_default();
    assert!(hint.contains("-u") && hint.contains("--files"), "{hint}");
    // Which is true: one owner's vesting account needs no list.
    let one = vested::Args {
        which: drops.which(),
        owner: drops.owners.first().copied(),
        all: false,
    };
    let nothing = vested::run(&ctx, &one).await.expect("its files tell where");
    assert_eq!((nothing.vestings, nothing.paid), (1, 0));
    assert_eq!(Outcome::exit(&nothing), Exit::Done);
}
