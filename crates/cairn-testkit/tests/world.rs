//! The test world does what its tests rely on.

use cairn_client::{AccountFilter, Ledger};
use cairn_interface::{
    Event, ids,
    registry::{
        CreateNetwork, NetworkCreated, NetworkView, Registration, RegistryError, RegistryEvent,
    },
};
use cairn_testkit::{LiteSvmLedger, World, assert_failed, assert_refused, refusal};
use solana_sdk::{instruction::InstructionError, pubkey::Pubkey, signer::Signer};

fn create(world: &mut World, id: u64) -> CreateNetwork {
    let authority = world.actor("authority").pubkey();
    CreateNetwork {
        payer: world.payer().pubkey(),
        authority,
        id,
        guardian: authority,
        registration: Registration::Closed,
    }
}

#[test]
fn a_network_is_created_and_its_event_is_the_programs_own() {
    let mut world = World::new();
    let authority = world.actor("authority");
    let create = create(&mut world, 3);
    let landed = world.must(&[create.instruction()], &[&authority]);
    assert_eq!(
        landed.events(),
        [Event::DeviceRegistry(RegistryEvent::NetworkCreated(
            NetworkCreated {
                network: create.network(),
                authority: authority.pubkey(),
                guardian: authority.pubkey(),
                id: 3,
                registration: Registration::Closed.byte(),
            }
        ))]
    );
    let view = world.network(&create.network());
    assert_eq!(view.created_at, world.now());
}

#[test]
fn refusals_are_told_apart_by_program_code_and_kind() {
    let mut world = World::new();
    let authority = world.actor("authority");
    let mut spoiled = create(&mut world, 3);
    spoiled.guardian = Pubkey::default();
    let outcome = world.send(&[spoiled.instruction()], &[&authority]);
    assert_refused(outcome.clone(), RegistryError::ZeroKey);
    let (program, code, name) = refusal(outcome);
    assert_eq!(
        (program, code, name.as_str()),
        (
            ids::DEVICE_REGISTRY,
            RegistryError::ZeroKey.code(),
            "ZeroKey"
        )
    );

    // The framework's refusals come as the runtime's own errors.
    let mut unsigned = create(&mut world, 4).instruction();
    unsigned.accounts[1].is_signer = false;
    let outcome = world.send(&[unsigned], &[]);
    assert_failed(outcome, &InstructionError::MissingRequiredSignature);
}

#[test]
fn the_same_instruction_can_be_sent_twice_and_time_moves_only_when_told() {
    let mut world = World::new();
    let to = World::pauper("receiver").pubkey();
    let payer = world.payer().pubkey();
    let pay = solana_system_interface::instruction::transfer(&payer, &to, 1_000_000);
    let before = world.now();
    world.must(std::slice::from_ref(&pay), &[]);
    world.must(&[pay], &[]);
    assert_eq!(world.lamports(&to), 2_000_000);
    assert_eq!(world.now(), before);
    world.warp(60);
    assert_eq!(world.now(), before + 60);
}

#[tokio::test]
async fn the_ledger_in_memory_answers_like_a_node() {
    let mut world = World::new();
    let authority = world.actor("authority");
    let first = create(&mut world, 1);
    let second = create(&mut world, 2);
    let ledger = LiteSvmLedger::new(world);
    for network in [&first, &second] {
        let transaction = ledger.with_world(|world| {
            let payer = world.payer().insecure_clone();
            world.sign(&payer, &[network.instruction()], &[&authority])
        });
        ledger.submit(&transaction).await.expect("submitted");
        ledger.advance_blocks(1);
    }
    let filter = AccountFilter::Bytes {
        offset: 8,
        bytes: authority.pubkey().to_bytes().to_vec(),
    };
    let mut found = ledger
        .program_accounts(&ids::DEVICE_REGISTRY, &[filter])
        .await
        .expect("an answer");
    assert_eq!(found.len(), 2);
    let (address, account) = found.remove(0);
    NetworkView::decode(address, &account).expect("a network");

    let history = ledger
        .history(&authority.pubkey(), None, 10)
        .await
        .expect("an answer");
    assert_eq!(history.len(), 2);
    let older = ledger
        .history(&authority.pubkey(), Some(history[0].signature), 10)
        .await
        .expect("an answer");
    assert_eq!(older, history[1..]);
    let executed = ledger
        .transaction(&history[0].signature)
        .await
        .expect("an answer")
        .expect("the transaction");
    assert!(executed.accounts.contains(&second.network()));
    assert!(!executed.inner.is_empty());
}
