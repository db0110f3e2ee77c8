//! `cairn pool set-keepers`.

use cairn_interface::vault::{self, PoolView};
use solana_sdk::pubkey::Pubkey;

use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc_from;
use crate::payee;
use crate::transact::{Deed, perform};

/// Remove keepers at once, or announce others
///
/// Fewer of the same keepers at no lower threshold take office in this transaction: attestations of keys that are keepers no
/// longer stop counting, also for an epoch in flight. Any other keepers wait for the delay of parameters, and take office once
/// anyone applies them (`cairn pool roles apply`) while no epoch is in flight; until then guardian or admin can withdraw them.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn pool set-keepers --pool POOL --keeper K1 --keeper K2 --keeper K3 --threshold 2")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
    /// A key that proposes and attests; repeat it for each, at most 16
    #[arg(long = "keeper", value_name = "ADDRESS", required = true, value_delimiter = ',', value_parser = address)]
    pub keepers: Vec<Pubkey>,
    /// Attestations an epoch needs
    #[arg(long, value_name = "COUNT")]
    pub threshold: u8,
}

/// # Errors
/// The signer is not the pool's admin; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, now): (PoolView, _) = chain::with_now(ctx, &args.pool.pool).await?;
    let admin = ctx.signer_as("pool's admin", &pool.admin)?;
    let lines = |keys: Vec<&Pubkey>| {
        let keys: Vec<_> = keys.into_iter().map(Pubkey::to_string).collect();
        if keys.is_empty() {
            "none".to_owned()
        } else {
            keys.join("\n")
        }
    };
    let leaving = pool
        .keepers()
        .iter()
        .filter(|key| !args.keepers.contains(key));
    let joining = args
        .keepers
        .iter()
        .filter(|key| !pool.keepers().contains(key));
    let signers: Vec<_> = joining
        .clone()
        .map(|keeper| ("the keeper", *keeper))
        .collect();
    payee::can_sign(ctx, &signers).await?;
    let set = vault::SetKeepers {
        admin,
        pool: pool.address,
        keepers: args.keepers.clone(),
        threshold: args.threshold,
    };
    let at_once = pool.is_tightened_by(&args.keepers, args.threshold);
    let what = if at_once {
        "Replace the pool's keepers"
    } else {
        "Announce other keepers of the pool"
    };
    let mut effect = Effect::new(what)
        .fact("pool", pool.address)
        .fact("joining", lines(joining.collect()))
        .fact("leaving", lines(leaving.collect()))
        .fact(
            "attestations",
            format!(
                "{} of {} keepers (now {} of {})",
                args.threshold,
                args.keepers.len(),
                pool.threshold,
                pool.keepers().len()
            ),
        );
    if !at_once {
        let due = utc_from(pool.effective_at(now).unwrap_or(i64::MAX), now);
        effect = effect.fact("take office", format!("{due}, once anyone applies it"));
    }
    let transactions = perform(ctx, Deed::new(effect).step([set.instruction()])).await?;
    let done = Facts::of(transactions).fact("pool", pool.address);
    if at_once {
        return Ok(done);
    }
    Ok(done.next(format!(
        "Then: cairn pool roles apply --pool {}",
        pool.address
    )))
}
