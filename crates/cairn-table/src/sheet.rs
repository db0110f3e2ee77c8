use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::marker::PhantomData;

use rayon::prelude::*;

use crate::column::Column;
use crate::fault::{Fault, Faults, RowFault};
use crate::foreign::{Foreign, NoTable, Separator};
use crate::layout::{Layout, names_several};
use crate::line::{cut_line, fields, is_blank, shown};

/// Bytes that one core reads at a time: enough to forget the hand-over, few enough to show progress.
const PIECE: usize = 1 << 18;
/// Pieces that are read before their faults are put together: what a bad file can hold in memory.
const BATCH: usize = 256;

/// A table whose first line was understood.
#[derive(Clone, Debug)]
pub struct Sheet<'a, C> {
    /// The lines below the header.
    body: &'a [u8],
    /// Lines up to the header and with it.
    head_lines: u64,
    line_end: u8,
    separator: u8,
    layout: Layout,
    columns: PhantomData<C>,
}

/// One row: its line of the file, and its fields by column.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r, C> {
    /// Line of the file, from 1.
    pub number: u64,
    fields: &'r [Cow<'r, [u8]>],
    layout: &'r Layout,
    columns: PhantomData<C>,
}

impl<C: Column> Row<'_, C> {
    /// What stands in a column; empty when the table has not got it.
    #[must_use]
    pub fn text(&self, column: C) -> &[u8] {
        let place = self.layout.place(column);
        place
            .and_then(|place| self.fields.get(place))
            .map_or(&[], AsRef::as_ref)
    }

    /// Says what is wrong with a column of this row.
    #[must_use]
    pub const fn fault<P>(&self, column: C, problem: P) -> Fault<C, P> {
        Fault {
            row: self.number,
            column: Some(column),
            problem,
        }
    }

    /// Says what is wrong with the row as a whole.
    #[must_use]
    pub const fn whole_fault<P>(&self, problem: P) -> Fault<C, P> {
        Fault {
            row: self.number,
            column: None,
            problem,
        }
    }
}

/// What the rows of a table hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read<T, C, P> {
    /// What was made of each good row, in the order of the file.
    pub rows: Vec<T>,
    pub faults: Faults<C, P>,
}

