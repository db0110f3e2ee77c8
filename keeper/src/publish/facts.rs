//! Fetch: what [`crate::domain::agenda`] decides from, for a keeper that runs and for one that is only asked.

use cairn_epoch::{Manifest, read_manifest};
use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;

use crate::KeeperError;
use crate::chain::Fetched;
use crate::config::Config;
use crate::domain::agenda::{Facts, Own, Role};
use crate::domain::summary::Summary;
use crate::store::OwnRuleset;
use crate::store::folder::DataFolder;
use crate::store::journal::{EpochRow, EpochState};

/// What of a keeper's own goes into its decisions.
#[derive(Clone, Debug)]
pub(crate) struct Standpoint {
    folder: DataFolder,
    own: OwnRuleset,
    pub role: Role,
    pub me: Pubkey,
}

impl Standpoint {
    pub fn of(folder: &DataFolder, config: &Config, me: Pubkey) -> Self {
        Self {
            folder: folder.clone(),
            own: OwnRuleset::of(folder, config),
            role: role(config),
            me,
        }
    }

    /// The facts of an epoch that was fetched, with what the journal says of it.
    ///
    /// # Errors
    /// A ruleset that can not be read; a number outside its calendar.
    pub fn facts(
        &self,
        row: Option<&EpochRow>,
        number: EpochNumber,
        fetched: &Fetched,
    ) -> Result<Facts, KeeperError> {
        let schedule = self.own.schedule()?;
        Ok(Facts {
            role: self.role,
            chain: fetched.chain(number, &self.me),
            own: own(&self.folder, row),
            ends: schedule.period(number)?.end,
            closable_at: schedule.closable_at(number)?,
        })
    }
}

const fn role(config: &Config) -> Role {
    if config.attest.source.is_empty() {
        Role::Proposes
    } else {
        Role::Attests
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
                .map(|(manifest, _)| says(&manifest)),
        },
        _ => Own::Begun,
    }
}

/// What a manifest says, in the fields that the chain has too. Full hours by the calendar: nothing of the times is lost.
pub(crate) fn says(manifest: &Manifest) -> Summary {
    Summary {
        root: manifest.tree.root_hash,
        tokens: manifest.tree.root_sum,
        points: manifest.totals.milli_points,
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
