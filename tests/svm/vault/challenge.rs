//! "Show me my leaf": what is asked, answered, and not answered.

use cairn_interface::{
    Event,
    ids::COMPUTE_BUDGET_PROGRAM,
    vault::{
        AnswerChallenge, CHALLENGE_DEPOSIT, CHALLENGE_LEN, ChallengeView, EpochStatus,
        ExpireChallenge, OpenChallenge, Pause, ProposeEpoch, PutCanopy, REASON_LEAF_TAKEN,
        REASON_LEAF_WITHHELD, VaultError, VaultEvent, challenge_address, epoch_address,
    },
};
use cairn_merkle::{
    Credits, EpochNumber, LeafIndex, MilliPoints, Node, RewardLeaf, Tokens, fold_canopy,
    fold_proof, parent,
};
use cairn_testkit::{Landed, Rewards, assert_refused};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signer::Signer};

use super::scene::{DAY, HOUR, Scene, Terms, WEEK, address, key, member};

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

fn propose(scene: &mut Scene, proposal: ProposeEpoch, second: &Rewards) {
    scene.must(&[proposal.instruction()], &["keeper 0"]);
    scene.put_canopy(2, second);
    scene.attest("keeper 1", 2).unwrap();
}

fn told(landed: &Landed) -> Vec<VaultEvent> {
    let events = landed.events().into_iter();
    let ours = events.filter_map(|event| match event {
        Event::RewardVault(event) => Some(event),
        _ => None,
    });
    ours.collect()
}

fn challenge_at(scene: &Scene, attempt: u32, index: u32) -> Pubkey {
    challenge_address(
        &epoch_address(&scene.pool, EpochNumber::new(2)).0,
        attempt,
        LeafIndex::new(index),
    )
    .0
}

#[test]
fn an_honest_proposal_answers_and_the_deposit_pays_for_it() {
    let (mut scene, first) = started();
    let second = scene.rewards(&[998_000, 2_000, 6]);
    complete(&mut scene, &second);
    let open = opening(&scene, &first, 1).instruction();
    let said = told(&scene.must(std::slice::from_ref(&open), &[]));
    assert!(matches!(
        said[..],
        [VaultEvent::ChallengeOpened(ref opened)]
            if opened.tokens == 1_000 && opened.deadline == scene.world.now() + DAY
    ));
    let place = challenge_at(&scene, 0, 1);
    let account = scene.world.expect_account(&place);
    let rent = scene
        .world
        .svm()
        .minimum_balance_for_rent_exemption(CHALLENGE_LEN);
    assert_eq!(account.lamports, rent + CHALLENGE_DEPOSIT);
    let challenge = ChallengeView::decode(place, &account).unwrap();
    assert_eq!((challenge.owner, challenge.index), (member(1), 1));
    assert_eq!(scene.epoch(2).open_challenges, 1);
    let again = scene.run(&[open], &[]);
    assert_refused(again, VaultError::ChallengeOpen);

    // Nothing is activated over an open question, and the answer's payer is the asker.
    scene.world.warp(DAY);
    assert_refused(scene.activate(2), VaultError::ChallengesOpen);
    let before = scene.world.lamports(&address("keeper 1"));
    let answer = answering(&scene, &second, 1, "keeper 1").instruction();
    let said = told(&scene.must(&[answer], &["keeper 1"]));
    assert!(matches!(
        said[..],
        [VaultEvent::ChallengeAnswered(ref answered)] if answered.kept == 1
    ));
    let paid = scene.world.lamports(&address("keeper 1")) - before;
    assert_eq!(paid, rent + CHALLENGE_DEPOSIT);
    assert!(
        scene
            .world
            .account(&place)
            .is_none_or(|it| it.lamports == 0)
    );
    scene.activate(2).unwrap();
}

