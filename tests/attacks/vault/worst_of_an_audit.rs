//! What an audit of the vault once found, each as the refusal that stands there now.

use cairn_interface::vault::{
    Pause, PoolParams, RevokeEpoch, SetGuardian, SetKeepers, SetParams, Unpause, VaultError,
    VetoEpoch, epoch_address,
};
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Tokens};
use cairn_testkit::{Member, Rewards, assert_refused};

use crate::vault::{
    burning::MINIMUM,
    challenging::{answering, opening},
    scene::{DAY, HOUR, Scene, Terms, WEEK, address, member},
};

/// Finding 3. A word for one attempt was counted for another with other totals, and no honest root could follow.
#[test]
fn a_word_for_one_attempt_is_worth_nothing_for_another_with_other_totals() {
    let mut scene = Scene::new();
    let honest = scene.rewards(&[10, 20, 30, 40, 50]);
    scene.fund(1_000_000).unwrap();
    scene.propose(1, &honest).unwrap();
    // What an honest keeper signed after it had recomputed the first attempt.
    let word = scene.attestation("keeper 1", 1).instruction();
    scene.veto("guardian", 1).unwrap();
    let mut poisoned = honest.proposal(&address("keeper 2"), 1);
    poisoned.points = MilliPoints::new(u64::MAX);
    poisoned.credits = Credits::new((1 << 63) - 1);
    poisoned.leaf_count = 8;
    poisoned.code_hash = [0xad; 32];
    poisoned.accepted = 0;
    scene.must(&[poisoned.instruction()], &["keeper 2"]);
    let counted = scene.run(std::slice::from_ref(&word), &["keeper 1"]);
    assert_refused(counted, VaultError::AttestProposalMismatch);
    // Nor for the very same proposal, made again.
    scene.veto("guardian", 1).unwrap();
    scene.world.warp(HOUR);
    scene.propose(1, &honest).unwrap();
    let counted = scene.run(&[word], &["keeper 1"]);
    assert_refused(counted, VaultError::AttestProposalMismatch);
}

/// The same with caps: not even a threshold of keepers reaches the end of the range.
#[test]
fn no_keepers_state_points_or_credits_beyond_their_caps() {
    let mut scene = Scene::with(Terms {
        points_cap: 1_000,
        ..Terms::default()
    });
    let honest = scene.rewards(&[10]);
    let mut poisoned = scene.proposal(1, &honest);
    poisoned.points = MilliPoints::new(u64::MAX);
    let ran = scene.run(&[poisoned.instruction()], &["keeper 0"]);
    assert_refused(ran, VaultError::PointsCapExceeded);
}

/// Finding 2. A guardian and one keeper used an epoch's 65,535 attempts up. They never run out now, and each costs the
/// keeper its turn.
#[test]
fn a_guardian_and_one_keeper_never_use_an_epochs_attempts_up() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10, 20]);
    scene.fund(1_000_000).unwrap();
    scene.propose(1, &rewards).unwrap();
    let veto = VetoEpoch {
        guardian: address("guardian"),
        pool: scene.pool,
        number: EpochNumber::new(1),
        reason: 1,
    };
    scene.must(&[veto.instruction()], &["guardian"]);
    let again = scene.proposal(1, &rewards).instruction();
    let all = [again, veto.instruction()];
    let ran = scene.run(&all, &["keeper 0", "guardian"]);
    assert_refused(ran, VaultError::KeeperRests);

    // Attempts are counted to the last number there is, and go on there.
    let place = epoch_address(&scene.pool, EpochNumber::new(1)).0;
    let mut account = scene.world.expect_account(&place);
    let at = 8 + 896;
    assert_eq!(
        account.data[at..at + 4],
        scene.epoch(1).attempt.to_le_bytes()
    );
    account.data[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    scene.world.set_account(&place, account);
    for _ in 0..2 {
        scene.world.warp(HOUR);
        scene.propose(1, &rewards).unwrap();
        assert_eq!(scene.epoch(1).attempt, u32::MAX);
        scene.veto("guardian", 1).unwrap();
    }
    scene.world.warp(HOUR);
    scene.prepare(1, &rewards);
    scene.activate(1).unwrap();
}

