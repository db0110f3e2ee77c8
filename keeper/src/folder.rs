//! The data folder: where everything of a keeper stands, and the lock that keeps a second one out.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use cairn_epoch::EpochFolder;

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
    #[error("{} is no keeper's folder: keeper.toml is missing", path.display())]
    NotAKeeper { path: PathBuf },
}

impl FolderError {
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
            Self::Exists { .. } => "edit its keeper.toml, or choose an empty folder".to_owned(),
            Self::NotAKeeper { path } => format!(
                "name the keeper's folder with --data, or create one with `cairn-keeper init {}`",
                path.display()
            ),
        }
    }
}

/// Names of everything in a data folder. Reads and writes nothing by itself.
///
/// ```text
/// keeper.toml            configuration, documented
/// keeper-keypair.json    key of this keeper, unless keeper.toml names another file
/// keeper.sqlite          journal: receipts, epochs, transactions
/// keeper.lock            held while a process works here
/// registry/              published devices, streams and anchors
/// inbox/  inbox/done/    files with proofs that `run` ingests, and has ingested
/// epochs/NNNNN/          the epochs this keeper derived itself
/// published/NNNNN/       copies of other keepers' epochs that it recomputed and attested
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
    pub fn epoch(&self, number: u64) -> EpochFolder {
        EpochFolder::of(&self.root, number)
    }

    /// This keeper's copy of an epoch that another keeper published.
    #[must_use]
    pub fn published(&self, number: u64) -> EpochFolder {
        EpochFolder::new(self.root.join("published").join(format!("{number:05}")))
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
            fs::create_dir_all(&folder).map_err(FolderError::io("create", &folder))?;
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
        let aside = self.aside();
        fs::create_dir_all(&aside).map_err(FolderError::io("create", &aside))?;
        let mut target = aside.join(name);
        let mut copy = 2_u32;
        while target.symlink_metadata().is_ok() {
            target = aside.join(format!("{name}.{copy}"));
            copy = copy.saturating_add(1);
        }
        fs::rename(path, &target).map_err(FolderError::io("move aside", path))?;
        Ok(target)
    }
}

/// Held as long as this process works in the folder.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

/// Copies a file whole or not at all: to a temporary name, synced, renamed.
///
/// # Errors
/// [`FolderError::Io`] naming the side that failed.
pub(crate) fn copy_whole(from: &Path, to: &Path) -> Result<(), FolderError> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(FolderError::io("create", parent))?;
    }
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let mut source = File::open(from).map_err(FolderError::io("read", from))?;
    let mut target = File::create(&partial).map_err(FolderError::io("write", &partial))?;
    io::copy(&mut source, &mut target).map_err(FolderError::io("copy", from))?;
    target
        .sync_all()
        .map_err(FolderError::io("sync", &partial))?;
    fs::rename(&partial, to).map_err(FolderError::io("rename into", to))?;
    sync_parent(to)
}

/// Makes a rename survive a power cut.
pub(crate) fn sync_parent(path: &Path) -> Result<(), FolderError> {
    let Some(parent) = path.parent() else {
        return Ok(());
    };
    File::open(parent)
        .and_then(|folder| folder.sync_all())
        .map_err(FolderError::io("sync", parent))
}
