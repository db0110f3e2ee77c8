//! Many people's payments at once: packed into transactions, as many in each as fit, several transactions in flight. One
//! person's refusal keeps nobody else from being paid, and together they never cost more than was agreed to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use cairn_client::{Class, ClientError};
use futures::StreamExt;
use serde::Serialize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use crate::amount::grouped;
use crate::bill::{Bill, Means, SHORT, fee};
use crate::context::{Context, Manner};
use crate::conversation::{Decided, Effect, Task};
use crate::error::{CliError, Exit};
use crate::page::Page;
use crate::transact::{Carried, Part, Spent, Transaction, carry_out, fits_one, packed};

/// Transactions in flight at a time: enough to hide the wait for confirmation, few enough for a public node.
const AT_ONCE: usize = 8;
/// Payments in one transaction at most: what 64 accounts and 1,400,000 compute units hold with a margin.
const MAX_PACKED: usize = 12;
/// Compute units of one payment at most, twice the dearest that bench/REPORT.md knows: a claim of a token with extensions
/// by the older token program, its account created at a late try. More is not sent where a priority fee is paid for it.
const UNITS_EACH: u32 = 80_000;

/// One person's payment.
pub trait Piece: Sync {
    /// What brings it about, in order; only what does not fit into one transaction is sent in several, step by step.
    fn steps(&self, payer: Pubkey) -> Vec<Vec<Instruction>>;

    /// Lamports that the payer gives for accounts that it makes, at most.
    fn rent(&self) -> u64;
}

/// Why one piece failed, or all that are left.
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

/// How a command ends with these faults: for now only when all of them may pass.
#[must_use]
pub fn exit_of<'a>(faults: impl Iterator<Item = &'a Fault>) -> Exit {
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

/// What became of one piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    Done,
    Failed(Fault),
    /// The batch stopped before it; see [`Batch::stopped`].
    NotReached,
}

/// What became of pieces, in order, and all that landed for them.
#[derive(Debug, Default)]
pub struct Settled {
    pub pieces: Vec<Became>,
    pub transactions: Vec<Transaction>,
}

/// What a batch may come to, in lamports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Payments.
    pub pieces: u64,
    /// Before the first payment: pages that payments share.
    pub first: Bill,
    /// For all payments at most.
    pub all: Bill,
    /// For the dearest payment at most.
    pub each: u64,
}

impl Estimate {
    /// # Errors
    /// A wallet that can not be opened.
    pub fn of<P: Piece>(
        ctx: &Context,
        pieces: &[P],
        payer: Pubkey,
        first: Bill,
    ) -> Result<Self, CliError> {
        let mut estimate = Self {
            pieces: pieces.len() as u64,
            first,
            all: Bill { fees: 0, rent: 0 },
            each: 0,
        };
        for piece in pieces {
            let transactions = packed(ctx, piece.steps(payer), UNITS_EACH)?.len() as u64;
            let one = most_for(ctx, transactions, piece.rent());
            let all = &mut estimate.all;
            all.fees = all.fees.saturating_add(one.fees);
            all.rent = all.rent.saturating_add(one.rent);
            estimate.each = estimate.each.max(one.fees.saturating_add(one.rent));
        }
        Ok(estimate)
    }

    #[must_use]
    pub const fn bill(&self) -> Bill {
        Bill {
            fees: self.first.fees.saturating_add(self.all.fees),
            rent: self.first.rent.saturating_add(self.all.rent),
        }
    }

    /// Payments that `lamports` are enough for, whichever they are.
    const fn enough_for(&self, lamports: u64) -> u64 {
        let first = self.first.fees.saturating_add(self.first.rent);
        let rest = lamports.saturating_sub(first);
        match rest.checked_div(self.each) {
            Some(count) if count < self.pieces => count,
            _ => self.pieces,
        }
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

/// Payments that were agreed to, and what may still be spent on them.
pub struct Batch<'a> {
    ctx: &'a Context,
    payer: Pubkey,
    /// Lamports neither spent nor set aside for what is in flight.
    left: AtomicU64,
    stopped: OnceLock<Fault>,
}

/// Shows the effect with what it costs at most, and asks. `None` on a dry run.
///
/// # Errors
/// A payer that has too little: on a dry run for all, else for a single payment; [`CliError::Declined`]; an unreachable node.
pub async fn agree<'a>(
    ctx: &'a Context,
    payer: Pubkey,
    effect: Effect,
    estimate: &Estimate,
) -> Result<Option<Batch<'a>>, CliError> {
    let bill = estimate.bill();
    let means = bill.means(ctx, payer).await?;
    let effect = ctx
        .announce(bill.on(effect).fact("signed by", payer))
        .await?;
    let enough_for = estimate.enough_for(means.spendable());
    if !means.suffice() && (enough_for == 0 || ctx.manner == Manner::DryRun) {
        return Err(means.short(enough_for, estimate.pieces));
    }
    if ctx.manner == Manner::DryRun {
        return Ok(None);
    }
    effect.agreed(
        ctx.talk.as_ref(),
        &question(ctx, &means, enough_for, estimate.pieces),
    )?;
    let agreed = means.need.saturating_sub(means.stays);
    Ok(Some(Batch {
        ctx,
        payer,
        left: AtomicU64::new(agreed.min(means.spendable())),
        stopped: OnceLock::new(),
    }))
}

