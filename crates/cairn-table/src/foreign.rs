use std::fmt;

use crate::column::Column;

/// Why a file is no table of the wanted kind. Shown, it goes behind the file's name: "drops.csv is empty".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTable {
    #[error("is {0}")]
    Foreign(Foreign),
    #[error("is empty")]
    Empty,
    #[error("separates its columns by {0} instead of commas")]
    Separated(Separator),
    #[error("has a damaged first line: a quote in it does not match another")]
    DamagedHeader,
    #[error("has no header: its first line, \"{line}\", names no column")]
    NoHeader { line: String },
    #[error("has {}, which {} nothing here", columns(.names), if .names.len() == 1 { "means" } else { "mean" })]
    Unknown { names: Vec<String> },
    #[error("names the column {name} twice")]
    Twice { name: String },
    #[error("has no column {}", .columns.join(" and no column "))]
    Missing { columns: Vec<&'static str> },
    #[error("has a header and no row")]
    NoRow,
}

fn columns(names: &[String]) -> String {
    let quoted = names.join("\", \"");
    match names.len() {
        1 => format!("the column \"{quoted}\""),
        _ => format!("the columns \"{quoted}\""),
    }
}

impl NoTable {
    /// What to do about it, for a table of the columns `C`.
    #[must_use]
    pub fn hint<C: Column>(&self) -> String {
        match self {
            Self::Foreign(foreign) => foreign.hint().to_owned(),
            Self::Separated(separator) => separator.hint().to_owned(),
            Self::NoRow => "add rows below the header".to_owned(),
            Self::Empty
            | Self::DamagedHeader
            | Self::NoHeader { .. }
            | Self::Unknown { .. }
            | Self::Twice { .. }
            | Self::Missing { .. } => {
                format!("the first line names the columns: {}", C::HEADER)
            }
        }
    }
}

/// What stands between the columns of a table that is refused for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    Semicolon,
    Bar,
    Blank,
}

impl Separator {
    pub(crate) const fn of(byte: u8) -> Option<Self> {
        match byte {
            b';' => Some(Self::Semicolon),
            b'|' => Some(Self::Bar),
            b' ' => Some(Self::Blank),
            _ => None,
        }
    }

    const fn hint(self) -> &'static str {
        match self {
            Self::Semicolon => {
                "spreadsheets write semicolons where a comma is the decimal sign: save it with commas between the columns \
                 and points in the numbers (LibreOffice: field delimiter; Excel: the region's list and decimal separators)"
            }
            Self::Bar | Self::Blank => "save it as CSV: commas between the columns",
        }
    }
}

impl fmt::Display for Separator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Semicolon => "semicolons",
            Self::Bar => "vertical bars",
            Self::Blank => "blanks",
        })
    }
}

/// Files that are no text table at all, known by how they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    Utf16,
    Spreadsheet,
    Gzip,
    Parquet,
    Pdf,
    Json,
    Markup,
    ZeroBytes,
}

impl Foreign {
    /// How many bytes are searched for zeros.
    const LOOK: usize = 4096;

    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        const BEGINNINGS: [(&[u8], Foreign); 8] = [
            (b"\xff\xfe", Foreign::Utf16),
            (b"\xfe\xff", Foreign::Utf16),
            (b"PK\x03\x04", Foreign::Spreadsheet),
            (b"\xd0\xcf\x11\xe0", Foreign::Spreadsheet),
            (b"\x1f\x8b", Foreign::Gzip),
            (b"PAR1", Foreign::Parquet),
            (b"%PDF", Foreign::Pdf),
            (b"{\\rtf", Foreign::Markup),
        ];
        let known = BEGINNINGS
            .iter()
            .find(|(beginning, _)| bytes.starts_with(beginning));
        if let Some((_, foreign)) = known {
            return Some(*foreign);
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match text.trim_ascii_start().first() {
            Some(b'{' | b'[') => return Some(Self::Json),
            Some(b'<') => return Some(Self::Markup),
            _ => {}
        }
        let beginning = bytes.get(..Self::LOOK).unwrap_or(bytes);
        beginning.contains(&0).then_some(Self::ZeroBytes)
    }

    const fn hint(self) -> &'static str {
        match self {
            Self::Utf16 | Self::ZeroBytes => "save it as CSV in UTF-8 (in Excel: \"CSV UTF-8\")",
            Self::Gzip => "unpack it first",
            Self::Spreadsheet | Self::Parquet | Self::Pdf | Self::Json => {
                "export it as CSV: one line a row, commas between the columns"
            }
            Self::Markup => {
                "download the table itself as CSV; a page that asks for a login is often saved in its place"
            }
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf16 => "encoded in UTF-16",
            Self::Spreadsheet => "a spreadsheet's own file (xlsx, xls, ods), not a CSV",
            Self::Gzip => "compressed (gzip)",
            Self::Parquet => "a Parquet file, not a CSV",
            Self::Pdf => "a PDF, not a CSV",
            Self::Json => "JSON, not a CSV",
            Self::Markup => "a formatted document or web page, not a CSV",
            Self::ZeroBytes => "no text: it holds zero bytes, as UTF-16 without its mark does",
        })
    }
}
