//! What a file that holds no proof looks like, in words: people hand in what their tools wrote, and a name that ends in
//! .json says little about it.

use std::fmt;

use cairn_proof::{DecodeError, PROOF_TAG};

use super::Format;

/// What a file looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Packed by the program of this name.
    Packed(&'static str),
    /// Text in UTF-16.
    Utf16,
    /// An Apache Parquet file.
    Parquet,
    /// A Borsh stream of proofs, where JSON was expected.
    Borsh,
    /// JSON, where a Borsh stream was expected.
    Json,
    /// Text that is no JSON.
    Text,
    /// Records of the expected format that are something else than proofs.
    Others {
        format: Format,
        /// Why the first is no proof.
        problem: DecodeError,
    },
}

/// What starts a packed file.
const PACKED: [(&[u8], &str); 5] = [
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
];

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Look {
    /// What the first bytes already tell, when it is not `expected`. None of these can start a frame of a Borsh stream:
    /// each would be a length far above what a record has.
    pub(super) fn of_head(expected: Format, head: &[u8]) -> Option<Self> {
        if let Some((_, name)) = PACKED.iter().find(|(magic, _)| head.starts_with(magic)) {
            return Some(Self::Packed(name));
        }
        if head.starts_with(b"PAR1") {
            return Some(Self::Parquet);
        }
        match expected {
            // A length of a record ends in two zeros.
            Format::Borsh => {
                let text = head.iter().take(4).all(|byte| *byte != 0);
                let json = text && matches!(first_byte(head), Some(b'{' | b'['));
                json.then_some(Self::Json)
            }
            Format::Json if is_utf16(head) => Some(Self::Utf16),
            Format::Json => {
                let framed = head
                    .get(4..)
                    .is_some_and(|rest| rest.starts_with(&PROOF_TAG));
                framed.then_some(Self::Borsh)
            }
        }
    }

    /// What records of `format` are of which none is a proof.
    pub(super) fn of_records(format: Format, problem: DecodeError) -> Self {
        Self::Others { format, problem }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Packed(_) => "unpack it, then offer what was in it",
            Self::Utf16 => "save it as UTF-8, then offer it again",
            Self::Parquet => "offer the proofs as a Borsh stream or as JSON, as they were signed",
            Self::Borsh => "name it .borsh, or give --format borsh",
            Self::Json => "name it .jsonl, or give --format jsonl",
            Self::Text | Self::Others { .. } => {
                "give the proofs as they were signed: one JSON object a line, an array of them, or a Borsh stream"
            }
        }
    }
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packed(name) => write!(f, "it is packed with {name}"),
            Self::Utf16 => f.write_str("it is text in UTF-16"),
            Self::Parquet => f.write_str("it is a Parquet file"),
            Self::Borsh => f.write_str("it looks like a Borsh stream of proofs, not like JSON"),
            Self::Json => f.write_str("it looks like JSON, not like a Borsh stream"),
            Self::Text => f.write_str("it is no JSON"),
            Self::Others {
                format: Format::Borsh,
                problem,
            } => write!(
                f,
                "it is a stream of other records; of the first, {problem}"
            ),
            Self::Others {
                format: Format::Json,
                problem,
            } => write!(
                f,
                "it is text of another kind; the first record is {problem}"
            ),
        }
    }
}

/// The first byte that is neither a byte order mark nor white space.
pub(super) fn first_byte(head: &[u8]) -> Option<u8> {
    let head = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
    head.trim_ascii_start().first().copied()
}

fn is_utf16(head: &[u8]) -> bool {
    match head {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        // Without a mark: every other byte of ASCII text is zero.
        [a, 0, b, 0, ..] | [0, a, 0, b, ..] => *a != 0 && *b != 0,
        _ => false,
    }
}
