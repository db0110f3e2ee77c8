//! The tables that rules see. Every column is a 64-bit integer; keys are numbers, truth values 0 and 1.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use cairn_merkle::Credits;
use cairn_rules::Tables;

use crate::EpochError;
use crate::case::{Candidate, Case};
use crate::input::{Burn, Device, DeviceStatus, Entry};
use crate::intern::{Clusters, Identities, hardware};
use crate::kind::{FACTS, FactColumns, Subject};
use crate::memory::{Cells, Memory, MemoryType};
use crate::payer::Payer;
use crate::ruleset::Rulebook;
use crate::seen;
use crate::state::{Leaf, Link, State};

/// Most base units of burns that one payer can spend in an epoch. Whoever mints can burn without end; two such sums still add up
/// within 64 bits, so that no burn keeps an epoch from closing.
const BURNED_LIMIT: i64 = 1 << 61;

/// What the tables are made of.
pub(crate) struct Facts<'a> {
    pub rulebook: &'a Rulebook,
    pub devices: &'a [Device],
    /// What the registry showed of each leaf, up to and with this epoch.
    pub leaves: &'a [Leaf],
    /// What payers of traffic burned.
    pub burns: &'a [Burn],
    pub carried: &'a State,
    /// Identities that proofs of the epoch would link and that are somebody's already.
    pub linked: &'a [Link],
    pub cases: &'a [Case],
    /// Places of the accepted candidates among the cases, in canonical order. A candidate's number `n` is its place
    /// here.
    pub order: &'a [usize],
}

