//! `cairn network configure`.

use cairn_interface::registry;
use solana_sdk::pubkey::Pubkey;

use super::Policy;
use crate::args::{NetworkArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Replace a network's guardian, or who may register devices
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn network configure --network NET --registration open
  cairn network configure --network NET --guardian NEW_GUARDIAN")]
#[command(group(clap::ArgGroup::new("change").required(true).multiple(true).args(["guardian", "registration"])))]
pub struct Args {
    #[command(flatten)]
    pub network: NetworkArg,
    /// The new guardian
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub guardian: Option<Pubkey>,
    /// Who may register devices from now on
    #[arg(long, value_enum, value_name = "POLICY")]
    pub registration: Option<Policy>,
}

/// # Errors
/// The signer is not the network's authority; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let network = chain::network(ctx, &args.network.network).await?;
    let authority = ctx.signer_as("network's authority", &network.authority)?;
    let now = Policy::from(network.registration());
    let registration = args.registration.unwrap_or(now);
    let guardian = args.guardian.unwrap_or(network.guardian);
    let configure = registry::ConfigureNetwork {
        authority,
        network: network.address,
        guardian,
        registration: registration.into(),
    };
    let mut effect = Effect::new("Change the network").fact("network", network.address);
    if guardian != network.guardian {
        effect = effect.fact(
            "guardian",
            format!("{guardian}\ninstead of {}", network.guardian),
        );
    }
    if registration != now {
        effect = effect.fact(
            "registration",
            format!("{}\ninstead of {}", registration.words(), now.words()),
        );
    }
    let transactions = perform(ctx, Deed::new(effect).step([configure.instruction()])).await?;
    Ok(Facts::of(transactions).fact("network", network.address))
}
