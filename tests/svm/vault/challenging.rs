//! Acts of challenges, for the tests of their instructions: epoch 2 is asked what epoch 1 held.

use cairn_interface::{
    Event,
    ids::REWARD_VAULT,
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

/// The same challenge at another address that the program derives from it: its bump is the challenger's to choose. And that
/// address.
pub fn opening_beside(open: &OpenChallenge) -> (Instruction, Pubkey) {
    let epoch = epoch_address(&open.pool, open.number).0;
    let (attempt, index) = (open.attempt.to_le_bytes(), open.index.get().to_le_bytes());
    let (_, usual) = challenge_address(&epoch, open.attempt, open.index);
    let seeds = |bump: u8| {
        let seeds: [&[u8]; 5] = [b"challenge", epoch.as_ref(), &attempt, &index, &[bump]];
        Pubkey::create_program_address(&seeds, &REWARD_VAULT).ok()
    };
    let mut bumps = (0..usual).rev();
    let found = bumps.find_map(|bump| seeds(bump).map(|address| (bump, address)));
    let (bump, beside) = found.expect("half of all bumps give an address");
    let mut instruction = open.instruction();
    let place = instruction.accounts.iter_mut();
    let mut place = place.filter(|account| account.pubkey == open.challenge());
    place.next().expect("the challenge's account").pubkey = beside;
    // The bump stands behind leaf and owner, after the instruction's discriminator; the proof's length and nodes follow.
    let at = instruction.data.len() - 4 - 40 * open.proof.len() - 1;
    assert_eq!(instruction.data[at], usual);
    instruction.data[at] = bump;
    (instruction, beside)
}

/// What stands at `index` in epoch 2, shown by `answerer`.
pub fn answering(scene: &Scene, second: &Rewards, index: u32, answerer: &str) -> AnswerChallenge {
    let claim = scene.claim_of(2, second, index);
    AnswerChallenge {
        answerer: address(answerer),
        challenger: scene.world.payer().pubkey(),
        pool: scene.pool,
        number: EpochNumber::new(2),
        challenge: challenge_at(scene, scene.epoch(2).attempt, index),
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
        challenge: challenge_at(scene, attempt, index),
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
