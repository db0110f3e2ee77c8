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

use arrow::array::Array as _;
use bytes::Bytes;
use cairn_merkle::{Credits, MilliPoints};
use cairn_proof::{Kind, Reason};

use crate::EpochError;
use crate::folder::{EpochFolder, read};
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind as Column, column, decode_table, encode_table};

/// What became of one submission, and the numbers that led there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The submission's place in the order of receipts.
    pub ordinal: u64,
    /// The proof's id, or SHA-256 of bytes that are no proof.
    pub proof_id: [u8; 32],
    /// None for bytes that are no proof.
    pub kind: Option<Kind>,
    /// The one reason; `Ok` means accepted.
    pub reason: Reason,
    /// Earned. An accepted proof may earn 0.
    pub milli_points: MilliPoints,
    /// Data credits granted.
    pub credits: Credits,
    /// Who is paid, or would have been; none when the proof did not get as far as the registry.
    pub beneficiary: Option<[u8; 32]>,
    /// Who else is paid for the same proof.
    pub also: Option<Also>,
    /// The ruleset's pot that pays; 0 when the proof did not get that far, or is of a kind that earns no points.
    pub pot: u8,
    /// The stream within a pot that is divided by streams, else 0.
    pub stream: u32,
    /// For a refusal: what was found, and what was allowed, in the unit of the rule.
    pub found: Option<i64>,
    pub bound: Option<i64>,
    /// For an accepted proof that earns points: `milli_points = floor(base × share / whole)`.
    pub base: Option<i64>,
    pub share: Option<i64>,
    pub whole: Option<i64>,
}

/// The second of two whom one proof pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Also {
    pub beneficiary: [u8; 32],
    pub pot: u8,
    /// Above 0.
    pub milli_points: MilliPoints,
}

impl Decision {
    /// Whether the proof pays `owner`, or would have.
    #[must_use]
    pub fn is_for(&self, owner: &[u8; 32]) -> bool {
        let is_also = |also: Also| also.beneficiary == *owner;
        self.beneficiary == Some(*owner) || self.also.is_some_and(is_also)
    }
}

const FIELDS: &[Field] = &[
    Field::new("ordinal", Column::U64, Origin::Computed),
    Field::new("proof_id", Column::Bytes(32), Origin::Computed),
    Field::optional("kind", Column::U16, Origin::Computed),
    Field::new("reason", Column::U16, Origin::Computed),
    Field::new("milli_points", Column::U64, Origin::Computed),
    Field::new("credits", Column::U64, Origin::Computed),
    Field::optional("beneficiary", Column::Bytes(32), Origin::Computed),
    Field::optional("also_beneficiary", Column::Bytes(32), Origin::Computed),
    Field::new("also_pot", Column::U8, Origin::Computed),
    Field::new("also_milli_points", Column::U64, Origin::Computed),
    Field::new("pot", Column::U8, Origin::Computed),
    Field::new("stream", Column::U32, Origin::Computed),
    Field::optional("found", Column::I64, Origin::Computed),
    Field::optional("bound", Column::I64, Origin::Computed),
    Field::optional("base", Column::I64, Origin::Computed),
    Field::optional("share", Column::I64, Origin::Computed),
    Field::optional("whole", Column::I64, Origin::Computed),
];

pub(crate) fn encode_decisions(path: &Path, decisions: &[Decision]) -> Result<Vec<u8>, EpochError> {
    let each = || decisions.iter();
    let also = || decisions.iter().map(|decision| decision.also);
    encode_table(
        path,
        FIELDS,
        vec![
            column::u64(each().map(|decision| decision.ordinal)),
            column::bytes(each().map(|decision| decision.proof_id)),
            column::optional_u16(each().map(|decision| decision.kind.map(Kind::code))),
            column::u16(each().map(|decision| decision.reason.code())),
            column::u64(each().map(|decision| decision.milli_points.get())),
            column::u64(each().map(|decision| decision.credits.get())),
            column::optional_bytes(each().map(|decision| decision.beneficiary)),
            column::optional_bytes(also().map(|also| also.map(|also| also.beneficiary))),
            column::u8(also().map(|also| also.map_or(0, |also| also.pot))),
            column::u64(also().map(|also| also.map_or(0, |also| also.milli_points.get()))),
            column::u8(each().map(|decision| decision.pot)),
            column::u32(each().map(|decision| decision.stream)),
            column::optional_i64(each().map(|decision| decision.found)),
            column::optional_i64(each().map(|decision| decision.bound)),
            column::optional_i64(each().map(|decision| decision.base)),
            column::optional_i64(each().map(|decision| decision.share)),
            column::optional_i64(each().map(|decision| decision.whole)),
        ],
    )
}

/// Every decision of an epoch's folder, in the order of receipts.
///
/// # Errors
/// [`EpochError::Missing`] before the epoch is closed; [`EpochError::Parquet`], [`EpochError::Schema`],
/// [`EpochError::Row`].
pub fn read_decisions(dir: &Path) -> Result<Vec<Decision>, EpochError> {
    let path = EpochFolder::new(dir).decisions();
    decode_decisions(&path, read(&path)?.into())
}

fn decode_decisions(path: &Path, bytes: Bytes) -> Result<Vec<Decision>, EpochError> {
    let mut decisions = Vec::new();
    decode_table(path, bytes, FIELDS, |rows| {
        let (ordinal, id) = (rows.u64("ordinal")?, rows.bytes::<32>("proof_id")?);
        let (kind, reason, pay) = (
            rows.u16("kind")?,
            rows.u16("reason")?,
            rows.u64("milli_points")?,
        );
        let (credits, beneficiary) = (rows.u64("credits")?, rows.bytes::<32>("beneficiary")?);
        let also = rows.bytes::<32>("also_beneficiary")?;
        let (also_pot, also_pay) = (rows.u8("also_pot")?, rows.u64("also_milli_points")?);
        let (pot, stream) = (rows.u8("pot")?, rows.u32("stream")?);
        let (found, bound) = (rows.i64("found")?, rows.i64("bound")?);
        let (base, share, whole) = (rows.i64("base")?, rows.i64("share")?, rows.i64("whole")?);
        for row in 0..rows.len() {
            let number =
                |column: &arrow::array::Int64Array| column.is_valid(row).then(|| column.value(row));
            let code = reason.value(row);
            decisions.push(Decision {
                ordinal: ordinal.value(row),
                proof_id: id.get(row),
                kind: kind
                    .is_valid(row)
                    .then(|| Kind::try_from(kind.value(row)))
                    .transpose()
                    .map_err(|error| rows.refuse(row, "kind", error.to_string()))?,
                reason: Reason::from_code(code).ok_or_else(|| {
                    rows.refuse(row, "reason", format!("{code} is no reason code"))
                })?,
                milli_points: MilliPoints::new(pay.value(row)),
                credits: Credits::new(credits.value(row)),
                beneficiary: beneficiary.optional(row),
                also: also.optional(row).map(|beneficiary| Also {
                    beneficiary,
                    pot: also_pot.value(row),
                    milli_points: MilliPoints::new(also_pay.value(row)),
                }),
                pot: pot.value(row),
                stream: stream.value(row),
                found: number(found),
                bound: number(bound),
                base: number(base),
                share: number(share),
                whole: number(whole),
            });
        }
        Ok(())
    })?;
    Ok(decisions)
}
