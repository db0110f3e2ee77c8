//! What is taken as it comes, what is named in words, and that every fault has the file's own line.

use cairn_table::{Column, FAULTS_KEPT, FAULTS_LISTED, Fault, NoTable, Read, Row, RowFault, Sheet};
use proptest::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Col {
    Name,
    Count,
    BornAt,
}

impl Column for Col {
    const ALL: &'static [Self] = &[Self::Name, Self::Count, Self::BornAt];
    const HEADER: &'static str = "name,count; born_at";

    fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Count => "count",
            Self::BornAt => "born_at",
        }
    }

    fn also(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["who"],
            _ => &[],
        }
    }

    fn needed(self) -> bool {
        self != Self::BornAt
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    Row(RowFault),
    NotANumber,
}

impl From<RowFault> for Problem {
    fn from(fault: RowFault) -> Self {
        Self::Row(fault)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Row(fault) => fault.fmt(f),
            Self::NotANumber => f.write_str("not a number"),
        }
    }
}

type One = (u64, String, u64, String);

fn row(row: &Row<'_, Col>) -> Result<One, Vec<Fault<Col, Problem>>> {
    let text = |column| String::from_utf8_lossy(row.text(column)).into_owned();
    let count = text(Col::Count)
        .parse()
        .map_err(|_| vec![row.fault(Col::Count, Problem::NotANumber)])?;
    Ok((row.number, text(Col::Name), count, text(Col::BornAt)))
}

fn read(text: impl AsRef<[u8]>) -> Result<Read<One, Col, Problem>, NoTable> {
    Sheet::open(text.as_ref())?.read(row, |_| ())
}

/// Line, name and count of every row of a table without faults.
fn rows(text: impl AsRef<[u8]>) -> Vec<(u64, String, u64)> {
    let read = read(text).expect("a table");
    assert!(read.faults.is_empty(), "{}", read.faults);
    let short = |(line, name, count, _)| (line, name, count);
    read.rows.into_iter().map(short).collect()
}

fn faults(text: impl AsRef<[u8]>) -> String {
    read(text).expect("a table").faults.to_string()
}

fn one(line: u64) -> Vec<(u64, String, u64)> {
    vec![(line, "ada".to_owned(), 5)]
}

#[test]
fn what_spreadsheets_add_is_taken_as_it_comes() {
    for (text, line) in [
        ("name,count\nada,5\n", 2),
        ("name,count\nada,5", 2),
        ("\u{feff}name,count\r\nada,5\r\n", 2),
        ("name,count\rada,5\r", 2),
        ("sep=,\nname,count\nada,5\n", 3),
        ("\u{feff}SEP=,\r\nname,count\r\nada,5\r\n", 3),
        ("\"sep=,\"\nname,count\nada,5\n", 3),
        ("sep=\t\nname\tcount\nada\t5\n", 3),
        ("name\tcount\nada\t5\n", 2),
        ("name\t\"count\"\n \"ada\" \t 5 \n", 2),
        ("name,count,,\nada,5,,\n", 2),
        ("name,count\nada,5,,\n", 2),
        ("name,,count\nada,,5\n", 2),
        ("\n,\nname,count\n,\n\" \",\"\"\nada,5\n,,,\n", 6),
        ("Count , WHO\n5, ada\n", 2),
        ("name,count\nada,'5\n", 2),
        ("name,count\n'ada','5'\n", 2),
        ("name,count\n\"ada\",\"'5\"\n", 2),
        ("name,count\n\u{a0}ada\u{200b},\u{202f}5\u{feff}\n", 2),
        ("name,count,Born At\nada,5,\n", 2),
        ("name,count,born-at\nada,5,\n", 2),
    ] {
        assert_eq!(rows(text), one(line), "{text:?}");
    }
}

#[test]
fn every_fault_is_named_with_the_line_it_stands_on() {
    let text = "sep=,\n\nname,count,,born_at\nada,5,,\n\n,,\nbob,x,,\n\"eve,5,,\nmax\"x,5,,\nada,5,?,\nada,5\nada,1,000,1\nada,1,,1,2\n=A1,5,,\n=\"x\",5,,\nzoe,-,,\n";
    assert_eq!(
        faults(text),
        "has 10 faults:
  row 7, column count: not a number
  row 8: a quote is not closed on its line
  row 9: text stands beside a quoted field
  row 10: \"?\" stands in a column that has no name
  row 11: 2 fields where the header names 4
  row 12: \"000\" stands in a column that has no name
  row 13: 5 fields where the header names 4
  row 14, column name: \"=A1\" is a formula of a spreadsheet, not its value
  row 15: \"=\\\"x\\\"\" is a formula of a spreadsheet, not its value
  row 16, column count: not a number"
    );
}

