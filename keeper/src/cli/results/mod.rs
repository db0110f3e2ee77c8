//! What each command came to, as one list of facts: programs get it as JSON, people as a page.

use std::path::Path;

use cairn_epoch::Anchor;
use cairn_facts::{Deeds, Facts, Hash, Page, cost, of_tokens};
use cairn_spelling::grouped;
use serde::Serialize;

use crate::domain::proposal::Warning;
use crate::journal::Receipt;
use crate::publish::Sent;
use crate::text::instant;
use crate::{Activated, Attested, Closing, IngestReport, Proposed, RunReport, WatchReport};

mod founding;
mod status;

pub(super) use founding::{genesis, initialized, ruleset};
pub(super) use status::status;

/// The transactions that a command followed to their end.
#[derive(Serialize)]
pub(super) struct Followed<'a>(&'a [Sent]);

impl Deeds for Followed<'_> {
    const KEY: Option<&'static str> = Some("transactions");

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn done(&self) -> bool {
        !self.is_empty()
    }

    fn title(&self) -> String {
        let actions: Vec<&str> = self.0.iter().map(|sent| sent.action.as_str()).collect();
        actions.join(", ")
    }

    fn show(&self, page: &mut Page) {
        if self.is_empty() {
            page.fact("transactions", "nothing was left to do");
        }
        for sent in self.0 {
            page.fact("transaction", &sent.action);
            page.fact("signature", &sent.signature);
            page.fact("cost", cost(sent.compute_units, sent.fee_lamports));
        }
    }
}

/// Of one file that was read in.
pub(super) fn ingested(path: &Path, report: &IngestReport) -> Facts {
    let mut title = format!(
        "{}: {} proofs filed",
        path.display(),
        grouped(report.proofs)
    );
    if report.malformed > 0 {
        title += &format!(", {} records are no proofs", grouped(report.malformed));
    }
    if report.already > 0 {
        title += &format!(", {} had receipts already", grouped(report.already));
    }
    let epochs = report.epochs.iter();
    let counts = epochs.map(|(epoch, count)| (epoch.to_string(), *count));
    let facts = Facts::new()
        .title(title)
        .data("source", report.source.as_str())
        .data("already", report.already)
        .data("proofs", report.proofs)
        .data("malformed", report.malformed)
        .data(
            "epochs",
            counts.collect::<std::collections::BTreeMap<_, _>>(),
        );
    report.epochs.iter().fold(facts, |facts, (epoch, count)| {
        facts.words(format!("epoch {epoch}"), grouped(*count))
    })
}

/// The receipts of a record.
pub(super) fn receipts(record: [u8; 32], receipts: &[Receipt]) -> Facts {
    let title = match receipts.len() {
        0 => format!("No receipt: {} was never received here", Hash(record)),
        1 => format!("Receipt {}", Hash(record)),
        count => format!("{count} receipts {}", Hash(record)),
    };
    let facts = Facts::new()
        .title(title)
        .data("record_id", record)
        .data("receipts", receipts.iter().map(receipt).collect::<Vec<_>>());
    receipts.iter().fold(facts, |facts, receipt| {
        let facts = facts.words(
            format!("receipt {}", receipt.number),
            format!(
                "received {}, epoch {}, {} row {}",
                instant(receipt.received_at_ms.div_euclid(1_000)),
                receipt.epoch,
                receipt.segment,
                receipt.row
            ),
        );
        match &receipt.malformed {
            Some(problem) => facts.words("it is no proof", problem),
            None => facts,
        }
    })
}

fn receipt(receipt: &Receipt) -> Facts {
    Facts::new()
        .data("number", receipt.number)
        .data("record_id", receipt.record_id)
        .data("epoch", receipt.epoch)
        .data("segment", receipt.segment.as_str())
        .data("row", receipt.row)
        .data("received_at_ms", receipt.received_at_ms)
        .data("malformed", receipt.malformed.as_deref())
}

/// A block that proofs may be anchored to, as `SLOT:HASH`: what proofs are made with.
pub(super) fn anchor(anchor: &Anchor) -> Facts {
    Facts::new()
        .title(format!("{}:{}", anchor.slot, Hash(anchor.hash)))
        .data("slot", anchor.slot)
        .data("hash", anchor.hash)
        .data("unix_ms", anchor.unix_ms)
}

pub(super) fn closed(closing: &Closing) -> Facts {
    let facts = Facts::new()
        .title(format!("Epoch {} is closed", closing.epoch))
        .data("epoch", closing.epoch)
        .named_if(
            closing.revision > 1,
            "revision",
            "revision",
            closing.revision,
        )
        .named("manifest_hash", "manifest", closing.manifest_hash)
        .fact("root", closing.root)
        .fact("members", closing.members)
        .worded(
            "tokens",
            closing.tokens,
            "tokens",
            format!("{} in all", closing.tokens.grouped()),
        )
        .named("tokens_epoch", "of this epoch", closing.tokens_epoch)
        .named("unallocated", "not allocated", closing.unallocated)
        .data("received", closing.received)
        .data("accepted", closing.accepted)
        .data("rejected", closing.rejected)
        .words(
            "proofs",
            format!(
                "{} received: {} accepted, {} rejected",
                grouped(closing.received),
                grouped(closing.accepted),
                grouped(closing.rejected)
            ),
        )
        .data("reasons", closing.reasons.clone());
    let reasons = closing.reasons.iter();
    reasons
        .fold(facts, |facts, (reason, count)| {
            facts.words(format!("  {reason}"), grouped(*count))
        })
        .named("folder", "files", closing.folder.as_path())
}

