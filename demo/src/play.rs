//! The month, act by act.

use std::{io::Write, path::PathBuf, sync::Arc, time::Instant};

use cairn::address::Hash;
use cairn_epoch::{Decision, read_decisions};
use cairn_interface::vault::EpochStatus;
use cairn_keeper::{
    CloseOptions, Content, Keeper, Record, WatchOptions, Watcher, progress::Silent,
};
use cairn_localnet::Travel;
use cairn_merkle::EpochNumber;
use solana_sdk::{signature::Keypair, signer::Signer as _};

use crate::{
    args::Args,
    audit,
    claims::Claimants,
    fault::DemoError,
    input::Input,
    month::{Month, Settings, calendar::Period, roster::Seed, week::Sent},
    stage::{CHALLENGE_WINDOW_SECS, DECIMALS, Stage, sol},
    summary::{Audit, Cheats, EpochLine, InputLine, Proofs, Summary, Vault},
    swindle,
    talk::Talk,
    tally::Tally,
};

/// The week in which a keeper turns.
const SWINDLE_IN: u64 = 2;
/// Version of the ruleset that the proofs name.
const RULESET: u16 = 1;
/// How long after a week's end its epoch is closed.
const GRACE_SECS: i64 = 3_600;

/// Runs the demonstration and prints its summary.
///
/// # Errors
/// [`DemoError`].
#[expect(
    clippy::disallowed_methods,
    reason = "the summary says how long the month took"
)]
pub async fn run(args: &Args) -> Result<(), DemoError> {
    let start = Instant::now();
    let talk = Talk;
    let dir = args.input.clone().unwrap_or_else(repository_data);
    talk.act(&format!("The input: {}", dir.display()));
    let input = Input::read(&dir, args.month)?;
    for line in &input.found {
        talk.done(line);
    }
    let mut month = {
        let _busy = talk.working("laying out the month");
        Month::prepare(
            &input,
            Settings {
                seed: Seed(args.seed),
                beat_hours: args.beat_hours,
                cheats: usize::from(args.cheats),
            },
        )
    };
    talk.act("The stage: a local network, a registry, a pool, three keepers");
    let stage = Stage::set(args, &month, &talk).await?;

    let mut tally = Tally::default();
    let mut claimants = None;
    let last = month.periods.last().map_or(0, |period| period.number);
    for (at, period) in month.periods.clone().into_iter().enumerate() {
        talk.act(&format!("Week {} of {last}", period.number));
        stage.burn_for_traffic(month.burned(at), &talk).await?;
        let sent = {
            let _busy = talk.working("devices and users sign");
            month.week(at, stage.network.to_bytes(), RULESET)
        };
        let decisions = week(
            &stage,
            period,
            &sent,
            claimants.as_ref().and_then(Claimants::steady),
            &talk,
        )
        .await?;
        tally.add(&sent, &decisions)?;
        if claimants.is_none() {
            claimants = Some(Claimants::choose(&month, &stage, last).await?);
        }
        if let Some(claimants) = &mut claimants {
            claimants.turn(period.number, &stage, &talk).await?;
        }
    }

    talk.act("The audit: every epoch again, from files and chain alone");
    let audit = audit::all(&stage, last, &talk).await?;
    let summary = summarise(&stage, &month, &tally, claimants, audit, start).await?;
    print(args, &summary, &tally)?;
    verdict(&summary)?;
    Box::pin(stage.leave(args)).await
}

/// One week: ingest, close, propose, attest, wait, activate. Returns what became of each proof.
async fn week(
    stage: &Stage,
    period: Period,
    sent: &[Sent],
    member: Option<(&str, &Keypair)>,
    talk: &Talk,
) -> Result<Vec<Decision>, DemoError> {
    let number = period.number;
    ingest(&stage.first, number, sent, talk).await?;
    stage
        .localnet
        .travel(Travel::To(period.end_ms / 1_000 + GRACE_SECS))
        .await?;
    if let (SWINDLE_IN, Some(member)) = (number, member) {
        incident(stage, number, sent, member, talk).await?;
    }
    let first = &stage.first;
    {
        let _busy = talk.working("the first keeper verifies, scores and closes");
        first
            .close(EpochNumber::new(number), Default::default())
            .await?;
    }
    let proposed = first
        .propose(EpochNumber::new(number), Default::default())
        .await?;
    talk.done(&format!(
        "the first keeper proposed root {}",
        Hash(proposed.root)
    ));
    let files = stage.files();
    // Until it turns, the third keeper works like the others; it needs the first epoch's state for its own.
    let attesters: &[&Keeper] = if number < SWINDLE_IN {
        &[&stage.second, &stage.third]
    } else {
        &[&stage.second]
    };
    for keeper in attesters {
        let _busy = talk.working("another keeper recomputes everything");
        keeper
            .attest(EpochNumber::new(number), Some(&files), Default::default())
            .await?;
    }
    talk.done(&format!(
        "{} of 3 keepers stand behind it",
        attesters.len() + 1
    ));
    stage
        .localnet
        .travel(Travel::By(CHALLENGE_WINDOW_SECS + 60))
        .await?;
    first.activate(EpochNumber::new(number)).await?;
    talk.done("nobody objected in the challenge window: it is active");
    Ok(read_decisions(stage.published(number).root())?)
}

