//! ATTACKS row 20 and the sealevel list on device-registry's built program: each attack by name, each refusal by code.

#[path = "../svm/registry/scene.rs"]
#[expect(
    dead_code,
    reason = "shared with the instruction tests, which use all of it"
)]
mod scene;

use cairn_interface::{
    ids::{DEVICE_REGISTRY, ED25519_PROGRAM, INSTRUCTIONS_SYSVAR, SYSTEM_PROGRAM},
    registry::{
        DeviceLeaf, KeyKind, RegisterDevice, Registration, RegistryError, RetireIssuer,
        constants::{ROLE_PARTNER, STATUS_ACTIVE},
        network_address, signature_instruction,
    },
};
use cairn_testkit::{assert_failed, assert_refused, assert_refused_by};
use scene::{Ran, Scene, consent, endorsement};
use solana_sdk::{
    account::Account,
    instruction::{Instruction, InstructionError},
    pubkey::Pubkey,
    signature::Keypair,
    signer::Signer,
};

/// Anchor's ConstraintDuplicateMutableAccount.
const DUPLICATE_MUTABLE_ACCOUNT: u32 = 2040;
/// The system program's AccountAlreadyInUse.
const ALREADY_IN_USE: u32 = 0;

/// Registers with whatever instructions stand before.
fn after(
    scene: &mut Scene,
    before: Vec<Instruction>,
    registration: &RegisterDevice,
    owner: &Keypair,
) -> Ran {
    let mut all = before;
    all.push(registration.instruction());
    scene.run(&all, &[owner])
}

/// A registration that is right in everything, its device, owner and signature instruction.
fn honest(scene: &mut Scene) -> (RegisterDevice, Keypair, Keypair, Instruction) {
    let (device, owner) = (scene.fresh(), scene.fresh());
    let registration = scene.registration(&device, &owner);
    let message = registration.message();
    let signed = signature_instruction(
        KeyKind::Ed25519,
        &registration.device,
        &consent(&device, &message).signature,
        &message,
    );
    (registration, device, owner, signed)
}

#[test]
fn a_device_that_did_not_sign_can_not_be_registered() {
    let mut scene = Scene::small();
    let (registration, _device, owner, _) = honest(&mut scene);
    let ran = after(&mut scene, vec![], &registration, &owner);
    assert_refused(ran, RegistryError::ConsentMissing);
}

#[test]
fn another_s_device_key_can_not_be_registered_with_one_s_own_signature() {
    let mut scene = Scene::small();
    let (registration, _device, owner, _) = honest(&mut scene);
    let thief = scene.fresh();
    let message = registration.message();
    let signed = signature_instruction(
        KeyKind::Ed25519,
        &thief.pubkey().to_bytes(),
        &consent(&thief, &message).signature,
        &message,
    );
    let ran = after(&mut scene, vec![signed], &registration, &owner);
    assert_refused(ran, RegistryError::ConsentKey);
}

#[test]
fn a_consent_to_one_owner_can_not_be_used_by_another() {
    let mut scene = Scene::small();
    let (mut registration, _device, _owner, signed) = honest(&mut scene);
    let thief = scene.fresh();
    registration.owner = thief.pubkey();
    let ran = after(&mut scene, vec![signed], &registration, &thief);
    assert_refused(ran, RegistryError::ConsentMessage);
}

#[test]
fn a_consent_covers_every_field_of_the_leaf() {
    let mut scene = Scene::small();
    let (base, _device, owner, signed) = honest(&mut scene);
    let changes: [fn(&mut RegisterDevice); 6] = [
        |registration| registration.class = 2,
        |registration| registration.model = 1,
        |registration| registration.country = *b"CA",
        |registration| registration.hardware = [0; 32],
        |registration| registration.location[0] ^= 1,
        |registration| registration.location_kind = 2,
    ];
    for change in changes {
        let mut registration = base.clone();
        change(&mut registration);
        let ran = after(&mut scene, vec![signed.clone()], &registration, &owner);
        assert_refused(ran, RegistryError::ConsentMessage);
    }
}