pub(super) fn proposed(proposed: &Proposed) -> Facts<Followed<'_>> {
    let facts = Facts::of(Followed(&proposed.transactions))
        .title(format!(
            "Epoch {} is proposed (attempt {})",
            proposed.epoch, proposed.attempt
        ))
        .data("epoch", proposed.epoch)
        .data("attempt", proposed.attempt)
        .named("manifest_hash", "manifest", proposed.manifest_hash)
        .fact("root", proposed.root)
        .worded(
            "tokens",
            proposed.tokens,
            "tokens",
            format!("{} in all", proposed.tokens.grouped()),
        )
        .fact("members", proposed.members);
    standing(
        facts,
        (proposed.attestations, proposed.threshold),
        proposed.activatable_at,
        warnings(&proposed.warnings, proposed.tokens.decimals()),
    )
}

pub(super) fn attested(attested: &Attested) -> Facts<Followed<'_>> {
    let facts = Facts::of(Followed(&attested.transactions))
        .title(format!(
            "Epoch {} recomputes to the same bytes and is attested",
            attested.epoch
        ))
        .data("epoch", attested.epoch)
        .data("attempt", attested.attempt)
        .named("manifest_hash", "manifest", attested.manifest_hash)
        .fact("root", attested.root)
        .worded(
            "tokens",
            attested.tokens,
            "tokens",
            format!("{} in all", attested.tokens.grouped()),
        );
    standing(
        facts,
        (attested.attestations, attested.threshold),
        attested.activatable_at,
        warnings(&attested.warnings, attested.tokens.decimals()),
    )
}

/// How far a proposal has come.
fn standing(
    facts: Facts<Followed<'_>>,
    (attestations, threshold): (usize, usize),
    activatable_at: i64,
    warnings: Vec<Facts>,
) -> Facts<Followed<'_>> {
    facts
        .data("attestations", attestations)
        .data("threshold", threshold)
        .words("attestations", format!("{attestations} of {threshold}"))
        .worded(
            "activatable_at",
            activatable_at,
            "active from",
            format!("{} on", instant(activatable_at)),
        )
        .data("warnings", warnings)
}

/// For programs; people are told when they come up.
fn warnings(warnings: &[Warning], decimals: u8) -> Vec<Facts> {
    let facts = warnings.iter().map(|warning| match warning {
        Warning::VaultShort { missing } => Facts::new()
            .data("warning", "vault_short")
            .data("missing", of_tokens(*missing, decimals)),
        Warning::AnomalyAccepted => Facts::new().data("warning", "anomaly_accepted"),
    });
    facts.collect()
}

pub(super) fn activated(activated: &Activated) -> Facts<Followed<'_>> {
    Facts::of(Followed(&activated.transactions))
        .title(format!(
            "Epoch {} is active since {}",
            activated.epoch,
            instant(activated.activated_at)
        ))
        .data("epoch", activated.epoch)
        .fact("root", activated.root)
        .worded(
            "tokens",
            activated.tokens,
            "tokens",
            format!("{} in all", activated.tokens.grouped()),
        )
        .fact("members", activated.members)
        .data("activated_at", activated.activated_at)
}

pub(super) fn ran(report: &RunReport) -> Facts {
    let refused = match report.refused_files.as_slice() {
        [] => "no file".to_owned(),
        names => format!("{}, reasons in inbox/refused/", names.join(", ")),
    };
    Facts::new()
        .title(format!(
            "Ingested {} proofs from {} files",
            grouped(report.proofs),
            report.files
        ))
        .data("files", report.files)
        .data("proofs", report.proofs)
        .worded(
            "refused_files",
            report.refused_files.clone(),
            "refused",
            refused,
        )
        .fact("closed", report.closed.clone())
        .fact("proposed", report.proposed.clone())
        .fact("attested", report.attested.clone())
        .fact("fetched", report.fetched.clone())
        .data("answered", report.answered)
        .words(
            "answered",
            format!("{} challenges", grouped(report.answered)),
        )
        .fact("activated", report.activated.clone())
        .named("waiting_for", "now", report.waiting_for.as_str())
}

pub(super) fn watched(report: &WatchReport) -> Facts {
    let opened: Vec<Facts> = report
        .opened
        .iter()
        .map(|(epoch, index)| Facts::new().data("epoch", *epoch).data("index", *index))
        .collect();
    let asked = format!("{} leaves", grouped(opened.len() as u64));
    Facts::new()
        .title("Watched")
        .worded("opened", opened, "asked for", asked)
        .worded(
            "answered",
            report.answered,
            "shown",
            format!("{} leaves that were whole", grouped(report.answered)),
        )
        .worded(
            "ended",
            report.ended,
            "ended",
            format!("{} challenges", grouped(report.ended)),
        )
        .fact("vetoed", report.vetoed.clone())
        .named("waiting_for", "now", report.waiting_for.as_str())
}
