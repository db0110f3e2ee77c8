//! What a proof would earn, asked before there is one.

use cairn::command::proof::simulate;
use cairn_merkle::EpochNumber;
use cairn_proof::{Body, HotspotBeat};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer as _;

use crate::stage::{Stage, page};

/// A beat of the first device in an hour of epoch 1 that it was silent in.
fn beat(stage: &Stage, metres_away: i32) -> Body {
    let rows = cairn_epoch::read_devices(&stage.devices_file()).unwrap();
    let key = stage.devices[0].0.pubkey().to_bytes();
    let row = rows.iter().find(|row| row.key == key).unwrap();
    let (lat_e7, lon_e7) = row.place().unwrap();
    let moment = cairn_epoch::moment(&stage.folder(1), None).unwrap();
    Body::HotspotBeat(HotspotBeat {
        hour_bucket: u32::try_from(moment.observed_at_ms / 3_600_000).unwrap(),
        lat_e7: lat_e7 + metres_away * 90,
        lon_e7,
        contact: true,
    })
}

fn asked(stage: &Stage, body: Body) -> simulate::Args {
    simulate::Args {
        files: stage.files_arg(),
        epoch: Some(EpochNumber::FIRST),
        proof: None,
        body: Some(body),
        subject: Some(stage.devices[0].0.pubkey()),
        at: None,
        received_after: 10,
        decimals: 6,
    }
}

#[tokio::test]
async fn a_proof_is_answered_with_points_share_and_tokens_or_with_the_rule_that_refuses_it() {
    let stage = Stage::new().await;
    stage.close(1, 3);
    let ctx = stage.as_authority();
    // At the hour's start it comes before the beat that did come in, which then proves the hour again.
    let early = asked(&stage, beat(&stage, 0));
    let answer = simulate::run(&ctx, &early).await.unwrap();
    assert_eq!((answer.reason, answer.points.base()), ("OK", 250));
    assert_eq!((answer.others_changed, answer.tokens.base()), (1, 0));
    let moment = cairn_epoch::moment(&stage.folder(1), None).unwrap();
    let late = simulate::Args {
        at: Some(moment.observed_at_ms + 120_000),
        ..asked(&stage, beat(&stage, 0))
    };
    let answer = simulate::run(&ctx, &late).await.unwrap();
    assert_eq!((answer.reason, answer.bound), ("DUPLICATE", Some(1)));
    let far = asked(&stage, beat(&stage, 900));
    let answer = simulate::run(&ctx, &far).await.unwrap();
    assert_eq!((answer.reason, answer.bound), ("TOO_FAR", Some(400)));
    assert!(page(&answer).contains("it would be refused: TOO_FAR"));
    assert!(page(&answer).contains("Others' proofs share the pot"));

    // A whole proof in a file, of a device that did not beat in the third hour.
    let quiet = Stage::new().await;
    quiet.close(1, 3);
    let first = cairn_epoch::EvidenceReader::open(&quiet.folder(1).join("inputs")).unwrap();
    let submitted = first.rows().next().unwrap().unwrap();
    let cairn_epoch::Content::Proof(mut signed) = submitted.content else {
        panic!("the stage hands in proofs");
    };
    signed.proof.signer_seq = u64::MAX;
    signed.proof.observed_at_ms += 1;
    if let Body::HotspotBeat(body) = &mut signed.proof.body {
        body.hour_bucket += 1;
    }
    let file = quiet.data.path().join("proof.json");
    std::fs::write(&file, signed.to_json()).unwrap();
    let args = simulate::Args {
        proof: Some(file.clone()),
        body: None,
        subject: None,
        ..asked(&quiet, beat(&quiet, 0))
    };
    // An hour that had not come yet when it was made.
    let answer = simulate::run(&quiet.as_authority(), &args).await.unwrap();
    assert_eq!(answer.reason, "FUTURE");
    assert_eq!(answer.owner.map(|it| it.0), Some(quiet.owner(0).pubkey()));
    std::fs::write(&file, "{}").unwrap();
    let error = simulate::run(&quiet.as_authority(), &args)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "proof-malformed");
}

#[tokio::test]
async fn a_device_that_nobody_registered_earns_nothing() {
    let stage = Stage::new().await;
    stage.close(1, 1);
    let args = simulate::Args {
        subject: Some(Pubkey::new_from_array([5; 32])),
        ..asked(&stage, beat(&stage, 0))
    };
    let answer = simulate::run(&stage.as_authority(), &args).await.unwrap();
    assert_eq!((answer.reason, answer.owner), ("UNKNOWN_KEY", None));
    assert!(answer.refused_for.iter().any(|it| it.reason == "CAP_OWNER"));
}
