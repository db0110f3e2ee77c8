//! Claims and explanations over epochs that were closed from signed proofs.

use std::path::PathBuf;
use std::sync::Arc;

use cairn::command::{claim, epoch, why};
use cairn::context::Context;
use cairn::error::Exit;
use cairn::printer::Outcome;
use cairn::transact::Transaction;
use cairn_epoch::{ClaimFiles, read_manifest};
use cairn_interface::vault;
use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use crate::stage::{Listener, Stage, page};

pub fn claim_for(stage: &Stage, owner: &Pubkey) -> claim::Args {
    claim::Args {
        files: stage.data.path().into(),
        pool: Some(stage.pool),
        owner: Some(*owner),
        at_most: None,
    }
}

/// The claim file of epoch 1 that holds `owner`.
fn claim_file(stage: &Stage, owner: &Pubkey) -> PathBuf {
    let folder = stage.folder(1);
    let (manifest, _) = read_manifest(&folder).unwrap();
    ClaimFiles::of(manifest.tree.depth).path_of(&folder, &owner.to_bytes())
}

#[tokio::test]
async fn a_claim_opens_what_is_missing_pays_once_and_then_there_is_nothing_left() {
    let stage = Stage::new().await;
    let closed = stage.run_epoch(1, 5).await;
    let owner = stage.owner(0);
    let ctx = stage.context(owner);
    let args = claim_for(&stage, &owner.pubkey());

    let first = claim::pay::run(&ctx, &args).await.unwrap();
    assert!(first.opened_page && first.created_token_account);
    assert!(first.paid.base() > 0 && first.paid == first.earned);
    assert_eq!(stage.tokens_of(&owner.pubkey()), first.paid.base());

    let second = claim::pay::run(&ctx, &args).await.unwrap();
    assert_eq!((second.paid.base(), second.transactions.list.len()), (0, 0));
    assert_eq!(Outcome::exit(&second), Exit::Done);
    assert!(page(&second).starts_with("Nothing to claim"));
    assert_eq!(stage.tokens_of(&owner.pubkey()), first.paid.base());

    let claimed = stage
        .ledger
        .with_world(|world| world.pool(&stage.pool).total_claimed);
    assert_eq!(claimed, first.paid.base());
    assert!(claimed < closed.root.sum().get());
}

#[tokio::test]
async fn whoever_skips_an_epoch_claims_it_with_the_next_and_anyone_may_pay_the_fee() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 5).await;
    stage.run_epoch(2, 7).await;
    let owner = stage.owner(1).pubkey();
    let listener = Listener::new(true);
    let ctx = Context {
        talk: Arc::new(listener.clone()),
        ..stage.context(stage.owner(2))
    };
    let claimed = claim::pay::run(&ctx, &claim_for(&stage, &owner))
        .await
        .unwrap();
    assert_eq!(claimed.epoch, EpochNumber::new(2));
    assert_eq!(stage.tokens_of(&owner), claimed.earned.base());
    assert_eq!(stage.tokens_of(&stage.owner(2).pubkey()), 0);
    let what = &listener.effects()[0].what;
    assert!(what.ends_with(&format!("for {owner}")), "{what}");
}

#[tokio::test]
async fn what_was_earned_is_pending_then_claimable_then_claimed() {
    let stage = Stage::new().await;
    let owner = stage.owner(0);
    let ctx = stage.context(owner);
    let args = claim::Args {
        owner: None,
        ..claim_for(&stage, &Pubkey::default())
    };
    let closed = stage.close(1, 6);
    stage.propose(&closed);

    let pending = claim::show::run(&ctx, &args).await.unwrap();
    assert!(pending.pending.base() > 0);
    assert_eq!((pending.claimable.base(), pending.claimed.base()), (0, 0));
    assert_eq!(
        claim::pay::run(&ctx, &args).await.unwrap_err().code(),
        "no-active-epoch"
    );
    insta::assert_snapshot!("standing_pending", page(&pending));
    // A claims file alone says its own epoch, which is not one that pays already.
    let file = claim::Args {
        files: claim_file(&stage, &owner.pubkey()).into(),
        ..args.clone()
    };
    let alone = claim::show::run(&ctx, &file).await.unwrap();
    assert_eq!(page(&alone), page(&pending));

    stage.wait();
    let activate = epoch::activate::Args {
        number: EpochNumber::FIRST,
        pool: stage.pool_arg(),
    };
    epoch::activate::run(&ctx, &activate).await.unwrap();
    let claimable = claim::show::run(&ctx, &args).await.unwrap();
    assert_eq!(claimable.claimable, pending.pending);
    assert_eq!(claimable.pending.base(), 0);

    claim::pay::run(&ctx, &args).await.unwrap();
    let claimed = claim::show::run(&ctx, &args).await.unwrap();
    assert_eq!(claimed.claimed, pending.pending);
    assert_eq!(
        (claimed.claimable.base(), claimed.earned),
        (0, pending.earned)
    );
    insta::assert_snapshot!(
        "standing_json",
        serde_json::to_string_pretty(&claimed).unwrap()
    );

    let stranger = claim::Args {
        owner: Some(stage.guardian.pubkey()),
        ..args
    };
    let nobody = claim::show::run(&ctx, &stranger).await.unwrap();
    assert_eq!((nobody.index, nobody.earned.base()), (None, 0));
    assert_eq!(
        claim::pay::run(&ctx, &stranger).await.unwrap_err().code(),
        "not-a-member"
    );
}

