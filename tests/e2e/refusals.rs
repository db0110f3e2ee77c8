use std::net::TcpListener;

use cairn_client::{Class, ClientError, Ledger, RpcLedger};
use cairn_interface::{
    ids,
    registry::{CreateNetwork, Registration, RegistryError},
};
use solana_sdk::{
    hash::Hash, instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer,
    transaction::TransactionError,
};
use solana_system_interface::instruction::transfer;

use crate::stage::{attempt, funded, must, network};

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_not_there_is_named_with_the_place_that_was_asked() {
    let network = network().await;
    let ledger = network.ledger().expect("a client");
    let payer = funded(network).await;
    let program = Pubkey::new_unique();
    let call = Instruction::new_with_bytes(program, &[1], Vec::new());
    let error = attempt(&ledger, &[call], &payer, &[])
        .await
        .expect_err("nothing lives there");
    match &error {
        ClientError::ProgramMissing {
            program: named,
            url,
        } => {
            assert_eq!((named, url.as_str()), (&program, network.rpc_url()));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(error.class(), Class::User);
    assert!(error.hint().contains("-u"), "{}", error.hint());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_tells_deployed_programs_and_the_right_cluster_from_others() {
    let network = network().await;
    let ledger = network.ledger().expect("a client");
    let genesis = ledger.genesis_hash().await.expect("an answer");
    ledger
        .check(Some(&genesis), &[ids::REWARD_VAULT, ids::DEVICE_REGISTRY])
        .await
        .expect("both are deployed");
    let elsewhere = ledger
        .check(Some(&Hash::new_from_array([7; 32])), &[])
        .await
        .expect_err("another cluster");
    assert!(matches!(elsewhere, ClientError::WrongCluster { .. }));
    let missing = ledger
        .check(None, &[Pubkey::new_unique()])
        .await
        .expect_err("no program");
    assert!(matches!(missing, ClientError::ProgramMissing { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_without_enough_lamports_is_told_how_many_are_missing() {
    let network = network().await;
    let ledger = network.ledger().expect("a client");
    let rich = funded(network).await;
    let to = Pubkey::new_unique();

    // A transfer above the balance: the runtime counts after the fee.
    let balance = 10_000_000_000;
    let error = attempt(
        &ledger,
        &[transfer(&rich.pubkey(), &to, balance)],
        &rich,
        &[],
    )
    .await
    .expect_err("the fee is missing");
    match error {
        ClientError::InsufficientLamports { key, have, need } => {
            // The rest must keep the payer's own account alive.
            assert_eq!(key, rich.pubkey());
            assert!(have < balance && need > balance);
        }
        other => panic!("{other:?}"),
    }

    // A fee payer without an account: what it is told to send, the cluster accepts, and it is enough.
    let poor = Keypair::new();
    let pay = [memo(&poor.pubkey())];
    let error = attempt(&ledger, &pay, &poor, &[])
        .await
        .expect_err("no lamports at all");
    let needed = match error {
        ClientError::InsufficientLamports { key, have, need } => {
            assert_eq!((key, have), (poor.pubkey(), 0));
            need
        }
        other => panic!("{other:?}"),
    };
    let less = [transfer(&rich.pubkey(), &poor.pubkey(), 5_000)];
    let refused = attempt(&ledger, &less, &rich, &[])
        .await
        .expect_err("an account of a fee alone");
    assert!(
        matches!(
            &refused,
            ClientError::InsufficientLamports { .. }
                | ClientError::Transaction {
                    error: TransactionError::InsufficientFundsForRent { .. },
                    ..
                }
        ),
        "{refused:?}"
    );
    let give = [transfer(&rich.pubkey(), &poor.pubkey(), needed)];
    must(&ledger, &give, &rich, &[]).await;
    must(&ledger, &pay, &poor, &[]).await;
}

/// An instruction that takes nothing but its fee.
fn memo(payer: &Pubkey) -> Instruction {
    transfer(payer, payer, 0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programs_refusal_arrives_with_its_rule_and_a_hint() {
    let network = network().await;
    let ledger = network.ledger().expect("a client");
    let payer = funded(network).await;
    let create = CreateNetwork {
        payer: payer.pubkey(),
        authority: payer.pubkey(),
        id: 1,
        guardian: Pubkey::default(),
        registration: Registration::Open,
    };
    let error = attempt(&ledger, &[create.instruction()], &payer, &[])
        .await
        .expect_err("a guardian of zeros");
    assert_eq!(
        error.refusal(),
        Some((ids::DEVICE_REGISTRY, RegistryError::ZeroKey.code()))
    );
    assert!(error.to_string().contains("ZeroKey"), "{error}");
    assert!(!error.hint().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_down_is_an_error_to_retry_that_names_it() {
    // A port that was free a moment ago: nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port();
    let url = format!("http://127.0.0.1:{port}");
    let ledger = RpcLedger::new(&url).expect("a good URL");
    let error = ledger.clock().await.expect_err("nobody answers");
    assert!(matches!(&error, ClientError::Unreachable { url: named, .. } if *named == url));
    assert_eq!(error.class(), Class::Retryable);
    assert!(error.to_string().contains("refused"), "{error}");
    assert!(error.hint().contains("localnet"), "{}", error.hint());
}

#[tokio::test(flavor = "multi_thread")]
async fn something_that_is_not_a_node_is_told_apart_from_one_that_is_down() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4_096];
            let _ = stream.read(&mut request).await;
            let answer =
                "HTTP/1.1 200 OK\r\ncontent-length: 13\r\nconnection: close\r\n\r\nhello, world!";
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    let ledger = RpcLedger::new(&url).expect("a good URL");
    let error = ledger.clock().await.expect_err("not Solana");
    assert!(matches!(error, ClientError::BadAnswer { .. }), "{error:?}");
    assert_eq!(error.class(), Class::Fatal);
}
