//! The only place that writes to standard output and standard error, and the only one that ends the process.
#![expect(clippy::print_stderr, clippy::exit, reason = "this is the printer")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use cairn_epoch::Anchor;
use serde::Serialize;

use super::args::Output;
use crate::init::Initialized;
use crate::journal::{EpochState, Receipt};
use crate::publish::Sent;
use crate::text::instant;
use crate::{Activated, Attested, Closing, IngestReport, KeeperError, Proposed, RunReport, Status};

pub(super) struct Printer {
    output: Output,
}

/// A block that proofs may be anchored to.
#[derive(Serialize)]
struct AnchorShown {
    slot: u64,
    hash: String,
    unix_ms: i64,
}

/// One line on standard error.
pub(super) fn talk(line: &str) {
    eprintln!("{line}");
}

/// Waits for Ctrl-C or SIGTERM; `false` when this system can not tell.
pub(super) async fn signalled() -> bool {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            return tokio::signal::ctrl_c().await.is_ok();
        };
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed.is_ok(),
            received = terminate.recv() => received.is_some(),
        }
    }
    #[cfg(not(unix))]
    {
        tokio::signal::ctrl_c().await.is_ok()
    }
}

/// Ends the process at once.
pub(super) fn leave(code: i32) {
    std::process::exit(code);
}

/// Logs on standard error: what is being tried, with `--verbose`.
pub(super) fn start_log(verbose: bool) {
    let level = if verbose {
        tracing::Level::INFO
    } else {
        tracing::Level::ERROR
    };
    let _ = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_target(false)
        .try_init();
}

impl Printer {
    pub(super) const fn new(output: Output) -> Self {
        Self { output }
    }

    /// An error in one sentence, what to do about it, and the exit code it leads to.
    #[expect(clippy::unused_self, reason = "a printer prints")]
    pub(super) fn failure(&self, error: &KeeperError) -> ExitCode {
        talk(&format!("error: {error}"));
        talk(&format!("hint: {}", error.hint()));
        ExitCode::from(error.ending().exit_code())
    }

    fn say<T: Serialize>(&self, value: &T, lines: impl FnOnce() -> Vec<String>) {
        let text = match self.output {
            Output::Json => serde_json::to_string_pretty(value).unwrap_or_default(),
            Output::Display => lines().join("\n"),
        };
        // A closed pipe (`| head`) is no failure of what was done.
        let _ = writeln!(std::io::stdout(), "{text}");
    }

    pub(super) fn initialized(&self, done: &Initialized) {
        self.say(done, || {
            let mut lines = vec![
                format!("Created {}", done.folder.display()),
                format!("  configuration  {}", done.config.display()),
                format!("  keeper         {}", done.keeper),
            ];
            if let Some(path) = &done.new_key {
                lines.push(format!("  new key        {} (back it up)", path.display()));
            }
            let tokens = done.tokens.as_ref().map_or_else(
                || "the node did not say how many tokens that is".to_owned(),
                |tokens| format!("{tokens} tokens"),
            );
            lines.extend([
                format!("  ruleset        {}", done.ruleset.display()),
                format!("                 {}", done.ruleset_hash),
                format!(
                    "  epochs         of {} hours; epoch {} starts at {}",
                    done.epoch_hours, done.first_epoch, done.first_epoch_start
                ),
                format!(
                    "  each divides   {} base units ({tokens})",
                    done.tokens_per_epoch
                ),
                format!("  streams        {}", done.streams),
            ]);
            lines
        });
        if self.output == Output::Display {
            let folder = done.folder.display();
            talk(&format!(
                "Next: send SOL for fees to {}, let the pool's admin add it to the keepers, put the registry's published \
                 devices file into {folder}/registry, then `cairn-keeper --data {folder} status`. Every other keeper takes \
                 this ruleset: `cairn-keeper init FOLDER --ruleset {folder}/ruleset …`.",
                done.keeper
            ));
        }
    }

