//! Which file of a folder is which: told by its header, so that any month's files may have any names.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::{InputError, table::Table};

/// One of the data sets that the demonstration is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataSet {
    Hotspots,
    Airports,
    Flights,
    Weather,
}

impl DataSet {
    pub const ALL: [Self; 4] = [Self::Hotspots, Self::Airports, Self::Flights, Self::Weather];

    /// What it is, in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hotspots => "hotspots",
            Self::Airports => "airports",
            Self::Flights => "flights",
            Self::Weather => "weather",
        }
    }

    /// The columns that are read.
    pub(super) const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Hotspots => &[
                "OBJECTID",
                "Provider",
                "Borough Name",
                "SSID",
                "Latitude",
                "Longitude",
            ],
            Self::Airports => &["faa", "name", "lat", "lon", "tzone"],
            Self::Flights => &[
                "year",
                "month",
                "day",
                "dep_time",
                "arr_time",
                "carrier",
                "flight",
                "tailnum",
                "origin",
                "dest",
                "distance",
                "time_hour",
            ],
            Self::Weather => &[
                "origin",
                "year",
                "month",
                "temp",
                "dewp",
                "humid",
                "wind_dir",
                "wind_speed",
                "precip",
                "pressure",
                "visib",
                "time_hour",
            ],
        }
    }

    /// Columns that no other data set has: one of them is enough to tell what a file wants to be.
    const fn telling(self) -> &'static [&'static str] {
        match self {
            Self::Hotspots => &["OBJECTID", "SSID", "Provider"],
            Self::Airports => &["faa", "tzone"],
            Self::Flights => &["dep_time", "tailnum", "dest"],
            Self::Weather => &["dewp", "humid", "visib"],
        }
    }

    fn of(header: &BTreeSet<&str>) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|set| set.telling().iter().any(|column| header.contains(column)))
    }
}

/// Most files that are named though they are of no use: somebody may point at a home folder.
const NAMED: usize = 8;

/// The files of a folder, by what they hold.
#[derive(Debug, Default)]
pub struct Found {
    pub files: BTreeMap<DataSet, Vec<PathBuf>>,
    /// Names of what else lies there.
    pub others: Vec<String>,
}

impl Found {
    /// Looks at the first line of every .csv file in `dir`, in the order of their names.
    ///
    /// # Errors
    /// [`InputError`]: no such folder; a file that has some columns of a data set but not all; a data set without a file.
    pub fn search(dir: &Path) -> Result<Self, InputError> {
        let unreadable = |source| InputError::Folder {
            path: dir.to_owned(),
            source,
        };
        let mut paths = fs::read_dir(dir)
            .and_then(|entries| {
                entries
                    .map(|entry| Ok(entry?.path()))
                    .collect::<Result<Vec<_>, _>>()
            })
            .map_err(unreadable)?;
        paths.sort();
        let mut found = Self::default();
        for path in paths.into_iter().filter(|path| path.is_file()) {
            match data_set(&path)? {
                Some(set) => found.files.entry(set).or_default().push(path),
                None => found.others.push(name(&path)),
            }
        }
        let missing: Vec<&'static str> = DataSet::ALL
            .into_iter()
            .filter(|set| !found.files.contains_key(set))
            .map(DataSet::name)
            .collect();
        if missing.is_empty() {
            return Ok(found);
        }
        Err(InputError::Missing {
            path: dir.to_owned(),
            missing: missing.join(", "),
            found: found.in_words(),
        })
    }

    /// What was found, for a person who wonders why it is not enough.
    fn in_words(&self) -> String {
        let mut parts: Vec<String> = self
            .files
            .iter()
            .map(|(set, files)| {
                let names: Vec<String> = files.iter().map(|path| name(path)).collect();
                format!("{} in {}", set.name(), names.join(", "))
            })
            .collect();
        if let Some(names) = self.others.get(..self.others.len().min(NAMED)) {
            let more = match self.others.len() - names.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            if !names.is_empty() {
                parts.push(format!("none of the four in {}{more}", names.join(", ")));
            }
        }
        if parts.is_empty() {
            return "the folder is empty".to_owned();
        }
        format!("it holds {}", parts.join("; "))
    }
}

/// The data set that a file holds; `None` for a file that has nothing to do with any.
fn data_set(path: &Path) -> Result<Option<DataSet>, InputError> {
    let is_csv = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    if !is_csv {
        return Ok(None);
    }
    let table = Table::open(path)?;
    let header: BTreeSet<&str> = table.columns().collect();
    let Some(set) = DataSet::of(&header) else {
        return Ok(None);
    };
    let missing: Vec<&'static str> = set
        .columns()
        .iter()
        .copied()
        .filter(|column| !header.contains(column))
        .collect();
    if missing.is_empty() {
        return Ok(Some(set));
    }
    Err(InputError::Header {
        path: path.to_owned(),
        set: set.name(),
        missing: missing.join(", "),
    })
}

pub(super) fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