/// What is asked. Who agreed beforehand reads no question, so what is missing is told on its own.
fn question(ctx: &Context, means: &Means, enough_for: u64, all: u64) -> String {
    if means.suffice() {
        return "Sign and send all of them?".to_owned();
    }
    let short = means.short(enough_for, all);
    let hint = short.hint().unwrap_or_default();
    ctx.talk.note(&format!("{short}; for all, {hint}"));
    format!(
        "Sign and send the {} it is enough for?",
        grouped(enough_for)
    )
}

/// Lamports that one payment costs at most, its `rent` included; `transactions` when it is sent alone.
#[must_use]
pub fn most_for(ctx: &Context, transactions: u64, rent: u64) -> Bill {
    let signatures = signers(ctx).saturating_mul(transactions);
    Bill {
        fees: fee(ctx, signatures, UNITS_EACH),
        rent,
    }
}

/// Keys that sign: the signer, and who pays when that is another.
const fn signers(ctx: &Context) -> u64 {
    if ctx.fee_purse.is_some() { 2 } else { 1 }
}

/// What steps before the first payment cost at most.
///
/// # Errors
/// A wallet that can not be opened.
pub fn first_bill(
    ctx: &Context,
    steps: Vec<Vec<Instruction>>,
    rent: u64,
) -> Result<Bill, CliError> {
    let parts = first_parts(ctx, steps)?;
    Ok(Bill {
        fees: fees_of(&parts),
        rent,
    })
}

fn first_parts(ctx: &Context, steps: Vec<Vec<Instruction>>) -> Result<Vec<Part>, CliError> {
    packed(ctx, steps, cairn_client::MAX_COMPUTE_UNITS)
}

fn fees_of(parts: &[Part]) -> u64 {
    parts
        .iter()
        .fold(0, |sum, part| sum.saturating_add(part.most_fee))
}

impl Batch<'_> {
    /// Why it stopped before its end: the payer ran dry, or the node is gone.
    #[must_use]
    pub fn stopped(&self) -> Option<&Fault> {
        self.stopped.get()
    }

    /// Sends what payments share, before the first of them. All that landed is told, also when it ends.
    ///
    /// # Errors
    /// What sending runs into.
    pub async fn first(
        &self,
        steps: Vec<Vec<Instruction>>,
        rent: u64,
    ) -> Result<Vec<Transaction>, CliError> {
        let parts = first_parts(self.ctx, steps)?;
        let most = fees_of(&parts).saturating_add(rent);
        // A part of what was agreed to and found to be there.
        self.set_aside(most);
        let carried = carry_out(&quiet(self.ctx), &parts, &self.payer, &[]).await?;
        carried.or_tell(self.ctx)
    }

    /// Sends all pieces. Nothing is asked: the person has agreed to the whole.
    ///
    /// # Errors
    /// A wallet that can not be opened; what keeps a piece from being paid is its own [`Became`].
    pub async fn send_all<P: Piece>(
        &self,
        pieces: &[P],
        tally: &Tally,
    ) -> Result<Settled, CliError> {
        let quiet = quiet(self.ctx);
        let packs = pack(self.ctx, pieces, self.payer)?;
        let settled: Vec<Result<Settled, CliError>> = futures::stream::iter(packs)
            .map(|pack| {
                let quiet = &quiet;
                async move {
                    let settled = self.send_pack(quiet, pack).await;
                    tally.add(pack.len());
                    settled
                }
            })
            .buffered(AT_ONCE)
            .collect()
            .await;
        let mut all = Settled::default();
        for one in settled {
            all.add(one?);
        }
        Ok(all)
    }

    async fn send_pack<P: Piece>(&self, quiet: &Context, pack: &[P]) -> Result<Settled, CliError> {
        if self.stopped().is_some() {
            return Ok(Settled::not_reached(pack.len()));
        }
        let count = u32::try_from(pack.len()).unwrap_or(u32::MAX);
        let steps = pack.iter().flat_map(|piece| piece.steps(self.payer));
        let parts = packed(quiet, steps, UNITS_EACH.saturating_mul(count))?;
        let fees = fees_of(&parts);
        let rent = pack
            .iter()
            .fold(0, |sum: u64, piece| sum.saturating_add(piece.rent()));
        if !self.set_aside(fees.saturating_add(rent)) {
            if pack.len() > 1 {
                return self.one_by_one(quiet, pack).await;
            }
            self.stop(self.dry());
            return Ok(Settled::not_reached(1));
        }
        let Carried { done, failure } = carry_out(quiet, &parts, &self.payer, &[]).await?;
        let mut spent = Spent::default();
        spent.add(&done);
        self.give_back(fees.saturating_sub(spent.fee_lamports));
        let mut settled = Settled {
            pieces: Vec::new(),
            transactions: done,
        };
        let Some(error) = failure else {
            settled.pieces = vec![Became::Done; pack.len()];
            return Ok(settled);
        };
        self.give_back(rent);
        match self.meaning(&error) {
            Meaning::End(fault) => {
                self.stop(fault);
                settled.pieces = vec![Became::NotReached; pack.len()];
            }
            // Nothing of a refused transaction happened. One whose end is not known is not sent again in other words: the
            // next run reads from the chain what it did.
            Meaning::Refused if pack.len() > 1 => settled.add(self.one_by_one(quiet, pack).await?),
            Meaning::Refused | Meaning::Unknown => {
                settled.pieces = vec![Became::Failed(Fault::from(&error)); pack.len()];
            }
        }
        Ok(settled)
    }

    async fn one_by_one<P: Piece>(&self, quiet: &Context, pack: &[P]) -> Result<Settled, CliError> {
        let mut settled = Settled::default();
        for one in pack {
            let alone = Box::pin(self.send_pack(quiet, std::slice::from_ref(one))).await?;
            settled.add(alone);
        }
        Ok(settled)
    }

    /// What a failure says about the other pieces.
    fn meaning(&self, error: &CliError) -> Meaning {
        let CliError::Client(client) = error else {
            return Meaning::Unknown;
        };
        match client {
            ClientError::InsufficientLamports { key, .. } if *key == self.payer => {
                Meaning::End(self.dry())
            }
            // Nothing was signed, and the node was waited for: the next piece would wait as long.
            ClientError::RateLimited { .. }
            | ClientError::Down { .. }
            | ClientError::TimedOut { .. }
            | ClientError::Unreachable { .. } => Meaning::End(Fault::from(error)),
            ClientError::Rpc { .. } if client.class() == Class::Retryable => {
                Meaning::End(Fault::from(error))
            }
            ClientError::Program { .. }
            | ClientError::Transaction { .. }
            | ClientError::InsufficientLamports { .. }
            | ClientError::FeeAbove { .. }
            | ClientError::TooLarge { .. } => Meaning::Refused,
            _ => Meaning::Unknown,
        }
    }

    fn dry(&self) -> Fault {
        Fault {
            code: SHORT.to_owned(),
            message: format!("{} has too little SOL left for more", self.payer),
            exit: Some(Exit::Failed),
        }
    }

    fn stop(&self, fault: Fault) {
        // The first reason is the reason.
        let _ = self.stopped.set(fault);
    }

    fn set_aside(&self, lamports: u64) -> bool {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(lamports)
            })
            .is_ok()
    }

    fn give_back(&self, lamports: u64) {
        self.left.fetch_add(lamports, Ordering::Relaxed);
    }
}

