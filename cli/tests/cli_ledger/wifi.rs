//! Access points as people see them: whose word is signed, and what a file of them is worth.

use std::path::PathBuf;

use cairn::command::wifi::offer::Offered;
use cairn::command::wifi::statement::{Access, Point, WifiFile};
use cairn::command::wifi::{offer, show};
use cairn::error::{CliError, Exit};
use cairn::moment::Seconds;
use cairn::printer::Outcome;
use cairn_epoch::{NetworkTerms, Operator};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::stage::{Stage, page, terms};

const CELL: u64 = 0x0892_a100_d2c3_ffff;

fn offering(stage: &Stage) -> offer::Args {
    offer::Args {
        device: Some(stage.devices[0].0.pubkey()),
        cell: None,
        ssid: "Corner Cafe".to_owned(),
        access: Access::Portal,
        terms: "Free for an hour.".to_owned(),
        valid: Seconds(90 * 86_400),
        list: list(stage),
        network: stage.network_arg(),
        files: stage.files_arg(),
    }
}

fn list(stage: &Stage) -> PathBuf {
    stage.data.path().join("wifi.json")
}

async fn offered(stage: &Stage, key: &Keypair, args: &offer::Args) -> Result<Offered, CliError> {
    offer::run(&stage.context(key), args).await
}

#[tokio::test]
async fn of_a_device_its_owner_speaks_and_of_a_point_in_no_registry_an_operator() {
    let stage = Stage::new().await;
    let desk = Keypair::new();
    let named = NetworkTerms {
        operators: vec![Operator {
            name: "desk".to_owned(),
            key: desk.pubkey().to_bytes(),
            key_kind: 0,
        }],
        ..terms()
    };
    stage.close_under(1, 3, &named);
    let device = offering(&stage);
    let cell = offer::Args {
        device: None,
        cell: Some(CELL),
        ..device.clone()
    };
    let owner = stage.owner(0);
    let told = offered(&stage, owner, &device).await.unwrap();
    assert!(told.message.starts_with("cairn/wifi/1\nnetwork "));
    assert!(page(&told).contains("Corner Cafe"));
    // Said once more, it stands in the place of what was said before.
    let again = offer::Args {
        ssid: "Corner".to_owned(),
        ..device.clone()
    };
    assert_eq!(offered(&stage, owner, &again).await.unwrap().points, 1);
    assert_eq!(offered(&stage, &desk, &cell).await.unwrap().points, 2);

    for (key, args, code) in [
        (&desk, &device, "not-owner"),
        (stage.owner(1), &device, "not-owner"),
        (owner, &cell, "not-operator"),
    ] {
        assert_eq!(offered(&stage, key, args).await.unwrap_err().code(), code);
    }
    let long = offer::Args {
        valid: Seconds(400 * 86_400),
        ..device.clone()
    };
    assert_eq!(
        offered(&stage, owner, &long).await.unwrap_err().exit(),
        Exit::Usage
    );
    let file = WifiFile::read(&list(&stage), &stage.network).unwrap();
    assert_eq!(file.points.len(), 2);
    assert_eq!(
        file.points[1].point,
        Point::Cell("892a100d2c3ffff".to_owned())
    );
}

#[tokio::test]
async fn what_somebody_changed_in_the_file_is_not_shown_and_the_exit_says_so() {
    let stage = Stage::new().await;
    stage.close(1, 3);
    let args = offering(&stage);
    offered(&stage, stage.owner(0), &args).await.unwrap();
    let showing = show::Args {
        list: list(&stage),
        network: stage.network_arg(),
        files: stage.data.path().into(),
    };
    let ctx = stage.as_authority();
    let shown = show::run(&ctx, &showing).await.unwrap();
    assert_eq!(shown.points[0].refused, None);
    assert_eq!(Outcome::exit(&shown), Exit::Done);

    let text = std::fs::read_to_string(list(&stage)).unwrap();
    std::fs::write(list(&stage), text.replace("Corner Cafe", "Evil Twin")).unwrap();
    let shown = show::run(&ctx, &showing).await.unwrap();
    assert_eq!(
        shown.points[0].refused.as_deref(),
        Some("who it names did not sign it")
    );
    assert_eq!(Outcome::exit(&shown), Exit::Failed);
    assert!(page(&shown).contains("Evil Twin"));
}
