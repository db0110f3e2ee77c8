//! What hangs on one member: the owner's key, a delegate's, the wallet that payouts were redirected to.

use cairn_interface::vault::{
    BurnPoints, Claim, CloseRecipient, OpenRound, RedeemCredits, SetCarrier, SetRecipient,
    VaultError,
};
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens};
use cairn_testkit::{Rewards, assert_refused};
use solana_sdk::{instruction::InstructionError, pubkey::Pubkey};
use spl_token_interface::instruction as token;

use crate::vault::scene::{DAY, Ran, Scene, address, key, member};

/// A pool whose first member sets a recipient with this delegate and restriction, not yet in effect.
fn redirected(payout: &str, delegate: Option<&str>, restricted: bool) -> (Scene, Rewards) {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    for actor in ["member 0", "member 1", "delegate", "payout", "thief"] {
        scene.world.actor(actor);
        scene.open_wallet(&address(actor));
    }
    let will = will(&scene, &first, 0, Some(address(payout)), restricted);
    let will = SetRecipient {
        delegate: delegate.map(address),
        ..will
    };
    scene.must(&[will.instruction()], &["member 0"]);
    (scene, first)
}

fn will(
    scene: &Scene,
    rewards: &Rewards,
    index: u32,
    payout: Option<Pubkey>,
    restricted: bool,
) -> SetRecipient {
    let claim = scene.claim_of(1, rewards, index);
    SetRecipient {
        payer: claim.owner,
        owner: claim.owner,
        pool: scene.pool,
        number: EpochNumber::FIRST,
        index: LeafIndex::new(index),
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof,
        payout,
        delegate: None,
        restricted,
    }
}

/// The first member's claim to this wallet, in this actor's name.
fn claim(scene: &mut Scene, rewards: &Rewards, payout: &str, authority: Option<&str>) -> Ran {
    let claim = Claim {
        payout: Some(address(payout)),
        authority: authority.map(address),
        ..scene.claim_of(1, rewards, 0)
    };
    let signers: Vec<&str> = authority.into_iter().collect();
    scene.run(&[claim.instruction()], &signers)
}

fn held(scene: &Scene, owner: &str) -> u64 {
    let (mint, program) = (scene.mint, scene.token_program());
    let wallet = cairn_interface::spl::associated_token_address(&address(owner), &mint, &program);
    scene.world.tokens(&wallet)
}

#[test]
fn a_stolen_owner_key_redirects_only_after_the_cooldown_and_only_its_own_rewards() {
    let (mut scene, first) = redirected("thief", None, false);
    // Until the cooldown ends, whoever claims for the member has the member's own account paid.
    assert_refused(
        claim(&mut scene, &first, "thief", None),
        VaultError::DestinationNotRecipient,
    );
    let mut half = Claim {
        payout: Some(member(0)),
        ..scene.claim_of(1, &first, 0)
    };
    half.at_most = Tokens::new(60);
    scene.must(&[half.instruction()], &[]);
    assert_eq!(scene.balance(0), 60);
    // Closing the account is no way around: it goes only when it says nothing, and the change goes with it.
    let close = CloseRecipient {
        owner: member(0),
        pool: scene.pool,
        index: LeafIndex::new(0),
        rent_payer: member(0),
    };
    let restrict = will(&scene, &first, 0, Some(address("thief")), true);
    scene.must(&[restrict.instruction()], &["member 0"]);
    let ran = scene.run(&[close.instruction()], &["member 0"]);
    assert_refused(ran, VaultError::RecipientInUse);
    // From then on the thief has what is still to come. Another member's stays theirs.
    scene.world.warp(DAY);
    claim(&mut scene, &first, "thief", Some("member 0")).unwrap();
    assert_eq!(held(&scene, "thief"), 40);
    let mut others = will(&scene, &first, 1, Some(address("thief")), true);
    (others.owner, others.payer) = (member(0), member(0));
    let ran = scene.run(&[others.instruction()], &["member 0"]);
    assert_refused(ran, VaultError::WrongRecipient);
    scene.claim(1, &first, 1).unwrap();
    assert_eq!(scene.balance(1), 200);
}

#[test]
fn an_owner_takes_back_within_the_cooldown_what_a_thief_of_the_key_redirected() {
    let (mut scene, first) = redirected("thief", None, true);
    let back = will(&scene, &first, 0, None, false);
    scene.must(&[back.instruction()], &["member 0"]);
    scene.world.warp(DAY);
    assert_refused(
        claim(&mut scene, &first, "thief", None),
        VaultError::DestinationNotRecipient,
    );
    claim(&mut scene, &first, "member 0", None).unwrap();
    assert_eq!(scene.balance(0), 100);
}