impl Facts<'_> {
    /// Numbers for every key the epoch is about.
    pub fn identities(&self) -> Identities {
        let registry = self
            .devices
            .iter()
            .flat_map(|device| [device.key, device.owner]);
        let named = self.candidates().flat_map(|(_, candidate)| {
            let subject = candidate.device.is_none().then_some(candidate.subject);
            candidate.fact.keys.iter().copied().chain(subject)
        });
        let payers = self.rulebook.payers().iter().map(|payer| payer.wallet);
        let linked = self.linked.iter();
        let linked = linked.flat_map(|link| [link.identity, link.wallet]);
        let named = named.chain(payers).chain(linked);
        let remembered = self.carried.memory.iter().flat_map(Memory::identities);
        Identities::new(registry.chain(named).chain(remembered).collect())
    }

    /// Number and content of each candidate, in canonical order.
    fn candidates(&self) -> impl Iterator<Item = (i64, &Candidate)> {
        (0..)
            .zip(self.order)
            .filter_map(|(n, at)| Some((n, self.cases.get(*at)?.outcome.as_ref().ok()?)))
    }

    /// Every table, by the name rules call it.
    pub fn tables(&self, identities: &Identities) -> Result<Tables, EpochError> {
        let ids: Vec<DeviceIds> = self
            .devices
            .iter()
            .map(|device| DeviceIds {
                device: identities.id(&device.key).unwrap_or(-1),
                owner: identities.id(&device.owner).unwrap_or(-1),
            })
            .collect();
        let hardware = hardware(self.devices);
        let clusters = Clusters::new(identities, self.devices, &hardware);
        let mut tables = Tables::new();
        let mut add = |name: &str, columns: Vec<Column>| {
            table(columns).map(|batch| tables.insert(name.to_owned(), batch))
        };
        add("devices", self.devices_table(&ids, &hardware, &clusters))?;
        add("streams", self.streams_table())?;
        add("tasks", self.tasks_table())?;
        add("linked", self.linked_table(identities))?;
        let owners: BTreeSet<i64> = ids.iter().map(|ids| ids.owner).collect();
        // Only owners of devices are in clusters.
        let cluster = |id| owners.contains(&id).then(|| clusters.of(id));
        add("payers", self.payers_table(identities, cluster))?;
        for columns in FACTS {
            add(
                columns.table,
                self.facts_of(columns, &ids, identities, cluster),
            )?;
        }
        for memory in &self.carried.memory {
            add(&memory.table().name, remembered(memory, identities))?;
        }
        Ok(tables)
    }

    fn devices_table(
        &self,
        ids: &[DeviceIds],
        hardware: &[Option<i64>],
        clusters: &Clusters,
    ) -> Vec<Column> {
        let devices = || self.devices.iter();
        let places: Vec<Option<(i32, i32)>> = devices().map(Device::place).collect();
        // Every device's leaf is remembered before rules run; one that were not would be the youngest.
        let seen: Vec<Option<Leaf>> = devices()
            .map(|device| seen::of(self.leaves, device))
            .collect();
        vec![
            plain("device", ids.iter().map(|ids| ids.device)),
            plain("owner", ids.iter().map(|ids| ids.owner)),
            plain("cluster", ids.iter().map(|ids| clusters.of(ids.owner))),
            plain("class", devices().map(|device| i64::from(device.class))),
            plain("model", devices().map(|device| i64::from(device.model))),
            plain(
                "multiplier_permille",
                devices().map(|device| self.rulebook.device_terms(device).multiplier_permille),
            ),
            optional(
                "lat_e7",
                places
                    .iter()
                    .map(|place| place.map(|place| i64::from(place.0))),
            ),
            optional(
                "lon_e7",
                places
                    .iter()
                    .map(|place| place.map(|place| i64::from(place.1))),
            ),
            plain(
                "cell",
                devices().map(|device| device.cell().unwrap_or(0).cast_signed()),
            ),
            plain(
                "position",
                (0..).zip(self.devices).map(|(position, _)| position),
            ),
            plain(
                "since_hour",
                seen.iter()
                    .map(|leaf| leaf.map_or(i64::MAX, |leaf| leaf.since_hour)),
            ),
            optional(
                "moved_hour",
                seen.iter()
                    .map(|leaf| leaf.and_then(|leaf| leaf.moved_hour)),
            ),
            optional("hardware", hardware.iter().copied()),
            // A credential that is banned is none any more.
            plain(
                "validates",
                devices().map(|device| i64::from(self.validates(device))),
            ),
            plain(
                "consented",
                devices().map(|device| i64::from(device.entry == Entry::Consented)),
            ),
        ]
    }

    fn validates(&self, device: &Device) -> bool {
        self.rulebook.device_terms(device).validates
            && device.issuer != [0; 32]
            && device.status == DeviceStatus::Active
    }

    fn streams_table(&self) -> Vec<Column> {
        // The ruleset's reader has bounded both numbers far below 2^63.
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let streams = || self.rulebook.streams().iter();
        vec![
            plain("stream", streams().map(|stream| i64::from(stream.id))),
            plain(
                "daily_ceiling",
                streams().map(|stream| number(stream.daily_ceiling)),
            ),
            plain(
                "rate_milli_points",
                streams().map(|stream| number(stream.rate_milli_points.get())),
            ),
            plain(
                "second_source_permille",
                streams().map(|stream| stream.second_source_permille.into()),
            ),
        ]
    }

    fn tasks_table(&self) -> Vec<Column> {
        // The ruleset's reader has bounded both numbers far below 2^63.
        let number = |credits: Credits| i64::try_from(credits.get()).unwrap_or(i64::MAX);
        let tasks = || self.rulebook.tasks().iter();
        vec![
            plain("task", tasks().map(|task| i64::from(task.id))),
            plain("credits", tasks().map(|task| number(task.credits))),
            plain(
                "credits_per_epoch",
                tasks().map(|task| number(task.credits_per_epoch)),
            ),
        ]
    }

    /// What each of them is paid as.
    fn linked_table(&self, identities: &Identities) -> Vec<Column> {
        let id = |key: &[u8; 32]| identities.id(key).unwrap_or(-1);
        let linked = || self.linked.iter();
        vec![
            plain("identity_id", linked().map(|link| id(&link.identity))),
            plain("wallet_id", linked().map(|link| id(&link.wallet))),
        ]
    }

    fn payers_table(
        &self,
        identities: &Identities,
        cluster: impl Fn(i64) -> Option<i64>,
    ) -> Vec<Column> {
        let payers = || self.rulebook.payers().iter();
        let wallet = |payer: &Payer| identities.id(&payer.wallet).unwrap_or(-1);
        vec![
            plain("payer", payers().map(|payer| i64::from(payer.id))),
            plain("wallet_id", payers().map(wallet)),
            optional(
                "wallet_cluster",
                payers().map(|payer| cluster(wallet(payer))),
            ),
            // The ruleset's reader has bounded it far below 2^63.
            plain(
                "tokens_per_unit",
                payers()
                    .map(|payer| i64::try_from(payer.tokens_per_unit.get()).unwrap_or(i64::MAX)),
            ),
            plain("burned", payers().map(|payer| self.burned(payer.id))),
        ]
    }

    /// Base units that a payer burned, at most [`BURNED_LIMIT`].
    fn burned(&self, payer: u32) -> i64 {
        let burns = self.burns.iter().filter(|burn| burn.payer == payer);
        let sum: u128 = burns.map(|burn| u128::from(burn.tokens.get())).sum();
        i64::try_from(sum).unwrap_or(i64::MAX).min(BURNED_LIMIT)
    }

    /// The proofs of one kind.
    fn facts_of(
        &self,
        columns: &FactColumns,
        ids: &[DeviceIds],
        identities: &Identities,
        cluster: impl Fn(i64) -> Option<i64>,
    ) -> Vec<Column> {
        let rows: Vec<(i64, &Candidate)> = self
            .candidates()
            .filter(|(_, candidate)| candidate.kind == columns.kind)
            .collect();
        let each = || rows.iter().map(|(_, candidate)| *candidate);
        let mut table = vec![
            plain("n", rows.iter().map(|(n, _)| *n)),
            plain(
                "observed_at_ms",
                each().map(|candidate| candidate.observed_at_ms),
            ),
            plain("cell", each().map(|candidate| candidate.cell.cast_signed())),
        ];
        let mut add_key = |name: &str, key: &dyn Fn(&Candidate) -> Option<[u8; 32]>| {
            let id = |candidate| key(candidate).and_then(|key| identities.id(&key));
            let id = |candidate| id(candidate).unwrap_or(-1);
            table.push(plain(format!("{name}_id"), each().map(id)));
            table.push(optional(
                format!("{name}_cluster"),
                each().map(|candidate| cluster(id(candidate))),
            ));
        };
        for (at, name) in columns.keys.iter().enumerate() {
            add_key(name, &|candidate| candidate.fact.keys.get(at).copied());
        }
        match columns.subject {
            Subject::Key => add_key("subject", &|candidate| Some(candidate.subject)),
            Subject::Device => table.push(plain(
                "device",
                each().map(|candidate| device_id(ids, candidate.device)),
            )),
            Subject::AccessPoint => {
                add_key("subject", &|candidate| Some(candidate.subject));
                let place = |candidate: &Candidate| candidate.device;
                table.push(optional(
                    "device",
                    each().map(|it| place(it).map(|place| device_id(ids, Some(place)))),
                ));
            }
        }
        for (at, name) in columns.numbers.iter().enumerate() {
            let number = |candidate: &Candidate| candidate.fact.numbers.get(at).copied();
            // A row has a number for each column, which its type sees to.
            table.push(plain(*name, each().map(|it| number(it).unwrap_or(-1))));
        }
        table
    }
}