/// Finding 4. A stolen admin lifted the breaker in the transaction that claimed everything.
#[test]
fn a_stolen_admin_neither_lifts_the_breaker_nor_seizes_the_roles_at_once() {
    let mut scene = Scene::with(Terms {
        breaker_share_bps: 500,
        challenge_window_secs: DAY,
        ..Terms::default()
    });
    scene.fund(1_000_000).unwrap();
    let honest = scene.rewards(&[999_999, 1]);
    scene.run_epoch(1, &honest);
    let (pool, admin) = (scene.pool, address("admin"));
    let theft = scene.rewards(&[0, 1_000_000]);
    let wished = |params| SetParams {
        admin,
        pool,
        params,
    };
    let now = scene.terms.params();
    for (params, refusal) in [
        (
            PoolParams {
                breaker_share_bps: 10_000,
                ..now
            },
            VaultError::BreakerShareAboveCreation,
        ),
        (
            PoolParams {
                challenge_window_secs: 1,
                ..now
            },
            VaultError::ChallengeWindowBelowCreation,
        ),
        (
            PoolParams {
                params_delay_secs: 1,
                ..now
            },
            VaultError::ParamsDelayRange,
        ),
    ] {
        let ran = scene.run(&[wished(params).instruction()], &["admin"]);
        assert_refused(ran, refusal);
    }
    let seizure = [
        SetKeepers {
            admin,
            pool,
            keepers: vec![admin],
            threshold: 1,
        }
        .instruction(),
        SetGuardian {
            admin,
            pool,
            outgoing: None,
            guardian: address("stranger"),
        }
        .instruction(),
        Pause {
            authority: admin,
            pool,
        }
        .instruction(),
    ];
    scene.must(&seizure, &["admin"]);
    let ran = scene.run(&[theft.proposal(&admin, 2).instruction()], &["admin"]);
    assert_refused(ran, VaultError::NotKeeper);
    // The guardian in office is still that, for a day longer than a whole window.
    assert_eq!(scene.pool().guardian, address("guardian"));
    scene.must(&[Unpause { admin, pool }.instruction()], &["admin"]);
}

fn grant(scene: &Scene, list: &[(u32, u64)]) -> Rewards {
    let members: Vec<_> = list
        .iter()
        .map(|(owner, tokens)| (member(*owner), *tokens))
        .collect();
    Rewards::of_tokens(&scene.pool, &members)
}

/// A pool whose second root gave everything to member 2, who got 50,000 of it at member 0's index before admin and guardian
/// took it back.
fn taken_back() -> (Scene, Rewards) {
    let mut scene = Scene::new();
    scene.fund(10_000_000).unwrap();
    let first = scene.rewards(&[100_000, 1]);
    scene.run_epoch(1, &first);
    scene.open_page(0).unwrap();
    for index in 0..4 {
        scene.open_wallet(&member(index));
    }
    scene.world.warp(WEEK);
    let forged = grant(&scene, &[(2, 1_100_000), (1, 1)]);
    let mut proposal = forged.proposal(&address("keeper 0"), 2);
    proposal.points = MilliPoints::new(scene.pool().points_issued);
    proposal.credits = Credits::new(scene.pool().credits_issued);
    scene.must(&[proposal.instruction()], &["keeper 0"]);
    scene.put_canopy(2, &forged);
    scene.attest("keeper 1", 2).unwrap();
    scene.world.warp(HOUR);
    scene.activate(2).unwrap();
    let mut part = scene.claim_of(2, &forged, 0);
    part.at_most = Tokens::new(50_000);
    scene.must(&[part.instruction()], &[]);
    let revoke = RevokeEpoch {
        admin: address("admin"),
        guardian: address("guardian"),
        pool: scene.pool,
        number: EpochNumber::new(2),
    };
    scene.must(&[revoke.instruction()], &["admin", "guardian"]);
    (scene, forged)
}

