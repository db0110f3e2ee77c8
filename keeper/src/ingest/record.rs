//! Files of proofs: a Borsh stream or JSON lines. A file is looked through whole before anything of it is filed, so a
//! truncated one is refused as a whole and can be offered again once it is repaired.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use cairn_proof::{DecodeError, SignedProof};
use sha2::{Digest, Sha256};

/// Longest record accepted: a proof has under 2 KiB, as JSON under 5. What is longer is no list of proofs at all.
pub const MAX_RECORD_BYTES: usize = 64 * 1024;

/// How a file holds its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Each record is its length (u32, little endian) and the bytes of [`SignedProof::to_bytes`].
    Borsh,
    /// Each line is [`SignedProof::to_json`]; empty lines are skipped.
    JsonLines,
}

/// One thing received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub content: Content,
    /// Unix milliseconds; the rules measure lateness from it.
    pub received_at_ms: i64,
}

/// A proof, or bytes that are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Proof(SignedProof),
    Raw {
        bytes: Vec<u8>,
        problem: DecodeError,
    },
}

impl Record {
    #[must_use]
    pub const fn proof(proof: SignedProof, received_at_ms: i64) -> Self {
        Self {
            content: Content::Proof(proof),
            received_at_ms,
        }
    }

    /// The proof's id, or the SHA-256 of bytes that are none.
    #[must_use]
    pub fn id(&self) -> [u8; 32] {
        match &self.content {
            Content::Proof(signed) => signed.proof.id(),
            Content::Raw { bytes, .. } => Sha256::digest(bytes).into(),
        }
    }
}

/// Why a file can not be ingested. Nothing of it was filed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{} can not be read: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}: neither .borsh nor .jsonl tells its format", path.display())]
    UnknownFormat { path: PathBuf },
    #[error("{} ends inside record {record}, which starts at byte {offset}", path.display())]
    Truncated {
        path: PathBuf,
        record: u64,
        offset: u64,
    },
    #[error(
        "{}: record {record} at byte {offset} claims {length} bytes; a record has at most {MAX_RECORD_BYTES}",
        path.display()
    )]
    TooLong {
        path: PathBuf,
        record: u64,
        offset: u64,
        length: u64,
    },
    #[error("{} holds no record", path.display())]
    Empty { path: PathBuf },
    #[error("{} changed while it was being read", path.display())]
    Changed { path: PathBuf },
}

impl ReadError {
    /// What to do about it, in one sentence.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Io { .. } => "check the path and that this user may read it",
            Self::UnknownFormat { .. } => "name the format with --format borsh or --format jsonl",
            Self::Truncated { .. } => {
                "nothing of it was filed: fetch the whole file and ingest it again"
            }
            Self::TooLong { .. } => {
                "check the format: a Borsh stream is (u32 length, proof) repeated, JSON lines hold one proof a line"
            }
            Self::Empty { .. } => "check that this is the right file",
            Self::Changed { .. } => "ingest it once its writer has finished",
        }
    }
}

/// What looking through a file found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scan {
    pub sha256: [u8; 32],
    pub records: u64,
}

impl Format {
    /// The format by a file's extension.
    ///
    /// # Errors
    /// [`ReadError::UnknownFormat`].
    pub fn of(path: &Path) -> Result<Self, ReadError> {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("borsh") => Ok(Self::Borsh),
            Some("jsonl" | "ndjson" | "json") => Ok(Self::JsonLines),
            _ => Err(ReadError::UnknownFormat {
                path: path.to_owned(),
            }),
        }
    }

    /// Looks through the whole file without decoding proofs.
    ///
    /// # Errors
    /// [`ReadError`] naming record and byte.
    pub fn scan(self, path: &Path) -> Result<Scan, ReadError> {
        let mut pieces = self.pieces(path)?;
        for piece in pieces.by_ref() {
            piece?;
        }
        if pieces.record == 0 {
            return Err(ReadError::Empty {
                path: path.to_owned(),
            });
        }
        Ok(Scan {
            records: pieces.record,
            sha256: pieces.source.into_inner().hash.finalize().into(),
        })
    }

    /// Reads the records, each with the same time of receipt.
    ///
    /// # Errors
    /// [`ReadError::Io`] when the file can not be opened; the iterator's items as [`Format::scan`].
    pub fn records(
        self,
        path: &Path,
        received_at_ms: i64,
    ) -> Result<impl Iterator<Item = Result<Record, ReadError>> + use<>, ReadError> {
        let pieces = self.pieces(path)?;
        Ok(pieces.map(move |piece| {
            piece.map(|bytes| Record {
                content: self.decode(bytes),
                received_at_ms,
            })
        }))
    }

    fn decode(self, bytes: Vec<u8>) -> Content {
        let decoded = match self {
            Self::Borsh => SignedProof::from_bytes(&bytes),
            Self::JsonLines => SignedProof::from_json(&bytes),
        };
        match decoded {
            Ok(proof) => Content::Proof(proof),
            Err(problem) => Content::Raw { bytes, problem },
        }
    }

    fn pieces(self, path: &Path) -> Result<Pieces, ReadError> {
        let file = File::open(path).map_err(|source| ReadError::Io {
            path: path.to_owned(),
            source,
        })?;
        let source = Hashing {
            inner: file,
            hash: Sha256::new(),
        };
        Ok(Pieces {
            path: path.to_owned(),
            format: self,
            source: BufReader::with_capacity(1 << 18, source),
            record: 0,
            offset: 0,
            stopped: false,
        })
    }
}

