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

use cairn_merkle::{Credits, MilliPoints, Tokens};
use cairn_spelling::text;
use serde::{Deserialize, Serialize};

use crate::EpochError;

/// So much of everything that a leaf counts. Written as decimal strings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amounts {
    /// Data credits.
    #[serde(with = "text::amount")]
    pub credits: Credits,
    #[serde(with = "text::amount", rename = "milli_points")]
    pub points: MilliPoints,
    /// Base units.
    #[serde(with = "text::amount")]
    pub tokens: Tokens,
}

impl Amounts {
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// Adds `more`; `what` is named when it does not fit.
    pub(crate) fn add(&mut self, more: Self, what: &'static str) -> Result<(), EpochError> {
        let sum = self.checked_add(more);
        *self = sum.ok_or(EpochError::Overflow { what })?;
        Ok(())
    }

    /// Both together; `None` when one of them does not fit.
    #[must_use]
    pub fn checked_add(self, more: Self) -> Option<Self> {
        Some(Self {
            credits: self.credits.checked_add(more.credits)?,
            points: self.points.checked_add(more.points)?,
            tokens: self.tokens.checked_add(more.tokens)?,
        })
    }

    /// What is left of each without `less`, or nothing of it.
    #[must_use]
    pub fn saturating_sub(self, less: Self) -> Self {
        Self {
            credits: self.credits.saturating_sub(less.credits),
            points: self.points.saturating_sub(less.points),
            tokens: self.tokens.saturating_sub(less.tokens),
        }
    }

    /// Of each the lesser.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self {
            credits: self.credits.min(other.credits),
            points: self.points.min(other.points),
            tokens: self.tokens.min(other.tokens),
        }
    }

    /// All of them together; `what` is named when they do not fit.
    pub(crate) fn sum(
        all: impl IntoIterator<Item = Self>,
        what: &'static str,
    ) -> Result<Self, EpochError> {
        let mut sum = Self::default();
        for one in all {
            sum.add(one, what)?;
        }
        Ok(sum)
    }
}
