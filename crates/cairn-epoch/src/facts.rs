//! The tables that rules see. Every column is a 64-bit integer; keys are numbers, truth values 0 and 1.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use cairn_rules::Tables;

use crate::EpochError;
use crate::envelope::{Candidate, Case, Fact};
use crate::input::Device;
use crate::intern::{Clusters, Identities, hardware};
use crate::ruleset::Rulebook;
use crate::seen;
use crate::state::{Leaf, State};

/// What the tables are made of.
pub(crate) struct Facts<'a> {
    pub rulebook: &'a Rulebook,
    pub devices: &'a [Device],
    /// What the registry showed of each leaf, up to and with this epoch.
    pub leaves: &'a [Leaf],
    pub carried: &'a State,
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
        let users = self
            .candidates()
            .filter_map(|(_, candidate)| match candidate.fact {
                Fact::CheckIn { user, .. } => Some(user),
                Fact::Beat { .. } | Fact::Metric { .. } => None,
            });
        let carried = self.carried;
        let remembered = carried
            .users
            .iter()
            .map(|user| user.key)
            .chain(carried.points.iter().map(|point| point.device))
            .chain(carried.counters.iter().map(|counter| counter.device));
        Identities::new(registry.chain(users).chain(remembered).collect())
    }

    /// Number and content of each candidate, in canonical order.
    fn candidates(&self) -> impl Iterator<Item = (i64, Candidate)> {
        (0..)
            .zip(self.order)
            .filter_map(|(n, at)| Some((n, self.cases.get(*at)?.outcome.ok()?)))
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
        add(
            "check_ins",
            self.check_ins_table(&ids, identities, &clusters),
        )?;
        add("beats", self.beats_table(&ids))?;
        add("metrics", self.metrics_table(&ids))?;
        add("users", self.users_table(identities))?;
        add("points", self.points_table(identities))?;
        add("counters", self.counters_table(identities))?;
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
        ]
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
                streams().map(|stream| number(stream.rate_milli_points)),
            ),
        ]
    }

    fn check_ins_table(
        &self,
        ids: &[DeviceIds],
        identities: &Identities,
        clusters: &Clusters,
    ) -> Vec<Column> {
        let mut rows = Vec::new();
        let mut user_clusters = Vec::new();
        let mut owners: Vec<i64> = ids.iter().map(|ids| ids.owner).collect();
        owners.sort_unstable();
        for (n, candidate) in self.candidates() {
            let Fact::CheckIn {
                user,
                challenge_age_ms,
                session_secs,
                overlap_permille,
            } = candidate.fact
            else {
                continue;
            };
            let user_id = identities.id(&user).unwrap_or(-1);
            // Only owners of devices are in clusters; a user who owns none belongs to nobody.
            user_clusters.push(
                owners
                    .binary_search(&user_id)
                    .is_ok()
                    .then(|| clusters.of(user_id)),
            );
            rows.push([
                n,
                user_id,
                device_id(ids, candidate.device),
                candidate.observed_at_ms,
                challenge_age_ms,
                i64::from(session_secs),
                i64::from(overlap_permille),
                candidate.cell.cast_signed(),
            ]);
        }
        let mut columns = transpose(
            [
                "n",
                "user_id",
                "device",
                "observed_at_ms",
                "challenge_age_ms",
                "session_secs",
                "overlap_permille",
                "cell",
            ],
            &rows,
        );
        columns.push(optional("user_cluster", user_clusters.into_iter()));
        columns
    }

    fn beats_table(&self, ids: &[DeviceIds]) -> Vec<Column> {
        let mut rows = Vec::new();
        for (n, candidate) in self.candidates() {
            if let Fact::Beat {
                hour,
                lat_e7,
                lon_e7,
                contact,
            } = candidate.fact
            {
                rows.push([
                    n,
                    device_id(ids, candidate.device),
                    candidate.observed_at_ms,
                    i64::from(hour),
                    i64::from(lat_e7),
                    i64::from(lon_e7),
                    i64::from(contact),
                    candidate.cell.cast_signed(),
                ]);
            }
        }
        let names = [
            "n",
            "device",
            "observed_at_ms",
            "hour",
            "lat_e7",
            "lon_e7",
            "contact",
            "cell",
        ];
        transpose(names, &rows)
    }

    fn metrics_table(&self, ids: &[DeviceIds]) -> Vec<Column> {
        let mut rows = Vec::new();
        for (n, candidate) in self.candidates() {
            if let Fact::Metric {
                stream,
                hour,
                quantity,
                counter,
                quality_permille,
                second_source,
            } = candidate.fact
            {
                rows.push([
                    n,
                    device_id(ids, candidate.device),
                    i64::from(stream),
                    candidate.observed_at_ms,
                    i64::from(hour),
                    quantity,
                    counter,
                    i64::from(quality_permille),
                    i64::from(second_source),
                    candidate.cell.cast_signed(),
                ]);
            }
        }
        let names = [
            "n",
            "device",
            "stream",
            "observed_at_ms",
            "hour",
            "quantity",
            "counter",
            "quality_permille",
            "second_source",
            "cell",
        ];
        transpose(names, &rows)
    }

    fn users_table(&self, identities: &Identities) -> Vec<Column> {
        let users = || self.carried.users.iter();
        vec![
            plain(
                "user_id",
                users().map(|user| identities.id(&user.key).unwrap_or(-1)),
            ),
            plain("lat_e7", users().map(|user| i64::from(user.lat_e7))),
            plain("lon_e7", users().map(|user| i64::from(user.lon_e7))),
            plain("at_ms", users().map(|user| user.at_ms)),
            plain(
                "accepted",
                users().map(|user| i64::try_from(user.accepted).unwrap_or(i64::MAX / 2)),
            ),
        ]
    }

    fn points_table(&self, identities: &Identities) -> Vec<Column> {
        let points = || self.carried.points.iter();
        vec![
            plain(
                "device",
                points().map(|point| identities.id(&point.device).unwrap_or(-1)),
            ),
            optional("last_paid_hour", points().map(|point| point.last_paid_hour)),
            optional(
                "last_contact_hour",
                points().map(|point| point.last_contact_hour),
            ),
        ]
    }

    fn counters_table(&self, identities: &Identities) -> Vec<Column> {
        let counters = || self.carried.counters.iter();
        vec![
            plain(
                "device",
                counters().map(|counter| identities.id(&counter.device).unwrap_or(-1)),
            ),
            plain(
                "stream",
                counters().map(|counter| i64::from(counter.stream)),
            ),
            plain(
                "counter",
                counters().map(|counter| i64::try_from(counter.counter).unwrap_or(i64::MAX)),
            ),
        ]
    }
}

#[derive(Clone, Copy)]
struct DeviceIds {
    device: i64,
    owner: i64,
}

fn device_id(ids: &[DeviceIds], place: u32) -> i64 {
    ids.get(place as usize).map_or(-1, |ids| ids.device)
}

type Column = (&'static str, bool, ArrayRef);

fn plain(name: &'static str, values: impl Iterator<Item = i64>) -> Column {
    (name, false, Arc::new(Int64Array::from_iter_values(values)))
}

fn optional(name: &'static str, values: impl Iterator<Item = Option<i64>>) -> Column {
    (name, true, Arc::new(Int64Array::from_iter(values)))
}

fn transpose<const N: usize>(names: [&'static str; N], rows: &[[i64; N]]) -> Vec<Column> {
    names
        .into_iter()
        .enumerate()
        .map(|(at, name)| plain(name, rows.iter().map(|row| row[at])))
        .collect()
}

fn table(columns: Vec<Column>) -> Result<RecordBatch, EpochError> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, optional, _)| Field::new(*name, DataType::Int64, *optional))
        .collect();
    let arrays = columns.into_iter().map(|(_, _, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .map_err(|error| EpochError::Decisions(error.to_string()))
}
