//! Where a member is paid, how much may leave at a time, and who changes that.

use std::{path::PathBuf, sync::Arc};

use cairn::{command::claim, context::Context, error::Exit, wallet::Wallet};
use cairn_client::Ledger;
use cairn_interface::vault::{
    ActivateEpoch, ApplyParams, Asker, CancelParams, Claim, CloseRecipient, PoolParams,
    RECIPIENT_LEN, SetParams, SetRecipient, VaultError, recipient_address,
};
use cairn_localnet::Travel;
use cairn_merkle::{EpochNumber, LeafIndex, Tokens, canopy_depth_for};
use cairn_testkit::{Member, Rewards};
use serde_json::json;
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};

use crate::own::{Own, params};
use crate::reads::{lamports_of, slot_of};
use crate::stage::{CAP, DAY, funded, options};

fn set_recipient(rewards: &Rewards, claim: &Claim, delegate: Option<Pubkey>) -> SetRecipient {
    assert_eq!(rewards.leaves()[0].owner, claim.owner.to_bytes());
    SetRecipient {
        payer: claim.owner,
        owner: claim.owner,
        pool: claim.pool,
        number: claim.number,
        index: claim.index,
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof.clone(),
        payout: None,
        delegate,
        restricted: delegate.is_some(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_wallet_is_paid_after_the_cooldown_and_only_the_delegate_may_claim() {
    let own = Own::new(params()).await;
    let ledger = &own.stage.ledger;
    let member = funded(&own.network).await;
    let delegate = Keypair::new();
    let wallet = Pubkey::new_unique();
    let mut members = [Member::with_tokens(Pubkey::new_unique(), 500); 5];
    members[0] = Member::with_tokens(member.pubkey(), 10_000);
    let rewards = own.grant(&members).await;
    let plain = rewards.claim(&own.pool().await, 1, 0);
    assert_eq!(plain.proof.len(), 1);
    let before = lamports_of(ledger, &member.pubkey()).await;
    let set = SetRecipient {
        payout: Some(wallet),
        ..set_recipient(&rewards, &plain, Some(delegate.pubkey()))
    };
    own.must(&[set.instruction()], &[&member]).await;

    // A stranger neither leaves the member's wish at home nor claims what only the delegate may.
    own.refused(&own.claim(&plain), &[], VaultError::RecipientMissing)
        .await;
    let to_owner = Claim {
        payout: Some(member.pubkey()),
        ..plain.clone()
    };
    own.refused(&own.claim(&to_owner), &[], VaultError::ClaimRestricted)
        .await;

    // During the cooldown the old wallet is paid, and the new one is not.
    let by_delegate = Claim {
        at_most: Tokens::new(4_000),
        authority: Some(delegate.pubkey()),
        ..to_owner
    };
    own.must(&own.claim(&by_delegate), &[&delegate]).await;
    let to_wallet = Claim {
        payout: Some(wallet),
        at_most: Tokens::MAX,
        ..by_delegate.clone()
    };
    own.refused(
        &own.claim(&to_wallet),
        &[&delegate],
        VaultError::DestinationNotRecipient,
    )
    .await;
    own.travel(Travel::By(DAY)).await;
    own.refused(
        &own.claim(&by_delegate),
        &[&delegate],
        VaultError::DestinationNotRecipient,
    )
    .await;
    own.must(&own.claim(&to_wallet), &[&delegate]).await;
    assert_eq!(own.tokens_of(&member.pubkey()).await, 4_000);
    assert_eq!(own.tokens_of(&wallet).await, 6_000);

    // While it pays elsewhere or restricts, it stays; undone, its rent comes back.
    let close = CloseRecipient {
        owner: member.pubkey(),
        pool: own.stage.pool,
        index: LeafIndex::new(0),
        rent_payer: member.pubkey(),
    };
    own.refused(
        &[close.instruction()],
        &[&member],
        VaultError::RecipientInUse,
    )
    .await;
    let undo = set_recipient(&rewards, &plain, None);
    own.must(&[undo.instruction()], &[&member]).await;
    own.travel(Travel::By(DAY)).await;
    let rent = ledger
        .minimum_balance(RECIPIENT_LEN)
        .await
        .expect("an answer");
    assert_eq!(lamports_of(ledger, &member.pubkey()).await, before - rent);
    own.must(&[close.instruction()], &[&member]).await;
    assert_eq!(lamports_of(ledger, &member.pubkey()).await, before);
    let gone = recipient_address(&own.stage.pool, &member.pubkey()).0;
    assert_eq!(ledger.account(&gone).await.expect("an answer"), None);
    let slot = slot_of(ledger, &own.stage.pool, 0).await;
    assert_eq!((slot.tokens_claimed, slot.has_recipient()), (10_000, false));
}

/// The claims file of a tree of one leaf, as a keeper publishes it.
fn claims_file(own: &Own, rewards: &Rewards) -> PathBuf {
    let leaf = &rewards.leaves()[0];
    let owner = Pubkey::new_from_array(leaf.owner).to_string();
    let root = rewards.root();
    let claims = json!({
        "canopy_depth": canopy_depth_for(2, rewards.tree().depth()),
        "claims": { owner: {
            "credits": leaf.credits.to_string(),
            "index": leaf.index,
            "milli_points": leaf.points.to_string(),
            "proof": [],
            "tokens": leaf.tokens.to_string(),
        } },
        "depth": rewards.tree().depth(),
        "epoch": 1,
        "format": "cairn/claims/2",
        "leaf_count": rewards.tree().leaf_count(),
        "network": own.stage.network.to_string(),
        "pool": own.stage.pool.to_string(),
        "root_hash": hex::encode(root.hash),
        "root_sum": root.sum().to_string(),
    });
    let path = own.files.path().join("claims.json");
    let text = serde_json::to_string_pretty(&claims).expect("JSON");
    std::fs::write(&path, text + "\n").expect("written");
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_breaker_says_what_may_leave_and_when_and_the_rest_follows_then() {
    let own = Own::new(PoolParams {
        breaker_share_bps: 1_000,
        ..params()
    })
    .await;
    let ledger = &own.stage.ledger;
    let member = funded(&own.network).await;
    let rewards = own
        .grant(&[Member::with_tokens(member.pubkey(), 120_000)])
        .await;
    let all = rewards.claim(&own.pool().await, 1, 0);

    // A tenth of 1,000,000 in a day, half of it for claims that members did not sign. The numbers arrive through the node's
    // logs.
    let open = own
        .refused(&own.claim(&all), &[], VaultError::BreakerOpen)
        .await;
    let room = open.breaker_open().expect("the program said how much");
    assert_eq!(room.available, 50_000);
    let part = Claim {
        at_most: Tokens::new(30_000),
        ..all.clone()
    };
    own.must(&own.claim(&part), &[]).await;
    let open = own
        .refused(&own.claim(&all), &[], VaultError::BreakerOpen)
        .await;
    let room = open.breaker_open().expect("the program said how much");
    let now = own.now().await;
    assert_eq!(room.available, 20_000);
    assert!(
        room.more_at > now && room.more_at <= now + 97_200,
        "{room:?}"
    );
    let held = Tokens::new(own.vault().await);
    let told = own.pool().await.room(now, held, Asker::Anyone);
    assert_eq!(told, room);

    // The command line signs for the member, who has the whole of it, and says it in words.
    let client = own.network.ledger().expect("a client");
    let wallet = Wallet::from(member.insecure_clone());
    let context = Context {
        send: options(),
        ..Context::decided(Arc::new(client), wallet)
    };
    let claim = claim::Args {
        files: claims_file(&own, &rewards).into(),
        pool: Some(own.stage.pool),
        owner: None,
        at_most: None,
    };
    let told = claim::pay::run(&context, &claim).await.expect_err("open");
    assert_eq!(
        (told.code().as_ref(), told.exit()),
        ("reward-vault/BreakerOpen", Exit::TryAgain)
    );
    let text = told.to_string();
    assert!(
        text.starts_with("0.07 tokens available now, more "),
        "{text}"
    );
    assert!(text.contains(" UTC"), "{text}");
    assert!(
        told.hint()
            .is_some_and(|hint| hint.contains("--at-most 0.07 "))
    );

    own.travel(Travel::To(room.more_at)).await;
    let rest = claim::pay::run(&context, &claim).await.expect("the rest");
    assert_eq!((rest.paid.base(), rest.rest.base()), (90_000, 0));
    assert_eq!(own.tokens_of(&member.pubkey()).await, 120_000);
    assert_eq!(own.vault().await, CAP - 120_000);
    let slot = slot_of(ledger, &own.stage.pool, 0).await;
    assert_eq!(slot.tokens_claimed, 120_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn announced_parameters_wait_for_the_delay_and_for_the_epoch_in_flight() {
    let own = Own::new(params()).await;
    let (pool, admin, guardian) = (own.stage.pool, &own.stage.admin, &own.stage.guardian);
    let wanted = PoolParams {
        emission_cap: CAP / 2,
        breaker_share_bps: 500,
        challenge_window_secs: 2 * DAY,
        params_delay_secs: 3 * DAY,
        ..params()
    };
    let set = |params| SetParams {
        admin: admin.pubkey(),
        pool,
        params,
    };
    let apply = [ApplyParams { pool }.instruction()];
    let above = PoolParams {
        emission_cap: CAP + 1,
        ..wanted
    };
    own.refused(
        &[set(above).instruction()],
        &[admin],
        VaultError::EmissionAboveCreation,
    )
    .await;

    // Announced and withdrawn by the guardian.
    own.must(&[set(wanted).instruction()], &[admin]).await;
    let cancel = CancelParams {
        authority: guardian.pubkey(),
        pool,
    };
    own.must(&[cancel.instruction()], &[guardian]).await;
    own.refused(&apply, &[], VaultError::ParamsNotPending).await;

    // Announced again: in force neither early nor under an epoch that was proposed before.
    own.must(&[set(wanted).instruction()], &[admin]).await;
    own.refused(&apply, &[], VaultError::ParamsNotDue).await;
    own.propose(1, &[Member::with_tokens(Pubkey::new_unique(), CAP)])
        .await;
    own.travel(Travel::By(2 * DAY)).await;
    own.refused(&apply, &[], VaultError::ParamsEpochPending)
        .await;
    let pending = own.pool().await;
    assert_eq!(pending.params(), params());
    assert_eq!(pending.pending_params.params(), Some(wanted));
    let activate = ActivateEpoch {
        pool,
        number: EpochNumber::FIRST,
        previous: None,
    };
    own.must(&[activate.instruction()], &[]).await;
    own.must(&apply, &[]).await;
    let changed = own.pool().await;
    assert_eq!(
        (changed.params(), changed.pending_params.params()),
        (wanted, None)
    );
    assert_eq!(changed.creation.emission_cap, CAP);
    own.refused(&apply, &[], VaultError::ParamsNotPending).await;
}
