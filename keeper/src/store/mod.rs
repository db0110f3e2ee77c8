//! What a keeper keeps: its data folder, its journal, the evidence it acknowledged, and the ruleset it runs.

pub(crate) mod evidence;
pub mod folder;
pub mod journal;
mod ruleset;

pub(crate) use ruleset::{GENESIS, OwnRuleset, copy_ruleset};

use folder::DataFolder;
use journal::Journal;

/// A keeper's folder with the journal in it.
#[derive(Clone)]
pub(crate) struct Store {
    pub folder: DataFolder,
    pub journal: Journal,
}
