use cairn_interface::vault::{Funded, VaultError, VaultEvent, vault_address};
use cairn_merkle::Tokens;
use cairn_testkit::assert_refused;
use solana_sdk::pubkey::Pubkey;

use super::scene::{Scene, address, event};

#[test]
fn anyone_funds_a_pool_and_it_counts_what_arrived() {
    let mut scene = Scene::new();
    let said = event(scene.fund(700));
    assert!(matches!(
        said,
        VaultEvent::Funded(Funded { received: 700, total_funded: 700, funder, .. }) if funder == address("stranger")
    ));
    scene.fund(300).unwrap();
    assert_eq!(scene.pool().total_funded, 1_000);
    assert_eq!(scene.vault_balance(), 1_000);
}

#[test]
fn funding_needs_an_amount() {
    let mut scene = Scene::new();
    let mut funding = scene.funding(1);
    funding.amount = Tokens::ZERO;
    let ran = scene.run(&[funding.instruction()], &["stranger"]);
    assert_refused(ran, VaultError::FundAmountZero);
}

#[test]
fn funding_goes_to_the_pools_own_vault_in_the_pools_own_token() {
    let mut scene = Scene::new();
    let other = scene.open_wallet(&address("admin"));
    let mut funding = scene.funding(5).instruction();
    funding.accounts[2].pubkey = other;
    assert_refused(scene.run(&[funding], &["stranger"]), VaultError::WrongVault);
    let mut funding = scene.funding(5);
    funding.mint = other;
    let ran = scene.run(&[funding.instruction()], &["stranger"]);
    assert_refused(ran, VaultError::WrongMint);
    let mut funding = scene.funding(5);
    funding.token_program = Pubkey::new_unique();
    let ran = scene.run(&[funding.instruction()], &["stranger"]);
    assert_refused(ran, VaultError::WrongTokenProgram);
}

#[test]
fn the_vault_can_not_fund_itself() {
    let mut scene = Scene::new();
    scene.fund(10).unwrap();
    let mut funding = scene.funding(5);
    funding.from = vault_address(&scene.pool).0;
    // One account in two writable places is refused before the handler runs: Anchor's 2040.
    let refused = scene
        .run(&[funding.instruction()], &["stranger"])
        .unwrap_err();
    assert_eq!(refused.code, Some(2_040), "{refused:?}");
}

#[test]
fn more_than_the_funder_holds_is_refused_by_the_token_program() {
    let mut scene = Scene::new();
    let mut funding = scene.funding(5);
    funding.amount = Tokens::new(6);
    let refused = scene
        .run(&[funding.instruction()], &["stranger"])
        .unwrap_err();
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert_eq!(scene.pool().total_funded, 0);
}
