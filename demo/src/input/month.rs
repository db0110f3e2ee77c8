//! Which month is played, when a folder's files hold one or several.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use super::{InputError, YearMonth, folder::name};

/// Rows of one file.
pub(super) struct Rows<T> {
    pub path: PathBuf,
    pub rows: Vec<(YearMonth, T)>,
}

/// The month to play: the one that was asked for, or the only one that the flights are of.
pub(super) fn choose<T>(
    flights: &[Rows<T>],
    wish: Option<YearMonth>,
) -> Result<YearMonth, InputError> {
    let mut files: BTreeMap<YearMonth, BTreeSet<String>> = BTreeMap::new();
    for file in flights {
        for (month, _) in &file.rows {
            files.entry(*month).or_default().insert(name(&file.path));
        }
    }
    let months = || {
        let words: Vec<String> = files
            .iter()
            .map(|(month, names)| {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                format!("{month} in {}", names.join(" and "))
            })
            .collect();
        words.join(", ")
    };
    let mut held = files.keys().copied();
    match (wish, held.next(), held.next()) {
        (Some(month), ..) if !files.contains_key(&month) => Err(InputError::OtherMonth {
            set: "flights",
            month,
            months: months(),
        }),
        (Some(month), ..) | (None, Some(month), None) => Ok(month),
        (None, ..) => Err(InputError::SeveralMonths { months: months() }),
    }
}

/// The rows of `month`, all of one file: two files that hold the same month hold the same flights twice.
pub(super) fn only<T>(
    set: &'static str,
    files: Vec<Rows<T>>,
    month: YearMonth,
) -> Result<(PathBuf, Vec<T>), InputError> {
    let mut chosen: Option<(PathBuf, Vec<T>)> = None;
    let mut months = BTreeSet::new();
    for file in files {
        months.extend(file.rows.iter().map(|(month, _)| *month));
        let rows: Vec<T> = file
            .rows
            .into_iter()
            .filter_map(|(of, row)| (of == month).then_some(row))
            .collect();
        match &chosen {
            _ if rows.is_empty() => {}
            None => chosen = Some((file.path, rows)),
            Some((first, _)) => {
                return Err(InputError::TwoFiles {
                    set,
                    month,
                    first: name(first),
                    second: name(&file.path),
                });
            }
        }
    }
    chosen.ok_or_else(|| InputError::OtherMonth {
        set,
        month,
        months: months
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::YearMonth;

    #[test]
    fn a_month_is_written_in_one_way() {
        assert_eq!(
            "2013-01".parse::<YearMonth>().unwrap().to_string(),
            "2013-01"
        );
        for bad in [
            "2013-13",
            "2013-1",
            "13-01",
            "2013",
            "January",
            "2013-01-01",
            "",
        ] {
            assert!(bad.parse::<YearMonth>().is_err(), "{bad}");
        }
    }
}
