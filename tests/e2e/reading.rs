use cairn_client::{AccountFilter, ClientError, Ledger};
use cairn_interface::{
    ids,
    registry::{CreateNetwork, NetworkView, Registration},
};
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};

use crate::stage::{funded, must, network};

#[tokio::test(flavor = "multi_thread")]
async fn a_creators_networks_and_their_past_are_found_without_an_indexer() {
    let network = network().await;
    let ledger = network.ledger().expect("a client");
    let creator = funded(network).await;
    let mut created = Vec::new();
    for id in [1, 2] {
        let create = CreateNetwork {
            payer: creator.pubkey(),
            authority: creator.pubkey(),
            id,
            guardian: creator.pubkey(),
            registration: Registration::Closed,
        };
        let receipt = must(&ledger, &[create.instruction()], &creator, &[]).await;
        created.push((create.network(), receipt));
    }

    // By a field of the account, on the node's side.
    let by_authority = AccountFilter::Bytes {
        offset: 8,
        bytes: creator.pubkey().to_bytes().to_vec(),
    };
    let found = ledger
        .program_accounts(&ids::DEVICE_REGISTRY, &[by_authority])
        .await
        .expect("an answer");
    let mut expected: Vec<Pubkey> = created.iter().map(|(address, _)| *address).collect();
    expected.sort();
    assert_eq!(
        found
            .iter()
            .map(|(address, _)| *address)
            .collect::<Vec<_>>(),
        expected
    );
    for (address, account) in &found {
        NetworkView::decode(*address, account).expect("a network");
    }

    // All in one look, and what is not there is none.
    let nobody = Pubkey::new_unique();
    let snapshot = ledger
        .snapshot(&[expected[0], nobody, expected[1]])
        .await
        .expect("an answer");
    let there: Vec<bool> = snapshot.accounts.iter().map(Option::is_some).collect();
    assert_eq!(there, [true, false, true]);
    assert!(snapshot.slot >= created[1].1.slot);

    // The past of one of them: the transaction that made it, with its fee.
    let (address, receipt) = &created[0];
    let past = ledger.history(address, None, 10).await.expect("an answer");
    assert_eq!(past.len(), 1);
    assert_eq!(
        (past[0].signature, &past[0].error),
        (receipt.signature, &None)
    );
    let older = ledger
        .history(address, Some(receipt.signature), 10)
        .await
        .expect("an answer");
    assert_eq!(older, []);
    let executed = ledger
        .transaction(&receipt.signature)
        .await
        .expect("an answer")
        .expect("the transaction");
    assert_eq!((executed.fee, executed.error), (receipt.fee, None));
    assert_eq!(executed.accounts[0], creator.pubkey());
}

#[tokio::test(flavor = "multi_thread")]
async fn more_accounts_than_one_request_holds_are_fetched_in_order() {
    let network = network().await;
    let ledger = network.ledger().expect("a client");
    let mut keys: Vec<Pubkey> = (0..250).map(|_| Pubkey::new_unique()).collect();
    let known = network.key("alice").expect("alice").pubkey();
    keys[101] = known;
    keys[249] = known;
    let accounts = ledger.accounts(&keys).await.expect("an answer");
    let there: Vec<usize> = accounts
        .iter()
        .enumerate()
        .filter_map(|(at, account)| account.as_ref().map(|_| at))
        .collect();
    assert_eq!((accounts.len(), there), (250, vec![101, 249]));
    let Err(ClientError::BadAnswer { reason, .. }) = ledger.snapshot(&keys).await else {
        panic!("one snapshot of 250");
    };
    assert!(reason.contains("at most 100"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_faucet_gives_lamports_and_rent_is_asked_from_the_node() {
    let network = network().await;
    let ledger = network.ledger().expect("a client");
    let key = Keypair::new().pubkey();
    ledger
        .request_airdrop(&key, 2_000_000)
        .await
        .expect("lamports");
    let account = ledger.account(&key).await.expect("an answer");
    assert_eq!(account.expect("an account").lamports, 2_000_000);
    let empty = ledger.minimum_balance(0).await.expect("an answer");
    let page = ledger.minimum_balance(10_128).await.expect("an answer");
    assert!(page > empty && page < 170_000 * 420, "{empty} {page}");
}
