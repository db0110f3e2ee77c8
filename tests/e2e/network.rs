use std::os::unix::fs::PermissionsExt;

use cairn_client::{ClientError, Ledger};
use cairn_localnet::{Blocks, Localnet, LocalnetError, Travel};
use solana_sdk::{signature::Keypair, signer::EncodableKey, signer::Signer};

use crate::stage::{DAY, config, network};

#[tokio::test(flavor = "multi_thread")]
async fn the_state_folder_says_where_everything_is_and_keeps_keys_private() {
    let network = network().await;
    let file = network.key_file("alice");
    let mode = std::fs::metadata(&file)
        .expect("the key file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let read = Keypair::read_from_file(&file).expect("a key in Solana's format");
    assert_eq!(read.pubkey(), network.key("alice").expect("alice").pubkey());

    let directory = file
        .parent()
        .and_then(std::path::Path::parent)
        .expect("the state folder")
        .join("localnet.json");
    let text = std::fs::read_to_string(directory).expect("the directory");
    let directory: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(directory["rpc_url"], network.rpc_url());
    assert_eq!(directory["mint"], network.mint().to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_may_start_in_the_past_and_runs_on_from_there() {
    const THEN: i64 = 1_357_000_000;
    let state = tempfile::tempdir().expect("a folder");
    let mut config = config(state.path());
    config.start_at = Some(THEN);
    let network = Localnet::start(config).await.expect("started");
    let ledger = network.ledger().expect("a client");
    let now = ledger.clock().await.expect("a clock").unix_timestamp;
    assert!((THEN..THEN + 60).contains(&now), "{now}");
    let later = network
        .travel(Travel::To(THEN + 1_000_000))
        .await
        .expect("later");
    assert!(
        (THEN + 1_000_000..THEN + 1_000_060).contains(&later),
        "{later}"
    );
    let back = network.travel(Travel::To(THEN)).await;
    assert!(matches!(back, Err(LocalnetError::Past { .. })));
    network.stop().expect("stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fixed_port_serves_one_network_and_the_second_says_who_has_it() {
    let state = tempfile::tempdir().expect("a folder");
    let port = free_pair();
    let mut first = config(state.path());
    first.port = Some(port);
    first.blocks = Blocks::Every(std::time::Duration::from_millis(50));
    let network = Localnet::start(first.clone()).await.expect("started");
    assert_eq!(network.rpc_url(), format!("http://127.0.0.1:{port}"));
    let ledger = network.ledger().expect("a client");
    let now = ledger.clock().await.expect("it answers there");
    // Blocks go on by themselves here, and a journey holds among them too.
    let later = network.travel(Travel::By(DAY)).await.expect("a day");
    assert!(later >= now.unix_timestamp + 86_400);
    network
        .mint_to(&solana_sdk::pubkey::Pubkey::new_unique(), 7)
        .await
        .expect("a transaction after the journey");
    let Err(taken) = Localnet::start(first).await else {
        panic!("the port is taken");
    };
    assert!(matches!(taken, LocalnetError::Port { port: named, .. } if named == port));
    assert!(taken.hint().contains("--port"));
    network.stop().expect("stopped");
    let silent = ledger
        .clock()
        .await
        .expect_err("it still answers after stopping");
    assert!(
        matches!(silent, ClientError::Unreachable { .. }),
        "{silent:?}"
    );
}

/// A port that is free together with the next one.
fn free_pair() -> u16 {
    (20_000..60_000)
        .step_by(7)
        .find(|port| {
            std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok()
                && std::net::TcpListener::bind(("127.0.0.1", port + 1)).is_ok()
        })
        .expect("two free ports")
}
