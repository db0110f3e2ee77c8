//! Whether an epoch may be put before the network: the last look before money is at stake.

use cairn_merkle::{Credits, EpochNumber, MilliPoints, Tokens};

use crate::domain::anomaly::{self, Anomaly, EpochSize, GrowthLimits};
use crate::domain::emission::{CapExceeded, EmissionRule, Growth};

/// Cumulative totals of a tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub tokens: Tokens,
    pub points: MilliPoints,
    pub credits: Credits,
    pub members: u32,
}

/// What the chain says about the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vault {
    /// In the token account.
    pub balance: Tokens,
    /// Paid so far.
    pub claimed: Tokens,
}

/// Everything the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub number: EpochNumber,
    /// Totals of the last active epoch; zero before the first.
    pub active: Totals,
    pub candidate: Totals,
    pub rule: EmissionRule,
    pub vault: Vault,
    /// The epochs before, any order.
    pub history: &'a [EpochSize],
    pub limits: GrowthLimits,
    /// The chain's clock, unix seconds.
    pub now: i64,
    /// A person has looked at the anomaly and wants the epoch anyway.
    pub accept_anomaly: bool,
}

/// Why the epoch is not put before the network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("epoch {number} has no members: a tree needs at least one leaf")]
    NoMembers { number: EpochNumber },
    #[error(
        "epoch {number} has {found} cumulative {quantity}, the active epoch has {active}: totals never shrink"
    )]
    Shrinks {
        number: EpochNumber,
        quantity: &'static str,
        active: u64,
        found: u64,
    },
    #[error(transparent)]
    Cap(#[from] CapExceeded),
    #[error(transparent)]
    Anomaly(#[from] Anomaly),
}

/// What a person should know although it stops nothing now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Activation will fail until the vault holds this much more.
    VaultShort { missing: Tokens },
    /// The anomaly check failed and was overruled.
    AnomalyAccepted,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::VaultShort { missing } => write!(
                f,
                "the vault is short of {missing} base units: the epoch can not become active until it is funded"
            ),
            Self::AnomalyAccepted => f.write_str("the anomaly check was overruled by hand"),
        }
    }
}

/// Decides. Checks run in the order of [`Unfit`]'s variants.
///
/// # Errors
/// The first [`Unfit`].
pub fn check(facts: &Facts<'_>) -> Result<Vec<Warning>, Unfit> {
    let (active, candidate) = (facts.active, facts.candidate);
    if candidate.members == 0 {
        return Err(Unfit::NoMembers {
            number: facts.number,
        });
    }
    let pairs = [
        ("tokens", active.tokens.get(), candidate.tokens.get()),
        ("milli-points", active.points.get(), candidate.points.get()),
        ("credits", active.credits.get(), candidate.credits.get()),
        ("members", active.members.into(), candidate.members.into()),
    ];
    for (quantity, active, found) in pairs {
        if found < active {
            return Err(Unfit::Shrinks {
                number: facts.number,
                quantity,
                active,
                found,
            });
        }
    }
    let growth = Growth {
        tokens: candidate.tokens.saturating_sub(active.tokens),
        points: candidate.points.saturating_sub(active.points),
        credits: candidate.credits.saturating_sub(active.credits),
    };
    facts.rule.check(growth, facts.now)?;

    let mut warnings = Vec::new();
    let size = EpochSize {
        tokens_issued: growth.tokens,
        members: candidate.members,
    };
    match anomaly::check(size, facts.history, facts.limits) {
        Ok(()) => {}
        Err(_) if facts.accept_anomaly => warnings.push(Warning::AnomalyAccepted),
        Err(anomaly) => return Err(anomaly.into()),
    }
    let owed = candidate.tokens.saturating_sub(facts.vault.claimed);
    let missing = owed.saturating_sub(facts.vault.balance);
    if missing > Tokens::ZERO {
        warnings.push(Warning::VaultShort { missing });
    }
    Ok(warnings)
}

#[cfg(test)]
mod tests {
    use cairn_origin::Capped;

    use super::*;

