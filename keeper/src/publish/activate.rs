//! `activate`: anyone may, once the window is over.

use cairn_facts::of_tokens;
use cairn_interface::vault::EpochStatus;
use cairn_merkle::EpochNumber;
use cairn_spelling::Amount;

use super::{Publication, Publisher, Sent};
use crate::KeeperError;
use crate::chain::said;
use crate::domain::agenda::disagreement;
use crate::domain::step::{Content, Goal, Wait};

/// An epoch that is active, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activated {
    pub epoch: EpochNumber,
    pub root: [u8; 32],
    /// Since the pool began.
    pub tokens: Amount,
    pub members: u32,
    /// Unix seconds.
    pub activated_at: i64,
    /// The transactions this call followed to their end; none when it was active already.
    pub transactions: Vec<Sent>,
}

impl Publisher {
    /// Activates an epoch whose window is over. The conditions are the program's; no file of this keeper is needed,
    /// because the attestations under the epoch are what makes it right. A keeper that derived the epoch itself and came
    /// to another manifest does not help it along.
    ///
    /// # Errors
    /// [`Wait`] with the moment from which it is possible; [`crate::domain::step::Refusal::OtherManifest`], naming what
    /// differs; anything the chain refuses.
    pub async fn activate(&self, number: EpochNumber) -> Result<Activated, KeeperError> {
        self.resolve_pending().await?;
        let fetched = self.outlook.fetch(number).await?;
        let facts = self.facts(number, &fetched).await?;
        let Some(epoch) = fetched.epoch else {
            return Err(Wait::NotProposed { number }.into());
        };
        // What is active already is no question any more.
        if matches!(
            epoch.status(),
            EpochStatus::Proposed | EpochStatus::Attested
        ) && let Some(refusal) = disagreement(&facts)
        {
            return Err(refusal.into());
        }
        let publication = Publication {
            number,
            content: Content {
                manifest_hash: epoch.manifest_hash,
                says: said(&epoch),
                canopy: epoch.facts.canopy.nodes,
            },
            manifest: None,
        };
        let driven = self.drive(Goal::Activate, &publication).await?;
        let active = driven.fetched.epoch;
        Ok(Activated {
            epoch: number,
            root: publication.content.says.root,
            tokens: of_tokens(
                publication.content.says.tokens,
                driven.fetched.pool.decimals,
            ),
            members: active.as_ref().map_or(0, |epoch| epoch.leaf_count),
            activated_at: active.map_or(0, |epoch| epoch.activated_at),
            transactions: driven.sent,
        })
    }
}