#[test]
fn a_used_consent_registers_nothing_again_even_after_a_transfer_and_a_ban() {
    let mut scene = Scene::small();
    let (registration, _device, owner, signed) = honest(&mut scene);
    let ran = after(&mut scene, vec![signed.clone()], &registration, &owner);
    ran.expect("the first time");
    scene.follow(0, registration.leaf());
    // As it was sent, for the index it was given for.
    let ran = after(&mut scene, vec![signed.clone()], &registration, &owner);
    assert_refused(ran, RegistryError::NonceUsed);
    // And for the index that is next now.
    let mut again = registration.clone();
    again.index = 1;
    let ran = after(&mut scene, vec![signed.clone()], &again, &owner);
    assert_refused(ran, RegistryError::ConsentMessage);
    // Sold and banned, the old consent brings it back to nobody.
    let next = scene.fresh();
    let transfer = scene.transfer(0, next.pubkey());
    scene.must(&[transfer.by_both_owners()], &[&owner, &next]);
    let leaf = DeviceLeaf {
        owner: next.pubkey().to_bytes(),
        sequence: 1,
        ..transfer.leaf
    };
    scene.follow(0, leaf);
    scene.banned(0);
    for index in [0, 1] {
        let mut replay = registration.clone();
        replay.index = index;
        let ran = after(&mut scene, vec![signed.clone()], &replay, &owner);
        let error = if index == 0 {
            RegistryError::NonceUsed
        } else {
            RegistryError::ConsentMessage
        };
        assert_refused(ran, error);
    }
}

#[test]
fn a_consent_to_one_tree_or_network_is_none_for_another() {
    let mut scene = Scene::small();
    let (registration, _device, owner, signed) = honest(&mut scene);
    scene.open_tree(3, 0);
    let mut other = registration.clone();
    other.tree = scene.tree;
    let ran = after(&mut scene, vec![signed.clone()], &other, &owner);
    assert_refused(ran, RegistryError::ConsentMessage);

    // The same authority's second network, and the first one's tree.
    let create = cairn_interface::registry::CreateNetwork {
        payer: scene.payer(),
        authority: scene.authority.pubkey(),
        id: 8,
        guardian: scene.guardian.pubkey(),
        registration: Registration::Open,
    };
    let authority = scene.authority.insecure_clone();
    scene.must(&[create.instruction()], &[&authority]);
    other.network = create.network();
    let ran = after(&mut scene, vec![signed.clone()], &other, &owner);
    assert_refused(ran, RegistryError::WrongNetwork);

    scene.network = create.network();
    scene.open_tree(3, 0);
    other.tree = scene.tree;
    let ran = after(&mut scene, vec![signed], &other, &owner);
    assert_refused(ran, RegistryError::ConsentMessage);
}

#[test]
fn precompile_instructions_whose_parts_stand_elsewhere_are_refused() {
    let mut scene = Scene::small();
    let (registration, _device, owner, signed) = honest(&mut scene);
    let thief = scene.fresh();
    // What the thief did sign, with its own key.
    let decoy = signature_instruction(
        KeyKind::Ed25519,
        &thief.pubkey().to_bytes(),
        &consent(&thief, b"anything").signature,
        b"anything",
    );
    // Header fields: count, then offset and instruction of signature, key and message (with its size).
    let field = |instruction: &mut Instruction, at: usize, value: u16| {
        instruction.data[at..at + 2].copy_from_slice(&value.to_le_bytes());
    };

    // The program reads the honest message where it usually stands; the runtime verifies the thief's, elsewhere.
    let mut from_decoy = signed.clone();
    for index_field in [4, 8, 14] {
        field(&mut from_decoy, index_field, 0);
    }
    field(&mut from_decoy, 12, 8);
    let before = vec![decoy.clone(), from_decoy];
    assert_refused(
        after(&mut scene, before, &registration, &owner),
        RegistryError::PrecompileLayout,
    );

    // The same within one instruction: honest bytes in front, the thief's behind, offsets to the thief's.
    let mut inside = signed.clone();
    let shift = u16::try_from(inside.data.len() - 16).expect("short");
    inside.data.extend_from_slice(&decoy.data[16..]);
    for (at, offset) in [(2, 48 + shift), (6, 16 + shift), (10, 112 + shift), (12, 8)] {
        field(&mut inside, at, offset);
    }
    assert_refused(
        after(&mut scene, vec![inside], &registration, &owner),
        RegistryError::PrecompileLayout,
    );

    // Only the key from elsewhere, or only the message.
    for index_field in [4, 8, 14] {
        let mut one = signed.clone();
        // Instruction 0 is the decoy; its own index would be 1.
        field(&mut one, index_field, 1);
        let before = vec![decoy.clone(), one];
        assert_refused(
            after(&mut scene, before, &registration, &owner),
            RegistryError::PrecompileLayout,
        );
    }

    // No signature at all, which the runtime verifies gladly.
    let mut none = signed.clone();
    none.data[0] = 0;
    none.data.truncate(2);
    assert_refused(
        after(&mut scene, vec![none], &registration, &owner),
        RegistryError::PrecompileLayout,
    );

    // Two signatures, the second of which nobody reads.
    let mut two = vec![2, 0];
    let decoy_at = 30 + (signed.data.len() - 16);
    for (data, base) in [(&signed.data, 30), (&decoy.data, decoy_at)] {
        let base = u16::try_from(base).expect("short");
        let length = u16::try_from(data.len() - 112).expect("short");
        for value in [
            base + 32,
            u16::MAX,
            base,
            u16::MAX,
            base + 96,
            length,
            u16::MAX,
        ] {
            two.extend_from_slice(&value.to_le_bytes());
        }
    }
    two.extend_from_slice(&signed.data[16..]);
    two.extend_from_slice(&decoy.data[16..]);
    let two = Instruction {
        program_id: ED25519_PROGRAM,
        accounts: vec![],
        data: two,
    };
    assert_refused(
        after(&mut scene, vec![two], &registration, &owner),
        RegistryError::PrecompileLayout,
    );
}