/// What they would honestly have come to, with a leaf for what the thief got.
fn correct(scene: &mut Scene, honest: &Rewards) {
    let mut successor = honest.proposal(&address("keeper 0"), 3);
    successor.points = MilliPoints::new(scene.pool().points_issued);
    successor.credits = Credits::new(scene.pool().credits_issued);
    successor.admin = Some(address("admin"));
    successor.guardian = Some(address("guardian"));
    scene.must(
        &[successor.instruction()],
        &["keeper 0", "admin", "guardian"],
    );
    scene.put_canopy(3, honest);
    scene.attest("keeper 1", 3).unwrap();
    scene.world.warp(WEEK);
    scene.activate(3).unwrap();
}

/// Finding 6. A forged root outlived its keepers, and its sum bound every honest successor.
#[test]
fn a_forged_root_is_taken_back_and_an_honest_one_follows() {
    let (mut scene, forged) = taken_back();
    assert_refused(scene.claim(2, &forged, 0), VaultError::EpochRevoked);
    let honest = grant(&scene, &[(0, 100_000), (1, 50_001), (3, 50_000)]);
    correct(&mut scene, &honest);
    scene.claim(3, &honest, 1).unwrap();
    assert_eq!(scene.balance(1), 50_001);
    assert_refused(scene.claim(2, &forged, 0), VaultError::EpochRevoked);
}

/// Finding 6, of slots. What a thief was paid at a member's index counted against that member, who was never paid. A
/// correction leaves the index to it and gives the member another.
#[test]
fn what_a_thief_was_paid_at_a_members_index_is_not_the_members_loss() {
    let (mut scene, _) = taken_back();
    let honest = grant(&scene, &[(2, 50_000), (1, 1), (0, 100_000)]);
    correct(&mut scene, &honest);
    scene.claim(3, &honest, 2).unwrap();
    assert_eq!((scene.balance(0), scene.balance(2)), (100_000, 50_000));
    assert_refused(scene.claim(3, &honest, 0), VaultError::NothingToClaim);
}

/// Finding 5. What was granted and not claimed was m keepers' to give away. One member stops it, without any role.
#[test]
fn a_threshold_of_stolen_keepers_gives_away_nothing_that_a_member_asks_for() {
    let mut scene = Scene::new();
    scene.fund(1_000_000).unwrap();
    let honest = scene.rewards(&[999_999, 1]);
    scene.run_epoch(1, &honest);
    let theft = scene.rewards(&[0, 1_000_000]);
    scene.propose(2, &theft).unwrap();
    scene.put_canopy(2, &theft);
    scene.attest("keeper 1", 2).unwrap();
    let ask = opening(&scene, &honest, 0).instruction();
    scene.must(&[ask], &[]);
    scene.world.warp(HOUR);
    assert_refused(scene.activate(2), VaultError::ChallengesOpen);
    let show = answering(&scene, &theft, 0, "stranger").instruction();
    scene.must(&[show], &["stranger"]);
    assert_refused(scene.activate(2), VaultError::EpochNotOpen);
}

/// Finding 11. The breaker's room went to whoever came first: fees alone kept one member unpaid for weeks.
#[test]
fn a_stranger_who_pays_others_keeps_no_member_unpaid() {
    let mut scene = Scene::with(Terms {
        breaker_share_bps: 1_000,
        ..Terms::default()
    });
    scene.fund(1_000_000).unwrap();
    let mut tokens = vec![10_000; 61];
    tokens[0] = 50_000;
    let rewards = scene.rewards(&tokens);
    scene.run_epoch(1, &rewards);
    scene.open_page(0).unwrap();
    for index in 0..61 {
        scene.open_wallet(&member(index));
    }
    let mut dormant = 1;
    while scene.claim(1, &rewards, dormant).is_ok() {
        dormant += 1;
    }
    assert_refused(scene.claim(1, &rewards, dormant), VaultError::BreakerOpen);
    let mut signed = scene.claim_of(1, &rewards, 0);
    signed.authority = Some(member(0));
    scene.must(&[signed.instruction()], &["member 0"]);
    assert_eq!(scene.balance(0), 50_000);
}

