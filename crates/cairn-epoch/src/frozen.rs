//! The frozen inputs of an epoch, each file read once: what is hashed for the manifest is what is computed with.

use std::path::Path;

use bytes::Bytes;
use cairn_rules::Ruleset;
use sha2::{Digest, Sha256};

use crate::EpochError;
use crate::evidence::{Evidence, read_segment, segments};
use crate::folder::{EpochFolder, read, resolve, segment_number};
use crate::input::{
    Anchor, Device, EpochInput, decode_anchors, decode_devices, decode_epoch, effective,
};
use crate::manifest::FileEntry;
use crate::parquet_file::count_rows;
use crate::ruleset::{Period, Rulebook};
use crate::seen::remember;
use crate::state::{Leaf, State};
use crate::verify::list_files;

/// Everything but the evidence.
pub(crate) struct Frozen {
    pub epoch: EpochInput,
    pub rulebook: Rulebook,
    /// When the epoch is, by the ruleset's calendar.
    pub period: Period,
    /// The devices as they count: one for each key.
    pub devices: Vec<Device>,
    /// What the registry showed of every leaf up to and with this epoch's snapshot.
    pub leaves: Vec<Leaf>,
    pub anchors: Vec<Anchor>,
    pub carried: State,
    /// Entries of all these files.
    pub files: Vec<FileEntry>,
}

impl Frozen {
    /// Reads and checks all inputs but the evidence.
    pub fn read(folder: &EpochFolder) -> Result<Self, EpochError> {
        let names = list_files(folder.root(), "inputs")?;
        if let Some(name) = names.iter().find(|name| !is_expected(name)) {
            return Err(EpochError::Stray {
                path: folder.root().join(name),
            });
        }
        let mut files = Vec::new();
        let mut take = |path: &Path| take_file(folder.root(), path, &mut files);
        let path = folder.epoch_json();
        let epoch = decode_epoch(&path, &take(&path)?)?;
        let path = folder.ruleset_toml();
        let document = text(&path, &take(&path)?)?;
        let mut rules = Vec::new();
        for name in names
            .iter()
            .filter(|name| name.starts_with("inputs/rules/"))
        {
            let path = folder.root().join(name);
            let file = name.trim_start_matches("inputs/rules/").to_owned();
            rules.push((file, text(&path, &take(&path)?)?));
        }
        let rulebook = Rulebook::new(Ruleset::from_texts(document, rules)?)?;
        let period = rulebook.period(epoch.number)?;
        let path = folder.devices();
        let snapshot = decode_devices(&path, take(&path)?)?;
        let path = folder.anchors();
        let anchors = decode_anchors(&path, take(&path)?)?;
        let path = folder.carried_state();
        let carried = if epoch.number == 1 {
            if path.exists() {
                return Err(EpochError::Stray { path });
            }
            State::default()
        } else {
            let carried = State::decode(&path, take(&path)?)?;
            if carried.epoch + 1 != epoch.number || carried.pool != epoch.pool {
                return Err(EpochError::StateMismatch {
                    number: epoch.number,
                    found: carried.epoch,
                    pool: cairn_spelling::text::base58(&carried.pool),
                });
            }
            // An hour in two epochs would be paid in both.
            if period.start_ms < carried.period_end_ms {
                return Err(EpochError::PeriodOverlap {
                    number: epoch.number,
                    start_ms: period.start_ms,
                    before_ms: carried.period_end_ms,
                });
            }
            carried
        };
        let (start_hour, _) = period.hours();
        Ok(Self {
            devices: effective(&snapshot),
            leaves: remember(&snapshot, &carried.leaves, start_hour),
            epoch,
            rulebook,
            period,
            anchors,
            carried,
            files,
        })
    }
}

/// Reads the evidence a segment at a time, hands each to `take`, and returns the segments' entries.
pub(crate) fn read_evidence(
    folder: &EpochFolder,
    mut take: impl FnMut(Vec<Evidence>),
) -> Result<Vec<FileEntry>, EpochError> {
    let mut first = 0;
    let mut files = Vec::new();
    for path in segments(&folder.inputs())? {
        let bytes = take_file(folder.root(), &path, &mut files)?;
        let rows = read_segment(&path, bytes, first)?;
        first += rows.len() as u64;
        take(rows);
    }
    Ok(files)
}

/// Whatever stands in `inputs/` becomes part of the manifest, so nothing stands there by accident.
fn is_expected(name: &str) -> bool {
    let Some(file) = name.strip_prefix("inputs/") else {
        return false;
    };
    matches!(
        file,
        "epoch.json" | "ruleset.toml" | "devices.parquet" | "anchors.parquet" | "state.parquet"
    ) || segment_number(file).is_some()
        || file
            .strip_prefix("rules/")
            .is_some_and(|rule| !rule.contains('/') && rule.ends_with(".sql"))
}

fn take_file(root: &Path, path: &Path, files: &mut Vec<FileEntry>) -> Result<Bytes, EpochError> {
    let name = path
        .strip_prefix(root)
        .ok()
        .and_then(Path::to_str)
        .unwrap_or_default()
        .replace(std::path::MAIN_SEPARATOR, "/");
    // Refuses links, as everywhere.
    let bytes = Bytes::from(read(&resolve(root, &name)?)?);
    files.push(entry(path, name, &bytes)?);
    Ok(bytes)
}

/// What the manifest says of a file.
pub(crate) fn entry(path: &Path, name: String, bytes: &Bytes) -> Result<FileEntry, EpochError> {
    let rows = if name.ends_with(".parquet") {
        count_rows(path, bytes.clone())?
    } else {
        bytes.iter().filter(|byte| **byte == b'\n').count() as u64
    };
    Ok(FileEntry {
        name,
        rows,
        sha256: Sha256::digest(bytes).into(),
        size: bytes.len() as u64,
    })
}

fn text(path: &Path, bytes: &[u8]) -> Result<String, EpochError> {
    String::from_utf8(bytes.to_vec()).map_err(|error| EpochError::Json {
        path: path.to_owned(),
        message: format!("byte {} is not UTF-8", error.utf8_error().valid_up_to()),
    })
}
