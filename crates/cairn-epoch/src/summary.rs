//! `outputs/summary.json`: an epoch in numbers that fit on a page. Everything in it follows from tables that take megabytes; whoever only
//! wants to know how many there are of what need not load them. Tokens and points by pot, and the sums over all kinds, stand in
//! the manifest itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cairn_merkle::{EpochNumber, MilliPoints};
use cairn_proof::Kind;
use cairn_spelling::text;
use serde::{Deserialize, Serialize};

use crate::EpochError;
use crate::decision::Decision;
use crate::folder::{EpochFolder, SUMMARY, read};
use crate::frozen::Frozen;
use crate::input::{Device, DeviceStatus};
use crate::seen;
use crate::state::{Leaf, State};

/// Names the layout of `outputs/summary.json`.
pub const SUMMARY_FORMAT: &str = "cairn/summary/2";

/// Models that are told apart. A model is a number that whoever registers a device may choose, and nobody's choice makes
/// the file large.
const MOST_MODELS: usize = 200;

/// What an epoch came to. Fields stand in alphabetical order, as they are written; points are decimal strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    pub devices: DeviceCounts,
    pub epoch: EpochNumber,
    /// [`SUMMARY_FORMAT`].
    pub format: String,
    pub members: MemberCounts,
    #[serde(with = "text::key")]
    pub network: [u8; 32],
    #[serde(with = "text::key")]
    pub pool: [u8; 32],
    /// By kind and reason, in the order of their codes, none of which is zero.
    pub proofs: Vec<ProofCount>,
}