#[test]
fn a_proposal_that_takes_from_a_member_falls_in_the_instruction_that_shows_it() {
    let honest = [(member(0), 998_000), (member(1), 1_000), (member(2), 5)];
    let mut smaller = honest;
    smaller[0].1 = 997_999;
    smaller[2].1 = 6;
    let mut moved = honest;
    moved[0].0 = member(7);
    for theft in [smaller, moved] {
        let (mut scene, first) = started();
        let theft = Rewards::of_tokens(&scene.pool, &theft);
        let mut proposal = theft.proposal(&address("keeper 0"), 2);
        proposal.points = MilliPoints::new(scene.pool().points_issued);
        proposal.credits = Credits::new(scene.pool().credits_issued);
        propose(&mut scene, proposal, &theft);
        let open = opening(&scene, &first, 0).instruction();
        scene.must(&[open], &[]);
        let place = challenge_at(&scene, 0, 0);
        let stake = scene.world.lamports(&place);
        let me = scene.world.payer().pubkey();
        let before = scene.world.lamports(&me);
        let shown = answering(&scene, &theft, 0, "stranger").instruction();
        let landed = scene.must(&[shown], &["stranger"]);
        let said = told(&landed);
        assert!(matches!(
            said[..],
            [VaultEvent::ChallengeAnswered(ref answered), VaultEvent::EpochVetoed(ref vetoed)]
                if answered.kept == 0 && vetoed.reason == REASON_LEAF_TAKEN
                    && vetoed.by == address("stranger")
        ));
        // Everything back to the challenger, who pays the fees here.
        assert_eq!(scene.world.lamports(&me), before + stake - landed.fee);
        assert_eq!(scene.epoch(2).status(), EpochStatus::Vetoed);
        assert_eq!(scene.epoch(2).open_challenges, 0);
        scene.world.warp(DAY);
        assert_refused(scene.activate(2), VaultError::EpochNotOpen);
        assert_eq!(scene.pool().pending_epoch, 0);
    }
}

#[test]
fn points_and_credits_that_shrink_are_a_theft_too() {
    for (points, credits) in [(9, 3), (10, 2)] {
        let (mut scene, _) = started();
        let leaves = |points, credits| {
            let one = cairn_testkit::Member {
                owner: member(0),
                tokens: 998_000,
                points,
                credits,
            };
            let two = cairn_testkit::Member {
                owner: member(1),
                tokens: 1_005,
                points: 20_000_000,
                credits: 20,
            };
            Rewards::new(&scene.pool, &[one, two, two])
        };
        let second = leaves(9_980_000, 3);
        let theft = leaves(9_980_000 - 10 + points, credits);
        complete(&mut scene, &second);
        scene.world.warp(DAY);
        scene.activate(2).unwrap();
        scene.world.warp(WEEK);
        let mut proposal = theft.proposal(&address("keeper 0"), 3);
        proposal.points = MilliPoints::new(scene.pool().points_issued);
        proposal.credits = Credits::new(scene.pool().credits_issued);
        scene.must(&[proposal.instruction()], &["keeper 0"]);
        scene.put_canopy(3, &theft);
        let claim = scene.claim_of(2, &second, 0);
        let open = OpenChallenge {
            challenger: scene.world.payer().pubkey(),
            pool: scene.pool,
            active: EpochNumber::new(2),
            number: EpochNumber::new(3),
            attempt: 0,
            index: LeafIndex::new(0),
            owner: claim.owner,
            tokens: claim.tokens,
            points: claim.points,
            credits: claim.credits,
            proof: claim.proof,
        };
        scene.must(&[open.instruction()], &[]);
        let shown = scene.claim_of(3, &theft, 0);
        let answer = AnswerChallenge {
            answerer: address("stranger"),
            challenger: scene.world.payer().pubkey(),
            pool: scene.pool,
            number: EpochNumber::new(3),
            attempt: 0,
            index: LeafIndex::new(0),
            owner: None,
            tokens: shown.tokens,
            points: shown.points,
            credits: shown.credits,
            proof: shown.proof,
        };
        scene.must(&[answer.instruction()], &["stranger"]);
        assert_eq!(scene.epoch(3).veto_reason, REASON_LEAF_TAKEN);
    }
}

