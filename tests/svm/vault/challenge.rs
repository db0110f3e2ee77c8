//! "Show me my leaf": what is asked, answered, and not answered.

mod cost;
mod refusals;

use cairn_interface::vault::{
    AnswerChallenge, CHALLENGE_DEPOSIT, CHALLENGE_LEN, ChallengeView, EpochStatus, OpenChallenge,
    Pause, REASON_LEAF_TAKEN, REASON_LEAF_WITHHELD, VaultError, VaultEvent,
};
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints};
use cairn_testkit::{Rewards, assert_refused};
use solana_sdk::signer::Signer;

use super::challenging::{
    answering, challenge_at, complete, expiring, opening, propose, started, told,
};
use super::scene::{DAY, HOUR, WEEK, address, member};

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
    assert!(matches!(said[..], [VaultEvent::ChallengeAnswered(_)]));
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
            [VaultEvent::EpochVetoed(ref vetoed)]
                if vetoed.reason == REASON_LEAF_TAKEN && vetoed.by == address("stranger")
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
            challenge: open.challenge(),
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
    scene.put_canopy(2, &second);
    let open = opening(&scene, &first, 0).instruction();
    scene.must(&[open], &[]);
    scene.veto("guardian", 2).unwrap();
    scene.world.warp(DAY);
    scene.prepare(2, &second);
    let late = AnswerChallenge {
        challenge: challenge_at(&scene, 0, 0),
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
    scene.put_canopy(2, &second);
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
