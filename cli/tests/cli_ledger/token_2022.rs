//! Pools of Token-2022: what the commands say about fees, memos and a mint's authorities before anybody signs.

use std::sync::Arc;

use cairn::command::pool::ruleset::named::Named;
use cairn::command::{claim, pool};
use cairn::context::Context;
use cairn::conversation::Effect;
use cairn::facts::Value;
use cairn::moment::Seconds;
use cairn_interface::vault;
use cairn_testkit::MintExtension::{Pausable, PermanentDelegate, TransferFee};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use crate::stage::{Listener, Stage, page};

/// A pool of a token that takes 1 % and can be paused.
async fn fee_taking() -> Stage {
    Stage::over(|world, authority| {
        let fee = TransferFee {
            bps: 100,
            maximum: u64::MAX,
        };
        world.create_mint_2022(authority, 6, &[fee, Pausable])
    })
    .await
}

fn listening(ctx: Context, listener: &Listener) -> Context {
    Context {
        talk: Arc::new(listener.clone()),
        ..ctx
    }
}

fn fact(effect: &Effect, label: &str) -> Option<String> {
    let found = effect.facts.iter().find(|(found, _)| *found == label);
    found.map(|(_, value)| value.clone())
}

fn claim_for(stage: &Stage, owner: &Pubkey) -> claim::Args {
    claim::Args {
        files: stage.data.path().into(),
        pool: Some(stage.pool),
        owner: Some(*owner),
        at_most: None,
    }
}

fn creation(stage: &Stage, mint: Pubkey) -> pool::create::Args {
    pool::create::Args {
        network: stage.network_arg(),
        mint,
        id: 1,
        guardian: stage.guardian.pubkey(),
        keepers: stage.keepers.iter().map(Signer::pubkey).collect(),
        threshold: 2,
        epoch_interval: Seconds(86_400),
        challenge_window: Seconds(3_600),
        emission_cap: "100000".to_owned(),
        breaker_share: vault::WHOLE_BPS,
        breaker_window: Seconds(86_400),
        recipient_cooldown: Seconds(86_400),
        params_delay: None,
        points_cap: "none".to_owned(),
        credits_cap: "none".to_owned(),
        ruleset: Named::Hash([0x22; 32]),
        breaker_floor: None,
        answer_time: Seconds(86_400),
        canopy_depth: 1,
    }
}

#[tokio::test]
async fn whoever_creates_a_pool_is_told_what_the_tokens_authorities_can_do() {
    let stage = fee_taking().await;
    let listener = Listener::new(true);
    let ctx = listening(stage.as_authority(), &listener);
    pool::create::run(&ctx, &creation(&stage, stage.mint))
        .await
        .unwrap();
    let effects = listener.effects();
    let pays = fact(&effects[0], "pays").unwrap();
    assert_eq!(pays, format!("Token-2022 tokens of mint {}", stage.mint));
    let holder = stage.authority.pubkey().to_string();
    let powers: Vec<_> = ["may freeze", "may pause", "takes 1 % of each transfer"]
        .into_iter()
        .filter(|power| {
            let told = |warning: &String| warning.contains(power) && warning.contains(&holder);
            effects[0].warnings.iter().any(told)
        })
        .collect();
    assert_eq!(powers.len(), 3, "{:?}", effects[0].warnings);
}

#[tokio::test]
async fn a_mint_that_the_program_refuses_is_refused_with_what_to_do_and_costs_nothing() {
    let stage = Stage::new().await;
    let mint = stage.ledger.with_world(|world| {
        let delegate = PermanentDelegate(stage.authority.pubkey());
        world.create_mint_2022(&stage.authority, 6, &[delegate])
    });
    let payer = stage.authority.pubkey();
    let before = stage.ledger.with_world(|world| world.lamports(&payer));
    let error = pool::create::run(&stage.as_authority(), &creation(&stage, mint))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "reward-vault/MintPermanentDelegate");
    let hint = error.hint().unwrap();
    assert!(hint.contains("permanent delegate"), "{hint}");
    let after = stage.ledger.with_world(|world| world.lamports(&payer));
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_fee_is_told_before_funding_and_before_a_claim_and_taken_as_told() {
    let stage = fee_taking().await;
    let held = || {
        let vault = vault::vault_address(&stage.pool).0;
        stage.ledger.with_world(|world| world.tokens(&vault))
    };
    let before = held();
    let listener = Listener::new(true);
    let args = pool::fund::Args {
        amount: "1000".to_owned(),
        pool: stage.pool_arg(),
        from: None,
    };
    let ctx = listening(stage.as_authority(), &listener);
    let funded = pool::fund::run(&ctx, &args).await.unwrap();
    assert_eq!(Some(held() - before), funded.number("received"));
    assert!(
        matches!(funded.get("received"), Some(Value::Amount(amount)) if amount.plain() == "990")
    );
    let told = fact(&listener.effects()[0], "the vault receives").unwrap();
    assert_eq!(told, "990 tokens, after the token's own fee of 10");

    stage.run_epoch(1, 5).await;
    let owner = stage.owner(0);
    let listener = Listener::new(true);
    let ctx = listening(stage.context(owner), &listener);
    let claimed = claim::pay::run(&ctx, &claim_for(&stage, &owner.pubkey()))
        .await
        .unwrap();
    assert!(claimed.received.base() < claimed.paid.base());
    assert_eq!(stage.tokens_of(&owner.pubkey()), claimed.received.base());
    let told = fact(&listener.effects()[0], "arrives").unwrap();
    assert!(told.starts_with(&claimed.received.grouped()), "{told}");
    assert!(page(&claimed).contains(&claimed.received.grouped()));
    // The rent that was named is the one that was paid: an account of this mint is longer than a plain one.
    let wallet = stage.wallet_of(&owner.pubkey());
    let account = stage
        .ledger
        .with_world(|world| world.expect_account(&wallet));
    assert_eq!(account.data.len(), 186);
    assert!(claimed.rent_lamports >= account.lamports);
}

#[tokio::test]
async fn an_account_that_requires_a_memo_is_paid_like_any_other() {
    let stage = Stage::over(|world, authority| world.create_mint_2022(authority, 6, &[])).await;
    let closed = stage.run_epoch(1, 5).await;
    let owner = stage.owner(0);
    let (mint, wallet) = (stage.mint, stage.wallet_of(&owner.pubkey()));
    stage.ledger.with_world(|world| {
        world.open_token_account(&owner.pubkey(), &mint);
        world.require_memo(&wallet, owner);
    });
    let claimed = claim::pay::run(&stage.context(owner), &claim_for(&stage, &owner.pubkey()))
        .await
        .unwrap();
    assert!(claimed.paid.base() > 0 && claimed.paid.base() < closed.root.sum().get());
    assert_eq!(stage.tokens_of(&owner.pubkey()), claimed.paid.base());
}