    pub(super) fn ingested(&self, reports: &[(PathBuf, IngestReport)]) {
        let values: Vec<_> = reports.iter().map(|(_, report)| report).collect();
        self.say(&values, || {
            reports
                .iter()
                .map(|(path, report)| {
                    let mut line = format!("{}: {} proofs filed", path.display(), report.proofs);
                    if report.malformed > 0 {
                        line += &format!(", {} records are no proofs", report.malformed);
                    }
                    if report.already > 0 {
                        line += &format!(", {} had receipts already", report.already);
                    }
                    for (epoch, count) in &report.epochs {
                        line += &format!("\n  epoch {epoch}: {count}");
                    }
                    line
                })
                .collect()
        });
    }

    pub(super) fn receipts(&self, record: &[u8; 32], receipts: &[Receipt]) {
        self.say(&receipts, || {
            if receipts.is_empty() {
                return vec![format!(
                    "No receipt: {} was never received here.",
                    hex::encode(record)
                )];
            }
            receipts
                .iter()
                .map(|receipt| {
                    let at = instant(receipt.received_at_ms.div_euclid(1_000));
                    let mut line = format!(
                        "Receipt {}: received {at}, epoch {}, {} row {}",
                        receipt.number, receipt.epoch, receipt.segment, receipt.row
                    );
                    if let Some(problem) = &receipt.malformed {
                        line += &format!("; it is no proof: {problem}");
                    }
                    line
                })
                .collect()
        });
    }

    /// # Errors
    /// [`KeeperError::NoAnchor`]: the chain shows no block that is final.
    pub(super) fn anchor(&self, anchor: Option<Anchor>) -> Result<(), KeeperError> {
        let anchor = anchor.ok_or(KeeperError::NoAnchor)?;
        let shown = AnchorShown {
            slot: anchor.slot,
            hash: hex::encode(anchor.hash),
            unix_ms: anchor.unix_ms,
        };
        self.say(&shown, || vec![format!("{}:{}", shown.slot, shown.hash)]);
        Ok(())
    }

    pub(super) fn closed(&self, closing: &Closing) {
        self.say(closing, || {
            let mut lines = vec![
                format!("Epoch {} is closed.", closing.epoch),
                format!("  manifest  {}", closing.manifest_hash),
                format!("  root      {}", closing.root),
                format!("  members   {}", closing.members),
                format!(
                    "  tokens    {} base units in all, {} of this epoch, {} not allocated",
                    closing.tokens, closing.tokens_epoch, closing.unallocated
                ),
                format!(
                    "  proofs    {} received: {} accepted, {} rejected",
                    closing.received, closing.accepted, closing.rejected
                ),
            ];
            for (reason, count) in &closing.reasons {
                lines.push(format!("    {reason:<18} {count}"));
            }
            lines.push(format!("  files     {}", closing.folder.display()));
            lines
        });
    }

    pub(super) fn proposed(&self, proposed: &Proposed) {
        self.say(proposed, || {
            let mut lines = vec![
                format!(
                    "Epoch {} is proposed (attempt {}).",
                    proposed.epoch, proposed.attempt
                ),
                format!("  manifest      {}", proposed.manifest_hash),
                format!("  root          {}", proposed.root),
                format!(
                    "  tokens        {} base units in all, {} members",
                    proposed.tokens, proposed.members
                ),
                format!(
                    "  attestations  {} of {}",
                    proposed.attestations, proposed.threshold
                ),
                format!("  active from   {} on", instant(proposed.activatable_at)),
            ];
            lines.extend(transactions(&proposed.transactions));
            lines
        });
    }

    pub(super) fn attested(&self, attested: &Attested) {
        self.say(attested, || {
            let mut lines = vec![
                format!(
                    "Epoch {} recomputes to the same bytes and is attested.",
                    attested.epoch
                ),
                format!("  manifest      {}", attested.manifest_hash),
                format!("  root          {}", attested.root),
                format!(
                    "  attestations  {} of {}",
                    attested.attestations, attested.threshold
                ),
                format!("  active from   {} on", instant(attested.activatable_at)),
            ];
            lines.extend(transactions(&attested.transactions));
            lines
        });
    }

    pub(super) fn activated(&self, activated: &Activated) {
        self.say(activated, || {
            let mut lines = vec![
                format!(
                    "Epoch {} is active since {}.",
                    activated.epoch,
                    instant(activated.activated_at)
                ),
                format!("  root     {}", activated.root),
                format!(
                    "  tokens   {} base units in all, {} members",
                    activated.tokens, activated.members
                ),
            ];
            lines.extend(transactions(&activated.transactions));
            lines
        });
    }

