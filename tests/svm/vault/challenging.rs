//! Acts of challenges, for the tests of their instructions: epoch 2 is asked what epoch 1 held.

use cairn_interface::{
    Event,
    vault::{
        AnswerChallenge, ExpireChallenge, OpenChallenge, ProposeEpoch, VaultEvent,
        challenge_address, epoch_address,
    },
};
use cairn_merkle::{EpochNumber, LeafIndex};
use cairn_testkit::{Landed, Rewards};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signer::Signer};

use super::scene::{DAY, Scene, Terms, WEEK, address, member};

/// What member `index` had in epoch 1, asked of epoch 2.
pub fn opening(scene: &Scene, first: &Rewards, index: u32) -> OpenChallenge {
    let claim = scene.claim_of(1, first, index);
    OpenChallenge {
        challenger: scene.world.payer().pubkey(),
        pool: scene.pool,
        active: EpochNumber::new(1),
        number: EpochNumber::new(2),
        attempt: scene.epoch(2).attempt,
        index: LeafIndex::new(index),
        owner: claim.owner,
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof,
    }
}

/// What stands at `index` in epoch 2, shown by `answerer`.
pub fn answering(scene: &Scene, second: &Rewards, index: u32, answerer: &str) -> AnswerChallenge {
    let claim = scene.claim_of(2, second, index);
    AnswerChallenge {
        answerer: address(answerer),
        challenger: scene.world.payer().pubkey(),
        pool: scene.pool,
        number: EpochNumber::new(2),
        attempt: scene.epoch(2).attempt,
        index: LeafIndex::new(index),
        owner: (claim.owner != member(index)).then_some(claim.owner),
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof,
    }
}

pub fn expiring(scene: &Scene, attempt: u32, index: u32) -> Instruction {
    ExpireChallenge {
        challenger: scene.world.payer().pubkey(),
        pool: scene.pool,
        number: EpochNumber::new(2),
        attempt,
        index: LeafIndex::new(index),
    }
    .instruction()
}

/// Epoch 1 active, of three members; a window of a day.
pub fn started() -> (Scene, Rewards) {
    let mut scene = Scene::with(Terms {
        challenge_window_secs: DAY,
        ..Terms::default()
    });
    scene.fund(10_000_000).unwrap();
    let first = scene.rewards(&[998_000, 1_000, 5]);
    scene.run_epoch(1, &first);
    scene.world.warp(WEEK);
    (scene, first)
}

/// Epoch 2 of these rewards, attested and complete, its window ahead.
pub fn complete(scene: &mut Scene, second: &Rewards) {
    propose(scene, second.proposal(&address("keeper 0"), 2), second);
}

/// The same of any proposal.
pub fn propose(scene: &mut Scene, proposal: ProposeEpoch, second: &Rewards) {
    scene.must(&[proposal.instruction()], &["keeper 0"]);
    scene.put_canopy(2, second);
    scene.attest("keeper 1", 2).unwrap();
}

/// What the program said of itself, in order.
pub fn told(landed: &Landed) -> Vec<VaultEvent> {
    let events = landed.events().into_iter();
    let ours = events.filter_map(|event| match event {
        Event::RewardVault(event) => Some(event),
        _ => None,
    });
    ours.collect()
}

/// Where the challenge of epoch 2's leaf stands.
pub fn challenge_at(scene: &Scene, attempt: u32, index: u32) -> Pubkey {
    challenge_address(
        &epoch_address(&scene.pool, EpochNumber::new(2)).0,
        attempt,
        LeafIndex::new(index),
    )
    .0
}
