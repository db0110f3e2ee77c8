//! Many people's payments at once, as a person sees them: what they cost is told and agreed to, and then who was paid, who
//! was not and why. Packing, sending and counting are [`cairn_client::Batch`]'s.

use std::sync::atomic::{AtomicU64, Ordering};

use cairn_client::{Became, Bill, ClientError, Estimate, Limits, Means, Part, Payment, Stop};
use serde::Serialize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use crate::address::Address;
use crate::amount::grouped;
use crate::bill::{self, SHORT};
use crate::context::{Context, Manner};
use crate::conversation::{Effect, Task};
use crate::error::{CliError, Exit};
use crate::page::{Column, Page};
use crate::transact::{Spent, Transaction, all_or_tell};

/// Payments in one transaction: what 64 accounts and 1,400,000 compute units hold with a margin. The units are twice the
/// dearest that bench/REPORT.md knows: a claim of a token with extensions by the older token program, its account created at
/// a late try.
pub const LIMITS: Limits = Limits {
    at_once: 8,
    packed: 12,
    units_each: 80_000,
};

/// Why one payment failed, or all that are left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub code: String,
    pub message: String,
    #[serde(skip)]
    pub exit: Option<Exit>,
}

impl From<&CliError> for Fault {
    fn from(error: &CliError) -> Self {
        Self {
            code: error.code().into_owned(),
            message: error.to_string(),
            exit: Some(error.exit()),
        }
    }
}

impl From<&ClientError> for Fault {
    fn from(error: &ClientError) -> Self {
        Self {
            code: error.code().into_owned(),
            message: error.to_string(),
            exit: Some(error.into()),
        }
    }
}

impl From<&Stop> for Fault {
    fn from(stop: &Stop) -> Self {
        match stop {
            Stop::Dry { payer } => Self {
                code: SHORT.to_owned(),
                message: format!("{payer} has too little SOL left for more"),
                exit: Some(Exit::Failed),
            },
            Stop::Failed(error) => Self::from(error.as_ref()),
        }
    }
}

/// Somebody who could not be paid.
#[derive(Clone, Debug, Serialize)]
pub struct Failed {
    pub owner: Address,
    #[serde(flatten)]
    pub fault: Fault,
}

impl Failed {
    pub fn new(owner: Pubkey, fault: impl Into<Fault>) -> Self {
        Self {
            owner: owner.into(),
            fault: fault.into(),
        }
    }
}

/// How a command ends that paid all but these: for now only when every fault may pass.
#[must_use]
pub fn exit_of(failed: &[Failed], stopped: Option<&Fault>) -> Exit {
    let faults = failed.iter().map(|one| &one.fault).chain(stopped);
    let mut exits = faults.map(|fault| fault.exit).peekable();
    if exits.peek().is_none() {
        return Exit::Done;
    }
    if exits.all(|exit| exit == Some(Exit::TryAgain)) {
        Exit::TryAgain
    } else {
        Exit::Failed
    }
}

/// Says who of `whom` was not reached, and why; then, of `count` who could not be paid, those that are listed.
pub fn show_unpaid(
    page: &mut Page,
    whom: &str,
    (not_reached, stopped): (u64, Option<&Fault>),
    (count, listed): (u64, &[Failed]),
) {
    if let Some(fault) = stopped.filter(|_| not_reached > 0) {
        page.gap();
        page.bad(&format!(
            "{} {whom} were not reached: {}",
            grouped(not_reached),
            fault.message
        ));
        page.line("Run the same command again when that is mended: nobody is paid twice.");
    }
    if count > 0 {
        page.gap();
        page.bad(&format!("{} {whom} could not be paid", grouped(count)));
        page.table(
            &[Column::Text("owner"), Column::Text("why")],
            listed
                .iter()
                .map(|one| vec![one.owner.to_string(), one.fault.message.clone()]),
        );
    }
}

/// Shows how many payments are settled, whichever comes first.
pub struct Tally {
    task: Box<dyn Task>,
    done: AtomicU64,
}

impl Tally {
    #[must_use]
    pub fn of(ctx: &Context, name: &str, total: u64) -> Self {
        Self {
            task: ctx.talk.task(name, total),
            done: AtomicU64::new(0),
        }
    }

    pub fn add(&self, more: usize) {
        let more = more as u64;
        let before = self.done.fetch_add(more, Ordering::Relaxed);
        self.task.reached(before.saturating_add(more));
    }
}

/// Keys that sign: the signer, and who pays when that is another.
#[must_use]
pub const fn signers(ctx: &Context) -> u64 {
    if ctx.fee_purse.is_some() { 2 } else { 1 }
}

/// What payments come to at most, each sent alone, after `first`.
///
/// # Errors
/// A wallet that can not be opened.
pub fn estimate<P: Payment>(
    ctx: &Context,
    payments: &[P],
    first: Bill,
) -> Result<Estimate, CliError> {
    let frame = ctx.frame()?;
    Ok(Estimate::of(&frame, signers(ctx), &LIMITS, payments, first))
}