#[test]
fn withheld_leaves_are_as_good_as_stolen_ones() {
    let (mut scene, first) = started();
    let theft = scene.rewards(&[0, 1_000, 998_005]);
    complete(&mut scene, &theft);
    // The member knows nothing of the new tree but that its leaves are not published.
    let open = opening(&scene, &first, 0).instruction();
    scene.must(&[open], &[]);
    let expire = expiring(&scene, 0, 0);
    scene.world.warp(DAY);
    assert_refused(scene.activate(2), VaultError::ChallengesOpen);
    let early = scene.run(std::slice::from_ref(&expire), &[]);
    assert_refused(early, VaultError::ChallengeAnswerable);
    scene.world.warp(1);
    let said = told(&scene.must(&[expire], &[]));
    assert!(matches!(
        said[..],
        [VaultEvent::EpochVetoed(ref vetoed), VaultEvent::ChallengeExpired(ref expired)]
            if vetoed.reason == REASON_LEAF_WITHHELD && expired.vetoed == 1
    ));
    assert_eq!(scene.pool().pending_epoch, 0);
}

#[test]
fn a_challenge_of_an_attempt_that_is_over_goes_back_and_binds_nobody() {
    let (mut scene, first) = started();
    let second = scene.rewards(&[998_000, 2_000, 6]);
    scene.propose(2, &second).unwrap();
    let open = opening(&scene, &first, 0).instruction();
    scene.must(&[open], &[]);
    scene.veto("guardian", 2).unwrap();
    scene.world.warp(DAY);
    scene.prepare(2, &second);
    let late = AnswerChallenge {
        attempt: 0,
        ..answering(&scene, &second, 0, "keeper 1")
    };
    let ran = scene.run(&[late.instruction()], &["keeper 1"]);
    assert_refused(ran, VaultError::ChallengeAttempt);
    scene.activate(2).unwrap();
    let me = scene.world.payer().pubkey();
    let before = scene.world.lamports(&me);
    let expire = expiring(&scene, 0, 0);
    let landed = scene.must(&[expire], &[]);
    assert!(scene.world.lamports(&me) > before + CHALLENGE_DEPOSIT - landed.fee);
    assert_eq!(scene.epoch(2).status(), EpochStatus::Active);
}

#[test]
fn a_challenge_outlives_the_epochs_account_and_still_goes_back() {
    let (mut scene, first) = started();
    let second = scene.rewards(&[998_000, 2_000, 6]);
    scene.propose(2, &second).unwrap();
    let open = opening(&scene, &first, 0).instruction();
    scene.must(&[open], &[]);
    scene.veto("guardian", 2).unwrap();
    scene.world.warp(DAY);
    scene.prepare(2, &second);
    scene.activate(2).unwrap();
    for number in 3..=4 {
        scene.run_epoch(number, &second);
    }
    let close = cairn_interface::vault::CloseEpoch {
        pool: scene.pool,
        number: EpochNumber::new(2),
        rent_payer: address("keeper 0"),
    };
    scene.must(&[close.instruction()], &[]);
    let expire = expiring(&scene, 0, 0);
    scene.must(&[expire], &[]);
}

#[test]
fn nobody_challenges_what_the_active_epoch_does_not_hold_or_after_the_window() {
    let (mut scene, first) = started();
    let second = scene.rewards(&[998_000, 2_000, 6]);
    complete(&mut scene, &second);
    let mut forged = opening(&scene, &first, 0);
    forged.tokens = forged.tokens.saturating_add(Tokens::new(1));
    let ran = scene.run(&[forged.instruction()], &[]);
    assert_refused(ran, VaultError::ProofSumMismatch);
    let mut elsewhere = opening(&scene, &first, 0).instruction();
    elsewhere.accounts[4].pubkey = challenge_at(&scene, 0, 1);
    let ran = scene.run(&[elsewhere], &[]);
    assert_refused(ran, VaultError::WrongChallenge);
    let late = opening(&scene, &first, 0).instruction();
    scene.world.warp(DAY);
    let ran = scene.run(std::slice::from_ref(&late), &[]);
    assert_refused(ran, VaultError::ChallengeLate);
    scene.veto("guardian", 2).unwrap();
    let ran = scene.run(&[late], &[]);
    assert_refused(ran, VaultError::EpochNotOpen);
}

