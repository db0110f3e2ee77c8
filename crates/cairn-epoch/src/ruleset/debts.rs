//! What a network owes beside its emission: how fast it is paid, and what was owed before the pool began.

use cairn_merkle::{Credits, MilliPoints, Tokens};
use cairn_proof::Kind;
use cairn_spelling::text;
use serde::{Deserialize, Serialize};

use crate::EpochError;
use crate::amounts::Amounts;
use crate::input::Grant;

/// `[arrears]` of rules that name none of their own: ten thousand points an epoch, and of tokens and data credits what the epoch's own leaves.
pub const SHIPPED_ARREARS: Amounts = Amounts {
    credits: Credits::ZERO,
    points: MilliPoints::new(10_000_000),
    tokens: Tokens::ZERO,
};

/// `[genesis]`: what people held before the pool began, by the hash of the table that says who. The ruleset's own hash stands on chain
/// when the pool is created, so the pool states the sums.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// SHA-256 of `genesis.parquet`.
    #[serde(with = "text::hash")]
    pub sha256: [u8; 32],
    pub rows: u64,
    /// Sums over all rows.
    #[serde(with = "text::amount")]
    pub tokens: Tokens,
    #[serde(with = "text::amount")]
    pub milli_points: MilliPoints,
    #[serde(with = "text::amount")]
    pub credits: Credits,
}

impl Genesis {
    /// What a ruleset says of `grants`, whose table has the hash `sha256`.
    ///
    /// # Errors
    /// [`EpochError::Overflow`] for sums beyond 64 bits.
    pub fn of(grants: &[Grant], sha256: [u8; 32]) -> Result<Self, EpochError> {
        let all = grants.iter().map(|grant| grant.amounts);
        let Amounts {
            credits,
            points,
            tokens,
        } = Amounts::sum(all, "what people held before the pool began")?;
        Ok(Self {
            sha256,
            rows: grants.len() as u64,
            tokens,
            milli_points: points,
            credits,
        })
    }

    /// As it stands in a `ruleset.toml`.
    #[must_use]
    pub fn render(&self) -> String {
        format!(
            "# What people held before the pool began: the table genesis.parquet beside this file, which the first epoch has among its inputs.\n\
             [genesis]\nsha256 = \"{}\"\nrows = {}\ntokens = \"{}\"\nmilli_points = \"{}\"\ncredits = \"{}\"\n",
            text::hex(&self.sha256),
            self.rows,
            self.tokens,
            self.milli_points,
            self.credits
        )
    }

    /// The sums.
    #[must_use]
    pub const fn amounts(&self) -> Amounts {
        Amounts {
            credits: self.credits,
            points: self.milli_points,
            tokens: self.tokens,
        }
    }
}

/// Refuses rules that owe points and would never pay them: every epoch's own points are earned by somebody else.
pub(super) fn check_debts(
    kinds: &[Kind],
    arrears: &Amounts,
    genesis: Option<&Genesis>,
) -> Result<(), String> {
    let owes = kinds.contains(&Kind::Link) || genesis.is_some();
    if owes && arrears.points == MilliPoints::ZERO {
        return Err(
            "[arrears] milli_points must be above 0: what is linked later, or was held before the pool began, would never be a \
             member's"
                .to_owned(),
        );
    }
    Ok(())
}
