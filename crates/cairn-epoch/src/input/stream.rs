use std::path::Path;

use bytes::Bytes;
use cairn_proof::PublicKey;

use crate::EpochError;
use crate::folder::read;
use crate::parquet_file::{Field, Kind, column, decode_table, write_table};

/// A registered stream of partner metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// What metrics call the stream.
    pub id: u32,
    /// The issuer key that must sign each metric, with its kind as in the registry: 0 Ed25519, 2 or 3 P-256.
    pub partner: [u8; 32],
    pub partner_kind: u8,
    /// What one unit of quantity is, for people: "weather hour", "CDN GB" …
    pub unit: String,
    /// Most units one device is paid for in a UTC day.
    pub daily_ceiling: u64,
    /// Milli-points a unit earns at full quality.
    pub rate_milli_points: u64,
    /// The stream's own share of the partner pool, in thousandths: no stream can dilute another.
    pub pool_permille: u16,
}

impl Stream {
    /// The partner's key as signatures are checked with it; `None` for a key kind that does not exist.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        match self.partner_kind {
            0 => Some(PublicKey::Ed25519(self.partner)),
            2 | 3 => {
                let mut point = [self.partner_kind; 33];
                point[1..].copy_from_slice(&self.partner);
                Some(PublicKey::P256(point))
            }
            _ => None,
        }
    }
}

const FIELDS: &[Field] = &[
    Field::new("id", Kind::U32),
    Field::new("partner", Kind::Bytes(32)),
    Field::new("partner_kind", Kind::U8),
    Field::new("unit", Kind::Text),
    Field::new("daily_ceiling", Kind::U64),
    Field::new("rate_milli_points", Kind::U64),
    Field::new("pool_permille", Kind::U16),
];

/// Most milli-points a stream may pay one device in a day, about a thousand million points. A week of a million devices
/// at that rate still fits in 64 bits, so no partner can make an epoch's sums overflow.
const DAILY_PAY_LIMIT: u128 = 1 << 40;

/// Writes the streams in ascending order of their ids.
///
/// # Errors
/// [`EpochError::Row`] names a value out of range; [`EpochError::Io`].
pub fn write_streams(path: &Path, streams: &[Stream]) -> Result<(), EpochError> {
    let mut sorted: Vec<&Stream> = streams.iter().collect();
    sorted.sort_unstable_by_key(|stream| stream.id);
    check(path, &sorted)?;
    let rows = || sorted.iter();
    write_table(
        path,
        FIELDS,
        vec![
            column::u32(rows().map(|stream| stream.id)),
            column::bytes(rows().map(|stream| stream.partner)),
            column::u8(rows().map(|stream| stream.partner_kind)),
            column::text(rows().map(|stream| stream.unit.as_str())),
            column::u64(rows().map(|stream| stream.daily_ceiling)),
            column::u64(rows().map(|stream| stream.rate_milli_points)),
            column::u16(rows().map(|stream| stream.pool_permille)),
        ],
    )
}

/// Reads the streams, ascending by id.
///
/// # Errors
/// [`EpochError::Parquet`], [`EpochError::Schema`], [`EpochError::Row`], [`EpochError::Missing`].
pub fn read_streams(path: &Path) -> Result<Vec<Stream>, EpochError> {
    decode_streams(path, read(path)?.into())
}

pub(crate) fn decode_streams(path: &Path, bytes: Bytes) -> Result<Vec<Stream>, EpochError> {
    let mut streams = Vec::new();
    decode_table(path, bytes, FIELDS, |rows| {
        let (id, partner) = (rows.u32("id")?, rows.bytes::<32>("partner")?);
        let (kind, unit) = (rows.u8("partner_kind")?, rows.text("unit")?);
        let (ceiling, rate) = (rows.u64("daily_ceiling")?, rows.u64("rate_milli_points")?);
        let share = rows.u16("pool_permille")?;
        for row in 0..rows.len() {
            streams.push(Stream {
                id: id.value(row),
                partner: partner.get(row),
                partner_kind: kind.value(row),
                unit: unit.value(row).to_owned(),
                daily_ceiling: ceiling.value(row),
                rate_milli_points: rate.value(row),
                pool_permille: share.value(row),
            });
        }
        Ok(())
    })?;
    check(path, &streams.iter().collect::<Vec<_>>())?;
    Ok(streams)
}

fn check(path: &Path, streams: &[&Stream]) -> Result<(), EpochError> {
    let refuse = |row: usize, field, message: String| EpochError::Row {
        path: path.to_owned(),
        row: row as u64,
        field,
        message,
    };
    let mut shares = 0_u32;
    for (row, stream) in streams.iter().enumerate() {
        if stream.public_key().is_none() {
            return Err(refuse(
                row,
                "partner_kind",
                "must be 0 (Ed25519), 2 or 3 (P-256)".to_owned(),
            ));
        }
        let pay = u128::from(stream.daily_ceiling) * u128::from(stream.rate_milli_points);
        let above = u128::from(stream.daily_ceiling)
            .max(u128::from(stream.rate_milli_points))
            .max(pay);
        if above > DAILY_PAY_LIMIT {
            return Err(refuse(
                row,
                "rate_milli_points",
                format!(
                    "rate, daily ceiling and their product must each be at most {DAILY_PAY_LIMIT}"
                ),
            ));
        }
        shares += u32::from(stream.pool_permille);
    }
    if shares > 1_000 {
        return Err(refuse(
            0,
            "pool_permille",
            format!("the streams' shares add up to {shares} thousandths of the pool"),
        ));
    }
    match streams.windows(2).position(|pair| pair[0].id >= pair[1].id) {
        Some(at) => Err(refuse(
            at + 1,
            "id",
            "ids must ascend and none may stand twice".to_owned(),
        )),
        None => Ok(()),
    }
}
