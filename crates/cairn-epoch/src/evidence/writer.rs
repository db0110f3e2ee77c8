use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cairn_proof::{Kind, SignedProof};
use sha2::{Digest, Sha256};

use super::row::{Content, FIELDS, encode_signatures};
use crate::EpochError;
use crate::disk::{Machine, write_new};
use crate::parquet_file::{column, encode_table};
use crate::segment::SegmentName;

/// Rows of a full segment.
pub const SEGMENT_ROWS: usize = 65_536;

/// A segment that stands on disk under its final name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub name: SegmentName,
    pub rows: u64,
    /// Which of the submissions this writer took, counted from 0, stand in it, row by row.
    pub taken: Vec<usize>,
    pub sha256: [u8; 32],
}

/// A submission that is not safe yet.
#[derive(Debug)]
struct Row {
    /// Its place among all that the writer took.
    place: usize,
    received_at_ms: i64,
    content: Content,
}

/// Appends submissions to the evidence of an epoch that is still open.
///
/// A segment holds one kind, so a flush writes one for each kind that came. Rows are safe once the segment that holds them is:
/// after every [`SEGMENT_ROWS`] rows, and after [`EvidenceWriter::flush`]. A receipt must wait for that. A crash loses what was
/// not, and never leaves half a segment: each is written beside its name, synced, then given it.
#[derive(Debug)]
pub struct EvidenceWriter {
    folder: PathBuf,
    next: usize,
    count: usize,
    pending: BTreeMap<Option<Kind>, Vec<Row>>,
    written: Vec<Segment>,
}

impl EvidenceWriter {
    /// Opens the folder `inputs/` of an epoch, which need not be there yet. The first segment written is number `next`:
    /// whoever acknowledges the rows hands the numbers out. A number that is taken is refused, never replaced.
    #[must_use]
    pub fn open(inputs: &Path, next: usize) -> Self {
        Self {
            folder: inputs.to_owned(),
            next,
            count: 0,
            pending: BTreeMap::new(),
            written: Vec::new(),
        }
    }

    /// Takes a proof received at `received_at_ms`.
    ///
    /// # Errors
    /// [`EpochError::Io`] when a full segment can not be written; the rows stay and the next call tries again.
    pub fn append(&mut self, proof: &SignedProof, received_at_ms: i64) -> Result<(), EpochError> {
        // A proof built in memory may hold what no bytes can; as bytes it is refused like everybody else's.
        let content = match SignedProof::from_bytes(&proof.to_bytes()) {
            Ok(_) => Content::Proof(proof.clone()),
            Err(_) => Content::Raw(proof.to_bytes()),
        };
        self.take(content, received_at_ms)
    }

    /// Takes bytes as they came in. When they are a proof they are filed as one.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn append_raw(&mut self, bytes: &[u8], received_at_ms: i64) -> Result<(), EpochError> {
        let content = match SignedProof::from_bytes(bytes) {
            Ok(proof) => Content::Proof(proof),
            Err(_) => Content::Raw(bytes.to_vec()),
        };
        self.take(content, received_at_ms)
    }

    fn take(&mut self, content: Content, received_at_ms: i64) -> Result<(), EpochError> {
        let kind = match &content {
            Content::Proof(signed) => Some(signed.proof.kind()),
            Content::Raw(_) => None,
        };
        self.pending.entry(kind).or_default().push(Row {
            place: self.count,
            received_at_ms,
            content,
        });
        self.count += 1;
        if self.pending() >= SEGMENT_ROWS {
            self.flush()?;
        }
        Ok(())
    }

    /// Rows taken and not yet safe.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.pending.values().map(Vec::len).sum()
    }

    /// Writes what is pending, however little: a segment for each kind of it.
    ///
    /// # Errors
    /// [`EpochError::Io`], among others when the segment's name is taken: somebody else writes here too.
    pub fn flush(&mut self) -> Result<(), EpochError> {
        while let Some(set) = self.pending.first_entry() {
            let name = SegmentName {
                number: self.next,
                kind: *set.key(),
            };
            let path = self.folder.join(name.to_string());
            let bytes = encode(&path, set.get())?;
            write_new(&Machine, &path, &bytes)?;
            let rows = set.remove();
            self.written.push(Segment {
                name,
                rows: rows.len() as u64,
                taken: rows.iter().map(|row| row.place).collect(),
                sha256: Sha256::digest(&bytes).into(),
            });
            self.next += 1;
        }
        Ok(())
    }

    /// Writes what is pending and says which segments this writer has made.
    ///
    /// # Errors
    /// [`EpochError::Io`].
    pub fn finish(mut self) -> Result<Vec<Segment>, EpochError> {
        self.flush()?;
        Ok(self.written)
    }
}

fn encode(path: &Path, rows: &[Row]) -> Result<Vec<u8>, EpochError> {
    let proofs = || {
        rows.iter().map(|row| match &row.content {
            Content::Proof(signed) => Some(&signed.proof),
            Content::Raw(_) => None,
        })
    };
    let bodies: Vec<Option<Vec<u8>>> = proofs()
        .map(|proof| proof.map(|proof| proof.body.to_bytes()))
        .collect();
    let signatures: Vec<Option<Vec<u8>>> = rows
        .iter()
        .map(|row| match &row.content {
            Content::Proof(signed) => Some(encode_signatures(&signed.signatures)),
            Content::Raw(_) => None,
        })
        .collect();
    encode_table(
        path,
        FIELDS,
        vec![
            column::i64(rows.iter().map(|row| row.received_at_ms)),
            column::optional_bytes(proofs().map(|proof| Some(proof?.network))),
            column::optional_u16(proofs().map(|proof| Some(proof?.kind().code()))),
            column::optional_u16(proofs().map(|proof| Some(proof?.ruleset))),
            column::optional_bytes(proofs().map(|proof| Some(proof?.subject))),
            column::optional_u64(proofs().map(|proof| Some(proof?.signer_seq))),
            column::optional_u32(proofs().map(|proof| Some(proof?.epoch))),
            column::optional_i64(proofs().map(|proof| Some(proof?.observed_at_ms))),
            column::optional_u64(proofs().map(|proof| Some(proof?.anchor_slot))),
            column::optional_bytes(proofs().map(|proof| Some(proof?.anchor_hash))),
            column::optional_u64(proofs().map(|proof| Some(proof?.cell))),
            column::optional_binary(bodies.iter().map(Option::as_deref)),
            column::optional_binary(signatures.iter().map(Option::as_deref)),
            column::optional_binary(rows.iter().map(|row| match &row.content {
                Content::Raw(bytes) => Some(bytes.as_slice()),
                Content::Proof(_) => None,
            })),
        ],
    )
}
