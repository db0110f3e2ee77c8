//! The pool's own roles: admin and guardian.

use cairn_interface::vault::{
    AcceptAdmin, ApplyParams, CancelParams, CancelRoles, CloseEpoch, OpenRound, PAUSE_SECS, Pause,
    ProposeAdmin, SetCarrier, SetGuardian, SetKeepers, SetParams, Unpause, VaultError,
};
use cairn_merkle::{EpochNumber, MilliPoints, Tokens};
use cairn_testkit::assert_refused;

use crate::vault::scene::{DAY, DELAY, HOUR, Scene, WEEK, address, member};

#[test]
fn a_stolen_guardian_stops_things_and_nothing_else() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    let pool = scene.pool;
    let thief = address("guardian");
    let refused = [
        (
            SetKeepers {
                admin: thief,
                pool,
                keepers: vec![thief],
                threshold: 1,
            }
            .instruction(),
            VaultError::NotAdmin,
        ),
        (
            SetGuardian {
                admin: thief,
                pool,
                outgoing: Some(thief),
                guardian: address("stranger"),
            }
            .instruction(),
            VaultError::NotAdmin,
        ),
        (
            ProposeAdmin {
                admin: thief,
                pool,
                new_admin: thief,
            }
            .instruction(),
            VaultError::NotAdmin,
        ),
        (
            AcceptAdmin {
                new_admin: thief,
                pool,
            }
            .instruction(),
            VaultError::NotPendingAdmin,
        ),
        (
            Unpause { admin: thief, pool }.instruction(),
            VaultError::NotAdmin,
        ),
        (
            SetParams {
                admin: thief,
                pool,
                params: scene.terms.params(),
            }
            .instruction(),
            VaultError::NotAdmin,
        ),
        (
            SetCarrier {
                payer: thief,
                admin: thief,
                pool,
                carrier: thief,
                period_secs: 1,
                active: true,
            }
            .instruction(),
            VaultError::NotAdmin,
        ),
    ];
    for (instruction, expected) in refused {
        assert_refused(scene.run(&[instruction], &["guardian"]), expected);
    }
    let stop = Pause {
        authority: thief,
        pool,
    };
    scene.must(&[stop.instruction()], &["guardian"]);
    assert_refused(scene.claim(1, &first, 0), VaultError::Paused);

    // The admin ends the pause at once, and the guardian after the delay; until then it can pause half of the time, because
    // each pause rests as long as it lasted.
    let replace = SetGuardian {
        admin: address("admin"),
        pool,
        outgoing: None,
        guardian: address("stranger"),
    };
    let resume = Unpause {
        admin: address("admin"),
        pool,
    };
    scene.world.warp(HOUR);
    scene.must(&[replace.instruction(), resume.instruction()], &["admin"]);
    let again = scene.run(&[stop.instruction()], &["guardian"]);
    assert_refused(again, VaultError::PauseRests);
    scene.claim(1, &first, 0).unwrap();
    let own = CancelRoles {
        authority: thief,
        pool,
        guardian: true,
        keepers: false,
        admin: false,
    };
    let kept = scene.run(&[own.instruction()], &["guardian"]);
    assert_refused(kept, VaultError::NotAdmin);
    scene.apply_roles();
    let again = scene.run(&[stop.instruction()], &["guardian"]);
    assert_refused(again, VaultError::NotGuardianOrAdmin);
}

#[test]
fn a_pause_without_anybody_to_end_it_ends_by_itself() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    let stop = Pause {
        authority: address("guardian"),
        pool: scene.pool,
    };
    scene.must(&[stop.instruction()], &["guardian"]);
    scene.world.warp(PAUSE_SECS);
    scene.claim(1, &first, 0).unwrap();
}

