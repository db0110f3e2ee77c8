//! What rules see of each kind. A kind is one row of the table below, and one file that says which columns its facts have,
//! how a body fills them, and who must have signed.

mod add;
mod adjust;
mod beat;
mod check_in;
mod esim_task;
mod link;
mod metric;
mod qos_probe;
mod referral;
mod traffic;
mod visit;

use cairn_proof::{Body, Kind, PublicKey, Reason, Role};

use crate::attestor::Attestor;
use crate::input::{Device, DeviceStatus};
use crate::operator::Operator;
use crate::payer::Payer;
use crate::refusal::Refusal;
use crate::stream::Stream;
use crate::task::Task;

/// What a proof's subject is, and so the column that rules see of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A device of the registry: `device`.
    Device,
    /// An access point: `device`, null for one that is no device of the registry, and as of any key `subject_id` and
    /// `subject_cluster`.
    AccessPoint,
    /// Any key: `subject_id`, and `subject_cluster` as of the keys in a body.
    Key,
}

/// The table of facts of a kind, of `K` keys and `N` numbers beside what every kind has: `n`, the subject, `observed_at_ms`, `cell`.
pub(crate) struct FactTable<const K: usize, const N: usize> {
    pub kind: Kind,
    /// What rules call it.
    pub name: &'static str,
    pub subject: Subject,
    /// Whose keys, beside the subject's. Of `x` rules see `x_id`, and `x_cluster`: the owners of devices that the key belongs
    /// to, null for a key that owns none.
    pub keys: [&'static str; K],
    pub numbers: [&'static str; N],
}

impl<const K: usize, const N: usize> FactTable<K, N> {
    /// A row: a value for each column, or it does not compile.
    pub fn row(&self, keys: [[u8; 32]; K], numbers: [i64; N]) -> Fact {
        Fact {
            keys: Box::new(keys),
            numbers: Box::new(numbers),
        }
    }

    const fn columns(&'static self) -> FactColumns {
        FactColumns {
            kind: self.kind,
            table: self.name,
            subject: self.subject,
            keys: &self.keys,
            numbers: &self.numbers,
        }
    }
}

/// The columns of a kind's facts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FactColumns {
    pub kind: Kind,
    pub table: &'static str,
    pub subject: Subject,
    pub keys: &'static [&'static str],
    pub numbers: &'static [&'static str],
}

/// What rules see of one body, in the order of its kind's columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fact {
    pub keys: Box<[[u8; 32]]>,
    pub numbers: Box<[i64]>,
}

/// What the ruleset says was agreed with others; what has ids ascends by them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Agreed<'a> {
    /// Partners' streams.
    pub streams: &'a [Stream],
    /// Carriers' tasks.
    pub tasks: &'a [Task],
    /// Whom the operator lets say who was invited, in the file's order.
    pub attestors: &'a [Attestor],
    /// Payers of traffic.
    pub payers: &'a [Payer],
    /// Who adjusts; in the ruleset's own order.
    pub operators: &'a [Operator],
}

/// What the registry and the ruleset know about the place a proof comes from.
pub(crate) struct Registered<'a> {
    /// The subject; none of one that is no device.
    pub device: Option<&'a Device>,
    /// Whether devices of this model sign what users do with them.
    pub co_signs: bool,
    pub agreed: Agreed<'a>,
    /// Any device of the registry, by its key.
    pub registry: &'a dyn Fn(&[u8; 32]) -> Option<Known<'a>>,
}

/// A device of the registry that a body names.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub device: &'a Device,
    /// Whether its model makes a validator of it.
    pub validates: bool,
}

impl<'a> Registered<'a> {
    /// The device that the proof is about.
    ///
    /// # Errors
    /// [`Reason::UnknownKey`] when the subject is none.
    pub fn device(&self) -> Result<&'a Device, Refusal> {
        self.device.ok_or(Refusal::plain(Reason::UnknownKey))
    }

    /// The key of a validator: a device of a model that makes one, which an issuer has endorsed. The endorsement is its credential,
    /// and stands until the registry bans the device.
    ///
    /// # Errors
    /// [`Reason::UnknownKey`] for one that is none; [`Reason::VcRevoked`].
    pub fn validator(&self, key: &[u8; 32]) -> Result<PublicKey, Refusal> {
        let validator = (self.registry)(key)
            .filter(|known| known.validates && known.device.issuer != [0; 32])
            .ok_or(Refusal::plain(Reason::UnknownKey))?
            .device;
        if validator.status != DeviceStatus::Active {
            let reason = i64::from(validator.reason);
            return Err(Refusal::measured(Reason::VcRevoked, reason, 0));
        }
        Ok(validator.public_key())
    }
}

/// What a body is seen with.
pub(crate) struct Seen<'a> {
    pub subject: &'a [u8; 32],
    pub observed_at_ms: i64,
    /// The block that the epoch's draws are made with; none when none was frozen.
    pub block: Option<&'a [u8; 32]>,
}

/// A body that rules score.
pub(crate) trait Scored {
    /// # Errors
    /// [`cairn_proof::Reason::Malformed`] for a number that rules can not compute with.
    fn fact(&self, seen: &Seen<'_>) -> Result<Fact, Refusal>;

    /// Whether the ruleset has what the body refers to.
    fn is_in_force(&self, _agreed: &Agreed<'_>) -> bool {
        true
    }

    /// Who must have signed, with keys from the registry. A key in the body is a claim, to be compared with it.
    ///
    /// # Errors
    /// [`cairn_proof::Reason::UnknownKey`].
    fn signers(&self, at: &Registered<'_>) -> Result<Vec<(Role, PublicKey)>, Refusal>;
}

macro_rules! scored {
    ($($kind:ident in $file:ident;)*) => {
        /// The columns of every kind.
        pub(crate) const FACTS: &[FactColumns] = &[$($file::TABLE.columns()),*];

        /// The body as rules see it.
        pub(crate) fn scored(body: &Body) -> &dyn Scored {
            match body {
                $(Body::$kind(body) => body,)*
            }
        }

        /// What the subject of a proof of `kind` is.
        pub(crate) const fn subject_of(kind: Kind) -> Subject {
            match kind {
                $(Kind::$kind => $file::TABLE.subject,)*
            }
        }
    };
}

scored! {
    WifiAdd in add;
    WifiCheckIn in check_in;
    HotspotBeat in beat;
    PartnerMetric in metric;
    EsimTask in esim_task;
    QosProbe in qos_probe;
    ValidatorVisit in visit;
    Referral in referral;
    TrafficSession in traffic;
    Adjust in adjust;
    Link in link;
}
