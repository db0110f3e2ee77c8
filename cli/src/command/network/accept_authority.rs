//! `cairn network accept-authority`.

use cairn_interface::registry;

use crate::args::NetworkArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Become the authority of a network that was offered to you
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn network accept-authority --network NET -k new-authority.json")]
pub struct Args {
    #[command(flatten)]
    pub network: NetworkArg,
}

/// # Errors
/// The network was not offered, or to another key; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let network = chain::network(ctx, &args.network.network).await?;
    let Some(pending) = network.pending_authority() else {
        return Err(CliError::refused(
            "no-offer",
            format!("network {} was offered to nobody", network.address),
            "ask its authority to run `cairn network propose-authority`",
        ));
    };
    let new_authority = ctx.signer_as("authority the network was offered to,", &pending)?;
    let accept = registry::AcceptAuthority {
        new_authority,
        network: network.address,
    };
    let effect = Effect::new("Become the network's authority")
        .fact("network", network.address)
        .fact("instead of", network.authority)
        .warning("Pools keep their admin: hand each over with `cairn pool propose-admin`.");
    let transactions = perform(ctx, Deed::new(effect).step([accept.instruction()])).await?;
    Ok(Facts::of(transactions).fact("network", network.address))
}
