//! Reads a recipients table on all cores and reports its faults by row.
//!
//! The dialect is RFC 4180 with one line a row: no field of such a table holds a line break, and so a file is cut at
//! line breaks into pieces that are read side by side. LF, CR LF, a byte order mark, quoted fields, blanks around
//! fields and empty lines are taken; everything doubtful is a fault.

use std::borrow::Cow;
use std::path::Path;

use rayon::prelude::*;

use crate::CampaignError;
use crate::amount::Units;
use crate::error::{Column, FAULTS_LISTED, Fault, Faults, Problem};
use crate::progress::{Counter, Progress, Step};
use crate::recipients::{Granted, Recipients};
use crate::spelling::key_from_base58;

/// Bytes that one core reads at a time: enough to forget the hand-over, few enough to show progress.
const PIECE: usize = 1 << 18;
/// Longest text of a table that a message repeats.
const QUOTED: usize = 48;

/// How a table is to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub units: Units,
    /// Of each amount, the part that vests, in hundredths of a percent, rounded down to base units; only for tables
    /// without a column `locked`. 0 pays everything at once.
    pub locked_bps: u16,
}

/// The part of `total` that vests, rounded down: dust is paid at once.
pub(crate) fn locked_part(total: u64, locked_bps: u16) -> u64 {
    let part = u128::from(total) * u128::from(locked_bps.min(WHOLE_BPS)) / u128::from(WHOLE_BPS);
    u64::try_from(part).unwrap_or(total)
}

/// The whole, in hundredths of a percent.
pub const WHOLE_BPS: u16 = 10_000;

/// The recipients of the table `bytes`, which was read from `path`.
///
/// # Errors
/// [`CampaignError::Table`] for a file that is no such table; [`CampaignError::Rows`] with the first faulty rows.
pub fn read_table(
    path: &Path,
    bytes: &[u8],
    reading: Reading,
    progress: &dyn Progress,
) -> Result<Recipients, CampaignError> {
    let refuse = |message: &str, hint| {
        Err(CampaignError::Table {
            path: path.to_owned(),
            message: message.to_owned(),
            hint,
        })
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return refuse(
            "is encoded in UTF-16",
            "save it as CSV in UTF-8 (in Excel: \"CSV UTF-8\")",
        );
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (header, body) = cut_line(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return refuse(
            "is empty",
            "its first line names the columns owner,amount or owner,amount,locked",
        );
    }
    let layout = Layout::of(header).map_err(|message| CampaignError::Table {
        path: path.to_owned(),
        message,
        hint: "the first line names the columns: owner,amount or owner,amount,locked",
    })?;
    if layout.locked.is_some() && reading.locked_bps > 0 {
        return refuse(
            "has a column locked, and a locked share is given too",
            "leave one of them out",
        );
    }
    progress.begin(Step::ReadTable, body.len() as u64);
    let counter = Counter::new(progress);
    let pieces: Vec<Piece> = cut(body)
        .into_par_iter()
        .map(|piece| {
            let read = read_piece(piece, &layout, reading);
            counter.add(piece.len() as u64);
            read
        })
        .collect();
    let mut faults = Faults::default();
    // The header is row 1.
    let mut first_row = 2;
    let mut granted = Vec::with_capacity(pieces.iter().map(|piece| piece.granted.len()).sum());
    for piece in pieces {
        faults.count += piece.faults.count;
        let room = FAULTS_LISTED.saturating_sub(faults.listed.len());
        faults.listed.extend(
            piece
                .faults
                .listed
                .into_iter()
                .take(room)
                .map(|fault| Fault {
                    row: fault.row + first_row,
                    ..fault
                }),
        );
        granted.extend(piece.granted.into_iter().map(|one| Granted {
            row: one.row + first_row,
            ..one
        }));
        first_row += piece.lines;
    }
    if granted.is_empty() && faults.count == 0 {
        return refuse(
            "has a header and no recipient",
            "add a row for each recipient",
        );
    }
    progress.begin(Step::SortRecipients, granted.len() as u64);
    let recipients = Recipients::sorted(granted, &mut faults);
    if faults.count > 0 {
        return Err(CampaignError::Rows {
            path: path.to_owned(),
            faults,
        });
    }
    recipients.ok_or_else(|| CampaignError::Table {
        path: path.to_owned(),
        message: format!(
            "names more than {} recipients, the most a tree holds",
            cairn_merkle::MAX_LEAVES
        ),
        hint: "split it into several campaigns",
    })
}

/// Where each column stands in a row.
struct Layout {
    owner: usize,
    amount: usize,
    locked: Option<usize>,
    fields: usize,
}

impl Layout {
    fn of(header: &[u8]) -> Result<Self, String> {
        let names = fields(header).map_err(|_| "has a damaged first line".to_owned())?;
        let mut places = [None; Column::ALL.len()];
        for (at, name) in names.iter().enumerate() {
            let lower = name.to_ascii_lowercase();
            let column = Column::ALL
                .into_iter()
                .position(|column| column.name().as_bytes() == lower);
            match column.and_then(|column| places.get_mut(column)) {
                Some(place @ None) => *place = Some(at),
                Some(Some(_)) => return Err(format!("names the column {} twice", quoted(name))),
                None if names.len() == 1 && lower.contains(&b';') => {
                    return Err("separates its columns by semicolons instead of commas".to_owned());
                }
                None if key_from_base58(name).is_some() => {
                    return Err("has no header: its first line is a recipient".to_owned());
                }
                None => {
                    return Err(format!(
                        "has the column \"{}\", which means nothing here",
                        quoted(name)
                    ));
                }
            }
        }
        match places {
            [Some(owner), Some(amount), locked] => Ok(Self {
                owner,
                amount,
                locked,
                fields: names.len(),
            }),
            [None, ..] => Err("has no column owner".to_owned()),
            _ => Err("has no column amount".to_owned()),
        }
    }
}

/// What one piece of a table holds; rows count from its first line.
#[derive(Default)]
struct Piece {
    granted: Vec<Granted>,
    faults: Faults,
    lines: u64,
}

/// Pieces of whole lines.
fn cut(body: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::with_capacity(body.len() / PIECE + 1);
    let mut rest = body;
    while rest.len() > PIECE {
        let Some(end) = rest[PIECE..].iter().position(|byte| *byte == b'\n') else {
            break;
        };
        let (piece, after) = rest.split_at(PIECE + end + 1);
        pieces.push(piece);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

fn read_piece(bytes: &[u8], layout: &Layout, reading: Reading) -> Piece {
    let mut piece = Piece::default();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (line, after) = cut_line(rest);
        rest = after;
        let row = piece.lines;
        piece.lines += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match read_row(line, row, layout, reading) {
            Ok(granted) => piece.granted.push(granted),
            Err(mut found) => {
                piece.faults.count += found.len() as u64;
                let room = FAULTS_LISTED.saturating_sub(piece.faults.listed.len());
                found.truncate(room);
                piece.faults.listed.append(&mut found);
            }
        }
    }
    piece
}

/// A row's grant, or everything that is wrong with it.
fn read_row(
    line: &[u8],
    row: u64,
    layout: &Layout,
    reading: Reading,
) -> Result<Granted, Vec<Fault>> {
    let fault = |column, problem| Fault {
        row,
        column,
        problem,
    };
    let fields = fields(line).map_err(|problem| vec![fault(None, problem)])?;
    if fields.len() != layout.fields {
        return Err(vec![fault(
            None,
            Problem::Fields {
                expected: layout.fields,
                found: fields.len(),
            },
        )]);
    }
    let mut faults = Vec::new();
    let text = &fields[layout.owner];
    let owner = key_from_base58(text).unwrap_or_else(|| {
        let text = quoted(text);
        faults.push(fault(Some(Column::Owner), Problem::Key { text }));
        [1; 32]
    });
    if owner == [0; 32] {
        faults.push(fault(Some(Column::Owner), Problem::NobodysKey));
    }
    let mut amount = |column, at: usize| {
        reading.units.parse(&fields[at]).unwrap_or_else(|found| {
            let text = quoted(&fields[at]);
            faults.push(fault(Some(column), Problem::Amount { text, fault: found }));
            0
        })
    };
    let first = amount(Column::Amount, layout.amount);
    let (unlocked, locked) = match layout.locked {
        Some(at) => (first, amount(Column::Locked, at)),
        None => {
            let locked = locked_part(first, reading.locked_bps);
            (first - locked, locked)
        }
    };
    if faults.is_empty() {
        match unlocked.checked_add(locked) {
            None => faults.push(fault(None, Problem::RowTooLarge)),
            Some(0) => faults.push(fault(Some(Column::Amount), Problem::Nothing)),
            Some(_) => {
                return Ok(Granted {
                    row,
                    owner,
                    unlocked,
                    locked,
                });
            }
        }
    }
    Err(faults)
}

/// The first line without its end, and what follows.
fn cut_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &bytes[bytes.len()..]),
    };
    (line.strip_suffix(b"\r").unwrap_or(line), rest)
}

