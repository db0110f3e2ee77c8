//! The bytes of one record after the other.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use cairn_proof::SignedProof;
use sha2::{Digest, Sha256};

use super::look::BYTE_ORDER_MARK;
use super::{MAX_RECORD_BYTES, ReadError};

/// How records stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// A length (u32, little endian) and as many bytes, repeated.
    Frames,
    /// One JSON object a line; empty lines are skipped.
    Lines,
    /// One JSON value after the other, over any number of lines.
    Values,
    /// A JSON array.
    Array,
}

/// Reads records; nothing after the first error.
pub(super) struct Pieces {
    path: PathBuf,
    layout: Layout,
    source: BufReader<Hashing>,
    record: u64,
    offset: u64,
    /// Inside the brackets of an array.
    inside: bool,
    stopped: bool,
}

impl Pieces {
    pub(super) fn open(path: &Path, layout: Layout) -> Result<Self, ReadError> {
        let file = File::open(path).map_err(ReadError::io(path))?;
        let source = Hashing {
            inner: file,
            hash: Sha256::new(),
        };
        Ok(Self {
            path: path.to_owned(),
            layout,
            source: BufReader::with_capacity(1 << 18, source),
            record: 0,
            offset: 0,
            inside: false,
            stopped: false,
        })
    }

    /// How many records there were, and the SHA-256 of all bytes.
    pub(super) fn finish(self) -> (u64, [u8; 32]) {
        (self.record, self.source.into_inner().hash.finalize().into())
    }

    fn read_frame(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
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
                .map_err(ReadError::io(&self.path))?;
            let length = line.len();
            if length == 0 {
                return Ok(None);
            }
            let whole = line.ends_with(b"\n");
            let text = trimmed(&line);
            if text.len() > MAX_RECORD_BYTES {
                return Err(self.too_long(text.len()));
            }
            // A last line without its newline that is no proof: the file was cut off.
            if !whole && !text.is_empty() && SignedProof::from_json(text).is_err() {
                return Err(self.truncated());
            }
            self.offset = self.offset.saturating_add(length as u64);
            if !text.is_empty() {
                return Ok(Some(text.to_vec()));
            }
        }
    }

    fn read_value(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
        let array = self.layout == Layout::Array;
        self.skip_space()?;
        if array && !self.inside {
            if self.peek()? != Some(b'[') {
                return Err(self.broken("it does not start with a bracket"));
            }
            self.inside = true;
            self.take_byte();
            self.skip_space()?;
        } else if array && self.record > 0 && self.peek()? == Some(b',') {
            self.take_byte();
            self.skip_space()?;
        } else if array && self.record > 0 && !matches!(self.peek()?, None | Some(b']')) {
            return Err(self.broken("two records have no comma between them"));
        }
        match self.peek()? {
            None if array => Err(self.truncated()),
            None => Ok(None),
            Some(b',') => Err(self.broken("a record is missing before a comma")),
            Some(b']') if array => {
                self.take_byte();
                self.skip_space()?;
                if self.peek()?.is_some() {
                    return Err(self.broken("something follows its end"));
                }
                Ok(None)
            }
            Some(_) => self.balanced().map(Some),
        }
    }

    /// One JSON value: brackets and braces outside of strings are closed as often as they are opened.
    fn balanced(&mut self) -> Result<Vec<u8>, ReadError> {
        let start = self.offset;
        let mut value = Vec::new();
        let mut depth = 0_u32;
        let (mut quoted, mut escaped) = (false, false);
        while let Some(byte) = self.peek()? {
            let ends_bare = matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace();
            if depth == 0 && !quoted && !value.is_empty() && ends_bare {
                return Ok(value);
            }
            self.take_byte();
            value.push(byte);
            if value.len() > MAX_RECORD_BYTES {
                let length = value.len() as u64;
                let (path, record) = (self.path.clone(), self.record);
                return Err(ReadError::TooLong {
                    path,
                    record,
                    offset: start,
                    length,
                });
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth = depth.saturating_add(1),
                b'}' | b']' if !quoted => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Ok(value);
                    }
                }
                _ => {}
            }
        }
        if depth > 0 || quoted {
            let (path, record) = (self.path.clone(), self.record);
            return Err(ReadError::Truncated {
                path,
                record,
                offset: start,
            });
        }
        Ok(value)
    }

    /// Passes white space, the marks that stand where files with one were joined, and commas between loose objects.
    fn skip_space(&mut self) -> Result<(), ReadError> {
        while let Some(byte) = self.peek()? {
            let between = self.layout == Layout::Values && byte == b',';
            if !byte.is_ascii_whitespace() && !BYTE_ORDER_MARK.contains(&byte) && !between {
                break;
            }
            self.take_byte();
        }
        Ok(())
    }

    fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        loop {
            match self.source.fill_buf() {
                Ok(buffer) => return Ok(buffer.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ReadError::io(&self.path)(error)),
            }
        }
    }

    fn take_byte(&mut self) {
        self.source.consume(1);
        self.offset = self.offset.saturating_add(1);
    }

    /// Reads until `buffer` is full or the file ends; returns how much there was.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, ReadError> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.source.read(rest) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ReadError::io(&self.path)(error)),
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

    fn broken(&self, problem: &'static str) -> ReadError {
        ReadError::BrokenArray {
            path: self.path.clone(),
            record: self.record,
            offset: self.offset,
            problem,
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
        let piece = match self.layout {
            Layout::Frames => self.read_frame(),
            Layout::Lines => self.read_line(),
            Layout::Values | Layout::Array => self.read_value(),
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

/// A line without its end, the mark at the front of a file (or of one that was appended to another), and the comma it
/// had when it stood in an array.
fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    let line = line.trim_ascii_end();
    match line.strip_suffix(b",") {
        Some(object) if object.ends_with(b"}") => object,
        _ => line,
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
