//! What `cairn_client::Batch` promises: one payment's refusal keeps no other from being made, nobody spends more than was
//! agreed to, and a run that ends in between has lost nothing.

use std::time::Duration;

use cairn_client::{
    Batch, Became, Bill, ClientError, Estimate, Frame, Limits, Payment, SendOptions, Sender,
    Settled, Stop, packs,
};
use cairn_interface::ids;
use cairn_testkit::{Fault, Faulty, LiteSvmLedger, World};
use solana_sdk::{
    instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer,
    transaction::TransactionError,
};
use solana_system_interface::instruction::{create_account_with_seed, transfer};

const AMOUNT: u64 = 5_000_000;
const LIMITS: Limits = Limits {
    at_once: 4,
    packed: 6,
    units_each: 1_000,
};

/// Pays a wallet that has nothing; less than keeps it alive is refused by the cluster.
struct Wage {
    to: Pubkey,
    lamports: u64,
}

impl Payment for Wage {
    fn steps(&self, payer: Pubkey) -> Vec<Vec<Instruction>> {
        vec![vec![transfer(&payer, &self.to, self.lamports)]]
    }

    fn rent(&self) -> u64 {
        self.lamports
    }
}

/// Makes an account that can be made once.
struct Once {
    seed: String,
}

impl Payment for Once {
    fn steps(&self, payer: Pubkey) -> Vec<Vec<Instruction>> {
        let address = Pubkey::create_with_seed(&payer, &self.seed, &ids::SYSTEM_PROGRAM);
        vec![vec![create_account_with_seed(
            &payer,
            &address.expect("a short seed"),
            &payer,
            &self.seed,
            AMOUNT,
            0,
            &ids::SYSTEM_PROGRAM,
        )]]
    }

    fn rent(&self) -> u64 {
        AMOUNT
    }

    fn made_before(&self) -> Option<(Pubkey, u32)> {
        // `SystemError::AccountAlreadyInUse`.
        Some((ids::SYSTEM_PROGRAM, 0))
    }
}

struct Case {
    ledger: Faulty<LiteSvmLedger>,
    payer: Keypair,
}

impl Case {
    fn new() -> Self {
        let mut world = World::new();
        let payer = world.actor("payer of this test");
        Self {
            ledger: Faulty::new(LiteSvmLedger::new(world)),
            payer,
        }
    }

