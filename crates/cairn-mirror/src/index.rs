//! Which epochs mirrors say that they have. Nobody vouches for it: two mirrors may name different manifests for one epoch, and the
//! chain says which of them is meant.

use std::path::Path;
use std::time::Duration;

use cairn_client::Pauses;
use cairn_epoch::{EpochIndex, Manifest};
use cairn_merkle::EpochNumber;
use futures::future::join_all;
use reqwest::Url;
use sha2::{Digest as _, Sha256};

use crate::fault::{Cure, Fault, MirrorError, Told};
use crate::line::Size;
use crate::local::{self, Epochs};
use crate::mirror::{Layout, Mirror, below};
use crate::place::Place;
use crate::set::Mirrors;

/// Most bytes of an index: 40,000 epochs.
const MOST: u64 = 8 * 1024 * 1024;

/// An epoch, as some mirrors say it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub number: EpochNumber,
    pub pool: [u8; 32],
    /// SHA-256 of its manifest.
    pub manifest: [u8; 32],
    /// Who says so, in the order in which they are asked.
    pub mirrors: Vec<String>,
}

impl Mirrors {
    /// The epochs that mirrors say they have, by number; of one number, those first that the first mirror names.
    ///
    /// # Errors
    /// [`MirrorError::NoIndex`] when none of them says anything.
    pub async fn index(&self) -> Result<Vec<Listed>, MirrorError> {
        let mut pauses = Pauses::new(self.ring.patience);
        loop {
            let asked = join_all(self.ring.all.iter().map(|mirror| self.epochs_of(mirror))).await;
            let (mut listed, mut told): (Vec<Listed>, Vec<Told>) = (Vec::new(), Vec::new());
            for (mirror, answer) in self.ring.all.iter().zip(asked) {
                match answer {
                    Ok(epochs) => add(&mut listed, mirror, epochs),
                    Err(fault) => {
                        let mirror = mirror.shown.clone();
                        let one = Told { mirror, fault };
                        self.ring.hear.failed(&one);
                        told.push(one);
                    }
                }
            }
            if !listed.is_empty() {
                // Stable: of one number they stay in the mirrors' order.
                listed.sort_by_key(|one| one.number);
                return Ok(listed);
            }
            let Some(pause) = pause(&told, &mut pauses) else {
                return Err(MirrorError::NoIndex { told });
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn epochs_of(&self, mirror: &Mirror) -> Result<Epochs, Fault> {
        let url = match &mirror.place {
            Place::Folder(path) => {
                let path = path.clone();
                let reading = tokio::task::spawn_blocking(move || local::listed(&path));
                let read = reading.await;
                return read.unwrap_or_else(|error| Err(Fault::Unreadable(error.to_string())));
            }
            Place::Site(url) => url,
        };
        let mut last = None;
        for (layout, parts) in [
            (Layout::Epochs, &["index.json"][..]),
            (Layout::Data, &["epochs", "index.json"][..]),
        ] {
            match self.whole(below(url, false, parts.iter().copied())?).await {
                Ok(bytes) => {
                    let index = match EpochIndex::from_bytes(Path::new("index.json"), &bytes) {
                        Ok(index) => index,
                        // Some hosts answer whatever is asked for with a page.
                        Err(error) => {
                            last = Some(Fault::Malformed(error.to_string()));
                            continue;
                        }
                    };
                    mirror.likely(layout);
                    let epochs = index.epochs.into_iter();
                    return Ok(epochs
                        .map(|one| (one.number, one.pool, one.manifest))
                        .collect());
                }
                Err(Fault::Absent | Fault::Status(403)) => {}
                Err(fault) => return Err(fault),
            }
        }
        // The folder of one epoch has none.
        let bytes = self.whole(below(url, false, ["manifest.json"].into_iter())?);
        let bytes = match (bytes.await, last) {
            (Ok(bytes), _) => bytes,
            (Err(Fault::Absent), Some(before)) => return Err(before),
            (Err(fault), _) => return Err(fault),
        };
        let manifest = Manifest::from_bytes(Path::new("manifest.json"), &bytes)
            .map_err(|error| Fault::Malformed(error.to_string()))?;
        mirror.likely(Layout::Single);
        let hash = Sha256::digest(&bytes).into();
        Ok(vec![(manifest.epoch.number, manifest.epoch.pool, hash)])
    }

    /// A small file whole.
    async fn whole(&self, url: Url) -> Result<Vec<u8>, Fault> {
        let mut answer = self.ring.line.ask(url, 0, Size::AtMost(MOST)).await?;
        let mut bytes = Vec::new();
        while let Some(block) = answer.next().await? {
            bytes.extend(block);
            if bytes.len() as u64 > MOST {
                return Err(Fault::Endless { due: MOST });
            }
        }
        Ok(bytes)
    }
}

fn add(listed: &mut Vec<Listed>, mirror: &Mirror, epochs: Epochs) {
    for (number, pool, manifest) in epochs {
        let same =
            |one: &&mut Listed| (one.number, one.pool, one.manifest) == (number, pool, manifest);
        match listed.iter_mut().find(same) {
            Some(one) => one.mirrors.push(mirror.shown.clone()),
            None => listed.push(Listed {
                number,
                pool,
                manifest,
                mirrors: vec![mirror.shown.clone()],
            }),
        }
    }
}

/// How long to wait before all are asked again; `None` when that would help nobody, or for longer than patience lasts.
fn pause(told: &[Told], pauses: &mut Pauses) -> Option<Duration> {
    let cures = told.iter().map(|told| told.fault.cure());
    let mut line = false;
    let mut later = None;
    for cure in cures {
        match cure {
            Cure::None => {}
            Cure::Soon => line = true,
            Cure::Later(asked) => later = later.max(Some(asked.unwrap_or_default())),
        }
    }
    match later {
        Some(asked) => pauses.next(Some(asked)),
        None if line => pauses.next_for_line(),
        None => None,
    }
}
