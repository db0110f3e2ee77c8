use cairn_interface::vault::{Asker, BREAKER_LOG, Claim, VaultError};
use cairn_merkle::Tokens;
use cairn_testkit::{Refusal, Rewards, assert_refused};

use super::scene::{DAY, HOUR, Ran, Scene, Terms, member};

/// Ten members with 100 each; a tenth of the vault may leave within eight hours.
fn tenth() -> (Scene, Rewards) {
    let mut scene = Scene::with(Terms {
        breaker_share_bps: 1_000,
        breaker_window_secs: 8 * HOUR,
        ..Terms::default()
    });
    let first = scene.rewards(&[100; 10]);
    scene.fund(1_000).unwrap();
    scene.run_epoch(1, &first);
    scene.open_page(0).unwrap();
    for leaf in first.leaves() {
        scene.open_wallet(&leaf.owner.into());
    }
    (scene, first)
}

/// A claim that its member signs.
fn claim(scene: &mut Scene, rewards: &Rewards, index: u32, at_most: u64) -> Ran {
    let claim = Claim {
        at_most: Tokens::new(at_most),
        authority: Some(member(index)),
        ..scene.claim_of(1, rewards, index)
    };
    scene.run(&[claim.instruction()], &[&format!("member {index}")])
}

/// The same, sent by somebody else.
fn unsigned(scene: &mut Scene, rewards: &Rewards, index: u32, at_most: u64) -> Ran {
    let claim = Claim {
        at_most: Tokens::new(at_most),
        ..scene.claim_of(1, rewards, index)
    };
    scene.run(&[claim.instruction()], &[])
}

/// What the refusal's log says: available base units, and the unix second from which there are more.
fn told(refusal: &Refusal) -> (u64, i64) {
    let fields = refusal
        .logs
        .iter()
        .find_map(|line| line.strip_prefix("Program data: "))
        .expect("a data line");
    let fields: Vec<Vec<u8>> = fields.split(' ').map(base64).collect();
    let [name, available, more_at] = fields.as_slice() else {
        panic!("three fields were expected: {fields:?}");
    };
    assert_eq!(name, BREAKER_LOG);
    (
        u64::from_le_bytes(available.as_slice().try_into().unwrap()),
        i64::from_le_bytes(more_at.as_slice().try_into().unwrap()),
    )
}

fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let six = ALPHABET.iter().position(|known| *known == letter).unwrap();
        bits = (bits << 6) | u32::try_from(six).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).unwrap());
        }
    }
    bytes
}

#[test]
fn no_more_than_the_share_leaves_and_the_refusal_says_how_much_and_when() {
    let (mut scene, first) = tenth();
    claim(&mut scene, &first, 0, 60).unwrap();
    let refusal = claim(&mut scene, &first, 1, u64::MAX).unwrap_err();
    let (available, more_at) = told(&refusal);
    assert_refused(Ran::Err(refusal), VaultError::BreakerOpen);
    assert_eq!(available, 40);
    let room = scene.pool().room(
        scene.world.now(),
        Tokens::new(scene.vault_balance()),
        Asker::Member,
    );
    assert_eq!((room.available, room.more_at), (available, more_at));

    claim(&mut scene, &first, 1, available).unwrap();
    assert_refused(claim(&mut scene, &first, 2, 1), VaultError::BreakerOpen);
    // A second before there is nothing; then a tenth of what is left.
    scene.world.set_time(more_at - 1);
    assert_refused(claim(&mut scene, &first, 2, 1), VaultError::BreakerOpen);
    scene.world.set_time(more_at);
    let refusal = claim(&mut scene, &first, 2, 91).unwrap_err();
    assert_eq!(told(&refusal).0, 90);
    claim(&mut scene, &first, 2, 90).unwrap();
    assert_eq!(scene.balance(2), 90);
}

#[test]
fn what_is_not_paid_stays_claimable() {
    let (mut scene, first) = tenth();
    for part in [30, 50, 20] {
        claim(&mut scene, &first, 0, part).unwrap();
    }
    assert_eq!(scene.page(0).slots[0].tokens_claimed, 100);
    assert_refused(claim(&mut scene, &first, 0, 1), VaultError::NothingToClaim);
}

