//! The few things that are done to a disk, each so that a power cut leaves it done or undone, and nothing in between.
//!
//! A file's bytes, its name in a folder, and that folder's name in the folder above are three facts; the system keeps
//! each only once it was asked to. Whoever promises something about a file (a receipt, a manifest's hash) asks here
//! first: [`write_new`] and [`write_whole`] for one file, [`keep_all`] for everything below a folder.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

/// What was not done, and why.
#[derive(Debug, thiserror::Error)]
#[error("can not {doing} {}: {source}", path.display())]
pub struct DiskError {
    pub doing: &'static str,
    pub path: PathBuf,
    pub source: io::Error,
}

impl DiskError {
    fn new(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self {
            doing,
            path,
            source,
        }
    }
}

/// A disk, one system call at a time. A test stands in between and sees in which order they are made.
pub trait Disk: Sync {
    /// Makes a folder whose parent is there.
    ///
    /// # Errors
    /// What the system refuses; so with all of them.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Writes a file from its first byte, in place of what has that name.
    ///
    /// # Errors
    /// What the system refuses.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Writes a file whose name must be free.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`].
    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Keeps a file's bytes, or the names in a folder.
    ///
    /// # Errors
    /// What the system refuses; nothing may be promised about the file then.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// Gives a file another name, in place of what has that name.
    ///
    /// # Errors
    /// What the system refuses.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives a file a second name, which must be free.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`].
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a file's name away.
    ///
    /// # Errors
    /// What the system refuses.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// The disk of this machine.
#[derive(Clone, Copy, Debug)]
pub struct Machine;

impl Disk for Machine {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::write(path, bytes)
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)?
            .write_all(bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

/// The same disk for what is thrown away after it was looked at: nothing is kept, so nothing waits.
#[derive(Clone, Copy, Debug)]
pub struct Scratch;

impl Disk for Scratch {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        Machine.create_folder(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        Machine.write(path, bytes)
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        Machine.write_new(path, bytes)
    }

    fn sync(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Machine.rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        Machine.link(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        Machine.remove(path)
    }
}

/// Makes a folder and every one above it that is missing, and keeps each new name: a receipt for a file in a folder
/// whose own name was lost would be a receipt for nothing.
///
/// # Errors
/// [`DiskError`] naming the folder.
pub fn create_folders(disk: &dyn Disk, path: &Path) -> Result<(), DiskError> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = parent(path) {
        create_folders(disk, parent)?;
    }
    match disk.create_folder(path) {
        // Somebody else was faster; its name is kept all the same before this returns.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        made => made.map_err(DiskError::new("create", path))?,
    }
    sync_parent(disk, path)
}

/// Writes a file whole or not at all, in place of what has that name. For files that have one writer.
///
/// # Errors
/// [`DiskError`]; the old content stands then.
pub fn write_whole(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    if let Some(parent) = parent(path) {
        create_folders(disk, parent)?;
    }
    let partial = beside(path, "partial");
    disk.write(&partial, bytes)
        .map_err(DiskError::new("write", &partial))?;
    replace(disk, &partial, path)
}

/// As [`write_whole`], with the bytes of another file.
///
/// # Errors
/// [`DiskError`] naming the side that failed.
pub fn copy_whole(disk: &dyn Disk, from: &Path, to: &Path) -> Result<(), DiskError> {
    if let Some(parent) = parent(to) {
        create_folders(disk, parent)?;
    }
    let partial = beside(to, "partial");
    let mut source = File::open(from).map_err(DiskError::new("read", from))?;
    let mut target = File::create(&partial).map_err(DiskError::new("write", &partial))?;
    io::copy(&mut source, &mut target).map_err(DiskError::new("copy", from))?;
    drop(target);
    replace(disk, &partial, to)
}

/// Gives a written file its final name, in place of what has that name, once its bytes are on disk.
///
/// # Errors
/// [`DiskError`]; until the name is given, the old content stands.
pub fn replace(disk: &dyn Disk, partial: &Path, path: &Path) -> Result<(), DiskError> {
    disk.sync(partial)
        .map_err(DiskError::new("sync", partial))?;
    disk.rename(partial, path)
        .map_err(DiskError::new("rename into", path))?;
    sync_parent(disk, path)
}

/// Writes a file whole or not at all, under a name that must be free: a second writer that believes in the same name
/// fails instead of replacing what the first was thanked for. Whatever stands beside it under a temporary name is
/// somebody else's and left alone.
///
/// The name is given by a hard link, which the system refuses when the name is taken; a rename would replace.
///
/// # Errors
/// [`DiskError`], with [`io::ErrorKind::AlreadyExists`] when the name is taken.
pub fn write_new(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    if let Some(parent) = parent(path) {
        create_folders(disk, parent)?;
    }
    let partial = write_partial(disk, path, bytes)?;
    let named = disk
        .sync(&partial)
        .map_err(DiskError::new("sync", &partial))
        .and_then(|()| {
            disk.link(&partial, path)
                .map_err(DiskError::new("write without replacing", path))
        });
    let cleared = disk
        .remove(&partial)
        .map_err(DiskError::new("remove", &partial));
    named?;
    cleared?;
    sync_parent(disk, path)
}

/// Writes the bytes under the first temporary name that is free.
fn write_partial(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<PathBuf, DiskError> {
    let mut attempt = 1_u32;
    loop {
        let partial = beside(path, &format!("{attempt}.partial"));
        match disk.write_new(&partial, bytes) {
            Ok(()) => return Ok(partial),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                attempt = attempt.saturating_add(1);
            }
            Err(error) => {
                // Half a file on a full disk is in nobody's way but this writer's next attempt.
                let _ = disk.remove(&partial);
                return Err(DiskError::new("write", &partial)(error));
            }
        }
    }
}

/// Gives a file another name in the same file system, which must be free.
///
/// # Errors
/// [`DiskError`], with [`io::ErrorKind::AlreadyExists`] when the name is taken.
pub fn move_new(disk: &dyn Disk, from: &Path, to: &Path) -> Result<(), DiskError> {
    disk.link(from, to).map_err(DiskError::new("move", from))?;
    disk.remove(from).map_err(DiskError::new("remove", from))?;
    sync_parent(disk, to)?;
    sync_parent(disk, from)
}

/// Word that everything below a folder was on disk. Only [`keep_all`] gives it, so what takes it can not come before.
#[derive(Debug)]
pub struct Kept {
    root: PathBuf,
}

impl Kept {
    /// The folder it was given for.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

/// Keeps every file below a folder, the names of all of them, and the folder's own name.
///
/// # Errors
/// [`DiskError`]; nothing may be promised about any of them then.
pub fn keep_all(disk: &dyn Disk, root: &Path) -> Result<Kept, DiskError> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    let mut at = 0;
    while let Some(folder) = folders.get(at).cloned() {
        at += 1;
        for entry in fs::read_dir(&folder).map_err(DiskError::new("list", &folder))? {
            let entry = entry.map_err(DiskError::new("list", &folder))?;
            let kind = entry.file_type();
            if kind
                .map_err(DiskError::new("look at", &entry.path()))?
                .is_dir()
            {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    let sync = |path: &PathBuf| disk.sync(path).map_err(DiskError::new("sync", path));
    files.par_iter().try_for_each(sync)?;
    // From the leaves to the root: a folder's names are worth as much as the folder's own.
    folders.iter().rev().try_for_each(sync)?;
    sync_parent(disk, root)?;
    Ok(Kept {
        root: root.to_owned(),
    })
}

fn sync_parent(disk: &dyn Disk, path: &Path) -> Result<(), DiskError> {
    let Some(parent) = parent(path) else {
        return Ok(());
    };
    disk.sync(parent).map_err(DiskError::new("sync", parent))
}

/// The folder above; the current one for a bare name.
fn parent(path: &Path) -> Option<&Path> {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Some(Path::new(".")),
        other => other,
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}
