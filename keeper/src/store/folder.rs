//! The data folder: where everything of a keeper stands, and the lock that keeps a second one out.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use cairn_epoch::EpochFolder;
use cairn_epoch::disk::{self, DiskError, Machine};
use cairn_merkle::EpochNumber;

/// Why a folder can not be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("can not {doing} {}: {source}", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("another keeper process works in {}", path.display())]
    Locked { path: PathBuf },
    #[error("{} is a keeper's folder already", path.display())]
    Exists { path: PathBuf },
    #[error("rules stand in {} already", path.display())]
    RulesExist { path: PathBuf },
}

impl From<DiskError> for FolderError {
    fn from(error: DiskError) -> Self {
        Self::Io {
            doing: error.doing,
            path: error.path,
            source: error.source,
        }
    }
}

impl FolderError {
    /// Whether the same may succeed later without anybody changing a right or a name.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Locked { .. } => true,
            Self::Io { source, .. } => may_pass(source),
            Self::Exists { .. } | Self::RulesExist { .. } => false,
        }
    }

    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            doing,
            path,
            source,
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Io { .. } => "check that it exists, belongs to this user and has room on its disk".to_owned(),
            Self::Locked { .. } => {
                "stop the other one first (`cairn-keeper status` works beside it), or use a folder of its own".to_owned()
            }
            Self::RulesExist { .. } => {
                "leave the terms away to see their hash, or choose an empty folder".to_owned()
            }
            Self::Exists { .. } => "edit its keeper.toml, or choose an empty folder".to_owned(),
        }
    }
}

/// Whether a system's refusal is one of the moment: a full disk is emptied, a busy one comes to rest.
pub(crate) fn may_pass(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::StorageFull
            | Kind::QuotaExceeded
            | Kind::Interrupted
            | Kind::ResourceBusy
            | Kind::TimedOut
            | Kind::StaleNetworkFileHandle
            | Kind::OutOfMemory
            | Kind::WouldBlock
    )
}

/// Names of everything in a data folder. Reads and writes nothing by itself.
///
/// ```text
/// keeper.toml            configuration, documented
/// keeper-keypair.json    key of this keeper, unless keeper.toml names another file
/// keeper.sqlite          journal: receipts, epochs, transactions
/// keeper.lock            held while a process works here
/// registry/              published devices and anchors
/// ruleset/               rules, calendar, emission and streams
/// inbox/                 files with proofs that `run` ingests
/// inbox/done/            those it has ingested
/// inbox/refused/         those that hold no proofs, each with its reason beside it
/// epochs/NNNNN/          the epochs this keeper derived itself
/// epochs/index.json      which of them are there, for who reads them from a host that lists nothing
/// published/NNNNN/       copies of other keepers' epochs that it recomputed and attested, with an index of their own
/// mirrors.json           what each mirror of others' files said last, for `status`
/// scratch/               recomputations, cleared when done
/// aside/                 half-written and superseded files, kept for a person
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFolder {
    root: PathBuf,
}

impl DataFolder {
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.root.join("keeper.toml")
    }

    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.root.join("keeper.sqlite")
    }

    #[must_use]
    pub fn registry(&self) -> PathBuf {
        self.root.join("registry")
    }

    #[must_use]
    pub fn inbox(&self) -> PathBuf {
        self.root.join("inbox")
    }

    #[must_use]
    pub fn inbox_done(&self) -> PathBuf {
        self.inbox().join("done")
    }

    #[must_use]
    pub fn inbox_refused(&self) -> PathBuf {
        self.inbox().join("refused")
    }

    #[must_use]
    pub fn epochs(&self) -> PathBuf {
        self.root.join("epochs")
    }

    /// A place for what is computed only to be compared.
    #[must_use]
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.root.join("scratch").join(name)
    }

    #[must_use]
    pub fn aside(&self) -> PathBuf {
        self.root.join("aside")
    }

    #[must_use]
    pub fn epoch(&self, number: EpochNumber) -> EpochFolder {
        EpochFolder::of(&self.root, number)
    }

    /// This keeper's copy of an epoch that another keeper published.
    #[must_use]
    pub fn published(&self, number: EpochNumber) -> EpochFolder {
        EpochFolder::new(self.published_epochs().join(format!("{number:05}")))
    }

    #[must_use]
    pub fn mirrors(&self) -> PathBuf {
        self.root.join("mirrors.json")
    }

    #[must_use]
    pub fn published_epochs(&self) -> PathBuf {
        self.root.join("published")
    }

    /// A path from keeper.toml: relative ones start at the data folder.
    #[must_use]
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.root.join(path)
    }

    /// Creates the folders.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn create(&self) -> Result<(), FolderError> {
        for folder in [self.registry(), self.inbox_done(), self.epochs()] {
            disk::create_folders(&Machine, &folder)?;
        }
        Ok(())
    }

    /// Keeps every other keeper process out until the lock is dropped. The operating system lets go of it when the
    /// process dies, however it dies.
    ///
    /// # Errors
    /// [`FolderError::Locked`], [`FolderError::Io`].
    pub fn lock(&self) -> Result<FolderLock, FolderError> {
        let path = self.root.join("keeper.lock");
        let file = File::create(&path).map_err(FolderError::io("create", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(FolderLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(FolderError::Locked {
                path: self.root.clone(),
            }),
            Err(TryLockError::Error(source)) => Err(FolderError::io("lock", &path)(source)),
        }
    }

    /// Moves a file or folder out of the way, under a name that is free. A person may want to look at it; nothing
    /// reads it again.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn move_aside(&self, path: &Path, name: &str) -> Result<PathBuf, FolderError> {
        move_into(path, &self.aside(), name)
    }
}

/// Held as long as this process works in the folder.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

/// Moves a file or folder into `folder` as `name`, or as the first of `name.2`, `name.3` … that is free: what has a name
/// there keeps it.
pub(crate) fn move_into(path: &Path, folder: &Path, name: &str) -> Result<PathBuf, FolderError> {
    disk::create_folders(&Machine, folder)?;
    let mut target = folder.join(name);
    let mut copy = 2_u32;
    loop {
        match move_to(path, &target) {
            Err(FolderError::Io { source, .. })
                if source.kind() == io::ErrorKind::AlreadyExists && copy < u32::MAX =>
            {
                target = folder.join(format!("{name}.{copy}"));
                copy = copy.saturating_add(1);
            }
            moved => return moved.map(|()| target),
        }
    }
}

fn move_to(path: &Path, target: &Path) -> Result<(), FolderError> {
    if !path.is_dir() {
        return Ok(disk::move_new(&Machine, path, target)?);
    }
    // Folders have no second names. Nobody else works in this keeper's folder while it is locked.
    if target.symlink_metadata().is_ok() {
        return Err(FolderError::io("move aside", path)(
            io::ErrorKind::AlreadyExists.into(),
        ));
    }
    fs::rename(path, target).map_err(FolderError::io("move aside", path))
}

/// Copies a file whole or not at all.
///
/// # Errors
/// [`FolderError::Io`] naming the side that failed.
pub(crate) fn copy_whole(from: &Path, to: &Path) -> Result<(), FolderError> {
    Ok(disk::copy_whole(&Machine, from, to)?)
}
