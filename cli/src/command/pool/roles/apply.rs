//! `cairn pool roles apply`.

use cairn_interface::vault::{self, PoolView};
use solana_sdk::pubkey::Pubkey;

use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc_from;
use crate::transact::{Deed, perform};

/// Put announced roles in office, once their delay is over; anyone may
///
/// While an epoch is proposed nothing changes under it: activate or veto it first.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn pool roles apply --pool POOL")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// Nothing was announced; the delay is not over; an epoch is in flight; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, now): (PoolView, _) = chain::with_now(ctx, &args.pool.pool).await?;
    let roles = &pool.pending_roles;
    let moments = [roles.guardian_effective_at, roles.keepers_effective_at];
    let Some(first) = moments.into_iter().filter(|at| *at != 0).min() else {
        return Err(CliError::refused(
            "no-roles-announced",
            format!(
                "neither guardian nor keepers of pool {} are announced",
                pool.address
            ),
            "its admin announces them with `cairn pool set-guardian` and `set-keepers`",
        ));
    };
    if now < first {
        return Err(CliError::not_yet(
            "roles-not-due",
            format!(
                "the announced roles can take office from {}",
                utc_from(first, now)
            ),
            "run the same command again then",
        ));
    }
    if pool.pending_epoch != 0 {
        return Err(CliError::not_yet(
            "epoch-in-flight",
            format!(
                "epoch {} is in flight, and nothing changes under it",
                pool.pending_epoch
            ),
            "run the same command again once it is activated or vetoed",
        ));
    }
    let is_due = |at: i64| at != 0 && now >= at;
    let mut effect = Effect::new("Put the announced roles in office").fact("pool", pool.address);
    if is_due(roles.guardian_effective_at) {
        effect = effect.fact(
            "guardian",
            format!("{} → {}", pool.guardian, roles.guardian),
        );
    }
    if is_due(roles.keepers_effective_at) {
        let keepers: Vec<String> = roles.keepers().iter().map(Pubkey::to_string).collect();
        effect = effect.fact("keepers", keepers.join("\n")).fact(
            "attestations",
            format!("{} of {} keepers", roles.threshold, keepers.len()),
        );
    }
    let apply = vault::ApplyRoles { pool: pool.address };
    let transactions = perform(ctx, Deed::new(effect).step([apply.instruction()])).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
