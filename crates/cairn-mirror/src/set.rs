use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use cairn_client::Patience;
use cairn_epoch::{ClaimFiles, EpochFolder, FileEntry, Manifest, claim_files, disk, read_manifest};
use cairn_merkle::EpochNumber;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::bring::{Piece, bring};
use crate::fault::MirrorError;
use crate::line::{Line, Size};
use crate::mirror::Mirror;
use crate::pace::{Hear, Pace, Quiet};
use crate::part::{Part, failed, hash_of};
use crate::place::Place;
use crate::ring::Ring;
use crate::wanted::Wanted;

/// Most bytes of a manifest: a hundred times what an epoch of 25 million proofs a day has.
const MOST_MANIFEST: u64 = 32 * 1024 * 1024;
/// Files that are fetched side by side.
const SIDE_BY_SIDE: usize = 4;
const CLAIM_LIST: &str = "outputs/claims.parquet";

/// Mirrors of the same published epochs, in the order in which they are asked. One that fails is asked after the others from then on.
pub struct Mirrors {
    pub(crate) ring: Ring,
}

/// What a fetch brought.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub manifest: Manifest,
    /// Files that were not there whole.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The mirrors that gave them.
    pub from: BTreeSet<String>,
}

impl Mirrors {
    /// Mirrors at `places`, asked in that order.
    ///
    /// # Errors
    /// [`MirrorError::Line`].
    pub fn new(places: Vec<Place>) -> Result<Self, MirrorError> {
        Self::patient(places, Pace::default(), Patience::default())
    }

    /// As [`Self::new`], with another pace and patience than the usual.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn patient(
        places: Vec<Place>,
        pace: Pace,
        patience: Patience,
    ) -> Result<Self, MirrorError> {
        let all = places.into_iter().map(Mirror::new).collect();
        let ring = Ring::new(all, Line::new(pace)?, (pace, patience), Arc::new(Quiet));
        Ok(Self { ring })
    }

    /// The same mirrors, with someone who hears how far a fetch has come.
    #[must_use]
    pub fn heard_by(mut self, hear: Arc<dyn Hear>) -> Self {
        self.ring.hear = hear;
        self
    }

    /// What they are called, without credentials.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.ring.all.iter().map(|mirror| mirror.shown.as_str())
    }

    /// Fetches the manifest whose SHA-256 is `hash`, of epoch `number`, and of its files those that are wanted, into `folder`. What is
    /// there already is checked and stays; what an earlier attempt began goes on where that ended.
    ///
    /// # Errors
    /// [`MirrorError::Nowhere`] with what each mirror answered; [`MirrorError::UnsafeName`]; a manifest or list of the right hash that
    /// is none; a disk that refuses.
    pub async fn fetch(
        &self,
        number: EpochNumber,
        hash: [u8; 32],
        wanted: Wanted<'_>,
        folder: &Path,
    ) -> Result<Fetched, MirrorError> {
        let job = Job {
            number,
            manifest: hash,
            folder: EpochFolder::new(folder),
            parts: folder.join("parts"),
            came: Mutex::default(),
        };
        let manifest = self.manifest(&job).await?;
        let named = manifest.files().filter(|entry| {
            wanted.takes(&entry.name)
                || entry.name == CLAIM_LIST && matches!(wanted, Wanted::Claim(_) | Wanted::Claims)
        });
        self.files(&job, named.cloned().collect()).await?;
        let claims = match wanted {
            Wanted::Claim(owner) => {
                let name = ClaimFiles::of(manifest.tree.depth).name_of(owner);
                let mut claims = claim_files(folder, &manifest)?;
                claims.retain(|entry| entry.name == name);
                claims
            }
            Wanted::Claims | Wanted::Whole => claim_files(folder, &manifest)?,
            Wanted::Manifest | Wanted::Files(_) => Vec::new(),
        };
        self.files(&job, claims).await?;
        let whole = folder.to_owned();
        let keeping = tokio::task::spawn_blocking(move || disk::keep_all(&disk::Machine, &whole));
        keeping
            .await
            .unwrap_or_else(|error| Err(lost(folder, error)))?;
        // Only an empty one goes.
        let _ = std::fs::remove_dir(&job.parts);
        let came = job
            .came
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(Fetched {
            manifest,
            files: came.files,
            bytes: came.bytes,
            from: came.from,
        })
    }

    async fn manifest(&self, job: &Job) -> Result<Manifest, MirrorError> {
        let there = read_manifest(job.folder.root());
        if let Ok((manifest, hash)) = there
            && hash == job.manifest
        {
            return Ok(manifest);
        }
        let entry = Piece {
            number: job.number,
            manifest: job.manifest,
            name: "manifest.json",
            size: Size::AtMost(MOST_MANIFEST),
            sha256: job.manifest,
        };
        self.one(job, &entry, &job.folder.manifest()).await?;
        let (manifest, _) = read_manifest(job.folder.root())?;
        if manifest.epoch.number == job.number {
            return Ok(manifest);
        }
        Err(MirrorError::Epoch(cairn_epoch::EpochError::Json {
            path: job.folder.manifest(),
            message: format!(
                "it is of epoch {}, not of epoch {}",
                manifest.epoch.number, job.number
            ),
        }))
    }

    /// Brings those of `entries` that are not there.
    async fn files(&self, job: &Job, entries: Vec<FileEntry>) -> Result<(), MirrorError> {
        let mut missing = Vec::new();
        for entry in entries {
            let place = job.place(&entry.name)?;
            if !is_there(&place, &entry).await? {
                missing.push((entry, place));
            }
        }
        let bytes = missing
            .iter()
            .fold(0_u64, |sum, (entry, _)| sum.saturating_add(entry.size));
        self.ring.begins(&format!("epoch {}", job.number), bytes);
        stream::iter(&missing)
            .map(Ok)
            .try_for_each_concurrent(SIDE_BY_SIDE, |(entry, place)| async move {
                let piece = Piece {
                    number: job.number,
                    manifest: job.manifest,
                    name: &entry.name,
                    size: Size::Exactly(entry.size),
                    sha256: entry.sha256,
                };
                self.one(job, &piece, place).await
            })
            .await
    }

    async fn one(&self, job: &Job, piece: &Piece<'_>, place: &Path) -> Result<(), MirrorError> {
        let path = job.parts.join(hex::encode(piece.sha256));
        let mut part = Part::open(&path, piece.size).await?;
        self.ring.counted(part.len());
        let by = bring(&self.ring, piece, &mut part).await?;
        let size = part.len();
        part.keep(place).await?;
        let mut came = job.came.lock().unwrap_or_else(PoisonError::into_inner);
        came.files = came.files.saturating_add(1);
        came.bytes = came.bytes.saturating_add(size);
        let by = by.and_then(|at| self.ring.all.get(at));
        came.from.extend(by.map(|mirror| mirror.shown.clone()));
        Ok(())
    }
}

