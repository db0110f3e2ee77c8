//! One mirror: where it keeps which epoch, and whether it asked to be left alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cairn_merkle::EpochNumber;
use reqwest::Url;
use tokio::sync::watch;

use crate::fault::Fault;
use crate::line::{Answer, Line, Size};
use crate::local;
use crate::place::Place;

/// Where an epoch's folder stands below the place that people name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// It is a folder of epochs.
    Epochs,
    /// It is a keeper's data folder.
    Data,
    /// The same, of an epoch that this keeper attested.
    Published,
    /// It is the epoch's own folder.
    Single,
    /// It is another epoch's folder.
    Beside,
}

const LAYOUTS: [Layout; 5] = [
    Layout::Epochs,
    Layout::Data,
    Layout::Published,
    Layout::Single,
    Layout::Beside,
];

impl Layout {
    /// Folders below the place, or beside it.
    fn folders(self, number: EpochNumber) -> Vec<String> {
        let number = format!("{number:05}");
        match self {
            Self::Epochs | Self::Beside => vec![number],
            Self::Data => vec!["epochs".to_owned(), number],
            Self::Published => vec!["published".to_owned(), number],
            Self::Single => Vec::new(),
        }
    }
}

pub(crate) struct Mirror {
    pub place: Place,
    /// The place without credentials.
    pub shown: String,
    known: Mutex<Known>,
    /// How many pauses it was asked to keep that are not over.
    pauses: Arc<watch::Sender<u32>>,
}

#[derive(Default)]
struct Known {
    /// By the manifest's hash: what had a right file there has the others, too.
    layouts: BTreeMap<[u8; 32], Layout>,
    /// Where its index stands beside.
    likely: Option<Layout>,
}

impl Mirror {
    pub fn new(place: Place) -> Self {
        Self {
            shown: place.to_string(),
            place,
            known: Mutex::default(),
            pauses: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Where to look for the epoch with that manifest, the likeliest first.
    pub fn layouts(&self, manifest: &[u8; 32]) -> Vec<Layout> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(layout) = known.layouts.get(manifest) {
            return vec![*layout];
        }
        let others = LAYOUTS.into_iter().filter(|layout| {
            Some(*layout) != known.likely && (*layout != Layout::Beside || self.is_an_epoch())
        });
        known.likely.into_iter().chain(others).collect()
    }

    /// A right file of the epoch with that manifest stood there.
    pub fn knows(&self, manifest: [u8; 32], layout: Layout) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.layouts.insert(manifest, layout);
        known.likely = Some(layout);
    }

    pub fn likely(&self, layout: Layout) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.likely = Some(layout);
    }

    /// Whether the place is called like an epoch's folder: then others may stand beside it.
    fn is_an_epoch(&self) -> bool {
        let is_number =
            |name: &str| name.len() == 5 && name.bytes().all(|byte| byte.is_ascii_digit());
        match &self.place {
            Place::Folder(path) => {
                let name = path.file_name().and_then(|name| name.to_str());
                name.is_some_and(is_number)
            }
            Place::Site(url) => {
                let mut parts = url.path().rsplit('/').filter(|part| !part.is_empty());
                parts.next().is_some_and(is_number)
            }
        }
    }

    /// Opens a file of an epoch at the byte `from`.
    pub async fn open(
        &self,
        line: &Line,
        (number, layout, name): (EpochNumber, Layout, &str),
        from: u64,
        size: Size,
    ) -> Result<Body, Fault> {
        let folders = layout.folders(number);
        match &self.place {
            Place::Folder(path) => {
                let base = match layout {
                    Layout::Beside => path.parent().unwrap_or(Path::new("")),
                    _ => path,
                };
                let name = folders.into_iter().chain([name.to_owned()]);
                let name = name.collect::<Vec<_>>().join("/");
                let file = local::open(base, &name, from, size).await?;
                Ok(Body::File(file))
            }
            Place::Site(url) => {
                let folders = folders.iter().map(String::as_str);
                let parts = folders.chain(name.split('/'));
                let url = below(url, layout == Layout::Beside, parts)?;
                Ok(Body::Site(line.ask(url, from, size).await?))
            }
        }
    }

    /// Leaves it alone for that long.
    pub fn rest(&self, pause: Duration) {
        self.pauses
            .send_modify(|count| *count = count.saturating_add(1));
        let pauses = Arc::clone(&self.pauses);
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            pauses.send_modify(|count| *count = count.saturating_sub(1));
        });
    }

    pub fn is_resting(&self) -> bool {
        *self.pauses.borrow() > 0
    }

    /// Returns once every pause is over.
    pub async fn rested(&self) {
        // The sender lives as long as `self`, so this ends in no other way.
        let _ = self.pauses.subscribe().wait_for(|count| *count == 0).await;
    }
}

/// An address below another; its query, which may be a key, stays.
pub(crate) fn below<'a>(
    url: &Url,
    beside: bool,
    parts: impl Iterator<Item = &'a str>,
) -> Result<Url, Fault> {
    let mut url = url.clone();
    {
        let mut path = url
            .path_segments_mut()
            .map_err(|()| Fault::Unreachable("its address has no path".to_owned()))?;
        path.pop_if_empty();
        if beside {
            path.pop();
        }
        path.extend(parts);
    }
    Ok(url)
}

/// A file that is being read.
pub(crate) enum Body {
    File(tokio::fs::File),
    Site(Answer),
}

impl Body {
    /// The next bytes; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        match self {
            Self::File(file) => local::next(file).await,
            Self::Site(answer) => answer.next().await,
        }
    }
}
