//! People without a wallet: links that two sign, and what `cairn why` says is kept and owed.

use cairn::command::proof::{identity, link};
use cairn::command::{device, why};
use cairn_epoch::{Amounts, EpochFolder, Genesis, Grant, NetworkTerms, encode_genesis};
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Tokens};
use cairn_proof::{
    Body, PublicKey, Role, Scheme, Signer as ProofSigner, did_key, identity_of_did, identity_of_key,
};
use sha2::{Digest, Sha256};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use crate::stage::{Stage, TOKEN, page, terms};

fn linking(stage: &Stage) -> link::Args {
    link::Args {
        proof: None,
        signature: None,
        network: Some(stage.network),
        identity: None,
        voucher: None,
        epoch: Some(1),
        ruleset: 1,
        anchor: Some(device::beat::Anchor {
            slot: 5,
            hash: [7; 32],
        }),
        at: Some(1_767_571_200_000),
        sequence: None,
        out: None,
    }
}

/// Adds who vouches to the link in a file.
fn adding(stage: &Stage, name: &str) -> link::Args {
    link::Args {
        proof: Some(stage.data.path().join(name)),
        network: None,
        epoch: None,
        anchor: None,
        ..linking(stage)
    }
}

#[tokio::test]
async fn a_wallet_agrees_and_an_attestor_vouches_in_two_steps() {
    let stage = Stage::new().await;
    let (wallet, attestor) = (stage.owner(0), Keypair::new());
    let args = link::Args {
        identity: Some([9; 32]),
        voucher: Some(PublicKey::Ed25519(attestor.pubkey().to_bytes())),
        out: Some(stage.data.path().join("link.json")),
        ..linking(&stage)
    };
    let first = link::run(&stage.context(wallet), &args).await.unwrap();
    assert_eq!(first.vouched_by, "attestor");
    let message = Role::Attestor.message(&first.proof.proof.id());
    assert_eq!(first.to_sign, Some(hex::encode(message)));
    assert!(page(&first).contains("signed by the wallet"));
    // Not anybody vouches.
    let add = adding(&stage, "link.json");
    let stranger = link::run(&stage.context(stage.owner(1)), &add).await;
    assert_eq!(stranger.unwrap_err().code(), "signature-unfit");
    let both = link::run(&stage.context(&attestor), &add).await.unwrap();
    assert_eq!(both.to_sign, None);
    for (role, key) in [(Role::User, wallet), (Role::Attestor, &attestor)] {
        let key = PublicKey::Ed25519(key.pubkey().to_bytes());
        both.proof.check(role, &key).unwrap();
    }
}

#[tokio::test]
async fn a_phone_signs_what_is_printed_and_a_wallet_shows_itself() {
    let stage = Stage::new().await;
    let phone = ProofSigner::p256(&[9; 32]).unwrap();
    let key = phone.public_key();
    let args = link::Args {
        identity: Some(identity_of_did(&did_key(&key))),
        voucher: Some(key),
        out: Some(stage.data.path().join("phone.json")),
        ..linking(&stage)
    };
    let ctx = stage.context(stage.owner(0));
    let first = link::run(&ctx, &args).await.unwrap();
    assert_eq!(first.vouched_by, "own_key");
    let signed = phone.sign(Role::Attestor, &first.proof.proof.id());
    assert_eq!(signed.scheme, Scheme::P256);
    let add = link::Args {
        signature: Some(signed.signature),
        ..adding(&stage, "phone.json")
    };
    let both = link::run(&ctx, &add).await.unwrap();
    both.proof.check(Role::Attestor, &key).unwrap();
    let other = link::Args {
        identity: Some([9; 32]),
        ..args
    };
    assert!(link::run(&ctx, &other).await.is_err());

    let own = link::run(&ctx, &linking(&stage)).await.unwrap();
    assert_eq!(own.to_sign, None);
    let Body::Link(body) = &own.proof.proof.body else {
        panic!("a link")
    };
    assert_eq!(body.wallet, own.proof.proof.subject);
}

#[test]
fn an_identity_is_what_somebody_is_known_by() {
    let nothing = identity::Args {
        did: None,
        p256: None,
        email_file: None,
        salt: None,
    };
    let key = ProofSigner::p256(&[9; 32]).unwrap().public_key();
    let of_key = identity::Args {
        p256: Some(key),
        ..nothing.clone()
    };
    let of_did = identity::Args {
        did: Some("did:web:ann.example".to_owned()),
        ..nothing
    };
    let identities = [of_key, of_did].map(|args| identity::run(&args).unwrap().identity);
    let expected = [
        identity_of_key(&key),
        identity_of_did("did:web:ann.example"),
    ];
    assert_eq!(identities, expected.map(Into::into));
}

fn asked(stage: &Stage, subject: why::Subject) -> why::Args {
    why::Args {
        subject,
        files: stage.files_arg(),
        epoch: None,
        reason: None,
        limit: 20,
    }
}

#[tokio::test]
async fn why_tells_what_is_kept_for_an_identity_and_owed_to_a_wallet() {
    let stage = Stage::new().await;
    let did = identity_of_did("did:web:ann.example");
    let wallet = Pubkey::new_from_array([7; 32]);
    let amounts = |tokens, points| Amounts {
        credits: Credits::ZERO,
        points: MilliPoints::new(points),
        tokens: Tokens::new(tokens),
    };
    let mut grants = vec![
        Grant {
            owner: did,
            is_wallet: false,
            amounts: amounts(5 * TOKEN, 1_500),
        },
        Grant {
            owner: wallet.to_bytes(),
            is_wallet: true,
            amounts: amounts(0, 12_000_000),
        },
    ];
    grants.sort_unstable_by_key(|grant| grant.owner);
    let folder = EpochFolder::new(stage.folder(1));
    let table = encode_genesis(&folder.genesis(), &grants).unwrap();
    std::fs::create_dir_all(folder.inputs()).unwrap();
    std::fs::write(folder.genesis(), &table).unwrap();
    let genesis = Genesis::of(&grants, Sha256::digest(&table).into()).unwrap();
    let terms = NetworkTerms {
        genesis: Some(genesis),
        ..terms()
    };
    stage.close_under(1, 3, &terms);
    let ctx = stage.as_authority();

    let kept = why::run(&ctx, &asked(&stage, why::Subject::Identity(did)))
        .await
        .unwrap();
    assert_eq!((kept.kind, kept.found), ("identity", 0));
    let outside = kept.outside.clone().unwrap();
    let unlinked = outside.unlinked.unwrap();
    assert_eq!(unlinked.tokens.base(), 5 * TOKEN);
    assert_eq!(unlinked.points.base(), 1_500);
    assert!(page(&kept).contains("It is the wallet's that a link names"));
    // In hex an identity looks like a proof's id.
    let again = why::run(&ctx, &asked(&stage, why::Subject::Proof(did)))
        .await
        .unwrap();
    assert_eq!(again.outside, kept.outside);

    // Ten thousand points enter an epoch beside its own.
    let owed = why::run(&ctx, &asked(&stage, why::Subject::Key(wallet)))
        .await
        .unwrap();
    let owed = owed.outside.unwrap().in_arrears;
    assert_eq!(owed.len(), 1);
    assert_eq!(owed[0].epoch, EpochNumber::FIRST);
    assert_eq!(owed[0].amounts.points.base(), 2_000_000);
    assert_eq!(owed[0].ahead.points.base(), 0);
    let nobody = why::run(&ctx, &asked(&stage, why::Subject::Identity([1; 32]))).await;
    assert_eq!(nobody.unwrap_err().code(), "nothing-found");
}
