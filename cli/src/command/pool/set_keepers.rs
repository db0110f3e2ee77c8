//! `cairn pool set-keepers`.

use cairn_interface::vault;
use solana_sdk::pubkey::Pubkey;

use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::payee;
use crate::transact::{Deed, perform};

/// Replace a pool's keepers and how many of them must attest
///
/// Attestations of keys that are keepers no longer stop counting, also for an epoch in flight.
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
    let pool = chain::pool(ctx, &args.pool.pool).await?;
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
    let effect = Effect::new("Replace the pool's keepers")
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
    let transactions = perform(ctx, Deed::new(effect).step([set.instruction()])).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