#[test]
fn a_member_with_more_than_the_share_is_paid_in_parts_to_the_last_unit() {
    let mut scene = Scene::with(Terms {
        breaker_share_bps: 5_000,
        breaker_window_secs: 8,
        ..Terms::default()
    });
    let first = scene.rewards(&[1_000]);
    scene.fund(1_000).unwrap();
    scene.run_epoch(1, &first);
    scene.open_page(0).unwrap();
    scene.open_wallet(&member(0));
    let mut claims = 0;
    while scene.vault_balance() > 1 {
        let room = scene.pool().room(
            scene.world.now(),
            Tokens::new(scene.vault_balance()),
            Asker::Member,
        );
        if room.available == 0 {
            scene.world.set_time(room.more_at);
            continue;
        }
        claim(&mut scene, &first, 0, room.available).unwrap();
        claims += 1;
    }
    assert!(claims > 5, "{claims}");
    // Half of one unit is none: whoever is owed the last waits for the vault to be filled, and loses nothing.
    scene.world.warp(HOUR);
    assert_refused(claim(&mut scene, &first, 0, 1), VaultError::BreakerOpen);
    scene.fund(1).unwrap();
    claim(&mut scene, &first, 0, 1).unwrap();
    assert_eq!(scene.balance(0), 1_000);
}

#[test]
fn a_gift_does_not_raise_the_share_beyond_itself() {
    let (mut scene, first) = tenth();
    claim(&mut scene, &first, 0, 100).unwrap();
    scene.fund(500).unwrap();
    let refusal = claim(&mut scene, &first, 1, 51).unwrap_err();
    assert_eq!(told(&refusal).0, 50);
}

#[test]
fn a_claim_of_nothing_is_refused() {
    let (mut scene, first) = tenth();
    assert_refused(claim(&mut scene, &first, 0, 0), VaultError::ClaimAmountZero);
}

#[test]
fn a_pool_without_a_breaker_counts_what_leaves_all_the_same() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    scene.claim(1, &first, 0).unwrap();
    scene.claim(1, &first, 1).unwrap();
    assert_eq!(scene.pool().outflow.parts[0], 300);
    assert_eq!(scene.vault_balance(), 0);
}

#[test]
fn a_refused_claim_leaves_no_trace() {
    let (mut scene, first) = tenth();
    claim(&mut scene, &first, 0, 100).unwrap();
    let before = scene.pool();
    assert_refused(claim(&mut scene, &first, 1, 1), VaultError::BreakerOpen);
    assert_eq!(scene.pool(), before);
    assert_eq!(scene.page(0).slots[1].tokens_claimed, 0);
}

#[test]
fn half_of_the_room_is_for_claims_that_their_member_signs() {
    let (mut scene, first) = tenth();
    let refusal = unsigned(&mut scene, &first, 0, 51).unwrap_err();
    assert_eq!(told(&refusal).0, 50);
    assert_refused(Ran::Err(refusal), VaultError::BreakerOpen);
    unsigned(&mut scene, &first, 0, 50).unwrap();
    assert_refused(unsigned(&mut scene, &first, 1, 1), VaultError::BreakerOpen);
    let room = |scene: &Scene, asker| {
        let (now, balance) = (scene.world.now(), scene.vault_balance());
        scene
            .pool()
            .room(now, Tokens::new(balance), asker)
            .available
    };
    assert_eq!(room(&scene, Asker::Anyone), 0);
    assert_eq!(room(&scene, Asker::Member), 50);
    claim(&mut scene, &first, 1, 50).unwrap();
    assert_refused(claim(&mut scene, &first, 2, 1), VaultError::BreakerOpen);
}

#[test]
fn another_ones_signature_is_not_the_members() {
    let (mut scene, first) = tenth();
    let other = Claim {
        at_most: Tokens::new(51),
        authority: Some(member(1)),
        ..scene.claim_of(1, &first, 0)
    };
    let ran = scene.run(&[other.instruction()], &["member 1"]);
    assert_refused(ran, VaultError::BreakerOpen);
}

#[test]
fn with_a_floor_the_last_unit_leaves() {
    let mut scene = Scene::with(Terms {
        breaker_share_bps: 500,
        breaker_window_secs: DAY,
        breaker_floor: 20,
        ..Terms::default()
    });
    let first = scene.rewards(&[20, 20]);
    scene.fund(40).unwrap();
    scene.run_epoch(1, &first);
    scene.open_page(0).unwrap();
    for index in 0..2 {
        scene.open_wallet(&member(index));
    }
    claim(&mut scene, &first, 0, u64::MAX).unwrap();
    assert_refused(claim(&mut scene, &first, 1, 1), VaultError::BreakerOpen);
    scene.world.warp(2 * DAY);
    claim(&mut scene, &first, 1, u64::MAX).unwrap();
    assert_eq!(scene.vault_balance(), 0);
}
