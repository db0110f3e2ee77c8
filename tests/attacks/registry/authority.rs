//! Authorities outside their network, addresses taken beforehand, accounts of another kind.

use cairn_interface::{
    ids::{DEVICE_REGISTRY, SYSTEM_PROGRAM},
    registry::{KeyKind, Registration, RegistryError, RetireIssuer, network_address},
};
use cairn_testkit::{assert_failed, assert_refused, assert_refused_by};
use solana_sdk::{
    instruction::{Instruction, InstructionError},
    pubkey::Pubkey,
    signer::Signer,
};

use super::honest;
use cairn_testkit::registry::Scene;

/// Anchor's ConstraintDuplicateMutableAccount.
const DUPLICATE_MUTABLE_ACCOUNT: u32 = 2040;
/// The system program's AccountAlreadyInUse.
const ALREADY_IN_USE: u32 = 0;

#[test]
fn an_authority_of_one_network_has_no_say_in_another() {
    let mut scene = Scene::small();
    let (index, _, _) = scene.hotspot();
    let stranger = scene.fresh();
    let create = cairn_interface::registry::CreateNetwork {
        payer: scene.payer(),
        authority: stranger.pubkey(),
        id: 7,
        guardian: stranger.pubkey(),
        registration: Registration::Open,
    };
    scene.must(&[create.instruction()], &[&stranger]);
    let mut ban = scene.ban(index);
    ban.authority = stranger.pubkey();
    assert_refused(
        scene.run(&[ban.instruction()], &[&stranger]),
        RegistryError::NotGuardian,
    );
    ban.network = create.network();
    assert_refused(
        scene.run(&[ban.instruction()], &[&stranger]),
        RegistryError::WrongNetwork,
    );
    let retire = RetireIssuer {
        authority: stranger.pubkey(),
        network: create.network(),
        issuer: {
            let maker = scene.manufacturer();
            scene
                .issuer(maker.pubkey().to_bytes(), KeyKind::Ed25519)
                .issuer()
        },
    };
    assert_refused(
        scene.run(&[retire.instruction()], &[&stranger]),
        RegistryError::WrongNetwork,
    );
}

#[test]
fn an_authority_that_is_named_but_does_not_sign_is_refused() {
    let mut scene = Scene::small();
    let (index, _, _) = scene.hotspot();
    let mut ban = scene.ban(index).instruction();
    let authority = scene.authority.pubkey();
    for meta in &mut ban.accounts {
        if meta.pubkey == authority {
            meta.is_signer = false;
        }
    }
    assert_failed(
        scene.run(&[ban], &[]),
        &InstructionError::MissingRequiredSignature,
    );
}

#[test]
fn accounts_of_another_kind_or_program_are_not_taken_for_the_right_one() {
    let mut scene = Scene::small();
    let (registration, _device, owner, signed) = honest(&mut scene);
    let base = registration.instruction();
    // An issuer for a network, an issuer for a tree: same program, other kind.
    let maker = scene.manufacturer().pubkey().to_bytes();
    let issuer = scene.issuer(maker, KeyKind::Ed25519).issuer();
    for at in [1, 2] {
        let mut cosplay = base.clone();
        cosplay.accounts[at].pubkey = issuer;
        assert_failed(
            scene.run(&[signed.clone(), cosplay], &[&owner]),
            &InstructionError::InvalidAccountData,
        );
    }
    // One account in two places that are written.
    let mut twice = base.clone();
    twice.accounts[1].pubkey = scene.tree;
    assert_refused_by(
        scene.run(&[signed.clone(), twice], &[&owner]),
        &DEVICE_REGISTRY,
        DUPLICATE_MUTABLE_ACCOUNT,
    );
    // Right bytes, owned by another program.
    let forged = scene.fresh().pubkey();
    let mut copy = scene.world.expect_account(&scene.network);
    copy.owner = Pubkey::new_from_array([7; 32]);
    scene.world.set_account(&forged, copy);
    let mut foreign = base.clone();
    foreign.accounts[1].pubkey = forged;
    assert_failed(
        scene.run(&[signed.clone(), foreign], &[&owner]),
        &InstructionError::IllegalOwner,
    );
    scene
        .run(&[signed, base], &[&owner])
        .expect("the honest one");
}

#[test]
fn a_network_s_address_can_not_be_taken_by_another_or_blocked_with_lamports() {
    let mut scene = Scene::small();
    let create = cairn_interface::registry::CreateNetwork {
        payer: scene.payer(),
        authority: scene.authority.pubkey(),
        id: 8,
        guardian: scene.guardian.pubkey(),
        registration: Registration::Open,
    };
    let authority = scene.authority.insecure_clone();
    // Another key's network of the same number is another address; this one it can not create.
    let thief = scene.fresh();
    assert_ne!(network_address(&thief.pubkey(), 8).0, create.network());
    let mut stolen = create.instruction();
    for meta in &mut stolen.accounts {
        if meta.pubkey == authority.pubkey() {
            meta.pubkey = thief.pubkey();
        }
    }
    assert_failed(
        scene.run(&[stolen], &[&thief]),
        &InstructionError::InvalidSeeds,
    );
    // Funded beforehand, it is created all the same; created, it is not created again.
    scene.world.airdrop(&create.network(), 1_000_000);
    scene.must(&[create.instruction()], &[&authority]);
    assert_refused_by(
        scene.run(&[create.instruction()], &[&authority]),
        &SYSTEM_PROGRAM,
        ALREADY_IN_USE,
    );

    let tree = scene.next_tree(14, 0);
    scene.world.airdrop(&tree.tree(), 1_000_000);
    scene.must(&tree.instructions().expect("a shape"), &[&authority]);
    let issuer = scene.issuer([9; 32], KeyKind::Ed25519);
    scene.world.airdrop(&issuer.issuer(), 1_000_000);
    scene.must(&[issuer.instruction()], &[&authority]);
}

#[test]
fn events_are_taken_from_the_program_itself_only() {
    let mut scene = Scene::small();
    // A stranger calls the event door directly.
    let event = Instruction {
        program_id: DEVICE_REGISTRY,
        accounts: vec![solana_sdk::instruction::AccountMeta::new_readonly(
            scene.payer(),
            true,
        )],
        data: 0x1d9a_cb51_2ea5_45e4_u64.to_le_bytes().to_vec(),
    };
    assert_failed(scene.run(&[event], &[]), &InstructionError::InvalidSeeds);
}
