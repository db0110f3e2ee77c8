//! Both sides' decisions, counted.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

use std::cmp::Reverse;
use std::collections::BTreeMap;

use cairn_merkle::{Credits, MilliPoints, Tokens};
use cairn_proof::Kind;

use super::outcome::{Outcome, Part, payments};
use super::owners::{Earned, Start, affected, deciles};
use super::report::{
    BacktestReport, BacktestSums, EpochBacktest, GroupChange, KindChange, ReasonChange, Side, Sides,
};
use super::sum::{add_credits, add_points, add_tokens};
use crate::EpochError;
use crate::decision::Decision;
use crate::derive::Closed;
use crate::folder::EpochFolder;

/// Class and country of the device that a proof is about.
pub(super) type Place = (u8, String);

/// Proofs about some devices.
#[derive(Default)]
struct Group {
    accepted: Sides<u64>,
    points: Sides<MilliPoints>,
    worth: Sides<Tokens>,
    /// Points of the running epoch, by what divides them.
    running: Sides<BTreeMap<Part, MilliPoints>>,
}

/// What was counted so far.
pub(super) struct Tally {
    start: Start,
    pool: [u8; 32],
    totals: Sides<BacktestSums>,
    kinds: BTreeMap<Option<u16>, KindChange>,
    reasons: BTreeMap<(Option<u16>, u16, u16), ReasonChange>,
    classes: BTreeMap<Option<u8>, Group>,
    countries: BTreeMap<String, Group>,
    owners: BTreeMap<[u8; 32], Earned>,
}

impl Tally {
    pub fn new(start: Start, pool: [u8; 32]) -> Self {
        Self {
            start,
            pool,
            totals: Sides::default(),
            kinds: BTreeMap::new(),
            reasons: BTreeMap::new(),
            classes: BTreeMap::new(),
            countries: BTreeMap::new(),
            owners: BTreeMap::new(),
        }
    }

    /// Counts an epoch. `places` says of each proof, in the order of receipts, which device it is about.
    pub fn take(
        &mut self,
        places: &[Option<Place>],
        sides: &Sides<Outcome>,
    ) -> Result<EpochBacktest, EpochError> {
        let (before, after) = (&sides.before.decisions, &sides.after.decisions);
        for (place, (was, would)) in places.iter().zip(before.iter().zip(after)) {
            self.count_reasons(was, would);
            self.count(Side::Before, was, place.as_ref())?;
            self.count(Side::After, would, place.as_ref())?;
        }
        let groups = self.classes.values_mut().chain(self.countries.values_mut());
        for group in groups {
            for side in Side::BOTH {
                for (part, points) in std::mem::take(group.running.at_mut(side)) {
                    let worth = sides.at(side).worth(part, points);
                    add_tokens(group.worth.at_mut(side), worth)?;
                }
            }
        }
        let Closed {
            manifest, accepted, ..
        } = &sides.before.closed;
        let mut epoch = EpochBacktest {
            epoch: manifest.epoch.number,
            received: manifest.received,
            accepted: Sides {
                before: *accepted,
                after: sides.after.closed.accepted,
            },
            points: Sides::default(),
            tokens: Sides::default(),
            is_as_published: false,
            is_correction: false,
        };
        for side in Side::BOTH {
            let outcome = sides.at(side);
            for (_, _, points) in outcome.decisions.iter().flat_map(payments) {
                add_points(epoch.points.at_mut(side), points)?;
            }
            *epoch.tokens.at_mut(side) = outcome.closed.totals.tokens_epoch;
            let sums = self.totals.at_mut(side);
            add_points(&mut sums.points, *epoch.points.at(side))?;
            add_epoch(sums, outcome)?;
        }
        Ok(epoch)
    }

    fn count_reasons(&mut self, was: &Decision, would: &Decision) {
        let code = was.kind.map(Kind::code);
        let kind = self.kind(was.kind);
        kind.received = kind.received.saturating_add(1);
        if was.reason != would.reason {
            let change = self
                .reasons
                .entry((code, was.reason.code(), would.reason.code()))
                .or_insert(ReasonChange {
                    kind: was.kind,
                    before: was.reason,
                    after: would.reason,
                    proofs: 0,
                });
            change.proofs = change.proofs.saturating_add(1);
        }
    }

