//! Act: one transaction for each thing that is due.

use cairn_client::{ClientError, challenges_by, send};
use cairn_interface::vault::{
    AnswerChallenge, ChallengeView, EpochView, ExpireChallenge, OpenChallenge, epoch_address,
};
use cairn_merkle::{EpochNumber, LeafIndex};
use solana_sdk::instruction::Instruction;
use solana_sdk::signer::Signer as _;

use super::decide::Deed;
use super::{WatchReport, Watcher};
use crate::KeeperError;
use crate::chain::Fetched;

impl Watcher {
    /// Fetches the deposits of challenges whose epoch is decided.
    pub(super) async fn fetch_deposits(
        &self,
        fetched: &Fetched,
        report: &mut WatchReport,
    ) -> Result<bool, KeeperError> {
        let pool = &fetched.pool;
        let of = |number| epoch_address(&pool.address, number).0;
        let in_flight = fetched.epoch.as_ref().filter(|epoch| epoch.is_open());
        let mut did = false;
        for mine in challenges_by(self.ledger.as_ref(), &self.key.pubkey()).await? {
            // Those of the epoch in flight are decided with the rest of it.
            if in_flight.is_some_and(|epoch| epoch.address == mine.epoch) {
                continue;
            }
            // A challenge names its epoch by address; another pool's is none of this watch's business.
            let mut numbers = (1..=pool.next_epoch).rev().map(EpochNumber::new);
            let Some(number) = numbers.find(|number| of(*number) == mine.epoch) else {
                continue;
            };
            let end = ExpireChallenge::of(&mine, (pool.address, number));
            match self.submit(end.instruction()).await {
                Ok(()) => {}
                // Somebody else ended it, which pays the deposit back all the same. It holds up nothing that is watched.
                Err(error) if error.refusal().is_some() => {
                    self.progress.note(&error.to_string());
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
            report.ended = report.ended.saturating_add(1);
            did = true;
        }
        Ok(did)
    }

    /// Does one thing. Returns whether the epoch fell by it.
    pub(super) async fn carry_out(
        &self,
        deed: Deed,
        fetched: &Fetched,
        epoch: &EpochView,
        challenges: &[ChallengeView],
        report: &mut WatchReport,
    ) -> Result<bool, KeeperError> {
        let at = (fetched.pool.address, epoch.number());
        match deed {
            Deed::Open(index) => {
                let active = self.active.as_ref().and_then(|leaves| leaves.shown(index));
                let Some((leaf, proof)) = active else {
                    return Ok(false);
                };
                let open = OpenChallenge {
                    challenger: self.key.pubkey(),
                    pool: at.0,
                    active: fetched.pool.active_epoch(),
                    number: at.1,
                    attempt: epoch.attempt,
                    index,
                    owner: leaf.owner.into(),
                    tokens: leaf.tokens,
                    points: leaf.points,
                    credits: leaf.credits,
                    proof,
                };
                self.submit(open.instruction()).await?;
                self.progress
                    .note(&format!("asked epoch {} for member {index}'s leaf", at.1));
                report.opened.push((epoch.number(), index));
                Ok(false)
            }
            Deed::Answer(place) => {
                let Some(challenge) = challenges.get(place) else {
                    return Ok(false);
                };
                let index = LeafIndex::new(challenge.index);
                let proposed = self
                    .proposed
                    .as_ref()
                    .and_then(|leaves| leaves.shown(index));
                let Some((leaf, proof)) = proposed else {
                    return Ok(false);
                };
                let answer = AnswerChallenge::of(challenge, at, self.key.pubkey(), leaf, proof);
                self.submit(answer.instruction()).await?;
                let whole = challenge.is_answered_by(leaf);
                report.answered = report.answered.saturating_add(u64::from(whole));
                Ok(!whole)
            }
            Deed::Expire(place) => {
                let Some(challenge) = challenges.get(place) else {
                    return Ok(false);
                };
                let end = ExpireChallenge::of(challenge, at);
                self.submit(end.instruction()).await?;
                report.ended = report.ended.saturating_add(1);
                Ok(challenge.attempt == epoch.attempt)
            }
        }
    }

    async fn submit(&self, instruction: Instruction) -> Result<(), ClientError> {
        let me = self.key.pubkey();
        let ledger = self.ledger.as_ref();
        send(ledger, &[instruction], &me, &[&self.key], &self.send).await?;
        Ok(())
    }
}
