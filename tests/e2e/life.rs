use cairn_client::Ledger;
use cairn_interface::{
    Event, events, ids, spl,
    vault::{
        ActivateEpoch, AttestEpoch, Claimed, EpochStatus, MemberPageView, OpenMemberPage,
        RevokeEpoch, VaultError, VaultEvent, member_page_address,
    },
};
use cairn_localnet::Travel;
use cairn_merkle::{EpochNumber, LeafIndex, Tokens};
use cairn_origin::{Past, taken_under};
use cairn_testkit::{Member, Rewards};
use solana_sdk::{signature::Keypair, signer::Signer};

use crate::reads::{epoch_of, pool_of, tokens_of};
use crate::stage::{CAP, DAY, Stage, attempt, must, network};

#[tokio::test(flavor = "multi_thread")]
async fn a_reward_goes_all_the_way_from_proposal_to_the_members_account() {
    let network = network().await;
    let stage = Stage::new(network).await;
    let ledger = &stage.ledger;
    stage.fund(network, CAP).await;

    let owners: Vec<Keypair> = (0..5).map(|_| Keypair::new()).collect();
    let members: Vec<Member> = owners
        .iter()
        .zip(1_u64..)
        .map(|(owner, at)| Member {
            owner: owner.pubkey(),
            tokens: at * 10_000,
            points: at * 1_000,
            credits: at,
        })
        .collect();
    let rewards = Rewards::new(&stage.pool, &members);

    // Proposed, with the top of its tree, and attested by a second keeper.
    let [proposer, second, _] = &stage.keepers;
    let proposal = rewards.proposal(&proposer.pubkey(), 1);
    must(ledger, &[proposal.instruction()], proposer, &[]).await;
    for part in rewards.put_canopy(&proposer.pubkey(), 1, 2) {
        must(ledger, &[part.instruction()], proposer, &[]).await;
    }
    let attest = AttestEpoch {
        keeper: second.pubkey(),
        pool: stage.pool,
        number: EpochNumber::FIRST,
        proposal: proposal.proposal(0),
    };
    must(ledger, &[attest.instruction()], second, &[]).await;
    let epoch = epoch_of(ledger, &stage.pool, 1).await;
    assert_eq!(epoch.status(), EpochStatus::Attested);
    assert_eq!(epoch.root_node(), rewards.root());
    assert_eq!(epoch.attesters(), [proposer.pubkey(), second.pubkey()]);
    assert!(epoch.facts.canopy.complete);

    // Not before the window has passed on the chain's clock.
    let activate = ActivateEpoch {
        pool: stage.pool,
        number: EpochNumber::FIRST,
        previous: None,
    };
    let early = attempt(ledger, &[activate.instruction()], proposer, &[]).await;
    let refused = early.expect_err("the window is open").refusal();
    assert_eq!(
        refused,
        Some((ids::REWARD_VAULT, VaultError::ChallengeWindowOpen.code()))
    );
    network.travel(Travel::By(DAY)).await.expect("a day");
    must(ledger, &[activate.instruction()], proposer, &[]).await;
    let pool = pool_of(ledger, stage.pool).await;
    assert_eq!((pool.active_epoch, pool.next_epoch), (1, 2));
    assert_eq!(pool.total_cumulative, 150_000);

    // The third member's claim: paid for by a stranger, to an account that did not exist.
    let stranger = &stage.admin;
    let open = OpenMemberPage {
        payer: stranger.pubkey(),
        pool: stage.pool,
        page: 0,
    };
    must(ledger, &[open.instruction()], stranger, &[]).await;
    let claim = rewards.claim(&pool, 1, 2);
    let receive = spl::create_associated_token_account(
        &stranger.pubkey(),
        &claim.owner,
        &stage.mint,
        &ids::TOKEN_PROGRAM,
    );
    let receipt = must(ledger, &[receive, claim.instruction()], stranger, &[]).await;
    assert_eq!(tokens_of(ledger, claim.destination()).await, 30_000);
    assert!(receipt.compute_units > 0 && receipt.fee >= 5_000);

    // What happened can be read back from the transaction itself.
    let executed = ledger
        .transaction(&receipt.signature)
        .await
        .expect("an answer")
        .expect("the transaction");
    let inner = executed
        .inner
        .iter()
        .map(|call| (&call.program, call.data.as_slice()));
    let claimed = Event::RewardVault(VaultEvent::Claimed(Claimed {
        pool: stage.pool,
        owner: claim.owner,
        payout: claim.owner,
        number: 1,
        index: 2,
        paid: 30_000,
        received: 30_000,
        tokens_claimed: 30_000,
        reserved: [0; 4],
    }));
    assert_eq!(events(inner).collect::<Vec<_>>(), [claimed]);

    // And from the accounts alone.
    let page = member_page_address(&stage.pool, 0).0;
    let account = ledger.account(&page).await.expect("an answer");
    let page = MemberPageView::decode(page, &account.expect("the page")).expect("a page");
    assert_eq!(
        page.slot(LeafIndex::new(2))
            .expect("in page 0")
            .tokens_claimed,
        30_000
    );
    let pool = pool_of(ledger, stage.pool).await;
    assert_eq!((pool.total_claimed, pool.pages), (30_000, 1));

    // Once, not twice.
    let again = attempt(ledger, &[claim.instruction()], stranger, &[]).await;
    assert_eq!(
        again.expect_err("paid before").refusal(),
        Some((ids::REWARD_VAULT, VaultError::NothingToClaim.code()))
    );

    // Taken back, its past tells a keeper what was taken under it, and until then not all of it.
    let past = || taken_under(ledger, &stage.pool, EpochNumber::FIRST);
    let early = past().await.expect("an answer");
    assert!(matches!(early, Past::Partial(_)), "{early:?}");
    let revoke = RevokeEpoch {
        admin: stage.admin.pubkey(),
        guardian: stage.guardian.pubkey(),
        pool: stage.pool,
        number: EpochNumber::FIRST,
    };
    let revoke = revoke.instruction();
    must(ledger, &[revoke], &stage.admin, &[&stage.guardian]).await;
    let Past::Whole(taken) = past().await.expect("an answer") else {
        panic!("the node keeps everything");
    };
    let rows: Vec<_> = taken
        .iter()
        .map(|row| (row.index, row.owner, row.tokens, row.tokens_claimed))
        .collect();
    let paid = Tokens::new(30_000);
    assert_eq!(
        rows,
        [(LeafIndex::new(2), claim.owner.to_bytes(), paid, paid)]
    );
}
