mod closing;

use cairn_interface::vault::{
    Claim, Claimed, CloseRecipient, Pause, RecipientSet, RecipientView, SetRecipient, VaultError,
    VaultEvent, epoch_address, recipient_address,
};
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens};
use cairn_testkit::{Rewards, assert_refused};
use solana_sdk::{instruction::InstructionError, pubkey::Pubkey, signer::Signer};

use super::scene::{DAY, Ran, Scene, Terms, address, event, member};

/// The will of a member who pays for it, for tests to spoil: everything as it is without an account.
pub fn will(scene: &Scene, rewards: &Rewards, index: u32) -> SetRecipient {
    let claim = scene.claim_of(1, rewards, index);
    SetRecipient {
        payer: scene.world.payer().pubkey(),
        owner: member(index),
        pool: scene.pool,
        number: EpochNumber::FIRST,
        index: LeafIndex::new(index),
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof,
        payout: None,
        delegate: None,
        restricted: false,
    }
}

/// Two members with 100 and 200 tokens; the first has said to be paid at "savings".
fn redirected() -> (Scene, Rewards) {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    scene.open_wallet(&address("savings"));
    let set = SetRecipient {
        payout: Some(address("savings")),
        ..will(&scene, &first, 0)
    };
    scene.must(&[set.instruction()], &["member 0"]);
    (scene, first)
}

fn recipient(scene: &Scene, index: u32) -> RecipientView {
    let address = recipient_address(&scene.pool, &member(index)).0;
    RecipientView::decode(address, &scene.world.expect_account(&address)).unwrap()
}

/// The first member's claim, paid to the wallet of `payout`, with the recipient account.
fn claim_to(scene: &Scene, rewards: &Rewards, payout: Pubkey) -> Claim {
    Claim {
        payout: Some(payout),
        ..scene.claim_of(1, rewards, 0)
    }
}

fn run_claim(scene: &mut Scene, rewards: &Rewards, payout: Pubkey) -> Ran {
    let claim = claim_to(scene, rewards, payout).instruction();
    scene.run(&[claim], &[])
}

fn close(scene: &Scene, index: u32) -> CloseRecipient {
    CloseRecipient {
        owner: member(index),
        pool: scene.pool,
        index: LeafIndex::new(index),
        rent_payer: recipient(scene, index).rent_payer,
    }
}

fn tokens_of(scene: &mut Scene, name: &str) -> u64 {
    let wallet = scene.open_wallet(&address(name));
    scene.world.tokens(&wallet)
}

#[test]
fn another_wallet_is_paid_after_the_cooldown_and_not_a_second_before() {
    let (mut scene, first) = redirected();
    let savings = address("savings");
    scene.world.warp(DAY - 1);
    assert_refused(
        run_claim(&mut scene, &first, savings),
        VaultError::DestinationNotRecipient,
    );
    scene.world.warp(1);
    assert_refused(
        run_claim(&mut scene, &first, member(0)),
        VaultError::DestinationNotRecipient,
    );
    let said = event(run_claim(&mut scene, &first, savings));
    assert!(matches!(
        said,
        VaultEvent::Claimed(Claimed { owner, payout, paid: 100, received: 100, .. })
            if owner == member(0) && payout == savings
    ));
    assert_eq!(tokens_of(&mut scene, "savings"), 100);
    assert_eq!(scene.balance(0), 0);
}

#[test]
fn until_then_the_member_is_paid_as_before() {
    let (mut scene, first) = redirected();
    scene.world.warp(DAY - 1);
    run_claim(&mut scene, &first, member(0)).unwrap();
    assert_eq!(scene.balance(0), 100);
}

#[test]
fn nobody_pays_a_member_past_their_recipient_account() {
    let (mut scene, first) = redirected();
    // Before the cooldown and after it: leaving the account out would pay the wallet that the member turned away from.
    assert_refused(scene.claim(1, &first, 0), VaultError::RecipientMissing);
    scene.world.warp(DAY);
    assert_refused(scene.claim(1, &first, 0), VaultError::RecipientMissing);
    assert!(scene.page(0).slots[0].has_recipient());
    // Others have none and need none.
    scene.claim(1, &first, 1).unwrap();
}