    fn sender(&self) -> Sender<'_> {
        Sender {
            ledger: &self.ledger,
            payer: self.payer.pubkey(),
            signers: vec![&self.payer],
            options: options(),
        }
    }

    fn frame(&self) -> Frame {
        Frame::new(self.payer.pubkey(), 0)
    }

    async fn pay<P: Payment>(&self, payments: &[P]) -> Settled {
        Batch::new(self.sender(), LIMITS, u64::MAX)
            .pay(payments, |_| ())
            .await
    }

    fn lamports(&self, key: &Pubkey) -> u64 {
        self.ledger.inner().with_world(|world| world.lamports(key))
    }

    fn landed(&self) -> usize {
        self.ledger.inner().landed()
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

fn wages(amounts: &[u64]) -> Vec<Wage> {
    let named = amounts.iter().enumerate();
    named
        .map(|(at, lamports)| Wage {
            to: World::pauper(&format!("worker {at}")).pubkey(),
            lamports: *lamports,
        })
        .collect()
}

#[tokio::test]
async fn payments_share_transactions_and_one_that_is_refused_keeps_no_other_from_being_made() {
    let case = Case::new();
    let good = wages(&[AMOUNT; 8]);
    let settled = case.pay(&good).await;
    assert!(
        settled
            .payments
            .iter()
            .all(|one| matches!(one, Became::Paid))
    );
    assert_eq!((settled.landed.len(), case.landed()), (2, 2));

    let case = Case::new();
    let mixed = wages(&[AMOUNT, AMOUNT, 1, AMOUNT, AMOUNT]);
    let settled = case.pay(&mixed).await;
    for (at, (one, became)) in mixed.iter().zip(&settled.payments).enumerate() {
        match became {
            Became::Refused(error) if at == 2 => assert!(
                matches!(**error, ClientError::InsufficientLamports { key, .. } if key == one.to),
                "{error}"
            ),
            became => assert!(
                matches!(became, Became::Paid) && at != 2,
                "{at}: {became:?}"
            ),
        }
        let received = if at == 2 { 0 } else { AMOUNT };
        assert_eq!(case.lamports(&one.to), received);
    }
    // Found out by simulation: what is refused costs nothing.
    assert_eq!(settled.landed.len(), 4);
}

#[tokio::test]
async fn what_was_made_before_is_told_apart_from_what_is_refused() {
    let case = Case::new();
    let all = ["a", "b", "c"].map(|seed| Once {
        seed: seed.to_owned(),
    });
    let first = case.pay(&all[1..2]).await;
    assert!(matches!(first.payments[..], [Became::Paid]));
    let rest = case.pay(&all).await;
    assert!(matches!(
        rest.payments[..],
        [Became::Paid, Became::MadeBefore, Became::Paid]
    ));
}

#[tokio::test]
async fn no_more_is_spent_than_was_agreed_to() {
    let case = Case::new();
    let five = wages(&[AMOUNT; 5]);
    let estimate = Estimate::of(&case.frame(), 1, &LIMITS, &five, Bill::default());
    assert_eq!(estimate.each, AMOUNT + 5_000);
    assert_eq!(estimate.bill().sum(), 5 * estimate.each);
    let agreed = 2 * estimate.each + estimate.each - 1;
    assert_eq!(estimate.enough_for(agreed), 2);

    let before = case.lamports(&case.payer.pubkey());
    let batch = Batch::new(case.sender(), LIMITS, agreed);
    let settled = batch.pay(&five, |_| ()).await;
    let paid = settled.payments.iter();
    let paid = paid.filter(|one| matches!(one, Became::Paid)).count();
    assert_eq!(paid, 2);
    assert!(matches!(settled.payments[4], Became::NotReached));
    assert!(matches!(batch.stopped(), Some(Stop::Dry { payer }) if *payer == case.payer.pubkey()));
    let spent = before - case.lamports(&case.payer.pubkey());
    assert!(spent <= agreed, "{spent} of {agreed}");
}

#[tokio::test]
async fn a_payment_whose_end_nobody_saw_is_unknown_and_stops_what_comes_behind_it() {
    let case = Case::new();
    case.ledger.fail_submissions(&[Fault::Down]);
    let many = wages(&[AMOUNT; 9]);
    let limits = Limits {
        at_once: 1,
        ..LIMITS
    };
    let batch = Batch::new(case.sender(), limits, u64::MAX);
    let settled = batch.pay(&many, |_| ()).await;
    let (handed_over, behind) = settled.payments.split_at(LIMITS.packed);
    assert!(
        handed_over
            .iter()
            .all(|one| matches!(one, Became::Unknown(_)))
    );
    assert!(behind.iter().all(|one| matches!(one, Became::NotReached)));
    assert!(matches!(batch.stopped(), Some(Stop::Failed(error))
        if matches!(**error, ClientError::Unreachable { .. })));
    assert_eq!(case.ledger.submitted().len(), 1);
    assert_eq!(case.landed(), 0);
}

#[tokio::test]
async fn what_only_the_moment_refuses_is_sent_again_and_costs_nothing_more() {
    for passing in [
        TransactionError::AccountInUse,
        TransactionError::BlockhashNotFound,
    ] {
        let case = Case::new();
        let before = case.lamports(&case.payer.pubkey());
        let one = wages(&[AMOUNT]);
        let tries = options().signings as usize;
        case.ledger
            .refuse_simulations(&vec![passing.clone(); tries - 1]);
        let settled = case.pay(&one).await;
        assert!(matches!(settled.payments[..], [Became::Paid]));
        assert_eq!((case.landed(), case.lamports(&one[0].to)), (1, AMOUNT));
        let spent = before - case.lamports(&case.payer.pubkey());
        assert_eq!(spent, AMOUNT + 5_000);

        // One that is refused as often as there are tries is told, and keeps no other from being made.
        let case = Case::new();
        let two = wages(&[AMOUNT; 2]);
        let limits = Limits {
            at_once: 1,
            packed: 1,
            ..LIMITS
        };
        case.ledger
            .refuse_simulations(&vec![passing.clone(); tries]);
        let batch = Batch::new(case.sender(), limits, u64::MAX);
        let settled = batch.pay(&two, |_| ()).await;
        let [Became::Refused(error), Became::Paid] = &settled.payments[..] else {
            panic!("{passing}: {:?}", settled.payments);
        };
        assert!(
            matches!(&**error, ClientError::Transaction { error, .. } if *error == passing),
            "{error}"
        );
        assert_eq!((settled.landed.len(), case.landed()), (1, 1));
    }
}

#[tokio::test]
async fn a_pack_that_the_moment_refuses_is_sent_payment_by_payment() {
    let case = Case::new();
    let pack = wages(&[AMOUNT; 3]);
    case.ledger
        .refuse_simulations(&[TransactionError::AccountInUse]);
    let settled = case.pay(&pack).await;
    assert!(
        settled
            .payments
            .iter()
            .all(|one| matches!(one, Became::Paid))
    );
    assert_eq!(case.landed(), 3);
}

#[test]
fn a_pack_holds_what_the_network_carries_and_no_more_units_than_it_may_ask_for() {
    let case = Case::new();
    let many = wages(&[AMOUNT; 200]);
    let most = |packed, units_each| {
        let limits = Limits {
            at_once: 1,
            packed,
            units_each,
        };
        let packs = packs(&case.frame(), &limits, &many);
        assert_eq!(packs.iter().map(|pack| pack.len()).sum::<usize>(), 200);
        for pack in &packs {
            let steps = pack.iter().flat_map(|one| one.steps(case.payer.pubkey()));
            assert_eq!(case.frame().merged(steps).len(), 1);
        }
        packs.iter().map(|pack| pack.len()).max()
    };
    assert_eq!(most(7, 1), Some(7));
    assert_eq!(most(100, 400_000), Some(3));
    // 1,232 bytes: 32 for each new key and 17 for each instruction, at the least.
    assert!(most(100, 1).is_some_and(|most| (15..=22).contains(&most)));
}