#[test]
fn a_file_that_is_something_else_is_told_in_words() {
    for (bytes, message) in [
        (&b""[..], "is empty"),
        (b"\xef\xbb\xbf\r\n \n", "is empty"),
        (b"sep=,\n", "is empty"),
        (b"\xff\xfen\0a\0", "is encoded in UTF-16"),
        (
            b"n\0a\0m\0e\0",
            "is no text: it holds zero bytes, as UTF-16 without its mark does",
        ),
        (
            b"PK\x03\x04....",
            "is a spreadsheet's own file (xlsx, xls, ods), not a CSV",
        ),
        (b"\x1f\x8b....", "is compressed (gzip)"),
        (b"PAR1....", "is a Parquet file, not a CSV"),
        (b"%PDF-1.7", "is a PDF, not a CSV"),
        (b" [{\"name\":1}]", "is JSON, not a CSV"),
        (
            b"<!DOCTYPE html>",
            "is a formatted document or web page, not a CSV",
        ),
        (
            b"name;count\nada;5\n",
            "separates its columns by semicolons instead of commas",
        ),
        (
            b"sep=;\nname;count\nada;5\n",
            "separates its columns by semicolons instead of commas",
        ),
        (
            b"| name | count |\n|---|---|\n",
            "separates its columns by vertical bars instead of commas",
        ),
        (
            b"name   count\nada  5\n",
            "separates its columns by blanks instead of commas",
        ),
        (
            b"ada,5\nbob,6\n",
            "has no header: its first line, \"ada\", names no column",
        ),
        (
            b"name,count,colour,\x1b[2J\n",
            "has the columns \"colour\", \"\\u{1b}[2J\", which mean nothing here",
        ),
        (b"name,count,who\n", "names the column who twice"),
        (b"born_at\n1\n", "has no column name and no column count"),
        (b"name,count\n\n,\n", "has a header and no row"),
        (
            b"\"name,count\nada,5\n",
            "has a damaged first line: a quote in it does not match another",
        ),
    ] {
        let refused = read(bytes).expect_err("no table");
        assert_eq!(refused.to_string(), message, "{bytes:?}");
        assert!(!refused.hint::<Col>().is_empty());
    }
}

#[test]
fn twenty_faults_are_listed_and_all_are_kept_up_to_a_bound() {
    let rows = FAULTS_KEPT + 5;
    let text = "name,count\n".to_owned() + &"ada,x\n".repeat(rows);
    let faults = read(&text).expect("a table").faults;
    assert_eq!(faults.count(), rows as u64);
    assert_eq!(faults.kept().len(), FAULTS_KEPT);
    assert_eq!(
        faults.kept().last().map(|last| last.row),
        Some(FAULTS_KEPT as u64 + 1)
    );
    let told = faults.to_string();
    assert_eq!(told.lines().count(), 1 + FAULTS_LISTED + 1);
    assert!(
        told.ends_with(&format!("\n  and {} more", rows - FAULTS_LISTED)),
        "{told}"
    );
}

#[test]
fn rows_are_counted_across_the_pieces_that_cores_read() {
    // More than one piece, and empty lines in between.
    let text = "name,count\n".to_owned() + &"ada,5\n\n".repeat(200_000) + "ada,x\n";
    let read = read(&text).expect("a table");
    assert_eq!(read.rows.len(), 200_000);
    assert_eq!(read.rows.last().map(|row| row.0), Some(400_000));
    assert_eq!(
        read.faults.kept().first().map(|fault| fault.row),
        Some(400_002)
    );
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), headed in any::<bool>()) {
        let mut text = if headed { b"name,count,born_at\n".to_vec() } else { Vec::new() };
        text.extend_from_slice(&bytes);
        let _ = read(text);
    }

    /// Whatever a program that writes CSV makes of a text comes back as that text.
    #[test]
    fn quoted_text_comes_back(name in "[a-z\",;\t ]{1,20}", tabs in any::<bool>()) {
        prop_assume!(name.trim() == name);
        let separator = if tabs { '\t' } else { ',' };
        let text = format!("name{separator}count\n\"{}\"{separator}5\n", name.replace('"', "\"\""));
        prop_assert_eq!(rows(text), vec![(2, name, 5)]);
    }
}
