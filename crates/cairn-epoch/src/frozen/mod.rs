//! The frozen inputs of an epoch, each file read once: what is hashed for the manifest is what is computed with.

mod burns;
mod draft;
mod genesis;
mod list;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use cairn_merkle::EpochNumber;
use cairn_rules::Ruleset;
use sha2::{Digest, Sha256};

use crate::EpochError;
use crate::evidence::{Evidence, read_segment, segments};
use crate::folder::{EpochFolder, list_files, read, resolve};
use crate::input::{Anchor, Burn, Device, EpochInput, Grant, Taken};
use crate::manifest::FileEntry;
use crate::parquet_file::count_rows;
use crate::ruleset::{Period, Rulebook};
use crate::seen::remember;
use crate::standing::standing;
use crate::state::{Leaf, State};
use burns::spendable;
use draft::Draft;
use genesis::held;

pub use list::{Input, InputColumn, columns};

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
    /// What payers of traffic burned in the period.
    pub burns: Vec<Burn>,
    /// What people held before the pool began; nothing but in its first epoch.
    pub genesis: Vec<Grant>,
    pub carried: State,
    /// What was taken under the root before, when that was revoked.
    pub taken: Vec<Taken>,
    /// Entries of all these files.
    pub files: Vec<FileEntry>,
}

impl Frozen {
    /// Reads and checks all inputs but the evidence. Whatever stands in `inputs/` becomes part of the manifest, so nothing
    /// stands there by accident.
    pub fn read(folder: &EpochFolder) -> Result<Self, EpochError> {
        let root = folder.root();
        let mut draft = Draft::default();
        let mut files = Vec::new();
        let mut found = BTreeMap::new();
        for name in list_files(root, "inputs")? {
            let path = root.join(&name);
            let Some(input) = Input::of(&name) else {
                return Err(EpochError::Stray { path });
            };
            found.entry(input).or_insert_with(|| path.clone());
            if input.is_read_first() {
                let bytes = take_file(root, &path, &mut files)?;
                input.read(&mut draft, name.trim_start_matches("inputs/"), &path, bytes)?;
            }
        }
        let needed = |input: Input| EpochError::Missing {
            path: root.join(input.name()),
        };
        let epoch = draft.epoch.take().ok_or_else(|| needed(Input::Epoch))?;
        let document = draft
            .document
            .take()
            .ok_or_else(|| needed(Input::Ruleset))?;
        complete(&found, epoch.number, root)?;
        let rules = std::mem::take(&mut draft.rules);
        let rulebook = Rulebook::new(Ruleset::from_texts(document, rules)?)?;
        let period = rulebook.period(epoch.number)?;
        let snapshot = draft.devices.take().ok_or_else(|| needed(Input::Devices))?;
        let anchors = draft.anchors.take().ok_or_else(|| needed(Input::Anchors))?;
        let burns = draft.burns.take();
        let burns = spendable(&folder.burns(), burns, &rulebook, period)?;
        let genesis = draft.genesis.take();
        let genesis = held(&folder.genesis(), genesis, &rulebook, epoch.number)?;
        let carried = match epoch.number {
            EpochNumber::FIRST => State {
                memory: draft.remembered(rulebook.memory())?,
                ..State::default()
            },
            _ => State {
                end: draft.end.ok_or_else(|| needed(Input::End))?,
                memory: draft.remembered(rulebook.memory())?,
                members: draft.members.ok_or_else(|| needed(Input::Members))?,
                waiting: draft.waiting.ok_or_else(|| needed(Input::Waiting))?,
                unlinked: draft.unlinked.ok_or_else(|| needed(Input::Unlinked))?,
                arrears: draft.arrears.ok_or_else(|| needed(Input::Arrears))?,
                links: draft.links.ok_or_else(|| needed(Input::Links))?,
                signers: draft.signers.ok_or_else(|| needed(Input::Signers))?,
                leaves: draft.leaves.ok_or_else(|| needed(Input::Leaves))?,
            },
        };
        follows(&epoch, period, &carried)?;
        let (start_hour, _) = period.hours();
        let leaves = remember(&snapshot, &carried.leaves, start_hour);
        Ok(Self {
            devices: standing(&snapshot, &leaves),
            leaves,
            epoch,
            rulebook,
            period,
            anchors,
            burns,
            genesis,
            carried,
            taken: draft.taken,
            files,
        })
    }
}

/// Every input that epoch `number` needs must be there, and none that it can not have.
fn complete(
    found: &BTreeMap<Input, PathBuf>,
    number: EpochNumber,
    root: &Path,
) -> Result<(), EpochError> {
    for input in Input::ALL {
        match found.get(&input) {
            Some(path) if !input.is_possible(number) => {
                return Err(EpochError::Stray { path: path.clone() });
            }
            None if input.is_needed(number) => {
                return Err(EpochError::Missing {
                    path: root.join(input.name()),
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// The state must be that of the epoch before, and end before this one begins.
fn follows(epoch: &EpochInput, period: Period, carried: &State) -> Result<(), EpochError> {
    if epoch.number == EpochNumber::FIRST {
        return Ok(());
    }
    let end = carried.end;
    if epoch.number.previous() != Some(end.epoch) || end.pool != epoch.pool {
        return Err(EpochError::StateMismatch {
            number: epoch.number,
            found: end.epoch,
            pool: cairn_spelling::text::base58(&end.pool),
        });
    }
    // An hour in two epochs would be paid in both.
    if period.start_ms < end.period_end_ms {
        return Err(EpochError::PeriodOverlap {
            number: epoch.number,
            start_ms: period.start_ms,
            before_ms: end.period_end_ms,
        });
    }
    Ok(())
}

/// Reads the evidence a segment at a time, hands each to `take`, and returns the segments' entries.
pub(crate) fn read_evidence(
    folder: &EpochFolder,
    mut take: impl FnMut(Vec<Evidence>),
) -> Result<Vec<FileEntry>, EpochError> {
    let mut first = 0;
    let mut files = Vec::new();
    for segment in segments(&folder.inputs())? {
        let path = folder.evidence(segment);
        let bytes = take_file(folder.root(), &path, &mut files)?;
        let rows = read_segment(segment, &path, bytes, first)?;
        first += rows.len() as u64;
        take(rows);
    }
    Ok(files)
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
