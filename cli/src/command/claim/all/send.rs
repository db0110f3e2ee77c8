//! Claims packed into transactions, as many members and pools in each as fit, and what became of every member.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cairn_interface::vault::PoolView;
use futures::StreamExt;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::super::due::{Due, open_page};
use super::Failed;
use super::gather::Owed;
use crate::context::Context;
use crate::conversation::{Decided, Effect};
use crate::error::CliError;
use crate::transact::{Deed, Transaction, fits_one, perform};

/// Transactions in flight at a time: enough to hide the wait for confirmation, few enough for a public node.
const AT_ONCE: usize = 8;
/// Claims in one transaction at most: what a transaction of 64 accounts and 1,400,000 compute units holds with a margin.
const MAX_PACKED: usize = 12;

/// One member's claim in one pool.
#[derive(Clone, Copy)]
pub struct One<'a> {
    pub pool: &'a PoolView,
    pub due: &'a Due,
}

impl One<'_> {
    fn instructions(&self, payer: Pubkey) -> Vec<Instruction> {
        let create = self
            .due
            .account_missing
            .then(|| self.due.create_account(self.pool, payer));
        create
            .into_iter()
            .chain([self.due.pay(self.pool)])
            .collect()
    }
}

/// What became of one member's claim.
pub enum Became {
    Paid(u64),
    /// Somebody else had claimed meanwhile, or an earlier run whose end nobody saw.
    PaidBefore,
    Failed(Failed),
}

/// What became of a pack, and what it cost.
#[derive(Default)]
pub struct Settled {
    pub members: Vec<Became>,
    pub transactions: Vec<Transaction>,
}

/// Packs claims in order, each pack as large as a transaction lets it be.
///
/// # Errors
/// A wallet that can not be opened.
pub fn pack<'a>(
    ctx: &Context,
    owed: &'a [Owed],
    payer: Pubkey,
) -> Result<Vec<Vec<One<'a>>>, CliError> {
    let mut packs: Vec<Vec<One<'a>>> = Vec::new();
    let mut carried: Vec<Instruction> = Vec::new();
    for Owed { pool, dues, .. } in owed {
        for due in dues {
            let one = One { pool, due };
            let more = one.instructions(payer);
            let merged: Vec<_> = carried.iter().chain(&more).cloned().collect();
            match packs.last_mut() {
                Some(pack) if pack.len() < MAX_PACKED && fits_one(ctx, &merged)? => {
                    pack.push(one);
                    carried = merged;
                }
                _ => {
                    packs.push(vec![one]);
                    carried = more;
                }
            }
        }
    }
    Ok(packs)
}

/// A context that asks and tells nothing: the person agreed to the whole.
pub fn quiet(ctx: &Context) -> Context {
    Context {
        talk: Arc::new(Decided),
        ..ctx.clone()
    }
}

/// Opens every missing page before the first claim, because members share them.
///
/// # Errors
/// What sending runs into.
pub async fn open_missing(quiet: &Context, owed: &Owed, payer: Pubkey) -> Result<(), CliError> {
    let mut deed = Deed::new(Effect::new("Open pages"));
    for page in owed.missing_pages() {
        deed = deed.step([open_page(&owed.pool, payer, page)]);
    }
    perform(quiet, deed).await?;
    Ok(())
}

/// Sends all packs, several at a time. A pack that is refused is taken apart, so that one member's refusal keeps nobody else
/// from being paid.
pub async fn send_all(
    ctx: &Context,
    quiet: &Context,
    packs: &[Vec<One<'_>>],
    payer: Pubkey,
) -> Vec<Settled> {
    let members: usize = packs.iter().map(Vec::len).sum();
    let task = ctx.talk.task("paying members", members as u64);
    let done = AtomicU64::new(0);
    futures::stream::iter(packs)
        .map(|pack| {
            let (task, done) = (&task, &done);
            async move {
                let settled = send_pack(quiet, pack, payer).await;
                let count = pack.len() as u64;
                task.reached(
                    done.fetch_add(count, Ordering::Relaxed)
                        .saturating_add(count),
                );
                settled
            }
        })
        .buffered(AT_ONCE)
        .collect()
        .await
}

async fn send_pack(quiet: &Context, pack: &[One<'_>], payer: Pubkey) -> Settled {
    let mut settled = Settled::default();
    match send(quiet, pack, payer).await {
        Ok(transactions) => {
            settled.transactions = transactions;
            let paid = pack.iter().map(|one| Became::Paid(one.due.amount));
            settled.members = paid.collect();
        }
        // Nothing of a refused transaction happened. One whose end is not known is not sent again in other words: the next run
        // reads from the chain what it did.
        Err(error) if pack.len() > 1 && refused(&error) => {
            for one in pack {
                let alone = Box::pin(send_pack(quiet, std::slice::from_ref(one), payer)).await;
                settled.members.extend(alone.members);
                settled.transactions.extend(alone.transactions);
            }
        }
        Err(error) if error.code() == "reward-vault/NothingToClaim" => {
            settled.members = pack.iter().map(|_| Became::PaidBefore).collect();
        }
        Err(error) => {
            let failed = pack.iter().map(|one| Failed::new(one.due.owner, &error));
            settled.members = failed.map(Became::Failed).collect();
        }
    }
    settled
}

/// Whether the chain itself refused.
fn refused(error: &CliError) -> bool {
    matches!(
        error,
        CliError::Client(
            cairn_client::ClientError::Program { .. }
                | cairn_client::ClientError::Transaction { .. }
                | cairn_client::ClientError::TooLarge { .. }
        )
    )
}

async fn send(
    quiet: &Context,
    pack: &[One<'_>],
    payer: Pubkey,
) -> Result<Vec<Transaction>, CliError> {
    let all = pack.iter().flat_map(|one| one.instructions(payer));
    let deed = Deed::new(Effect::new("Claim")).step(all);
    Ok(perform(quiet, deed).await?.list)
}