    pub(super) fn ran(&self, report: &RunReport) {
        self.say(report, || {
            let list = |numbers: &[u64]| match numbers {
                [] => "none".to_owned(),
                numbers => numbers
                    .iter()
                    .map(u64::to_string)
                    .collect::<Vec<_>>()
                    .join(", "),
            };
            let files = |names: &[String]| match names {
                [] => "no file".to_owned(),
                names => format!("{}, reasons in inbox/refused/", names.join(", ")),
            };
            vec![
                format!(
                    "Ingested {} proofs from {} files.",
                    report.proofs, report.files
                ),
                format!("  refused    {}", files(&report.refused_files)),
                format!("  closed     {}", list(&report.closed)),
                format!("  proposed   {}", list(&report.proposed)),
                format!("  attested   {}", list(&report.attested)),
                format!("  activated  {}", list(&report.activated)),
                format!("  now        {}", report.waiting_for),
            ]
        });
    }

    /// A script that the shell reads, whatever the output format.
    #[expect(clippy::unused_self, reason = "a printer prints")]
    pub(super) fn completions(&self, shell: clap_complete::Shell, command: &mut clap::Command) {
        let mut script = Vec::new();
        clap_complete::generate(shell, command, "cairn-keeper", &mut script);
        // A closed pipe (`| head`) is no failure of what was done.
        let _ = std::io::stdout().write_all(&script);
    }

    pub(super) fn status(&self, status: &Status) {
        self.say(status, || status_lines(status));
    }
}

fn transactions(sent: &[Sent]) -> Vec<String> {
    if sent.is_empty() {
        return vec!["  nothing was left to do".to_owned()];
    }
    sent.iter()
        .map(|sent| {
            format!(
                "  {}: {} ({} compute units, {} lamports)",
                sent.action, sent.signature, sent.compute_units, sent.fee
            )
        })
        .collect()
}

fn status_lines(status: &Status) -> Vec<String> {
    let mut lines = vec![
        format!("Keeper {}", status.keeper),
        format!("  folder    {}", status.folder),
        format!("  node      {}", status.rpc),
        format!("  network   {}", status.network),
        format!("  pool      {}", status.pool),
        format!(
            "  received  {} records; evidence goes to epoch {}",
            status.received, status.open_epoch
        ),
    ];
    for epoch in &status.epochs {
        let state = match epoch.state {
            EpochState::Open => "open",
            EpochState::Freezing => "being frozen",
            EpochState::Frozen => "frozen",
            EpochState::Closed => "closed",
        };
        let mut line = format!(
            "  epoch {:<3} {state}, {} records",
            epoch.number, epoch.records
        );
        if let Some(hash) = &epoch.manifest_hash {
            line += &format!(", manifest {hash}");
        }
        if epoch.revision > 1 {
            line += &format!(" (revision {})", epoch.revision);
        }
        lines.push(line);
    }
    if let Some(signature) = &status.pending_transaction {
        lines.push(format!("  pending   transaction {signature}"));
    }
    match (&status.chain, &status.chain_problem) {
        (Some(chain), _) => {
            lines.push(format!("Chain at {}", instant(chain.now)));
            lines.push(format!("  balance   {} lamports", chain.balance));
            let role = if chain.is_keeper {
                "keeper"
            } else {
                "no keeper"
            };
            lines.push(format!("  this key  {role} of the pool"));
            let paused = if chain.paused {
                ", the pool is paused"
            } else {
                ""
            };
            lines.push(format!("  active    epoch {}{paused}", chain.active_epoch));
            lines.push(match &chain.epoch {
                None => format!("  next      epoch {}, not proposed", chain.next_epoch),
                Some(epoch) => format!(
                    "  next      epoch {}, {}, {} of {} attestations",
                    chain.next_epoch,
                    epoch.status.name(),
                    chain.attestations.unwrap_or(0),
                    chain.threshold
                ),
            });
        }
        (None, Some(problem)) => lines.push(format!("Chain: {problem}")),
        (None, None) => {}
    }
    lines.push(format!("Next: {}", status.next));
    lines
}