#[test]
fn a_stolen_admin_names_its_own_keepers_after_the_delay_and_is_still_capped_and_seen() {
    let mut scene = Scene::new();
    scene.fund(50_000_000).unwrap();
    let seize = SetKeepers {
        admin: address("admin"),
        pool: scene.pool,
        keepers: vec![address("admin")],
        threshold: 1,
    };
    scene.must(&[seize.instruction()], &["admin"]);
    let mut theft = scene.proposal(1, &scene.rewards(&[1_000_001]));
    theft.proposer = address("admin");
    let early = scene.run(&[theft.instruction()], &["admin"]);
    assert_refused(early, VaultError::NotKeeper);
    // Announced where everybody sees it, and withdrawn by the guardian as often as it is announced.
    let withdraw = CancelRoles {
        authority: address("guardian"),
        pool: scene.pool,
        guardian: false,
        keepers: true,
        admin: false,
    };
    scene.must(&[withdraw.instruction()], &["guardian"]);
    scene.must(&[seize.instruction()], &["admin"]);
    scene.apply_roles();
    let ran = scene.run(&[theft.instruction()], &["admin"]);
    assert_refused(ran, VaultError::EmissionCapExceeded);
    let mut theft = scene.proposal(1, &scene.rewards(&[1_000_000]));
    theft.proposer = address("admin");
    scene.must(&[theft.instruction()], &["admin"]);
    assert_refused(scene.activate(1), VaultError::ChallengeWindowOpen);
    // The guardian has the whole window to answer.
    scene.veto("guardian", 1).unwrap();
    scene.world.warp(WEEK);
    assert_refused(scene.activate(1), VaultError::EpochNotOpen);
}

#[test]
fn a_stolen_guardian_holds_back_parameters_until_it_is_replaced() {
    let mut scene = Scene::new();
    let (pool, admin) = (scene.pool, address("admin"));
    let announcement = SetParams {
        admin,
        pool,
        params: scene.terms.params(),
    };
    let withdrawal = CancelParams {
        authority: address("guardian"),
        pool,
    };
    scene.must(&[announcement.instruction()], &["admin"]);
    scene.must(&[withdrawal.instruction()], &["guardian"]);
    let replace = SetGuardian {
        admin,
        pool,
        outgoing: None,
        guardian: address("stranger"),
    };
    scene.must(&[replace.instruction()], &["admin"]);
    scene.apply_roles();
    scene.must(&[announcement.instruction()], &["admin"]);
    let again = scene.run(&[withdrawal.instruction()], &["guardian"]);
    assert_refused(again, VaultError::NotGuardianOrAdmin);
    scene.world.warp(DELAY);
    scene.must(&[ApplyParams { pool }.instruction()], &[]);
}

#[test]
fn a_stolen_admin_changes_limits_only_in_public_after_the_delay_and_never_for_a_pending_epoch() {
    let (mut scene, _) = Scene::with_first_epoch(&[1_000_000]);
    scene.fund(50_000_000).unwrap();
    let pool = scene.pool;
    // More in a time than the pool was created with: never, whoever else it has replaced.
    let mut greedy = scene.terms.params();
    let announcement = |params| SetParams {
        admin: address("admin"),
        pool,
        params,
    };
    for (cap, interval) in [(1_000_001, 1), (u64::MAX, 1), (u64::MAX, u64::MAX)] {
        greedy.emission_cap = cap;
        greedy.epoch_interval_secs = interval.min(31_622_400);
        let ran = scene.run(&[announcement(greedy).instruction()], &["admin"]);
        assert_refused(ran, VaultError::EmissionAboveCreation);
    }
    // Nor a shorter window, or a shorter delay.
    let mut greedy = scene.terms.params();
    greedy.challenge_window_secs = 1;
    let ran = scene.run(&[announcement(greedy).instruction()], &["admin"]);
    assert_refused(ran, VaultError::ChallengeWindowBelowCreation);
    // Everything else only after the delay.
    let mut greedy = scene.terms.params();
    greedy.emission_cap = 1;
    greedy.params_delay_secs += 1;
    let announcement = announcement(greedy);
    scene.must(&[announcement.instruction()], &["admin"]);
    let apply = ApplyParams { pool }.instruction();
    let early = scene.run(std::slice::from_ref(&apply), &[]);
    assert_refused(early, VaultError::ParamsNotDue);
    // What is announced stands in the account for everybody to see, and the guardian ends it.
    let announced = scene.pool().pending_params;
    assert_eq!(announced.params(), Some(greedy));
    assert_eq!(announced.effective_at, scene.world.now() + DELAY);
    let withdrawal = CancelParams {
        authority: address("guardian"),
        pool,
    };
    scene.must(&[withdrawal.instruction()], &["guardian"]);
    scene.world.warp(WEEK);
    assert_refused(
        scene.run(std::slice::from_ref(&apply), &[]),
        VaultError::ParamsNotPending,
    );

    // An epoch that is proposed keeps its own cap, window and threshold, whatever is announced.
    scene.must(&[announcement.instruction()], &["admin"]);
    let honest = scene.rewards(&[1_500_000]);
    scene.propose(2, &honest).unwrap();
    scene.world.warp(DELAY);
    assert_refused(scene.run(&[apply], &[]), VaultError::ParamsEpochPending);
    assert_eq!(scene.epoch(2).emission_allowance, 1_000_000);
}

