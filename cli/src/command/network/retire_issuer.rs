//! `cairn network retire-issuer`.

use cairn_client::Reading;
use cairn_interface::registry::{self, IssuerView, NetworkView, issuer_address};

use super::add_issuer::{IssuerKey, issuer_key};
use crate::args::NetworkArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc;
use crate::transact::{Deed, perform};

/// Stop trusting an issuer, for good
///
/// What it vouched for before stays; it vouches for nothing after, and its key can not come back.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn network retire-issuer --network NET --key ADDRESS")]
pub struct Args {
    #[command(flatten)]
    pub network: NetworkArg,
    /// Its key, as it was added
    #[arg(long, value_name = "KEY", value_parser = issuer_key)]
    pub key: IssuerKey,
}

/// # Errors
/// No such issuer, or retired before; the signer is not the network's authority; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (address, _) = issuer_address(&args.network.network, &args.key.key);
    let mut reading = Reading::new();
    let network = reading.state(args.network.network);
    let issuer = reading.one(address, "an issuer of the network", IssuerView::decode);
    let read = chain::answer(ctx, reading).await?;
    let (network, issuer): (NetworkView, _) = (read.need(&network)?, read.need(&issuer)?);
    if !issuer.is_active() {
        return Err(CliError::refused(
            "issuer-retired",
            format!(
                "{} was retired already, {}",
                issuer.facts.did,
                utc(issuer.retired_at)
            ),
            "there is nothing more to do",
        ));
    }
    let authority = ctx.signer_as("network's authority", &network.authority)?;
    let retire = registry::RetireIssuer {
        authority,
        network: network.address,
        issuer: address,
    };
    let effect = Effect::new(format!("Stop trusting {}", issuer.facts.did))
        .fact("network", network.address)
        .fact("account", address)
        .warning("For good: this key can never be added again.");
    let transactions = perform(ctx, Deed::new(effect).step([retire.instruction()])).await?;
    Ok(Facts::of(transactions).fact("network", network.address))
}
