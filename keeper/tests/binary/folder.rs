//! A keeper's folder and the binary that works in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cairn_keeper::frame;
use cairn_proof::{Body, HotspotBeat, ProofV1, Role, SignedProof, Signer};
use tempfile::TempDir;

/// Nothing listens on this port of the loopback: "discard", closed on every machine that runs tests.
pub const DEAD_NODE: &str = "http://127.0.0.1:9";

pub struct Folder {
    temporary: TempDir,
}

/// How the binary ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// Asserts the exit code, an error in one sentence that holds `words`, a hint below it, and nothing on stdout.
    #[track_caller]
    pub fn refuses(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{self:?}");
        assert_eq!(self.stdout, "", "data on stdout although it failed");
        let errors: Vec<_> = self
            .stderr
            .lines()
            .filter(|line| line.starts_with("error: "))
            .collect();
        assert_eq!(errors.len(), 1, "one sentence: {}", self.stderr);
        for word in words {
            assert!(
                errors[0].contains(word),
                "\"{word}\" is missing in: {}",
                errors[0]
            );
        }
        assert!(
            self.stderr
                .lines()
                .any(|line| line.starts_with("hint: ") && line.len() > 12),
            "{}",
            self.stderr
        );
        assert!(
            !self.stderr.contains("panicked") && !self.stderr.contains("RUST_BACKTRACE"),
            "{}",
            self.stderr
        );
    }
}

impl Folder {
    /// An empty place.
    pub fn empty() -> Self {
        Self {
            temporary: tempfile::tempdir().unwrap(),
        }
    }

    /// A keeper's folder, made by `init`, that names a node nobody runs.
    pub fn made() -> Self {
        let folder = Self::empty();
        let made = folder.init(&[]);
        assert_eq!(made.code, 0, "{made:?}");
        folder
    }

    pub fn data(&self) -> PathBuf {
        self.temporary.path().join("keeper")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.temporary.path().join(name)
    }

    pub fn init(&self, more: &[&str]) -> Ended {
        let data = self.data();
        let mut arguments = vec!["init", data.to_str().unwrap()];
        let address = "11111111111111111111111111111112";
        arguments.extend([
            "--rpc-url",
            DEAD_NODE,
            "--network",
            address,
            "--pool",
            address,
        ]);
        arguments.extend([
            "--first-epoch-start",
            "2026-01-05T00:00:00Z",
            "--tokens-per-epoch",
            "1000",
        ]);
        arguments.extend(more);
        run(&arguments)
    }

    /// Runs a subcommand in the folder.
    pub fn keeper(&self, arguments: &[&str]) -> Ended {
        let data = self.data();
        let mut all = vec!["--data", data.to_str().unwrap()];
        all.extend(arguments);
        run(&all)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Changes one thing in keeper.toml.
    pub fn configure(&self, from: &str, to: &str) {
        let path = self.data().join("keeper.toml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not in keeper.toml");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
    }
}

pub fn run(arguments: &[&str]) -> Ended {
    ended(Command::new(env!("CARGO_BIN_EXE_cairn-keeper")).args(arguments))
}

/// Runs a command to its end.
pub fn ended(command: &mut Command) -> Ended {
    let Output {
        status,
        stdout,
        stderr,
    } = command.env_remove("CAIRN_KEEPER_DATA").output().unwrap();
    Ended {
        code: status.code().expect("ended by itself"),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// A beat of some device, signed.
pub fn proof(seq: u64, epoch: u32) -> SignedProof {
    let body = Body::HotspotBeat(HotspotBeat {
        hour_bucket: 490_000,
        lat_e7: 407_128_000,
        lon_e7: -740_060_000,
        contact: true,
    });
    let proof = ProofV1 {
        network: [1; 32],
        ruleset: 1,
        subject: [2; 32],
        signer_seq: seq,
        epoch,
        observed_at_ms: 1_767_571_200_000,
        anchor_slot: 5,
        anchor_hash: [3; 32],
        cell: 0,
        body,
    };
    SignedProof::new(proof).signed(Role::Device, &Signer::ed25519(&[4; 32]))
}

pub fn stream(proofs: &[SignedProof]) -> Vec<u8> {
    proofs.iter().flat_map(frame).collect()
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
