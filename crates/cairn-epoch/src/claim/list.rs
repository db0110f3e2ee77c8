//! `outputs/claims.parquet`: size, claims and hash of every claim file. The manifest names this list instead of the files: with a
//! hundred thousand of them, it would be too large for the pages that read it.

use std::path::Path;

use bytes::Bytes;

use super::name::ClaimFiles;
use crate::EpochError;
use crate::manifest::FileEntry;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};

/// A row for each file, by its number: that and the tree's depth are its name.
const FIELDS: &[Field] = &[
    Field::new("claims", Kind::U64, Origin::Computed),
    Field::new("size", Kind::U64, Origin::Computed),
    Field::new("sha256", Kind::Bytes(32), Origin::Computed),
];

/// The list of `entries`, which stand in the order of their numbers.
pub(crate) fn encode_list(path: &Path, entries: &[FileEntry]) -> Result<Vec<u8>, EpochError> {
    let each = || entries.iter();
    encode_table(
        path,
        FIELDS,
        vec![
            column::u64(each().map(|entry| entry.rows)),
            column::u64(each().map(|entry| entry.size)),
            column::bytes(each().map(|entry| entry.sha256)),
        ],
    )
}

/// What the list says of each of `files`.
pub(crate) fn decode_list(
    path: &Path,
    bytes: Bytes,
    files: ClaimFiles,
) -> Result<Vec<FileEntry>, EpochError> {
    let mut entries = Vec::new();
    decode_table(path, bytes, FIELDS, |rows| {
        let (claims, size) = (rows.u64("claims")?, rows.u64("size")?);
        let sha256 = rows.bytes::<32>("sha256")?;
        for row in 0..rows.len() {
            let number = u32::try_from(rows.number(row))
                .ok()
                .filter(|number| *number < files.count())
                .ok_or_else(|| {
                    let most = files.count();
                    rows.refuse(row, "sha256", format!("there are only {most} claim files"))
                })?;
            entries.push(FileEntry {
                name: files.name(number),
                rows: claims.value(row),
                sha256: sha256.get(row),
                size: size.value(row),
            });
        }
        Ok(())
    })?;
    if entries.len() as u64 == u64::from(files.count()) {
        return Ok(entries);
    }
    Err(EpochError::Row {
        path: path.to_owned(),
        row: entries.len() as u64,
        field: "sha256".into(),
        message: format!("a claim file is missing: there are {}", files.count()),
    })
}
