//! `cairn device tree create`.

use cairn_interface::registry;

use crate::amount::grouped;
use crate::args::NetworkArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Make room for devices: one account for up to 2^depth of them
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn device tree create --network NET --depth 14                    16,384 devices
  cairn device tree create --network NET --depth 20 --canopy-depth 8   a million, with shorter proofs")]
pub struct Args {
    #[command(flatten)]
    pub network: NetworkArg,
    /// Levels of the tree, 3 to 24: it holds 2^depth devices
    #[arg(long, value_name = "LEVELS", default_value_t = 14)]
    pub depth: u8,
    /// Levels at the top that the account stores, so that proofs are that much shorter; costs rent
    #[arg(long, value_name = "LEVELS", default_value_t = 0)]
    pub canopy_depth: u8,
}

/// # Errors
/// A shape that does not exist; the signer is not the network's authority; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let network = chain::network(ctx, &args.network.network).await?;
    let authority = ctx.signer_as("network's authority", &network.authority)?;
    let create = registry::CreateTree {
        payer: ctx.fee_payer()?,
        authority,
        network: network.address,
        index: network.trees,
        depth: args.depth,
        canopy_depth: args.canopy_depth,
    };
    let instructions = create.instructions().map_err(|_| {
        CliError::argument(
            format!(
                "no tree has {} levels of which {} are stored",
                args.depth, args.canopy_depth
            ),
            "--depth is 3 to 24, --canopy-depth at most 12 and below the depth",
        )
    })?;
    let tree = create.tree();
    let capacity = 1_u64.checked_shl(args.depth.into()).unwrap_or(u64::MAX);
    let effect = Effect::new(format!("Create a tree for {} devices", grouped(capacity)))
        .fact("network", network.address)
        .fact("tree", format!("{} at {tree}", create.index));
    let transactions = perform(ctx, Deed::new(effect).step(instructions)).await?;
    Ok(Facts::of(transactions)
        .fact("network", network.address)
        .data("tree", tree)
        .worded(
            "index",
            create.index,
            "tree",
            format!("{} at {tree}", create.index),
        )
        .data("depth", args.depth)
        .data("canopy_depth", args.canopy_depth))
}
