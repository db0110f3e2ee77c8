//! One line: where it ends, its fields, and what is left of a field when nothing invisible stands around it.

use std::borrow::Cow;

use crate::fault::RowFault;

/// Longest text of a table that a message repeats.
const QUOTED: usize = 48;

/// A text of a table for a message: cut, and without anything a terminal would obey; it comes from strangers.
#[must_use]
pub fn shown(text: &[u8]) -> String {
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

/// Whether nothing that anybody sees stands here.
pub(crate) fn is_blank(text: &[u8]) -> bool {
    trim(text).is_empty()
}

/// The first line without its end, and what follows.
pub(crate) fn cut_line(bytes: &[u8], end: u8) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == end) {
        Some(at) => {
            let (line, rest) = bytes.split_at(at);
            (
                line.strip_suffix(b"\r").unwrap_or(line),
                rest.get(1..).unwrap_or_default(),
            )
        }
        None => (bytes.strip_suffix(b"\r").unwrap_or(bytes), &[]),
    }
}

/// The fields of a line, cleaned.
pub(crate) fn fields(line: &[u8], separator: u8) -> Result<Vec<Cow<'_, [u8]>>, RowFault> {
    if !line.contains(&b'"') {
        let plain = line.split(|byte| *byte == separator);
        return Ok(plain.map(|field| clean(field).into()).collect());
    }
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let start = trim_start(rest, separator);
        let after = if let Some(quoted) = start.strip_prefix(b"\"") {
            let (field, after) = quoted_field(quoted)?;
            fields.push(Cow::Owned(clean(&field).to_vec()));
            trim_start(after, separator)
        } else {
            let end = start.iter().position(|byte| *byte == separator);
            let (field, after) = start.split_at(end.unwrap_or(start.len()));
            if field.contains(&b'"') {
                return Err(match field.first() {
                    Some(b'=') => RowFault::Formula { text: shown(field) },
                    _ => RowFault::StrayQuote,
                });
            }
            fields.push(Cow::Borrowed(clean(field)));
            after
        };
        match after.split_first() {
            None => return Ok(fields),
            Some((byte, next)) if *byte == separator => rest = next,
            Some(_) => return Err(RowFault::StrayQuote),
        }
    }
}

/// Blanks before a field; a tab that separates columns is none.
fn trim_start(text: &[u8], separator: u8) -> &[u8] {
    let blank = |byte: &u8| byte.is_ascii_whitespace() && *byte != separator;
    let start = text.iter().position(|byte| !blank(byte));
    text.get(start.unwrap_or(text.len())..).unwrap_or_default()
}

/// A field whose opening quote has been read, and what follows its closing one. A doubled quote is one of the text.
fn quoted_field(bytes: &[u8]) -> Result<(Vec<u8>, &[u8]), RowFault> {
    let mut field = Vec::new();
    let mut rest = bytes;
    loop {
        let Some(end) = rest.iter().position(|byte| *byte == b'"') else {
            return Err(RowFault::OpenQuote);
        };
        let (text, quote) = rest.split_at(end);
        field.extend_from_slice(text);
        let after = quote.get(1..).unwrap_or_default();
        match after.strip_prefix(b"\"") {
            Some(more) => {
                field.push(b'"');
                rest = more;
            }
            None => return Ok((field, after)),
        }
    }
}

/// A field without what is invisible around it, and without the apostrophe by which a spreadsheet marks a number as text.
fn clean(field: &[u8]) -> &[u8] {
    let field = trim(field);
    match field.strip_prefix(b"'") {
        Some(text) => trim(text.strip_suffix(b"'").unwrap_or(text)),
        None => field,
    }
}

/// Without blanks and marks around it that nobody sees, such as the no-break spaces of web pages.
fn trim(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    match (text.first(), text.last()) {
        (Some(first), Some(last)) if !first.is_ascii() || !last.is_ascii() => {}
        _ => return text,
    }
    match std::str::from_utf8(text) {
        Ok(text) => text.trim_matches(is_invisible).as_bytes(),
        Err(_) => text,
    }
}

/// Blanks of any script, zero-width characters, marks of writing direction, byte order marks in the middle of a file.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