async fn ingest(keeper: &Keeper, number: u64, sent: &[Sent], talk: &Talk) -> Result<(), DemoError> {
    let _busy = talk.working("a keeper takes in the proofs, a receipt for each");
    let records: Vec<Record> = sent
        .iter()
        .map(|sent| Record {
            received_at_ms: sent.received_at_ms,
            content: Content::Proof(sent.proof.clone()),
        })
        .collect();
    keeper.ingest(&format!("week {number}"), records).await?;
    talk.done(&format!("{} proofs received", sent.len()));
    Ok(())
}

/// The third keeper proposes a root that takes what a member has earned. That member asks to be shown; nobody can show the
/// leaf, and the proposal falls: no guardian, no other keeper, no file of the thief.
async fn incident(
    stage: &Stage,
    number: u64,
    sent: &[Sent],
    (victim, key): (&str, &Keypair),
    talk: &Talk,
) -> Result<(), DemoError> {
    let turned = &stage.third;
    ingest(turned, number, sent, talk).await?;
    let root = {
        let _busy = talk.working("the third keeper closes the week and moves what a member has");
        turned
            .close(EpochNumber::new(number), CloseOptions::default())
            .await?;
        swindle::steal(stage, turned, number, key.pubkey().to_bytes()).await?
    };
    talk.done(&format!(
        "the third keeper turned: root {} takes all that {victim} has earned, and its files are shown to nobody",
        Hash(root.hash)
    ));
    watch(stage, key).await?;
    talk.done(&format!(
        "{victim} runs `cairn-keeper watch`: it asks for the leaf, with the files of the epoch before and a deposit"
    ));
    let wait = stage.pool_view().await?.answer_secs;
    stage.localnet.travel(Travel::By(wait + 60)).await?;
    watch(stage, key).await?;
    let fallen = stage.epoch_view(number).await?.status();
    if fallen != EpochStatus::Vetoed {
        return Err(DemoError::Unexpected(format!(
            "the forged epoch is {} after a challenge that nobody answered",
            fallen.name()
        )));
    }
    talk.done("nobody can show it: the forged root has fallen, without the guardian; the number is free again");
    Ok(())
}

/// A member looks after their own leaf, once.
async fn watch(stage: &Stage, member: &Keypair) -> Result<(), DemoError> {
    let options = WatchOptions {
        pool: stage.pool,
        files: vec![stage.files()],
        cache: None,
        members: vec![member.pubkey()],
        budget: sol(1),
        patience_secs: Some(0),
        poll_secs: 1,
        once: true,
    };
    let ledger = stage.ledger.clone();
    let (key, send) = (member.insecure_clone(), stage.as_signer(member).send);
    let mut watcher = Watcher::new(ledger, key, options, send, Arc::new(Silent));
    watcher.watch().await?;
    Ok(())
}

async fn summarise(
    stage: &Stage,
    month: &Month,
    tally: &Tally,
    claimants: Option<Claimants>,
    audit: Audit,
    start: Instant,
) -> Result<Summary, DemoError> {
    let mut epochs = Vec::new();
    for period in &month.periods {
        let epoch = stage.epoch_view(period.number).await?;
        epochs.push(EpochLine {
            number: epoch.number,
            status: epoch.status().name().to_owned(),
            root: hex::encode(epoch.root),
            manifest_hash: hex::encode(epoch.manifest_hash),
            members: epoch.leaf_count,
            tokens: epoch.tokens,
            attested_by: epoch.attesters().iter().map(ToString::to_string).collect(),
            attempt: epoch.attempt,
        });
    }
    let pool = stage.pool_view().await?;
    let claims = match claimants {
        Some(claimants) => claimants.finish(stage).await?,
        None => crate::summary::Claims::default(),
    };
    let cheats = tally.all_cheats();
    Ok(Summary {
        proofs: Proofs {
            received: tally.received,
            accepted: tally.accepted,
            rejected: tally
                .rejected
                .iter()
                .map(|(reason, count)| (reason.name(), *count))
                .collect(),
        },
        kinds: tally
            .kinds
            .iter()
            .map(|(kind, paid)| (kind.name(), *paid))
            .collect(),
        cheats: Cheats {
            planted: cheats.planted,
            caught: cheats.caught,
        },
        epochs,
        claims,
        vault: Vault {
            funded: pool.total_funded,
            claimed: pool.total_claimed,
            left: stage.vault_balance(&pool).await?,
        },
        audit,
        seconds: start.elapsed().as_secs(),
        input: InputLine::of(month),
    })
}

/// What the summary must say for the demonstration to have shown what it promises.
fn verdict(summary: &Summary) -> Result<(), DemoError> {
    if summary.cheats.caught != summary.cheats.planted {
        return Err(DemoError::Unexpected(format!(
            "{} of {} cheats were caught",
            summary.cheats.caught, summary.cheats.planted
        )));
    }
    if summary.audit.verdict != "equal" {
        return Err(DemoError::Unexpected(format!(
            "the audit found: {}",
            summary.audit.verdict
        )));
    }
    Ok(())
}

fn print(args: &Args, summary: &Summary, tally: &Tally) -> Result<(), DemoError> {
    let mut stdout = std::io::stdout().lock();
    let text = if args.json {
        let json = serde_json::to_string(summary)
            .map_err(|error| DemoError::Unexpected(format!("the summary is not JSON: {error}")))?;
        json + "\n"
    } else {
        format!("\n{}", summary.text(tally, DECIMALS))
    };
    stdout.write_all(text.as_bytes()).map_err(DemoError::io(
        "writing",
        std::path::Path::new("standard output"),
    ))
}

fn repository_data() -> PathBuf {
    let demo = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    demo.parent().unwrap_or(&demo).join("fixtures/data")
}