#[test]
fn a_consent_that_does_not_stand_just_before_is_none() {
    let mut scene = Scene::small();
    let (registration, _device, owner, signed) = honest(&mut scene);
    let memo = Instruction {
        program_id: "ComputeBudget111111111111111111111111111111"
            .parse()
            .expect("an address"),
        accounts: vec![],
        data: vec![2, 64, 13, 3, 0],
    };
    let before = vec![signed.clone(), memo];
    let ran = after(&mut scene, before, &registration, &owner);
    assert_refused(ran, RegistryError::ConsentMissing);
    // Behind is not before.
    let ran = scene.run(&[registration.instruction(), signed], &[&owner]);
    assert_refused(ran, RegistryError::ConsentMissing);
}

#[test]
fn another_account_is_not_taken_for_the_instructions_sysvar() {
    let mut scene = Scene::small();
    let (registration, _device, owner, signed) = honest(&mut scene);
    let forged = scene.fresh().pubkey();
    // Bytes as the sysvar would hold them, in an account of the attacker's.
    scene.world.set_account(
        &forged,
        Account {
            lamports: 10_000_000,
            data: vec![0; 512],
            owner: Pubkey::new_from_array([7; 32]),
            executable: false,
            rent_epoch: u64::MAX,
        },
    );
    let mut instruction = registration.instruction();
    for meta in &mut instruction.accounts {
        if meta.pubkey == INSTRUCTIONS_SYSVAR {
            meta.pubkey = forged;
        }
    }
    let ran = scene.run(&[signed, instruction], &[&owner]);
    assert_refused(ran, RegistryError::NotInstructionsSysvar);
}

#[test]
fn an_issuer_is_not_named_without_its_endorsement_of_this_device() {
    let mut scene = Scene::new(Registration::Endorsed, 3, 0);
    let (maker, other) = (scene.manufacturer(), scene.manufacturer());
    let (mut registration, device, owner, _) = honest(&mut scene);
    registration.issuer_key = Some(maker.pubkey().to_bytes());
    let consent = consent(&device, &registration.message());
    let send = |scene: &mut Scene, endorsement| {
        let instructions = registration.instructions(&consent, endorsement);
        scene.run(&instructions, &[&owner])
    };
    assert_refused(send(&mut scene, None), RegistryError::EndorsementMissing);
    // Another issuer's signature.
    let wrong_key = endorsement(&other, &registration.endorsement_message());
    assert_refused(
        send(&mut scene, Some(&wrong_key)),
        RegistryError::EndorsementKey,
    );
    // The right issuer's, of another device.
    let mut sibling = registration.clone();
    sibling.device = scene.fresh().pubkey().to_bytes();
    let message = sibling.endorsement_message();
    let signed = signature_instruction(
        KeyKind::Ed25519,
        &maker.pubkey().to_bytes(),
        &endorsement(&maker, &message).signature,
        &message,
    );
    let mut instructions = registration.instructions(&consent, None);
    instructions.insert(0, signed);
    let ran = scene.run(&instructions, &[&owner]);
    assert_refused(ran, RegistryError::EndorsementMessage);
    // The right one's own device, for which it signed: taken.
    let right = endorsement(&maker, &registration.endorsement_message());
    send(&mut scene, Some(&right)).expect("endorsed");
}