#[test]
fn a_challenge_shows_the_leaf_in_the_active_epoch_and_in_no_older_one() {
    let (mut scene, first) = started();
    scene.run_epoch(2, &first);
    scene.world.warp(WEEK);
    let third = scene.rewards(&[998_000, 2_000, 6]);
    scene.propose(3, &third).unwrap();
    let claim = scene.claim_of(1, &first, 0);
    let mut older = OpenChallenge {
        challenger: scene.world.payer().pubkey(),
        pool: scene.pool,
        active: EpochNumber::new(1),
        number: EpochNumber::new(3),
        attempt: 0,
        index: LeafIndex::new(0),
        owner: claim.owner,
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof,
    };
    let ran = scene.run(&[older.instruction()], &[]);
    assert_refused(ran, VaultError::ChallengeActiveEpoch);
    older.active = EpochNumber::new(2);
    scene.must(&[older.instruction()], &[]);
}

#[test]
fn nobody_answers_with_what_the_epoch_does_not_hold_or_to_another_challenge() {
    let (mut scene, first) = started();
    let second = scene.rewards(&[998_000, 2_000, 6]);
    scene.propose(2, &second).unwrap();
    let open = opening(&scene, &first, 0).instruction();
    scene.must(&[open], &[]);
    let honest = answering(&scene, &second, 0, "keeper 1");
    let ran = scene.run(&[honest.instruction()], &["keeper 1"]);
    assert_refused(ran, VaultError::CanopyIncomplete);
    scene.put_canopy(2, &second);
    let mut forged = honest.clone();
    forged.points = forged.points.saturating_add(MilliPoints::new(1));
    let ran = scene.run(&[forged.instruction()], &["keeper 1"]);
    assert_refused(ran, VaultError::ProofHashMismatch);
    let mut thief = honest.clone();
    thief.challenger = address("stranger");
    let ran = scene.run(&[thief.instruction()], &["keeper 1"]);
    assert_refused(ran, VaultError::WrongChallenger);
    let mut none = honest.clone();
    none.index = LeafIndex::new(1);
    let ran = scene.run(&[none.instruction()], &["keeper 1"]);
    assert_refused(ran, VaultError::WrongChallenge);
    scene.must(&[honest.instruction()], &["keeper 1"]);
}

#[test]
fn a_pause_neither_times_an_answerer_out_nor_stops_an_answer() {
    let (mut scene, first) = started();
    let second = scene.rewards(&[998_000, 2_000, 6]);
    complete(&mut scene, &second);
    let open = opening(&scene, &first, 0).instruction();
    scene.must(&[open], &[]);
    let pause = Pause {
        authority: address("guardian"),
        pool: scene.pool,
    };
    scene.must(&[pause.instruction()], &["guardian"]);
    scene.world.warp(HOUR);
    let answer = answering(&scene, &second, 0, "keeper 1").instruction();
    scene.must(&[answer], &["keeper 1"]);
    // And while the pool is paused, its window open, more may be asked.
    scene.world.warp(2 * DAY);
    let open = opening(&scene, &first, 1).instruction();
    scene.must(&[open], &[]);
}

/// A tree of 2^depth leaves of which four are known, with the way to them.
struct Tall {
    root: Node,
    canopy: Vec<Node>,
    proof: Vec<Node>,
}

impl Tall {
    fn new(leaves: &[RewardLeaf], depth: u8, canopy_depth: u8) -> Self {
        let mut proof = vec![leaves[0].node()];
        let pair = parent(&leaves[2].node(), &leaves[3].node()).unwrap();
        proof.push(pair);
        let climb = usize::from(depth - canopy_depth);
        proof.resize(climb, Node::new([5; 32], Tokens::new(0)));
        let mut canopy = vec![Node::new([6; 32], Tokens::new(0)); 1 << canopy_depth];
        canopy[0] = fold_proof(leaves[1].node(), LeafIndex::new(1), &proof).unwrap();
        Self {
            root: fold_canopy(&canopy).unwrap(),
            canopy,
            proof,
        }
    }
}

