//! `bench/SIM.md` and its pictures: what a run found, for people.

mod number;
mod page;
mod svg;

use std::fs;
use std::path::Path;

use crate::SimError;
use crate::measure::Honest;
use crate::prices::Prices;
use crate::run::CellLoss;
use crate::search::{Found, Plan};
use crate::strategy::Row;

/// Everything a run came to.
#[derive(Debug)]
pub struct Findings<'a> {
    pub prices: &'a Prices,
    pub plan: Plan,
    pub honest: Honest,
    pub rows: Vec<Row>,
    pub found: Found,
    pub cells: Vec<CellLoss>,
}

/// Where the page and its pictures stand.
const PAGE: &str = "bench/SIM.md";
const PICTURES: &str = "bench/sim";

/// Name and text of each picture.
#[must_use]
pub fn pictures(findings: &Findings<'_>) -> Vec<(&'static str, String)> {
    svg::pictures(findings)
}

/// Writes the page and its pictures below `root`, the repository.
///
/// # Errors
/// [`SimError::Io`].
pub fn write(root: &Path, findings: &Findings<'_>) -> Result<(), SimError> {
    let folder = root.join(PICTURES);
    fs::create_dir_all(&folder).map_err(|source| SimError::Io {
        path: folder.clone(),
        source,
    })?;
    let files = pictures(findings)
        .into_iter()
        .map(|(name, text)| (folder.join(name), text));
    for (path, text) in files.chain([(root.join(PAGE), page::page(findings))]) {
        fs::write(&path, text).map_err(|source| SimError::Io { path, source })?;
    }
    Ok(())
}