/// What rules remembered, with this epoch's numbers for its keys.
fn remembered(memory: &Memory, identities: &Identities) -> Vec<Column> {
    memory
        .columns()
        .map(|(declared, cells)| match cells {
            Cells::Identities(keys) => plain(
                declared.name.as_str(),
                keys.iter().map(|key| identities.id(key).unwrap_or(-1)),
            ),
            Cells::Integers(numbers) if declared.kind == MemoryType::Integer => {
                plain(declared.name.as_str(), numbers.iter().copied().flatten())
            }
            Cells::Integers(numbers) => optional(declared.name.as_str(), numbers.iter().copied()),
        })
        .collect()
}

#[derive(Clone, Copy)]
struct DeviceIds {
    device: i64,
    owner: i64,
}

fn device_id(ids: &[DeviceIds], place: Option<u32>) -> i64 {
    let ids = place.and_then(|place| ids.get(place as usize));
    ids.map_or(-1, |ids| ids.device)
}

type Column = (String, bool, ArrayRef);

fn plain(name: impl Into<String>, values: impl Iterator<Item = i64>) -> Column {
    let values = Arc::new(Int64Array::from_iter_values(values));
    (name.into(), false, values)
}

fn optional(name: impl Into<String>, values: impl Iterator<Item = Option<i64>>) -> Column {
    (name.into(), true, Arc::new(Int64Array::from_iter(values)))
}

fn table(columns: Vec<Column>) -> Result<RecordBatch, EpochError> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, optional, _)| Field::new(name, DataType::Int64, *optional))
        .collect();
    let arrays = columns.into_iter().map(|(_, _, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .map_err(|error| EpochError::Decisions(error.to_string()))
}
