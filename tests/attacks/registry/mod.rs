//! ATTACKS row 20 and the sealevel list on device-registry's built program: each attack by name, each refusal by code.

mod authority;
mod consent;
mod every_instruction;
mod issuer;
mod keys;
mod precompile;
mod transfer;

use cairn_interface::registry::{KeyKind, RegisterDevice, signature_instruction};
use cairn_testkit::registry::{Ran, Scene, consent};
use solana_sdk::{instruction::Instruction, signature::Keypair};

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
