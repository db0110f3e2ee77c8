//! The inbox when the disk refuses: each refusal said with its reason, nothing acknowledged that is not kept, and nothing
//! taken in twice once the disk obeys again.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::folder::{Ended, Folder, ended, proof, stream};

/// Nobody in particular, who may write only where a folder says so.
const NOBODY: u32 = 65_534;

/// More than the journal of a test takes.
const JOURNAL_BLOCKS: u32 = 1_024;
/// Evidence of more bytes than that many blocks hold, whichever size of block the shell counts in.
const MANY: u64 = 20_000;

/// Puts a file into the inbox.
fn put(folder: &Folder, name: &str, proofs: impl Iterator<Item = u64>) -> PathBuf {
    let path = folder.data().join("inbox").join(name);
    let proofs: Vec<_> = proofs.map(|seq| proof(seq, 1)).collect();
    fs::write(&path, stream(&proofs)).unwrap();
    path
}

/// How many records have receipts.
fn received(folder: &Folder) -> u64 {
    let status = folder.keeper(&["status", "--output", "json"]);
    let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
    status["received"].as_u64().unwrap()
}

/// One round of `run` by a process whose files may not grow beyond `blocks`.
fn run_within(folder: &Folder, blocks: u32) -> Ended {
    let mut shell = Command::new("sh");
    shell
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"",
            "sh",
        ])
        .arg(blocks.to_string())
        .arg(env!("CARGO_BIN_EXE_cairn-keeper"))
        .arg("--data")
        .arg(folder.data())
        .args(["run", "--once"]);
    ended(&mut shell)
}

#[test]
fn a_disk_without_room_leaves_the_file_in_the_inbox_and_acknowledges_nothing() {
    let folder = Folder::made();
    assert_eq!(received(&folder), 0);
    fs::create_dir_all(folder.data().join("inbox")).unwrap();
    let file = put(&folder, "day.borsh", 0..MANY);
    let full = run_within(&folder, JOURNAL_BLOCKS);
    assert_ne!(full.code, 0, "{full:?}");
    assert!(
        full.stderr.contains("evidence/hotspot_beat/0000.parquet")
            && full.stderr.contains("File too large"),
        "{full:?}"
    );
    assert!(file.is_file());
    assert_eq!(received(&folder), 0);

    folder.keeper(&["run", "--once"]);
    assert!(!file.exists());
    assert!(folder.data().join("inbox/done/day.borsh").is_file());
    assert_eq!(received(&folder), MANY);
}

/// A folder that belongs to somebody without rights, with the program in it.
struct Unprivileged {
    folder: Folder,
    program: PathBuf,
}

impl Unprivileged {
    fn new() -> Self {
        let folder = Folder::made();
        let program = folder.path("cairn-keeper");
        fs::copy(env!("CARGO_BIN_EXE_cairn-keeper"), &program).unwrap();
        fs::create_dir_all(folder.data().join("inbox/done")).unwrap();
        fs::create_dir_all(folder.data().join("epochs")).unwrap();
        Self { folder, program }
    }

    /// One round of `run`, as somebody whom rights bind.
    fn run(&self) -> Ended {
        let mut command = Command::new(&self.program);
        command
            .arg("--data")
            .arg(self.folder.data())
            .args(["run", "--once"]);
        // Nothing is forbidden to root.
        if is_root() {
            give(self.folder.data().parent().unwrap());
            command.uid(NOBODY).gid(NOBODY);
        }
        ended(&mut command)
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

fn give(path: &Path) {
    chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path());
        }
    }
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_file_that_may_not_be_read_waits_and_holds_up_no_other() {
    let place = Unprivileged::new();
    let locked = put(&place.folder, "1-locked.borsh", 0..2);
    put(&place.folder, "2-open.borsh", 2..5);
    allow(&locked, 0o000);
    let refused = place.run();
    assert!(
        refused.stderr.contains("1-locked.borsh") && refused.stderr.contains("Permission denied"),
        "{refused:?}"
    );
    assert!(locked.is_file());
    assert_eq!(received(&place.folder), 3);
    allow(&locked, 0o600);
    place.run();
    assert!(!locked.exists());
    assert_eq!(received(&place.folder), 5);
}

#[test]
fn a_folder_that_may_not_be_written_to_refuses_by_name_and_nothing_is_taken_in_twice() {
    for (forbidden, named, after_refusal) in [
        ("epochs", "epochs/00001", 0),
        ("inbox/done", "inbox/day.borsh", 3),
    ] {
        let place = Unprivileged::new();
        let file = put(&place.folder, "day.borsh", 0..3);
        let folder = place.folder.data().join(forbidden);
        allow(&folder, 0o500);
        let refused = place.run();
        assert!(
            refused.stderr.contains(named) && refused.stderr.contains("Permission denied"),
            "{forbidden}: {refused:?}"
        );
        assert!(file.is_file(), "{forbidden}");
        assert_eq!(received(&place.folder), after_refusal, "{forbidden}");
        allow(&folder, 0o700);
        place.run();
        assert!(!file.exists(), "{forbidden}");
        assert_eq!(received(&place.folder), 3, "{forbidden}");
    }
}
