//! Published files on mirrors: only what a command needs is asked for, where mirrors differ the chain decides, and a command that was
//! killed goes on where it was.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cairn::args::{FilesArg, FilesWish};
use cairn::command::{audit, claim, rules, why};
use cairn::error::Exit;
use cairn::printer::Outcome;
use cairn_epoch::write_index;
use cairn_merkle::EpochNumber;
use solana_sdk::signer::Signer;
use tempfile::TempDir;

use crate::audits::audit_of;
use crate::rewards::claim_for;
use crate::stage::Stage;

/// A web server that remembers what it was asked for: path, and first byte of a range.
struct Site {
    url: String,
    asked: Arc<Mutex<Vec<(String, u64)>>>,
}

impl Site {
    /// Serves `folder`. The first time that a path which ends in `hangs` is asked for, it sends a part and nothing more.
    fn serve(folder: PathBuf, hangs: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<(String, u64)>>> = Arc::default();
        let heard = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, heard) = (folder.clone(), Arc::clone(&heard));
                std::thread::spawn(move || answer(stream, &folder, hangs, &heard));
            }
        });
        Self { url, asked }
    }

    /// What was asked for since the last time.
    fn asked(&self) -> Vec<(String, u64)> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

fn answer(
    mut stream: TcpStream,
    folder: &Path,
    hangs: &str,
    heard: &Mutex<Vec<(String, u64)>>,
) -> Option<()> {
    let mut bytes = [0; 4_096];
    let read = stream.read(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes[..read]).to_lowercase();
    let path = text.split(' ').nth(1)?.trim_start_matches('/').to_owned();
    let range = text
        .lines()
        .find_map(|line| line.strip_prefix("range: bytes="));
    let from: usize = range.map_or(0, |range| range.trim_end_matches('-').parse().unwrap());
    let is_first = !heard
        .lock()
        .unwrap()
        .iter()
        .any(|(asked, _)| *asked == path);
    heard.lock().unwrap().push((path.clone(), from as u64));
    let file = std::fs::read(folder.join(&path)).unwrap_or_default();
    let status = match (file.is_empty(), from) {
        (true, _) => "404 Not Found".to_owned(),
        (false, 0) => "200 OK".to_owned(),
        (false, from) => {
            let (last, size) = (file.len() - 1, file.len());
            format!("206 Partial Content\r\ncontent-range: bytes {from}-{last}/{size}")
        }
    };
    let body = &file[from.min(file.len())..];
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).ok()?;
    if is_first && path.ends_with(hangs) {
        stream.write_all(&body[..HALF]).ok()?;
        std::thread::sleep(Duration::from_secs(30));
    }
    stream.write_all(body).ok()
}

/// Bytes that a server sends before it hangs: more than are written at once.
const HALF: usize = 17_000;
const NEVER: &str = "never";

/// An epoch of three members, active and published.
async fn published() -> Stage {
    let stage = Stage::new().await;
    stage.run_epoch(1, 3).await;
    write_index(&stage.data.path().join("epochs")).unwrap();
    stage
}

