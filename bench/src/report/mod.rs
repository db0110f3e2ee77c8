//! The committed report: what is in it, how it is written, and what counts as a difference.

mod catalogue;
mod entry;
mod number;
mod peers;
mod render;

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
};

pub use catalogue::entries;

/// What was measured, by key. A key ends in its unit.
pub type Values = BTreeMap<String, u64>;

/// A measured value may be this many hundredths above or below the committed one: compilers differ in single
/// instructions, and whoever changes a line of a program should not have to write the report again.
const TOLERANCE_PERCENT: u64 = 2;

const JSON: &str = "bench/report.json";
const MARKDOWN: &str = "bench/REPORT.md";
const README: &str = "README.md";

/// Why a report does not stand.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    OverLimit {
        key: &'static str,
        measured: u64,
        limit: u64,
    },
    Drifted {
        key: String,
        measured: u64,
        committed: u64,
    },
    /// Measured and not committed.
    New { key: String, measured: u64 },
    /// Committed and not measured.
    Gone { key: String },
    /// The file is not what follows from the committed values.
    Stale { file: &'static str },
}

impl Problem {
    /// Whether writing the report again mends it.
    pub const fn is_drift(&self) -> bool {
        !matches!(self, Self::OverLimit { .. })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OverLimit {
                key,
                measured,
                limit,
            } => write!(f, "{key}: measured {measured}, limit {limit}"),
            Self::Drifted {
                key,
                measured,
                committed,
            } => write!(
                f,
                "{key}: measured {measured}, committed {committed} in {JSON}, more than {TOLERANCE_PERCENT} % apart"
            ),
            Self::New { key, measured } => {
                write!(f, "{key}: measured {measured}, not in {JSON}")
            }
            Self::Gone { key } => write!(f, "{key}: in {JSON}, but nothing measures it"),
            Self::Stale { file } => write!(f, "{file} is not what follows from {JSON}"),
        }
    }
}

/// A file of the report can not be used.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("{file}: {source}")]
    File {
        file: &'static str,
        source: io::Error,
    },
    #[error("{JSON} is not a map from keys to whole numbers: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{README} has no lines {begin:?} and {end:?} for the table to stand between", begin = render::BEGIN, end = render::END)]
    NoTable,
}

/// Writes everything; nothing of it is then a problem.
pub fn write(values: &Values) -> Result<Vec<Problem>, ReportError> {
    let json = serde_json::to_string_pretty(values)? + "\n";
    let readme = render::readme(&read(README)?, values).ok_or(ReportError::NoTable)?;
    for (file, text) in [
        (JSON, json),
        (MARKDOWN, render::markdown(values)),
        (README, readme),
    ] {
        fs::write(path(file), text).map_err(|source| ReportError::File { file, source })?;
        println!("{file}");
    }
    Ok(Vec::new())
}

/// What the committed report and `values` do not have in common. The texts are compared with what follows from the
/// committed values, so that a number within the tolerance leaves them alone.
pub fn compare(values: &Values) -> Result<Vec<Problem>, ReportError> {
    let committed: Values = serde_json::from_str(&read(JSON)?)?;
    let mut problems = differences(values, &committed);
    if problems.is_empty() {
        if read(MARKDOWN)? != render::markdown(&committed) {
            problems.push(Problem::Stale { file: MARKDOWN });
        }
        let readme = read(README)?;
        if render::readme(&readme, &committed).ok_or(ReportError::NoTable)? != readme {
            problems.push(Problem::Stale { file: README });
        }
    }
    if problems.is_empty() {
        println!("{} values as committed in {JSON}", values.len());
    }
    Ok(problems)
}

fn differences(values: &Values, committed: &Values) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (key, &measured) in values {
        match committed.get(key) {
            None => problems.push(Problem::New {
                key: key.clone(),
                measured,
            }),
            Some(&committed)
                if u128::from(measured.abs_diff(committed)) * 100
                    > u128::from(committed) * u128::from(TOLERANCE_PERCENT) =>
            {
                problems.push(Problem::Drifted {
                    key: key.clone(),
                    measured,
                    committed,
                });
            }
            Some(_) => {}
        }
    }
    let gone = committed.keys().filter(|key| !values.contains_key(*key));
    problems.extend(gone.map(|key| Problem::Gone { key: key.clone() }));
    problems
}

/// Every promise that `values` break. What is promised and was not measured is broken too: it is reported as gone or new
/// by [`compare`], and [`crate::cu::measure`] refuses to leave it out.
pub fn over_limit(values: &Values) -> Vec<Problem> {
    entries()
        .filter_map(|entry| {
            let limit = entry.limit?;
            let measured = *values.get(entry.key)?;
            (measured > limit).then_some(Problem::OverLimit {
                key: entry.key,
                measured,
                limit,
            })
        })
        .collect()
}

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)
}

fn read(file: &'static str) -> Result<String, ReportError> {
    fs::read_to_string(path(file)).map_err(|source| ReportError::File { file, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, u64)]) -> Values {
        let owned = pairs.iter().map(|(key, value)| ((*key).to_owned(), *value));
        owned.collect()
    }

    #[test]
    fn two_percent_is_no_difference_and_more_is() {
        let committed = values(&[("a_cu", 1_000)]);
        for measured in [980, 1_000, 1_020] {
            assert_eq!(differences(&values(&[("a_cu", measured)]), &committed), []);
        }
        for measured in [979, 1_021] {
            let found = differences(&values(&[("a_cu", measured)]), &committed);
            let expected = Problem::Drifted {
                key: "a_cu".into(),
                measured,
                committed: 1_000,
            };
            assert_eq!(found, [expected]);
        }
    }

    #[test]
    fn nothing_is_near_zero_but_zero() {
        let committed = values(&[("a_lamports", 0)]);
        assert_eq!(differences(&committed, &committed), []);
        assert_eq!(
            differences(&values(&[("a_lamports", 1)]), &committed).len(),
            1
        );
    }

    #[test]
    fn a_key_on_one_side_alone_is_a_difference() {
        let found = differences(&values(&[("new_cu", 1)]), &values(&[("old_cu", 1)]));
        assert_eq!(
            found,
            [
                Problem::New {
                    key: "new_cu".into(),
                    measured: 1
                },
                Problem::Gone {
                    key: "old_cu".into()
                }
            ]
        );
    }

    #[test]
    fn a_limit_is_kept_up_to_its_last_unit_and_its_breach_names_both_numbers() {
        let entry = entries()
            .find(|entry| entry.limit.is_some())
            .expect("there are promises");
        let limit = entry.limit.unwrap_or_default();
        assert_eq!(over_limit(&values(&[(entry.key, limit)])), []);
        let broken = over_limit(&values(&[(entry.key, limit + 1)]));
        assert_eq!(broken.len(), 1);
        assert_eq!(
            broken[0].to_string(),
            format!("{}: measured {}, limit {limit}", entry.key, limit + 1)
        );
    }

    #[test]
    fn keys_are_unique_and_end_in_their_unit() {
        let mut keys: Vec<&str> = entries().map(|entry| entry.key).collect();
        for key in &keys {
            assert!(
                [
                    "_cu",
                    "_bytes",
                    "_lamports",
                    "_transactions",
                    "_per_transaction"
                ]
                .iter()
                .any(|unit| key.ends_with(unit)),
                "{key}"
            );
        }
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}