#[test]
fn an_issuer_that_is_retired_of_another_network_or_no_manufacturer_endorses_nothing() {
    let mut scene = Scene::new(Registration::Endorsed, 3, 0);
    let authority = scene.authority.insecure_clone();
    let (maker, partner) = (scene.manufacturer(), scene.fresh());
    let mut add = scene.issuer(partner.pubkey().to_bytes(), KeyKind::Ed25519);
    add.roles = ROLE_PARTNER;
    scene.must(&[add.instruction()], &[&authority]);
    let (base, device, owner, _) = honest(&mut scene);
    let attempt = |scene: &mut Scene, issuer: &Keypair, tamper: Option<Pubkey>| {
        let mut registration = base.clone();
        registration.issuer_key = Some(issuer.pubkey().to_bytes());
        let mut instructions = registration.instructions(
            &consent(&device, &registration.message()),
            Some(&endorsement(issuer, &registration.endorsement_message())),
        );
        if let (Some(account), Some(last)) = (tamper, instructions.last_mut()) {
            last.accounts[3].pubkey = account;
        }
        scene.run(&instructions, &[&owner])
    };
    assert_refused(
        attempt(&mut scene, &partner, None),
        RegistryError::IssuerNotManufacturer,
    );
    // The same key, trusted by another network.
    let (first_network, first_tree) = (scene.network, scene.tree);
    let create = cairn_interface::registry::CreateNetwork {
        payer: scene.payer(),
        authority: authority.pubkey(),
        id: 8,
        guardian: scene.guardian.pubkey(),
        registration: Registration::Open,
    };
    scene.must(&[create.instruction()], &[&authority]);
    scene.network = create.network();
    let foreign = scene.issuer(maker.pubkey().to_bytes(), KeyKind::Ed25519);
    scene.must(&[foreign.instruction()], &[&authority]);
    (scene.network, scene.tree) = (first_network, first_tree);
    assert_refused(
        attempt(&mut scene, &maker, Some(foreign.issuer())),
        RegistryError::WrongNetwork,
    );
    // Retired a moment before.
    let retire = RetireIssuer {
        authority: authority.pubkey(),
        network: scene.network,
        issuer: scene
            .issuer(maker.pubkey().to_bytes(), KeyKind::Ed25519)
            .issuer(),
    };
    scene.must(&[retire.instruction()], &[&authority]);
    assert_refused(
        attempt(&mut scene, &maker, None),
        RegistryError::IssuerRetired,
    );
}

#[test]
fn a_device_is_not_transferred_by_anyone_but_its_owner() {
    let mut scene = Scene::small();
    let (index, device, _owner) = scene.hotspot();
    let thief = scene.fresh();
    // In its own name, with the device's true consent (a stolen device).
    let mut transfer = scene.transfer(index, thief.pubkey());
    transfer.owner = scene.payer();
    let stolen = transfer.by_device(&consent(&device, &transfer.message()));
    assert_refused(scene.run(&stolen, &[]), RegistryError::NotOwner);
    // With a leaf that says it is the owner's.
    transfer.leaf.owner = scene.payer().to_bytes();
    let forged = transfer.by_device(&consent(&device, &transfer.message()));
    assert_refused(scene.run(&forged, &[]), RegistryError::ProofMismatch);
}

#[test]
fn an_owner_can_not_push_a_device_on_someone_who_did_not_agree() {
    let mut scene = Scene::small();
    let (index, device, owner) = scene.hotspot();
    let victim = scene.fresh().pubkey();
    let transfer = scene.transfer(index, victim);
    // Neither the new owner nor the device signs.
    let mut bare = transfer.by_device(&consent(&device, &transfer.message()))[1].clone();
    assert_refused(
        scene.run(&[bare.clone()], &[&owner]),
        RegistryError::ConsentMissing,
    );
    for meta in &mut bare.accounts {
        if meta.pubkey == INSTRUCTIONS_SYSVAR {
            meta.pubkey = DEVICE_REGISTRY;
        }
    }
    assert_refused(scene.run(&[bare], &[&owner]), RegistryError::ConsentMissing);
    // The device agreed to somebody else.
    let other = scene.transfer(index, scene.payer());
    let [_, instruction] = transfer.by_device(&consent(&device, &transfer.message()));
    let [signed, _] = other.by_device(&consent(&device, &other.message()));
    assert_refused(
        scene.run(&[signed, instruction.clone()], &[&owner]),
        RegistryError::ConsentMessage,
    );
    // Another device agreed.
    let stranger = scene.fresh();
    let signed = signature_instruction(
        KeyKind::Ed25519,
        &stranger.pubkey().to_bytes(),
        &consent(&stranger, &transfer.message()).signature,
        &transfer.message(),
    );
    assert_refused(
        scene.run(&[signed, instruction], &[&owner]),
        RegistryError::ConsentKey,
    );
}