/// What is sent before the first payment because payments share it.
///
/// # Errors
/// A wallet that can not be opened.
pub fn first(ctx: &Context, steps: Vec<Vec<Instruction>>) -> Result<Vec<Part>, CliError> {
    Ok(ctx.frame()?.parts(steps, cairn_client::MAX_COMPUTE_UNITS))
}

/// Payments that were agreed to.
pub struct Batch<'a> {
    ctx: &'a Context,
    batch: cairn_client::Batch<'a>,
}

/// Shows the effect with what it costs at most, and asks. `None` on a dry run.
///
/// # Errors
/// A payer that has too little: on a dry run for all, else for a single payment; [`CliError::Declined`]; an unreachable node.
pub async fn agree<'a>(
    ctx: &'a Context,
    effect: Effect,
    estimate: &Estimate,
) -> Result<Option<Batch<'a>>, CliError> {
    let (bill, payer) = (estimate.bill(), ctx.fee_payer()?);
    let means = bill.means(ctx.ledger.as_ref(), payer).await?;
    let effect = bill::on(&bill, effect).fact("signed by", payer);
    let effect = ctx.announce(effect).await?;
    let enough_for = estimate.enough_for(means.spendable());
    if !means.suffice() && (enough_for == 0 || ctx.manner == Manner::DryRun) {
        return Err(bill::short(&means, enough_for, estimate.payments));
    }
    if ctx.manner == Manner::DryRun {
        return Ok(None);
    }
    effect.agreed(
        ctx.talk.as_ref(),
        &question(ctx, &means, enough_for, estimate.payments),
    )?;
    let agreed = means.need.saturating_sub(means.stays);
    let agreed = agreed.min(means.spendable());
    Ok(Some(Batch {
        ctx,
        batch: cairn_client::Batch::new(ctx.sender(&[])?, LIMITS, agreed),
    }))
}

/// What is asked. Who agreed beforehand reads no question, so what is missing is told on its own.
fn question(ctx: &Context, means: &Means, enough_for: u64, all: u64) -> String {
    if means.suffice() {
        return "Sign and send all of them?".to_owned();
    }
    let short = bill::short(means, enough_for, all);
    let hint = short.hint().unwrap_or_default();
    ctx.talk.note(&format!("{short}; for all, {hint}"));
    format!(
        "Sign and send the {} it is enough for?",
        grouped(enough_for)
    )
}

impl Batch<'_> {
    /// Why it stopped before its end: the payer ran dry, or the node is gone.
    #[must_use]
    pub fn stopped(&self) -> Option<Fault> {
        self.batch.stopped().map(Fault::from)
    }

    /// Sends what payments share. All that landed is told, also when it ends.
    ///
    /// # Errors
    /// What sending runs into.
    pub async fn first(&self, parts: &[Part], rent: u64) -> Result<Vec<Transaction>, CliError> {
        all_or_tell(self.ctx, self.batch.first(parts, rent).await)
    }

    /// Makes all payments: what became of each, in order, and all that landed for them. Nothing is asked: the person has
    /// agreed to the whole.
    pub async fn pay<P: Payment>(
        &self,
        payments: &[P],
        tally: &Tally,
    ) -> (Vec<Became>, Vec<Transaction>) {
        let settled = self.batch.pay(payments, |more| tally.add(more)).await;
        let landed = settled.landed.into_iter().map(Transaction::from);
        (settled.payments, landed.collect())
    }
}

/// What became of payments that share nothing.
#[derive(Debug)]
pub struct Paid<'p, P> {
    pub paid: Vec<&'p P>,
    pub failed: Vec<Failed>,
    pub not_reached: u64,
    pub stopped: Option<Fault>,
    pub transactions: Vec<Transaction>,
}

/// Agrees on payments that share nothing, and makes them. `None` on a dry run.
///
/// # Errors
/// As [`agree`].
pub async fn pay_all<'p, P: Payment>(
    ctx: &Context,
    (name, effect): (&str, Effect),
    payments: &'p [P],
    owner: impl Fn(&P) -> Pubkey,
) -> Result<Option<Paid<'p, P>>, CliError> {
    let estimate = estimate(ctx, payments, Bill::default())?;
    let Some(batch) = agree(ctx, effect, &estimate).await? else {
        return Ok(None);
    };
    let tally = Tally::of(ctx, name, payments.len() as u64);
    let (became, transactions) = batch.pay(payments, &tally).await;
    let mut paid = Paid {
        paid: Vec::new(),
        failed: Vec::new(),
        not_reached: 0,
        stopped: batch.stopped(),
        transactions,
    };
    for (payment, became) in payments.iter().zip(became) {
        match became {
            Became::Paid => paid.paid.push(payment),
            Became::MadeBefore => {}
            Became::NotReached => paid.not_reached = paid.not_reached.saturating_add(1),
            Became::Refused(error) | Became::Unknown(error) => {
                paid.failed
                    .push(Failed::new(owner(payment), error.as_ref()));
            }
        }
    }
    Ok(Some(paid))
}

/// One transaction whole; of many what they cost together: a long list would tell nobody anything.
pub fn show_landed(page: &mut Page, transactions: &crate::transact::Transactions) {
    if let [_one] = transactions.list.as_slice() {
        transactions.show(page);
    } else {
        Spent::on(&transactions.list).show(page);
    }
}
