//! `cairn epoch correct`.

use cairn_epoch::{EpochFolder, Manifest, read_manifest, read_taken, verify_files};
use cairn_interface::vault::{EpochView, PoolView, ProposeEpoch};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_mirror::Wanted;
use cairn_origin::{Before, OriginError, insist};

use crate::address::Hash;
use crate::amount::{grouped, of_tokens};
use crate::args::{FilesArg, PoolArg};
use crate::chain;
use crate::command::audit;
use crate::command::epoch::guardian;
use crate::context::{Context, Manner};
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::published::{Published, pool_of};
use crate::transact::{Deed, perform};
use crate::wallet::Wallet;

/// Propose the correction of a revoked epoch: a keeper, admin and guardian together may
///
/// A keeper closes the correction (`cairn-keeper close`) and publishes its files; here the three sign its proposal. The keeper then
/// stores its canopy, the others attest it (`cairn-keeper run` does both), and it becomes active after seven days at least. Nobody
/// can challenge it, but guardian or admin can veto it until then: audit it in that time.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn epoch correct 4 --pool POOL --files DIR --keeper keeper.json --guardian guardian.json -k admin.json
  cairn epoch correct 4 --pool POOL --files DIR --keeper KEEPER --guardian GUARDIAN --authority VAULT --unsigned")]
pub struct Args {
    /// The correction's number: one above the revoked epoch's
    #[arg(value_name = "EPOCH")]
    pub number: EpochNumber,
    #[command(flatten)]
    pub pool: PoolArg,
    #[command(flatten)]
    pub files: FilesArg,
    /// The key file of the keeper that closed it; its address where nothing is signed here
    #[arg(long, value_name = "FILE")]
    pub keeper: String,
    /// The guardian's key file; its address where nothing is signed here
    #[arg(long, value_name = "FILE")]
    pub guardian: String,
}

/// # Errors
/// Files of another pool; no correction is due, or it is proposed already; files that are not a correction's, or not what the chain says was taken; a
/// signer without the role; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let files = Published::open(ctx, &args.files).await?;
    let pool = pool_of(Some(args.pool.pool), &files)?;
    let revoked = args.number.previous().unwrap_or_default();
    let (pool, revoked, _) = chain::pool_and_epoch(ctx, &pool, revoked).await?;
    due(&pool, args.number)?;
    let folder = EpochFolder::new(files.epoch(args.number, Wanted::Whole).await?);
    let (replaced, _) = files.manifest(revoked.number()).await?;
    let (manifest, hash) = read_manifest(folder.root())?;
    makes_good(ctx, &pool, &folder, &manifest, &replaced).await?;
    for number in [revoked.number(), args.number] {
        let folder = files.epoch(number, Wanted::Whole).await?;
        computed(ctx, &EpochFolder::new(folder)).await?;
    }

    let admin = ctx.signer_as("pool's admin", &pool.admin)?;
    let keeper = keeper(ctx, &pool, &args.keeper)?;
    let guardian = guardian(ctx, &pool, &args.guardian)?;
    let proposal = ProposeEpoch {
        admin: Some(admin),
        guardian: Some(guardian.address()),
        ..cairn_origin::proposal(&manifest, hash, keeper.address())
    };
    let effect = effect(&pool, &revoked, &manifest, &replaced, &folder)?;
    let deed = Deed::new(effect)
        .step([proposal.instruction()])
        .beside(&keeper)
        .beside(&guardian);
    let transactions = perform(ctx, deed).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .data("epoch", args.number)
        .fact("root", Hash::from(manifest.tree.root_hash))
        .fact("manifest", Hash::from(hash)))
}

fn due(pool: &PoolView, number: EpochNumber) -> Result<(), CliError> {
    if !pool.is_correction_due() {
        return Err(CliError::refused(
            "no-correction-due",
            format!(
                "the active epoch {} of this pool was not revoked",
                pool.active_epoch
            ),
            "keepers propose ordinary epochs by themselves; `cairn epoch revoke` takes an active one back",
        ));
    }
    if pool.pending_epoch != 0 {
        return Err(CliError::refused(
            "epoch-in-flight",
            format!("epoch {} is proposed already", pool.pending_epoch),
            "audit it (`cairn audit epoch`); guardian or admin veto it if it is wrong (`cairn epoch veto`)",
        ));
    }
    let next = EpochNumber::new(pool.next_epoch);
    if number != next {
        return Err(CliError::argument(
            format!("the correction of this pool is epoch {next}"),
            format!("name epoch {next}"),
        ));
    }
    Ok(())
}

