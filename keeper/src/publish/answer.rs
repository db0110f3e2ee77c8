//! Answering: a keeper that stands behind an epoch shows the leaves that somebody asked for. Nobody else may have the files
//! yet, and a leaf that nobody shows brings an honest epoch down.

use cairn_client::{challenges_of, send};
use cairn_interface::vault::{AnswerChallenge, ChallengeView, EpochView};
use cairn_merkle::{EpochNumber, LeafIndex};
use solana_sdk::signer::Signer;

use super::Publisher;
use crate::KeeperError;
use crate::domain::step::Wait;
use crate::watch::Leaves;

impl Publisher {
    /// Shows every challenged leaf of the epoch in flight from this keeper's own files, and gets the deposits. Returns how
    /// many it showed.
    ///
    /// # Errors
    /// [`KeeperError::NoLeaves`]; [`KeeperError::NotWhole`] before anything is sent when a leaf is not whole: its own epoch
    /// a keeper does not bring down, and a person has to look; what the chain refuses.
    pub async fn answer(&self, number: EpochNumber) -> Result<u64, KeeperError> {
        let fetched = self.outlook.fetch(number).await?;
        let Some(epoch) = fetched.epoch else {
            return Err(Wait::NotProposed { number }.into());
        };
        let ledger = self.outlook.ledger();
        let asked = self
            .work
            .unless_stopped(challenges_of(ledger, &epoch.address));
        let mut asked = asked.await?;
        asked.retain(|challenge| challenge.attempt == epoch.attempt);
        if asked.is_empty() {
            return Ok(0);
        }
        let leaves = self.leaves(number, epoch).await?;
        let answers = self.answers(number, &leaves, &asked)?;
        let mut shown = 0_u64;
        for (challenge, answer) in asked.iter().zip(answers) {
            self.work.stop_if_told()?;
            let instructions = [answer.instruction()];
            let (me, signers) = (self.key.pubkey(), [&self.key as &dyn Signer]);
            let sent = send(ledger, &instructions, &me, &signers, &self.send);
            match self.work.to_its_end(sent).await? {
                Ok(_) => shown = shown.saturating_add(1),
                // Whoever answers first has the deposit; then there is nothing left to show.
                Err(error) => match ledger.account(&challenge.address).await? {
                    None => {}
                    Some(_) => return Err(error.into()),
                },
            }
        }
        Ok(shown)
    }

    /// The leaves of the epoch on chain from this keeper's files: its own, or its copy of what was published.
    async fn leaves(&self, number: EpochNumber, epoch: EpochView) -> Result<Leaves, KeeperError> {
        let folder = self.work.folder();
        let places = [folder.epoch(number), folder.published(number)];
        let read = self.work.blocking(move || {
            let mut reason = "this keeper never derived it".to_owned();
            for place in places.iter().filter(|place| place.manifest().is_file()) {
                match Leaves::read(place.root(), &epoch) {
                    Ok(leaves) => return Ok(leaves),
                    Err(why) => reason = why,
                }
            }
            Err(KeeperError::NoLeaves { number, reason })
        });
        read.await
    }

    fn answers(
        &self,
        number: EpochNumber,
        leaves: &Leaves,
        asked: &[ChallengeView],
    ) -> Result<Vec<AnswerChallenge>, KeeperError> {
        let at = (self.outlook.config().pool, number);
        let mut answers = Vec::with_capacity(asked.len());
        for challenge in asked {
            let index = LeafIndex::new(challenge.index);
            let whole = leaves
                .shown(index)
                .filter(|(leaf, _)| challenge.is_answered_by(leaf));
            let Some((leaf, proof)) = whole else {
                return Err(KeeperError::NotWhole { number, index });
            };
            let me = self.key.pubkey();
            answers.push(AnswerChallenge::of(challenge, at, me, leaf, proof));
        }
        Ok(answers)
    }
}
