use cairn_interface::{
    ids, spl,
    vault::{RoundClosed, RoundOpened, VaultError, VaultEvent, round_address},
};
use cairn_testkit::{MintExtension, assert_refused, assert_refused_by};

use super::{
    burning::MINIMUM,
    scene::{DAY, Scene, Terms, address, event, key},
};

const YEAR: i64 = 366 * DAY;

#[test]
fn the_admin_opens_a_round_that_holds_what_it_shares() {
    let mut scene = Scene::with_points(&[1_000]).0;
    let now = scene.world.now();
    let said = event(scene.open_round(0, 1_000));
    let expected = RoundOpened {
        pool: scene.pool,
        opener: address("admin"),
        number: 0,
        epoch: 1,
        tokens: 1_000,
        minimum: MINIMUM,
        starts_at: now,
        ends_at: now + DAY,
    };
    assert_eq!(said, VaultEvent::RoundOpened(expected));
    let round = scene.round(0);
    assert_eq!((round.number, round.tokens, round.burnt), (0, 1_000, 0));
    assert_eq!(
        (round.opener, round.vault),
        (address("admin"), scene.round_vault(0))
    );
    assert_eq!(scene.world.tokens(&scene.round_vault(0)), 1_000);
    assert_eq!(scene.pool().next_round, 1);
    // Not the pool's funds: no claim is paid from them.
    assert_eq!(scene.pool().total_funded, 0);
}

#[test]
fn nobody_else_does() {
    let mut scene = Scene::with_points(&[1_000]).0;
    for actor in ["stranger", "guardian", "keeper 0"] {
        let mut opening = scene.opening(0, 10);
        opening.admin = address(actor);
        let opened = scene.run(&[opening.instruction()], &["admin", actor, "treasurer"]);
        assert_refused(opened, VaultError::NotAdmin);
    }
}

#[test]
fn one_key_may_open_administer_and_pay() {
    let mut scene = Scene::with_points(&[1_000]).0;
    let mut opening = scene.opening(0, 10);
    opening.from = scene.mint_to(&address("admin"), 10);
    opening.funder = address("admin");
    scene.must(&[opening.instruction()], &["admin"]);
    assert_eq!(scene.round(0).tokens, 10);
}

#[test]
fn rounds_are_numbered_without_gaps_and_each_number_exists_once() {
    let mut scene = Scene::with_points(&[1_000]).0;
    for wrong in [1, u64::MAX] {
        assert_refused(scene.open_round(wrong, 10), VaultError::RoundNumber);
    }
    scene.open_round(0, 10).unwrap();
    assert_refused(scene.open_round(0, 10), VaultError::RoundNumber);
    scene.open_round(1, 10).unwrap();
    scene.world.warp(DAY);
    scene.close_round(0).unwrap();
    assert!(
        scene
            .world
            .account(&round_address(&scene.pool, 0).0)
            .is_none()
    );
    assert_refused(scene.open_round(0, 10), VaultError::RoundNumber);
    assert_eq!(scene.pool().next_round, 2);
}

#[test]
fn a_round_starts_within_a_year_ends_after_it_starts_and_now_and_lasts_a_year_at_most() {
    let mut scene = Scene::with_points(&[1_000]).0;
    let now = scene.world.now();
    for (starts_at, ends_at) in [
        (now, now),
        (now + 2, now + 1),
        (now - 2, now),
        (now, now + YEAR + 1),
        (now + YEAR + 1, now + YEAR + 2),
        // In milliseconds.
        (now * 1_000, now * 1_000 + 5),
        (i64::MIN, i64::MAX),
        (i64::MAX, i64::MIN),
    ] {
        let mut opening = scene.opening(0, 10);
        (opening.starts_at, opening.ends_at) = (starts_at, ends_at);
        let opened = scene.run(&[opening.instruction()], &["admin", "treasurer"]);
        assert_refused(opened, VaultError::RoundWindow);
    }
    let mut opening = scene.opening(0, 10);
    (opening.starts_at, opening.ends_at) = (now + 1, now + 1 + YEAR);
    scene.must(&[opening.instruction()], &["admin", "treasurer"]);
}

