//! What a backtest believed instead of computing it, in sentences.

use cairn_epoch::BacktestReport;
use cairn_merkle::EpochNumber;

pub(super) fn trust(report: &BacktestReport) -> Vec<String> {
    let first = report.epochs.first().map(|it| it.epoch).unwrap_or_default();
    let mut told = vec![
        "Each input is the one that its epoch's manifest names; whether the chain names that manifest, `cairn audit epoch` says."
            .to_owned(),
    ];
    told.push(match first.previous() {
        Some(before) if before >= EpochNumber::FIRST => format!(
            "Both sides start from what epoch {first} was handed: ledger, sequence numbers and memory as epoch {before} \
             published them. What the proposed rules would have remembered of earlier epochs is not known."
        ),
        _ => "Both sides start from nothing, as epoch 1 did: no state was taken from anybody.".to_owned(),
    });
    told.push(
        "People, devices and partners are taken to do under other rules what they did; who is refused stops, and who is paid more \
         comes."
            .to_owned(),
    );
    if report.terms_are_the_epochs {
        told.push(
            "The proposed rules name no calendar and no emission: those, streams and tasks are the epochs' own.".to_owned(),
        );
    }
    if let Some(version) = report.version {
        told.push(format!(
            "The proposed rules are version {version}, and the proofs were signed for another: they were run under the proofs' own."
        ));
    }
    let corrections: Vec<EpochNumber> = report
        .epochs
        .iter()
        .filter(|it| it.is_correction)
        .map(|it| it.epoch)
        .collect();
    if !corrections.is_empty() {
        told.push(format!(
            "Corrections ({}) and what follows them are computed as if no root had been revoked: what was taken under one is \
             nobody's gain by other rules.",
            listed(&corrections)
        ));
    }
    let unexplained = unexplained(report);
    if !unexplained.is_empty() {
        told.push(format!(
            "By their own rules these epochs do not lead to what was published: {}. `cairn audit epoch` names the difference.",
            listed(&unexplained)
        ));
    }
    told
}

/// Epochs that did not come out as published, with no correction among those before them to explain it.
pub(super) fn unexplained(report: &BacktestReport) -> Vec<EpochNumber> {
    let before_correction = report.epochs.iter().take_while(|it| !it.is_correction);
    before_correction
        .filter(|it| !it.is_as_published)
        .map(|it| it.epoch)
        .collect()
}

fn listed(epochs: &[EpochNumber]) -> String {
    let each: Vec<String> = epochs.iter().map(ToString::to_string).collect();
    each.join(", ")
}