#[test]
fn a_stolen_delegate_claims_to_the_members_own_payout_and_does_nothing_else() {
    let (mut scene, first) = redirected("payout", Some("delegate"), true);
    scene.world.warp(DAY);
    let (pool, delegate) = (scene.pool, address("delegate"));
    // To itself, or with its will in place of the member's.
    assert_refused(
        claim(&mut scene, &first, "delegate", Some("delegate")),
        VaultError::DestinationNotRecipient,
    );
    let mut theft = will(&scene, &first, 0, Some(delegate), false);
    (theft.owner, theft.payer) = (delegate, delegate);
    let ran = scene.run(&[theft.instruction()], &["delegate"]);
    assert_refused(ran, VaultError::ProofHashMismatch);
    let mut close = CloseRecipient {
        owner: member(0),
        pool,
        index: LeafIndex::new(0),
        rent_payer: member(0),
    }
    .instruction();
    close.accounts[0].pubkey = delegate;
    assert_refused(scene.run(&[close], &["delegate"]), VaultError::NotOwner);
    spends_nothing(&mut scene, &first, "delegate");
    claim(&mut scene, &first, "payout", Some("delegate")).unwrap();
    assert_eq!(held(&scene, "payout"), 100);
}

/// Neither points nor credits of the first member move for this actor.
fn spends_nothing(scene: &mut Scene, first: &Rewards, actor: &str) {
    let (pool, thief, now) = (scene.pool, address(actor), scene.world.now());
    let claim = scene.claim_of(1, first, 0);
    let from = scene.mint_to(&address("admin"), 10);
    let round = OpenRound {
        opener: address("admin"),
        admin: address("admin"),
        funder: address("admin"),
        pool,
        mint: scene.mint,
        token_program: scene.token_program(),
        from,
        epoch: EpochNumber::new(1),
        number: 0,
        tokens: Tokens::new(10),
        minimum: MilliPoints::ZERO,
        starts_at: now,
        ends_at: now + DAY,
    };
    let carrier = SetCarrier {
        payer: address("admin"),
        admin: address("admin"),
        pool,
        carrier: thief,
        period_secs: 60,
        active: true,
    };
    scene.must(&[round.instruction(), carrier.instruction()], &["admin"]);
    let burn = BurnPoints {
        payer: thief,
        owner: thief,
        pool,
        number: EpochNumber::FIRST,
        round: 0,
        index: LeafIndex::new(0),
        tokens: claim.tokens,
        granted: claim.points,
        credits: claim.credits,
        proof: claim.proof.clone(),
        points: MilliPoints::new(1),
    };
    let redemption = RedeemCredits {
        payer: thief,
        owner: thief,
        pool,
        number: EpochNumber::FIRST,
        carrier: thief,
        index: LeafIndex::new(0),
        tokens: claim.tokens,
        points: claim.points,
        granted: claim.credits,
        proof: claim.proof,
        credits: Credits::new(1),
        nonce: 0,
        commitment: [1; 32],
    };
    for mut theft in [burn.instruction(), redemption.instruction()] {
        let ran = scene.run(&[theft.clone()], &[actor]);
        assert_refused(ran, VaultError::ProofHashMismatch);
        // In the member's name, without the member.
        theft.accounts[1].pubkey = member(0);
        theft.accounts[1].is_signer = false;
        let ran = scene.run(&[theft], &[actor]);
        cairn_testkit::assert_failed(ran, &InstructionError::MissingRequiredSignature);
    }
}

#[test]
fn a_stolen_payout_wallet_gets_what_comes_until_the_member_turns_away() {
    let (mut scene, first) = redirected("payout", None, true);
    scene.world.warp(DAY);
    // It has no say: neither over claims nor over where they go.
    assert_refused(
        claim(&mut scene, &first, "payout", Some("payout")),
        VaultError::ClaimRestricted,
    );
    let mut theft = will(&scene, &first, 0, Some(address("payout")), false);
    (theft.owner, theft.payer) = (address("payout"), address("payout"));
    let ran = scene.run(&[theft.instruction()], &["payout"]);
    assert_refused(ran, VaultError::ProofHashMismatch);
    spends_nothing(&mut scene, &first, "payout");
    // It can spoil its own token account, which holds payouts up …
    let (mint, program) = (scene.mint, scene.token_program());
    let payout = address("payout");
    let wallet = cairn_interface::spl::associated_token_address(&payout, &mint, &program);
    let spoil = token::approve(&program, &wallet, &address("thief"), &payout, &[], 1).unwrap();
    scene.world.must(&[spoil], &[&key("payout")]);
    assert_refused(
        claim(&mut scene, &first, "payout", Some("member 0")),
        VaultError::DestinationDelegated,
    );
    // … until the member names another wallet and the cooldown has passed: nothing is lost.
    let away = will(&scene, &first, 0, None, false);
    scene.must(&[away.instruction()], &["member 0"]);
    scene.world.warp(DAY);
    claim(&mut scene, &first, "member 0", None).unwrap();
    assert_eq!(scene.balance(0), 100);
}
