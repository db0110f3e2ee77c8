//! What `cairn_client::send` promises, on a way to the ledger that breaks in every place: a transaction is never
//! signed a second time while the first may land, and never forgotten.

use std::time::Duration;

use cairn_client::{
    Class, ClientError, Ledger, MAX_COMPUTE_UNITS, SendOptions, Signed, land, prepare, send,
    simulate,
};
use cairn_interface::{ids, spl};
use cairn_testkit::{Fault, Faulty, LiteSvmLedger, World};
use solana_sdk::{
    instruction::{AccountMeta, Instruction},
    pubkey::Pubkey,
    signature::Keypair,
    signer::Signer,
};
use solana_system_interface::instruction::transfer;

const AMOUNT: u64 = 5_000_000;

struct Case {
    ledger: Faulty<LiteSvmLedger>,
    payer: Keypair,
    to: Pubkey,
}

impl Case {
    fn new() -> Self {
        let mut world = World::new();
        let payer = world.actor("payer of this test");
        Self {
            ledger: Faulty::new(LiteSvmLedger::new(world)),
            payer,
            to: World::pauper("receiver").pubkey(),
        }
    }

    fn pay(&self) -> [Instruction; 1] {
        [transfer(&self.payer.pubkey(), &self.to, AMOUNT)]
    }

    async fn send(&self) -> Result<cairn_client::Receipt, ClientError> {
        let payer = self.payer.pubkey();
        send(
            &self.ledger,
            &self.pay(),
            &payer,
            &[&self.payer],
            &options(),
        )
        .await
    }

    async fn prepare(&self) -> Signed {
        let payer = self.payer.pubkey();
        prepare(
            &self.ledger,
            &self.pay(),
            &payer,
            &[&self.payer],
            &options(),
        )
        .await
        .expect("signed")
    }

    fn received(&self) -> u64 {
        self.ledger
            .inner()
            .with_world(|world| world.lamports(&self.to))
    }
}

/// No pauses: every look is the next thing that happens.
fn options() -> SendOptions {
    SendOptions {
        poll: Duration::ZERO,
        resubmit: Duration::ZERO,
        ..SendOptions::default()
    }
}

#[tokio::test]
async fn a_submission_that_got_lost_is_repeated_with_the_same_bytes() {
    let case = Case::new();
    case.ledger.fail_submissions(&[Fault::Lost, Fault::Lost]);
    let receipt = case.send().await.expect("landed");
    let submitted = case.ledger.submitted();
    assert!(submitted.len() >= 3);
    assert!(
        submitted
            .iter()
            .all(|signature| *signature == receipt.signature)
    );
    assert_eq!(case.received(), AMOUNT);
}

#[tokio::test]
async fn a_submission_that_arrived_without_an_answer_is_not_paid_twice() {
    let case = Case::new();
    case.ledger.fail_submissions(&[Fault::Unanswered]);
    case.send().await.expect("landed");
    assert_eq!(case.received(), AMOUNT);
    assert_eq!(case.ledger.inner().landed(), 1);
}

#[tokio::test]
async fn a_landing_that_is_reported_late_is_waited_for() {
    let case = Case::new();
    case.ledger.hide_status(9);
    case.send().await.expect("landed");
    assert_eq!(case.ledger.inner().landed(), 1);
}

#[tokio::test]
async fn a_transaction_whose_blockhash_expired_unseen_is_signed_anew_and_paid_once() {
    let case = Case::new();
    let stale = case.prepare().await;
    case.ledger.inner().advance_blocks(151);
    match land(&case.ledger, &stale, &options()).await {
        Err(error @ ClientError::Expired { .. }) => assert_eq!(error.class(), Class::Retryable),
        other => panic!("{other:?}"),
    }
    assert_eq!(case.received(), 0);
    case.send().await.expect("landed");
    assert_eq!(case.received(), AMOUNT);
}

#[tokio::test]
async fn an_expired_transaction_that_did_land_is_found_and_not_signed_again() {
    let case = Case::new();
    let signed = case.prepare().await;
    case.ledger
        .submit(&signed.transaction)
        .await
        .expect("submitted");
    // Long after, on a node that at first does not find it.
    case.ledger.inner().advance_blocks(500);
    case.ledger.hide_status(1);
    let receipt = land(&case.ledger, &signed, &options())
        .await
        .expect("landed");
    assert_eq!(receipt.signature, signed.signature());
    assert_eq!(case.received(), AMOUNT);
}

