use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::row::{Evidence, FIELDS, decode};
use crate::EpochError;
use crate::folder::{list_files, read};
use crate::parquet_file::decode_table;
use crate::segment::SegmentName;

/// Reads the evidence of an epoch, a segment at a time, in the order of receipts.
#[derive(Debug)]
pub struct EvidenceReader {
    inputs: PathBuf,
    segments: Vec<SegmentName>,
}

impl EvidenceReader {
    /// Finds the segments in the folder `inputs/` of an epoch.
    ///
    /// # Errors
    /// [`EpochError::Missing`] names the first segment that the numbering lacks, [`EpochError::Stray`] one whose number is
    /// taken; [`EpochError::Io`].
    pub fn open(inputs: &Path) -> Result<Self, EpochError> {
        Ok(Self {
            inputs: inputs.to_owned(),
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
            .map_while(move |segment| {
                if failed {
                    return None;
                }
                let path = self.inputs.join(segment.to_string());
                let rows = read(&path)
                    .and_then(|bytes| read_segment(*segment, &path, bytes.into(), ordinal));
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

/// Segments of a folder in order; every number from 0 to the last must be there, and once.
pub(crate) fn segments(inputs: &Path) -> Result<Vec<SegmentName>, EpochError> {
    if !inputs.join("evidence").is_dir() {
        return Ok(Vec::new());
    }
    let mut segments: Vec<SegmentName> = list_files(inputs, "evidence")?
        .iter()
        .filter_map(|name| SegmentName::parse(name))
        .collect();
    segments.sort_unstable();
    for (number, segment) in segments.iter().enumerate() {
        // A second segment of a number would come between those that have receipts.
        if segment.number < number {
            return Err(EpochError::Stray {
                path: inputs.join(segment.to_string()),
            });
        }
        // A lost segment would silently change what everybody earned.
        if segment.number > number {
            return Err(EpochError::Missing {
                path: inputs.join(format!("evidence/<kind>/{number:04}.parquet")),
            });
        }
    }
    Ok(segments)
}

/// The submissions in the bytes of one segment, the first of which has `first_ordinal`.
pub(crate) fn read_segment(
    segment: SegmentName,
    path: &Path,
    bytes: Bytes,
    first_ordinal: u64,
) -> Result<Vec<Evidence>, EpochError> {
    let mut rows = Vec::new();
    decode_table(path, bytes, FIELDS, |batch| {
        decode(
            batch,
            segment.kind,
            first_ordinal + batch.number(0),
            &mut rows,
        )
    })?;
    Ok(rows)
}
