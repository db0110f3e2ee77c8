//! The runbook of a wrong root, with the commands: a theft that became active is taken back, its correction is signed by three,
//! audited, and pays members what they earned.

use std::path::PathBuf;

use cairn::command::{audit, claim, epoch, pool};
use cairn::context::{Context, Manner};
use cairn::error::{CliError, Exit};
use cairn::facts::Facts;
use cairn::printer::Outcome;
use cairn_epoch::{Closed, EpochFolder, Taken, read_leaves, write_taken};
use cairn_interface::vault::{AttestEpoch, EpochStatus, EpochView, PutCanopy, epoch_address};
use cairn_merkle::EpochNumber;
use cairn_origin::{Past, taken_under};
use cairn_testkit::Member;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use crate::audits::audit_of;
use crate::granted::grant;
use crate::stage::{Stage, page};

const SECOND: EpochNumber = EpochNumber::new(2);
const THIRD: EpochNumber = EpochNumber::new(3);
const WEEK: i64 = 7 * 86_400;

/// A theft, and the keys that undo it.
struct Robbed {
    stage: Stage,
    keys: tempfile::TempDir,
    /// A keeper.
    thief: Pubkey,
    /// What it was paid, at the index of owner 0.
    stolen: u64,
}

fn view(stage: &Stage, number: EpochNumber) -> EpochView {
    let address = epoch_address(&stage.pool, number).0;
    stage.ledger.with_world(|world| world.epoch(&address))
}

/// What an owner's leaf grants in the files of an epoch.
fn granted(stage: &Stage, number: u64, owner: &Pubkey) -> u64 {
    let leaves = read_leaves(&stage.folder(number)).unwrap();
    let leaf = leaves.iter().find(|leaf| leaf.owner == owner.to_bytes());
    leaf.unwrap().tokens.get()
}

async fn claim(
    ctx: &Context,
    stage: &Stage,
    files: PathBuf,
    most: Option<&str>,
) -> Result<(), CliError> {
    let args = claim::Args {
        files: files.into(),
        pool: Some(stage.pool),
        owner: None,
        at_most: most.map(str::to_owned),
    };
    claim::pay::run(ctx, &args).await.map(|_| ())
}

impl Robbed {
    /// Epoch 1 pays owner 0 a little. Epoch 2, as honest keepers close it, never stands on chain: two others make a root active in
    /// which a thief has owner 0's place, and it is paid before the pool is paused and the root taken back.
    async fn new() -> Self {
        let stage = Stage::new().await;
        stage.run_epoch(1, 3).await;
        let data = stage.data.path().to_path_buf();
        let victim = stage.context(stage.owner(0));
        claim(&victim, &stage, data, Some("10")).await.unwrap();
        stage.close(2, 3);
        let thief = stage.keepers[2].pubkey();
        let members: Vec<Member> = read_leaves(&stage.folder(2))
            .unwrap()
            .iter()
            .map(|leaf| Member {
                owner: if leaf.owner == stage.owner(0).pubkey().to_bytes() {
                    thief
                } else {
                    leaf.owner.into()
                },
                tokens: leaf.tokens.get(),
                points: leaf.points.get(),
                credits: leaf.credits.get(),
            })
            .collect();
        let forged = grant(&stage, 2, &members).await;
        let takes = stage.context(&stage.keepers[2]);
        claim(&takes, &stage, forged, None).await.unwrap();
        let robbed = Self {
            stolen: stage.tokens_of(&thief),
            keys: tempfile::tempdir().unwrap(),
            thief,
            stage,
        };
        robbed.take_back().await;
        robbed
    }

