use crate::limits::{MAX_BODY_BYTES, MAX_SIGNATURES};
use crate::{Role, Scheme};

/// Why bytes or JSON are not a proof. Every variant is the reason code `MALFORMED` towards the sender, except
/// [`Self::UnknownKind`], which is `RULESET`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("the proof ends after {len} bytes, inside its {field}")]
    Truncated { field: &'static str, len: usize },
    #[error("{count} bytes follow the end of the {what}")]
    Trailing { what: &'static str, count: usize },
    #[error("the proof starts with {found:02x?}, not with \"CAIRNPF1\"")]
    Tag { found: [u8; 8] },
    #[error("kind {0} is not one this version knows")]
    UnknownKind(u16),
    #[error("role {0} is not one this version knows")]
    UnknownRole(u8),
    #[error("signature scheme {0} is not one this version knows")]
    UnknownScheme(u8),
    #[error("the body has {len} bytes; a body has at most {MAX_BODY_BYTES}")]
    BodyTooLong { len: usize },
    #[error("the body is {len} bytes; the body of {kind} is {expected}")]
    BodyLength {
        /// Its name.
        kind: &'static str,
        len: usize,
        expected: usize,
    },
    #[error("a truth value in the body of {kind} is neither 0 nor 1")]
    NotBoolean { kind: &'static str },
    #[error("{field} is {value}; it must be from {min} to {max}")]
    OutOfRange {
        field: &'static str,
        value: i64,
        min: i64,
        max: i64,
    },
    #[error(
        "the neighbours of a scan must ascend, each stand once, and none follow an empty place"
    )]
    NeighbourOrder,
    #[error("{field} must be another key than {other}")]
    SameKey {
        field: &'static str,
        other: &'static str,
    },
    #[error("{count} signatures; a proof carries at most {MAX_SIGNATURES}")]
    TooManySignatures { count: usize },
    #[error("signature {at} is not greater than the one before: each stands once, in rising order")]
    SignatureOrder { at: usize },
    #[error("not the JSON of a signed proof: {0}")]
    Json(String),
}

impl DecodeError {
    /// What the sender can do.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Truncated { .. } | Self::Trailing { .. } => {
                "send each proof whole and alone; a batch has its own framing"
            }
            Self::Tag { .. } => "send a Cairn proof of version 1 in Borsh",
            Self::UnknownKind(_) | Self::UnknownRole(_) | Self::UnknownScheme(_) => {
                "update the keeper, or the software that made the proof"
            }
            Self::BodyTooLong { .. }
            | Self::BodyLength { .. }
            | Self::NotBoolean { .. }
            | Self::NeighbourOrder => "encode the body as its kind's type says",
            Self::OutOfRange { .. } | Self::SameKey { .. } => {
                "correct the value on the device and sign the proof again"
            }
            Self::TooManySignatures { .. } | Self::SignatureOrder { .. } => {
                "keep each signature once, ordered by role"
            }
            Self::Json(_) => "compare with the JSON that this crate writes",
        }
    }
}

/// Why a public key is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("a public key for {scheme} has {expected} bytes, not {len}")]
    Length {
        scheme: Scheme,
        expected: usize,
        len: usize,
    },
    #[error("the bytes are no point of {scheme}'s curve")]
    NotAPoint { scheme: Scheme },
    #[error("the Ed25519 key is a small-order point: signatures under it fit any message")]
    SmallOrder,
    #[error("the secret is no scalar of {scheme}")]
    Secret { scheme: Scheme },
}

/// Why a signature was refused. Each is the reason code `BAD_SIG` towards the sender.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("the proof carries no signature of the {0}")]
    Missing(Role),
    #[error("the signature is {found}, the registered key is {expected}")]
    Scheme { expected: Scheme, found: Scheme },
    #[error("the key or the signature's point has small order")]
    SmallOrder,
    #[error("the signature's S is not the low one: its mirror image would verify too")]
    HighS,
    #[error("the key's or the signature's bytes are not canonical numbers or points")]
    Encoding,
    #[error("the signature does not fit key, role and proof")]
    Mismatch,
}