/// The bytes of one record after the other; nothing after the first error.
struct Pieces {
    path: PathBuf,
    format: Format,
    source: BufReader<Hashing>,
    record: u64,
    offset: u64,
    stopped: bool,
}

impl Pieces {
    fn read_borsh(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
        let mut head = [0; 4];
        match self.fill(&mut head)? {
            0 => return Ok(None),
            4 => {}
            _ => return Err(self.truncated()),
        }
        let length = u32::from_le_bytes(head) as usize;
        if length > MAX_RECORD_BYTES {
            return Err(self.too_long(length));
        }
        let mut bytes = vec![0; length];
        if self.fill(&mut bytes)? < length {
            return Err(self.truncated());
        }
        self.offset = self.offset.saturating_add(length as u64 + 4);
        Ok(Some(bytes))
    }

    fn read_line(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
        loop {
            let mut line = Vec::new();
            let mut limited = (&mut self.source).take(MAX_RECORD_BYTES as u64 + 2);
            limited
                .read_until(b'\n', &mut line)
                .map_err(|source| ReadError::Io {
                    path: self.path.clone(),
                    source,
                })?;
            let length = line.len();
            if length == 0 {
                return Ok(None);
            }
            let whole = line.ends_with(b"\n");
            line.truncate(line.trim_ascii_end().len());
            if line.len() > MAX_RECORD_BYTES {
                return Err(self.too_long(line.len()));
            }
            // A last line without its newline that is no proof: the file was cut off.
            if !whole && SignedProof::from_json(&line).is_err() {
                return Err(self.truncated());
            }
            self.offset = self.offset.saturating_add(length as u64);
            if !line.is_empty() {
                return Ok(Some(line));
            }
        }
    }

    /// Reads until `buffer` is full or the file ends; returns how much there was.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.source.read(rest) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => {
                    return Err(ReadError::Io {
                        path: self.path.clone(),
                        source,
                    });
                }
            }
        }
        Ok(filled)
    }

    fn truncated(&self) -> ReadError {
        ReadError::Truncated {
            path: self.path.clone(),
            record: self.record,
            offset: self.offset,
        }
    }

    fn too_long(&self, length: usize) -> ReadError {
        ReadError::TooLong {
            path: self.path.clone(),
            record: self.record,
            offset: self.offset,
            length: length as u64,
        }
    }
}

impl Iterator for Pieces {
    type Item = Result<Vec<u8>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.stopped {
            return None;
        }
        let piece = match self.format {
            Format::Borsh => self.read_borsh(),
            Format::JsonLines => self.read_line(),
        };
        match piece {
            Ok(Some(bytes)) => {
                self.record = self.record.saturating_add(1);
                Some(Ok(bytes))
            }
            Ok(None) => {
                self.stopped = true;
                None
            }
            Err(error) => {
                self.stopped = true;
                Some(Err(error))
            }
        }
    }
}

/// A file whose every byte passes through a hash.
struct Hashing {
    inner: File,
    hash: Sha256,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// One record of a Borsh stream, as devices and the demo write it.
#[must_use]
pub fn frame(proof: &SignedProof) -> Vec<u8> {
    let bytes = proof.to_bytes();
    // A proof is bounded far below 4 GiB.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    [length.to_le_bytes().as_slice(), &bytes].concat()
}

#[cfg(test)]
mod tests;
