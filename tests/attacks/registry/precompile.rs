//! What the runtime verified must be what the program reads: signature instructions whose parts stand elsewhere, forged sysvars.

use cairn_interface::{
    ids::{ED25519_PROGRAM, INSTRUCTIONS_SYSVAR},
    registry::{KeyKind, RegistryError, signature_instruction},
};
use cairn_testkit::assert_refused;
use cairn_testkit::registry::{Scene, consent};
use solana_sdk::{account::Account, instruction::Instruction, pubkey::Pubkey, signer::Signer};

use super::{after, honest};

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
