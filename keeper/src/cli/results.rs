//! What each command came to: data for programs, lines for people, both from the one result.

use std::path::PathBuf;

use cairn_epoch::Anchor;
use serde::{Serialize, Serializer};

use crate::init::Initialized;
use crate::journal::{EpochState, Receipt};
use crate::publish::Sent;
use crate::text::instant;
use crate::{Activated, Attested, Closing, IngestReport, Proposed, RunReport, Status};

/// A command's result: it serializes to the JSON that programs get.
pub(super) trait Outcome: Serialize {
    /// The same for people.
    fn lines(&self) -> Vec<String>;

    /// What to do next, for a person.
    fn next(&self) -> Option<String> {
        None
    }
}

impl Outcome for Initialized {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("Created {}", self.folder.display()),
            format!("  configuration  {}", self.config.display()),
            format!("  keeper         {}", self.keeper),
        ];
        if let Some(path) = &self.new_key {
            lines.push(format!("  new key        {} (back it up)", path.display()));
        }
        let tokens = self.tokens.as_ref().map_or_else(
            || "the node did not say how many tokens that is".to_owned(),
            |tokens| format!("{tokens} tokens"),
        );
        lines.extend([
            format!("  ruleset        {}", self.ruleset.display()),
            format!("                 {}", self.ruleset_hash),
            format!(
                "  epochs         of {} hours; epoch {} starts at {}",
                self.epoch_hours, self.first_epoch, self.first_epoch_start
            ),
            format!(
                "  each divides   {} base units ({tokens})",
                self.tokens_per_epoch
            ),
            format!("  streams        {}", self.streams),
        ]);
        lines
    }

    fn next(&self) -> Option<String> {
        let folder = self.folder.display();
        let ready = format!(
            "Next: send SOL for fees to {}, let the pool's admin add it to the keepers, put the registry's published \
             devices file into {folder}/registry, then `cairn-keeper --data {folder} status`.",
            self.keeper
        );
        Some(if self.ruleset_taken {
            ready
        } else {
            format!(
                "{ready} Every other keeper takes this ruleset: `cairn-keeper init FOLDER --ruleset {folder}/ruleset …`."
            )
        })
    }
}

/// Reports of files, each with its name.
pub(super) struct Ingested(pub Vec<(PathBuf, IngestReport)>);

impl Serialize for Ingested {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|(_, report)| report))
    }
}

impl Outcome for Ingested {
    fn lines(&self) -> Vec<String> {
        self.0
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
    }
}

/// The receipts of a record.
pub(super) struct Receipts {
    pub record: [u8; 32],
    pub receipts: Vec<Receipt>,
}

impl Serialize for Receipts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.receipts.serialize(to)
    }
}

impl Outcome for Receipts {
    fn lines(&self) -> Vec<String> {
        if self.receipts.is_empty() {
            return vec![format!(
                "No receipt: {} was never received here.",
                hex::encode(self.record)
            )];
        }
        self.receipts
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
    }
}

/// A block that proofs may be anchored to.
#[derive(Serialize)]
pub(super) struct AnchorShown {
    slot: u64,
    hash: String,
    unix_ms: i64,
}

impl From<Anchor> for AnchorShown {
    fn from(anchor: Anchor) -> Self {
        Self {
            slot: anchor.slot,
            hash: hex::encode(anchor.hash),
            unix_ms: anchor.unix_ms,
        }
    }
}

impl Outcome for AnchorShown {
    fn lines(&self) -> Vec<String> {
        vec![format!("{}:{}", self.slot, self.hash)]
    }
}

impl Outcome for Closing {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("Epoch {} is closed.", self.epoch),
            format!("  manifest  {}", self.manifest_hash),
            format!("  root      {}", self.root),
            format!("  members   {}", self.members),
            format!(
                "  tokens    {} base units in all, {} of this epoch, {} not allocated",
                self.tokens, self.tokens_epoch, self.unallocated
            ),
            format!(
                "  proofs    {} received: {} accepted, {} rejected",
                self.received, self.accepted, self.rejected
            ),
        ];
        for (reason, count) in &self.reasons {
            lines.push(format!("    {reason:<18} {count}"));
        }
        lines.push(format!("  files     {}", self.folder.display()));
        lines
    }
}

impl Outcome for Proposed {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!(
                "Epoch {} is proposed (attempt {}).",
                self.epoch, self.attempt
            ),
            format!("  manifest      {}", self.manifest_hash),
            format!("  root          {}", self.root),
            format!(
                "  tokens        {} base units in all, {} members",
                self.tokens, self.members
            ),
            format!(
                "  attestations  {} of {}",
                self.attestations, self.threshold
            ),
            format!("  active from   {} on", instant(self.activatable_at)),
        ];
        lines.extend(transactions(&self.transactions));
        lines
    }
}

impl Outcome for Attested {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!(
                "Epoch {} recomputes to the same bytes and is attested.",
                self.epoch
            ),
            format!("  manifest      {}", self.manifest_hash),
            format!("  root          {}", self.root),
            format!(
                "  attestations  {} of {}",
                self.attestations, self.threshold
            ),
            format!("  active from   {} on", instant(self.activatable_at)),
        ];
        lines.extend(transactions(&self.transactions));
        lines
    }
}

impl Outcome for Activated {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!(
                "Epoch {} is active since {}.",
                self.epoch,
                instant(self.activated_at)
            ),
            format!("  root     {}", self.root),
            format!(
                "  tokens   {} base units in all, {} members",
                self.tokens, self.members
            ),
        ];
        lines.extend(transactions(&self.transactions));
        lines
    }
}

impl Outcome for RunReport {
    fn lines(&self) -> Vec<String> {
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
            format!("Ingested {} proofs from {} files.", self.proofs, self.files),
            format!("  refused    {}", files(&self.refused_files)),
            format!("  closed     {}", list(&self.closed)),
            format!("  proposed   {}", list(&self.proposed)),
            format!("  attested   {}", list(&self.attested)),
            format!("  activated  {}", list(&self.activated)),
            format!("  now        {}", self.waiting_for),
        ]
    }
}

impl Outcome for Status {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("Keeper {}", self.keeper),
            format!("  folder    {}", self.folder),
            format!("  node      {}", self.rpc),
            format!("  network   {}", self.network),
            format!("  pool      {}", self.pool),
            format!(
                "  received  {} records; evidence goes to epoch {}",
                self.received, self.open_epoch
            ),
        ];
        for epoch in &self.epochs {
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
        if let Some(signature) = &self.pending_transaction {
            lines.push(format!("  pending   transaction {signature}"));
        }
        match (&self.chain, &self.chain_problem) {
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
                        epoch.status().name(),
                        chain.attestations.unwrap_or(0),
                        chain.threshold
                    ),
                });
            }
            (None, Some(problem)) => lines.push(format!("Chain: {problem}")),
            (None, None) => {}
        }
        lines.push(format!("Next: {}", self.next));
        lines
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
