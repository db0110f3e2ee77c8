use cairn_proof::Reason;

/// Why a proof is not paid, with the numbers behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub reason: Reason,
    pub found: Option<i64>,
    pub bound: Option<i64>,
}

impl Refusal {
    pub const fn plain(reason: Reason) -> Self {
        Self {
            reason,
            found: None,
            bound: None,
        }
    }

    pub const fn measured(reason: Reason, found: i64, bound: i64) -> Self {
        Self {
            reason,
            found: Some(found),
            bound: Some(bound),
        }
    }
}