/// Devices as the rules saw them: each once, however many leaves it has in the registry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceCounts {
    /// Neither banned nor of a status that the registry gives no meaning.
    pub active: u64,
    pub banned: u64,
    /// By the first hour of the epoch whose registry held them first, the oldest first.
    pub by_age: Vec<AgeCount>,
    /// By class, ascending.
    pub by_class: Vec<ClassCount>,
    /// By country, in the order of codes, those that told none first.
    pub by_country: Vec<CountryCount>,
    /// The most frequent models, the most first; of equally many, by class and model.
    pub by_model: Vec<ModelCount>,
    /// Devices of models beyond those.
    pub other_models: u64,
    /// Wallets that own one.
    pub owners: u64,
    pub total: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeCount {
    pub devices: u64,
    /// Hours since 1970.
    pub since_hour: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassCount {
    pub class: u8,
    pub devices: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryCount {
    /// ISO 3166-1 alpha-2; empty for what tells none, or something that is no code.
    pub country: String,
    pub devices: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelCount {
    pub class: u8,
    pub devices: u64,
    pub model: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberCounts {
    /// Wallets that are owed what leaves had no room for yet. How much stands in the manifest's totals, as of those without a wallet.
    pub in_arrears: u64,
    /// Leaves that the epoch before did not have.
    pub new: u64,
    /// Paid in this epoch.
    pub paid: u64,
    /// Leaves of the tree.
    pub total: u64,
    /// Identities without a wallet that were given something.
    pub unlinked: u64,
    /// People who earned something and are no members yet.
    pub waiting: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofCount {
    pub count: u64,
    /// None for bytes that are no proof.
    pub kind: Option<String>,
    /// Earned by them.
    #[serde(with = "text::amount")]
    pub milli_points: MilliPoints,
    pub reason: String,
}

impl Summary {
    /// Counts what went in and what came out; `paid` members were.
    pub(crate) fn of(
        frozen: &Frozen,
        decisions: &[Decision],
        paid: usize,
        next: &State,
    ) -> Result<Self, EpochError> {
        let waiting: BTreeSet<_> = next.waiting.iter().map(|row| row.owner).collect();
        let owed: BTreeSet<_> = next.arrears.iter().map(|row| row.owner).collect();
        let (before, now) = (frozen.carried.members.len(), next.members.len());
        Ok(Self {
            devices: DeviceCounts::of(&frozen.devices, &frozen.leaves),
            epoch: frozen.epoch.number,
            format: SUMMARY_FORMAT.to_owned(),
            members: MemberCounts {
                in_arrears: owed.len() as u64,
                new: now.saturating_sub(before) as u64,
                paid: paid as u64,
                total: now as u64,
                unlinked: next.unlinked.len() as u64,
                waiting: waiting.len() as u64,
            },
            network: frozen.epoch.network,
            pool: frozen.epoch.pool,
            proofs: proofs(decisions)?,
        })
    }

    /// The canonical bytes.
    ///
    /// # Errors
    /// [`EpochError::Json`], which would be a fault of this program.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EpochError> {
        crate::json::canonical(self).map_err(|message| EpochError::Json {
            path: SUMMARY.into(),
            message,
        })
    }
}

impl DeviceCounts {
    fn of(devices: &[Device], leaves: &[Leaf]) -> Self {
        let with = |status| devices.iter().filter(|one| one.status == status).count() as u64;
        let owners: BTreeSet<_> = devices.iter().map(|one| one.owner).collect();
        let since = |one: &Device| seen::of(leaves, one).map_or(i64::MIN, |leaf| leaf.since_hour);
        let mut models: Vec<_> = counted(devices, |one| (one.class, one.model)).collect();
        models.sort_by_key(|(model, count)| (u64::MAX - count, *model));
        let others = models.split_off(models.len().min(MOST_MODELS));
        Self {
            active: with(DeviceStatus::Active),
            banned: with(DeviceStatus::Banned),
            by_age: counted(devices, since)
                .map(|(since_hour, devices)| AgeCount {
                    devices,
                    since_hour,
                })
                .collect(),
            by_class: counted(devices, |one| one.class)
                .map(|(class, devices)| ClassCount { class, devices })
                .collect(),
            by_country: counted(devices, country_of)
                .map(|(country, devices)| CountryCount { country, devices })
                .collect(),
            by_model: models
                .into_iter()
                .map(|((class, model), devices)| ModelCount {
                    class,
                    devices,
                    model,
                })
                .collect(),
            other_models: others.iter().map(|(_, count)| count).sum(),
            owners: owners.len() as u64,
            total: devices.len() as u64,
        }
    }
}

/// How many there are of each, in order.
fn counted<K: Ord>(
    devices: &[Device],
    key: impl Fn(&Device) -> K,
) -> impl Iterator<Item = (K, u64)> {
    let mut counts: BTreeMap<K, u64> = BTreeMap::new();
    for device in devices {
        let count = counts.entry(key(device)).or_default();
        *count = count.saturating_add(1);
    }
    counts.into_iter()
}

/// An import writes leaves that the registry's program never looked into: two bytes need not be letters.
pub(crate) fn country_of(device: &Device) -> String {
    let is_code = device.country.iter().all(u8::is_ascii_uppercase);
    let letters = device.country.iter().filter(|_| is_code);
    letters.copied().map(char::from).collect()
}

fn proofs(decisions: &[Decision]) -> Result<Vec<ProofCount>, EpochError> {
    let mut counts: BTreeMap<_, (Decision, u64, MilliPoints)> = BTreeMap::new();
    for decision in decisions {
        let code = (decision.kind.map(Kind::code), decision.reason.code());
        let one = (*decision, 0, MilliPoints::ZERO);
        let (_, count, sum) = counts.entry(code).or_insert(one);
        *count = count.saturating_add(1);
        *sum = sum
            .checked_add(decision.milli_points)
            .ok_or(EpochError::Overflow { what: "all points" })?;
    }
    let told = |(like, count, milli_points): (Decision, u64, MilliPoints)| ProofCount {
        count,
        kind: like.kind.map(|kind| kind.name().to_owned()),
        milli_points,
        reason: like.reason.name().to_owned(),
    };
    Ok(counts.into_values().map(told).collect())
}

/// Reads an epoch's summary, in its canonical spelling alone. Whether it is what the manifest names is for the caller to compare.
///
/// # Errors
/// [`EpochError::Missing`], [`EpochError::Json`].
pub fn read_summary(dir: &Path) -> Result<Summary, EpochError> {
    let path = EpochFolder::new(dir).summary();
    let summary: Summary = crate::json::read_canonical(&path, &read(&path)?)?;
    if summary.format == SUMMARY_FORMAT {
        return Ok(summary);
    }
    Err(EpochError::Json {
        path,
        message: format!(
            "format is \"{}\", this version reads \"{SUMMARY_FORMAT}\"",
            summary.format
        ),
    })
}
