//! The anomaly check: an epoch that jumps against the ones before it is not proposed or attested without a person's
//! word. A broken rule, a doubled input or a stolen signer shows here before it shows in the vault.

use cairn_merkle::Tokens;

/// What is compared, of one epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochSize {
    /// What this epoch adds to the cumulative total.
    pub tokens_issued: Tokens,
    /// Members in the tree.
    pub members: u32,
}

/// How far an epoch may grow, from `[anomaly]` of keeper.toml.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrowthLimits {
    /// Most tokens issued, in percent of the average of the epochs before.
    pub max_tokens_percent: u32,
    /// Most members, in percent of the average of the epochs before.
    pub max_members_percent: u32,
}

/// Which quantity jumped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    Tokens,
    Members,
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Tokens => "tokens issued (base units)",
            Self::Members => "members",
        })
    }
}

/// The epoch jumps against the average of the ones before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "anomaly: {quantity} are {value}, {percent} % of the average {average} of the last {epochs} epoch(s); at most {limit_percent} % passes unasked"
)]
pub struct Anomaly {
    pub quantity: Quantity,
    pub value: u64,
    /// Floor of the average.
    pub average: u64,
    pub epochs: usize,
    /// Floor of value ÷ average in percent.
    pub percent: u128,
    pub limit_percent: u32,
}

/// Compares an epoch with the ones before it (any order). Without history, or with an average of zero, there is nothing
/// to compare with and the emission cap alone bounds the epoch.
///
/// # Errors
/// The first [`Anomaly`]: tokens before members.
pub fn check(
    candidate: EpochSize,
    history: &[EpochSize],
    limits: GrowthLimits,
) -> Result<(), Anomaly> {
    let tokens: Vec<u64> = history
        .iter()
        .map(|epoch| epoch.tokens_issued.get())
        .collect();
    let members: Vec<u64> = history
        .iter()
        .map(|epoch| u64::from(epoch.members))
        .collect();
    let max_tokens = limits.max_tokens_percent;
    let max_members = limits.max_members_percent;
    compare(
        Quantity::Tokens,
        candidate.tokens_issued.get(),
        &tokens,
        max_tokens,
    )?;
    compare(
        Quantity::Members,
        u64::from(candidate.members),
        &members,
        max_members,
    )
}

fn compare(
    quantity: Quantity,
    value: u64,
    history: &[u64],
    limit_percent: u32,
) -> Result<(), Anomaly> {
    // Saturating is exact here: at most 2^32 values of 64 bits fit 128 bits, and a history is a handful.
    let sum = history
        .iter()
        .fold(0u128, |sum, each| sum.saturating_add(u128::from(*each)));
    let count = u128::try_from(history.len()).unwrap_or(u128::MAX);
    if sum == 0 {
        return Ok(());
    }
    // value ÷ (sum ÷ count) > limit ÷ 100, without dividing.
    let scaled = u128::from(value).saturating_mul(count).saturating_mul(100);
    if scaled <= sum.saturating_mul(u128::from(limit_percent)) {
        return Ok(());
    }
    Err(Anomaly {
        quantity,
        value,
        average: sum
            .checked_div(count)
            .and_then(|average| u64::try_from(average).ok())
            .unwrap_or(u64::MAX),
        epochs: history.len(),
        percent: scaled.checked_div(sum).unwrap_or(u128::MAX),
        limit_percent,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: GrowthLimits = GrowthLimits {
        max_tokens_percent: 300,
        max_members_percent: 200,
    };

    fn size(tokens_issued: u64, members: u32) -> EpochSize {
        EpochSize {
            tokens_issued: Tokens::new(tokens_issued),
            members,
        }
    }

    #[test]
    fn three_times_the_average_passes_and_a_token_more_does_not() {
        let history = [size(50, 10), size(150, 10)];
        assert_eq!(check(size(300, 10), &history, LIMITS), Ok(()));
        let anomaly = check(size(301, 10), &history, LIMITS).unwrap_err();
        assert_eq!(anomaly.quantity, Quantity::Tokens);
        assert_eq!(
            (anomaly.value, anomaly.average, anomaly.percent),
            (301, 100, 301)
        );
    }

    #[test]
    fn members_have_a_limit_of_their_own() {
        let history = [size(100, 10), size(100, 30)];
        assert_eq!(check(size(100, 40), &history, LIMITS), Ok(()));
        let anomaly = check(size(100, 41), &history, LIMITS).unwrap_err();
        assert_eq!(anomaly.quantity, Quantity::Members);
        assert_eq!(
            (anomaly.value, anomaly.average, anomaly.percent),
            (41, 20, 205)
        );
    }

    #[test]
    fn without_history_or_after_epochs_in_which_nobody_earned_there_is_nothing_to_compare_with() {
        assert_eq!(check(size(u64::MAX, u32::MAX), &[], LIMITS), Ok(()));
        assert_eq!(
            check(size(5, 10), &[size(0, 10), size(0, 10)], LIMITS),
            Ok(())
        );
    }

    #[test]
    fn the_largest_amounts_do_not_overflow() {
        let history = [size(u64::MAX, u32::MAX); 64];
        assert_eq!(check(size(u64::MAX, u32::MAX), &history, LIMITS), Ok(()));
        assert!(check(size(u64::MAX, 1), &[size(1, 1)], LIMITS).is_err());
    }
}
