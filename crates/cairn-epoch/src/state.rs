//! What one epoch hands to the next: the ledger, and what rules remember of users, points, signers and meters.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

use std::path::Path;

use arrow::array::{
    Array as _, Int32Array, Int64Array, UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use bytes::Bytes;

use crate::EpochError;
use crate::origin::Origin;
use crate::parquet_file::{Field, Fixed, Kind, Rows, column, decode_table, encode_table};

/// The state after an epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// The pool the state belongs to, and the epoch it was computed in; zeros and 0 before the first.
    pub pool: [u8; 32],
    pub epoch: u64,
    /// First instant after that epoch, unix milliseconds.
    pub period_end_ms: i64,
    /// By index: a member's position is its index for life.
    pub members: Vec<Member>,
    /// By key, as all lists below.
    pub users: Vec<User>,
    pub points: Vec<Point>,
    pub signers: Vec<Signer>,
    pub counters: Vec<Counter>,
    /// By tree and position.
    pub leaves: Vec<Leaf>,
}

/// Cumulative amounts of one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub owner: [u8; 32],
    pub tokens: u64,
    pub points: u64,
    pub credits: u64,
}

/// Where a user can last have been, and how many check-ins were ever accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub key: [u8; 32],
    pub lat_e7: i32,
    pub lon_e7: i32,
    pub at_ms: i64,
    pub accepted: u64,
}

/// When an access point last paid, and when somebody else was last there, in hours since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    pub device: [u8; 32],
    pub last_paid_hour: Option<i64>,
    pub last_contact_hour: Option<i64>,
}

/// The highest sequence number of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signer {
    pub key: [u8; 32],
    pub sequence: u64,
}

/// The highest reading of a device's meter in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counter {
    pub device: [u8; 32],
    pub stream: u32,
    pub counter: u64,
}

/// What the registry showed of a leaf, and since when. Devices do not say themselves how old they are, and neither does a
/// keeper: a leaf is as old as the first epoch whose snapshot held it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub tree: u16,
    pub leaf_index: u32,
    /// First hour of that epoch, since 1970.
    pub since_hour: i64,
    /// Kind and bytes of the last place it told; 0 and zeros when it never told one.
    pub told_kind: u8,
    pub told: [u8; 32],
    /// First hour of the epoch in which it last told another place than before; none when it never did.
    pub moved_hour: Option<i64>,
}

/// Sections of the file, in order. One table for all keeps the chain from epoch to epoch a single hash.
const POOL: u8 = 1;
const MEMBER: u8 = 2;
const USER: u8 = 3;
const POINT: u8 = 4;
const SIGNER: u8 = 5;
const COUNTER: u8 = 6;
const LEAF: u8 = 7;

pub(crate) const STATE_FIELDS: &[Field] = &[
    Field::new("section", Kind::U8, Origin::PreviousManifest),
    Field::new("key", Kind::Bytes(32), Origin::PreviousManifest),
    Field::optional("epoch", Kind::U64, Origin::PreviousManifest),
    Field::optional("member_index", Kind::U32, Origin::PreviousManifest),
    Field::optional("tokens", Kind::U64, Origin::PreviousManifest),
    Field::optional("points", Kind::U64, Origin::PreviousManifest),
    Field::optional("credits", Kind::U64, Origin::PreviousManifest),
    Field::optional("lat_e7", Kind::I32, Origin::PreviousManifest),
    Field::optional("lon_e7", Kind::I32, Origin::PreviousManifest),
    Field::optional("at_ms", Kind::I64, Origin::PreviousManifest),
    Field::optional("accepted", Kind::U64, Origin::PreviousManifest),
    Field::optional("last_paid_hour", Kind::I64, Origin::PreviousManifest),
    Field::optional("last_contact_hour", Kind::I64, Origin::PreviousManifest),
    Field::optional("sequence", Kind::U64, Origin::PreviousManifest),
    Field::optional("stream", Kind::U32, Origin::PreviousManifest),
    Field::optional("counter", Kind::U64, Origin::PreviousManifest),
    Field::optional("tree", Kind::U16, Origin::PreviousManifest),
    Field::optional("leaf_index", Kind::U32, Origin::PreviousManifest),
    Field::optional("told_kind", Kind::U8, Origin::PreviousManifest),
    Field::optional("since_hour", Kind::I64, Origin::PreviousManifest),
    Field::optional("moved_hour", Kind::I64, Origin::PreviousManifest),
];

