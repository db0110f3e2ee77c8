//! One side of an epoch, and what its points are worth.
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

use std::collections::BTreeMap;

use cairn_merkle::{MilliPoints, Tokens};

use super::sum::add_points;
use crate::EpochError;
use crate::allot::divisor;
use crate::decision::{Decision, read_decisions};
use crate::derive::Closed;
use crate::folder::EpochFolder;
use crate::ruleset::Rulebook;
use crate::summary::read_summary;
use crate::worth::Worth;

/// A pot and its stream.
pub(super) type Part = (u8, u32);

/// One side of an epoch.
pub(super) struct Outcome {
    pub closed: Closed,
    /// In the order of receipts.
    pub decisions: Vec<Decision>,
    /// People who earned something and are no members.
    pub waiting: u64,
    rates: BTreeMap<Part, Rate>,
}

/// What a part divides, and the points it divides it by.
#[derive(Clone, Copy)]
struct Rate {
    emission: Tokens,
    divisor: u128,
}

impl Outcome {
    pub fn read(
        folder: &EpochFolder,
        closed: Closed,
        rulebook: &Rulebook,
    ) -> Result<Self, EpochError> {
        let decisions = read_decisions(folder.root())?;
        let mut earned: BTreeMap<Part, MilliPoints> = BTreeMap::new();
        for (part, _, points) in decisions.iter().flat_map(payments) {
            add_points(earned.entry(part).or_default(), points)?;
        }
        let mut rates = BTreeMap::new();
        for (part, name) in rulebook.parts() {
            let Some(pot) = closed.manifest.pots.iter().find(|pot| pot.name == name) else {
                continue;
            };
            // Who earned it and is no member yet shares in a later epoch: then never in more than there is.
            let earned = earned.get(&part).copied().unwrap_or_default();
            let total = pot.milli_points.max(earned);
            let worth = rulebook
                .pot(part.0)
                .and_then(|pot| Worth::of(pot, rulebook));
            let emission = pot.emission;
            let divisor = divisor(emission, total, pot.floor_milli_points, worth)?;
            rates.insert(part, Rate { emission, divisor });
        }
        Ok(Self {
            waiting: read_summary(folder.root())?.members.waiting,
            closed,
            decisions,
            rates,
        })
    }

    /// What `points` of a part are worth, rounded down.
    pub fn worth(&self, part: Part, points: MilliPoints) -> Tokens {
        let Some(rate) = self.rates.get(&part) else {
            return Tokens::ZERO;
        };
        u128::from(rate.emission.get())
            .saturating_mul(points.get().into())
            .checked_div(rate.divisor)
            .and_then(|tokens| u64::try_from(tokens).ok())
            .map_or(rate.emission, Tokens::new)
    }
}

/// Whom a decision pays points, and from what.
pub(super) fn payments(
    decision: &Decision,
) -> impl Iterator<Item = (Part, [u8; 32], MilliPoints)> + use<> {
    let Decision {
        pot,
        stream,
        milli_points,
        ..
    } = *decision;
    let paid = decision
        .beneficiary
        .filter(|_| milli_points > MilliPoints::ZERO);
    let first = paid.map(|owner| ((pot, stream), owner, milli_points));
    let second = decision.also;
    let second = second.map(|also| ((also.pot, 0), also.beneficiary, also.milli_points));
    first.into_iter().chain(second)
}