/// Finding 12. One keeper held every epoch up: what the guardian vetoed it proposed again in the same second.
#[test]
fn one_keeper_holds_no_epoch_up() {
    let mut scene = Scene::new();
    scene.fund(1_000_000).unwrap();
    let honest = scene.rewards(&[10, 20]);
    let mut bad = scene.rewards(&[1]).proposal(&address("keeper 2"), 1);
    bad.manifest_hash = [0x66; 32];
    scene.must(&[bad.instruction()], &["keeper 2"]);
    scene.veto("guardian", 1).unwrap();
    let again = scene.run(&[bad.instruction()], &["keeper 2"]);
    assert_refused(again, VaultError::KeeperRests);
    scene.prepare(1, &honest);
    scene.activate(1).unwrap();
}

/// Finding 10. One forged leaf burnt all unburnt points of everybody, without any growth of totals.
#[test]
fn a_forged_leaf_burns_nothing_in_a_round_that_opened_before_it() {
    let mut scene = Scene::new();
    let grant = |scene: &Scene, points: [u64; 2]| {
        let members: Vec<Member> = (0..)
            .zip(points)
            .map(|(index, points)| Member {
                owner: member(index),
                tokens: 0,
                points,
                credits: 0,
            })
            .collect();
        Rewards::new(&scene.pool, &members)
    };
    let honest = grant(&scene, [1_000 * MINIMUM, 0]);
    scene.run_epoch(1, &honest);
    scene.open_page(0).unwrap();
    for index in 0..2 {
        scene.open_wallet(&member(index));
    }
    scene.world.warp(WEEK);
    scene.open_round(0, 1_000_000).unwrap();
    let theft = grant(&scene, [0, 1_000 * MINIMUM]);
    scene.prepare(2, &theft);
    scene.activate(2).unwrap();
    let mut burn = scene.burn_of(&theft, 0, 1, 1_000 * MINIMUM);
    burn.number = EpochNumber::new(2);
    let ran = scene.run(&[burn.instruction()], &["member 1"]);
    assert_refused(ran, VaultError::WrongRoundEpoch);
    scene.burn(&honest, 0, 0, 1_000 * MINIMUM).unwrap();
}

/// Finding 7. The last word, the activation and the claim shared one transaction.
#[test]
fn the_last_word_leaves_half_a_window() {
    let mut scene = Scene::new();
    scene.fund(1_000_000).unwrap();
    let honest = scene.rewards(&[999_999, 1]);
    scene.run_epoch(1, &honest);
    scene.open_page(0).unwrap();
    for index in 0..2 {
        scene.open_wallet(&member(index));
    }
    let theft = scene.rewards(&[0, 1_000_000]);
    scene.propose(2, &theft).unwrap();
    scene.put_canopy(2, &theft);
    scene.world.warp(HOUR);
    let all = [
        scene.attestation("keeper 1", 2).instruction(),
        scene.activation(2).instruction(),
        scene.claim_of(2, &theft, 1).instruction(),
    ];
    let ran = scene.run(&all, &["keeper 1"]);
    assert_refused(ran, VaultError::ChallengeWindowOpen);
    // And what nobody stood behind in its window anybody clears away.
    let lapse = cairn_interface::vault::LapseEpoch {
        sender: address("stranger"),
        pool: scene.pool,
        number: EpochNumber::new(2),
    };
    scene.must(&[lapse.instruction()], &["stranger"]);
}

/// Finding 18. The last member's claim shrank for ever.
#[test]
fn with_a_floor_the_last_member_is_paid_whole() {
    let mut scene = Scene::with(Terms {
        breaker_share_bps: 500,
        breaker_floor: 30,
        ..Terms::default()
    });
    let rewards = scene.rewards(&[30]);
    scene.fund(30).unwrap();
    scene.run_epoch(1, &rewards);
    scene.open_page(0).unwrap();
    scene.open_wallet(&member(0));
    let mut signed = scene.claim_of(1, &rewards, 0);
    signed.authority = Some(member(0));
    scene.must(&[signed.instruction()], &["member 0"]);
    assert_eq!(scene.vault_balance(), 0);
}
