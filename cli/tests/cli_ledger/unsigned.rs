//! Transactions for keys that are not here: who must sign, and for how long they stay valid.

use std::sync::Arc;

use base64::Engine;
use cairn::command::pool;
use cairn::context::{Context, Manner, Purse};
use cairn::error::CliError;
use cairn::facts::Facts;
use cairn::transact::Transaction;
use cairn::wallet::Wallet;
use solana_sdk::account::Account;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use solana_sdk::transaction::VersionedTransaction;

use crate::stage::{Stage, page};

/// A context that knows addresses only.
fn watching(stage: &Stage, signer: &Pubkey, fee_payer: Option<&Pubkey>) -> Context {
    Context {
        manner: Manner::Unsigned,
        fee_purse: fee_payer.map(|key| Arc::new(Purse::holding(Wallet::Watch(*key)))),
        ..Context::decided(Arc::new(stage.ledger.clone()), Wallet::Watch(*signer))
    }
}

async fn pause(stage: &Stage, ctx: &Context) -> Result<Facts, CliError> {
    let args = pool::pause::Args {
        pool: stage.pool_arg(),
    };
    pool::pause::run(ctx, &args).await
}

/// Puts the signatures in, as a cold wallet does.
fn signed(transaction: &str, keys: &[&Keypair]) -> VersionedTransaction {
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(transaction)
        .unwrap();
    let mut transaction: VersionedTransaction = bincode::deserialize(&bytes).unwrap();
    let message = transaction.message.serialize();
    let places = transaction.signatures.iter_mut();
    for (place, address) in places.zip(transaction.message.static_account_keys()) {
        let key = keys.iter().find(|key| key.pubkey() == *address).unwrap();
        *place = key.sign_message(&message);
    }
    transaction
}

#[tokio::test]
async fn the_fee_payer_signs_first_and_the_authority_beside_it() {
    let stage = Stage::new().await;
    let (guardian, sponsor) = (&stage.guardian, stage.owner(0));
    let ctx = watching(&stage, &guardian.pubkey(), Some(&sponsor.pubkey()));
    let changed = pause(&stage, &ctx).await.unwrap();
    let [
        Transaction::Unsigned {
            transaction,
            signers,
            nonce: None,
            last_valid_block_height: Some(_),
            ..
        },
    ] = &changed.transactions.list[..]
    else {
        panic!("{changed:?}");
    };
    let expected = [sponsor.pubkey().to_string(), guardian.pubkey().to_string()];
    assert_eq!(*signers, expected);
    let text = page(&changed);
    assert!(
        text.contains(transaction) && text.contains("about a minute"),
        "{text}"
    );

    let before = stage
        .ledger
        .with_world(|world| world.lamports(&guardian.pubkey()));
    let transaction = signed(transaction, &[guardian, sponsor]);
    stage
        .ledger
        .with_world(|world| world.submit(&transaction))
        .unwrap();
    let (paused, after) = stage.ledger.with_world(|world| {
        (
            world.pool(&stage.pool).is_paused(world.now()),
            world.lamports(&guardian.pubkey()),
        )
    });
    assert!(paused);
    assert_eq!(after, before, "the sponsor paid the fee");
}

#[tokio::test]
async fn a_fee_payer_with_its_key_here_pays_for_what_is_sent_here() {
    let stage = Stage::new().await;
    let sponsor = stage.owner(0);
    let ctx = Context {
        fee_purse: Some(Arc::new(Purse::holding(Wallet::from(
            sponsor.insecure_clone(),
        )))),
        ..stage.context(&stage.guardian)
    };
    let before = stage
        .ledger
        .with_world(|world| world.lamports(&stage.guardian.pubkey()));
    pause(&stage, &ctx).await.unwrap();
    let after = stage
        .ledger
        .with_world(|world| world.lamports(&stage.guardian.pubkey()));
    assert_eq!(after, before);
}

#[tokio::test]
async fn with_a_nonce_account_a_transaction_outlives_every_blockhash() {
    let stage = Stage::new().await;
    let guardian = &stage.guardian;
    let nonce = Pubkey::new_from_array([88; 32]);
    let value = [5; 32];
    let ctx = Context {
        nonce: Some(nonce),
        ..watching(&stage, &guardian.pubkey(), None)
    };
    let missing = pause(&stage, &ctx).await.unwrap_err();
    assert_eq!(missing.code(), "no-nonce-account");

    let mut data = vec![1, 0, 0, 0, 1, 0, 0, 0];
    data.extend(guardian.pubkey().to_bytes());
    data.extend(value);
    data.extend(5_000_u64.to_le_bytes());
    stage.ledger.with_world(|world| {
        let account = Account {
            lamports: 10_000_000,
            data,
            ..Account::default()
        };
        world.set_account(&nonce, account);
    });
    let changed = pause(&stage, &ctx).await.unwrap();
    let [
        Transaction::Unsigned {
            transaction,
            blockhash,
            last_valid_block_height: None,
            nonce: Some(named),
            ..
        },
    ] = &changed.transactions.list[..]
    else {
        panic!("{changed:?}");
    };
    assert_eq!(*named, nonce.to_string());
    assert_eq!(
        *blockhash,
        solana_sdk::hash::Hash::new_from_array(value).to_string()
    );

    stage.ledger.advance_blocks(1_000);
    let transaction = signed(transaction, &[guardian]);
    let first = transaction.message.instructions().first().unwrap();
    assert_eq!(
        first.data,
        4_u32.to_le_bytes(),
        "AdvanceNonceAccount stands first"
    );
    stage
        .ledger
        .with_world(|world| world.submit(&transaction))
        .unwrap();
    assert!(
        stage
            .ledger
            .with_world(|world| world.pool(&stage.pool).is_paused(world.now()))
    );
}