fn with_budget(instruction: Instruction) -> Vec<Instruction> {
    let limit = [&[2][..], &1_400_000_u32.to_le_bytes()].concat();
    let price = [&[3][..], &1_000_u64.to_le_bytes()].concat();
    let budget = |data: &[u8]| Instruction::new_with_bytes(COMPUTE_BUDGET_PROGRAM, data, vec![]);
    vec![budget(&limit), budget(&price), instruction]
}

#[test]
fn every_step_fits_one_transaction_at_depth_24_and_costs_what_is_promised() {
    let mut scene = Scene::with(Terms {
        canopy_depth: 6,
        challenge_window_secs: DAY,
        ..Terms::default()
    });
    scene.fund(10_000_000).unwrap();
    let rewards = scene.rewards(&[1_000, 2_000, 3_000, 4_000]);
    let tall = Tall::new(rewards.leaves(), 24, 6);
    for number in 1..=2 {
        if number == 2 {
            scene.world.warp(WEEK);
        }
        let mut proposal = rewards.proposal(&address("keeper 0"), number);
        proposal.root = tall.root;
        proposal.leaf_count = 1 << 24;
        scene.must(&[proposal.instruction()], &["keeper 0"]);
        for part in PutCanopy::all(
            address("keeper 0"),
            scene.pool,
            EpochNumber::new(number),
            &tall.canopy,
        ) {
            scene.must(&[part.instruction()], &["keeper 0"]);
        }
        scene.attest("keeper 1", number).unwrap();
        scene.world.warp(DAY - 1);
        if number == 1 {
            scene.world.warp(1);
            scene.activate(1).unwrap();
        }
    }
    let leaf = rewards.leaves()[1];
    let open = OpenChallenge {
        challenger: address("stranger"),
        pool: scene.pool,
        active: EpochNumber::new(1),
        number: EpochNumber::new(2),
        attempt: 0,
        index: LeafIndex::new(1),
        owner: leaf.owner.into(),
        tokens: leaf.tokens,
        points: leaf.points,
        credits: leaf.credits,
        proof: tall.proof.clone(),
    };
    let mut answer = AnswerChallenge {
        answerer: address("keeper 2"),
        challenger: address("stranger"),
        pool: scene.pool,
        number: EpochNumber::new(2),
        attempt: 0,
        index: LeafIndex::new(1),
        owner: Some(member(9)),
        tokens: leaf.tokens,
        points: leaf.points,
        credits: leaf.credits,
        proof: tall.proof.clone(),
    };
    let bytes = |scene: &Scene, instruction: Instruction, who: &str| {
        let signed = scene
            .world
            .sign(&key(who), &with_budget(instruction), &[&key(who)]);
        1 + 64 * signed.signatures.len() + signed.message.serialize().len()
    };
    let opening = bytes(&scene, open.instruction(), "stranger");
    let answering = bytes(&scene, answer.instruction(), "keeper 2");
    println!("open_challenge {opening} bytes, answer_challenge {answering} bytes");
    assert!(opening <= 1_232 && answering <= 1_232);
    let opened = scene.must(&[open.instruction()], &["stranger"]);
    answer.owner = None;
    let answered = scene.must(&[answer.instruction()], &["keeper 2"]);
    scene.world.warp(1);
    let activated = scene.activate(2).unwrap();
    println!(
        "open_challenge {} CU, answer_challenge {} CU, activate_epoch {} CU",
        opened.compute_units, answered.compute_units, activated.compute_units
    );
    assert!(opened.compute_units <= 11_000, "{}", opened.compute_units);
    assert!(
        answered.compute_units <= 7_000,
        "{}",
        answered.compute_units
    );
    assert!(
        activated.compute_units <= 5_000,
        "{}",
        activated.compute_units
    );
}
