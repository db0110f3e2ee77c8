//! `cairn pool ruleset announce`.

use cairn_interface::vault::{self, PoolView};
use cairn_merkle::EpochNumber;

use super::named::{Named, named};
use crate::address::Hash;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc_from;
use crate::transact::{Deed, perform};

/// Announce rules that count from a named epoch on
///
/// The signer must be the pool's admin. Epochs before the named one are proposed under the old rules; it and later ones under
/// these, once the delay of parameters has passed. Until then guardian or admin can withdraw them. Rules that would give more in
/// an epoch than the pool's caps allow are refused; announced parameters count as the pool's.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn pool ruleset announce keeper/ruleset --from-epoch 12 --pool POOL")]
pub struct Args {
    /// The rules' folder, which is then held against the pool's caps; or their SHA-256 alone (`cairn-keeper ruleset` prints it)
    #[arg(value_name = "FOLDER_OR_HASH", value_parser = named)]
    pub rules: Named,
    /// The first epoch that is scored by them
    #[arg(long, value_name = "EPOCH")]
    pub from_epoch: EpochNumber,
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// The signer is not the pool's admin; an epoch that is proposed already; rules that give more than the pool's caps allow; what
/// sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, now): (PoolView, _) = chain::with_now(ctx, &args.pool.pool).await?;
    let admin = ctx.signer_as("pool's admin", &pool.admin)?;
    let first = pool.next_epoch.max(pool.pending_epoch.saturating_add(1));
    if args.from_epoch.get() < first {
        return Err(CliError::argument(
            format!("--from-epoch is {}", args.from_epoch),
            format!("rules count from an epoch on that is not proposed yet: {first} or later"),
        ));
    }
    let rules = args.rules.read()?;
    let effective_at = pool.effective_at(now).unwrap_or(i64::MAX);
    let announce = vault::AnnounceRuleset {
        admin,
        pool: pool.address,
        hash: rules.hash,
        from_epoch: args.from_epoch,
    };
    let from = pool
        .ruleset_hash()
        .map_or_else(|| "any".to_owned(), |hash| Hash::from(hash).to_string());
    let effect = Effect::new("Announce other rules")
        .fact("pool", pool.address)
        .fact("rules", format!("{from} → {}", Hash::from(rules.hash)))
        .fact("from epoch", args.from_epoch)
        .fact("not before", utc_from(effective_at, now));
    let params = pool.pending_params.params().unwrap_or(pool.params());
    let effect = rules.within(&params, effect)?;
    let transactions = perform(ctx, Deed::new(effect).step([announce.instruction()])).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .data("hash", Hash::from(rules.hash))
        .data("from_epoch", args.from_epoch)
        .data("effective_at", effective_at))
}
