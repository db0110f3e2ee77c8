//! Points that are burnt for a share of a round, and data credits that a carrier fulfils or that come back.

use cairn_client::Ledger;
use cairn_interface::{
    Event, events,
    vault::{
        BurnPoints, CarrierView, CloseRound, FulfilCredits, OpenRound, RedeemCredits,
        RefundCredits, RoundView, SetCarrier, SettleBurn, VaultError, VaultEvent, carrier_address,
        receipt_address, redemption_address, round_address, round_vault_address,
    },
};
use cairn_localnet::Travel;
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens};
use cairn_testkit::Member;
use solana_sdk::{signature::Keypair, signer::Signer};

use crate::own::{Own, params};
use crate::reads::{lamports_of, slot_of, tokens_of};
use crate::stage::{DAY, funded};

#[tokio::test(flavor = "multi_thread")]
async fn two_members_share_a_burn_round_and_its_dust_is_the_pools() {
    let own = Own::new(params()).await;
    let (ledger, pool, admin) = (&own.stage.ledger, own.stage.pool, &own.stage.admin);
    let owners: [Keypair; 5] = std::array::from_fn(|_| Keypair::new());
    let members = owners.each_ref().map(|owner| Member {
        owner: owner.pubkey(),
        tokens: 5,
        points: 1_000,
        credits: 0,
    });
    let rewards = own.grant(&members).await;
    let view = own.pool().await;
    let opener = funded(&own.network).await;
    let payer = funded(&own.network).await;
    let spent = [
        lamports_of(ledger, &opener.pubkey()).await,
        lamports_of(ledger, &payer.pubkey()).await,
    ];

    // 100 base units for a day of burns of two milli-points and more.
    let from = own.network.mint_to(&admin.pubkey(), 100).await;
    let now = own.now().await;
    let open = OpenRound {
        opener: opener.pubkey(),
        admin: admin.pubkey(),
        funder: admin.pubkey(),
        pool,
        mint: own.stage.mint,
        token_program: own.stage.token_program,
        from: from.expect("tokens"),
        number: 0,
        epoch: EpochNumber::FIRST,
        tokens: Tokens::new(100),
        minimum: MilliPoints::new(2),
        starts_at: now,
        ends_at: now + DAY.cast_signed(),
    };
    own.must(&[open.instruction()], &[&opener, admin]).await;
    let round = open.round();
    assert_eq!(round, round_address(&pool, 0).0);
    let burn = |at: usize, points: u64| {
        let leaf = rewards.claim(&view, 1, u32::try_from(at).expect("small"));
        BurnPoints {
            payer: payer.pubkey(),
            owner: leaf.owner,
            pool,
            number: EpochNumber::FIRST,
            round: 0,
            index: leaf.index,
            tokens: leaf.tokens,
            granted: leaf.points,
            credits: leaf.credits,
            proof: leaf.proof,
            points: MilliPoints::new(points),
        }
        .instruction()
    };
    let few = [&payer, &owners[0]];
    own.refused(&[burn(0, 1)], &few, VaultError::BurnBelowMinimum)
        .await;
    own.must(&[burn(0, 150)], &few).await;
    own.must(&[burn(0, 50)], &few).await;
    own.refused(&[burn(0, 801)], &few, VaultError::PointsShort)
        .await;
    own.must(&[burn(1, 100)], &[&payer, &owners[1]]).await;

    // Nothing is settled before the end, and nothing burnt after it.
    let settle = |at: usize| SettleBurn {
        pool,
        round: 0,
        owner: owners[at].pubkey(),
        rent_payer: payer.pubkey(),
        mint: own.stage.mint,
        token_program: own.stage.token_program,
        payout: None,
        memo: false,
    };
    let paid = |at: usize| [own.receive(&owners[at].pubkey()), settle(at).instruction()];
    own.refused(&paid(0), &[], VaultError::RoundNotEnded).await;
    own.travel(Travel::By(DAY)).await;
    own.refused(&[burn(0, 2)], &few, VaultError::RoundEnded)
        .await;
    let account = ledger.account(&round).await.expect("an answer");
    let ended = RoundView::decode(round, &account.expect("the round")).expect("a round");
    assert_eq!((ended.burnt, ended.receipts), (300, 2));
    assert_eq!((ended.share(200), ended.share(100)), (66, 33));

    own.must(&paid(0), &[]).await;
    let close = CloseRound {
        pool,
        round: 0,
        opener: opener.pubkey(),
        mint: own.stage.mint,
        token_program: own.stage.token_program,
    };
    own.refused(&[close.instruction()], &[], VaultError::RoundUnsettled)
        .await;
    own.must(&paid(1), &[]).await;
    assert_eq!(own.tokens_of(&owners[0].pubkey()).await, 66);
    assert_eq!(own.tokens_of(&owners[1].pubkey()).await, 33);
    own.refused(&paid(1), &[], VaultError::WrongReceipt).await;
    assert_eq!(tokens_of(ledger, round_vault_address(&round).0).await, 1);

    // The indivisible unit goes to the pool's vault, every lamport of rent to who paid it.
    let (vault, funded) = (own.vault().await, own.pool().await.total_funded);
    own.must(&[close.instruction()], &[]).await;
    let after = own.pool().await;
    assert_eq!(own.vault().await, vault + 1);
    assert_eq!((after.total_funded, after.next_round), (funded + 1, 1));
    assert_eq!(after.points_burnt, 300);
    for gone in [
        round,
        round_vault_address(&round).0,
        receipt_address(&round, &owners[0].pubkey()).0,
    ] {
        assert_eq!(ledger.account(&gone).await.expect("an answer"), None);
    }
    let returned = [
        lamports_of(ledger, &opener.pubkey()).await,
        lamports_of(ledger, &payer.pubkey()).await,
    ];
    assert_eq!(returned, spent);
    let again = OpenRound {
        ends_at: open.ends_at + 2 * DAY.cast_signed(),
        ..open
    };
    own.refused(
        &[again.instruction()],
        &[&opener, admin],
        VaultError::RoundNumber,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn credits_are_fulfilled_by_their_carrier_or_come_back_after_the_deadline() {
    let own = Own::new(params()).await;
    let (ledger, pool, admin) = (&own.stage.ledger, own.stage.pool, &own.stage.admin);
    let member = Keypair::new();
    let rewards = own
        .grant(&[Member {
            owner: member.pubkey(),
            tokens: 5,
            points: 0,
            credits: 50,
        }])
        .await;
    let leaf = rewards.claim(&own.pool().await, 1, 0);
    let [carrier, other] = [Keypair::new(), Keypair::new()];
    let payer = funded(&own.network).await;
    for key in [&carrier, &other] {
        let set = SetCarrier {
            payer: payer.pubkey(),
            admin: admin.pubkey(),
            pool,
            carrier: key.pubkey(),
            period_secs: DAY,
            active: true,
        };
        own.must(&[set.instruction()], &[&payer, admin]).await;
    }
    let spent = lamports_of(ledger, &payer.pubkey()).await;
    let redeem = |nonce: u64, credits: u64| {
        RedeemCredits {
            payer: payer.pubkey(),
            owner: member.pubkey(),
            pool,
            number: EpochNumber::FIRST,
            carrier: carrier.pubkey(),
            index: LeafIndex::new(0),
            tokens: leaf.tokens,
            points: leaf.points,
            granted: leaf.credits,
            proof: leaf.proof.clone(),
            credits: Credits::new(credits),
            nonce,
            commitment: [7; 32],
        }
        .instruction()
    };
    let fulfil = |by: &Keypair, nonce: u64, credits: u64| {
        FulfilCredits {
            carrier: by.pubkey(),
            pool,
            owner: member.pubkey(),
            nonce,
            rent_payer: payer.pubkey(),
            credits: Credits::new(credits),
            commitment: [7; 32],
            receipt_hash: [8; 32],
        }
        .instruction()
    };
    let signers = [&payer, &member];

    // Thirty are fulfilled: by the carrier that was chosen, for what was asked.
    own.must(&[redeem(0, 30)], &signers).await;
    own.refused(
        &[fulfil(&other, 0, 30)],
        &[&other],
        VaultError::WrongCarrier,
    )
    .await;
    own.refused(
        &[fulfil(&carrier, 0, 29)],
        &[&carrier],
        VaultError::RedemptionChanged,
    )
    .await;
    let receipt = own.must(&[fulfil(&carrier, 0, 30)], &[&carrier]).await;
    let executed = ledger.transaction(&receipt.signature).await;
    let executed = executed.expect("an answer").expect("the transaction");
    let inner = executed.inner.iter();
    let said: Vec<Event> =
        events(inner.map(|call| (&call.program, call.data.as_slice()))).collect();
    let [Event::RewardVault(VaultEvent::CreditsFulfilled(fulfilled))] = said.as_slice() else {
        panic!("{said:?}");
    };
    assert_eq!((fulfilled.credits, fulfilled.receipt_hash), (30, [8; 32]));

    // Twenty are not: they come back a second after the deadline.
    own.refused(&[redeem(1, 21)], &signers, VaultError::CreditsShort)
        .await;
    own.must(&[redeem(1, 20)], &signers).await;
    let refund = RefundCredits {
        pool,
        owner: member.pubkey(),
        nonce: 1,
        index: LeafIndex::new(0),
        carrier: carrier.pubkey(),
        rent_payer: payer.pubkey(),
    };
    let refund = [refund.instruction()];
    own.refused(&refund, &[], VaultError::RedemptionNotExpired)
        .await;
    assert_eq!(slot_of(ledger, &pool, 0).await.credits_redeemed(), 50);
    own.travel(Travel::By(DAY + 1)).await;
    own.refused(
        &[fulfil(&carrier, 1, 20)],
        &[&carrier],
        VaultError::RedemptionExpired,
    )
    .await;
    own.must(&refund, &[]).await;
    assert_eq!(slot_of(ledger, &pool, 0).await.credits_redeemed(), 30);
    let view = own.pool().await;
    assert_eq!((view.credits_redeemed, view.credits_fulfilled), (30, 30));
    let address = carrier_address(&pool, &carrier.pubkey()).0;
    let account = ledger.account(&address).await.expect("an answer");
    let standing = CarrierView::decode(address, &account.expect("the carrier"));
    let standing = standing.expect("a carrier");
    assert_eq!((standing.fulfilled, standing.pending), (30, 0));
    for nonce in [0, 1] {
        let gone = redemption_address(&pool, &member.pubkey(), nonce).0;
        assert_eq!(ledger.account(&gone).await.expect("an answer"), None);
    }
    assert_eq!(lamports_of(ledger, &payer.pubkey()).await, spent);
}