#[test]
fn a_round_without_tokens_is_none() {
    let mut scene = Scene::with_points(&[1_000]).0;
    assert_refused(scene.open_round(0, 0), VaultError::RoundTokensZero);
}

#[test]
fn a_fee_that_takes_everything_leaves_no_round() {
    let mut scene = Scene::without_pool(Terms::default());
    let fee = MintExtension::TransferFee {
        bps: 10_000,
        maximum: u64::MAX,
    };
    scene.mint = scene.world.create_mint_2022(&key("treasurer"), 6, &[fee]);
    scene.pool = scene.create_pool().pool();
    let create = scene.create_pool().instruction();
    scene.must(&[create], &["admin"]);
    let points = scene.points(&[1_000]);
    scene.run_epoch(1, &points);
    assert_refused(scene.open_round(0, 10), VaultError::RoundTokensZero);
}

#[test]
fn a_round_shares_the_pools_token_and_no_other() {
    let mut scene = Scene::with_points(&[1_000]).0;
    let other = scene.world.create_mint(&key("treasurer"), 6);
    let mut opening = scene.opening(0, 10);
    opening.mint = other;
    let opened = scene.run(&[opening.instruction()], &["admin", "treasurer"]);
    assert_refused(opened, VaultError::WrongMint);
    let mut opening = scene.opening(0, 10);
    opening.token_program = ids::TOKEN_2022_PROGRAM;
    let opened = scene.run(&[opening.instruction()], &["admin", "treasurer"]);
    assert_refused(opened, VaultError::WrongTokenProgram);
}

#[test]
fn addresses_that_were_sent_lamports_open_all_the_same() {
    for lamports in [1_000_000, 1_000_000_000] {
        let mut scene = Scene::with_points(&[1_000]).0;
        let round = round_address(&scene.pool, 0).0;
        let vault = scene.round_vault(0);
        scene.world.airdrop(&round, lamports);
        scene.world.airdrop(&vault, lamports);
        scene.open_round(0, 10).unwrap();
    }
}

#[test]
fn what_nobody_burnt_for_goes_to_the_pool_and_rent_to_the_opener() {
    let mut scene = Scene::with_points(&[1_000]).0;
    let before = scene.world.lamports(&address("admin"));
    scene.open_round(0, 1_000).unwrap();
    assert!(scene.world.lamports(&address("admin")) < before);
    scene.world.warp(DAY);
    let said = event(scene.close_round(0));
    let expected = RoundClosed {
        pool: scene.pool,
        number: 0,
        tokens: 1_000,
        paid: 0,
        left: 1_000,
        received: 1_000,
        burnt: 0,
        receipts: 0,
        reserved: [0; 4],
    };
    assert_eq!(said, VaultEvent::RoundClosed(expected));
    assert_eq!(scene.world.lamports(&address("admin")), before);
    assert_eq!(scene.vault_balance(), 1_000);
    assert_eq!(scene.pool().total_funded, 1_000);
    assert!(scene.world.account(&scene.round_vault(0)).is_none());
    assert_refused(scene.close_round(0), VaultError::WrongRound);
}

#[test]
fn a_round_closes_from_its_last_second_on() {
    let mut scene = Scene::with_points(&[1_000]).0;
    scene.open_round(0, 10).unwrap();
    scene.world.warp(DAY - 1);
    assert_refused(scene.close_round(0), VaultError::RoundNotEnded);
    scene.world.warp(1);
    scene.close_round(0).unwrap();
}

