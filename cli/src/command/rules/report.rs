//! What a backtest tells: a page for people, JSON for programs.

use std::path::PathBuf;

use cairn_epoch::{BacktestReport, BacktestSums, EpochBacktest, GroupChange, Sides};
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Tokens};
use cairn_proof::Kind;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::trust::{trust, unexplained};
use crate::address::{Address, Hash};
use crate::amount::{Amount, of_points, of_tokens};
use crate::error::Exit;
use crate::printer::Verdict;

/// How it is told.
pub(super) struct Told {
    pub rules: String,
    pub decimals: u8,
    pub limit: usize,
    pub csv: Option<PathBuf>,
}

/// Something as it was, and as it would have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Change<T> {
    pub before: T,
    pub after: T,
}

fn change<T: Copy, U>(sides: Sides<T>, of: impl Fn(T) -> U) -> Change<U> {
    Change {
        before: of(sides.before),
        after: of(sides.after),
    }
}

/// Proposed rules over a run of epochs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Backtested {
    pub pool: Address,
    pub rules: String,
    /// Of the proposed rules as they were run over the last epoch.
    pub ruleset_hash: Hash,
    pub first_epoch: EpochNumber,
    pub last_epoch: EpochNumber,
    pub totals: Change<TotalsShown>,
    pub owners: OwnersShown,
    pub epochs: Vec<EpochShown>,
    pub kinds: Vec<KindShown>,
    pub reasons: Vec<ReasonShown>,
    /// By class of the device that a proof is about.
    pub classes: Vec<GroupShown>,
    /// By its country, as the registry has it.
    pub countries: Vec<GroupShown>,
    /// Tenths of those who earned something, who got least before first.
    pub deciles: Vec<DecileShown>,
    /// The most affected first: by tokens, then points, then key.
    pub most_affected: Vec<OwnerShown>,
    /// What was not computed but believed.
    pub trust: Vec<String>,
    /// The file that has everybody.
    pub csv: Option<PathBuf>,
    /// The folder that has rules and report for everybody to read.
    pub published: Option<PathBuf>,
    /// Whether every epoch came out as it was published, but for corrections and what follows them.
    pub as_published: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TotalsShown {
    pub accepted: u64,
    pub rejected: u64,
    pub points: Amount,
    pub credits: Credits,
    pub emission: Amount,
    pub tokens: Amount,
    pub unallocated: Amount,
    pub members: u64,
    pub waiting: u64,
}

