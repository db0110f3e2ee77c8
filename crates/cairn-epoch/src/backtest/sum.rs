//! Sums that never wrap around.

use cairn_merkle::{Credits, MilliPoints, Tokens};

use crate::EpochError;

pub(super) fn add_points(sum: &mut MilliPoints, more: MilliPoints) -> Result<(), EpochError> {
    *sum = sum.checked_add(more).ok_or(EpochError::Overflow {
        what: "the points of a backtest",
    })?;
    Ok(())
}

pub(super) fn add_tokens(sum: &mut Tokens, more: Tokens) -> Result<(), EpochError> {
    *sum = sum.checked_add(more).ok_or(EpochError::Overflow {
        what: "the tokens of a backtest",
    })?;
    Ok(())
}

pub(super) fn add_credits(sum: &mut Credits, more: Credits) -> Result<(), EpochError> {
    *sum = sum.checked_add(more).ok_or(EpochError::Overflow {
        what: "the data credits of a backtest",
    })?;
    Ok(())
}