    fn file(&self, name: &str, key: &Keypair) -> String {
        let path = self.keys.path().join(name);
        let bytes = serde_json::to_vec(&key.to_bytes().to_vec()).expect("JSON");
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    async fn take_back(&self) {
        let stage = &self.stage;
        let (pause, unpause) = (
            pool::pause::Args {
                pool: stage.pool_arg(),
            },
            pool::unpause::Args {
                pool: stage.pool_arg(),
            },
        );
        let guardian = stage.context(&stage.guardian);
        pool::pause::run(&guardian, &pause).await.unwrap();
        let revoke = epoch::revoke::Args {
            number: SECOND,
            pool: stage.pool_arg(),
            guardian: self.file("guardian.json", &stage.guardian),
        };
        epoch::revoke::run(&stage.as_authority(), &revoke)
            .await
            .unwrap();
        pool::unpause::run(&stage.as_authority(), &unpause)
            .await
            .unwrap();
    }

    /// Closes the correction, with what the chain says was taken.
    async fn close(&self) -> Closed {
        let taken = taken_under(&self.stage.ledger, &self.stage.pool, SECOND).await;
        let Past::Whole(taken) = taken.unwrap() else {
            panic!("the ledger forgot something");
        };
        self.close_with(&taken)
    }

    fn close_with(&self, taken: &[Taken]) -> Closed {
        let folder = EpochFolder::new(self.stage.folder(3));
        if folder.root().exists() {
            std::fs::remove_dir_all(folder.root()).unwrap();
        }
        std::fs::create_dir_all(folder.inputs()).unwrap();
        write_taken(&folder.taken(), taken).unwrap();
        let closed = self.stage.close(3, 3);
        self.stage.ledger.with_world(|world| {
            let over = closed.manifest.epoch.period_end_ms / 1_000;
            if world.now() < over {
                world.set_time(over);
            }
        });
        closed
    }

    fn args(&self) -> epoch::correct::Args {
        epoch::correct::Args {
            number: THIRD,
            pool: self.stage.pool_arg(),
            files: self.stage.data.path().into(),
            keeper: self.file("keeper.json", &self.stage.keepers[0]),
            guardian: self.file("guardian.json", &self.stage.guardian),
        }
    }

    async fn correct(&self, args: &epoch::correct::Args) -> Result<Facts, CliError> {
        epoch::correct::run(&self.stage.as_authority(), args).await
    }

    /// Canopy and second word of the proposed correction, and its week.
    async fn carry_through(&self, closed: &Closed) {
        let stage = &self.stage;
        let (first, second) = (&stage.keepers[0], &stage.keepers[1]);
        let proposal = view(stage, THIRD).proposal;
        let attest = AttestEpoch {
            keeper: second.pubkey(),
            pool: stage.pool,
            number: THIRD,
            proposal,
        };
        stage.ledger.with_world(|world| {
            for part in PutCanopy::all(first.pubkey(), stage.pool, THIRD, &closed.canopy) {
                world.must(&[part.instruction()], &[first]);
            }
            world.must(&[attest.instruction()], &[second]);
        });
        let activate = epoch::activate::Args {
            number: THIRD,
            pool: stage.pool_arg(),
        };
        stage.ledger.with_world(|world| world.warp(WEEK - 1));
        let early = epoch::activate::run(&stage.as_authority(), &activate).await;
        assert_eq!(early.unwrap_err().code(), "challenge-window-open");
        stage.ledger.with_world(|world| world.warp(1));
        epoch::activate::run(&stage.as_authority(), &activate)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_theft_is_taken_back_and_its_correction_is_signed_audited_and_pays_all_that_was_earned() {
    let robbed = Robbed::new().await;
    let stage = &robbed.stage;
    assert!(robbed.stolen > 0);
    let closed = robbed.close().await;

    // Meanwhile members are paid by the epoch before.
    let data = || stage.data.path().to_path_buf();
    let other = stage.context(stage.owner(1));
    claim(&other, stage, data(), None).await.unwrap();
    assert_eq!(
        stage.tokens_of(&stage.owner(1).pubkey()),
        granted(stage, 1, &stage.owner(1).pubkey())
    );

    robbed.correct(&robbed.args()).await.unwrap();
    assert_eq!(view(stage, THIRD).correction, 1);
    let again = robbed.correct(&robbed.args()).await.unwrap_err();
    assert_eq!(again.code(), "epoch-in-flight");
    // Before it counts anybody recomputes it, and the epoch in the revoked one's place.
    let before = audit::epoch::run(
        &stage.as_authority(),
        &audit_of(stage, audit::epoch::Which::One(THIRD)),
    )
    .await
    .unwrap();
    let differing: Vec<_> = before.epochs[0]
        .checks
        .iter()
        .filter(|check| check.result != "equal")
        .map(|check| check.what)
        .collect();
    assert_eq!(differing, ["canopy"], "{}", page(&before));
    robbed.carry_through(&closed).await;

    let audited = audit::epoch::run(
        &stage.as_authority(),
        &audit_of(stage, audit::epoch::Which::All),
    )
    .await
    .unwrap();
    assert_eq!(audited.verdict, "equal", "{}", page(&audited));
    assert_eq!(Outcome::exit(&audited), Exit::Done);
    let statuses: Vec<_> = audited.epochs.iter().map(|epoch| epoch.status).collect();
    assert_eq!(statuses, ["superseded", "revoked", "active"]);

    // The victim's leaf holds what the thief was paid there, so that it is paid what it earned.
    for at in 0..3 {
        let ctx = stage.context(stage.owner(at));
        claim(&ctx, stage, data(), None).await.unwrap();
    }
    let victim = stage.owner(0).pubkey();
    assert_eq!(
        stage.tokens_of(&victim) + robbed.stolen,
        granted(stage, 3, &victim)
    );
    for at in 1..3 {
        let owner = stage.owner(at).pubkey();
        assert_eq!(stage.tokens_of(&owner), granted(stage, 3, &owner));
    }
    let thief = stage.context(&stage.keepers[2]);
    let nothing = claim(&thief, stage, data(), None).await.unwrap_err();
    assert_eq!(nothing.code(), "not-a-member");
    assert_eq!(stage.tokens_of(&robbed.thief), robbed.stolen);
    let solvency = audit::solvency::Args {
        pool: stage.pool_arg(),
        files: data().into(),
    };
    let solvency = audit::solvency::run(&stage.as_authority(), &solvency).await;
    assert_eq!(Outcome::exit(&solvency.unwrap()), Exit::Done);
    let solvent = stage.ledger.with_world(|world| world.pool(&stage.pool));
    assert_eq!(solvent.total_claimed, solvent.total_cumulative);

    // The next one is an epoch like any other.
    stage.run_epoch(4, 3).await;
    assert_eq!(
        view(stage, EpochNumber::new(4)).status(),
        EpochStatus::Active
    );
    let audited = audit::epoch::run(
        &stage.as_authority(),
        &audit_of(stage, audit::epoch::Which::All),
    )
    .await
    .unwrap();
    assert_eq!(audited.verdict, "equal", "{}", page(&audited));
    claim(&stage.context(stage.owner(0)), stage, data(), None)
        .await
        .unwrap();

    // A closed account says of no epoch whether it was revoked: the files after it and the chain's past do.
    let close = epoch::close::Args {
        number: None,
        all: true,
        pool: stage.pool_arg(),
    };
    epoch::close::run(&stage.as_authority(), &close)
        .await
        .unwrap();
    let audited = audit::epoch::run(
        &stage.as_authority(),
        &audit_of(stage, audit::epoch::Which::All),
    )
    .await
    .unwrap();
    assert_eq!(audited.verdict, "equal", "{}", page(&audited));
    let statuses: Vec<_> = audited.epochs.iter().map(|epoch| epoch.status).collect();
    assert_eq!(statuses, ["closed", "closed", "superseded", "active"]);
}

#[tokio::test]
async fn nobody_signs_a_correction_that_is_not_due_not_computed_or_not_what_the_chain_says() {
    let robbed = Robbed::new().await;
    let stage = &robbed.stage;
    // It counts nothing as taken: owner 0 would bear the theft.
    robbed.close_with(&[]);
    let forged = robbed.correct(&robbed.args()).await.unwrap_err();
    assert_eq!(forged.code(), "correction-differs", "{forged}");
    assert!(forged.to_string().contains("taken.parquet"), "{forged}");
    robbed.close().await;
    let honest = std::fs::read(EpochFolder::new(stage.folder(3)).leaves()).unwrap();
    crate::stage::damage(&EpochFolder::new(stage.folder(3)).leaves());
    assert!(robbed.correct(&robbed.args()).await.is_err());
    std::fs::write(EpochFolder::new(stage.folder(3)).leaves(), honest).unwrap();

    let other = epoch::correct::Args {
        number: SECOND,
        ..robbed.args()
    };
    assert!(robbed.correct(&other).await.is_err());
    for (args, code) in [
        (
            epoch::correct::Args {
                pool: cairn::args::PoolArg {
                    pool: stage.owner(1).pubkey(),
                },
                ..robbed.args()
            },
            "other-pool",
        ),
        (
            epoch::correct::Args {
                keeper: robbed.file("stranger.json", stage.owner(1)),
                ..robbed.args()
            },
            "not-a-keeper",
        ),
        (
            epoch::correct::Args {
                guardian: robbed.file("stranger.json", stage.owner(1)),
                ..robbed.args()
            },
            "not-the-guardian",
        ),
        (
            epoch::correct::Args {
                guardian: stage.guardian.pubkey().to_string(),
                ..robbed.args()
            },
            "wallet",
        ),
    ] {
        let refused = robbed.correct(&args).await.unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
    }
    // Where nothing is signed addresses do.
    let unsigned = Context {
        manner: Manner::Unsigned,
        ..stage.as_authority()
    };
    let addresses = epoch::correct::Args {
        keeper: stage.keepers[0].pubkey().to_string(),
        guardian: stage.guardian.pubkey().to_string(),
        ..robbed.args()
    };
    let prepared = epoch::correct::run(&unsigned, &addresses).await.unwrap();
    let text = page(&prepared);
    for signer in [&stage.authority, &stage.guardian, &stage.keepers[0]] {
        assert!(text.contains(&signer.pubkey().to_string()), "{text}");
    }

    let quiet = Stage::new().await;
    quiet.run_epoch(1, 3).await;
    let early = epoch::correct::Args {
        pool: quiet.pool_arg(),
        number: SECOND,
        ..robbed.args()
    };
    let none = epoch::correct::run(&quiet.as_authority(), &early).await;
    assert_eq!(none.unwrap_err().code(), "no-correction-due");
}
