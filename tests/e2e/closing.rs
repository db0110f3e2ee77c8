//! An epoch that nobody needs any more gives its rent back and leaves its root behind.

use cairn_client::Ledger;
use cairn_interface::vault::{
    CloseEpoch, EPOCH_TOMBSTONE_LEN, EpochRecord, VaultError, epoch_address,
};
use cairn_localnet::Travel;
use cairn_merkle::EpochNumber;
use cairn_testkit::Member;
use solana_sdk::{pubkey::Pubkey, signer::Signer};

use crate::own::{Own, params};
use crate::reads::{epoch_of, lamports_of};
use crate::stage::WEEK;

#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_older_than_the_last_but_one_is_closed_and_later_claims_make_up_for_it() {
    let own = Own::new(params()).await;
    let (ledger, pool) = (&own.stage.ledger, own.stage.pool);
    let proposer = own.stage.keepers[0].pubkey();
    let owner = Pubkey::new_unique();
    let earned = |tokens| [Member::with_tokens(owner, tokens)];
    let close = CloseEpoch {
        pool,
        number: EpochNumber::FIRST,
        rent_payer: proposer,
    };
    let close = [close.instruction()];

    let first = own.grant(&earned(100)).await;
    own.refused(&close, &[], VaultError::EpochStillClaimable)
        .await;
    own.travel(Travel::By(WEEK)).await;
    own.propose(2, &earned(250)).await;
    own.activate(2).await;
    // The last but one still pays.
    own.refused(&close, &[], VaultError::EpochStillClaimable)
        .await;
    let old = first.claim(&own.pool().await, 1, 0);
    own.must(&own.claim(&old), &[]).await;
    own.travel(Travel::By(WEEK)).await;
    let third = own.propose(3, &earned(400)).await;
    own.activate(3).await;
    own.refused(&own.claim(&old), &[], VaultError::EpochSuperseded)
        .await;

    // Closed by anyone: the keeper that proposed it gets all but the tombstone's rent.
    let before = epoch_of(ledger, &pool, 1).await;
    assert_eq!(before.rent_payer, proposer);
    let lamports = lamports_of(ledger, &proposer).await;
    let held = lamports_of(ledger, &before.address).await;
    own.must(&close, &[]).await;
    let kept = ledger.minimum_balance(EPOCH_TOMBSTONE_LEN).await;
    let kept = kept.expect("an answer");
    assert!(held > kept);
    assert_eq!(lamports_of(ledger, &proposer).await, lamports + held - kept);
    let address = epoch_address(&pool, EpochNumber::FIRST).0;
    let account = ledger.account(&address).await.expect("an answer");
    let account = account.expect("a tombstone");
    assert_eq!(account.data.len(), EPOCH_TOMBSTONE_LEN);
    let record = EpochRecord::decode(address, &account).expect("an epoch's record");
    assert!(matches!(record, EpochRecord::Closed(_)));
    assert_eq!(
        (record.root(), record.manifest_hash(), record.number()),
        (before.root_node(), before.manifest_hash, EpochNumber::FIRST)
    );

    // It is not closed twice and never pays again; the active one pays what is missing.
    own.refused(&close, &[], VaultError::EpochClosed).await;
    own.refused(&own.claim(&old), &[], VaultError::EpochSuperseded)
        .await;
    let rest = third.claim(&own.pool().await, 3, 0);
    own.must(&own.claim(&rest), &[]).await;
    assert_eq!(own.tokens_of(&owner).await, 400);
}
