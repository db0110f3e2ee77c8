//! What rules let an epoch give, against what a pool lets it grow by. Asked when rules are chosen: an epoch that asks for more than
//! its interval allows waits, and one that asks for credits under a cap of 0 can never be proposed.

use cairn_epoch::NetworkTerms;
use cairn_interface::vault::PoolParams;

/// What a pool caps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capped {
    Tokens,
    Points,
    Credits,
}

impl Capped {
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Tokens => "base units",
            Self::Points => "milli-points",
            Self::Credits => "data credits",
        }
    }

    /// What people call the cap.
    #[must_use]
    pub const fn cap(self) -> &'static str {
        match self {
            Self::Tokens => "emission cap",
            Self::Points => "points cap",
            Self::Credits => "credits cap",
        }
    }

    /// What to change in a ruleset that is above the cap.
    #[must_use]
    pub const fn lower(self) -> &'static str {
        match self {
            Self::Tokens => "lower [emission] tokens_per_epoch, or tokens of [arrears]",
            Self::Points => "lower milli_points of [arrears], or what a proof pays",
            Self::Credits => "lower the tasks' credits_per_epoch, or credits of [arrears]",
        }
    }
}

/// Rules that let an epoch give more than the pool lets it grow by in the epoch's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an epoch of these rules gives up to {gives} {}, and the pool's {} lets it give {allowed}",
    .what.unit(), .what.cap()
)]
pub struct BeyondCap {
    pub what: Capped,
    pub gives: u64,
    pub allowed: u64,
}

/// Each cap of `params` that rules with `terms` are above: what an epoch gives of its own, and what of older debts may enter leaves beside
/// it. Points of an epoch's own have no bound in a ruleset but what proofs there are; the keeper's look before it proposes holds them to
/// theirs.
#[must_use]
pub fn beyond_caps(terms: &NetworkTerms, params: &PoolParams) -> Vec<BeyondCap> {
    let epoch_secs = u64::from(terms.calendar.epoch_hours).saturating_mul(3_600);
    // An epoch that is shorter than the interval is proposed when one has passed.
    let intervals = epoch_secs
        .checked_div(params.epoch_interval_secs)
        .unwrap_or(0)
        .max(1);
    let arrears = &terms.arrears;
    let tokens = terms.tokens_per_epoch.saturating_add(arrears.tokens);
    let credits = terms.credits_per_epoch().saturating_add(arrears.credits);
    [
        (Capped::Tokens, tokens.get(), params.emission_cap),
        (Capped::Points, arrears.points.get(), params.points_cap),
        (Capped::Credits, credits.get(), params.credits_cap),
    ]
    .into_iter()
    .map(|(what, gives, cap)| BeyondCap {
        what,
        gives,
        allowed: cap.saturating_mul(intervals),
    })
    .filter(|found| found.gives > found.allowed)
    .collect()
}
