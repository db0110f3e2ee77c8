//! Fetch: what [`crate::domain::agenda`] decides from, for a keeper that runs and for one that is only asked.

use cairn_epoch::{Manifest, read_manifest};
use cairn_interface::vault::EpochView;
use solana_sdk::pubkey::Pubkey;

use super::Fetched;
use crate::config::Config;
use crate::domain::agenda::{Facts, Own, Role, Summary};
use crate::folder::DataFolder;
use crate::journal::{EpochRow, EpochState};
use crate::keeper::schedule_of;
use crate::{Keeper, KeeperError};

impl Keeper {
    /// What this keeper is there for.
    pub(crate) const fn role(&self) -> Role {
        role(self.config())
    }

    /// The facts of an epoch that was fetched.
    pub(crate) async fn facts(&self, number: u64, fetched: &Fetched) -> Result<Facts, KeeperError> {
        let row = self.journal().epoch(number).await?;
        facts(
            self.config(),
            self.folder(),
            row.as_ref(),
            number,
            fetched,
            &self.address(),
        )
    }
}

/// The same from parts.
pub(crate) fn facts(
    config: &Config,
    folder: &DataFolder,
    row: Option<&EpochRow>,
    number: u64,
    fetched: &Fetched,
    me: &Pubkey,
) -> Result<Facts, KeeperError> {
    let schedule = schedule_of(folder, config)?;
    Ok(Facts {
        role: role(config),
        chain: fetched.chain(number, me),
        on_chain: fetched.epoch.as_ref().map(on_chain),
        own: own(folder, row),
        ends: schedule.period(number)?.end,
        closable_at: schedule.closable_at(number)?,
    })
}

const fn role(config: &Config) -> Role {
    match config.attest.source {
        Some(_) => Role::Attests,
        None => Role::Proposes,
    }
}

fn own(folder: &DataFolder, row: Option<&EpochRow>) -> Own {
    let Some(row) = row else { return Own::Open };
    match (row.state, row.manifest_hash) {
        (EpochState::Open, _) => Own::Open,
        (EpochState::Closed, Some(manifest_hash)) => Own::Closed {
            manifest_hash,
            // Only for the words of a difference: the hashes decide.
            summary: read_manifest(folder.epoch(row.number).root())
                .ok()
                .filter(|(_, hash)| *hash == manifest_hash)
                .map(|(manifest, _)| mine(&manifest)),
        },
        _ => Own::Begun,
    }
}

fn on_chain(epoch: &EpochView) -> Summary {
    Summary {
        root: epoch.root.hash,
        tokens: epoch.root.sum(),
        points: epoch.points,
        credits: epoch.credits,
        members: epoch.leaf_count,
        accepted: epoch.accepted,
        rejected: epoch.rejected,
        period_start: epoch.period_start,
        period_end: epoch.period_end,
        ruleset_hash: epoch.ruleset_hash,
        code_hash: epoch.code_hash,
    }
}

fn mine(manifest: &Manifest) -> Summary {
    Summary {
        root: manifest.tree.root_hash,
        tokens: manifest.tree.root_sum,
        points: manifest.totals.points,
        credits: manifest.totals.credits,
        members: manifest.tree.leaf_count,
        accepted: manifest.accepted,
        rejected: manifest.rejected,
        period_start: manifest.epoch.period_start_ms.div_euclid(1_000),
        period_end: manifest.epoch.period_end_ms.div_euclid(1_000),
        ruleset_hash: manifest.ruleset.hash,
        code_hash: manifest.code.hash,
    }
}
