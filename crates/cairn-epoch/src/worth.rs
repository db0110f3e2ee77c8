//! What points can be worth that somebody paid for.
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

use cairn_merkle::{MilliPoints, Tokens};

use crate::ruleset::{Pot, Rulebook};

/// What was burned at least for points.
#[derive(Clone, Copy)]
pub(crate) struct Worth {
    points: MilliPoints,
    tokens: Tokens,
}

impl Worth {
    /// What a unit of a pot earns, against what the cheapest payer burns for it; none of a pot that streams divide.
    pub fn of(pot: &Pot, rulebook: &Rulebook) -> Option<Self> {
        if pot.by_stream {
            return None;
        }
        let prices = rulebook.payers().iter().map(|payer| payer.tokens_per_unit);
        Some(Self {
            points: pot.unit_milli_points?,
            tokens: prices.min()?,
        })
    }

    /// The points that `emission` is divided by, at least, so that none is worth more than was burned for it; rounded up.
    pub fn divisor(self, emission: Tokens) -> Option<u128> {
        u128::from(emission.get())
            .checked_mul(self.points.get().into())
            .map(|whole| whole.div_ceil(u128::from(self.tokens.get().max(1))))
    }
}
