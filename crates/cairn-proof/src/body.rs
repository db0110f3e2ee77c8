use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{DecodeError, Kind, MAX_BODY_BYTES, json};

/// What a proof of one kind says beyond the envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    WifiCheckIn(WifiCheckIn),
    HotspotBeat(HotspotBeat),
    PartnerMetric(PartnerMetric),
    /// A kind whose body this version does not interpret. It is kept byte for byte, so that a refusal can be shown
    /// and the proof can be paid by a later ruleset.
    Opaque(OpaqueBody),
}

/// A user's stay at the access point `subject`. Signed by the user, and by the device where it is a miner.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WifiCheckIn {
    /// The user's Ed25519 key. It names who signed as [`crate::Role::User`]; whether that user may earn is the
    /// rules' business.
    #[serde(with = "json::hex_array")]
    pub user: [u8; 32],
    /// When the keeper issued the challenge, unix milliseconds.
    pub challenge_at_ms: i64,
    /// The challenge that bound this stay to a moment.
    #[serde(with = "json::hex_array")]
    pub challenge: [u8; 16],
    /// How long the session lasted, seconds.
    pub session_secs: u32,
    /// Share of the radio scan that others at this point saw too, 0 to 1,000.
    #[serde(deserialize_with = "json::permille")]
    pub scan_overlap_permille: u16,
}

/// One hour of a hotspot's life. Signed by the device.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HotspotBeat {
    /// Hours since the unix epoch.
    pub hour_bucket: u32,
    /// Observed latitude, degrees × 10^7, north positive.
    #[serde(deserialize_with = "json::latitude")]
    pub lat_e7: i32,
    /// Observed longitude, degrees × 10^7, east positive.
    #[serde(deserialize_with = "json::longitude")]
    pub lon_e7: i32,
    /// Whether somebody else reached the hotspot in this hour.
    pub contact: bool,
}

/// What the device `subject` delivered in one hour of a partner's stream. Signed by partner and device.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerMetric {
    /// The registered stream, which fixes unit, rate and daily ceiling.
    pub stream: u32,
    /// Hours since the unix epoch.
    pub hour_bucket: u32,
    /// How much was delivered in this hour, in the stream's unit.
    #[serde(with = "json::decimal")]
    pub quantity: u64,
    /// The device's lifetime total including this hour; never falls.
    #[serde(with = "json::decimal")]
    pub counter: u64,
    /// Quality factor, 0 to 1,000.
    #[serde(deserialize_with = "json::permille")]
    pub quality_permille: u16,
    /// Whether a second source sampled this hour.
    pub second_source: bool,
    /// The partner's key. A claim only: the verifier takes the key registered for the stream.
    #[serde(with = "json::hex_array")]
    pub partner: [u8; 32],
}

/// Body bytes of a kind that has no type in this version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "json::OpaqueForm", into = "json::OpaqueForm")]
pub struct OpaqueBody {
    kind: Kind,
    bytes: Vec<u8>,
}

impl OpaqueBody {
    /// # Errors
    /// [`DecodeError::NotOpaque`] for a kind with a type: two ways to carry one body would be two ids for one fact.
    /// [`DecodeError::BodyTooLong`] above [`MAX_BODY_BYTES`].
    pub fn new(kind: Kind, bytes: Vec<u8>) -> Result<Self, DecodeError> {
        if matches!(
            kind,
            Kind::WifiCheckIn | Kind::HotspotBeat | Kind::PartnerMetric
        ) {
            return Err(DecodeError::NotOpaque { kind });
        }
        if bytes.len() > MAX_BODY_BYTES {
            return Err(DecodeError::BodyTooLong { len: bytes.len() });
        }
        Ok(Self { kind, bytes })
    }

    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

const MAX_PERMILLE: i64 = 1_000;
const MAX_LAT_E7: i64 = 900_000_000;
const MAX_LON_E7: i64 = 1_800_000_000;

fn within(field: &'static str, value: i64, min: i64, max: i64) -> Result<(), DecodeError> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(DecodeError::OutOfRange {
            field,
            value,
            min,
            max,
        })
    }
}

/// A share above the whole would multiply pay.
pub(crate) fn check_permille(field: &'static str, value: u16) -> Result<(), DecodeError> {
    within(field, i64::from(value), 0, MAX_PERMILLE)
}

pub(crate) fn check_latitude(value: i32) -> Result<(), DecodeError> {
    within("lat_e7", i64::from(value), -MAX_LAT_E7, MAX_LAT_E7)
}

pub(crate) fn check_longitude(value: i32) -> Result<(), DecodeError> {
    within("lon_e7", i64::from(value), -MAX_LON_E7, MAX_LON_E7)
}

impl Body {
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::WifiCheckIn(_) => Kind::WifiCheckIn,
            Self::HotspotBeat(_) => Kind::HotspotBeat,
            Self::PartnerMetric(_) => Kind::PartnerMetric,
            Self::Opaque(body) => body.kind,
        }
    }

    /// The body's bytes inside the envelope, without their length.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::WifiCheckIn(body) => encode(body),
            Self::HotspotBeat(body) => encode(body),
            Self::PartnerMetric(body) => encode(body),
            Self::Opaque(body) => body.bytes.clone(),
        }
    }

    /// The body of `kind` in `bytes`: exactly its length, every value in its range.
    ///
    /// # Errors
    /// [`DecodeError::BodyTooLong`], [`DecodeError::BodyLength`], [`DecodeError::NotBoolean`],
    /// [`DecodeError::OutOfRange`].
    pub fn from_bytes(kind: Kind, bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_BODY_BYTES {
            return Err(DecodeError::BodyTooLong { len: bytes.len() });
        }
        let body = match kind {
            Kind::WifiCheckIn => Self::WifiCheckIn(decode(kind, bytes, 62)?),
            Kind::HotspotBeat => Self::HotspotBeat(decode(kind, bytes, 13)?),
            Kind::PartnerMetric => Self::PartnerMetric(decode(kind, bytes, 59)?),
            _ => Self::Opaque(OpaqueBody::new(kind, bytes.to_vec())?),
        };
        body.check()?;
        Ok(body)
    }

    /// Whether every value lies in its range. Decoding has checked this; a body built in memory may fail it.
    ///
    /// # Errors
    /// [`DecodeError::OutOfRange`] names the first value that does not.
    pub fn check(&self) -> Result<(), DecodeError> {
        match self {
            Self::WifiCheckIn(body) => {
                check_permille("scan_overlap_permille", body.scan_overlap_permille)
            }
            Self::HotspotBeat(body) => {
                check_latitude(body.lat_e7)?;
                check_longitude(body.lon_e7)
            }
            Self::PartnerMetric(body) => check_permille("quality_permille", body.quality_permille),
            Self::Opaque(_) => Ok(()),
        }
    }
}

fn encode<T: BorshSerialize>(body: &T) -> Vec<u8> {
    borsh::to_vec(body).expect("bodies have fixed sizes and memory takes them")
}

fn decode<T: BorshDeserialize>(
    kind: Kind,
    bytes: &[u8],
    expected: usize,
) -> Result<T, DecodeError> {
    if bytes.len() != expected {
        return Err(DecodeError::BodyLength {
            kind,
            len: bytes.len(),
            expected,
        });
    }
    // The length fits, so the one thing left to be wrong is a truth value: 2 to 255 would be a second encoding of 1.
    T::try_from_slice(bytes).map_err(|_| DecodeError::NotBoolean { kind })
}
