//! Files of proofs: a Borsh stream, or JSON as people's tools write it. A file is looked through whole before anything
//! of it is filed, so a truncated one is refused as a whole and can be offered again once it is repaired; and one in
//! which not a single proof is found is not what its name says, and none of it becomes evidence.

mod look;
mod pieces;
mod refusal;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use cairn_proof::{DecodeError, SignedProof};

pub use look::Look;
pub use refusal::ReadError;

use super::{Content, Record};
use pieces::{Layout, Pieces};

/// Longest record accepted: a proof has under 2 KiB, as JSON under 5. What is longer is no list of proofs at all.
pub const MAX_RECORD_BYTES: usize = 64 * 1024;

/// Bytes at the front of a file that tell what it is.
const HEAD_BYTES: u64 = 4 * 1024;

/// How a file holds its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Each record is its length (u32, little endian) and the bytes of [`SignedProof::to_bytes`].
    Borsh,
    /// [`SignedProof::to_json`], one a line, in an array, or one object after the other over any number of lines. In
    /// UTF-8, with or without a byte order mark.
    Json,
}

/// A file that was looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Of the whole file.
    pub sha256: [u8; 32],
    pub records: u64,
    format: Format,
    layout: Layout,
}

/// One reading of a file in one layout.
struct Tried {
    /// Some record of it is a proof.
    proofs: bool,
    outcome: Result<Scan, ReadError>,
}

impl Format {
    /// The format by a file's extension.
    ///
    /// # Errors
    /// [`ReadError::UnknownFormat`].
    pub fn of(path: &Path) -> Result<Self, ReadError> {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("borsh") => Ok(Self::Borsh),
            Some("jsonl" | "ndjson" | "json") => Ok(Self::Json),
            _ => Err(ReadError::UnknownFormat {
                path: path.to_owned(),
            }),
        }
    }

    /// Looks through the whole file, until the first proof decoding what it finds.
    ///
    /// # Errors
    /// [`ReadError`] naming record and byte, or what the file looks like when no record of it is a proof.
    pub fn scan(self, path: &Path) -> Result<Scan, ReadError> {
        let head = head(path)?;
        if let Some(look) = Look::of_head(self, &head) {
            let path = path.to_owned();
            return Err(ReadError::NoProof { path, look });
        }
        match (self, look::first_byte(&head)) {
            (Self::Borsh, _) => self.try_layout(path, Layout::Frames)?.outcome,
            (Self::Json, Some(b'[')) => self.try_layout(path, Layout::Array)?.outcome,
            (Self::Json, first) => self.scan_json(path, first),
        }
    }

    /// Lines, unless no line is a proof and the file reads as one object after the other. In this order, because a
    /// record that came from a stranger must not decide how the others are read.
    fn scan_json(self, path: &Path, first: Option<u8>) -> Result<Scan, ReadError> {
        let lines = self.try_layout(path, Layout::Lines)?;
        if lines.proofs {
            return lines.outcome;
        }
        if first == Some(b'{') {
            let values = self.try_layout(path, Layout::Values)?;
            if values.proofs {
                return values.outcome;
            }
            return lines.outcome;
        }
        match lines.outcome {
            Err(ReadError::Truncated { path, .. } | ReadError::TooLong { path, .. }) => {
                Err(ReadError::NoProof {
                    path,
                    look: Look::Text,
                })
            }
            outcome => outcome,
        }
    }

    fn try_layout(self, path: &Path, layout: Layout) -> Result<Tried, ReadError> {
        let mut pieces = Pieces::open(path, layout)?;
        let mut problem: Option<DecodeError> = None;
        let mut proofs = false;
        for piece in pieces.by_ref() {
            let bytes = match piece {
                Ok(bytes) => bytes,
                Err(error @ ReadError::Io { .. }) => return Err(error),
                Err(error) => {
                    let outcome = Err(error);
                    return Ok(Tried { proofs, outcome });
                }
            };
            if !proofs {
                match self.decode(&bytes) {
                    Ok(_) => proofs = true,
                    Err(found) => problem = problem.or(Some(found)),
                }
            }
        }
        let path = path.to_owned();
        let (records, sha256) = pieces.finish();
        let outcome = match (records, problem) {
            (0, _) => Err(ReadError::Empty { path }),
            (_, Some(problem)) if !proofs => Err(ReadError::NoProof {
                path,
                look: Look::of_records(self, problem),
            }),
            _ => Ok(Scan {
                sha256,
                records,
                format: self,
                layout,
            }),
        };
        Ok(Tried { proofs, outcome })
    }

    fn decode(self, bytes: &[u8]) -> Result<SignedProof, DecodeError> {
        match self {
            Self::Borsh => SignedProof::from_bytes(bytes),
            Self::Json => SignedProof::from_json(bytes),
        }
    }
}

impl Scan {
    /// Reads the records as they were found, each with the same time of receipt.
    ///
    /// # Errors
    /// [`ReadError::Io`] when the file can not be opened; the iterator's items as [`Format::scan`].
    pub fn records(
        &self,
        path: &Path,
        received_at_ms: i64,
    ) -> Result<impl Iterator<Item = Result<Record, ReadError>> + use<>, ReadError> {
        let format = self.format;
        let pieces = Pieces::open(path, self.layout)?;
        Ok(pieces.map(move |piece| {
            let bytes = piece?;
            Ok(Record {
                content: match format.decode(&bytes) {
                    Ok(proof) => Content::Proof(proof),
                    Err(problem) => Content::Raw { bytes, problem },
                },
                received_at_ms,
            })
        }))
    }
}

fn head(path: &Path) -> Result<Vec<u8>, ReadError> {
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head))
        .map_err(ReadError::io(path))?;
    Ok(head)
}

#[cfg(test)]
mod tests;