#[tokio::test]
async fn a_paused_pool_pays_nobody_and_says_so() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 3).await;
    let pause = vault::Pause {
        authority: stage.guardian.pubkey(),
        pool: stage.pool,
    };
    stage
        .ledger
        .with_world(|world| world.must(&[pause.instruction()], &[&stage.guardian]));
    let owner = stage.owner(0);
    let args = claim_for(&stage, &owner.pubkey());
    let error = claim::pay::run(&stage.context(owner), &args)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "paused");
}

#[tokio::test]
async fn a_forged_claim_file_is_refused_before_a_fee_is_paid() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 3).await;
    let owner = stage.owner(0);
    let shard = claim_file(&stage, &owner.pubkey());
    let text = std::fs::read_to_string(&shard).unwrap();
    let honest = cairn_epoch::load_claim(&stage.folder(1), &owner.pubkey().to_bytes()).unwrap();
    let forged = text.replace(
        &format!("\"tokens\": \"{}\"", honest.tokens),
        &format!("\"tokens\": \"{}\"", honest.tokens.get() + 1),
    );
    assert_ne!(text, forged);
    std::fs::write(&shard, forged).unwrap();
    let before = stage.ledger.landed();
    let args = claim_for(&stage, &owner.pubkey());
    let error = claim::pay::run(&stage.context(owner), &args)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "proof-invalid");
    assert_eq!(stage.ledger.landed(), before);
}

#[tokio::test]
async fn why_tells_a_paid_proof_from_a_refused_one_and_sums_up_a_device() {
    let stage = Stage::new().await;
    stage.close(1, 4);
    let ctx = stage.as_authority();
    let ask = |subject| why::Args {
        subject,
        files: stage.files_arg(),
        epoch: None,
        reason: None,
        limit: 20,
    };
    let device = stage.devices[0].0.pubkey();
    let explained = why::run(&ctx, &ask(why::Subject::Key(device)))
        .await
        .unwrap();
    assert_eq!(
        (explained.kind, explained.found, explained.accepted),
        ("device", 5, 4)
    );
    assert_eq!(explained.reasons.get("DUPLICATE"), Some(&1));
    insta::assert_snapshot!("why_device", page(&explained));

    let paid = explained
        .proofs
        .iter()
        .find(|proof| proof.is_accepted())
        .unwrap();
    let id = hex::decode(&paid.proof_id).unwrap().try_into().unwrap();
    let one = why::run(&ctx, &ask(why::Subject::Proof(id))).await.unwrap();
    assert_eq!(one.kind, "proof");

    let owner = stage.owner(0).pubkey();
    let owners = why::run(&ctx, &ask(why::Subject::Key(owner)))
        .await
        .unwrap();
    assert_eq!(owners.kind, "owner");

    let stranger = Pubkey::new_from_array([5; 32]);
    let nothing = why::run(&ctx, &ask(why::Subject::Key(stranger)))
        .await
        .unwrap_err();
    assert_eq!(nothing.code(), "nothing-found");
}

#[tokio::test]
async fn a_page_is_opened_once_and_only_where_members_are() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 3).await;
    let open = |page| epoch::open_member_page::Args {
        page: Some(page),
        member: None,
        pool: stage.pool_arg(),
    };
    let opened = epoch::open_member_page::run(&stage.as_authority(), &open(0))
        .await
        .unwrap();
    assert_eq!(opened.get("opened"), Some(&true.into()));
    assert!(opened.number("rent_lamports").unwrap() / 420 <= 170_000);
    let [Transaction::Sent { .. }] = &opened.transactions.list[..] else {
        panic!("{opened:?}");
    };
    let again = epoch::open_member_page::run(&stage.as_authority(), &open(0))
        .await
        .unwrap();
    assert_eq!(again.get("opened"), Some(&false.into()));
    let beyond = epoch::open_member_page::run(&stage.as_authority(), &open(1))
        .await
        .unwrap_err();
    assert_eq!(beyond.code(), "page-not-needed");
}
