//! What a proof can prove. A kind is one row of the table below, and one file with what its body holds; bytes, bounds and
//! JSON follow from the two.

mod add;
mod adjust;
mod beat;
mod body;
mod check_in;
mod esim_task;
mod link;
mod metric;
mod qos_probe;
mod referral;
mod traffic;
mod visit;

use serde::{Deserialize, Serialize};

use crate::{DecodeError, MAX_BODY_BYTES, Role};
pub use add::SCAN_NEIGHBOURS;
use body::Typed;

/// Makes [`Kind`] and [`Body`] of a table: number, name in code, name everywhere else, who signs, and the file that holds
/// the body's type under the kind's name.
macro_rules! kinds {
    ($(
        $(#[doc = $doc:literal])*
        $code:literal $kind:ident $name:literal [$primary:ident $(, $other:ident)*] in $file:ident;
    )*) => {
        $(pub use $file::$kind;)*

        /// What a proof proves. The numbers are part of the signed bytes and never change meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u16)]
        pub enum Kind {
            $(
                $(#[doc = $doc])*
                #[serde(rename = $name)]
                $kind = $code,
            )*
        }

        impl Kind {
            /// Every kind, by number.
            pub const ALL: [Self; [$($code),*].len()] = [$(Self::$kind),*];

            /// Snake-case name, as in JSON, rules and tables.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// Who signs. The first owns the proof; whether the others must sign, registry and rules say.
            #[must_use]
            pub const fn roles(self) -> &'static [Role] {
                match self {
                    $(Self::$kind => &[Role::$primary $(, Role::$other)*],)*
                }
            }

            /// Who owns a proof of this kind: `signer_seq` counts in this role's key. It follows from the kind and not from
            /// the order of signatures, which nobody signs and a relay could change.
            #[must_use]
            pub const fn primary_role(self) -> Role {
                match self {
                    $(Self::$kind => Role::$primary,)*
                }
            }
        }

        /// What a proof of one kind says beyond the envelope.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "Unchecked")]
        pub enum Body {
            $(
                #[serde(rename = $name)]
                $kind($file::$kind),
            )*
        }

        /// A body as JSON has it, whose values may lie anywhere.
        #[derive(Deserialize)]
        enum Unchecked {
            $(
                #[serde(rename = $name)]
                $kind($file::$kind),
            )*
        }

        impl TryFrom<Unchecked> for Body {
            type Error = DecodeError;

            fn try_from(body: Unchecked) -> Result<Self, DecodeError> {
                match body {
                    $(Unchecked::$kind(body) => {
                        <$file::$kind as Typed>::check(&body)?;
                        Ok(Self::$kind(body))
                    })*
                }
            }
        }

        impl Body {
            #[must_use]
            pub const fn kind(&self) -> Kind {
                match self {
                    $(Self::$kind(_) => <$file::$kind as Typed>::KIND,)*
                }
            }

            /// The body's bytes inside the envelope, without their length.
            #[must_use]
            pub fn to_bytes(&self) -> Vec<u8> {
                match self {
                    $(Self::$kind(body) => <$file::$kind as Typed>::encode(body),)*
                }
            }

            /// The body of `kind` in `bytes`: exactly its length, every value in its range.
            ///
            /// # Errors
            /// [`DecodeError::BodyTooLong`], [`DecodeError::BodyLength`], [`DecodeError::NotBoolean`],
            /// [`DecodeError::OutOfRange`], [`DecodeError::SameKey`].
            pub fn from_bytes(kind: Kind, bytes: &[u8]) -> Result<Self, DecodeError> {
                if bytes.len() > MAX_BODY_BYTES {
                    return Err(DecodeError::BodyTooLong { len: bytes.len() });
                }
                let body = match kind {
                    $(Kind::$kind => Self::$kind(<$file::$kind as Typed>::decode(bytes)?),)*
                };
                body.check()?;
                Ok(body)
            }

            /// Whether every value lies in its range. Decoding has checked this; a body built in memory may fail it.
            ///
            /// # Errors
            /// [`DecodeError::OutOfRange`] names the first value that does not; [`DecodeError::SameKey`].
            pub fn check(&self) -> Result<(), DecodeError> {
                match self {
                    $(Self::$kind(body) => <$file::$kind as Typed>::check(body),)*
                }
            }
        }
    };
}

kinds! {
    /// A user found an access point nobody had reported.
    1 WifiAdd "wifi_add" [User] in add;
    /// A user stayed at an access point.
    2 WifiCheckIn "wifi_check_in" [User, Device] in check_in;
    /// A hotspot was up in one hour.
    3 HotspotBeat "hotspot_beat" [Device] in beat;
    /// A validator measured a hotspot's service.
    4 QosProbe "qos_probe" [Device, Validator] in qos_probe;
    /// A validator met a device.
    5 ValidatorVisit "validator_visit" [Validator, Device] in visit;
    /// A device carried a subscriber's traffic.
    6 TrafficSession "traffic_session" [Device, Carrier] in traffic;
    /// A user completed a carrier's task.
    7 EsimTask "esim_task" [Carrier] in esim_task;
    /// A user brought another one.
    8 Referral "referral" [Attestor, User] in referral;
    /// A partner's stream reports a quantity a device delivered.
    9 PartnerMetric "partner_metric" [Partner, Device] in metric;
    /// Two operators make good what an earlier decision lacked, into a new epoch.
    10 Adjust "adjust" [Attestor] in adjust;
    /// Somebody who was known without a wallet has one now.
    11 Link "link" [User, Attestor] in link;
}

impl Kind {
    /// The number in the signed bytes.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
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
