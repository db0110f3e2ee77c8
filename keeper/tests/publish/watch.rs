//! One honest watcher, with no role in the network, is enough: what is taken is shown, what is withheld is asked for, and
//! what is whole is shown for whoever doubts it.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{ArrayRef, FixedSizeBinaryArray, RecordBatch, UInt32Array, UInt64Array};
use cairn_client::{Ledger, SendOptions};
use cairn_epoch::{EpochFolder, read_leaves, read_manifest};
use cairn_interface::vault::{AttestEpoch, EpochStatus, OpenChallenge, ProposeEpoch, PutCanopy};
use cairn_keeper::progress::{Progress, Silent};
use cairn_keeper::{
    CloseOptions, Keeper, KeeperError, ProposeOptions, WatchOptions, WatchReport, Watcher,
};
use cairn_merkle::{EpochNumber, LeafIndex, RewardLeaf, Tokens};
use cairn_tree::Tree;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use crate::robbed::started;
use crate::world::{SECOND, Scene, WINDOW, copy};

/// A wallet with some SOL and nothing to say in the network.
fn stranger(scene: &Scene) -> Keypair {
    scene.ledger.with_world(|world| world.actor("stranger"))
}

fn options(scene: &Scene, files: &str) -> WatchOptions {
    WatchOptions {
        pool: scene.pool,
        files: vec![scene.folder(files)],
        cache: None,
        members: Vec::new(),
        budget: 100_000_000,
        patience_secs: None,
        poll_secs: 1,
        once: true,
    }
}

async fn watch(scene: &Scene, options: WatchOptions) -> Result<WatchReport, KeeperError> {
    let ledger: Arc<dyn Ledger> = Arc::new(scene.ledger.clone());
    let send = SendOptions {
        poll: std::time::Duration::ZERO,
        ..SendOptions::default()
    };
    let mut watcher = Watcher::new(ledger, stranger(scene), options, send, Arc::new(Silent));
    watcher.watch().await
}

/// Epoch 1 active, and epoch 2 closed by keeper a but not proposed.
async fn closed() -> (Scene, Keeper) {
    let (scene, a) = started().await;
    a.close(SECOND, CloseOptions::default()).await.unwrap();
    (scene, a)
}

/// Keepers b and c propose and attest epoch 2 with everything of one member moved to another, complete with its canopy.
/// Returns the forged leaves.
fn steal(scene: &Scene, honest: &Keeper) -> Vec<RewardLeaf> {
    let folder = honest.folder().epoch(SECOND);
    let (manifest, manifest_hash) = read_manifest(folder.root()).unwrap();
    let mut leaves = read_leaves(folder.root()).unwrap();
    let taken = leaves[3].tokens;
    assert!(taken > Tokens::ZERO);
    leaves[3].tokens = Tokens::ZERO;
    leaves[7].tokens = leaves[7].tokens.saturating_add(taken);
    let tree = Tree::build(&scene.pool.to_bytes(), &leaves).unwrap();
    let canopy = tree.canopy(manifest.tree.canopy_depth).unwrap();
    scene.ledger.with_world(|world| {
        let (b, c) = (world.actor("keeper b"), world.actor("keeper c"));
        let number = SECOND;
        let proposal = ProposeEpoch {
            proposer: b.pubkey(),
            pool: scene.pool,
            number,
            root: tree.root(),
            points: manifest.totals.milli_points,
            credits: manifest.totals.credits,
            leaf_count: manifest.tree.leaf_count,
            period_start: manifest.epoch.period_start_ms / 1_000,
            period_end: manifest.epoch.period_end_ms / 1_000,
            manifest_hash,
            ruleset_hash: manifest.ruleset.hash,
            code_hash: manifest.code.hash,
            accepted: manifest.accepted,
            rejected: manifest.rejected,
            admin: None,
            guardian: None,
        };
        world.must(&[proposal.instruction()], &[&b]);
        for part in PutCanopy::all(b.pubkey(), scene.pool, number, &canopy) {
            world.must(&[part.instruction()], &[&b]);
        }
        let word = AttestEpoch {
            keeper: c.pubkey(),
            pool: scene.pool,
            number,
            proposal: proposal.proposal(0),
        };
        world.must(&[word.instruction()], &[&c]);
    });
    leaves
}

