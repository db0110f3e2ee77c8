//! Where other keepers publish: their folders and addresses, what each of them answered last, and where that is written down for
//! `status`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use cairn_epoch::disk::{Machine, write_whole};
use cairn_merkle::EpochNumber;
use cairn_mirror::{Fetched, Hear, MirrorError, Mirrors, Told, Wanted};
use serde::{Deserialize, Serialize};

use crate::KeeperError;
use crate::config::places_at;
use crate::progress::{Phase, Progress};
use crate::store::folder::DataFolder;

/// What one mirror came to when it was asked last. Fields stand in alphabetical order, as they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// What it was asked for.
    pub epoch: EpochNumber,
    /// Without credentials.
    pub mirror: String,
    /// What it answered instead; `None` when it served, or another one did before it.
    pub said: Option<String>,
}

/// Mirrors of other keepers' epochs.
pub(crate) struct Peers {
    mirrors: Mirrors,
    ears: Arc<Ears>,
    /// Where it is written down what they said.
    notes: PathBuf,
}

impl Peers {
    /// Those at `places`, of which relative paths begin in `base`; `None` for none.
    pub fn of(
        places: &[PathBuf],
        base: &Path,
        notes: PathBuf,
        progress: Arc<dyn Progress>,
    ) -> Result<Option<Self>, KeeperError> {
        if places.is_empty() {
            return Ok(None);
        }
        let places = places_at(places, base).map_err(KeeperError::Place)?;
        let ears = Arc::new(Ears {
            progress,
            told: Mutex::default(),
        });
        let mirrors = Mirrors::new(places).map_err(KeeperError::from)?;
        Ok(Some(Self {
            mirrors: mirrors.heard_by(ears.clone()),
            ears,
            notes,
        }))
    }

    /// Fetches of epoch `number`, whose manifest has the SHA-256 `hash`, what is wanted into `folder`.
    pub async fn fetch(
        &self,
        number: EpochNumber,
        hash: [u8; 32],
        wanted: Wanted<'_>,
        folder: &Path,
    ) -> Result<Fetched, MirrorError> {
        self.ears.told().clear();
        self.ears.progress.phase_started(Phase::Fetch, None);
        let fetched = self.mirrors.fetch(number, hash, wanted, folder).await;
        self.ears.progress.phase_finished(Phase::Fetch);
        self.note(number);
        fetched
    }

    /// Writes down how each of them fared. That this fails is no reason to fail: the notes are for a person.
    fn note(&self, epoch: EpochNumber) {
        let told = self.ears.told();
        let peers: Vec<Peer> = self
            .mirrors
            .names()
            .map(|mirror| Peer {
                epoch,
                mirror: mirror.to_owned(),
                said: told.get(mirror).cloned(),
            })
            .collect();
        if let Ok(mut bytes) = serde_json::to_vec_pretty(&peers) {
            bytes.push(b'\n');
            if let Err(error) = write_whole(&Machine, &self.notes, &bytes) {
                tracing::warn!(%error, "what the mirrors said is not written down");
            }
        }
    }
}

/// What a keeper in `folder` wrote down of its mirrors; nothing before it asked one.
pub(crate) fn noted(folder: &DataFolder) -> Vec<Peer> {
    let bytes = std::fs::read(folder.mirrors()).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

struct Ears {
    progress: Arc<dyn Progress>,
    /// The last answer of each that failed.
    told: Mutex<BTreeMap<String, String>>,
}

impl Ears {
    fn told(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hear for Ears {
    fn begins(&self, what: &str, bytes: u64) {
        self.progress.phase_started(Phase::Fetch, Some(bytes));
        self.progress.phase_detail(Phase::Fetch, what);
    }

    fn reached(&self, bytes: u64) {
        self.progress.phase_advanced(Phase::Fetch, bytes);
    }

    fn failed(&self, told: &Told) {
        let fault = told.fault.to_string();
        let before = self.told().insert(told.mirror.clone(), fault);
        if before.is_none() {
            self.progress.note(&format!("{told}; asking on"));
        }
    }
}
