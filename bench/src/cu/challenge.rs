use cairn_interface::vault::{
    AnswerChallenge, CHALLENGE_DEPOSIT, ExpireChallenge, OpenChallenge, epoch_address,
};
use cairn_merkle::{EpochNumber, LeafIndex};
use cairn_testkit::Rewards;
use solana_sdk::{pubkey::Pubkey, signer::Signer};

use super::{
    Measured,
    stage::{HOUR, Stage, WEEK, address, member},
    transaction::bytes,
    tree::Tree,
};

/// The tallest tree there is.
const DEPTH: u8 = 24;
const CHALLENGER: &str = "challenger";
const ANSWERER: &str = "answerer";
/// Longer than anybody has to answer.
const DAYS: i64 = 2 * 24 * HOUR.cast_signed();

/// A pool whose first epoch is active, and who asks and answers.
struct Ready {
    stage: Stage,
    active: (Rewards, Tree),
}

impl Ready {
    fn new() -> Self {
        let mut stage = Stage::new();
        for actor in [CHALLENGER, ANSWERER] {
            stage.world.actor(actor);
        }
        let rewards = stage.rewards(2, 1_000);
        let (tree, _) = stage.epoch(1, &rewards, DEPTH);
        stage.world.warp(WEEK.cast_signed());
        Self {
            stage,
            active: (rewards, tree),
        }
    }

    /// The first member's question to epoch 2.
    fn open(&self) -> OpenChallenge {
        let (rewards, tree) = &self.active;
        let claim = self.stage.claim(1, rewards, tree, 0);
        let place = epoch_address(&self.stage.pool, EpochNumber::new(2)).0;
        OpenChallenge {
            challenger: address(CHALLENGER),
            pool: self.stage.pool,
            active: EpochNumber::FIRST,
            number: EpochNumber::new(2),
            attempt: self.stage.world.epoch(&place).attempt,
            index: LeafIndex::new(0),
            owner: claim.owner,
            tokens: claim.tokens,
            points: claim.points,
            credits: claim.credits,
            proof: claim.proof,
        }
    }

    /// What stands there in epoch 2.
    fn answer(&self, challenge: Pubkey, rewards: &Rewards, tree: &Tree) -> AnswerChallenge {
        let claim = self.stage.claim(2, rewards, tree, 0);
        AnswerChallenge {
            answerer: address(ANSWERER),
            challenger: address(CHALLENGER),
            pool: self.stage.pool,
            number: EpochNumber::new(2),
            challenge,
            owner: None,
            tokens: claim.tokens,
            points: claim.points,
            credits: claim.credits,
            proof: claim.proof,
        }
    }
}

/// A challenge that is answered, one that shows a theft, and one that nobody answers.
pub fn measure() -> Measured {
    let mut ready = Ready::new();
    let honest = ready.stage.rewards(2, 2_000);
    let (tree, _) = ready.stage.attested(2, &honest, DEPTH);
    let open = ready.open();
    let answer = ready.answer(open.challenge(), &honest, &tree);
    let (open_bytes, answer_bytes) = sizes(&ready.stage, &open, &answer);
    let opened = ready.stage.must(&[open.instruction()], &[CHALLENGER]);
    let staked = ready.stage.world.lamports(&open.challenge());
    let answered = ready.stage.must(&[answer.instruction()], &[ANSWERER]);
    ready.stage.world.warp(HOUR.cast_signed());
    let activated = ready.stage.activate(2);
    let (shown, expired) = fallen();
    vec![
        ("open_challenge_depth_24_cu", opened.compute_units),
        ("open_challenge_depth_24_bytes", open_bytes),
        ("answer_challenge_depth_24_cu", answered.compute_units),
        ("answer_challenge_depth_24_bytes", answer_bytes),
        ("answer_challenge_veto_cu", shown),
        ("expire_challenge_cu", expired),
        ("activate_challenged_epoch_cu", activated.compute_units),
        ("rent_challenge_lamports", staked - CHALLENGE_DEPOSIT),
        ("deposit_challenge_lamports", CHALLENGE_DEPOSIT),
    ]
}

/// Bytes of the transactions, as who asks and who answers pay for them. The longest answer names another owner.
fn sizes(stage: &Stage, open: &OpenChallenge, answer: &AnswerChallenge) -> (u64, u64) {
    let payer = stage.world.payer().pubkey();
    let mut open = open.clone();
    open.challenger = payer;
    let mut answer = answer.clone();
    (answer.answerer, answer.owner) = (payer, Some(member(1)));
    let of = |instruction| bytes(&stage.world, &[instruction], &[]);
    (of(open.instruction()), of(answer.instruction()))
}

/// Units of an answer and of an expiry that veto.
fn fallen() -> (u64, u64) {
    let mut ready = Ready::new();
    // All tokens are there, the first member has some of the second's.
    let theft = {
        let mut rewards = ready.stage.rewards(2, 1_000).leaves().to_vec();
        rewards.swap(0, 1);
        rewards
    };
    let members: Vec<_> = theft
        .iter()
        .map(|leaf| cairn_testkit::Member {
            owner: leaf.owner.into(),
            tokens: leaf.tokens.get(),
            points: leaf.points.get(),
            credits: leaf.credits.get(),
        })
        .collect();
    let theft = Rewards::new(&ready.stage.pool, &members);
    let (tree, _) = ready.stage.attested(2, &theft, DEPTH);
    let open = ready.open();
    ready.stage.must(&[open.instruction()], &[CHALLENGER]);
    let mut answer = ready.answer(open.challenge(), &theft, &tree);
    answer.owner = Some(member(1));
    let shown = ready.stage.must(&[answer.instruction()], &[ANSWERER]);

    ready.stage.world.warp(DAYS);
    ready.stage.attested(2, &theft, DEPTH);
    let open = ready.open();
    ready.stage.must(&[open.instruction()], &[CHALLENGER]);
    ready.stage.world.warp(DAYS);
    let expire = ExpireChallenge {
        challenger: address(CHALLENGER),
        pool: ready.stage.pool,
        number: EpochNumber::new(2),
        challenge: open.challenge(),
    };
    let expired = ready.stage.must(&[expire.instruction()], &[]);
    (shown.compute_units, expired.compute_units)
}