    fn kind(&mut self, kind: Option<Kind>) -> &mut KindChange {
        self.kinds
            .entry(kind.map(Kind::code))
            .or_insert(KindChange {
                kind,
                received: 0,
                accepted: Sides::default(),
                points: Sides::default(),
                credits: Sides::default(),
            })
    }

    /// Counts one side's decision on a proof, by kind, owner, class and country.
    fn count(
        &mut self,
        side: Side,
        decision: &Decision,
        place: Option<&Place>,
    ) -> Result<(), EpochError> {
        let is_accepted = u64::from(decision.reason.is_accepted());
        let kind = self.kind(decision.kind);
        let accepted = kind.accepted.at_mut(side);
        *accepted = accepted.saturating_add(is_accepted);
        add_credits(kind.credits.at_mut(side), decision.credits)?;
        for (_, _, points) in payments(decision) {
            add_points(kind.points.at_mut(side), points)?;
        }
        for (_, owner, points) in payments(decision) {
            let earned = self.owners.entry(owner).or_default();
            add_points(earned.points.at_mut(side), points)?;
        }
        let granted = |_: &[u8; 32]| decision.credits > Credits::ZERO;
        if let Some(owner) = decision.beneficiary.filter(granted) {
            let earned = self.owners.entry(owner).or_default();
            add_credits(earned.credits.at_mut(side), decision.credits)?;
        }
        let class = place.map(|(class, _)| *class);
        let country = place.map_or("", |(_, country)| country.as_str());
        for group in [
            self.classes.entry(class).or_default(),
            self.countries.entry(country.to_owned()).or_default(),
        ] {
            let accepted = group.accepted.at_mut(side);
            *accepted = accepted.saturating_add(is_accepted);
            for (part, _, points) in payments(decision) {
                add_points(group.points.at_mut(side), points)?;
                let running = group.running.at_mut(side).entry(part).or_default();
                add_points(running, points)?;
            }
        }
        Ok(())
    }

    /// The report, without what only the caller knows. `folders` hold the last epoch of each side.
    pub fn finish(self, folders: &Sides<EpochFolder>) -> Result<BacktestReport, EpochError> {
        let owners = affected(&self.start, self.owners, folders)?;
        let mut reasons: Vec<ReasonChange> = self.reasons.into_values().collect();
        // Stable: equally many stand in the order of their codes.
        reasons.sort_by_key(|change| Reverse(change.proofs));
        Ok(BacktestReport {
            pool: self.pool,
            ruleset_hash: [0; 32],
            terms_are_the_epochs: false,
            version: None,
            epochs: Vec::new(),
            totals: self.totals,
            kinds: self.kinds.into_values().collect(),
            reasons,
            classes: changes(self.classes),
            countries: changes(self.countries),
            deciles: deciles(&owners)?,
            owners,
        })
    }
}

fn changes<K>(groups: BTreeMap<K, Group>) -> Vec<GroupChange<K>> {
    let changed = |(group, counted): (K, Group)| GroupChange {
        group,
        accepted: counted.accepted,
        points: counted.points,
        worth: counted.worth,
    };
    groups.into_iter().map(changed).collect()
}

fn add_epoch(sums: &mut BacktestSums, outcome: &Outcome) -> Result<(), EpochError> {
    let Closed {
        totals, manifest, ..
    } = &outcome.closed;
    sums.accepted = sums.accepted.saturating_add(outcome.closed.accepted);
    sums.rejected = sums.rejected.saturating_add(outcome.closed.rejected);
    add_credits(&mut sums.credits, totals.credits_epoch)?;
    add_tokens(&mut sums.emission, manifest.epoch.emission)?;
    add_tokens(&mut sums.tokens, totals.tokens_epoch)?;
    add_tokens(&mut sums.unallocated, totals.unallocated)?;
    // Of the last epoch.
    sums.members = outcome.closed.leaf_count.into();
    sums.waiting = outcome.waiting;
    Ok(())
}
