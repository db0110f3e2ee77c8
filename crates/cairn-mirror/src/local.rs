//! A mirror that is a folder: another keeper's on the same machine, or one that is kept in step with it.

use std::io;
use std::path::Path;

use cairn_epoch::{EpochFolder, closed_epochs, read_manifest};
use cairn_merkle::EpochNumber;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, SeekFrom};

use crate::fault::Fault;
use crate::line::Size;

/// Bytes that are read at once.
const BLOCK: usize = 64 * 1024;

/// Opens the file `name` below `folder` at the byte `from`.
pub(crate) async fn open(folder: &Path, name: &str, from: u64, size: Size) -> Result<File, Fault> {
    // What lies behind a link may be anything of this machine.
    let path = EpochFolder::new(folder)
        .file(name)
        .map_err(|_| Fault::Link)?;
    let mut file = File::open(&path).await.map_err(|error| fault(&error))?;
    let about = file.metadata().await.map_err(|error| fault(&error))?;
    if !about.is_file() {
        return Err(Fault::Absent);
    }
    let found = about.len();
    let fits = match size {
        Size::Exactly(due) => found == due,
        Size::AtMost(most) => found <= most,
    };
    if !fits {
        return Err(Fault::Length {
            found,
            due: size.most(),
            kind: None,
        });
    }
    let sought = file.seek(SeekFrom::Start(from)).await;
    sought.map_err(|error| fault(&error))?;
    Ok(file)
}

/// The next bytes; `None` at the end.
pub(crate) async fn next(file: &mut File) -> Result<Option<Vec<u8>>, Fault> {
    let mut block = vec![0; BLOCK];
    let read = file.read(&mut block).await.map_err(|error| fault(&error))?;
    block.truncate(read);
    Ok((read > 0).then_some(block))
}

fn fault(error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Fault::Absent,
        _ => Fault::Unreadable(error.to_string()),
    }
}

/// Numbers, pools and manifests' hashes.
pub(crate) type Epochs = Vec<(EpochNumber, [u8; 32], [u8; 32])>;

/// Epochs with their pools and manifests' hashes, as the folders say themselves.
pub(crate) fn listed(folder: &Path) -> Result<Epochs, Fault> {
    let mut found = Vec::new();
    for place in [
        folder.to_owned(),
        folder.join("epochs"),
        folder.join("published"),
    ] {
        let closed = closed_epochs(&place).map_err(|error| Fault::Unreadable(error.to_string()))?;
        found.extend(closed.into_iter().map(|(_, path)| path));
    }
    if folder.join("manifest.json").is_file() {
        found.push(folder.to_owned());
    }
    let told: Vec<_> = found
        .iter()
        .filter_map(|path| read_manifest(path).ok())
        .map(|(manifest, hash)| (manifest.epoch.number, manifest.epoch.pool, hash))
        .collect();
    if told.is_empty() {
        return Err(Fault::Absent);
    }
    Ok(told)
}
