//! The inbox: files with proofs that `run` takes in. One bad file is set aside with its reason and holds up no other;
//! what fails for another reason than its content stays where it is and is offered again.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cairn_epoch::disk::{self, Machine};

use super::{Format, Intake, ReadError};
use crate::store::folder::{FolderError, move_into};
use crate::{KeeperError, clock};

/// Files that are younger may still be in the middle of being written. Milliseconds.
const YOUNG_MS: i64 = 10_000;

/// What a look into the inbox came to.
#[derive(Debug, Default)]
pub(crate) struct InboxLook {
    /// Files taken in.
    pub files: u64,
    pub proofs: u64,
    /// Names of files that were set aside.
    pub refused: Vec<String>,
    /// What a person should know, by the file's name.
    pub said: Vec<(String, String)>,
    /// Files that stay, to be offered again, and why.
    pub waiting: Vec<(String, KeeperError)>,
}

impl Intake {
    /// Offers every file in `inbox/`, then moves it to `inbox/done/` or, with its reason beside it, to
    /// `inbox/refused/`. Hidden and unfinished names are left alone.
    ///
    /// # Errors
    /// [`KeeperError`] when the inbox can not be listed, the keeper was told to stop, or its journal is damaged.
    pub(crate) async fn look_into_inbox(&self) -> Result<InboxLook, KeeperError> {
        let mut look = InboxLook::default();
        for (name, path) in files_in(&self.work.folder().inbox())? {
            self.work.stop_if_told()?;
            if Format::of(&path).is_err() {
                if !is_unfinished(&name) {
                    let text =
                        "its name ends in none of .borsh, .jsonl, .ndjson, .json: it is left alone";
                    look.said.push((name, text.to_owned()));
                }
                continue;
            }
            match self.take_in(&name, &path, &mut look).await {
                Ok(()) => {}
                Err(error @ KeeperError::Stopped) => return Err(error),
                Err(error) if error.is_fatal() => return Err(error),
                Err(error) => look.waiting.push((name, error)),
            }
        }
        Ok(look)
    }

    async fn take_in(
        &self,
        name: &str,
        path: &Path,
        look: &mut InboxLook,
    ) -> Result<(), KeeperError> {
        match self.ingest_file(path, None, None).await {
            Ok(done) => {
                look.proofs = look.proofs.saturating_add(done.proofs);
                move_into(path, &self.work.folder().inbox_done(), name)?;
                look.files = look.files.saturating_add(1);
                Ok(())
            }
            // A file that is being copied in looks cut off until it is whole.
            Err(KeeperError::Read(fault)) if fault.is_about_content() && !is_young(path)? => {
                let text = self.set_aside(name, path, &fault)?;
                look.refused.push(name.to_owned());
                look.said.push((name.to_owned(), text));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn set_aside(&self, name: &str, path: &Path, fault: &ReadError) -> Result<String, KeeperError> {
        let moved = move_into(path, &self.work.folder().inbox_refused(), name)?;
        let mut reason = moved.as_os_str().to_owned();
        reason.push(".reason.txt");
        let text = format!("{fault}\nhint: {}\n", fault.hint());
        disk::write_whole(&Machine, &PathBuf::from(reason), text.as_bytes())?;
        let moved = moved.file_name().unwrap_or_default().to_string_lossy();
        Ok(format!("set aside as inbox/refused/{moved}: {fault}"))
    }
}

/// Names and paths of the files in a folder, in the order of their names.
fn files_in(folder: &Path) -> Result<Vec<(String, PathBuf)>, FolderError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(FolderError::io("list", folder))? {
        let path = entry.map_err(FolderError::io("list", folder))?.path();
        if path.is_file() {
            let name = path.file_name().unwrap_or_default();
            files.push((name.to_string_lossy().into_owned(), path));
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Names that programs give to what they have not finished writing.
fn is_unfinished(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    name.starts_with('.') || matches!(ending, Some("part" | "partial" | "tmp" | "crdownload"))
}

fn is_young(path: &Path) -> Result<bool, FolderError> {
    let changed = fs::metadata(path)
        .and_then(|found| found.modified())
        .map_err(FolderError::io("look at", path))?;
    let changed_ms = changed
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0);
    // A time in the future is another machine's clock, and no reason to wait for it.
    Ok((0..YOUNG_MS).contains(&clock::now_ms().saturating_sub(changed_ms)))
}
