//! `cairn pool set-guardian`.

use std::path::PathBuf;

use cairn_interface::vault::{self, PoolView};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc_from;
use crate::payee;
use crate::transact::{Deed, perform};
use crate::wallet::key_file;

/// Announce another guardian: the key that may pause a pool and veto a root
///
/// It takes office after the delay of parameters, once anyone applies it (`cairn pool roles apply`): until then the guardian
/// in office still stops what a stolen admin key would do. With --agreed the guardian in office signs too, and the change
/// takes effect at once.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn pool set-guardian NEW_GUARDIAN --pool POOL
  cairn pool set-guardian NEW_GUARDIAN --pool POOL --agreed guardian.json      at once, signed by both")]
pub struct Args {
    /// The new guardian's address
    #[arg(value_name = "ADDRESS", value_parser = address)]
    pub guardian: Pubkey,
    #[command(flatten)]
    pub pool: PoolArg,
    /// Key file of the guardian in office, who agrees
    #[arg(long, value_name = "FILE")]
    pub agreed: Option<PathBuf>,
}

/// # Errors
/// The signer is not the pool's admin; --agreed is another key than the guardian's; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, now): (PoolView, _) = chain::with_now(ctx, &args.pool.pool).await?;
    let admin = ctx.signer_as("pool's admin", &pool.admin)?;
    payee::can_sign(ctx, &[("the guardian", args.guardian)]).await?;
    let agreed = args.agreed.as_deref().map(key_file).transpose()?;
    if let Some(key) = &agreed
        && key.pubkey() != pool.guardian
    {
        return Err(CliError::refused(
            "not-the-guardian",
            format!("{} is not the guardian in office", key.pubkey()),
            format!("give the key file of {}", pool.guardian),
        ));
    }
    let set = vault::SetGuardian {
        admin,
        pool: pool.address,
        outgoing: agreed.as_ref().map(Keypair::pubkey),
        guardian: args.guardian,
    };
    let what = if agreed.is_some() {
        "Replace the pool's guardian"
    } else {
        "Announce another guardian of the pool"
    };
    let mut effect = Effect::new(what)
        .fact("pool", pool.address)
        .fact("from", pool.guardian)
        .fact("to", args.guardian);
    let facts = if agreed.is_some() {
        None
    } else {
        let due = utc_from(pool.effective_at(now).unwrap_or(i64::MAX), now);
        effect = effect.fact("takes office", format!("{due}, once anyone applies it"));
        Some(format!(
            "Then: cairn pool roles apply --pool {}",
            pool.address
        ))
    };
    let mut deed = Deed::new(effect).step([set.instruction()]);
    if let Some(key) = &agreed {
        deed = deed.cosigned(key);
    }
    let transactions = perform(ctx, deed).await?;
    let done = Facts::of(transactions).fact("pool", pool.address);
    Ok(match facts {
        Some(next) => done.next(next),
        None => done,
    })
}
