//! What one epoch hands to the next: the ledger, what waits for a member, for a wallet or for room, whose identities are whose, the signers'
//! numbers, what the registry showed, and what rules remember. Each is a table and a file of its own.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

mod arrears;
mod end;
mod leaf;
mod link;
mod member;
mod signer;
mod unlinked;
mod waiting;

use std::path::Path;

use crate::EpochError;
use crate::memory::{Memory, MemoryTable};

pub(crate) use arrears::{ARREAR_FIELDS, Arrear, decode_arrears};
pub(crate) use end::{END_FIELDS, End, decode_end};
pub(crate) use leaf::{LEAF_FIELDS, Leaf, decode_leaves};
pub(crate) use link::{LINK_FIELDS, Link, decode_links};
pub(crate) use member::{MEMBER_FIELDS, Member, decode_members};
pub(crate) use signer::{SIGNER_FIELDS, Signer, decode_signers};
pub(crate) use unlinked::{UNLINKED_FIELDS, Unlinked, decode_unlinked};
pub(crate) use waiting::{WAITING_FIELDS, Waiting, decode_waiting};

/// The state after an epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub end: End,
    /// By index: a member's position is its index for life.
    pub members: Vec<Member>,
    /// By owner, pot and stream; of nobody who is a member.
    pub waiting: Vec<Waiting>,
    /// By identity; of nobody who has a wallet.
    pub unlinked: Vec<Unlinked>,
    /// By epoch and owner: the order in which they are paid.
    pub arrears: Vec<Arrear>,
    /// By identity.
    pub links: Vec<Link>,
    /// By key.
    pub signers: Vec<Signer>,
    /// By tree and position.
    pub leaves: Vec<Leaf>,
    /// What rules remember, in the order the ruleset declares it.
    pub memory: Vec<Memory>,
}

/// Folders of what one epoch hands to the next, below `outputs/` of the one and `inputs/` of the other.
pub(crate) const FOLDERS: [&str; 2] = ["memory", "state"];

/// Names of the files, below `inputs/` of one epoch and `outputs/` of the one before.
pub(crate) const END: &str = "state/end.parquet";
pub(crate) const MEMBERS: &str = "state/members.parquet";
pub(crate) const WAITING: &str = "state/waiting.parquet";
pub(crate) const UNLINKED: &str = "state/unlinked.parquet";
pub(crate) const ARREARS: &str = "state/arrears.parquet";
pub(crate) const LINKS: &str = "state/links.parquet";
pub(crate) const SIGNERS: &str = "state/signers.parquet";
pub(crate) const LEAVES: &str = "state/leaves.parquet";

/// The file of a table that rules remember.
pub(crate) fn memory_name(table: &MemoryTable) -> String {
    format!("memory/{}.parquet", table.name)
}

/// The table whose file is called `name`.
pub(crate) fn memory_table(name: &str) -> Option<&str> {
    let table = name.strip_prefix("memory/")?.strip_suffix(".parquet")?;
    (!table.is_empty() && !table.contains(['/', '.'])).then_some(table)
}

impl State {
    /// Every file, by its name below `outputs`.
    pub fn encode(&self, outputs: &Path) -> Result<Vec<(String, Vec<u8>)>, EpochError> {
        let own = [
            (END, end::encode(&outputs.join(END), self.end)?),
            (
                MEMBERS,
                member::encode(&outputs.join(MEMBERS), &self.members)?,
            ),
            (
                WAITING,
                waiting::encode(&outputs.join(WAITING), &self.waiting)?,
            ),
            (
                UNLINKED,
                unlinked::encode(&outputs.join(UNLINKED), &self.unlinked)?,
            ),
            (
                ARREARS,
                arrears::encode(&outputs.join(ARREARS), &self.arrears)?,
            ),
            (LINKS, link::encode(&outputs.join(LINKS), &self.links)?),
            (
                SIGNERS,
                signer::encode(&outputs.join(SIGNERS), &self.signers)?,
            ),
            (LEAVES, leaf::encode(&outputs.join(LEAVES), &self.leaves)?),
        ];
        let mut files: Vec<(String, Vec<u8>)> = own
            .into_iter()
            .map(|(name, bytes)| (name.to_owned(), bytes))
            .collect();
        for memory in &self.memory {
            let name = memory_name(memory.table());
            let bytes = memory.encode(&outputs.join(&name))?;
            files.push((name, bytes));
        }
        Ok(files)
    }
}