/// Tighter is always allowed. What the guardian does not withdraw holds members back, until an admin loosens it again up to
/// what it was at creation.
#[test]
fn a_stolen_admin_lets_next_to_nothing_leave_unless_its_guardian_withdraws_it() {
    let (mut scene, first) = Scene::with_first_epoch(&[1_000_000]);
    let (admin, pool) = (address("admin"), scene.pool);
    let usual = scene.terms.params();
    let mut tight = usual;
    (tight.breaker_share_bps, tight.breaker_window_secs) = (1, 366 * DAY.unsigned_abs());
    for params in [tight, usual] {
        let announcement = SetParams {
            admin,
            pool,
            params,
        };
        scene.must(&[announcement.instruction()], &["admin"]);
        scene.world.warp(DELAY);
        scene.must(&[ApplyParams { pool }.instruction()], &[]);
        let mut claim = scene.claim_of(1, &first, 0);
        claim.authority = Some(member(0));
        let ran = scene.run(&[claim.instruction()], &["member 0"]);
        if params == tight {
            assert_refused(ran, VaultError::BreakerOpen);
        } else {
            assert!(ran.is_ok(), "{ran:?}");
        }
    }
    assert_eq!(scene.balance(0), 1_000_000);
}

#[test]
fn a_stolen_admin_takes_nothing_through_rounds_carriers_or_closed_epochs() {
    let (mut scene, first) = Scene::with_first_epoch(&[1_000_000]);
    for number in 2..=3 {
        scene.run_epoch(number, &first);
    }
    let (pool, thief) = (scene.pool, address("admin"));
    // A round is filled by whoever owns the tokens, never by the vault.
    let mut round = OpenRound {
        opener: thief,
        admin: thief,
        funder: thief,
        pool,
        mint: scene.mint,
        token_program: scene.token_program(),
        from: cairn_interface::vault::vault_address(&pool).0,
        epoch: EpochNumber::new(3),
        number: 0,
        tokens: Tokens::new(1),
        minimum: MilliPoints::ZERO,
        starts_at: scene.world.now(),
        ends_at: scene.world.now() + DAY,
    };
    let owner_mismatch = 4;
    let token = cairn_interface::ids::TOKEN_PROGRAM;
    let ran = scene.run(&[round.instruction()], &["admin"]);
    cairn_testkit::assert_refused_by(ran, &token, owner_mismatch);
    round.from = scene.mint_to(&address("stranger"), 5);
    let ran = scene.run(&[round.instruction()], &["admin"]);
    cairn_testkit::assert_refused_by(ran, &token, owner_mismatch);
    // A carrier that it names moves no token, and the rent of epochs goes to who paid it.
    let carrier = SetCarrier {
        payer: thief,
        admin: thief,
        pool,
        carrier: thief,
        period_secs: 1,
        active: true,
    };
    scene.must(&[carrier.instruction()], &["admin"]);
    let close = CloseEpoch {
        pool,
        number: EpochNumber::FIRST,
        rent_payer: thief,
    };
    let ran = scene.run(&[close.instruction()], &["admin"]);
    assert_refused(ran, VaultError::WrongRentPayer);
    assert_eq!(scene.vault_balance(), 1_000_000);
}
