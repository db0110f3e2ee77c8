use crate::OriginFault;

/// What became of one comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was compared, in two words at most.
    pub what: &'static str,
    pub outcome: Outcome,
}

/// How a comparison ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With what was found equal, in words.
    Equal(String),
    /// The origin could not be asked, and why: who brings what is missing may still ask it.
    Unknown(String),
    /// The origin has ended, and how: nobody can ask it any more, and those who gave their word on the epoch had to before.
    Gone(String),
    Differs(OriginFault),
}

impl Finding {
    pub(crate) fn equal(what: &'static str, detail: impl Into<String>) -> Self {
        Self {
            what,
            outcome: Outcome::Equal(detail.into()),
        }
    }

    pub(crate) fn unknown(what: &'static str, reason: impl Into<String>) -> Self {
        Self {
            what,
            outcome: Outcome::Unknown(reason.into()),
        }
    }

    pub(crate) fn gone(what: &'static str, reason: impl Into<String>) -> Self {
        Self {
            what,
            outcome: Outcome::Gone(reason.into()),
        }
    }

    pub(crate) const fn differs(what: &'static str, fault: OriginFault) -> Self {
        Self {
            what,
            outcome: Outcome::Differs(fault),
        }
    }
}

/// For whoever gives its word: the first finding that is not equal, as a fault. Absence is a refusal, not a pass.
///
/// # Errors
/// [`OriginFault`].
pub fn insist(findings: &[Finding]) -> Result<(), OriginFault> {
    for finding in findings {
        match &finding.outcome {
            Outcome::Equal(_) => {}
            Outcome::Differs(fault) => return Err(fault.clone()),
            Outcome::Unknown(reason) | Outcome::Gone(reason) => {
                return Err(OriginFault::Unknown {
                    what: finding.what,
                    reason: reason.clone(),
                });
            }
        }
    }
    Ok(())
}
