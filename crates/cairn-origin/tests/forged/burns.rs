//! What payers burn for traffic, against the transactions that burn it: each column forged, rows left out and made up, and what on
//! chain is no burn for a payer of this pool.

use cairn_client::Ledger as _;
use cairn_epoch::{
    Burn, EpochFolder, Payer, Period, read_burns, read_manifest, write_burns, write_shipped_ruleset,
};
use cairn_interface::traffic::write_burn_memo;
use cairn_interface::{ids, spl};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_origin::{Finding, OriginFault, Outcome, burned, burns, insist};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signature};
use solana_sdk::signer::Signer as _;

use crate::forge::forge_table;
use crate::scene::{self, Scene};

/// Base units in each payer's account.
const FUNDS: u64 = 1_000_000;

/// A pool with two payers, of whom the second has two numbers.
struct Market {
    scene: Scene,
    folder: EpochFolder,
    period: Period,
}

impl Market {
    fn new() -> Self {
        let scene = Scene::new();
        let mint = scene.pool.mint;
        scene.ledger.with_world(|world| {
            let admin = world.actor("admin");
            for name in ["first", "second"] {
                let payer = world.actor(name).pubkey();
                world.mint_to(&mint, &admin, &payer, FUNDS);
            }
        });
        let folder = scene.copy_of_second_epoch();
        let mut market = Self {
            period: Period {
                start_ms: 0,
                end_ms: 0,
            },
            folder,
            scene,
        };
        let mut terms = scene::terms();
        terms.payers = market.payers();
        let number = EpochNumber::new(2);
        market.period = terms.calendar.period(number).unwrap();
        write_shipped_ruleset(&market.folder.inputs(), &terms).unwrap();
        market
    }

    fn wallet(&self, name: &str) -> Keypair {
        self.scene.ledger.with_world(|world| world.actor(name))
    }

    fn payers(&self) -> Vec<Payer> {
        [(1, "first"), (2, "second"), (3, "second")]
            .map(|(id, name)| Payer {
                id,
                name: name.to_owned(),
                wallet: self.wallet(name).pubkey().to_bytes(),
                carrier: [1; 32],
                carrier_kind: 0,
                tokens_per_unit: Tokens::new(1),
            })
            .into()
    }

    /// Sets the chain's clock, milliseconds after the epoch's start.
    fn at(&self, after_start_ms: i64) {
        let unix_ms = self.period.start_ms + after_start_ms;
        self.scene
            .ledger
            .with_world(|world| world.set_time(unix_ms / 1_000));
    }

    fn burn(&self, name: &str, amount: u64) -> Instruction {
        let pool = &self.scene.pool;
        let wallet = self.wallet(name).pubkey();
        let from = spl::associated_token_address(&wallet, &pool.mint, &pool.token_program);
        spl::burn(&pool.token_program, &pool.mint, &from, &wallet, amount)
    }

    fn memo(&self, payer: u32) -> Instruction {
        write_burn_memo(&self.scene.pool.address, payer)
    }

    async fn send(&self, name: &str, instructions: &[Instruction]) -> Signature {
        let wallet = self.wallet(name);
        let ledger = &self.scene.ledger;
        let transaction = ledger.with_world(|world| world.sign(&wallet, instructions, &[]));
        ledger.submit(&transaction).await.unwrap()
    }

    /// What the chain tells of the period.
    async fn told(&self) -> Vec<Burn> {
        let mut terms = scene::terms();
        terms.payers = self.payers();
        let within = (self.period.start_ms, self.period.end_ms);
        let told = burned(&self.scene.ledger, &self.scene.pool, &terms, within);
        let told = told.await.unwrap();
        assert_eq!(told.lacks, None);
        told.burns
    }

    /// What of these rows differs from the chain.
    async fn check(&self, rows: &[Burn]) -> Finding {
        write_burns(&self.folder.burns(), rows).unwrap();
        self.found().await
    }

    async fn found(&self) -> Finding {
        let (manifest, _) = read_manifest(self.folder.root()).unwrap();
        let found = burns(
            &self.scene.ledger,
            &self.scene.pool,
            &self.folder,
            &manifest,
        );
        found.await.unwrap().expect("a ruleset with payers")
    }

    /// The column that a check refuses.
    async fn refused(&self, rows: &[Burn]) -> &'static str {
        column(&self.check(rows).await)
    }
}

