use cairn_client::Ledger;
use cairn_interface::{
    Event, events, ids,
    registry::{
        Consent, CreateNetwork, CreateTree, DeviceLeaf, DeviceTransferred, DeviceTreeView,
        ImportTree, NetworkView, PutTreeCanopy, RegisterDevice, Registration, RegistryEvent,
        SetStatus, TransferDevice, TreeState, cell_location, constants,
    },
};
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};

use crate::stage::{attempt, funded, must, network};

const SHAPE: (u8, u8) = (14, 3);
const CELL: u64 = 0x0892_a100_d2d7_ffff;

fn leaf(device: u8, owner: &Keypair) -> DeviceLeaf {
    DeviceLeaf {
        device: [device; 32],
        owner: owner.pubkey().to_bytes(),
        issuer: [0; 32],
        hardware: [0; 32],
        location: cell_location(CELL),
        sequence: 0,
        model: 1,
        reason: 0,
        country: *b"US",
        class: constants::CLASS_NETWORK,
        location_kind: constants::LOCATION_CELL,
        status: constants::STATUS_ACTIVE,
    }
}

fn consent(device: &Keypair, message: &[u8]) -> Consent {
    Consent {
        signature: device.sign_message(message).into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn imported_and_consenting_devices_stand_in_one_tree_and_change_hands() {
    let network = network().await;
    let ledger = network.ledger().expect("a client");
    let authority = funded(network).await;
    let owner = funded(network).await;
    let buyer = funded(network).await;
    let create = CreateNetwork {
        payer: authority.pubkey(),
        authority: authority.pubkey(),
        id: 1,
        guardian: authority.pubkey(),
        registration: Registration::Open,
    };
    must(&ledger, &[create.instruction()], &authority, &[]).await;
    let tree = CreateTree {
        payer: authority.pubkey(),
        authority: authority.pubkey(),
        network: create.network(),
        index: 0,
        depth: SHAPE.0,
        canopy_depth: SHAPE.1,
    };
    let steps = tree.instructions().expect("a shape that exists");
    must(&ledger, &steps, &authority, &[]).await;

    // Five devices come by import, with the part of the canopy that stands above them.
    let leaves: Vec<DeviceLeaf> = (1..=5).map(|device| leaf(device, &owner)).collect();
    let (import, mut prepared) = ImportTree::prepare(
        authority.pubkey(),
        create.network(),
        tree.tree(),
        SHAPE,
        &leaves,
        [9; 32],
    )
    .expect("they fit");
    for part in PutTreeCanopy::all(authority.pubkey(), create.network(), tree.tree(), &prepared) {
        must(&ledger, &[part.instruction()], &authority, &[]).await;
    }
    must(&ledger, &[import.instruction()], &authority, &[]).await;
    let view = tree_of(&ledger, tree.tree()).await;
    assert_eq!(
        (view.state(), view.next_index, view.imported),
        (TreeState::Ready, 5, 5)
    );
    assert_eq!(view.root, prepared.root());

    // The sixth registers itself: its own signature, checked by the precompile.
    let device = Keypair::new();
    let register = RegisterDevice {
        owner: owner.pubkey(),
        network: create.network(),
        tree: tree.tree(),
        index: view.next_index,
        device: device.pubkey().to_bytes(),
        hardware: [0; 32],
        location: cell_location(CELL),
        location_kind: constants::LOCATION_CELL,
        model: 1,
        country: *b"US",
        class: constants::CLASS_NETWORK,
        issuer_key: None,
    };
    let forged = consent(&Keypair::new(), &register.message());
    let refused = attempt(&ledger, &register.instructions(&forged, None), &owner, &[]).await;
    let refused = refused.expect_err("another key's signature");
    // The precompile's InvalidSignature.
    assert_eq!(
        refused.refusal(),
        Some((ids::ED25519_PROGRAM, 2)),
        "{refused:?}"
    );
    let signed = consent(&device, &register.message());
    must(&ledger, &register.instructions(&signed, None), &owner, &[]).await;
    let tree_address = tree.tree().to_bytes();
    prepared
        .set(5, register.leaf().hash(&tree_address, 5))
        .expect("the next index");
    assert_eq!(tree_of(&ledger, tree.tree()).await.root, prepared.root());

    // Its owner hands it on, and the device agrees.
    let transfer = TransferDevice {
        owner: owner.pubkey(),
        new_owner: buyer.pubkey(),
        network: create.network(),
        tree: tree.tree(),
        leaf: register.leaf(),
        index: 5,
        proof_sequence: tree_of(&ledger, tree.tree()).await.sequence,
        proof: prepared.proof(5),
    };
    let agreed = consent(&device, &transfer.message());
    let receipt = must(&ledger, &transfer.by_device(&agreed), &owner, &[]).await;
    let executed = ledger
        .transaction(&receipt.signature)
        .await
        .expect("an answer")
        .expect("the transaction");
    let inner = executed
        .inner
        .iter()
        .map(|call| (&call.program, call.data.as_slice()));
    let said: Vec<Event> = events(inner).collect();
    let [
        Event::DeviceRegistry(RegistryEvent::DeviceTransferred(DeviceTransferred {
            leaf: now,
            ..
        })),
    ] = said.as_slice()
    else {
        panic!("{said:?}");
    };
    assert_eq!(now.owner, buyer.pubkey().to_bytes());
    prepared
        .set(5, now.hash(&tree_address, 5))
        .expect("it stands there");

    // One of the imported ones is banned.
    let ban = SetStatus {
        authority: authority.pubkey(),
        network: create.network(),
        tree: tree.tree(),
        leaf: leaves[2],
        index: 2,
        proof_sequence: tree_of(&ledger, tree.tree()).await.sequence,
        proof: prepared.proof(2),
        status: constants::STATUS_BANNED,
        reason: 7,
        evidence: [3; 32],
    };
    must(&ledger, &[ban.instruction()], &authority, &[]).await;
    let account = ledger.account(&create.network()).await.expect("an answer");
    let view = NetworkView::decode(create.network(), &account.expect("the network"));
    let view = view.expect("a network");
    assert_eq!((view.devices, view.banned), (6, 1));
}

async fn tree_of(ledger: &impl Ledger, address: Pubkey) -> DeviceTreeView {
    let account = ledger.account(&address).await.expect("an answer");
    DeviceTreeView::decode(address, &account.expect("the tree")).expect("a tree")
}
