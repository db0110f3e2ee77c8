//! Many payments at once: packed into transactions, as many in each as fit, several transactions in flight. One payment's
//! refusal keeps no other from being made, and together they never cost more than was agreed to.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

use futures::StreamExt;
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use crate::{
    Bill, Class, ClientError, Frame, MAX_COMPUTE_UNITS, Part,
    sender::{Carried, Landed, Sender},
};

/// One payment.
pub trait Payment: Sync {
    /// What brings it about, in order; only what does not fit into one transaction is sent in several, step by step.
    fn steps(&self, payer: Pubkey) -> Vec<Vec<Instruction>>;

    /// Lamports that the payer gives for accounts that it makes, at most.
    fn rent(&self) -> u64;

    /// Program and code of the refusal which says that it was made before; `None` where no refusal says that.
    fn made_before(&self) -> Option<(Pubkey, u32)> {
        None
    }
}

/// How many together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Transactions in flight at a time: enough to hide the wait for confirmation, few enough for a public node.
    pub at_once: usize,
    /// Payments in one transaction at most.
    pub packed: usize,
    /// Compute units of one payment at most: more is not sent where a priority fee is paid for it.
    pub units_each: u32,
}

/// What became of one payment.
#[derive(Clone, Debug)]
pub enum Became {
    Paid,
    /// The chain says that somebody made it before.
    MadeBefore,
    /// It was not made.
    Refused(Arc<ClientError>),
    /// It may yet land: only the chain can tell the next run.
    Unknown(Arc<ClientError>),
    /// The batch stopped before it; see [`Batch::stopped`].
    NotReached,
}

/// Why a batch ended before its last payment.
#[derive(Debug)]
pub enum Stop {
    /// What was agreed to, or the payer's balance, is spent.
    Dry { payer: Pubkey },
    /// The node is gone.
    Failed(Arc<ClientError>),
}

/// What became of payments, in order, and all that landed for them.
#[derive(Debug, Default)]
pub struct Settled {
    pub payments: Vec<Became>,
    pub landed: Vec<Landed>,
}

impl Settled {
    fn add(&mut self, more: Self) {
        self.payments.extend(more.payments);
        self.landed.extend(more.landed);
    }

    fn all(count: usize, became: &Became) -> Self {
        Self {
            payments: vec![became.clone(); count],
            landed: Vec::new(),
        }
    }
}

/// Payments that were agreed to, and what may still be spent on them.
pub struct Batch<'a> {
    sender: Sender<'a>,
    limits: Limits,
    /// Lamports neither spent nor set aside for what is in flight.
    left: AtomicU64,
    stopped: OnceLock<Stop>,
}

/// Payments in order, as many together as one transaction takes.
#[must_use]
pub fn packs<'p, P: Payment>(frame: &Frame, limits: &Limits, payments: &'p [P]) -> Vec<&'p [P]> {
    let by_units = MAX_COMPUTE_UNITS.checked_div(limits.units_each);
    let by_units = by_units.map_or(usize::MAX, |most| {
        usize::try_from(most).unwrap_or(usize::MAX)
    });
    let most = limits.packed.min(by_units).max(1);
    let mut packs = Vec::new();
    let mut rest = payments;
    while !rest.is_empty() {
        let mut carried: Vec<Instruction> = Vec::new();
        let mut count: usize = 0;
        for payment in rest.iter().take(most) {
            carried.extend(payment.steps(frame.payer).into_iter().flatten());
            if count > 0 && !frame.fits(&carried) {
                break;
            }
            count = count.saturating_add(1);
        }
        let (pack, after) = rest.split_at(count);
        packs.push(pack);
        rest = after;
    }
    packs
}

impl<'a> Batch<'a> {
    /// `agreed` are the lamports that may be spent, and that the payer has.
    #[must_use]
    pub const fn new(sender: Sender<'a>, limits: Limits, agreed: u64) -> Self {
        Self {
            sender,
            limits,
            left: AtomicU64::new(agreed),
            stopped: OnceLock::new(),
        }
    }

    /// Why it stopped before its end.
    #[must_use]
    pub fn stopped(&self) -> Option<&Stop> {
        self.stopped.get()
    }

    /// Sends what payments share, before the first of them.
    pub async fn first(&self, parts: &[Part], rent: u64) -> Carried {
        // A part of what was agreed to and found to be there.
        self.set_aside(Bill::of(parts, rent).sum());
        self.sender.in_order(parts, |_| ()).await
    }

    /// Makes all payments; `reached` hears of each pack how many were in it. What keeps one from being made is its own
    /// [`Became`].
    pub async fn pay<P: Payment>(&self, payments: &[P], reached: impl Fn(usize)) -> Settled {
        let reached = &reached;
        let settled: Vec<Settled> =
            futures::stream::iter(packs(&self.frame(), &self.limits, payments))
                .map(|pack| async move {
                    let settled = self.pay_pack(pack).await;
                    reached(pack.len());
                    settled
                })
                .buffered(self.limits.at_once.max(1))
                .collect()
                .await;
        let mut all = Settled::default();
        for one in settled {
            all.add(one);
        }
        all
    }

