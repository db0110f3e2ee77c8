//! Freezing the inputs of an epoch: everything `close` will read, copied into the epoch's folder and checked there. A
//! crash in between starts the copying over; once all stands, nothing is touched again.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use cairn_epoch::{
    EpochError, EpochFolder, EpochInput, Input, Manifest, carry, carry_nothing, read_manifest,
    read_terms, write_anchors, write_burns, write_epoch,
};
use cairn_interface::vault::PoolView;
use cairn_merkle::EpochNumber;
use cairn_origin::{Finding, OriginError, burned};
use cairn_registry::Snapshot;

use super::{Closer, anchors};
use crate::chain::Standing;
use crate::domain::schedule::Period;
use crate::progress::Phase;
use crate::store::folder::{FolderError, copy_whole};
use crate::store::{GENESIS, copy_ruleset};
use crate::{KeeperError, text};

/// Anchors this long before an epoch still serve its first proofs. Milliseconds.
const ANCHOR_LEAD_MS: i64 = 3_600_000;

impl Closer {
    /// Copies and checks every input but the evidence, which is there already.
    pub(super) async fn freeze(
        &self,
        number: EpochNumber,
        pool: &PoolView,
    ) -> Result<(), KeeperError> {
        let folder = self.work.folder().epoch(number);
        self.work
            .progress()
            .phase_started(Phase::Freeze, Some(Input::ALL.len() as u64));
        fs::create_dir_all(folder.inputs()).map_err(FolderError::io("create", &folder.inputs()))?;
        let period = self.own.schedule()?.period(number)?;
        let previous_manifest = self.freeze_state(number, &folder).await?;
        for (done, input) in (1..).zip(Input::ALL) {
            // Without a rest: an input that nobody freezes does not compile.
            match input {
                Input::Epoch => write_epoch(
                    &folder.epoch_json(),
                    &EpochInput {
                        canopy_depth: pool.canopy_depth,
                        network: self.outlook.config().network.to_bytes(),
                        number,
                        pool: pool.address.to_bytes(),
                        previous_manifest,
                    },
                )?,
                // All that the epoch before handed on was copied together, above, with what was taken when it was revoked.
                Input::Taken
                | Input::End
                | Input::Members
                | Input::Waiting
                | Input::Unlinked
                | Input::Arrears
                | Input::Links
                | Input::Signers
                | Input::Leaves
                | Input::Memory => {}
                Input::Ruleset => self.freeze_ruleset(&folder.inputs()).await?,
                // With the ruleset.
                Input::Rules => {}
                Input::Genesis => self.freeze_genesis(number, &folder).await?,
                // It stands there since it was acknowledged.
                Input::Evidence => {}
                Input::Devices => {
                    let published = self.work.folder().resolve(&self.inputs.devices);
                    copy_whole(&published, &folder.devices())?;
                }
                Input::Anchors => self.freeze_anchors(&folder, period).await?,
                Input::Burns => self.freeze_burns(number, &folder, period, pool).await?,
            }
            self.work.progress().phase_advanced(Phase::Freeze, done);
        }
        self.check_registry(number, &folder, pool).await?;
        self.work.progress().phase_finished(Phase::Freeze);
        Ok(())
    }

    /// Copies the ruleset this keeper runs into `inputs`, in place of whatever ruleset stands there.
    async fn freeze_ruleset(&self, inputs: &Path) -> Result<(), KeeperError> {
        let own = self.own.path.clone();
        let inputs = inputs.to_owned();
        self.work
            .blocking(move || {
                copy_ruleset(&own, &inputs)?;
                read_terms(&inputs)?;
                Ok(())
            })
            .await
    }

    /// Holds the frozen devices and the streams' partners against the chain, as whoever attests will.
    async fn check_registry(
        &self,
        number: EpochNumber,
        folder: &EpochFolder,
        pool: &PoolView,
    ) -> Result<(), KeeperError> {
        let (devices, terms) = {
            let folder = folder.clone();
            self.work
                .blocking(move || {
                    Ok((
                        Snapshot::read(&folder.devices())?,
                        read_terms(&folder.inputs())?,
                    ))
                })
                .await?
        };
        let ledger = self.outlook.ledger();
        let compared = async {
            let network = cairn_origin::network(ledger, &pool.network).await?;
            Ok::<[Finding; 2], OriginError>([
                cairn_origin::devices(ledger, &network, &devices).await?,
                cairn_origin::partners(ledger, &network, &terms).await?,
            ])
        };
        let findings = self.work.unless_stopped(compared).await?;
        cairn_origin::insist(&findings).map_err(|fault| KeeperError::Origin { number, fault })
    }