/// The files are their manifest's, and what the pure function makes of their inputs: nothing else is signed.
async fn computed(ctx: &Context, folder: &EpochFolder) -> Result<(), CliError> {
    let (manifest, _) = read_manifest(folder.root())?;
    verify_files(folder.root(), &manifest)?;
    match audit::compared(ctx, folder.root()).await?.difference {
        None => Ok(()),
        Some(difference) => Err(CliError::refused(
            "recomputation-differs",
            format!(
                "epoch {} recomputes differently: {difference}",
                manifest.epoch.number
            ),
            "do not sign; ask the keeper to close it again",
        )),
    }
}

/// The correction goes on from the epoch in the revoked one's place and counts what the chain says was taken.
async fn makes_good(
    ctx: &Context,
    pool: &PoolView,
    folder: &EpochFolder,
    manifest: &Manifest,
    replaced: &Manifest,
) -> Result<(), CliError> {
    let before = Some(Before {
        manifest_hash: replaced.hash()?,
        manifest: Some(replaced),
        is_revoked: true,
    });
    let ledger = ctx.ledger.as_ref();
    let asked = cairn_origin::taken(ledger, &pool.address, folder, manifest, before).await;
    let told = asked.and_then(|taken| Ok((taken, cairn_origin::succession(manifest, before)?)));
    let (taken, succession) = match told {
        Ok(told) => told,
        Err(OriginError::Client(error)) => return Err(error.into()),
        Err(OriginError::Epoch(error)) => return Err(error.into()),
        Err(error @ OriginError::NoNetwork { .. }) => {
            return Err(CliError::refused("network-missing", error.to_string(), ""));
        }
    };
    let findings: Vec<_> = taken.into_iter().chain([succession]).collect();
    insist(&findings).map_err(|fault| {
        let hint = fault.hint();
        CliError::refused("correction-differs", fault.to_string(), hint)
    })
}

fn keeper(ctx: &Context, pool: &PoolView, named: &str) -> Result<Wallet, CliError> {
    let keeper = Wallet::beside(named)?;
    if !pool.is_keeper(&keeper.address()) {
        return Err(CliError::refused(
            "not-a-keeper",
            format!("{} is no keeper of the pool", keeper.address()),
            "its keepers are in `cairn pool show`",
        ));
    }
    if ctx.manner == Manner::Send {
        keeper.key()?;
    }
    Ok(keeper)
}

fn effect(
    pool: &PoolView,
    revoked: &EpochView,
    manifest: &Manifest,
    replaced: &Manifest,
    folder: &EpochFolder,
) -> Result<Effect, CliError> {
    let tokens = |base| of_tokens(base, pool.decimals).grouped();
    let taken = read_taken(&folder.taken())?;
    let paid = taken
        .iter()
        .fold(Tokens::ZERO, |sum, row| sum.saturating_add(row.tokens));
    let basis = replaced.hash()?;
    let number = manifest.epoch.number;
    let effect = Effect::new(format!("Propose epoch {number}, the correction of epoch {}", revoked.number))
        .fact("pool", pool.address)
        .fact("instead of root", Hash::from(revoked.root))
        .fact("root", Hash::from(manifest.tree.root_hash))
        .fact("which grants", format!("{} tokens in total", tokens(manifest.totals.tokens)))
        .fact("goes on from", format!("epoch {} with manifest {}", replaced.epoch.number, Hash::from(basis)))
        .fact(
            "makes good",
            format!(
                "{} tokens paid at {} indices under the revoked root",
                tokens(paid),
                grouped(taken.len() as u64)
            ),
        )
        .warning(format!(
            "Nobody can challenge it. It waits seven days at least: audit it in that time (`cairn audit epoch {number}`), and veto it if anything differs."
        ));
    Ok(if basis == revoked.manifest_hash {
        effect.doubt("It goes on from the very files whose root was revoked.")
    } else {
        effect
    })
}
