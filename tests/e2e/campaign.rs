//! A campaign as its creator and claimants run it: the command line's own functions over JSON-RPC.

use std::{path::Path, sync::Arc};

use cairn::{
    command::campaign::{CampaignArg, claim, close, create, open, prepare, sweep, vested},
    context::Context,
    moment::{Moment, Seconds},
    wallet::Wallet,
};
use cairn_client::{Ledger, RpcLedger};
use cairn_interface::{
    airdrop::{
        AirdropError, CLOSED_CAMPAIGN_LEN, CampaignStatus, CampaignView, ClaimDrop,
        ClosedCampaignView, SweepCampaign, campaign_address, campaign_len, campaign_page_address,
        campaign_vault_address, vesting_address,
    },
    ids, spl,
};
use cairn_localnet::{Localnet, Travel};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer};

use crate::own;
use crate::reads::{lamports_of, tokens_of};
use crate::stage::{DAY, attempt, funded, options};

const SECS: i64 = DAY.cast_signed();
/// Base units in a token: the network's mint has six decimals.
const TOKEN: u64 = 1_000_000;

fn context(network: &Localnet, key: &Keypair) -> Context {
    let ledger = network.ledger().expect("a client");
    Context {
        send: options(),
        ..Context::decided(Arc::new(ledger), Wallet::from(key.insecure_clone()))
    }
}

/// Starts in a day, vests from day 10 to day 50 after that, expires on day 100.
pub fn preparation(table: &Path, out: &Path, mint: Pubkey, starts_at: i64) -> prepare::Args {
    let days = |count: u64| Seconds(count * DAY);
    prepare::Args {
        table: Some(table.to_owned()),
        out: out.to_owned(),
        mint,
        base_units: false,
        decimals: None,
        offline: false,
        points: None,
        epoch: None,
        tokens: None,
        each: None,
        min_points: None,
        cap: None,
        leave_dust: false,
        creator: None,
        id: 0,
        receiver: None,
        starts: Moment(starts_at),
        expires: None,
        lasts: Some(days(100)),
        locked: None,
        vesting_start: None,
        cliff: days(10),
        vesting: days(50),
        canopy_depth: 1,
    }
}

async fn campaign_of(ledger: &RpcLedger, address: Pubkey) -> CampaignView {
    let account = ledger.account(&address).await.expect("an answer");
    CampaignView::decode(address, &account.expect("the campaign")).expect("a campaign")
}

