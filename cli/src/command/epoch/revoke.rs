//! `cairn epoch revoke`.

use cairn_interface::vault::{self, EpochStatus};
use cairn_merkle::{EpochNumber, Tokens};

use crate::address::Hash;
use crate::amount::of_tokens;
use crate::args::PoolArg;
use crate::chain;
use crate::command::epoch::guardian;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Take the active epoch back: its root is forged or wrong; admin and guardian together may
///
/// Claims, burns and redemptions against it are refused from then on; the epoch before it stays claimable. The next epoch is a
/// correction: admin and guardian sign its proposal too, its window is seven days at least, nobody can challenge it, and it may
/// state totals down to what was taken already. What was paid stays paid.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn epoch revoke 3 --pool POOL --guardian guardian.json -k admin.json
  cairn epoch revoke 3 --pool POOL --guardian GUARDIAN --authority VAULT --unsigned")]
pub struct Args {
    /// The active epoch's number
    #[arg(value_name = "EPOCH")]
    pub number: EpochNumber,
    #[command(flatten)]
    pub pool: PoolArg,
    /// The guardian's key file; its address where nothing is signed here
    #[arg(long, value_name = "FILE")]
    pub guardian: String,
}

/// # Errors
/// The epoch is not the active one; another is in flight; a signer without the role; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, epoch, _) = chain::pool_and_epoch(ctx, &args.pool.pool, args.number).await?;
    if epoch.status() != EpochStatus::Active {
        return Err(CliError::refused(
            "epoch-not-active",
            format!("epoch {} is {}", args.number, epoch.status().name()),
            "only the active epoch is revoked; one in flight is vetoed (`cairn epoch veto`)",
        ));
    }
    if pool.pending_epoch != 0 {
        return Err(CliError::refused(
            "epoch-in-flight",
            format!(
                "epoch {} is proposed, and builds on the one that would fall",
                pool.pending_epoch
            ),
            format!("veto it first: cairn epoch veto {}", pool.pending_epoch),
        ));
    }
    let admin = ctx.signer_as("pool's admin", &pool.admin)?;
    let guardian = guardian(ctx, &pool, &args.guardian)?;
    let revoke = vault::RevokeEpoch {
        admin,
        guardian: guardian.address(),
        pool: pool.address,
        number: args.number,
    };
    let root = Hash::from(epoch.root);
    let tokens = |base| of_tokens(Tokens::new(base), pool.decimals).grouped();
    let least = pool.before.tokens.max(pool.total_claimed);
    let effect = Effect::new(format!("Revoke epoch {}", args.number))
        .fact("pool", pool.address)
        .fact("root", root)
        .fact("which grants", format!("{} tokens in total", tokens(epoch.tokens)))
        .fact("of which paid", format!("{} tokens", tokens(pool.total_claimed)))
        .fact("correction", format!("states {} tokens at least", tokens(least)))
        .warning("No member is paid by this epoch any more, honest ones neither, until the correction is active.");
    let deed = Deed::new(effect)
        .step([revoke.instruction()])
        .beside(&guardian);
    let transactions = perform(ctx, deed).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .data("epoch", args.number)
        .fact("root", root))
}
