//! Tables that people make: saved from a spreadsheet, written by a script, or typed.
//!
//! ```text
//! bytes ──Sheet::open──▶ Sheet ──read──▶ rows, each with its line
//!             │                     └──▶ faults, all of them, in the order of the file
//!             └▶ NoTable: what the file is instead, in words
//! ```
//!
//! What can be meant in one way only is taken as it comes: a byte order mark, any line end, tabs for commas, a line `sep=,`,
//! column names in any case and order, quoted fields, blanks and invisible marks around a field, the apostrophe by which
//! spreadsheets mark text, empty lines, rows and columns. What can be meant in two ways is a fault, and a file has all its
//! faults named at once. Semicolons are refused: they come from places where a comma is the decimal sign, and there `1.234`
//! may be a thousand.
//!
//! The dialect is RFC 4180 with one line a row: no field of ours holds a line break, so a file is cut at line ends into
//! pieces that are read side by side, and a row's number is its line in the file.
#![forbid(unsafe_code)]

mod column;
mod fault;
mod foreign;
mod layout;
mod line;
mod sheet;

pub use column::Column;
pub use fault::{FAULTS_KEPT, FAULTS_LISTED, Fault, Faults, RowFault};
pub use foreign::{Foreign, NoTable, Separator};
pub use line::shown;
pub use sheet::{Read, Row, Sheet, repeated};
