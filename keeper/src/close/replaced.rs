//! Revoked epochs: what this keeper computes under a revoked one's number takes its place, and its correction, the next epoch,
//! goes on from there and makes good what was taken.

use cairn_epoch::{EpochFolder, read_manifest, write_taken};
use cairn_interface::vault::{EpochStatus, EpochView};
use cairn_merkle::EpochNumber;
use cairn_origin::{Past, taken_under};

use super::freeze::carry_on;
use super::{CloseOptions, Closer};
use crate::chain::{Fetched, Standing};
use crate::intake::Desk;
use crate::store::journal::{EpochRow, EpochState};
use crate::{KeeperError, text};

/// Whether the epoch was revoked and its correction is not active yet.
pub(super) fn is_replaced(fetched: &Fetched) -> bool {
    let status = fetched.epoch.as_ref().map(EpochView::status);
    fetched.pool.is_correction_due() && status == Some(EpochStatus::Revoked)
}

impl Closer {
    /// Closes the epoch before when it was revoked before this keeper had closed it: its evidence is still under its own number.
    pub(super) async fn close_replaced(
        &self,
        desk: &Desk,
        number: EpochNumber,
    ) -> Result<(), KeeperError> {
        let Some(before) = number
            .previous()
            .filter(|before| *before >= EpochNumber::FIRST)
        else {
            return Ok(());
        };
        if self.outlook.standing(before, number).await? == Standing::Revoked
            && self.closed_hash(before).await?.is_none()
        {
            Box::pin(self.close_one(desk, before, CloseOptions::default())).await?;
        }
        Ok(())
    }

    /// Freezes the state that this keeper's own epoch `before` handed on, and what the chain says was taken under the root that
    /// was revoked. Returns that epoch's manifest's hash.
    pub(super) async fn freeze_replaced(
        &self,
        before: EpochNumber,
        folder: &EpochFolder,
    ) -> Result<[u8; 32], KeeperError> {
        let Some(closed) = self.closed_hash(before).await? else {
            return Err(KeeperError::NotClosed { number: before });
        };
        let place = self.work.folder().epoch(before);
        let (manifest, found) = read_manifest(place.root())?;
        if found != closed {
            return Err(KeeperError::ManifestChanged {
                number: before,
                closed: text::hash(&closed),
                found: text::hash(&found),
            });
        }
        carry_on(before, &place, &manifest, folder)?;
        let pool = self.outlook.config().pool;
        let told = taken_under(self.outlook.ledger(), &pool, before);
        match self.work.unless_stopped(told).await? {
            Past::Whole(taken) => write_taken(&folder.taken(), &taken)?,
            Past::Partial(reason) => {
                return Err(KeeperError::NoPast {
                    number: before,
                    reason,
                });
            }
        }
        Ok(found)
    }

    /// The manifest that this keeper closed an epoch with.
    async fn closed_hash(&self, number: EpochNumber) -> Result<Option<[u8; 32]>, KeeperError> {
        let row = self.work.journal().epoch(number).await?;
        let closed = |row: EpochRow| {
            row.manifest_hash
                .filter(|_| row.state == EpochState::Closed)
        };
        Ok(row.and_then(closed))
    }
}
