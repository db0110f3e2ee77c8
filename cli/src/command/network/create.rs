//! `cairn network create`.

use cairn_interface::{ids, registry};
use solana_sdk::pubkey::Pubkey;

use super::Policy;
use crate::args::address;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::payee;
use crate::transact::{Deed, perform};

/// Create a device network
///
/// The signer becomes its authority: it adds issuers and trees, imports devices and creates pools. The network's address
/// comes from the signer's key and the id, so nobody else can take it.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn network create --guardian GUARDIAN
  cairn network create --id 2 --guardian GUARDIAN --registration open")]
pub struct Args {
    /// Number of the network among the signer's
    #[arg(long, default_value_t = 0)]
    pub id: u64,
    /// Key that may ban devices; nothing else
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub guardian: Pubkey,
    /// Who may register devices
    #[arg(long, value_enum, value_name = "POLICY", default_value = "endorsed")]
    pub registration: Policy,
}

/// # Errors
/// The network exists; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let authority = ctx.signer()?;
    let create = registry::CreateNetwork {
        payer: ctx.fee_payer()?,
        authority,
        id: args.id,
        guardian: args.guardian,
        registration: args.registration.into(),
    };
    let network = create.network();
    let there = ctx.ledger.account(&network).await?;
    if there.is_some_and(|account| account.owner == ids::DEVICE_REGISTRY) {
        return Err(CliError::refused(
            "network-exists",
            format!("network {network} exists already"),
            "see it with `cairn network show`, or create another with a different --id",
        ));
    }
    payee::can_sign(ctx, &[("the guardian", args.guardian)]).await?;
    let effect = Effect::new("Create a network")
        .fact("address", network)
        .fact("authority", authority)
        .fact("guardian", args.guardian)
        .fact("registration", args.registration.words());
    let transactions = perform(ctx, Deed::new(effect).step([create.instruction()])).await?;
    Ok(Facts::of(transactions)
        .fact("network", network)
        .data("authority", authority)
        .data("guardian", args.guardian)
        .data("id", args.id)
        .next(format!(
            "Next: cairn device tree create --network {network}, then cairn pool create"
        )))
}
