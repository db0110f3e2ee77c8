/// Where an epoch stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum EpochStatus {
    /// Proposed by a keeper; attestations and canopy are being collected.
    Proposed = 1,
    /// Enough keepers attested and the canopy folds to the root.
    Attested = 2,
    /// Claimable.
    Active = 3,
    /// A later epoch is active; still claimable while it is the last but one.
    Superseded = 4,
    /// Stopped before it was active; its number may be proposed again.
    Vetoed = 5,
    /// Was active and is not claimable any more; a correction takes its place.
    Revoked = 6,
}

impl EpochStatus {
    /// The status behind a stored byte.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            1 => Self::Proposed,
            2 => Self::Attested,
            3 => Self::Active,
            4 => Self::Superseded,
            5 => Self::Vetoed,
            6 => Self::Revoked,
            _ => return None,
        })
    }

    /// The status in lower case, as people read it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Attested => "attested",
            Self::Active => "active",
            Self::Superseded => "superseded",
            Self::Vetoed => "vetoed",
            Self::Revoked => "revoked",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_has_one_byte_and_one_name() {
        let all = [
            (EpochStatus::Proposed, "proposed"),
            (EpochStatus::Attested, "attested"),
            (EpochStatus::Active, "active"),
            (EpochStatus::Superseded, "superseded"),
            (EpochStatus::Vetoed, "vetoed"),
            (EpochStatus::Revoked, "revoked"),
        ];
        for (byte, (status, name)) in (1..).zip(all) {
            assert_eq!(status as u8, byte);
            assert_eq!(EpochStatus::from_byte(byte), Some(status));
            assert_eq!(status.name(), name);
        }
        for byte in [0, 7, 255] {
            assert_eq!(EpochStatus::from_byte(byte), None);
        }
    }
}