fn mirrors(urls: &[&str], cache: &TempDir) -> FilesArg {
    FilesArg {
        files: urls.iter().map(PathBuf::from).collect(),
        cache: Some(cache.path().to_owned()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_asks_a_mirror_for_four_small_files_and_the_second_time_for_one() {
    let stage = published().await;
    let site = Site::serve(stage.data.path().join("epochs"), NEVER);
    let cache = tempfile::tempdir().unwrap();
    let owner = stage.owner(0);
    let args = claim::Args {
        files: mirrors(&[&site.url], &cache),
        ..claim_for(&stage, &owner.pubkey())
    };
    let ctx = stage.context(owner);
    let standing = claim::show::run(&ctx, &args).await.unwrap();
    let names: Vec<String> = site.asked().into_iter().map(|(path, _)| path).collect();
    let needed = [
        "index.json",
        "00001/manifest.json",
        "00001/outputs/claims.parquet",
        "00001/outputs/claims/0.json",
    ];
    assert_eq!(names, needed);
    let paid = claim::pay::run(&ctx, &args).await.unwrap();
    assert_eq!(paid.paid.base(), standing.claimable.base());
    assert_eq!(stage.tokens_of(&owner.pubkey()), paid.paid.base());
    // Only what there is may have changed.
    assert_eq!(site.asked(), [("index.json".to_owned(), 0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_and_an_explanation_say_over_http_what_they_say_over_a_folder() {
    let stage = published().await;
    let site = Site::serve(stage.data.path().to_owned(), NEVER);
    let ctx = stage.as_authority();
    let cache = tempfile::tempdir().unwrap();
    let files = mirrors(&[&site.url], &cache);
    let explain = |files: FilesArg| why::Args {
        subject: why::Subject::Key(stage.owner(0).pubkey()),
        files,
        epoch: None,
        reason: None,
        limit: 20,
    };
    let far = why::run(&ctx, &explain(files.clone())).await.unwrap();
    let near = why::run(&ctx, &explain(stage.files_arg())).await.unwrap();
    assert_eq!(far.proofs, near.proofs);
    let asked = site.asked();
    assert!(
        asked.iter().all(|(path, _)| !path.contains("claims")),
        "{asked:?}"
    );
    let show = rules::show::Args {
        which: None,
        files: FilesWish {
            files: files.files.clone(),
            cache: files.cache.clone(),
        },
        pool: None,
    };
    rules::show::run(&ctx, &show).await.unwrap();
    // The index, which is looked for at two places; the rules are here since the explanation.
    assert_eq!(site.asked().len(), 2);
    let args = audit::epoch::Args {
        files,
        ..audit_of(&stage, audit::epoch::Which::One(EpochNumber::FIRST))
    };
    let audited = audit::epoch::run(&ctx, &args).await.unwrap();
    assert_eq!(
        (audited.verdict.as_str(), audited.exit()),
        ("equal", Exit::Done)
    );
    let solvency = audit::solvency::Args {
        pool: stage.pool_arg(),
        files: show.files,
    };
    let solvency = audit::solvency::run(&ctx, &solvency).await.unwrap();
    assert_eq!(
        (solvency.members_compared, solvency.verdict.as_str()),
        (3, "solvent")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn where_mirrors_have_different_manifests_the_chain_says_which_is_meant() {
    let stage = published().await;
    let other = tempfile::tempdir().unwrap();
    // Another derivation of the same epoch, whole in itself.
    let folder = other.path().join("00001");
    std::fs::create_dir_all(&folder).unwrap();
    let manifest = std::fs::read(stage.folder(1).join("manifest.json")).unwrap();
    let mut told = cairn_epoch::Manifest::from_bytes(Path::new("m"), &manifest).unwrap();
    told.epoch.period_end_ms += 1;
    std::fs::write(folder.join("manifest.json"), told.to_bytes().unwrap()).unwrap();
    write_index(other.path()).unwrap();
    let liar = Site::serve(other.path().to_owned(), NEVER);
    let good = Site::serve(stage.data.path().join("epochs"), NEVER);
    let cache = tempfile::tempdir().unwrap();
    let owner = stage.owner(0);
    let args = |urls: &[&str]| claim::Args {
        files: mirrors(urls, &cache),
        ..claim_for(&stage, &owner.pubkey())
    };
    let ctx = stage.context(owner);
    let both = claim::show::run(&ctx, &args(&[&liar.url, &good.url]))
        .await
        .unwrap();
    assert!(both.claimable.base() > 0);
    let alone = claim::show::run(&ctx, &args(&[&liar.url]))
        .await
        .unwrap_err();
    assert_eq!(alone.code(), "files-missing", "{alone}");
    let gone = claim::show::run(&ctx, &args(&["http://127.0.0.1:1"]))
        .await
        .unwrap_err();
    assert_eq!(
        (gone.code().as_ref(), gone.exit()),
        ("mirrors-unreachable", Exit::TryAgain)
    );
    assert!(
        gone.to_string()
            .contains("http://127.0.0.1:1/ can not be reached"),
        "{gone}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_was_killed_while_it_fetched_goes_on_where_it_was() {
    let stage = published().await;
    let large = "inputs/ruleset.toml";
    let site = Site::serve(stage.data.path().join("epochs"), large);
    let cache = tempfile::tempdir().unwrap();
    let owner = stage.owner(0).pubkey().to_string();
    let ask = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
        command
            .args(["why", &owner, "--files", &site.url, "--output", "json"])
            .arg("--cache")
            .arg(cache.path())
            .env_clear()
            .env("HOME", cache.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let mut killed = ask();
    let begun = || {
        let parts = std::fs::read_dir(cache.path()).ok()?;
        let parts = parts.flatten().map(|entry| entry.path().join("parts"));
        let parts = parts.filter_map(|parts| std::fs::read_dir(parts).ok());
        let mut lengths = parts
            .flatten()
            .flatten()
            .map(|part| part.metadata().map_or(0, |it| it.len()));
        lengths.find(|length| *length >= 16_384)
    };
    // Whole files are renamed at once; what stays this long is the one that hangs.
    let mut seen = 0;
    while seen < 5 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(killed.try_wait().unwrap().is_none(), "it ended");
        seen = if begun().is_some() { seen + 1 } else { 0 };
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    site.asked
        .lock()
        .unwrap()
        .retain(|(path, _)| path.ends_with(large));
    let begun = begun().unwrap();
    let again = ask().wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(again.status.success(), "{told}");
    let asked = site.asked();
    let ends: Vec<_> = asked
        .iter()
        .filter(|(path, _)| path.ends_with(large))
        .collect();
    assert_eq!(ends.last().unwrap().1, begun, "{asked:?}");
    assert!(told.contains(&site.url), "{told}");
}
