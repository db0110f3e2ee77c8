//! The list every Solana program is tried with: signers, owners, types, duplicates, sysvars, programs.

use cairn_interface::{
    ids::{REWARD_VAULT, SYSTEM_PROGRAM},
    vault::{
        Pause, ProposeAdmin, SetGuardian, SetKeepers, Unpause, VaultError, VetoEpoch,
        epoch_address, event_authority, member_page_address,
    },
};
use cairn_merkle::EpochNumber;
use cairn_testkit::{assert_refused, assert_refused_among};
use solana_sdk::{
    instruction::{AccountMeta, Instruction, InstructionError},
    pubkey::Pubkey,
};

use super::scene::{Ran, Scene, WEEK, address, key};

fn is(ran: Ran, expected: &InstructionError) {
    cairn_testkit::assert_failed(ran, expected);
}

/// Every instruction that somebody must sign, as its rightful signer would send it.
fn signed(scene: &Scene) -> Vec<Instruction> {
    let (pool, admin) = (scene.pool, address("admin"));
    vec![
        ProposeAdmin {
            admin,
            pool,
            new_admin: admin,
        }
        .instruction(),
        SetGuardian {
            admin,
            pool,
            outgoing: None,
            guardian: address("stranger"),
        }
        .instruction(),
        SetKeepers {
            admin,
            pool,
            keepers: vec![admin],
            threshold: 1,
        }
        .instruction(),
        Pause {
            authority: admin,
            pool,
        }
        .instruction(),
        Unpause { admin, pool }.instruction(),
        VetoEpoch {
            guardian: admin,
            pool,
            number: EpochNumber::new(2),
            reason: 0,
        }
        .instruction(),
        scene.attestation("keeper 2", 2).instruction(),
    ]
}

#[test]
fn a_missing_signature_is_missed_by_every_instruction() {
    let (mut scene, first) = Scene::with_first_epoch(&[10, 20]);
    scene.world.warp(WEEK);
    scene.propose(2, &first).unwrap();
    for mut instruction in signed(&scene) {
        assert!(instruction.accounts[0].is_signer);
        instruction.accounts[0].is_signer = false;
        is(
            scene.run(&[instruction], &[]),
            &InstructionError::MissingRequiredSignature,
        );
    }
}

#[test]
fn accounts_of_another_type_are_no_pool_epoch_or_page() {
    let (mut scene, first) = Scene::with_first_epoch(&[10, 20]);
    // Another pool's: an account that stands in the instruction already is refused as a double, whatever its type.
    let own = scene.pool;
    let mut creation = scene.create_pool();
    creation.id = 1;
    scene.must(&[creation.instruction()], &["admin"]);
    scene.pool = creation.pool();
    let others = scene.rewards(&[10]);
    scene.fund(10).unwrap();
    scene.run_epoch(1, &others);
    scene.open_page(0).unwrap();
    let (pool, epoch) = (scene.pool, epoch_address(&scene.pool, EpochNumber::FIRST).0);
    let page = member_page_address(&scene.pool, 0).0;
    scene.pool = own;
    for (position, wrong) in [
        (0, epoch),
        (0, page),
        (1, pool),
        (1, page),
        (2, pool),
        (2, epoch),
    ] {
        let mut claim = scene.claim_of(1, &first, 0).instruction();
        claim.accounts[position].pubkey = wrong;
        assert_refused_among(
            scene.run(&[claim], &[]),
            &["AccountDataTooSmall", "InvalidAccountData"],
        );
    }
    assert_eq!(scene.pool().total_claimed, 0);
}

#[test]
fn accounts_of_another_program_are_refused() {
    let (mut scene, first) = Scene::with_first_epoch(&[10, 20]);
    let mut with = |position: usize| {
        let mut claim = scene.claim_of(1, &first, 0).instruction();
        claim.accounts[position].pubkey = scene.network;
        scene.run(&[claim], &[])
    };
    // A network is shorter than a pool, and its length is looked at first where the account is to be written.
    is(with(0), &InstructionError::AccountDataTooSmall);
    assert_refused(with(1), VaultError::EpochUnknown);
    assert_refused(with(2), VaultError::PageMissing);
}

#[test]
fn a_copy_of_a_pool_under_another_owner_is_no_pool() {
    let (mut scene, _) = Scene::with_first_epoch(&[10]);
    let mut copy = scene.world.expect_account(&scene.pool);
    copy.owner = SYSTEM_PROGRAM;
    let elsewhere = Pubkey::new_unique();
    scene.world.set_account(&elsewhere, copy);
    let stop = Pause {
        authority: address("admin"),
        pool: elsewhere,
    };
    is(
        scene.run(&[stop.instruction()], &["admin"]),
        &InstructionError::IllegalOwner,
    );
}

#[test]
fn one_account_in_two_writable_places_is_refused() {
    let (mut scene, first) = Scene::with_first_epoch(&[10]);
    scene.world.warp(WEEK);
    scene.prepare(2, &first);
    let mut activation = scene.activation(2).instruction();
    // The pending epoch as its own predecessor.
    activation.accounts[2].pubkey = activation.accounts[1].pubkey;
    let refused = scene.run(&[activation], &[]).unwrap_err();
    assert_eq!(refused.code, Some(2_040), "{refused:?}");
}

#[test]
fn nobody_else_can_emit_an_event() {
    let mut scene = Scene::new();
    let mut data = 0x1d9a_cb51_2ea5_45e4_u64.to_le_bytes().to_vec();
    data.extend([0; 64]);
    let unsigned = Instruction::new_with_bytes(
        REWARD_VAULT,
        &data,
        vec![AccountMeta::new_readonly(event_authority(), false)],
    );
    is(
        scene.run(&[unsigned], &[]),
        &InstructionError::MissingRequiredSignature,
    );
    let own_key = Instruction::new_with_bytes(
        REWARD_VAULT,
        &data,
        vec![AccountMeta::new_readonly(address("stranger"), true)],
    );
    let ran = scene.world.send(&[own_key], &[&key("stranger")]);
    is(ran, &InstructionError::InvalidSeeds);
}

#[test]
fn another_event_authority_is_refused() {
    let (mut scene, first) = Scene::with_first_epoch(&[10]);
    let mut claim = scene.claim_of(1, &first, 0).instruction();
    let at = claim.accounts.len() - 2;
    claim.accounts[at].pubkey = address("stranger");
    is(scene.run(&[claim], &[]), &InstructionError::InvalidSeeds);
}

#[test]
fn unknown_instructions_and_missing_accounts_are_refused() {
    let (mut scene, first) = Scene::with_first_epoch(&[10]);
    for data in [&[][..], &[41], &[255, 255], &[200; 700]] {
        let unknown = Instruction::new_with_bytes(REWARD_VAULT, data, Vec::new());
        is(
            scene.run(&[unknown], &[]),
            &InstructionError::InvalidInstructionData,
        );
    }
    let good = scene.claim_of(1, &first, 0).instruction();
    for count in 0..good.accounts.len() {
        let mut claim = good.clone();
        claim.accounts.truncate(count);
        let refused = scene.run(&[claim], &[]).unwrap_err();
        assert_eq!(refused.name, "NotEnoughAccountKeys", "{count} accounts");
    }
}