#[tokio::test]
async fn a_line_that_stays_cut_leaves_the_outcome_open_and_a_later_start_resolves_it() {
    let case = Case::new();
    let signed = case.prepare().await;
    let journal = serde_json::to_vec(&signed).expect("written");
    case.ledger.fail_submissions(&[Fault::Unanswered]);
    case.ledger.set_down(true);
    match land(&case.ledger, &signed, &options()).await {
        Err(error @ ClientError::Unresolved { .. }) => {
            assert_eq!(error.class(), Class::Retryable);
            assert!(error.hint().contains(&signed.signature().to_string()));
        }
        other => panic!("{other:?}"),
    }
    case.ledger.set_down(false);
    let resumed: Signed = serde_json::from_slice(&journal).expect("read");
    land(&case.ledger, &resumed, &options())
        .await
        .expect("landed");
    land(&case.ledger, &resumed, &options())
        .await
        .expect("still landed");
    assert_eq!(case.received(), AMOUNT);
}

#[tokio::test]
async fn a_line_that_comes_back_in_time_is_only_a_delay() {
    let case = Case::new();
    case.ledger.fail_submissions(&[Fault::Cut; 5]);
    case.send().await.expect("landed");
    assert_eq!(case.received(), AMOUNT);
}

#[tokio::test]
async fn a_refusal_is_found_before_anything_is_signed_and_names_the_program() {
    let case = Case::new();
    let mint = case.ledger.inner().with_world(|world| {
        let authority = world.actor("authority");
        world.create_mint(&authority, 6)
    });
    let stranger = case.payer.pubkey();
    let account = spl::associated_token_address(&stranger, &mint, &ids::TOKEN_PROGRAM);
    let instructions = [
        spl::create_associated_token_account(&stranger, &stranger, &mint, &ids::TOKEN_PROGRAM),
        spl::mint_to(&ids::TOKEN_PROGRAM, &mint, &account, &stranger, 1),
    ];
    let error = send(
        &case.ledger,
        &instructions,
        &stranger,
        &[&case.payer],
        &options(),
    )
    .await
    .expect_err("not the mint's authority");
    assert_eq!(error.refusal(), Some((ids::TOKEN_PROGRAM, 4)));
    assert!(error.to_string().contains("OwnerMismatch"), "{error}");
    assert_eq!(case.ledger.submitted(), []);
}

#[tokio::test]
async fn a_missing_signer_and_an_oversized_transaction_cost_no_request() {
    let case = Case::new();
    case.ledger.set_down(true);
    let payer = case.payer.pubkey();
    let nobody: [&dyn Signer; 0] = [];
    let error = send(&case.ledger, &case.pay(), &payer, &nobody, &options())
        .await
        .expect_err("no signer");
    assert!(matches!(error, ClientError::MissingSigner { key } if key == payer));

    let large = Instruction::new_with_bytes(
        ids::TOKEN_PROGRAM,
        &[0; 1_200],
        vec![AccountMeta::new(case.to, false)],
    );
    let error = send(&case.ledger, &[large], &payer, &[&case.payer], &options())
        .await
        .expect_err("too large");
    assert!(
        matches!(error, ClientError::TooLarge { limit: 1_232, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn the_compute_limit_follows_what_the_simulation_used() {
    let case = Case::new();
    let payer = case.payer.pubkey();
    let options = SendOptions {
        priority_micro_lamports: 1_000_000,
        ..options()
    };
    let cost = simulate(&case.ledger, &case.pay(), &payer, &options)
        .await
        .expect("it would work");
    assert!(cost.compute_units < 1_000);
    let receipt = send(&case.ledger, &case.pay(), &payer, &[&case.payer], &options)
        .await
        .expect("landed");
    assert_eq!(receipt.fee, cost.fee);
    // One lamport a unit of the limit: the price shows which limit was asked for.
    let priority = receipt.fee - 5_000;
    assert!((1_000..3_000).contains(&priority), "{priority}");
    assert!(priority < u64::from(MAX_COMPUTE_UNITS));
}

#[tokio::test]
async fn a_damaged_journal_line_is_refused_instead_of_resumed() {
    let case = Case::new();
    let signed = case.prepare().await;
    let mut value = serde_json::to_value(&signed).expect("written");
    assert!(serde_json::from_value::<Signed>(value.clone()).is_ok());
    let text = value["transaction"].as_str().expect("base64").to_owned();
    // One character inside the signature.
    let flipped = if text.as_bytes()[10] == b'A' {
        "B"
    } else {
        "A"
    };
    let mut damaged = text.clone();
    damaged.replace_range(10..11, flipped);
    value["transaction"] = damaged.into();
    assert!(serde_json::from_value::<Signed>(value.clone()).is_err());
    value["transaction"] = text[..text.len() - 8].into();
    assert!(serde_json::from_value::<Signed>(value).is_err());
}