/// Publishes forged leaves in a folder that is otherwise the honest keeper's.
fn publish(scene: &Scene, honest: &Keeper, leaves: &[RewardLeaf]) {
    let target = scene.folder("thief");
    copy(honest.folder().root(), &target);
    let path = EpochFolder::of(&target, SECOND).leaves();
    let each = || leaves.iter();
    let owners = each().map(|leaf| leaf.owner.to_vec());
    let amounts = |of: fn(&RewardLeaf) -> u64| -> ArrayRef {
        Arc::new(UInt64Array::from_iter_values(each().map(of)))
    };
    let batch = RecordBatch::try_from_iter([
        (
            "index",
            Arc::new(UInt32Array::from_iter_values(
                each().map(|leaf| leaf.index.get()),
            )) as ArrayRef,
        ),
        (
            "owner",
            Arc::new(FixedSizeBinaryArray::try_from_iter(owners).unwrap()) as ArrayRef,
        ),
        ("tokens", amounts(|leaf| leaf.tokens.get())),
        ("milli_points", amounts(|leaf| leaf.points.get())),
        ("credits", amounts(|leaf| leaf.credits.get())),
    ])
    .unwrap();
    let options = ArrowWriterOptions::new().with_skip_arrow_metadata(true);
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new_with_options(file, batch.schema(), options).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn status(scene: &Scene) -> EpochStatus {
    scene.epoch(2).unwrap().status()
}

/// A challenge of an honest epoch, by somebody who only wants it to fall.
fn grief(scene: &Scene, honest: &Keeper, index: u32) {
    let leaves = read_leaves(honest.folder().epoch(EpochNumber::FIRST).root()).unwrap();
    let tree = Tree::build(&scene.pool.to_bytes(), &leaves).unwrap();
    let leaf = &leaves[index as usize];
    let canopy_depth = scene.epoch(1).unwrap().canopy_depth;
    let attempt = scene.epoch(2).unwrap().attempt;
    scene.ledger.with_world(|world| {
        let griefer = world.actor("griefer");
        let open = OpenChallenge {
            challenger: griefer.pubkey(),
            pool: scene.pool,
            active: EpochNumber::FIRST,
            number: SECOND,
            attempt,
            index: leaf.index,
            owner: leaf.owner.into(),
            tokens: leaf.tokens,
            points: leaf.points,
            credits: leaf.credits,
            proof: tree.proof(leaf.index, canopy_depth).unwrap(),
        };
        world.must(&[open.instruction()], &[&griefer]);
    });
}

#[tokio::test]
async fn a_published_theft_is_shown_at_the_first_look() {
    let (scene, honest) = closed().await;
    let forged = steal(&scene, &honest);
    publish(&scene, &honest, &forged);
    assert_eq!(status(&scene), EpochStatus::Attested);
    let report = watch(&scene, options(&scene, "thief")).await.unwrap();
    assert_eq!(report.opened, [(SECOND, LeafIndex::new(3))]);
    assert_eq!((report.answered, report.vetoed.as_slice()), (0, &[2][..]));
    assert_eq!(status(&scene), EpochStatus::Vetoed);
    let kept = scene.ledger.with_world(|world| world.pool(&scene.pool));
    assert_eq!(kept.pending_epoch, 0);
}

#[tokio::test]
async fn withheld_leaves_are_asked_for_and_bring_the_epoch_down_when_nobody_shows_them() {
    let (scene, honest) = closed().await;
    steal(&scene, &honest);
    // The files at hand are the honest ones, whose root is another: as good as none.
    let mut options = options(&scene, "a");
    let early = watch(&scene, options.clone()).await.unwrap();
    assert_eq!(early.opened, []);
    assert!(early.waiting_for.contains("not those of the root on chain"));

    let now = scene.ledger.with_world(|world| world.now());
    scene.set_time(now + WINDOW / 2);
    let victim = read_leaves(honest.folder().epoch(EpochNumber::FIRST).root()).unwrap()[3].owner;
    options.members = vec![victim.into()];
    let asked = watch(&scene, options.clone()).await.unwrap();
    assert_eq!(asked.opened, [(SECOND, LeafIndex::new(3))]);
    let deadline = now + WINDOW / 2 + scene.pool().answer_secs as i64;
    scene.set_time(deadline);
    let waits = watch(&scene, options.clone()).await.unwrap();
    assert_eq!((waits.ended, waits.opened.len()), (0, 0));
    scene.set_time(deadline + 1);
    let fell = watch(&scene, options).await.unwrap();
    assert_eq!((fell.ended, fell.vetoed.as_slice()), (1, &[2][..]));
    assert_eq!(status(&scene), EpochStatus::Vetoed);
}

#[tokio::test]
async fn a_budget_is_spent_on_the_largest_leaves_and_every_deposit_comes_back() {
    let (scene, honest) = closed().await;
    steal(&scene, &honest);
    let mut options = options(&scene, "a");
    (options.budget, options.patience_secs) = (40_000_000, Some(0));
    let asked = watch(&scene, options.clone()).await.unwrap();
    let mut leaves = read_leaves(honest.folder().epoch(EpochNumber::FIRST).root()).unwrap();
    leaves.sort_by_key(|leaf| (std::cmp::Reverse(leaf.tokens), leaf.index));
    let largest: Vec<_> = leaves
        .iter()
        .take(3)
        .map(|leaf| (SECOND, leaf.index))
        .collect();
    assert_eq!(asked.opened, largest);
    // The guardian is faster; what is over is fetched.
    scene.veto(2);
    let me = stranger(&scene).pubkey();
    let before = scene.ledger.with_world(|world| world.lamports(&me));
    let fetched = watch(&scene, options).await.unwrap();
    assert_eq!((fetched.ended, fetched.vetoed.len()), (3, 0));
    let after = scene.ledger.with_world(|world| world.lamports(&me));
    assert!(after > before + 30_000_000);
}

#[tokio::test]
async fn a_keeper_that_runs_answers_for_its_epoch_and_gets_the_deposits() {
    let (scene, a) = closed().await;
    a.propose(SECOND, ProposeOptions::default()).await.unwrap();
    for index in [0, 5, 11] {
        grief(&scene, &a, index);
    }
    let before = scene
        .ledger
        .with_world(|world| world.lamports(&a.address()));
    let report = a.run(true).await.unwrap();
    assert_eq!(report.answered, 3);
    assert_eq!(scene.epoch(2).unwrap().open_challenges, 0);
    let after = scene
        .ledger
        .with_world(|world| world.lamports(&a.address()));
    assert!(after > before + 30_000_000);
    // An attester that copied it answers too, with what it copied.
    let mut config = scene.config();
    config.attest.source = vec![scene.folder("a")];
    let b = scene.keeper_with("b", config, Arc::new(Silent)).await;
    let attested = b.run(true).await.unwrap();
    assert_eq!(attested.attested, [SECOND]);
    grief(&scene, &a, 1);
    assert_eq!(b.run(true).await.unwrap().answered, 1);
    assert_eq!(status(&scene), EpochStatus::Attested);
}

#[tokio::test]
async fn a_watcher_answers_for_an_honest_epoch_and_challenges_nothing_in_it() {
    let (scene, a) = closed().await;
    a.propose(SECOND, ProposeOptions::default()).await.unwrap();
    grief(&scene, &a, 4);
    let now = scene.ledger.with_world(|world| world.now());
    // Late, and nobody has ended it: it still can be shown.
    scene.set_time(now + scene.pool().answer_secs as i64 + 1);
    let report = watch(&scene, options(&scene, "a")).await.unwrap();
    assert_eq!((report.answered, report.opened.len()), (1, 0));
    assert_eq!(scene.epoch(2).unwrap().open_challenges, 0);
    assert!(report.waiting_for.contains("takes nothing from anybody"));
}

#[tokio::test]
async fn without_the_active_epochs_files_there_is_nothing_to_hold_a_proposal_to() {
    let (scene, a) = closed().await;
    a.propose(SECOND, ProposeOptions::default()).await.unwrap();
    let error = watch(&scene, options(&scene, "nobody")).await.unwrap_err();
    assert!(
        matches!(
            error,
            KeeperError::NoLeaves {
                number: EpochNumber::FIRST,
                ..
            }
        ),
        "{error}"
    );
}

/// Hears what a watcher says.
struct Heard(std::sync::Mutex<Vec<String>>);

impl Progress for Heard {
    fn note(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

impl Heard {
    async fn hears(&self, words: &str) {
        for _ in 0..600 {
            if self
                .0
                .lock()
                .unwrap()
                .iter()
                .any(|said| said.contains(words))
            {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("{words:?} was not said: {:?}", self.0.lock().unwrap());
    }
}

#[tokio::test]
async fn a_watch_that_began_outlives_what_ends_a_single_look() {
    let (scene, a) = closed().await;
    a.propose(SECOND, ProposeOptions::default()).await.unwrap();
    let mut options = options(&scene, "a");
    options.once = false;
    let heard = Arc::new(Heard(std::sync::Mutex::default()));
    let ledger: Arc<dyn Ledger> = Arc::new(scene.ledger.clone());
    let send = SendOptions {
        poll: std::time::Duration::ZERO,
        ..SendOptions::default()
    };
    let key = stranger(&scene);
    let me = key.pubkey();
    let progress = Arc::clone(&heard) as Arc<dyn Progress>;
    let mut watcher = Watcher::new(ledger, key, options, send, progress);
    let stop = watcher.stop_switch();
    let befalls = async {
        heard.hears("takes nothing from anybody").await;
        // It can not pay for the answer: said, and no end of the watch.
        scene.ledger.with_world(|world| {
            let (stranger, payer) = (world.actor("stranger"), world.payer().pubkey());
            let all = world.lamports(&me);
            let drain = solana_system_interface::instruction::transfer(&me, &payer, all);
            world.must(&[drain], &[&stranger]);
        });
        grief(&scene, &a, 4);
        heard.hears("has 0 SOL").await;
        scene
            .ledger
            .with_world(|world| world.airdrop(&me, 1_000_000_000));
        for _ in 0..600 {
            if scene.epoch(2).unwrap().open_challenges == 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        stop.stop();
    };
    let (report, ()) = tokio::join!(watcher.watch(), befalls);
    let report = report.unwrap();
    assert_eq!(report.answered, 1);
    assert_eq!(report.waiting_for, "told to stop");
    assert_eq!(scene.epoch(2).unwrap().open_challenges, 0);
}
