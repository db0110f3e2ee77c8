use arrow::array::{
    Array as _, ArrayRef, BinaryArray, Int64Array, UInt16Array, UInt32Array, UInt64Array,
};
use cairn_proof::{Body, Kind, MAX_SIGNATURES, ProofV1, Role, RoleSignature, Scheme, SignedProof};

use crate::EpochError;
use crate::origin::Origin;
use crate::parquet_file::{Field, Fixed, Kind as Column, Rows};

/// One submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Place in the order of receipts, from 0, over all segments.
    pub ordinal: u64,
    /// When the keeper took it, unix milliseconds.
    pub received_at_ms: i64,
    pub content: Content,
}

/// What was submitted.
#[expect(clippy::large_enum_variant, reason = "nearly every row is a proof")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Proof(SignedProof),
    /// Bytes that were no proof when they came. They are kept, because whoever sent them has a receipt.
    Raw(Vec<u8>),
}

/// Columns of a segment. A row has either all columns of a proof or `raw`.
pub(crate) const FIELDS: &[Field] = &[
    Field::new("received_at_ms", Column::I64, Origin::KeeperReceipt),
    Field::optional("network", Column::Bytes(32), Origin::SignedEvidence),
    Field::optional("kind", Column::U16, Origin::SignedEvidence),
    Field::optional("ruleset", Column::U16, Origin::SignedEvidence),
    Field::optional("subject", Column::Bytes(32), Origin::SignedEvidence),
    Field::optional("signer_seq", Column::U64, Origin::SignedEvidence),
    Field::optional("epoch", Column::U32, Origin::SignedEvidence),
    Field::optional("observed_at_ms", Column::I64, Origin::SignedEvidence),
    Field::optional("anchor_slot", Column::U64, Origin::SignedEvidence),
    Field::optional("anchor_hash", Column::Bytes(32), Origin::SignedEvidence),
    Field::optional("cell", Column::U64, Origin::SignedEvidence),
    Field::optional("body", Column::Binary, Origin::SignedEvidence),
    Field::optional("signatures", Column::Binary, Origin::SignedEvidence),
    Field::optional("raw", Column::Binary, Origin::SignedEvidence),
];

/// Bytes of one signature in the column: role, scheme, 64.
const SIGNATURE_BYTES: usize = 66;

pub(super) fn encode_signatures(signatures: &[RoleSignature]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(signatures.len() * SIGNATURE_BYTES);
    for signature in signatures {
        bytes.push(signature.role.code());
        bytes.push(signature.scheme.code());
        bytes.extend_from_slice(&signature.signature);
    }
    bytes
}

fn decode_signatures(bytes: &[u8]) -> Result<Vec<RoleSignature>, String> {
    let (chunks, rest) = bytes.as_chunks::<SIGNATURE_BYTES>();
    if !rest.is_empty() || chunks.len() > MAX_SIGNATURES {
        return Err(format!(
            "{} bytes are not up to {MAX_SIGNATURES} signatures",
            bytes.len()
        ));
    }
    let signatures = chunks
        .iter()
        .map(|[role, scheme, signature @ ..]| {
            Ok(RoleSignature {
                role: Role::try_from(*role).map_err(|error| error.to_string())?,
                scheme: Scheme::try_from(*scheme).map_err(|error| error.to_string())?,
                signature: *signature,
            })
        })
        .collect::<Result<Vec<_>, String>>()?;
    // Another order would be another set of bytes for the same submission.
    if signatures.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err("signatures must rise by role".to_owned());
    }
    Ok(signatures)
}