/// How many would get more, less and as many tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OwnersShown {
    pub total: u64,
    pub winners: u64,
    pub losers: u64,
    pub same: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EpochShown {
    pub epoch: EpochNumber,
    pub received: u64,
    pub accepted: Change<u64>,
    pub points: Change<Amount>,
    pub tokens: Change<Amount>,
    /// Whether the published manifest came out again.
    pub as_published: bool,
    pub correction: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KindShown {
    /// Null for bytes that are no proof.
    pub kind: Option<&'static str>,
    pub received: u64,
    pub accepted: Change<u64>,
    pub points: Change<Amount>,
    pub credits: Change<Credits>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ReasonShown {
    pub kind: Option<&'static str>,
    pub before: &'static str,
    pub after: &'static str,
    pub proofs: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupShown {
    /// A class's number or a country's code; null for proofs about no device, or one that tells none.
    pub group: Option<String>,
    pub accepted: Change<u64>,
    pub points: Change<Amount>,
    /// What the points are worth at their epochs' rates.
    pub worth: Change<Amount>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DecileShown {
    pub decile: usize,
    pub owners: u64,
    pub points: Change<Amount>,
    pub tokens: Change<Amount>,
    pub winners: u64,
    pub losers: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OwnerShown {
    pub owner: Address,
    pub tokens: Change<Amount>,
    pub points: Change<Amount>,
    pub credits: Change<Credits>,
}

impl Backtested {
    pub(super) fn new(report: &BacktestReport, told: &Told) -> Self {
        let tokens = |sides: Sides<Tokens>| change(sides, |it| of_tokens(it, told.decimals));
        let (first, last) = (report.epochs.first(), report.epochs.last());
        let number = |epoch: Option<&EpochBacktest>| epoch.map(|it| it.epoch).unwrap_or_default();
        let mut owners = OwnersShown::default();
        for owner in &report.owners {
            let count = match owner.tokens.after.cmp(&owner.tokens.before) {
                std::cmp::Ordering::Greater => &mut owners.winners,
                std::cmp::Ordering::Less => &mut owners.losers,
                std::cmp::Ordering::Equal => &mut owners.same,
            };
            *count = count.saturating_add(1);
            owners.total = owners.total.saturating_add(1);
        }
        Self {
            pool: Pubkey::new_from_array(report.pool).into(),
            rules: told.rules.clone(),
            ruleset_hash: report.ruleset_hash.into(),
            first_epoch: number(first),
            last_epoch: number(last),
            totals: change(report.totals, |sums| totals(&sums, told.decimals)),
            owners,
            epochs: report
                .epochs
                .iter()
                .map(|it| EpochShown {
                    epoch: it.epoch,
                    received: it.received,
                    accepted: change(it.accepted, |it| it),
                    points: points(it.points),
                    tokens: tokens(it.tokens),
                    as_published: it.is_as_published,
                    correction: it.is_correction,
                })
                .collect(),
            kinds: report
                .kinds
                .iter()
                .map(|it| KindShown {
                    kind: it.kind.map(Kind::name),
                    received: it.received,
                    accepted: change(it.accepted, |it| it),
                    points: points(it.points),
                    credits: change(it.credits, |it| it),
                })
                .collect(),
            reasons: report
                .reasons
                .iter()
                .map(|it| ReasonShown {
                    kind: it.kind.map(Kind::name),
                    before: it.before.name(),
                    after: it.after.name(),
                    proofs: it.proofs,
                })
                .collect(),
            classes: groups(&report.classes, told.decimals, |class| {
                class.map(|class| class.to_string())
            }),
            countries: groups(&report.countries, told.decimals, |country| {
                (!country.is_empty()).then(|| country.clone())
            }),
            deciles: (1..)
                .zip(&report.deciles)
                .map(|(decile, it)| DecileShown {
                    decile,
                    owners: it.owners,
                    points: points(it.points),
                    tokens: tokens(it.tokens),
                    winners: it.winners,
                    losers: it.losers,
                })
                .collect(),
            most_affected: report
                .owners
                .iter()
                .take(told.limit)
                .map(|it| OwnerShown {
                    owner: Pubkey::new_from_array(it.owner).into(),
                    tokens: tokens(it.tokens),
                    points: points(it.points),
                    credits: change(it.credits, |it| it),
                })
                .collect(),
            trust: trust(report),
            csv: told.csv.clone(),
            published: None,
            as_published: unexplained(report).is_empty(),
        }
    }
}

fn points(sides: Sides<MilliPoints>) -> Change<Amount> {
    change(sides, of_points)
}

fn totals(sums: &BacktestSums, decimals: u8) -> TotalsShown {
    TotalsShown {
        accepted: sums.accepted,
        rejected: sums.rejected,
        points: of_points(sums.points),
        credits: sums.credits,
        emission: of_tokens(sums.emission, decimals),
        tokens: of_tokens(sums.tokens, decimals),
        unallocated: of_tokens(sums.unallocated, decimals),
        members: sums.members,
        waiting: sums.waiting,
    }
}

fn groups<K>(
    changes: &[GroupChange<K>],
    decimals: u8,
    name: impl Fn(&K) -> Option<String>,
) -> Vec<GroupShown> {
    changes
        .iter()
        .map(|it| GroupShown {
            group: name(&it.group),
            accepted: change(it.accepted, |it| it),
            points: points(it.points),
            worth: change(it.worth, |it| of_tokens(it, decimals)),
        })
        .collect()
}

impl Verdict for Backtested {
    fn exit(&self) -> Exit {
        if self.as_published {
            Exit::Done
        } else {
            Exit::Failed
        }
    }
}
