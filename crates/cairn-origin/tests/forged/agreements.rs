//! What a ruleset says was agreed with issuers, against the issuers on chain.

use cairn_epoch::{Payer, Task};
use cairn_merkle::{Credits, Tokens};
use cairn_origin::insist;
use cairn_scene::seed;

use crate::scene::Scene;

fn task(carrier: [u8; 32], carrier_kind: u8) -> Task {
    Task {
        id: 7,
        name: "activate an eSIM".to_owned(),
        carrier,
        carrier_kind,
        credits: Credits::new(500),
        credits_per_epoch: Credits::new(500),
    }
}

fn payer(carrier: [u8; 32], carrier_kind: u8) -> Payer {
    Payer {
        id: 7,
        name: "a travel eSIM".to_owned(),
        wallet: seed("payer", 1),
        carrier,
        carrier_kind,
        tokens_per_unit: Tokens::new(500),
    }
}

#[tokio::test]
async fn a_payer_s_carrier_is_an_issuer_with_that_role_and_key() {
    let scene = Scene::new();
    let partner = seed("partner", 1);
    for (carrier, kind, problem) in [
        (seed("stranger", 1), 0, "is no issuer of the network"),
        (partner, 2, "is registered with another kind of key"),
        (partner, 0, "is an issuer without that role"),
    ] {
        let finding = scene.payers(vec![payer(carrier, kind)]).await;
        let told = insist(&[finding]).unwrap_err().to_string();
        assert!(
            told.contains("[[payer]] 7: its carrier") && told.contains(problem),
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_task_s_carrier_is_an_issuer_with_that_role_and_key() {
    let scene = Scene::new();
    assert!(insist(&[scene.agreements(Vec::new()).await]).is_ok());
    let partner = seed("partner", 1);
    for (carrier, kind, problem) in [
        (seed("stranger", 1), 0, "is no issuer of the network"),
        (partner, 2, "is registered with another kind of key"),
        (partner, 0, "is an issuer without that role"),
    ] {
        let finding = scene.agreements(vec![task(carrier, kind)]).await;
        let fault = insist(&[finding]).unwrap_err();
        let told = fault.to_string();
        assert!(
            told.contains("[[task]] 7: its carrier") && told.contains(problem),
            "{told}"
        );
        assert!(fault.hint().contains("add-issuer"));
    }
}
