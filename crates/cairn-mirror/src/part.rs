//! A file that is on its way: what came stands beside, and the next attempt goes on from there, whoever gives the rest.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use cairn_epoch::disk::{DiskError, Machine, create_folders};
use sha2::{Digest as _, Sha256};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _, SeekFrom};

use crate::line::Size;

const BLOCK: usize = 64 * 1024;

/// What there is of a file.
pub(crate) struct Part {
    path: PathBuf,
    file: File,
    len: u64,
    /// Mirrors that gave some of it.
    by: BTreeSet<usize>,
    /// Whether some of it is from an earlier attempt.
    inherited: bool,
}

impl Part {
    /// Opens what an earlier attempt left at `path`, or begins anew.
    pub async fn open(path: &Path, size: Size) -> Result<Self, DiskError> {
        if let Some(folder) = path.parent() {
            create_folders(&Machine, folder)?;
        }
        let opened = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .await;
        let file = opened.map_err(failed("open", path))?;
        let about = file.metadata().await;
        let len = about.map_err(failed("look at", path))?.len();
        let mut part = Self {
            path: path.to_owned(),
            file,
            len,
            by: BTreeSet::new(),
            inherited: len > 0,
        };
        let serves = match size {
            Size::Exactly(size) => len <= size,
            // Where it would end nobody knows.
            Size::AtMost(_) => len == 0,
        };
        if serves {
            let end = part.file.seek(SeekFrom::End(0)).await;
            end.map_err(failed("read", &part.path))?;
        } else {
            part.clear().await?;
        }
        Ok(part)
    }

    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Takes the next bytes, from the mirror `by`.
    pub async fn append(&mut self, bytes: &[u8], by: usize) -> Result<(), DiskError> {
        let written = self.file.write_all(bytes).await;
        written.map_err(failed("write", &self.path))?;
        self.len = self.len.saturating_add(bytes.len() as u64);
        self.by.insert(by);
        Ok(())
    }

    /// Whether all of it is from the mirror `by`: then it alone answers for it.
    pub fn is_all_by(&self, by: usize) -> bool {
        !self.inherited && self.by.iter().all(|one| *one == by)
    }

    /// Begins anew.
    pub async fn clear(&mut self) -> Result<(), DiskError> {
        let cleared = async {
            self.file.flush().await?;
            self.file.set_len(0).await?;
            self.file.seek(SeekFrom::Start(0)).await
        };
        cleared.await.map_err(failed("clear", &self.path))?;
        self.len = 0;
        self.by.clear();
        self.inherited = false;
        Ok(())
    }

    /// SHA-256 of what stands on the disk.
    pub async fn hash(&mut self) -> Result<[u8; 32], DiskError> {
        let flushed = self.file.flush().await;
        flushed.map_err(failed("write", &self.path))?;
        hash_of(&self.path).await
    }

    /// Gives it its place: synced before its name says that it is whole.
    pub async fn keep(self, place: &Path) -> Result<(), DiskError> {
        if let Some(folder) = place.parent() {
            create_folders(&Machine, folder)?;
        }
        let synced = self.file.sync_all().await;
        synced.map_err(failed("sync", &self.path))?;
        let renamed = tokio::fs::rename(&self.path, place).await;
        renamed.map_err(failed("rename into", place))
    }
}

/// SHA-256 of the file at `path`, in bounded memory.
pub(crate) async fn hash_of(path: &Path) -> Result<[u8; 32], DiskError> {
    let of = path.to_owned();
    let hashing = tokio::task::spawn_blocking(move || -> io::Result<[u8; 32]> {
        let mut file = std::fs::File::open(of)?;
        let (mut digest, mut block) = (Sha256::new(), vec![0; BLOCK]);
        loop {
            let read = file.read(&mut block)?;
            if read == 0 {
                return Ok(digest.finalize().into());
            }
            digest.update(block.get(..read).unwrap_or_default());
        }
    });
    let hashed = hashing
        .await
        .unwrap_or_else(|error| Err(io::Error::other(error)));
    hashed.map_err(failed("read", path))
}

pub(crate) fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> DiskError {
    let path = path.to_owned();
    move |source| DiskError {
        doing,
        path,
        source,
    }
}