impl<'a, C: Column> Sheet<'a, C> {
    /// Understands the first line of the table `bytes`.
    ///
    /// # Errors
    /// [`NoTable`], which says what the file is instead.
    pub fn open(bytes: &'a [u8]) -> Result<Self, NoTable> {
        if let Some(foreign) = Foreign::of(bytes) {
            return Err(NoTable::Foreign(foreign));
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        // A file of an old Macintosh ends its lines with carriage returns alone.
        let line_end = if text.contains(&b'\n') { b'\n' } else { b'\r' };
        let mut said = None;
        let mut head_lines = 0_u64;
        let mut rest = text;
        while !rest.is_empty() {
            let (line, after) = cut_line(rest, line_end);
            rest = after;
            head_lines = head_lines.saturating_add(1);
            if said.is_none() {
                said = separator_line(line);
                if said.is_some() {
                    continue;
                }
            }
            let separator = said.unwrap_or_else(|| guessed_separator(line));
            let names = fields(line, separator).map_err(|_| NoTable::DamagedHeader)?;
            if names.iter().all(|name| is_blank(name)) {
                continue;
            }
            let names: Vec<&[u8]> = names.iter().map(AsRef::as_ref).collect();
            let layout = layout::<C>(&names, separator)?;
            return Ok(Self {
                body: rest,
                head_lines,
                line_end,
                separator,
                layout,
                columns: PhantomData,
            });
        }
        Err(NoTable::Empty)
    }

    /// Whether the table has this column.
    #[must_use]
    pub fn has(&self, column: C) -> bool {
        self.layout.place(column).is_some()
    }

    /// Bytes below the header, which [`Self::read`] counts as it goes.
    #[must_use]
    pub const fn bytes_to_read(&self) -> u64 {
        self.body.len() as u64
    }

    /// Reads all rows on all cores with `one`, which gives what a row means or everything that is wrong with it. Empty rows
    /// are left out. `advance` is told how many bytes more are done, from any thread.
    ///
    /// # Errors
    /// [`NoTable::NoRow`].
    pub fn read<T, P>(
        &self,
        one: impl Fn(&Row<'_, C>) -> Result<T, Vec<Fault<C, P>>> + Sync,
        advance: impl Fn(u64) + Sync,
    ) -> Result<Read<T, C, P>, NoTable>
    where
        T: Send,
        P: From<RowFault> + Send,
    {
        let mut rows = Vec::new();
        let mut faults = Faults::default();
        for batch in self.pieces().chunks(BATCH) {
            let read: Vec<_> = batch
                .par_iter()
                .map(|(piece, first_row)| {
                    let read = self.read_piece(piece, *first_row, &one);
                    advance(piece.len() as u64);
                    read
                })
                .collect();
            for (mut good, bad) in read {
                rows.append(&mut good);
                faults.append(bad);
            }
        }
        if rows.is_empty() && faults.is_empty() {
            return Err(NoTable::NoRow);
        }
        Ok(Read { rows, faults })
    }

    /// The key of each row that has one, with the row's line, whatever else is wrong with the row.
    pub fn keys<K: Send>(&self, key: impl Fn(&Row<'_, C>) -> Option<K> + Sync) -> Vec<(u64, K)> {
        let one = |row: &Row<'_, C>| {
            let key = key(row).map(|key| (row.number, key));
            Ok::<_, Vec<Fault<C, RowFault>>>(key)
        };
        let read = self.read(one, |_| ());
        read.map_or_else(
            |_| Vec::new(),
            |read| read.rows.into_iter().flatten().collect(),
        )
    }

    /// Pieces of whole lines, each with the number of its first.
    fn pieces(&self) -> Vec<(&'a [u8], u64)> {
        let mut pieces = Vec::with_capacity(self.body.len() / PIECE + 1);
        let mut rest = self.body;
        while let Some((_, behind)) = rest.split_at_checked(PIECE) {
            let Some(end) = behind.iter().position(|byte| *byte == self.line_end) else {
                break;
            };
            let (piece, after) = rest.split_at(PIECE + end + 1);
            pieces.push(piece);
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(rest);
        }
        let lines: Vec<u64> = pieces
            .par_iter()
            .map(|piece| piece.iter().filter(|byte| **byte == self.line_end).count() as u64)
            .collect();
        let mut first_row = self.head_lines.saturating_add(1);
        let mut numbered = Vec::with_capacity(pieces.len());
        for (piece, lines) in pieces.into_iter().zip(lines) {
            numbered.push((piece, first_row));
            first_row = first_row.saturating_add(lines);
        }
        numbered
    }

    fn read_piece<T, P: From<RowFault>>(
        &self,
        piece: &[u8],
        first_row: u64,
        one: impl Fn(&Row<'_, C>) -> Result<T, Vec<Fault<C, P>>>,
    ) -> (Vec<T>, Vec<Fault<C, P>>) {
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        let mut rest = piece;
        let mut number = first_row;
        while !rest.is_empty() {
            let (line, after) = cut_line(rest, self.line_end);
            rest = after;
            let read = self.read_line(line, number, &one);
            number = number.saturating_add(1);
            match read {
                Ok(None) => {}
                Ok(Some(row)) => good.push(row),
                Err(mut faults) => bad.append(&mut faults),
            }
        }
        (good, bad)
    }

    /// What a line means; nothing when all its fields are empty.
    fn read_line<T, P: From<RowFault>>(
        &self,
        line: &[u8],
        number: u64,
        one: impl Fn(&Row<'_, C>) -> Result<T, Vec<Fault<C, P>>>,
    ) -> Result<Option<T>, Vec<Fault<C, P>>> {
        let whole = |problem: RowFault| {
            vec![Fault {
                row: number,
                column: None,
                problem: problem.into(),
            }]
        };
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        let fields = fields(line, self.separator).map_err(whole)?;
        let Some(last) = fields.iter().rposition(|field| !field.is_empty()) else {
            return Ok(None);
        };
        let width = self.layout.width;
        if fields.len() < width || last >= width {
            let found = fields.len().min(last.saturating_add(1).max(width));
            return Err(whole(RowFault::Fields {
                expected: width,
                found,
            }));
        }
        let mut nameless = self.layout.nameless.iter().filter_map(|at| fields.get(*at));
        if let Some(text) = nameless.find(|text| !text.is_empty()) {
            return Err(whole(RowFault::Nameless { text: shown(text) }));
        }
        let row = Row {
            number,
            fields: &fields,
            layout: &self.layout,
            columns: PhantomData,
        };
        let formulas = C::ALL
            .iter()
            .filter(|column| row.text(**column).starts_with(b"="));
        let formulas: Vec<_> = formulas
            .map(|column| {
                let text = shown(row.text(*column));
                row.fault(*column, RowFault::Formula { text }.into())
            })
            .collect();
        if formulas.is_empty() {
            one(&row).map(Some)
        } else {
            Err(formulas)
        }
    }
}

/// Rows whose key stands in a row above, each with the first row that has it.
#[must_use]
pub fn repeated<K: Ord>(keys: &[(u64, K)]) -> Vec<(u64, u64)> {
    let mut first_rows = BTreeMap::new();
    let mut repeated = Vec::new();
    for (row, key) in keys {
        match first_rows.entry(key) {
            Entry::Vacant(new) => {
                new.insert(*row);
            }
            Entry::Occupied(first) => repeated.push((*row, *first.get())),
        }
    }
    repeated
}

/// The separator that a line `sep=,` names, by which spreadsheets tell each other.
fn separator_line(line: &[u8]) -> Option<u8> {
    let line = line.trim_ascii_start();
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (word, rest) = line.split_at_checked(4)?;
    let separator = *rest.first()?;
    let known = b",\t;| ".contains(&separator);
    (known && word.eq_ignore_ascii_case(b"sep=")).then_some(separator)
}

/// What stands between the names of a first line.
fn guessed_separator(line: &[u8]) -> u8 {
    [b',', b'\t', b';', b'|']
        .into_iter()
        .find(|separator| line.contains(separator))
        .unwrap_or(b',')
}

fn layout<C: Column>(names: &[&[u8]], separator: u8) -> Result<Layout, NoTable> {
    let refused = match names {
        [only] if names_several::<C>(only) => Some(Separator::Blank),
        _ => Separator::of(separator),
    };
    match refused {
        Some(separator) => Err(NoTable::Separated(separator)),
        None => Layout::of::<C>(names),
    }
}
