//! `cairn pool roles cancel`.

use cairn_interface::vault;

use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Withdraw announced roles, or the pool's offer to another admin
///
/// The guardian withdraws keepers and the offer, which a stolen admin key may have announced; its own replacement only the
/// admin withdraws. Without an option everything goes that the signer may withdraw.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn pool roles cancel --pool POOL -k guardian.json
  cairn pool roles cancel --keepers --pool POOL")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
    /// The guardian to be
    #[arg(long)]
    pub guardian: bool,
    /// The keepers to be
    #[arg(long)]
    pub keepers: bool,
    /// The offer to another admin
    #[arg(long)]
    pub admin: bool,
}

/// # Errors
/// Nothing of it is announced; the signer may not withdraw it; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let authority = ctx.signer()?;
    let is_admin = authority == pool.admin;
    if !is_admin || args.guardian && authority != pool.admin {
        let role = if args.guardian {
            ctx.signer_as("pool's admin", &pool.admin)
        } else {
            ctx.signer_as("pool's guardian (or its admin)", &pool.guardian)
        };
        role?;
    }
    let all = !(args.guardian || args.keepers || args.admin);
    let roles = &pool.pending_roles;
    let cancel = vault::CancelRoles {
        authority,
        pool: pool.address,
        guardian: args.guardian || all && is_admin && roles.guardian_effective_at != 0,
        keepers: args.keepers || all && roles.keepers_effective_at != 0,
        admin: args.admin || all && pool.pending_admin().is_some(),
    };
    let mut effect = Effect::new("Withdraw announced roles").fact("pool", pool.address);
    let (mut none, guardian) = (true, roles.guardian);
    for (named, label, value) in [
        (cancel.guardian, "guardian", guardian.to_string()),
        (
            cancel.keepers,
            "keepers",
            format!("{} of {}", roles.threshold, roles.keepers().len()),
        ),
        (cancel.admin, "admin", pool.pending_admin.to_string()),
    ] {
        if named {
            none = false;
            effect = effect.fact(label, format!("{value} (not to be)"));
        }
    }
    if none {
        return Err(CliError::refused(
            "no-roles-announced",
            format!(
                "nothing is announced in pool {} that this key may withdraw",
                pool.address
            ),
            "see `cairn pool show`",
        ));
    }
    let transactions = perform(ctx, Deed::new(effect).step([cancel.instruction()])).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
