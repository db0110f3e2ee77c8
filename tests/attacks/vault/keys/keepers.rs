//! Keepers: one, one too few, and enough of them.

use cairn_interface::vault::{Pause, VaultError};
use cairn_merkle::Tokens;
use cairn_testkit::assert_refused;

use crate::vault::scene::{DAY, Scene, Terms, WEEK, address, member};

#[test]
fn one_stolen_keeper_gets_a_root_proposed_and_no_further() {
    let mut scene = Scene::new();
    scene.fund(1_000_000).unwrap();
    let theft = scene.rewards(&[1_000_000]);
    scene.propose(1, &theft).unwrap();
    scene.put_canopy(1, &theft);
    assert_refused(scene.attest("keeper 0", 1), VaultError::AttestedAlready);
    scene.world.warp(52 * WEEK);
    assert_refused(scene.activate(1), VaultError::AttestationsShort);
    scene.veto("guardian", 1).unwrap();
}

#[test]
fn a_threshold_of_stolen_keepers_moves_at_most_the_cap_and_waits_the_window() {
    let mut scene = Scene::new();
    scene.fund(50_000_000).unwrap();
    let too_much = scene.rewards(&[1_000_001]);
    assert_refused(scene.propose(1, &too_much), VaultError::EmissionCapExceeded);
    let theft = scene.rewards(&[1_000_000, 0]);
    scene.propose(1, &theft).unwrap();
    scene.put_canopy(1, &theft);
    scene.attest("keeper 1", 1).unwrap();
    assert_refused(scene.activate(1), VaultError::ChallengeWindowOpen);
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.activate(1).unwrap();
    scene.open_page(0).unwrap();
    scene.open_wallet(&member(0));
    scene.claim(1, &theft, 0).unwrap();

    // A second root in the same interval adds nothing, whoever the leaves name.
    let again = scene.rewards(&[1_000_000, 1]);
    assert_refused(scene.propose(2, &again), VaultError::EmissionCapExceeded);
    let reshuffled = scene.rewards(&[0, 1_000_000]);
    scene.prepare(2, &reshuffled);
    scene.activate(2).unwrap();
    scene.open_wallet(&member(1));
    assert_refused(scene.claim(2, &reshuffled, 1), VaultError::ClaimsAboveRoot);
    assert_eq!(scene.vault_balance(), 49_000_000);
}

#[test]
fn one_keeper_too_few_gets_no_epoch_active_however_long_it_waits() {
    let mut scene = Scene::with(Terms {
        keepers: 5,
        threshold: 4,
        ..Terms::default()
    });
    scene.fund(1_000_000).unwrap();
    let theft = scene.rewards(&[1_000_000]);
    scene.propose(1, &theft).unwrap();
    for keeper in ["keeper 1", "keeper 2"] {
        scene.attest(keeper, 1).unwrap();
        assert_refused(scene.attest(keeper, 1), VaultError::AttestedAlready);
    }
    assert_refused(scene.attest("stranger", 1), VaultError::NotKeeper);
    scene.world.warp(52 * WEEK);
    assert_refused(scene.activate(1), VaultError::AttestationsShort);
    // A second attempt begins with no vote.
    scene.veto("guardian", 1).unwrap();
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.propose(1, &theft).unwrap();
    scene.world.warp(scene.terms.challenge_window_secs);
    assert_refused(scene.activate(1), VaultError::AttestationsShort);
    assert_eq!(scene.pool().active_epoch, 0);
    assert_eq!(scene.vault_balance(), 1_000_000);
}

#[test]
fn a_threshold_of_stolen_keepers_takes_one_cap_an_interval_and_what_it_leaves_is_lost() {
    let mut scene = Scene::new();
    scene.fund(50_000_000).unwrap();
    // Intervals that passed add up until an epoch spends them, also on nothing.
    scene.world.warp(3 * WEEK);
    assert_eq!(
        scene.pool().emission_allowance(scene.world.now()),
        4_000_000
    );
    let small = scene.rewards(&[1]);
    scene.run_epoch(1, &small);
    assert_eq!(scene.pool().emission_allowance(scene.world.now()), 0);
    for number in 2..=4 {
        scene.world.warp(WEEK);
        let taken = (number - 1) * 1_000_000 + 1;
        let above = scene.rewards(&[taken + 1]);
        let refused = scene.propose(number, &above);
        assert_refused(refused, VaultError::EmissionCapExceeded);
        let theft = scene.rewards(&[taken]);
        scene.prepare(number, &theft);
        scene.activate(number).unwrap();
    }
    assert_eq!(scene.pool().total_cumulative, 3_000_001);
}

#[test]
fn what_a_threshold_of_stolen_keepers_granted_itself_leaves_only_as_fast_as_the_breaker_lets_it() {
    // A tenth of the vault in any day; the cap alone would let half of it go at once.
    let mut scene = Scene::with(Terms {
        emission_cap: 25_000_000,
        breaker_share_bps: 1_000,
        ..Terms::default()
    });
    scene.fund(50_000_000).unwrap();
    scene.open_page(0).unwrap();
    scene.open_wallet(&member(0));
    let theft = scene.rewards(&[25_000_000]);
    scene.run_epoch(1, &theft);
    assert_refused(scene.claim(1, &theft, 0), VaultError::BreakerOpen);
    let part = |scene: &Scene, units: u64| {
        let mut claim = scene.claim_of(1, &theft, 0);
        claim.at_most = Tokens::new(units);
        // The thief is the member of its own leaf, and so has the whole share.
        claim.authority = Some(member(0));
        claim.instruction()
    };
    let by = ["member 0"];
    let above = part(&scene, 5_000_001);
    assert_refused(scene.run(&[above], &by), VaultError::BreakerOpen);
    let all = part(&scene, 5_000_000);
    scene.must(&[all], &by);
    let one = part(&scene, 1);
    assert_refused(
        scene.run(std::slice::from_ref(&one), &by),
        VaultError::BreakerOpen,
    );
    scene.world.warp(DAY);
    assert_refused(scene.run(&[one], &by), VaultError::BreakerOpen);
    // An eighth of a window later it is forgotten: a tenth of the rest.
    scene.world.warp(DAY / 8);
    let next = part(&scene, 4_500_000);
    scene.must(&[next], &by);
    // Whoever watches has had a day to stop it.
    let stop = Pause {
        authority: address("guardian"),
        pool: scene.pool,
    };
    scene.must(&[stop.instruction()], &["guardian"]);
    scene.world.warp(2 * DAY);
    assert_refused(scene.claim(1, &theft, 0), VaultError::Paused);
    assert_eq!(scene.balance(0), 9_500_000);
}
