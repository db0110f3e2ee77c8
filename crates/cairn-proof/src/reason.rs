use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($variant:ident = $code:literal, $name:literal, $explain:literal;)*) => {
        /// What became of a proof. The codes are stable: they are in receipts, evidence and manifests for ever. `Ok`
        /// is the only one that pays.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u16)]
        pub enum Reason {
            $(
                #[doc = $explain]
                #[serde(rename = $name)]
                $variant = $code,
            )*
        }

        impl Reason {
            /// Every reason, by code.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name as in the protocol's text and on every surface.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// One sentence for the sender: what is wrong and, where something can be done, what.
            #[must_use]
            pub const fn explain(self) -> &'static str {
                match self { $(Self::$variant => $explain),* }
            }
        }
    };
}

reasons! {
    Ok = 0, "OK", "Accepted: the proof counts in its epoch.";
    BadSig = 1, "BAD_SIG", "A required signature is missing or does not fit the registered key, the role and the proof; sign the proof again with the key in the registry.";
    UnknownKey = 2, "UNKNOWN_KEY", "The device, user or partner is not registered in this network; register it first.";
    WrongNetwork = 3, "WRONG_NETWORK", "The proof was signed for another network; send it to that network's keeper.";
    StaleAnchor = 4, "STALE_ANCHOR", "The block the proof is anchored to is not a recent one of this chain, so the proof may have been made at another time; fetch a fresh block hash before signing.";
    Late = 5, "LATE", "The proof reached the keeper after its epoch closed; send proofs as soon as they are made.";
    Future = 6, "FUTURE", "The proof says it was made later than the keeper's clock; set the device's clock.";
    ReplaySeq = 7, "REPLAY_SEQ", "The signer's sequence number was used before or is lower than the last one; count up with every proof.";
    Duplicate = 8, "DUPLICATE", "The same fact was already proven: this proof, or another one for the same slot of time.";
    SelfDeal = 9, "SELF_DEAL", "The user is the owner of the device that would pay; only other people's visits count.";
    Cluster = 10, "CLUSTER", "Signer and device belong to one cluster of accounts that act together; the proof earns nothing.";
    Denied = 11, "DENIED", "The device or its issuer is retired or banned; the registry shows since when and why.";
    NotAsserted = 12, "NOT_ASSERTED", "The device has no asserted location; assert one before it can earn.";
    TooFar = 13, "TOO_FAR", "The observed place is too far from the device's asserted one.";
    BadCell = 14, "BAD_CELL", "The H3 cell is not a valid one of resolution 9 or does not hold the observed place.";
    ImpossibleSpeed = 15, "IMPOSSIBLE_SPEED", "The signer could not have travelled here since the last plausible check-in.";
    LowTrust = 16, "LOW_TRUST", "Too little supports the observation, such as a radio scan that overlaps too little with what others saw.";
    AttestFail = 17, "ATTEST_FAIL", "The challenge was too old, the session too short or the device's attestation did not hold.";
    CapUser = 18, "CAP_USER", "The user has reached the limit for this time; later proofs count again.";
    CapDevice = 19, "CAP_DEVICE", "The device has reached the limit for this time; later proofs count again.";
    CapOwner = 20, "CAP_OWNER", "The owner's devices together have reached the limit for this time.";
    CapCell = 21, "CAP_CELL", "The cell already holds as many devices as are paid; better or earlier ones come first.";
    NoPayerFunds = 22, "NO_PAYER_FUNDS", "The payer has nothing left for this: what was burned for traffic, or what a task grants in an epoch.";
    Unpaid = 23, "UNPAID", "Nobody has paid for this session yet; it counts once a payer has.";
    QosFail = 24, "QOS_FAIL", "The measured quality of service is below the lowest tier that is paid.";
    VcExpired = 25, "VC_EXPIRED", "The signer's credential has expired; have it renewed.";
    VcRevoked = 26, "VC_REVOKED", "The issuer has revoked the signer's credential.";
    Ruleset = 27, "RULESET", "The proof names a ruleset, a kind or a stream that is not in force in its epoch.";
    Malformed = 28, "MALFORMED", "The bytes are not a proof in the one canonical encoding, or a value lies outside its range.";
}

impl Reason {
    /// The stable number.
    #[must_use]
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// The reason with this code.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Whether the proof counts.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Ok)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text is no reason's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not the name of a reason code")]
pub struct UnknownReason(pub String);

impl FromStr for Reason {
    type Err = UnknownReason;

    fn from_str(name: &str) -> Result<Self, UnknownReason> {
        Self::ALL
            .iter()
            .copied()
            .find(|reason| reason.name() == name)
            .ok_or_else(|| UnknownReason(name.to_owned()))
    }
}