/// One fetch.
struct Job {
    number: EpochNumber,
    manifest: [u8; 32],
    folder: EpochFolder,
    parts: PathBuf,
    came: Mutex<Came>,
}

#[derive(Default)]
struct Came {
    files: u64,
    bytes: u64,
    from: BTreeSet<String>,
}

impl Job {
    /// Where a file belongs. "../../id.json" in a stranger's manifest would be written outside the folder.
    fn place(&self, name: &str) -> Result<PathBuf, MirrorError> {
        let refuse = |reason| MirrorError::UnsafeName {
            number: self.number,
            name: name.to_owned(),
            reason,
        };
        if !name.starts_with("inputs/") && !name.starts_with("outputs/") {
            return Err(refuse("it is neither below inputs/ nor below outputs/"));
        }
        // A drive or a stream of a file, on some systems.
        if name.contains(':') {
            return Err(refuse("it holds a colon"));
        }
        match self.folder.file(name) {
            Ok(place) => Ok(place),
            Err(cairn_epoch::EpochError::UnsafeName { reason, .. }) => Err(refuse(reason)),
            Err(error) => Err(error.into()),
        }
    }
}

fn lost(folder: &Path, error: tokio::task::JoinError) -> disk::DiskError {
    failed("keep", folder)(std::io::Error::other(error))
}

/// Whether the file stands there, whole and right: a cache may be years old, and a disk forgets.
async fn is_there(place: &Path, entry: &FileEntry) -> Result<bool, MirrorError> {
    match tokio::fs::metadata(place).await {
        Ok(about) if about.is_file() && about.len() == entry.size => {
            Ok(hash_of(place).await? == entry.sha256)
        }
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_leave_the_folder_are_refused_and_ordinary_ones_are_not() {
        let job = Job {
            number: EpochNumber::FIRST,
            manifest: [0; 32],
            folder: EpochFolder::new("somewhere"),
            parts: PathBuf::new(),
            came: Mutex::default(),
        };
        for name in [
            "../keeper.toml",
            "inputs/../../keeper.toml",
            "/etc/passwd",
            "inputs//a",
            "inputs/./a",
            "inputs",
            "inputs/",
            "inputs\\..\\a/b",
            "outputs/c:/a",
            "manifest.json",
            "",
        ] {
            let refused = matches!(job.place(name), Err(MirrorError::UnsafeName { .. }));
            assert!(refused, "{name} was accepted");
        }
        let place = job
            .place("inputs/rules/01_a.sql")
            .expect("an ordinary name");
        assert_eq!(place, Path::new("somewhere/inputs/rules/01_a.sql"));
    }
}