    fn totals(tokens: u64, members: u32) -> Totals {
        Totals {
            tokens: Tokens::new(tokens),
            points: MilliPoints::new(tokens),
            credits: Credits::ZERO,
            members,
        }
    }

    fn facts(history: &[EpochSize]) -> Facts<'_> {
        Facts {
            number: EpochNumber::new(3),
            active: totals(200, 10),
            candidate: totals(300, 12),
            rule: EmissionRule {
                caps: Growth {
                    tokens: Tokens::new(1_000),
                    points: MilliPoints::new(1_000),
                    credits: Credits::new(7),
                },
                interval_secs: 60,
                anchor: 0,
            },
            vault: Vault {
                balance: Tokens::new(250),
                claimed: Tokens::new(50),
            },
            history,
            limits: GrowthLimits {
                max_tokens_percent: 300,
                max_members_percent: 300,
            },
            now: 60,
            accept_anomaly: false,
        }
    }

    #[test]
    fn an_ordinary_epoch_passes_without_warning() {
        let history = [EpochSize {
            tokens_issued: Tokens::new(100),
            members: 10,
        }];
        assert_eq!(check(&facts(&history)), Ok(vec![]));
    }

    #[test]
    fn each_total_that_shrinks_is_named() {
        for (quantity, change) in [
            (
                "tokens",
                Totals {
                    tokens: Tokens::new(199),
                    ..totals(300, 12)
                },
            ),
            (
                "milli-points",
                Totals {
                    points: MilliPoints::new(199),
                    ..totals(300, 12)
                },
            ),
            (
                "members",
                Totals {
                    members: 9,
                    ..totals(300, 12)
                },
            ),
        ] {
            let facts = Facts {
                candidate: change,
                ..facts(&[])
            };
            let refusal = check(&facts).unwrap_err();
            assert!(
                matches!(refusal, Unfit::Shrinks { quantity: named, .. } if named == quantity),
                "{refusal}"
            );
        }
        let mut credits = facts(&[]);
        credits.active.credits = Credits::new(1);
        assert!(matches!(
            check(&credits),
            Err(Unfit::Shrinks {
                quantity: "credits",
                ..
            })
        ));
    }

    #[test]
    fn an_epoch_without_members_is_refused() {
        let facts = Facts {
            candidate: Totals::default(),
            ..facts(&[])
        };
        let number = EpochNumber::new(3);
        assert_eq!(check(&facts), Err(Unfit::NoMembers { number }));
    }

    #[test]
    fn no_cap_can_be_overruled_with_the_anomaly() {
        let most = Totals {
            credits: Credits::new(7),
            ..totals(1_200, 12)
        };
        let above = [
            (
                Capped::Tokens,
                Totals {
                    tokens: Tokens::new(1_201),
                    ..most
                },
            ),
            (
                Capped::Points,
                Totals {
                    points: MilliPoints::new(1_201),
                    ..most
                },
            ),
            (
                Capped::Credits,
                Totals {
                    credits: Credits::new(8),
                    ..most
                },
            ),
        ];
        let of = |candidate| Facts {
            candidate,
            accept_anomaly: true,
            ..facts(&[])
        };
        assert!(check(&of(most)).is_ok());
        for (what, candidate) in above {
            let refused = check(&of(candidate));
            assert!(
                matches!(refused, Err(Unfit::Cap(cap)) if cap.what == what),
                "{refused:?}"
            );
        }
    }

    #[test]
    fn a_jump_is_refused_until_a_person_accepts_it_and_then_still_reported() {
        let history = [EpochSize {
            tokens_issued: Tokens::new(10),
            members: 10,
        }];
        let refused = facts(&history);
        assert!(matches!(check(&refused), Err(Unfit::Anomaly(_))));
        let accepted = Facts {
            accept_anomaly: true,
            ..refused
        };
        assert_eq!(check(&accepted), Ok(vec![Warning::AnomalyAccepted]));
    }

    #[test]
    fn a_vault_that_is_short_is_a_warning_with_the_missing_amount() {
        let mut short = facts(&[]);
        short.vault.balance = Tokens::new(240);
        let missing = Tokens::new(10);
        assert_eq!(check(&short), Ok(vec![Warning::VaultShort { missing }]));
    }
}
