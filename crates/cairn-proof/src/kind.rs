use serde::{Deserialize, Serialize};

use crate::{DecodeError, Role};

/// What a proof proves. The numbers are part of the signed bytes and never change meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u16)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A user found an access point nobody had reported.
    WifiAdd = 1,
    /// A user stayed at an access point.
    WifiCheckIn = 2,
    /// A hotspot was up in one hour.
    HotspotBeat = 3,
    /// A validator measured a hotspot's service.
    QosProbe = 4,
    /// A validator met a device.
    ValidatorVisit = 5,
    /// A device carried a subscriber's traffic.
    TrafficSession = 6,
    /// A user completed a carrier's task.
    EsimTask = 7,
    /// A user brought another one.
    Referral = 8,
    /// A partner's stream reports a quantity a device delivered.
    PartnerMetric = 9,
    /// Operators correct an earlier decision, into a new epoch.
    Adjust = 10,
}

impl Kind {
    /// Every kind, by number.
    pub const ALL: [Self; 10] = [
        Self::WifiAdd,
        Self::WifiCheckIn,
        Self::HotspotBeat,
        Self::QosProbe,
        Self::ValidatorVisit,
        Self::TrafficSession,
        Self::EsimTask,
        Self::Referral,
        Self::PartnerMetric,
        Self::Adjust,
    ];

    /// The number in the signed bytes.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// Who owns a proof of this kind: `signer_seq` counts in this role's key. It follows from the kind and not from
    /// the order of signatures, which nobody signs and a relay could change.
    #[must_use]
    pub const fn primary_role(self) -> Role {
        match self {
            Self::WifiAdd | Self::WifiCheckIn => Role::User,
            Self::HotspotBeat | Self::QosProbe | Self::TrafficSession => Role::Device,
            Self::ValidatorVisit => Role::Validator,
            Self::EsimTask => Role::Carrier,
            Self::PartnerMetric => Role::Partner,
            Self::Referral | Self::Adjust => Role::Attestor,
        }
    }

    /// Snake-case name, as in JSON, rules and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WifiAdd => "wifi_add",
            Self::WifiCheckIn => "wifi_check_in",
            Self::HotspotBeat => "hotspot_beat",
            Self::QosProbe => "qos_probe",
            Self::ValidatorVisit => "validator_visit",
            Self::TrafficSession => "traffic_session",
            Self::EsimTask => "esim_task",
            Self::Referral => "referral",
            Self::PartnerMetric => "partner_metric",
            Self::Adjust => "adjust",
        }
    }
}

impl TryFrom<u16> for Kind {
    type Error = DecodeError;

    fn try_from(code: u16) -> Result<Self, DecodeError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.code() == code)
            .ok_or(DecodeError::UnknownKind(code))
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