fn column(finding: &Finding) -> &'static str {
    match &finding.outcome {
        Outcome::Differs(OriginFault::Value { file, column, .. }) => {
            assert_eq!(*file, "inputs/burns.parquet");
            column
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_burn_with_the_pool_s_memo_is_told_and_every_column_of_it_is_checked() {
    let market = Market::new();
    market.at(1_000);
    let first = [market.memo(1), market.burn("first", 70)];
    let first = market.send("first", &first).await;
    market.at(2_000);
    let two = [
        market.burn("second", 5),
        market.memo(3),
        market.burn("second", 6),
    ];
    let second = market.send("second", &two).await;
    let told = market.told().await;
    let rows = told.iter().map(|burn| {
        let after_ms = burn.unix_ms - market.period.start_ms;
        let signature = Signature::from(burn.signature);
        (burn.payer, signature, after_ms, burn.tokens.get())
    });
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [(1, first, 1_000, 70), (3, second, 2_000, 11)]
    );
    assert!(insist(&[market.check(&told).await]).is_ok());
    for name in ["payer", "slot", "signature", "unix_ms", "tokens"] {
        write_burns(&market.folder.burns(), &told).unwrap();
        forge_table(&market.folder.burns(), name);
        assert_ne!(read_burns(&market.folder.burns()).unwrap(), told);
        let finding = market.found().await;
        assert_eq!(column(&finding), name);
        assert!(!insist(&[finding]).unwrap_err().hint().is_empty());
    }
}

#[tokio::test]
async fn a_row_that_is_left_out_and_one_that_is_made_up_are_refused() {
    let market = Market::new();
    market.at(1_000);
    let burn = [market.memo(1), market.burn("first", 70)];
    market.send("first", &burn).await;
    let told = market.told().await;
    assert_eq!(market.refused(&[]).await, "signature");
    // A transaction of the pool that burned nothing for anybody.
    let other = market.send("first", &[market.burn("first", 7)]).await;
    let invented = Burn {
        signature: other.into(),
        slot: told[0].slot + 1,
        ..told[0]
    };
    assert_eq!(market.refused(&[told[0], invented]).await, "signature");
    // One that no node knows is no pass either.
    let unknown = Burn {
        signature: [9; 64],
        ..invented
    };
    let finding = market.check(&[told[0], unknown]).await;
    assert!(
        matches!(finding.outcome, Outcome::Unknown(_)),
        "{finding:?}"
    );
    assert!(insist(&[finding]).is_err());
}

#[tokio::test]
async fn what_is_no_burn_for_a_payer_of_this_pool_is_not_told() {
    let market = Market::new();
    market.at(1_000);
    let mut elsewhere = market.memo(1);
    elsewhere = Instruction {
        data: write_burn_memo(&Pubkey::new_unique(), 1).data,
        ..elsewhere
    };
    let plain = Instruction::new_with_bytes(ids::MEMO_PROGRAM, b"hello", Vec::new());
    let burn = || market.burn("first", 7);
    let cases: [(&str, Vec<Instruction>); 8] = [
        ("without a memo", vec![burn()]),
        ("with another memo", vec![plain.clone(), burn()]),
        ("another pool's", vec![elsewhere.clone(), burn()]),
        ("for two pools", vec![market.memo(1), elsewhere, burn()]),
        (
            "twice for one",
            vec![market.memo(1), market.memo(1), burn()],
        ),
        ("by a number that is none", vec![market.memo(4), burn()]),
        ("by another's number", vec![market.memo(2), burn()]),
        ("without a burn", vec![market.memo(1)]),
    ];
    for (case, instructions) in cases {
        market.send("first", &instructions).await;
        assert_eq!(market.told().await, [], "{case}");
    }
    // More than there is: it fails, and burns nothing.
    let failed = [market.memo(1), market.burn("first", FUNDS + 1)];
    market.send("first", &failed).await;
    assert_eq!(market.told().await, []);
    // Beside another memo a burn is one.
    let good = [plain, market.memo(1), burn()];
    market.send("first", &good).await;
    assert_eq!(market.told().await.len(), 1);
}

#[tokio::test]
async fn a_burn_is_of_the_epoch_in_whose_period_its_block_is() {
    let market = Market::new();
    let length = market.period.end_ms - market.period.start_ms;
    for (at, amount) in [(-1_000, 1), (0, 2), (length - 1_000, 4), (length, 8)] {
        market.at(at);
        let burn = [market.memo(1), market.burn("first", amount)];
        market.send("first", &burn).await;
    }
    let told = market.told().await;
    let amounts: Vec<u64> = told.iter().map(|burn| burn.tokens.get()).collect();
    assert_eq!(amounts, [2, 4]);
}