    fn frame(&self) -> Frame {
        Frame::new(
            self.sender.payer,
            self.sender.options.priority_micro_lamports,
        )
    }

    async fn pay_pack<P: Payment>(&self, pack: &[P]) -> Settled {
        if self.stopped().is_some() {
            return Settled::all(pack.len(), &Became::NotReached);
        }
        let count = u32::try_from(pack.len()).unwrap_or(u32::MAX);
        let steps = pack
            .iter()
            .flat_map(|payment| payment.steps(self.sender.payer));
        let units = self.limits.units_each.saturating_mul(count);
        let parts = self.frame().parts(steps, units);
        let rent = pack.iter().map(Payment::rent);
        let bill = Bill::of(&parts, rent.fold(0, u64::saturating_add));
        let mut settled = Settled::default();
        let mut tries = self.sender.options.signings.max(1);
        let became = loop {
            tries = tries.saturating_sub(1);
            if !self.set_aside(bill.sum()) {
                if pack.len() > 1 {
                    settled.add(self.one_by_one(pack).await);
                    return settled;
                }
                self.stop(self.dry());
                break Became::NotReached;
            }
            let Carried { landed, failure } = self.sender.in_order(&parts, |_| ()).await;
            let spent = landed.iter().map(|one| one.receipt.fee);
            let spent = spent.fold(0, u64::saturating_add);
            let untouched = landed.iter().all(|one| one.refused);
            settled.landed.extend(landed);
            self.give_back(bill.fees.saturating_sub(spent));
            let Some(error) = failure else {
                break Became::Paid;
            };
            self.give_back(bill.rent);
            match self.meaning(&error) {
                Meaning::End => break self.end(error),
                // Nothing of a refused transaction happened. One whose end is not known is not sent again in other words: the
                // next run reads from the chain what it did.
                Meaning::Refused if pack.len() > 1 => {
                    settled.add(self.one_by_one(pack).await);
                    return settled;
                }
                Meaning::Refused if error.class() == Class::Retryable && untouched && tries > 0 => {
                    tracing::debug!(%error, "sending the same payment again");
                }
                Meaning::Refused => {
                    let before = pack.first().and_then(Payment::made_before);
                    break if before.is_some() && before == error.refusal() {
                        Became::MadeBefore
                    } else {
                        Became::Refused(Arc::new(error))
                    };
                }
                Meaning::NotNow => break Became::Refused(Arc::new(error)),
                Meaning::Unknown => break Became::Unknown(Arc::new(error)),
            }
        };
        settled.add(Settled::all(pack.len(), &became));
        settled
    }

    async fn one_by_one<P: Payment>(&self, pack: &[P]) -> Settled {
        let mut settled = Settled::default();
        for one in pack {
            settled.add(Box::pin(self.pay_pack(std::slice::from_ref(one))).await);
        }
        settled
    }

    /// What a failure says about the pack and the other payments.
    fn meaning(&self, error: &ClientError) -> Meaning {
        match error {
            ClientError::InsufficientLamports { key, .. } if *key == self.sender.payer => {
                Meaning::End
            }
            // Nothing was signed, and the node was waited for: the next payment would wait as long.
            ClientError::RateLimited { .. }
            | ClientError::Down { .. }
            | ClientError::TimedOut { .. }
            | ClientError::Unreachable { .. } => Meaning::End,
            ClientError::Rpc { .. } if error.class() == Class::Retryable => Meaning::End,
            ClientError::Program { .. }
            | ClientError::Transaction { .. }
            | ClientError::InsufficientLamports { .. }
            | ClientError::FeeAbove { .. }
            | ClientError::TooLarge { .. } => Meaning::Refused,
            ClientError::Unresolved { .. } => Meaning::Unknown,
            _ => Meaning::NotNow,
        }
    }

    /// Stops, before the pack that found the reason.
    fn end(&self, error: ClientError) -> Became {
        self.stop(match error {
            ClientError::InsufficientLamports { .. } => self.dry(),
            error => Stop::Failed(Arc::new(error)),
        });
        Became::NotReached
    }

    const fn dry(&self) -> Stop {
        Stop::Dry {
            payer: self.sender.payer,
        }
    }

    fn stop(&self, stop: Stop) {
        // The first reason is the reason.
        let _ = self.stopped.set(stop);
    }

    fn set_aside(&self, lamports: u64) -> bool {
        let left = &self.left;
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            left.checked_sub(lamports)
        })
        .is_ok()
    }

    fn give_back(&self, lamports: u64) {
        self.left.fetch_add(lamports, Ordering::Relaxed);
    }
}

/// What a failed pack says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// The chain itself refuses: one of the pack, or all.
    Refused,
    /// It was not made, for a reason that smaller packs would not mend.
    NotNow,
    /// The pack may have landed.
    Unknown,
    /// No other would fare better.
    End,
}
