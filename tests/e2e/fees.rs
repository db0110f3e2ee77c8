//! A pool of a token that takes a fee from every transfer: what left and what arrived are told apart.

use cairn_client::Ledger;
use cairn_interface::{
    Event, events, ids, spl,
    vault::{ActivateEpoch, Claimed, Fund, VaultError, VaultEvent, VetoEpoch},
};
use cairn_localnet::Travel;
use cairn_merkle::{EpochNumber, Tokens};
use cairn_testkit::Member;
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer};
use solana_system_interface::instruction::create_account;
use spl_token_2022_interface::{
    extension::{ExtensionType, transfer_fee},
    instruction::initialize_mint2,
    state::Mint,
};

use crate::own::{self, Own, params};
use crate::reads::slot_of;
use crate::stage::{DAY, Stage, funded, must};

/// A mint of Token-2022 whose transfers lose one percent, rounded up.
fn fee_mint(authority: &Pubkey, mint: &Pubkey, lamports: u64, space: usize) -> [Instruction; 3] {
    let program = &ids::TOKEN_2022_PROGRAM;
    let (own, most) = (Some(authority), u64::MAX);
    let fee = transfer_fee::instruction::initialize_transfer_fee_config(
        program, mint, own, own, 100, most,
    );
    [
        create_account(authority, mint, lamports, space as u64, program),
        fee.expect("Token-2022's own id"),
        initialize_mint2(program, mint, authority, None, 6).expect("Token-2022's own id"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_a_fee_is_counted_by_what_arrives_and_paid_by_what_leaves() {
    let (network, files) = own::start().await;
    let ledger = network.ledger().expect("a client");
    let issuer = funded(&network).await;
    let mint = Keypair::new();
    let space =
        ExtensionType::try_calculate_account_len::<Mint>(&[ExtensionType::TransferFeeConfig])
            .expect("a length");
    let rent = ledger.minimum_balance(space).await.expect("an answer");
    let steps = fee_mint(&issuer.pubkey(), &mint.pubkey(), rent, space);
    must(&ledger, &steps, &issuer, &[&mint]).await;
    let token_program = ids::TOKEN_2022_PROGRAM;
    let own = Own {
        stage: Stage::over(&network, mint.pubkey(), token_program, params()).await,
        stranger: funded(&network).await,
        network,
        files,
    };

    // Of 1,000,000 that leave the issuer, 990,000 arrive, and so much is funded.
    let from = own.wallet(&issuer.pubkey());
    let steps = [
        own.receive(&issuer.pubkey()),
        spl::mint_to(
            &token_program,
            &own.stage.mint,
            &from,
            &issuer.pubkey(),
            1_000_000,
        ),
    ];
    own.must(&steps, &[&issuer]).await;
    let fund = Fund {
        funder: issuer.pubkey(),
        pool: own.stage.pool,
        mint: own.stage.mint,
        token_program,
        from,
        amount: Tokens::new(1_000_000),
    };
    own.must(&[fund.instruction()], &[&issuer]).await;
    assert_eq!(own.vault().await, 990_000);
    assert_eq!(own.pool().await.total_funded, 990_000);

    // A root of what was sent is above what the vault holds.
    let sent = [Member::with_tokens(Pubkey::new_unique(), 1_000_000)];
    own.propose(1, &sent).await;
    own.travel(Travel::By(DAY)).await;
    let activate = ActivateEpoch {
        pool: own.stage.pool,
        number: EpochNumber::FIRST,
        previous: None,
    };
    own.refused(&[activate.instruction()], &[], VaultError::VaultShort)
        .await;
    let veto = VetoEpoch {
        guardian: own.stage.guardian.pubkey(),
        pool: own.stage.pool,
        number: EpochNumber::FIRST,
        reason: 1,
    };
    own.must(&[veto.instruction()], &[&own.stage.guardian])
        .await;
    // The vetoed keeper rests for a window.
    own.travel(Travel::By(DAY)).await;

    // A root of what arrived is paid to the last unit.
    let owners = [Pubkey::new_unique(), Pubkey::new_unique()];
    let members = [
        Member::with_tokens(owners[0], 989_993),
        Member::with_tokens(owners[1], 7),
    ];
    let rewards = own.grant(&members).await;
    let view = own.pool().await;
    let expected = [(989_993, 9_900), (7, 1)];
    for (index, (leaves, fee)) in (0..).zip(expected) {
        let claim = rewards.claim(&view, 1, index);
        let receipt = own.must(&own.claim(&claim), &[]).await;
        let executed = own.stage.ledger.transaction(&receipt.signature).await;
        let executed = executed.expect("an answer").expect("the transaction");
        let inner = executed.inner.iter();
        let inner = inner.map(|call| (&call.program, call.data.as_slice()));
        let said = events(inner).find_map(|event| match event {
            Event::RewardVault(VaultEvent::Claimed(Claimed { paid, received, .. })) => {
                Some((paid, received))
            }
            _ => None,
        });
        assert_eq!(said, Some((leaves, leaves - fee)));
        assert_eq!(own.tokens_of(&claim.owner).await, leaves - fee);
        let account = own.stage.ledger.account(&claim.destination()).await;
        let account = account.expect("an answer").expect("the destination");
        let wallet = spl::TokenAccountView::decode(claim.destination(), &account);
        assert_eq!(wallet.expect("a token account").withheld, fee);
        let slot = slot_of(&own.stage.ledger, &own.stage.pool, index).await;
        assert_eq!(slot.tokens_claimed, leaves);
        own.refused(&own.claim(&claim), &[], VaultError::NothingToClaim)
            .await;
    }
    assert_eq!(
        (own.vault().await, own.pool().await.total_claimed),
        (0, 990_000)
    );
}
