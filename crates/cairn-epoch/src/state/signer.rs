use std::path::Path;

use bytes::Bytes;

use crate::EpochError;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};

/// The highest sequence number of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signer {
    pub key: [u8; 32],
    pub sequence: u64,
}

pub(crate) const SIGNER_FIELDS: &[Field] = &[
    Field::new("key", Kind::Bytes(32), Origin::PreviousManifest),
    Field::new("sequence", Kind::U64, Origin::PreviousManifest),
];

pub(super) fn encode(path: &Path, signers: &[Signer]) -> Result<Vec<u8>, EpochError> {
    encode_table(
        path,
        SIGNER_FIELDS,
        vec![
            column::bytes(signers.iter().map(|signer| signer.key)),
            column::u64(signers.iter().map(|signer| signer.sequence)),
        ],
    )
}

/// Reads the signers, ascending by key.
pub(crate) fn decode_signers(path: &Path, bytes: Bytes) -> Result<Vec<Signer>, EpochError> {
    let mut signers: Vec<Signer> = Vec::new();
    decode_table(path, bytes, SIGNER_FIELDS, |rows| {
        let (key, sequence) = (rows.bytes::<32>("key")?, rows.u64("sequence")?);
        for row in 0..rows.len() {
            let signer = Signer {
                key: key.get(row),
                sequence: sequence.value(row),
            };
            if signers.last().is_some_and(|last| last.key >= signer.key) {
                let message = "keys must ascend and none may stand twice".to_owned();
                return Err(rows.refuse(row, "key", message));
            }
            signers.push(signer);
        }
        Ok(())
    })?;
    Ok(signers)
}