#[derive(Clone, Copy, Default)]
struct Row {
    section: u8,
    key: [u8; 32],
    epoch: Option<u64>,
    member_index: Option<u32>,
    tokens: Option<u64>,
    points: Option<u64>,
    credits: Option<u64>,
    lat_e7: Option<i32>,
    lon_e7: Option<i32>,
    at_ms: Option<i64>,
    accepted: Option<u64>,
    last_paid_hour: Option<i64>,
    last_contact_hour: Option<i64>,
    sequence: Option<u64>,
    stream: Option<u32>,
    counter: Option<u64>,
    tree: Option<u16>,
    leaf_index: Option<u32>,
    told_kind: Option<u8>,
    since_hour: Option<i64>,
    moved_hour: Option<i64>,
}

impl Row {
    /// What rows ascend by.
    fn place(&self) -> (u8, [u8; 32], u64) {
        match self.section {
            // Members stand by index, which the ledger below checks.
            MEMBER => (
                MEMBER,
                [0; 32],
                self.member_index.unwrap_or_default().into(),
            ),
            LEAF => {
                let tree = u64::from(self.tree.unwrap_or_default());
                let index = u64::from(self.leaf_index.unwrap_or_default());
                (LEAF, [0; 32], (tree << 32) | index)
            }
            section => (section, self.key, self.stream.unwrap_or_default().into()),
        }
    }
}

impl State {
    fn rows(&self) -> impl Iterator<Item = Row> {
        let pool = std::iter::once(Row {
            section: POOL,
            key: self.pool,
            epoch: Some(self.epoch),
            at_ms: Some(self.period_end_ms),
            ..Row::default()
        });
        let members = (0_u32..).zip(&self.members).map(|(index, member)| Row {
            section: MEMBER,
            key: member.owner,
            member_index: Some(index),
            tokens: Some(member.tokens),
            points: Some(member.points),
            credits: Some(member.credits),
            ..Row::default()
        });
        let users = self.users.iter().map(|user| Row {
            section: USER,
            key: user.key,
            lat_e7: Some(user.lat_e7),
            lon_e7: Some(user.lon_e7),
            at_ms: Some(user.at_ms),
            accepted: Some(user.accepted),
            ..Row::default()
        });
        let points = self.points.iter().map(|point| Row {
            section: POINT,
            key: point.device,
            last_paid_hour: point.last_paid_hour,
            last_contact_hour: point.last_contact_hour,
            ..Row::default()
        });
        let signers = self.signers.iter().map(|signer| Row {
            section: SIGNER,
            key: signer.key,
            sequence: Some(signer.sequence),
            ..Row::default()
        });
        let counters = self.counters.iter().map(|counter| Row {
            section: COUNTER,
            key: counter.device,
            stream: Some(counter.stream),
            counter: Some(counter.counter),
            ..Row::default()
        });
        let leaves = self.leaves.iter().map(|leaf| Row {
            section: LEAF,
            key: leaf.told,
            tree: Some(leaf.tree),
            leaf_index: Some(leaf.leaf_index),
            told_kind: Some(leaf.told_kind),
            since_hour: Some(leaf.since_hour),
            moved_hour: leaf.moved_hour,
            ..Row::default()
        });
        pool.chain(members)
            .chain(users)
            .chain(points)
            .chain(signers)
            .chain(counters)
            .chain(leaves)
    }

    /// The file.
    pub fn encode(&self, path: &Path) -> Result<Vec<u8>, EpochError> {
        let rows: Vec<Row> = self.rows().collect();
        let each = || rows.iter();
        encode_table(
            path,
            STATE_FIELDS,
            vec![
                column::u8(each().map(|row| row.section)),
                column::bytes(each().map(|row| row.key)),
                column::optional_u64(each().map(|row| row.epoch)),
                column::optional_u32(each().map(|row| row.member_index)),
                column::optional_u64(each().map(|row| row.tokens)),
                column::optional_u64(each().map(|row| row.points)),
                column::optional_u64(each().map(|row| row.credits)),
                column::optional_i32(each().map(|row| row.lat_e7)),
                column::optional_i32(each().map(|row| row.lon_e7)),
                column::optional_i64(each().map(|row| row.at_ms)),
                column::optional_u64(each().map(|row| row.accepted)),
                column::optional_i64(each().map(|row| row.last_paid_hour)),
                column::optional_i64(each().map(|row| row.last_contact_hour)),
                column::optional_u64(each().map(|row| row.sequence)),
                column::optional_u32(each().map(|row| row.stream)),
                column::optional_u64(each().map(|row| row.counter)),
                column::optional_u16(each().map(|row| row.tree)),
                column::optional_u32(each().map(|row| row.leaf_index)),
                column::optional_u8(each().map(|row| row.told_kind)),
                column::optional_i64(each().map(|row| row.since_hour)),
                column::optional_i64(each().map(|row| row.moved_hour)),
            ],
        )
    }

