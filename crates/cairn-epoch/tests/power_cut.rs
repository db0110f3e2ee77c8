//! The plug is pulled at any moment: whatever manifest is found afterwards, every file it names is there, whole.

mod world;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use cairn_epoch::disk::{Disk, Machine};
use cairn_epoch::{EpochError, EpochFolder, Silent, claim_files, close, close_on, read_manifest};

use world::{HOUR, NEW_YORK, START, World};

/// One system call that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Call {
    /// A name came into a folder, or a file's bytes changed.
    Changed(PathBuf),
    Synced(PathBuf),
    Renamed(PathBuf),
}

/// The machine's disk, with a record of what was asked of it, which breaks when told to.
#[derive(Default)]
struct Recorder {
    calls: Mutex<Vec<Call>>,
    /// The sync of this path fails.
    broken: Option<PathBuf>,
}

impl Recorder {
    fn note(&self, call: Call) {
        self.calls.lock().unwrap().push(call);
    }
}

impl Disk for Recorder {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        Machine.create_folder(path)?;
        self.note(Call::Changed(path.to_owned()));
        Ok(())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        Machine.write(path, bytes)?;
        self.note(Call::Changed(path.to_owned()));
        Ok(())
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        Machine.write_new(path, bytes)?;
        self.note(Call::Changed(path.to_owned()));
        Ok(())
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        if self.broken.as_deref() == Some(path) {
            return Err(io::Error::other("the disk is broken"));
        }
        Machine.sync(path)?;
        self.note(Call::Synced(path.to_owned()));
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Machine.rename(from, to)?;
        self.note(Call::Renamed(to.to_owned()));
        Ok(())
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        Machine.link(from, to)?;
        self.note(Call::Changed(to.to_owned()));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        Machine.remove(path)
    }
}

/// The claim file of a few members.
const ONLY_CLAIMS: &str = "outputs/claims/0.json";

fn small() -> World {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.visit("zoe", "point", START + 12 * HOUR);
    world
}

/// Whether `path`, as it is, was kept before the call at `end`: synced after it was changed last.
fn kept(calls: &[Call], path: &Path, changed: &Path) -> bool {
    let last_change = calls.iter().rposition(|call| match call {
        Call::Changed(path) | Call::Renamed(path) => path == changed,
        Call::Synced(_) => false,
    });
    let last_sync = calls
        .iter()
        .rposition(|call| matches!(call, Call::Synced(synced) if synced == path));
    last_sync.is_some() && last_sync >= last_change
}

#[test]
fn everything_a_manifest_names_is_kept_before_the_manifest_has_its_name() {
    let world = small();
    let folder = EpochFolder::new(world.freeze());
    let disk = Recorder::default();
    close_on(&disk, folder.root(), &Silent).unwrap();

    let calls = disk.calls.into_inner().unwrap();
    let named = Call::Renamed(folder.manifest());
    let end = calls.iter().position(|call| *call == named).unwrap();
    let before = &calls[..end];
    let (manifest, _) = read_manifest(folder.root()).unwrap();
    let claims = claim_files(folder.root(), &manifest).unwrap();
    assert!(!claims.is_empty());
    for entry in manifest.files().chain(&claims) {
        let path = folder.root().join(&entry.name);
        assert!(kept(before, &path, &path), "the bytes of {}", entry.name);
        // Its name, and the name of every folder on the way to it.
        for below in path.ancestors() {
            let folder_above = below.parent().unwrap();
            assert!(
                kept(before, folder_above, below),
                "the name of {} was not kept",
                below.display()
            );
            if below == folder.root() {
                break;
            }
        }
    }
    // And then the manifest's own.
    let partial = PathBuf::from(format!("{}.partial", folder.manifest().display()));
    assert!(kept(before, &partial, &partial), "the manifest's bytes");
    assert!(kept(&calls, folder.root(), &folder.manifest()), "its name");
}

#[test]
fn a_file_that_can_not_be_kept_closes_nothing() {
    let world = small();
    let folder = EpochFolder::new(world.freeze());
    close(folder.root(), &Silent).unwrap();
    let disk = Recorder {
        broken: Some(folder.root().join(ONLY_CLAIMS)),
        ..Recorder::default()
    };
    let error = close_on(&disk, folder.root(), &Silent).unwrap_err();
    assert!(
        matches!(&error, EpochError::Io { path, .. } if path.ends_with(ONLY_CLAIMS)),
        "{error}"
    );
    assert!(!folder.manifest().exists());
}

#[test]
fn an_old_manifest_is_gone_for_good_before_its_files_go() {
    let world = small();
    let folder = EpochFolder::new(world.freeze());
    close(folder.root(), &Silent).unwrap();
    let disk = Recorder {
        broken: Some(folder.root().to_owned()),
        ..Recorder::default()
    };
    close_on(&disk, folder.root(), &Silent).unwrap_err();
    assert!(!folder.manifest().exists());
    assert!(
        folder.root().join(ONLY_CLAIMS).is_file(),
        "the files went while the manifest might come back"
    );
}