/// What the chain itself says to a transaction that the command line would not send.
async fn refused(
    ledger: &RpcLedger,
    instructions: &[Instruction],
    payer: &Keypair,
    rule: AirdropError,
) {
    let outcome = attempt(ledger, instructions, payer, &[]).await;
    let error = outcome.expect_err("it must be refused");
    assert_eq!(
        error.refusal(),
        Some((ids::AIRDROP, rule.code())),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_goes_from_its_table_over_the_cliff_to_the_tombstone() {
    let (network, files) = own::start().await;
    let ledger = network.ledger().expect("a client");
    let creator = funded(&network).await;
    let stranger = funded(&network).await;
    let minted = network.mint_to(&creator.pubkey(), 100 * TOKEN).await;
    let purse = minted.expect("tokens");
    let owners: Vec<Pubkey> = (0..3).map(|_| Pubkey::new_unique()).collect();
    let table = files.path().join("drops.csv");
    let rows = format!(
        "owner,amount,locked\n{},1.5,0\n{},2,4\n{},0.000001,0\n",
        owners[0], owners[1], owners[2]
    );
    std::fs::write(&table, rows).expect("written");
    let folder = files.path().join("spring");
    let wallet =
        |owner: &Pubkey| spl::associated_token_address(owner, &network.mint(), &ids::TOKEN_PROGRAM);
    let clock = ledger.clock().await.expect("a clock");
    let starts_at = clock.unix_timestamp + SECS;
    let which = CampaignArg {
        campaign: None,
        files: Some(folder.clone()),
    };

    // Prepared, created with the top of its tree, opened with 7.500001 tokens.
    let by_creator = context(&network, &creator);
    let args = preparation(&table, &folder, network.mint(), starts_at);
    prepare::run(&by_creator, &args).await.expect("prepared");
    let files_of = create::Args {
        files: folder.clone(),
    };
    create::run(&by_creator, &files_of).await.expect("created");
    let opening = open::Args {
        files: folder.clone(),
        from: None,
    };
    let opened = open::run(&by_creator, &opening).await.expect("opened");
    assert_eq!(opened.number("deposited"), Some(7_500_001));
    let address = campaign_address(&creator.pubkey(), 0).0;
    let view = campaign_of(&ledger, address).await;
    assert_eq!((view.status(), view.leaf_count), (CampaignStatus::Open, 3));
    assert!(view.facts.canopy.complete);
    assert_eq!(tokens_of(&ledger, purse).await, 92_499_999);

    // From the start on anyone pays the fee of a claim; the unlocked part arrives at once, and once.
    let by_stranger = context(&network, &stranger);
    let claiming = |owner: &Pubkey| claim::Args {
        which: which.clone(),
        owner: Some(*owner),
        all: false,
    };
    let early = claim::one(&by_stranger, &claiming(&owners[1])).await;
    assert_eq!(
        early.expect_err("a day early").code(),
        "campaign-not-started"
    );
    network
        .travel(Travel::To(starts_at))
        .await
        .expect("the start");
    let claimed = claim::one(&by_stranger, &claiming(&owners[1])).await;
    let claimed = claimed.expect("claimed");
    assert_eq!(
        (claimed.paid.base(), claimed.still_locked.base()),
        (2 * TOKEN, 4 * TOKEN)
    );
    let found = cairn_campaign::load_claim(&folder, &owners[1].to_bytes()).expect("published");
    let again = ClaimDrop {
        campaign: address,
        owner: owners[1],
        mint: network.mint(),
        token_program: ids::TOKEN_PROGRAM,
        index: found.claim.leaf.index,
        unlocked: found.claim.leaf.unlocked,
        locked: found.claim.leaf.locked,
        proof: found.claim.proof.clone(),
        vesting_payer: Some(stranger.pubkey()),
        memo: false,
    };
    assert_eq!(again.proof.len(), 1);
    refused(
        &ledger,
        &[again.instruction()],
        &stranger,
        AirdropError::AlreadyClaimed,
    )
    .await;
    let rest = claim::one(&by_stranger, &claiming(&owners[0])).await;
    assert_eq!(rest.expect("claimed").paid.base(), 1_500_000);

    // On the cliff a fifth of four tokens is free.
    let vesting = vested::Args {
        which: which.clone(),
        owner: Some(owners[1]),
        all: false,
    };
    let cliff = Travel::To(starts_at + 10 * SECS);
    network.travel(cliff).await.expect("the cliff");
    let fifth = vested::run(&by_stranger, &vesting).await.expect("a fifth");
    let second = 4 * TOKEN / (50 * DAY) + 1;
    let free = fifth.tokens.base();
    assert!((800_000..=800_000 + second).contains(&free), "{free}");
    assert_eq!(
        tokens_of(&ledger, wallet(&owners[1])).await,
        2 * TOKEN + free
    );

    // After the expiry the rest goes to the receiver: what nobody claimed, and what was not fetched.
    let sweep = SweepCampaign {
        creator: creator.pubkey(),
        campaign: address,
        mint: network.mint(),
        token_program: ids::TOKEN_PROGRAM,
        receiver: creator.pubkey(),
        draft: false,
        memo: false,
    };
    let expiry = campaign_of(&ledger, address).await.expires_at;
    network.travel(Travel::By(DAY)).await.expect("a day");
    refused(
        &ledger,
        &[sweep.instruction()],
        &stranger,
        AirdropError::CampaignNotExpired,
    )
    .await;
    network
        .travel(Travel::To(expiry + 1))
        .await
        .expect("the end");
    let third = cairn_campaign::load_claim(&folder, &owners[2].to_bytes()).expect("published");
    let late = ClaimDrop {
        owner: owners[2],
        index: third.claim.leaf.index,
        unlocked: third.claim.leaf.unlocked,
        locked: third.claim.leaf.locked,
        proof: third.claim.proof.clone(),
        vesting_payer: None,
        ..again
    };
    let receive = spl::create_associated_token_account(
        &stranger.pubkey(),
        &owners[2],
        &network.mint(),
        &ids::TOKEN_PROGRAM,
    );
    refused(
        &ledger,
        &[receive, late.instruction()],
        &stranger,
        AirdropError::CampaignExpired,
    )
    .await;
    let lamports = lamports_of(&ledger, &creator.pubkey()).await;
    let sweeping = sweep::Args {
        which: which.clone(),
    };
    let swept = sweep::run(&by_stranger, &sweeping).await.expect("swept");
    let left = 7_500_001 - 3_500_000 - free;
    assert_eq!(swept.number("tokens"), Some(left));
    assert_eq!(tokens_of(&ledger, purse).await, 92_499_999 + left);

    // Everything is closed, each rent goes to who paid it, and a tombstone keeps the number used.
    let rents = lamports_of(&ledger, &campaign_page_address(&address, 0).0).await
        + lamports_of(
            &ledger,
            &vesting_address(&address, found.claim.leaf.index).0,
        )
        .await;
    let payer_before = lamports_of(&ledger, &stranger.pubkey()).await;
    let closing = close::Args {
        which: which.clone(),
        paid_vesting: false,
    };
    let closed = close::run(&by_stranger, &closing).await.expect("closed");
    assert!(closed.closed && (closed.pages, closed.vestings) == (1, 1));
    let fees = 5_000 * closed.transactions.list.len() as u64;
    assert_eq!(
        lamports_of(&ledger, &stranger.pubkey()).await,
        payer_before + rents - fees
    );
    let rent = async |len: usize| ledger.minimum_balance(len).await.expect("an answer");
    let campaign = rent(campaign_len(3, view.canopy_depth)).await - rent(CLOSED_CAMPAIGN_LEN).await;
    assert_eq!(
        lamports_of(&ledger, &creator.pubkey()).await,
        lamports + rent(spl::TOKEN_ACCOUNT_LEN).await + campaign
    );
    assert_eq!(closed.rent_returned_lamports, rents + campaign);
    for gone in [
        campaign_vault_address(&address).0,
        campaign_page_address(&address, 0).0,
        vesting_address(&address, found.claim.leaf.index).0,
    ] {
        assert_eq!(ledger.account(&gone).await.expect("an answer"), None);
    }
    let account = ledger.account(&address).await.expect("an answer");
    let tombstone = ClosedCampaignView::decode(address, &account.expect("a tombstone"));
    let tombstone = tombstone.expect("a closed campaign");
    assert_eq!(
        (tombstone.root, tombstone.snapshot_hash, tombstone.swept),
        (view.root, view.snapshot_hash, left)
    );
    let revived = create::run(&by_creator, &files_of).await;
    assert_eq!(
        revived.expect_err("closed for good").code(),
        "campaign-closed"
    );
}