#[test]
fn a_transfer_consent_works_once() {
    let mut scene = Scene::small();
    let (index, device, owner) = scene.hotspot();
    let next = scene.fresh();
    let transfer = scene.transfer(index, next.pubkey());
    let consent = consent(&device, &transfer.message());
    scene.must(&transfer.by_device(&consent), &[&owner]);
    let leaf = DeviceLeaf {
        owner: next.pubkey().to_bytes(),
        sequence: 1,
        ..transfer.leaf
    };
    scene.follow(index, leaf);
    // Handed back by both, then the old consent again: the sequence has moved on.
    let back = scene.transfer(index, owner.pubkey());
    scene.must(&[back.by_both_owners()], &[&next, &owner]);
    scene.follow(
        index,
        DeviceLeaf {
            owner: owner.pubkey().to_bytes(),
            sequence: 2,
            ..leaf
        },
    );
    let fresh = scene.transfer(index, next.pubkey());
    let [_, instruction] = fresh.by_device(&consent);
    let [old, _] = transfer.by_device(&consent);
    assert_refused(
        scene.run(&[old, instruction], &[&owner]),
        RegistryError::ConsentMessage,
    );
    assert_refused(
        scene.run(&transfer.by_device(&consent), &[&owner]),
        RegistryError::LeafChanged,
    );
}

#[test]
fn a_banned_device_can_not_be_moved_to_wash_its_ban() {
    let mut scene = Scene::small();
    let (index, device, owner) = scene.hotspot();
    let honest = scene.transfer(index, scene.payer());
    scene.banned(index);
    let next = scene.fresh();
    let transfer = scene.transfer(index, next.pubkey());
    assert_refused(
        scene.run(&[transfer.by_both_owners()], &[&owner, &next]),
        RegistryError::DeviceBanned,
    );
    let by_device = transfer.by_device(&consent(&device, &transfer.message()));
    assert_refused(
        scene.run(&by_device, &[&owner]),
        RegistryError::DeviceBanned,
    );
    // With the leaf from before the ban, and with one that calls itself active.
    assert_refused(
        scene.run(
            &honest.by_device(&consent(&device, &honest.message())),
            &[&owner],
        ),
        RegistryError::LeafChanged,
    );
    let mut washed = transfer.clone();
    washed.leaf.status = STATUS_ACTIVE;
    assert_refused(
        scene.run(&[washed.by_both_owners()], &[&owner, &next]),
        RegistryError::ProofMismatch,
    );
}

#[test]
fn one_device_s_proof_moves_no_other() {
    let mut scene = Scene::new(Registration::Open, 6, 2);
    let (first, _, owner) = scene.hotspot();
    let (second, _, _) = scene.hotspot();
    let next = scene.fresh();
    let base = scene.transfer(first, next.pubkey());
    let both = |scene: &mut Scene, transfer: &cairn_interface::registry::TransferDevice| {
        scene.run(&[transfer.by_both_owners()], &[&owner, &next])
    };
    // At another index, the same leaf is another leaf.
    let mut elsewhere = base.clone();
    (elsewhere.index, elsewhere.proof) = (second, scene.whole.proof(second));
    assert_refused(both(&mut scene, &elsewhere), RegistryError::ProofMismatch);
    // Past the last device.
    let mut beyond = base.clone();
    (beyond.index, beyond.proof) = (2, scene.whole.proof(2));
    assert_refused(both(&mut scene, &beyond), RegistryError::IndexOutOfRange);
    // Proofs of the wrong length, age or content.
    let mut short = base.clone();
    short.proof.pop();
    assert_refused(both(&mut scene, &short), RegistryError::ProofLength);
    let mut long = base.clone();
    long.proof.push([0; 32]);
    assert_refused(both(&mut scene, &long), RegistryError::ProofLength);
    let mut future = base.clone();
    future.proof_sequence += 1;
    assert_refused(both(&mut scene, &future), RegistryError::ProofStale);
    let mut forged = base.clone();
    forged.proof[3][0] ^= 1;
    assert_refused(both(&mut scene, &forged), RegistryError::ProofMismatch);
    // In another tree.
    let (old_tree, whole) = (scene.tree, scene.whole.clone());
    scene.open_tree(6, 2);
    let mut other = base.clone();
    other.tree = scene.tree;
    other.proof_sequence = 0;
    assert_refused(both(&mut scene, &other), RegistryError::IndexOutOfRange);
    (scene.tree, scene.whole) = (old_tree, whole);
    both(&mut scene, &base).expect("the honest one");
}

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
