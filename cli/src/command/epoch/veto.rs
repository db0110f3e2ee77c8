//! `cairn epoch veto`.

use cairn_interface::vault::{self, EpochStatus};
use serde::Serialize;

use crate::address::{Address, Hash};
use crate::amount::Amount;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::transact::{Deed, Transactions, perform};

/// Stop a root before it becomes active; the pool's guardian or admin may
///
/// The number can then be proposed again with another root. Nothing that is already claimable is touched.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn epoch veto 3 --pool POOL --reason 7 -k guardian.json")]
pub struct Args {
    /// The epoch's number
    #[arg(value_name = "EPOCH")]
    pub number: u64,
    #[command(flatten)]
    pub pool: PoolArg,
    /// Why, as a number the network's operators publish
    #[arg(long, value_name = "CODE", default_value_t = 1)]
    pub reason: u16,
}

/// An epoch that was vetoed.
#[derive(Clone, Debug, Serialize)]
pub struct Vetoed {
    pub pool: Address,
    pub epoch: u64,
    pub root: Hash,
    pub reason: u16,
    pub transactions: Transactions,
}

/// # Errors
/// The epoch is not in flight; the signer is neither guardian nor admin; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Vetoed, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let epoch = chain::epoch(ctx, &pool, args.number).await?;
    if !matches!(epoch.status, EpochStatus::Proposed | EpochStatus::Attested) {
        return Err(CliError::refused(
            "epoch-not-open",
            format!(
                "epoch {} is {}: only a proposed or attested one can be vetoed",
                epoch.number,
                epoch.status.name()
            ),
            "see what is in flight with `cairn epoch list`",
        ));
    }
    let guardian = ctx.signer()?;
    if guardian != pool.admin {
        ctx.signer_as("pool's guardian (or its admin)", &pool.guardian)?;
    }
    let veto = vault::VetoEpoch {
        guardian,
        pool: pool.address,
        number: args.number,
        reason: args.reason,
    };
    let root = Hash::from(epoch.root.hash);
    let effect = Effect::new(format!("Veto epoch {}", args.number))
        .fact("pool", pool.address)
        .fact("root", root)
        .fact(
            "which grants",
            format!(
                "{} tokens in total",
                Amount::new(epoch.root.sum(), pool.decimals).grouped()
            ),
        )
        .fact("proposed by", epoch.proposer)
        .fact("reason code", args.reason);
    let transactions = perform(ctx, Deed::new(effect).step([veto.instruction()])).await?;
    Ok(Vetoed {
        pool: pool.address.into(),
        epoch: args.number,
        root,
        reason: args.reason,
        transactions,
    })
}

impl Verdict for Vetoed {}

impl Show for Vetoed {
    fn show(&self, page: &mut Page) {
        self.transactions.title(page);
        page.fact("pool", self.pool.to_string());
        page.fact("root", self.root.to_string());
        self.transactions.show(page);
    }
}