/// The rows of a batch as submissions, all of one kind: what stands apart must not be found among the rest.
pub(super) fn decode(
    rows: &Rows<'_>,
    set: Option<Kind>,
    first_ordinal: u64,
    into: &mut Vec<Evidence>,
) -> Result<(), EpochError> {
    let columns = Columns::of(rows)?;
    into.reserve(rows.len());
    for row in 0..rows.len() {
        let content = match (columns.filled(row), columns.raw.is_valid(row)) {
            (count, false) if count == PROOF_COLUMNS => Content::Proof(
                columns
                    .proof(row)
                    .map_err(|(field, message)| rows.refuse(row, field, message))?,
            ),
            (0, true) => Content::Raw(columns.raw.value(row).to_vec()),
            _ => {
                let message = "a row holds either every column of a proof or raw bytes".to_owned();
                return Err(rows.refuse(row, "raw", message));
            }
        };
        let kind = match &content {
            Content::Proof(signed) => Some(signed.proof.kind()),
            Content::Raw(_) => None,
        };
        if kind != set {
            let message = "the row belongs among another kind's evidence".to_owned();
            return Err(rows.refuse(row, "kind", message));
        }
        into.push(Evidence {
            ordinal: first_ordinal + row as u64,
            received_at_ms: columns.received_at_ms.value(row),
            content,
        });
    }
    Ok(())
}

/// Columns between the first and the last.
const PROOF_COLUMNS: usize = FIELDS.len() - 2;

struct Columns<'a> {
    received_at_ms: &'a Int64Array,
    network: Fixed<'a, 32>,
    kind: &'a UInt16Array,
    ruleset: &'a UInt16Array,
    subject: Fixed<'a, 32>,
    signer_seq: &'a UInt64Array,
    epoch: &'a UInt32Array,
    observed_at_ms: &'a Int64Array,
    anchor_slot: &'a UInt64Array,
    anchor_hash: Fixed<'a, 32>,
    cell: &'a UInt64Array,
    body: &'a BinaryArray,
    signatures: &'a BinaryArray,
    raw: &'a BinaryArray,
    of_proof: &'a [ArrayRef],
}

impl<'a> Columns<'a> {
    fn of(rows: &'a Rows<'_>) -> Result<Self, EpochError> {
        Ok(Self {
            received_at_ms: rows.i64("received_at_ms")?,
            network: rows.bytes("network")?,
            kind: rows.u16("kind")?,
            ruleset: rows.u16("ruleset")?,
            subject: rows.bytes("subject")?,
            signer_seq: rows.u64("signer_seq")?,
            epoch: rows.u32("epoch")?,
            observed_at_ms: rows.i64("observed_at_ms")?,
            anchor_slot: rows.u64("anchor_slot")?,
            anchor_hash: rows.bytes("anchor_hash")?,
            cell: rows.u64("cell")?,
            body: rows.binary("body")?,
            signatures: rows.binary("signatures")?,
            raw: rows.binary("raw")?,
            of_proof: &rows.batch().columns()[1..=PROOF_COLUMNS],
        })
    }

    /// How many of the proof's columns hold a value.
    fn filled(&self, row: usize) -> usize {
        self.of_proof
            .iter()
            .filter(|column| column.is_valid(row))
            .count()
    }

    fn proof(&self, row: usize) -> Result<SignedProof, (&'static str, String)> {
        let kind =
            Kind::try_from(self.kind.value(row)).map_err(|error| ("kind", error.to_string()))?;
        let body = self.body.value(row);
        let proof = ProofV1 {
            network: self.network.get(row),
            ruleset: self.ruleset.value(row),
            subject: self.subject.get(row),
            signer_seq: self.signer_seq.value(row),
            epoch: self.epoch.value(row),
            observed_at_ms: self.observed_at_ms.value(row),
            anchor_slot: self.anchor_slot.value(row),
            anchor_hash: self.anchor_hash.get(row),
            cell: self.cell.value(row),
            body: Body::from_bytes(kind, body).map_err(|error| ("body", error.to_string()))?,
        };
        let signatures = decode_signatures(self.signatures.value(row))
            .map_err(|message| ("signatures", message))?;
        Ok(SignedProof { proof, signatures })
    }
}
