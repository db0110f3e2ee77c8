//! Where members are paid and who may claim for them.

use cairn::command::{claim, recipient};
use cairn::context::Context;
use cairn::error::Exit;
use cairn::membership::MemberArg;
use cairn::printer::Outcome;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::stage::{Listener, Stage, page};

const DAY: i64 = 86_400;

fn set(stage: &Stage) -> recipient::set::Args {
    recipient::set::Args {
        member: MemberArg {
            files: stage.data.path().into(),
            pool: Some(stage.pool),
        },
        payout: None,
        payout_self: false,
        delegate: None,
        no_delegate: false,
        restrict: false,
        anyone: false,
    }
}

async fn claim(
    stage: &Stage,
    signer: &Keypair,
    owner: &Pubkey,
) -> Result<claim::pay::Claimed, cairn::error::CliError> {
    let args = claim::Args {
        files: stage.data.path().into(),
        pool: Some(stage.pool),
        owner: Some(*owner),
        at_most: None,
    };
    claim::pay::run(&stage.context(signer), &args).await
}

#[tokio::test]
async fn a_new_wallet_is_paid_only_after_the_cooldown_and_the_way_back_waits_too() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 5).await;
    let (owner, cold) = (stage.owner(0), Pubkey::new_from_array([77; 32]));
    let ctx = stage.context(owner);
    let args = recipient::set::Args {
        payout: Some(cold),
        ..set(&stage)
    };
    let done = recipient::set::run(&ctx, &args).await.unwrap();
    assert_eq!(done.wishes.payout.0, owner.pubkey());
    assert_eq!(done.wishes.effective_at, Some(done.now + DAY));
    let again = recipient::set::run(&ctx, &args).await.unwrap_err();
    assert_eq!(again.code(), "nothing-changes");

    let shown = recipient::show::Args {
        pool: stage.pool_arg(),
        owner: None,
    };
    let standing = recipient::show::run(&ctx, &shown).await.unwrap();
    insta::assert_snapshot!("recipient_pending", page(&standing));

    // Before its time the member is paid as before, whoever sends the claim.
    let early = claim(&stage, stage.owner(1), &owner.pubkey())
        .await
        .unwrap();
    assert_eq!(early.payout.0, owner.pubkey());
    assert_eq!(stage.tokens_of(&owner.pubkey()), early.paid.base());

    stage.run_epoch(2, 7).await;
    let later = claim(&stage, stage.owner(1), &owner.pubkey())
        .await
        .unwrap();
    assert_eq!(later.payout.0, cold);
    assert_eq!(stage.tokens_of(&cold), later.paid.base());
    assert_eq!(stage.tokens_of(&owner.pubkey()), early.paid.base());

    let close = recipient::close::Args {
        pool: stage.pool_arg(),
    };
    let in_use = recipient::close::run(&ctx, &close).await.unwrap_err();
    assert_eq!(
        (in_use.code().as_ref(), in_use.exit()),
        ("recipient-in-use", Exit::Failed)
    );
    let back = recipient::set::Args {
        payout_self: true,
        ..set(&stage)
    };
    recipient::set::run(&ctx, &back).await.unwrap();
    let waits = recipient::close::run(&ctx, &close).await.unwrap_err();
    assert_eq!(waits.exit(), Exit::TryAgain, "{waits}");
    stage.ledger.with_world(|world| world.warp(DAY));
    let closed = recipient::close::run(&ctx, &close).await.unwrap();
    assert!(closed.number("rent_lamports") > Some(0));
    let nothing = recipient::close::run(&ctx, &close).await.unwrap();
    assert!(nothing.transactions.list.is_empty());
    assert!(page(&nothing).contains("nothing to do"));
}

#[tokio::test]
async fn a_restricted_member_is_claimed_for_by_itself_and_its_delegate_only() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 5).await;
    let (owner, helper, stranger) = (stage.owner(0), stage.owner(1), stage.owner(2));
    let args = recipient::set::Args {
        delegate: Some(helper.pubkey()),
        restrict: true,
        ..set(&stage)
    };
    let done = recipient::set::run(&stage.context(owner), &args)
        .await
        .unwrap();
    assert!(done.wishes.restricted);

    let refused = claim(&stage, stranger, &owner.pubkey()).await.unwrap_err();
    assert_eq!(refused.code(), "claim-restricted");
    assert!(
        refused.to_string().contains(&helper.pubkey().to_string()),
        "{refused}"
    );
    // Whoever pays for everyone pays the others.
    let all = claim::all::Args {
        files: vec![stage.data.path().into()],
        pool: Some(stage.pool),
    };
    let paid = claim::all::run(&stage.context(stranger), &all)
        .await
        .unwrap();
    let pool = &paid.pools[0];
    assert_eq!((pool.paid, pool.restricted, pool.settled), (2, 1, 0));
    assert_eq!(Outcome::exit(&paid), Exit::Done);
    assert_eq!(stage.tokens_of(&owner.pubkey()), 0);

    let claimed = claim(&stage, helper, &owner.pubkey()).await.unwrap();
    assert_eq!(stage.tokens_of(&owner.pubkey()), claimed.paid.base());
}

#[tokio::test]
async fn nothing_asked_for_is_wrong_usage_and_a_stranger_has_no_wishes() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 5).await;
    let nothing = recipient::set::run(&stage.context(stage.owner(0)), &set(&stage))
        .await
        .unwrap_err();
    assert_eq!(
        (nothing.code().as_ref(), nothing.exit()),
        ("argument", Exit::Usage)
    );
    let args = recipient::set::Args {
        restrict: true,
        ..set(&stage)
    };
    let stranger = recipient::set::run(&stage.as_authority(), &args)
        .await
        .unwrap_err();
    assert_eq!(stranger.code(), "not-a-member");
}

#[tokio::test]
async fn a_wallet_or_delegate_that_nobody_can_sign_for_is_refused_and_one_without_a_key_is_asked_about()
 {
    let stage = Stage::new().await;
    stage.run_epoch(1, 5).await;
    let (owner, other) = (stage.owner(0), stage.owner(1).pubkey());
    let account = stage
        .ledger
        .with_world(|world| world.open_token_account(&other, &stage.mint));
    let ctx = stage.context(owner);
    let to = |payout: Option<Pubkey>, delegate: Option<Pubkey>| recipient::set::Args {
        payout,
        delegate,
        ..set(&stage)
    };
    for args in [
        to(Some(account), None),
        to(Some(stage.mint), None),
        to(Some(cairn_interface::ids::TOKEN_PROGRAM), None),
        to(None, Some(account)),
    ] {
        let refused = recipient::set::run(&ctx, &args).await.unwrap_err();
        assert_eq!(
            (refused.code().as_ref(), refused.exit()),
            ("payee-nobody", Exit::Failed)
        );
    }
    let told = recipient::set::run(&ctx, &to(Some(account), None))
        .await
        .unwrap_err()
        .to_string();
    assert!(told.contains(&format!("its wallet is {other}")), "{told}");

    let vault = Pubkey::find_program_address(&[b"vault"], &stage.mint).0;
    let listener = Listener::new(false);
    let listening = Context {
        talk: std::sync::Arc::new(listener.clone()),
        ..ctx
    };
    let declined = recipient::set::run(&listening, &to(Some(vault), None))
        .await
        .unwrap_err();
    assert_eq!(declined.code(), "declined");
    assert_eq!(listener.effects()[0].doubts.len(), 1);
}
