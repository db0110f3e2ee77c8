use std::{
    fs::File,
    path::{Path, PathBuf},
};

use csv::{ReaderBuilder, StringRecord};

use super::InputError;

/// A CSV file with a header, read row by row; columns are found by name, so their order does not matter.
pub struct Table {
    path: PathBuf,
    header: StringRecord,
    rows: csv::StringRecordsIntoIter<File>,
}

/// One row, with enough context to name itself in an error.
pub struct Row<'a> {
    path: &'a Path,
    header: &'a StringRecord,
    record: StringRecord,
}

impl Table {
    pub fn open(path: &Path) -> Result<Self, InputError> {
        let unreadable = |source| InputError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let mut reader = ReaderBuilder::new().from_path(path).map_err(unreadable)?;
        let mut header = reader.headers().map_err(unreadable)?.clone();
        // Spreadsheets put a byte order mark in front; it would hide the first column's name.
        if let Some(first) = header.get(0).and_then(|name| name.strip_prefix('\u{feff}')) {
            let mut names = vec![first.to_owned()];
            names.extend(header.iter().skip(1).map(str::to_owned));
            header = StringRecord::from(names);
        }
        Ok(Self {
            path: path.to_owned(),
            header,
            rows: reader.into_records(),
        })
    }

    /// The names in the first line.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.header.iter()
    }

    /// Calls `take` with every row and collects what it returns; a file without rows is refused.
    pub fn collect<T>(
        mut self,
        mut take: impl FnMut(&Row<'_>) -> Result<T, InputError>,
    ) -> Result<Vec<T>, InputError> {
        let mut all = Vec::new();
        for record in self.rows.by_ref() {
            let record = record.map_err(|source| InputError::Unreadable {
                path: self.path.clone(),
                source,
            })?;
            all.push(take(&Row {
                path: &self.path,
                header: &self.header,
                record,
            })?);
        }
        if all.is_empty() {
            return Err(InputError::Empty { path: self.path });
        }
        Ok(all)
    }
}

impl Row<'_> {
    pub fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    pub fn text(&self, column: &'static str) -> Result<&str, InputError> {
        let at = self
            .header
            .iter()
            .position(|name| name == column)
            .ok_or_else(|| InputError::Column {
                path: self.path.to_owned(),
                column,
            })?;
        Ok(self.record.get(at).unwrap_or_default().trim())
    }

    /// The value, or `None` where the data set says that it has none.
    pub fn optional(&self, column: &'static str) -> Result<Option<&str>, InputError> {
        let text = self.text(column)?;
        Ok((!matches!(text, "" | "NA" | "\\N")).then_some(text))
    }

    pub fn parse<T: std::str::FromStr>(
        &self,
        column: &'static str,
        expected: &'static str,
    ) -> Result<T, InputError> {
        let text = self.text(column)?;
        text.parse()
            .map_err(|_| self.refuse(column, text, expected))
    }

    pub fn parse_optional<T: std::str::FromStr>(
        &self,
        column: &'static str,
        expected: &'static str,
    ) -> Result<Option<T>, InputError> {
        self.optional(column)?
            .map(|text| {
                text.parse()
                    .map_err(|_| self.refuse(column, text, expected))
            })
            .transpose()
    }

    /// Degrees as an integer of 10⁻⁷, rounded half away from zero, without passing through a float.
    pub fn degrees_e7(&self, column: &'static str, limit: i32) -> Result<i32, InputError> {
        let text = self.text(column)?;
        parse_e7(text)
            .filter(|value| value.unsigned_abs() <= limit.unsigned_abs() * 10_000_000)
            .ok_or_else(|| self.refuse(column, text, "decimal degrees"))
    }

    pub fn refuse(&self, column: &'static str, value: &str, expected: &'static str) -> InputError {
        InputError::Value {
            path: self.path.to_owned(),
            line: self.line(),
            column,
            value: value.chars().take(60).collect(),
            expected,
        }
    }

    pub fn twice(&self, what: &'static str, value: &str) -> InputError {
        InputError::Twice {
            path: self.path.to_owned(),
            line: self.line(),
            what,
            value: value.to_owned(),
        }
    }
}

fn parse_e7(text: &str) -> Option<i32> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || whole.len() > 3 {
        return None;
    }
    if !whole
        .bytes()
        .chain(fraction.bytes())
        .all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let mut value: i64 = whole.parse().ok()?;
    for at in 0..7 {
        let digit = fraction.as_bytes().get(at).map_or(0, |b| b - b'0');
        value = value * 10 + i64::from(digit);
    }
    if fraction.as_bytes().get(7).is_some_and(|b| *b >= b'5') {
        value += 1;
    }
    i32::try_from(if negative { -value } else { value }).ok()
}

#[cfg(test)]
mod tests {
    use super::parse_e7;

    #[test]
    fn degrees_are_read_exactly_and_rounded_half_away_from_zero() {
        assert_eq!(parse_e7("40.6748599999"), Some(406_748_600));
        assert_eq!(parse_e7("-73.7841200005"), Some(-737_841_200));
        assert_eq!(parse_e7("-0.00000005"), Some(-1));
        assert_eq!(parse_e7("7"), Some(70_000_000));
        for bad in ["", "-", ".5", "1e3", "NaN", "1234.0", "4O.1", "--1"] {
            assert_eq!(parse_e7(bad), None, "{bad}");
        }
    }
}
