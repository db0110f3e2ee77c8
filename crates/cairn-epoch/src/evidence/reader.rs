use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::row::{Evidence, FIELDS, decode};
use crate::EpochError;
use crate::folder::{read, segment_name, segment_number};
use crate::parquet_file::decode_table;

/// Reads the evidence of an epoch, a segment at a time, in the order of receipts.
#[derive(Debug)]
pub struct EvidenceReader {
    segments: Vec<PathBuf>,
}

impl EvidenceReader {
    /// Finds the segments in the folder `inputs/` of an epoch.
    ///
    /// # Errors
    /// [`EpochError::Missing`] names the first segment that the numbering lacks; [`EpochError::Io`].
    pub fn open(inputs: &Path) -> Result<Self, EpochError> {
        Ok(Self {
            segments: segments(inputs)?,
        })
    }

    /// Every submission. Memory holds one segment at a time; after an error nothing more comes.
    ///
    /// Each item may be [`EpochError::Parquet`] (file and row group), [`EpochError::Schema`], [`EpochError::Row`].
    pub fn rows(&self) -> impl Iterator<Item = Result<Evidence, EpochError>> {
        let mut ordinal = 0;
        let mut failed = false;
        self.segments
            .iter()
            .map_while(move |path| {
                if failed {
                    return None;
                }
                let rows = read(path).and_then(|bytes| read_segment(path, bytes.into(), ordinal));
                Some(match rows {
                    Ok(rows) => {
                        ordinal += rows.len() as u64;
                        rows.into_iter().map(Ok).collect()
                    }
                    Err(error) => {
                        failed = true;
                        vec![Err(error)]
                    }
                })
            })
            .flatten()
    }
}

/// Segments of a folder in order; every number from 0 to the last must be there.
pub(crate) fn segments(inputs: &Path) -> Result<Vec<PathBuf>, EpochError> {
    let mut numbers = Vec::new();
    let entries =
        std::fs::read_dir(inputs).map_err(|source| EpochError::io("read", inputs, source))?;
    for entry in entries {
        let entry = entry.map_err(|source| EpochError::io("read", inputs, source))?;
        numbers.extend(entry.file_name().to_str().and_then(segment_number));
    }
    numbers.sort_unstable();
    // A lost segment would silently change what everybody earned.
    if let Some((missing, _)) = numbers
        .iter()
        .enumerate()
        .find(|(at, number)| at != *number)
    {
        return Err(EpochError::Missing {
            path: inputs.join(segment_name(missing)),
        });
    }
    Ok(numbers
        .into_iter()
        .map(|number| inputs.join(segment_name(number)))
        .collect())
}

/// The submissions in the bytes of one segment, the first of which has `first_ordinal`.
pub(crate) fn read_segment(
    path: &Path,
    bytes: Bytes,
    first_ordinal: u64,
) -> Result<Vec<Evidence>, EpochError> {
    let mut rows = Vec::new();
    decode_table(path, bytes, FIELDS, |batch| {
        decode(batch, first_ordinal + batch.number(0), &mut rows)
    })?;
    Ok(rows)
}
