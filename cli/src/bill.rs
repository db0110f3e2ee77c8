//! What a command costs at most, in words.

use cairn_client::{Bill, Means};

pub use cairn_facts::sol;

use crate::amount::grouped;
use crate::conversation::Effect;
use crate::error::CliError;

/// Says what it costs at most.
#[must_use]
pub fn on(bill: &Bill, mut effect: Effect) -> Effect {
    if bill.rent > 0 {
        effect = effect.fact("rent", format!("at most {} SOL", sol(bill.rent)));
    }
    effect.fact("fees", format!("at most {} SOL", sol(bill.fees)))
}

/// The refusal where some of many payments could be made: `enough_for` of `all`.
#[must_use]
pub fn short(means: &Means, enough_for: u64, all: u64) -> CliError {
    CliError::refused(
        SHORT,
        format!(
            "this needs up to {} SOL, and {} has {}: enough for {} of {}",
            sol(means.need),
            means.payer,
            sol(means.have),
            grouped(enough_for),
            grouped(all),
        ),
        format!("send {} SOL to {}", sol(means.lacking()), means.payer),
    )
}

/// The code of a refusal because the payer has too little.
pub const SHORT: &str = "insufficient-lamports";