/// What a failed pack says about the rest.
enum Meaning {
    /// The chain itself refused.
    Refused,
    /// The pack may have landed, or failed for a reason of its own.
    Unknown,
    /// No other would fare better.
    End(Fault),
}

impl Settled {
    fn add(&mut self, more: Self) {
        self.pieces.extend(more.pieces);
        self.transactions.extend(more.transactions);
    }

    fn not_reached(count: usize) -> Self {
        Self {
            pieces: vec![Became::NotReached; count],
            transactions: Vec::new(),
        }
    }
}

/// Says who was not reached, and why.
pub fn show_stopped(page: &mut Page, whom: &str, not_reached: u64, stopped: Option<&Fault>) {
    if let Some(fault) = stopped.filter(|_| not_reached > 0) {
        page.gap();
        page.bad(&format!(
            "{} {whom} were not reached: {}",
            grouped(not_reached),
            fault.message
        ));
        page.line("Run the same command again when that is mended: nobody is paid twice.");
    }
}

/// A context that asks and tells nothing.
fn quiet(ctx: &Context) -> Context {
    Context {
        talk: Arc::new(Decided),
        ..ctx.clone()
    }
}

/// Pieces in order, as many together as one transaction takes.
fn pack<'a, P: Piece>(
    ctx: &Context,
    pieces: &'a [P],
    payer: Pubkey,
) -> Result<Vec<&'a [P]>, CliError> {
    let mut packs = Vec::new();
    let mut rest = pieces;
    while !rest.is_empty() {
        let mut carried: Vec<Instruction> = Vec::new();
        let mut count = 0;
        for piece in rest.iter().take(MAX_PACKED) {
            carried.extend(piece.steps(payer).into_iter().flatten());
            if count > 0 && !fits_one(ctx, &carried)? {
                break;
            }
            count += 1;
        }
        let (pack, after) = rest.split_at(count);
        packs.push(pack);
        rest = after;
    }
    Ok(packs)
}

/// How many transactions pieces make.
///
/// # Errors
/// A wallet that can not be opened.
pub fn transactions_of<P: Piece>(
    ctx: &Context,
    pieces: &[P],
    payer: Pubkey,
) -> Result<u64, CliError> {
    Ok(pack(ctx, pieces, payer)?.len() as u64)
}
