//! A campaign's folder: what stands where, and how it comes into being whole or not at all.
//!
//! ```text
//! campaign.json   what the campaign's creation takes
//! canopy.bin      the tree's top, which its account stores
//! recipients.csv  everyone in canonical order; its SHA-256 is on chain
//! claims/000.json …
//! ```

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

use crate::CampaignError;
use crate::names::CLAIMS;

/// Threads that wait for the disk.
const WAITING: usize = 32;

/// A folder in the making, beside its final name: `<name>.partial/` holds a lock and the set of files. Whoever holds the
/// lock is the only one at work; what a crash leaves is cleared by the next start.
pub(crate) struct Writing {
    target: PathBuf,
    partial: PathBuf,
    /// Held for as long as this lives.
    _lock: File,
}

impl Writing {
    /// # Errors
    /// [`CampaignError::Exists`] when there is something under the final name, or under the partial one that no crash of
    /// this program left; [`CampaignError::Busy`].
    pub fn start(target: &Path) -> Result<Self, CampaignError> {
        refuse_existing(target)?;
        let Some(name) = target.file_name() else {
            return Err(CampaignError::Exists {
                path: target.to_owned(),
            });
        };
        let mut partial_name = name.to_owned();
        partial_name.push(".partial");
        let partial = target.with_file_name(partial_name);
        let lock_path = partial.join("lock");
        if partial.exists() && !lock_path.is_file() {
            // Somebody's own folder: clearing it would destroy their files.
            return Err(CampaignError::Exists { path: partial });
        }
        fs::create_dir_all(&partial)
            .map_err(|source| CampaignError::io("create", &partial, source))?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(|source| CampaignError::io("create", &lock_path, source))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(CampaignError::Busy {
                    path: target.to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => {
                return Err(CampaignError::io("lock", &lock_path, source));
            }
        }
        let writing = Self {
            target: target.to_owned(),
            partial,
            _lock: lock,
        };
        let set = writing.set();
        if set.exists() {
            fs::remove_dir_all(&set).map_err(|source| CampaignError::io("clear", &set, source))?;
        }
        let claims = set.join(CLAIMS);
        fs::create_dir_all(&claims)
            .map_err(|source| CampaignError::io("create", &claims, source))?;
        Ok(writing)
    }

    fn set(&self) -> PathBuf {
        self.partial.join("set")
    }

    /// Writes one file; [`Self::finish`] makes it last.
    pub fn write(&self, name: &Path, bytes: &[u8]) -> Result<(), CampaignError> {
        let path = self.set().join(name);
        let write = || File::create_new(&path)?.write_all(bytes);
        write().map_err(|source| CampaignError::io("write", &path, source))
    }

    /// Waits until the disk has all `names`, then gives the folder its final name: from then on, and only then, it is
    /// there, and whole.
    pub fn finish(self, names: &[PathBuf]) -> Result<(), CampaignError> {
        let set = self.set();
        let synced = |path: &Path| {
            let sync = || File::open(path)?.sync_all();
            sync().map_err(|source| CampaignError::io("sync", path, source))
        };
        // Threads that wait, not cores that work: a disk makes one commit of what many wait for at once.
        let share = names.len().div_ceil(WAITING).max(1);
        thread::scope(|scope| {
            let waiting: Vec<_> = names
                .chunks(share)
                .map(|names| {
                    let (set, synced) = (&set, &synced);
                    scope.spawn(move || names.iter().try_for_each(|name| synced(&set.join(name))))
                })
                .collect();
            waiting.into_iter().try_for_each(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
        })?;
        synced(&set.join(CLAIMS))?;
        synced(&set)?;
        refuse_existing(&self.target)?;
        fs::rename(&set, &self.target).map_err(|source| match source.kind() {
            // Somebody took the name in between; a rename replaces nothing but an empty folder.
            io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotADirectory => {
                CampaignError::Exists {
                    path: self.target.clone(),
                }
            }
            _ => CampaignError::io("rename into", &self.target, source),
        })?;
        let parent = match self.target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        synced(parent)?;
        // The campaign is there; what is left behind is an empty folder, and no reason to say it failed.
        drop(fs::remove_dir_all(&self.partial));
        Ok(())
    }
}

impl Drop for Writing {
    /// A preparation that failed leaves nothing behind; one that was killed is cleared by the next.
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.partial));
    }
}

fn refuse_existing(path: &Path) -> Result<(), CampaignError> {
    // Not `exists`: a dangling link is something, too.
    if fs::symlink_metadata(path).is_ok() {
        return Err(CampaignError::Exists {
            path: path.to_owned(),
        });
    }
    Ok(())
}