/// The fields of a line without blanks around them.
fn fields(line: &[u8]) -> Result<Vec<Cow<'_, [u8]>>, Problem> {
    if !line.contains(&b'"') {
        let plain = line.split(|byte| *byte == b',');
        return Ok(plain.map(|field| field.trim_ascii().into()).collect());
    }
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let start = rest.trim_ascii_start();
        let after = if let Some(quoted) = start.strip_prefix(b"\"") {
            let (field, after) = quoted_field(quoted)?;
            fields.push(Cow::Owned(field.trim_ascii().to_vec()));
            after.trim_ascii_start()
        } else {
            let end = start.iter().position(|byte| *byte == b',');
            let (field, after) = start.split_at(end.unwrap_or(start.len()));
            if field.contains(&b'"') {
                return Err(Problem::StrayQuote);
            }
            fields.push(Cow::Borrowed(field.trim_ascii()));
            after
        };
        match after.split_first() {
            None => return Ok(fields),
            Some((b',', next)) => rest = next,
            Some(_) => return Err(Problem::StrayQuote),
        }
    }
}

/// A field whose opening quote has been read, and what follows its closing one. A doubled quote is one of the text.
fn quoted_field(bytes: &[u8]) -> Result<(Vec<u8>, &[u8]), Problem> {
    let mut field = Vec::new();
    let mut rest = bytes;
    loop {
        let Some(end) = rest.iter().position(|byte| *byte == b'"') else {
            return Err(Problem::OpenQuote);
        };
        field.extend_from_slice(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix(b"\"") {
            Some(more) => {
                field.push(b'"');
                rest = more;
            }
            None => return Ok((field, rest)),
        }
    }
}

/// A text of the table for a message: cut, and without anything a terminal would obey.
fn quoted(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut shown: String = text
        .chars()
        .take(QUOTED)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(QUOTED).is_some() {
        shown.push('…');
    }
    shown
}