#[test]
fn a_round_closes_only_once_every_receipt_is_settled() {
    let (mut scene, rewards) = Scene::with_points(&[500, 500]);
    scene.open_round(0, 10).unwrap();
    scene.burn(&rewards, 0, 0, 200).unwrap();
    scene.burn(&rewards, 0, 1, 100).unwrap();
    scene.world.warp(DAY);
    assert_refused(scene.close_round(0), VaultError::RoundUnsettled);
    scene.settle(0, 0).unwrap();
    assert_refused(scene.close_round(0), VaultError::RoundUnsettled);
    scene.settle(0, 1).unwrap();
    let said = event(scene.close_round(0));
    // floor(10 × 200 / 300) and floor(10 × 100 / 300): one unit of dust.
    assert!(matches!(
        said,
        VaultEvent::RoundClosed(RoundClosed {
            paid: 9,
            left: 1,
            received: 1,
            receipts: 2,
            ..
        })
    ));
    assert_eq!((scene.balance(0), scene.balance(1)), (6, 3));
    assert_eq!(scene.vault_balance(), 1);
}

#[test]
fn a_gift_to_a_rounds_vault_ends_in_the_pools() {
    let (mut scene, rewards) = Scene::with_points(&[500]);
    scene.open_round(0, 10).unwrap();
    scene.burn(&rewards, 0, 0, 200).unwrap();
    let from = scene.mint_to(&address("stranger"), 7);
    let vault = scene.round_vault(0);
    let gift = spl::transfer(
        &scene.token_program(),
        &scene.mint,
        6,
        &from,
        &vault,
        &address("stranger"),
        7,
    );
    scene.must(&[gift], &["stranger"]);
    scene.world.warp(DAY);
    scene.settle(0, 0).unwrap();
    scene.close_round(0).unwrap();
    assert_eq!((scene.balance(0), scene.vault_balance()), (10, 7));
}

#[test]
fn rent_and_rest_go_nowhere_else() {
    let mut scene = Scene::with_points(&[1_000]).0;
    scene.open_round(0, 10).unwrap();
    scene.world.warp(DAY);
    let mut closing = scene.closing(0);
    closing.opener = address("stranger");
    let closed = scene.run(&[closing.instruction()], &[]);
    assert_refused(closed, VaultError::WrongRentPayer);
    let thief = scene.open_wallet(&address("stranger"));
    // Accounts: pool, round, opener, the round's vault, the pool's, mint, token program.
    // One account in two writable places is refused before the handler runs: Anchor's 2040.
    let mut closing = scene.closing(0).instruction();
    closing.accounts[4].pubkey = scene.round_vault(0);
    assert_refused_by(scene.run(&[closing], &[]), &ids::REWARD_VAULT, 2_040);
    for position in [3, 4] {
        let mut closing = scene.closing(0).instruction();
        closing.accounts[position].pubkey = thief;
        assert_refused(scene.run(&[closing], &[]), VaultError::WrongVault);
    }
    assert_eq!(scene.world.tokens(&scene.round_vault(0)), 10);
}

#[test]
fn a_round_of_another_pool_is_the_wrong_one() {
    let (mut scene, rewards) = Scene::with_points(&[500]);
    scene.open_round(0, 10).unwrap();
    let first = scene.pool;
    let mut second = scene.create_pool();
    second.id = 1;
    scene.must(&[second.instruction()], &["admin"]);
    scene.pool = second.pool();
    let theirs = scene.points(&[500]);
    scene.run_epoch(1, &theirs);
    scene.open_round(0, 10).unwrap();
    let foreign = round_address(&second.pool(), 0).0;
    scene.pool = first;
    let mut burn = scene.burn_of(&rewards, 0, 0, 200).instruction();
    // Accounts: payer, owner, pool, epoch, page, round.
    burn.accounts[5].pubkey = foreign;
    assert_refused(scene.run(&[burn], &["member 0"]), VaultError::WrongRound);
    scene.world.warp(DAY);
    let mut closing = scene.closing(0).instruction();
    closing.accounts[1].pubkey = foreign;
    assert_refused(scene.run(&[closing], &[]), VaultError::WrongRound);
}