    /// Reads what [`Self::encode`] wrote and refuses rows it would not have written, or not in that order.
    pub fn decode(path: &Path, bytes: Bytes) -> Result<Self, EpochError> {
        let mut state = Self::default();
        let mut before = None;
        decode_table(path, bytes, STATE_FIELDS, |rows| {
            let columns = Columns::of(rows)?;
            for row in 0..rows.len() {
                let fields = columns.get(row);
                let place = fields.place();
                if before.is_some_and(|before| before >= place) {
                    return Err(rows.refuse(
                        row,
                        "key",
                        "rows must ascend by section and key".to_owned(),
                    ));
                }
                before = Some(place);
                state.take(fields).map_err(|field| {
                    rows.refuse(row, field, "is missing or out of place".to_owned())
                })?;
            }
            Ok(())
        })?;
        if state.epoch == 0 {
            return Err(EpochError::Row {
                path: path.to_owned(),
                row: 0,
                field: "epoch",
                message: "the file does not say which pool and epoch it belongs to".to_owned(),
            });
        }
        Ok(state)
    }

    fn take(&mut self, row: Row) -> Result<(), &'static str> {
        match row.section {
            POOL if self.epoch == 0 => {
                self.pool = row.key;
                self.epoch = row.epoch.ok_or("epoch")?;
                self.period_end_ms = row.at_ms.ok_or("at_ms")?;
            }
            MEMBER => {
                let index = row.member_index.ok_or("member_index")?;
                if usize::try_from(index).ok() != Some(self.members.len()) {
                    return Err("member_index");
                }
                self.members.push(Member {
                    owner: row.key,
                    tokens: row.tokens.ok_or("tokens")?,
                    points: row.points.ok_or("points")?,
                    credits: row.credits.ok_or("credits")?,
                });
            }
            USER => self.users.push(User {
                key: row.key,
                lat_e7: row.lat_e7.ok_or("lat_e7")?,
                lon_e7: row.lon_e7.ok_or("lon_e7")?,
                at_ms: row.at_ms.ok_or("at_ms")?,
                accepted: row.accepted.ok_or("accepted")?,
            }),
            POINT => self.points.push(Point {
                device: row.key,
                last_paid_hour: row.last_paid_hour,
                last_contact_hour: row.last_contact_hour,
            }),
            SIGNER => self.signers.push(Signer {
                key: row.key,
                sequence: row.sequence.ok_or("sequence")?,
            }),
            COUNTER => self.counters.push(Counter {
                device: row.key,
                stream: row.stream.ok_or("stream")?,
                counter: row.counter.ok_or("counter")?,
            }),
            LEAF => self.leaves.push(Leaf {
                tree: row.tree.ok_or("tree")?,
                leaf_index: row.leaf_index.ok_or("leaf_index")?,
                since_hour: row.since_hour.ok_or("since_hour")?,
                told_kind: row.told_kind.ok_or("told_kind")?,
                told: row.key,
                moved_hour: row.moved_hour,
            }),
            _ => return Err("section"),
        }
        Ok(())
    }
}

/// The columns of a batch, looked up once.
macro_rules! columns {
    ($($name:ident: $kind:ident;)*) => {
        struct Columns<'a> {
            section: &'a UInt8Array,
            key: Fixed<'a, 32>,
            $($name: &'a columns!(@array $kind),)*
        }

        impl<'a> Columns<'a> {
            fn of(rows: &'a Rows<'_>) -> Result<Self, EpochError> {
                Ok(Self {
                    section: rows.u8("section")?,
                    key: rows.bytes("key")?,
                    $($name: rows.$kind(stringify!($name))?,)*
                })
            }

            fn get(&self, row: usize) -> Row {
                Row {
                    section: self.section.value(row),
                    key: self.key.get(row),
                    $($name: self.$name.is_valid(row).then(|| self.$name.value(row)),)*
                }
            }
        }
    };
    (@array u8) => { UInt8Array };
    (@array u16) => { UInt16Array };
    (@array u32) => { UInt32Array };
    (@array u64) => { UInt64Array };
    (@array i32) => { Int32Array };
    (@array i64) => { Int64Array };
}

columns! {
    epoch: u64;
    member_index: u32;
    tokens: u64;
    points: u64;
    credits: u64;
    lat_e7: i32;
    lon_e7: i32;
    at_ms: i64;
    accepted: u64;
    last_paid_hour: i64;
    last_contact_hour: i64;
    sequence: u64;
    stream: u32;
    counter: u64;
    tree: u16;
    leaf_index: u32;
    told_kind: u8;
    since_hour: i64;
    moved_hour: i64;
}
