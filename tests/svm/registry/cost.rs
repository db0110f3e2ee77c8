//! What an operation costs, and that its transaction fits. The bounds are what was measured, with a little room.

use cairn_interface::registry::Registration;
use solana_sdk::{
    hash::Hash, instruction::Instruction, message::Message, pubkey::Pubkey, signature::Keypair,
    signer::Signer, transaction::Transaction,
};

use cairn_testkit::registry::{Scene, consent};

/// What one transaction may be long.
const TRANSACTION_LEN: usize = 1_232;

/// Bytes of a transaction of `instructions` that the first of `signers` pays for, with a compute limit in front as
/// wallets put it.
fn transaction_len(instructions: &[Instruction], signers: &[&Keypair]) -> usize {
    let mut all = vec![Instruction {
        program_id: "ComputeBudget111111111111111111111111111111"
            .parse()
            .expect("an address"),
        accounts: vec![],
        data: vec![2, 0, 0, 0, 0],
    }];
    all.extend_from_slice(instructions);
    let payer = signers.first().map(|signer| signer.pubkey());
    let message = Message::new(&all, payer.as_ref());
    let transaction = Transaction::new(signers, message, Hash::default());
    let signatures = 1 + 64 * transaction.signatures.len();
    signatures + transaction.message_data().len()
}

#[test]
fn registration_transfer_and_ban_stay_within_their_compute_units() {
    let mut lines = vec![];
    for (depth, canopy, register_max, transfer_max) in [
        (14, 0, 10_500, 20_000),
        (20, 6, 12_000, 23_500),
        (24, 10, 13_000, 25_500),
    ] {
        let mut scene = Scene::new(Registration::Open, depth, canopy);
        scene.hotspot();
        let (device, owner) = (scene.fresh(), scene.fresh());
        let register = scene.register(&device, &owner).compute_units;
        // The worst proof: as old as it may be.
        let next = scene.fresh();
        let transfer = scene.transfer(1, next.pubkey());
        let both = scene
            .must(&[transfer.by_both_owners()], &[&owner, &next])
            .compute_units;
        scene.follow(
            1,
            cairn_interface::registry::DeviceLeaf {
                owner: next.pubkey().to_bytes(),
                sequence: 1,
                ..transfer.leaf
            },
        );
        let old = scene.transfer(1, owner.pubkey());
        for _ in 0..64 {
            scene.hotspot();
        }
        let by_device = old.by_device(&consent(&device, &old.message()));
        let stale = scene.must(&by_device, &[&next]).compute_units;
        lines.push(format!(
            "depth {depth} canopy {canopy}: register {register}, transfer {both}, transfer 64 changes late {stale}"
        ));
        assert!(register <= register_max, "{lines:?}");
        assert!(both <= transfer_max && stale <= transfer_max, "{lines:?}");
    }
    println!("{}", lines.join("\n"));
}

#[test]
fn every_transfer_fits_one_transaction_at_the_depths_and_canopies_we_advise() {
    for (depth, canopy) in [(14, 0), (20, 6), (24, 10)] {
        let mut scene = Scene::new(Registration::Open, depth, canopy);
        let (index, device, owner) = scene.hotspot();
        let next = scene.fresh();
        let transfer = scene.transfer(index, next.pubkey());
        let both = transaction_len(&[transfer.by_both_owners()], &[&owner, &next]);
        let away = scene.transfer(index, Pubkey::new_from_array([9; 32]));
        let by_device = away.by_device(&consent(&device, &away.message()));
        let alone = transaction_len(&by_device, &[&owner]);
        println!(
            "depth {depth} canopy {canopy}: {both} bytes by both owners, {alone} by owner and device"
        );
        assert!(
            both <= TRANSACTION_LEN && alone <= TRANSACTION_LEN,
            "depth {depth}: {both}, {alone}"
        );
        let ban = scene.ban(index);
        let authority = scene.authority.insecure_clone();
        let ban = transaction_len(&[ban.instruction()], &[scene.world.payer(), &authority]);
        assert!(ban <= TRANSACTION_LEN, "depth {depth}: {ban}");
    }
}