#[test]
fn the_account_says_what_the_member_said() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    let set = SetRecipient {
        payout: Some(address("savings")),
        delegate: Some(address("phone")),
        restricted: true,
        ..will(&scene, &first, 1)
    };
    let at = scene.world.now() + DAY;
    let said = event(scene.run(&[set.instruction()], &["member 1"]));
    assert_eq!(
        said,
        VaultEvent::RecipientSet(RecipientSet {
            pool: scene.pool,
            owner: member(1),
            payout: member(1),
            pending_payout: address("savings"),
            effective_at: at,
            delegate: address("phone"),
            restricted: 1,
            index: 1,
            reserved: [0; 3],
        })
    );
    let view = recipient(&scene, 1);
    assert_eq!(
        (view.payout_at(at - 1), view.payout_at(at)),
        (member(1), address("savings"))
    );
    assert_eq!(
        (view.delegate(), view.is_restricted(), view.index),
        (Some(address("phone")), true, 1)
    );
}

#[test]
fn a_restricted_member_is_claimed_for_by_owner_and_delegate_only() {
    for (signer, allowed) in [
        (None, false),
        (Some("stranger"), false),
        (Some("phone"), true),
        (Some("member 0"), true),
    ] {
        let (mut scene, first) = Scene::with_first_epoch(&[100]);
        let set = SetRecipient {
            delegate: Some(address("phone")),
            restricted: true,
            ..will(&scene, &first, 0)
        };
        scene.must(&[set.instruction()], &["member 0"]);
        let claim = Claim {
            authority: signer.map(address),
            ..claim_to(&scene, &first, member(0))
        };
        let actors: Vec<&str> = signer.into_iter().collect();
        let ran = scene.run(&[claim.instruction()], &actors);
        if allowed {
            ran.unwrap();
            assert_eq!(scene.balance(0), 100);
        } else {
            assert_refused(ran, VaultError::ClaimRestricted);
        }
    }
}

#[test]
fn naming_the_owner_as_authority_takes_the_owners_signature() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    let set = SetRecipient {
        restricted: true,
        ..will(&scene, &first, 0)
    };
    scene.must(&[set.instruction()], &["member 0"]);
    let mut claim = Claim {
        authority: Some(member(0)),
        ..claim_to(&scene, &first, member(0))
    }
    .instruction();
    for meta in &mut claim.accounts {
        meta.is_signer = false;
    }
    let refused = scene.run(&[claim], &[]).unwrap_err();
    let missing = format!("{:?}", InstructionError::MissingRequiredSignature);
    assert_eq!(refused.name, missing);
}

#[test]
fn a_delegate_claims_and_nothing_else() {
    let (mut scene, first) = redirected();
    let set = SetRecipient {
        payout: Some(address("savings")),
        delegate: Some(address("phone")),
        ..will(&scene, &first, 0)
    };
    scene.must(&[set.instruction()], &["member 0"]);
    // In the member's name it can not sign; in its own it has no leaf.
    let theft = SetRecipient {
        owner: address("phone"),
        payout: Some(address("phone")),
        ..will(&scene, &first, 0)
    };
    assert_refused(
        scene.run(&[theft.instruction()], &["phone"]),
        VaultError::ProofHashMismatch,
    );
    let mut ending = close(&scene, 0).instruction();
    ending.accounts[0].pubkey = address("phone");
    assert_refused(scene.run(&[ending], &["phone"]), VaultError::NotOwner);
}

#[test]
fn the_owner_must_sign() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    let mut set = will(&scene, &first, 0).instruction();
    set.accounts[1].is_signer = false;
    let refused = scene.run(&[set], &[]).unwrap_err();
    let missing = format!("{:?}", InstructionError::MissingRequiredSignature);
    assert_eq!(refused.name, missing);
}