    /// The anchors that may serve proofs of the period: those of the file and those this keeper recorded.
    async fn freeze_anchors(
        &self,
        folder: &EpochFolder,
        period: Period,
    ) -> Result<(), KeeperError> {
        let mut anchors = anchors::own(&self.work, &self.inputs.anchors).await?;
        let first = period
            .start
            .saturating_mul(1_000)
            .saturating_sub(ANCHOR_LEAD_MS);
        let end = period.end.saturating_mul(1_000);
        anchors.retain(|anchor| (first..end).contains(&anchor.unix_ms));
        anchors.sort_unstable_by_key(|anchor| anchor.slot);
        write_anchors(&folder.anchors(), &anchors)?;
        Ok(())
    }

    /// The table of what people held before the pool began, in the first epoch of a ruleset that names it.
    async fn freeze_genesis(
        &self,
        number: EpochNumber,
        folder: &EpochFolder,
    ) -> Result<(), KeeperError> {
        let (own, file, inputs) = (
            self.own.path.join(GENESIS),
            folder.genesis(),
            folder.inputs(),
        );
        let is_first = number == EpochNumber::FIRST;
        self.work
            .blocking(move || {
                if is_first && read_terms(&inputs)?.genesis.is_some() {
                    return Ok(copy_whole(&own, &file)?);
                }
                Ok(remove(&file)?)
            })
            .await
    }

    /// What the chain says that payers of traffic burned in the period; no file for a ruleset that names none.
    async fn freeze_burns(
        &self,
        number: EpochNumber,
        folder: &EpochFolder,
        period: Period,
        pool: &PoolView,
    ) -> Result<(), KeeperError> {
        let terms = read_terms(&folder.inputs())?;
        let file = folder.burns();
        if terms.payers.is_empty() {
            return Ok(remove(&file)?);
        }
        let within = (
            period.start.saturating_mul(1_000),
            period.end.saturating_mul(1_000),
        );
        let told = burned(self.outlook.ledger(), pool, &terms, within);
        let told = self.work.unless_stopped(told).await?;
        match told.lacks {
            None => Ok(write_burns(&file, &told.burns)?),
            Some(reason) => Err(KeeperError::NoBurns { number, reason }),
        }
    }

    /// The state the epoch before handed on, from files whose manifest is the active one on chain. Returns its hash.
    async fn freeze_state(
        &self,
        number: EpochNumber,
        folder: &EpochFolder,
    ) -> Result<Option<[u8; 32]>, KeeperError> {
        let Some(before) = number
            .previous()
            .filter(|before| *before >= EpochNumber::FIRST)
        else {
            carry_nothing(folder)?;
            return Ok(None);
        };
        let active = match self.outlook.standing(before, number).await? {
            Standing::Active(manifest_hash) => manifest_hash,
            Standing::Revoked => return self.freeze_replaced(before, folder).await.map(Some),
        };
        for place in [
            self.work.folder().epoch(before),
            self.work.folder().published(before),
        ] {
            let Ok((manifest, hash)) = read_manifest(place.root()) else {
                continue;
            };
            if hash != active {
                continue;
            }
            carry_on(before, &place, &manifest, folder)?;
            return Ok(Some(hash));
        }
        Err(KeeperError::NoPrevious {
            number: before,
            manifest: text::hash(&active),
        })
    }
}

/// Takes an input away that the rules do not ask for: an epoch that is frozen again under other rules may have had it.
fn remove(file: &Path) -> Result<(), FolderError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(FolderError::io("remove", file)(error))
        }
        _ => Ok(()),
    }
}

/// Copies the state that the epoch in `place` hands on.
pub(super) fn carry_on(
    before: EpochNumber,
    place: &EpochFolder,
    manifest: &Manifest,
    folder: &EpochFolder,
) -> Result<(), KeeperError> {
    match carry(place, manifest, folder) {
        Err(EpochError::Differs(difference)) => Err(KeeperError::StateChanged {
            number: before,
            path: place.root().join(difference.file),
        }),
        carried => Ok(carried?),
    }
}
