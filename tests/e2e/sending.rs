use cairn_client::{CommitmentLevel, Ledger, RpcLedger, Signed, land, prepare, simulate};
use cairn_localnet::{Localnet, Travel};
use futures::future::join_all;
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};
use solana_system_interface::instruction::transfer;

use crate::own::start;
use crate::stage::{WEEK, attempt, funded, network, options};

/// 5,000,000 lamports to somebody new, signed and not handed over.
async fn payment(network: &Localnet) -> (RpcLedger, Pubkey, Signed) {
    let ledger = network.ledger().expect("a client");
    let payer = funded(network).await;
    let to = Pubkey::new_unique();
    let pay = [transfer(&payer.pubkey(), &to, 5_000_000)];
    let signed = prepare(&ledger, &pay, &payer.pubkey(), &[&payer], &options()).await;
    (ledger, to, signed.expect("signed"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journaled_transaction_lands_after_a_restart_and_only_once() {
    let network = network().await;
    let (ledger, to, signed) = payment(network).await;
    let journal = serde_json::to_string(&signed).expect("written");

    // The next start reads it back and brings it to its end, and so does the one after.
    let resumed: Signed = serde_json::from_str(&journal).expect("read");
    let first = land(&ledger, &resumed, &options()).await.expect("landed");
    let second = land(&ledger, &resumed, &options()).await.expect("landed");
    assert_eq!(first.signature, second.signature);
    let received = ledger.account(&to).await.expect("an answer");
    assert_eq!(received.expect("an account").lamports, 5_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_changes_nothing_and_needs_no_signature() {
    let network = network().await;
    let ledger = network.ledger().expect("a client");
    let payer = funded(network).await;
    let to = Pubkey::new_unique();
    let cost = simulate(
        &ledger,
        &[transfer(&payer.pubkey(), &to, 5_000_000)],
        &payer.pubkey(),
        &options(),
    )
    .await
    .expect("it would work");
    assert!(cost.compute_units > 0);
    assert_eq!(cost.fee, 5_000);
    assert_eq!(ledger.account(&to).await.expect("an answer"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_transactions_at_once_all_land() {
    let network = network().await;
    let ledger = network.ledger().expect("a client");
    let payers: Vec<Keypair> = join_all((0..24).map(|_| funded(network))).await;
    let to = Pubkey::new_unique();
    let sent = payers.iter().map(|payer| {
        let pay = [transfer(&payer.pubkey(), &to, 1_000_000)];
        let ledger = &ledger;
        async move { attempt(ledger, &pay, payer, &[]).await }
    });
    for outcome in join_all(sent).await {
        outcome.expect("landed");
    }
    let received = ledger.account(&to).await.expect("an answer");
    assert_eq!(received.expect("an account").lamports, 24_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn time_moves_for_programs_and_a_transaction_signed_before_still_lands() {
    // Its own: what others send meanwhile makes blocks, and enough of them would outdate the signature.
    let (network, _files) = start().await;
    let (ledger, _, signed) = payment(&network).await;

    let before = ledger.clock().await.expect("a clock").unix_timestamp;
    let arrived = network.travel(Travel::By(WEEK)).await.expect("a week");
    assert!(arrived >= before + 604_800, "{before} {arrived}");
    land(&ledger, &signed, &options()).await.expect("landed");

    // Later blocks go on from there, and the clock does not fall back.
    let after = ledger.clock().await.expect("a clock").unix_timestamp;
    assert!(after >= arrived, "{arrived} {after}");
    let slot = ledger
        .slot(CommitmentLevel::Confirmed)
        .await
        .expect("a slot");
    assert!(slot > 0);
    network.stop().expect("stopped");
}