#[test]
fn a_new_account_needs_the_members_proof_and_a_standing_one_does_not() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    let lie = SetRecipient {
        points: MilliPoints::new(1),
        ..will(&scene, &first, 0)
    };
    assert_refused(
        scene.run(&[lie.instruction()], &["member 0"]),
        VaultError::ProofHashMismatch,
    );
    let set = will(&scene, &first, 0);
    scene.must(&[set.instruction()], &["member 0"]);
    let again = SetRecipient {
        tokens: Tokens::ZERO,
        points: MilliPoints::ZERO,
        credits: Credits::ZERO,
        proof: Vec::new(),
        restricted: true,
        ..set.clone()
    };
    scene.must(&[again.instruction()], &["member 0"]);
    assert!(recipient(&scene, 0).is_restricted());
    // Its index is the one that was proven: no mark goes into another member's slot.
    let elsewhere = SetRecipient {
        index: LeafIndex::new(1),
        ..set
    };
    assert_refused(
        scene.run(&[elsewhere.instruction()], &["member 0"]),
        VaultError::WrongRecipient,
    );
    assert!(!scene.page(0).slots[1].has_recipient());
}

#[test]
fn a_change_of_mind_before_the_cooldown_takes_effect_at_once() {
    let (mut scene, first) = redirected();
    let set = will(&scene, &first, 0);
    scene.must(&[set.instruction()], &["member 0"]);
    assert_eq!(recipient(&scene, 0).effective_at(), None);
    scene.world.warp(10 * DAY);
    run_claim(&mut scene, &first, member(0)).unwrap();
}

#[test]
fn changing_something_else_does_not_restart_the_cooldown() {
    let (mut scene, first) = redirected();
    let due = recipient(&scene, 0).effective_at();
    scene.world.warp(DAY / 2);
    let set = SetRecipient {
        payout: Some(address("savings")),
        delegate: Some(address("phone")),
        ..will(&scene, &first, 0)
    };
    scene.must(&[set.instruction()], &["member 0"]);
    assert_eq!(recipient(&scene, 0).effective_at(), due);
}

#[test]
fn the_account_of_another_pays_nobody_else() {
    let (mut scene, first) = redirected();
    scene.world.warp(DAY);
    // The first member's account beside the second member's leaf: the leaf is not the first member's.
    let mut claim = scene.claim_of(1, &first, 1);
    claim.payout = Some(address("savings"));
    claim.owner = member(0);
    assert_refused(
        scene.run(&[claim.instruction()], &[]),
        VaultError::ProofHashMismatch,
    );
}

#[test]
fn an_account_of_another_pool_is_the_wrong_one() {
    let (mut scene, first) = redirected();
    scene.world.warp(DAY);
    let mut other = scene.create_pool();
    other.id = 1;
    scene.must(&[other.instruction()], &["admin"]);
    let own = std::mem::replace(&mut scene.pool, other.pool());
    let rewards = scene.rewards(&[100, 200]);
    scene.fund(300).unwrap();
    scene.run_epoch(1, &rewards);
    scene.open_page(0).unwrap();
    let mut claim = claim_to(&scene, &rewards, address("savings")).instruction();
    claim.accounts[7].pubkey = recipient_address(&own, &member(0)).0;
    assert_refused(scene.run(&[claim], &[]), VaultError::WrongRecipient);
    // Nor does an account of another kind do.
    let mut claim = claim_to(&scene, &first, address("savings")).instruction();
    claim.accounts[7].pubkey = epoch_address(&own, EpochNumber::FIRST).0;
    assert_refused(scene.run(&[claim], &[]), VaultError::WrongRecipient);
}

#[test]
fn a_member_of_a_paused_pool_can_still_act() {
    let (mut scene, first) = redirected();
    let pause = Pause {
        authority: address("guardian"),
        pool: scene.pool,
    };
    scene.must(&[pause.instruction()], &["guardian"]);
    let set = will(&scene, &first, 0);
    scene.must(&[set.instruction()], &["member 0"]);
    assert_eq!(recipient(&scene, 0).effective_at(), None);
}

#[test]
fn the_cooldown_in_force_at_the_change_counts() {
    let mut scene = Scene::with(Terms {
        recipient_cooldown_secs: 100,
        ..Terms::default()
    });
    let first = scene.rewards(&[100]);
    scene.fund(100).unwrap();
    scene.run_epoch(1, &first);
    scene.open_page(0).unwrap();
    let set = SetRecipient {
        payout: Some(address("savings")),
        ..will(&scene, &first, 0)
    };
    scene.must(&[set.instruction()], &["member 0"]);
    let due = recipient(&scene, 0).effective_at();
    assert_eq!(due, Some(scene.world.now() + 100));
}
