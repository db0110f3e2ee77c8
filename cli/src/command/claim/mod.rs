//! `cairn claim`.

use std::path::PathBuf;

use cairn_epoch::{ClaimFile, EpochError, load_claim};
use cairn_interface::vault::{EpochView, PoolView};
use cairn_merkle::verify;
use clap::Subcommand;
use solana_sdk::pubkey::Pubkey;

use super::boxed;
use crate::args::address;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;
use crate::published::Published;

pub mod all;
mod due;
pub mod pay;
pub mod show;

/// Claim what you earned, or see it
///
/// Reads your proof from published files, checks it here, and sends it to the pool, which pays your own token account
/// whatever you have earned and not been paid yet. A missing token account or counter page is created on the way, its
/// rent shown before. Anyone may claim for anyone: --owner names who is paid, the signer pays the fee.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn claim --pool POOL --files DIR                      claim for the wallet of -k
  cairn claim --owner OWNER --pool POOL --files DIR        pay the fee for somebody else's claim
  cairn claim --all --pool POOL --files DIR                pay everyone who has something to claim
  cairn claim show --owner OWNER --pool POOL --files DIR   earned, pending, claimable, claimed
  cairn claim --dry-run --pool POOL --files DIR            the effect and the cost only")]
pub struct ClaimCommand {
    #[command(subcommand)]
    pub command: Option<ClaimSubcommand>,
    /// Published files: a keeper's data folder, its epochs folder, one epoch's folder, or one claims file
    #[arg(long, value_name = "PATH", env = "CAIRN_FILES", global = true)]
    pub files: Option<PathBuf>,
    /// The pool's address [default: the pool the files are about]
    #[arg(long, value_name = "ADDRESS", env = "CAIRN_POOL", value_parser = address, global = true)]
    pub pool: Option<Pubkey>,
    /// Who is paid [default: the wallet of -k]
    #[arg(long, value_name = "ADDRESS", value_parser = address, global = true)]
    pub owner: Option<Pubkey>,
    /// Claim for every member that has something to claim
    #[arg(long, conflicts_with = "owner")]
    pub all: bool,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ClaimSubcommand {
    /// Show what an owner earned, what is pending, claimable and claimed
    Show,
}

/// The code of a refusal because files and chain differ.
pub(crate) const PROOF_INVALID: &str = "proof-invalid";

/// Whose claim, of which pool, from which files.
#[derive(Clone, Debug)]
pub struct Args {
    pub files: PathBuf,
    /// The pool of the files when not named.
    pub pool: Option<Pubkey>,
    /// The wallet when not named.
    pub owner: Option<Pubkey>,
}

impl ClaimCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        let files = self.files.clone().ok_or_else(|| {
            CliError::argument(
                "--files is missing: a claim needs its proof",
                "name a keeper's data folder, its epochs folder or a claims file with --files or CAIRN_FILES",
            )
        })?;
        let args = Args {
            files,
            pool: self.pool,
            owner: self.owner,
        };
        match (self.command, self.all) {
            (Some(ClaimSubcommand::Show), true) => Err(CliError::argument(
                "--all claims; `claim show` shows one owner",
                "leave --all out, or name an owner with --owner",
            )),
            (Some(ClaimSubcommand::Show), false) => boxed(show::run(ctx, &args).await),
            (None, true) => boxed(all::run(ctx, &args).await),
            (None, false) => boxed(pay::run(ctx, &args).await),
        }
    }
}

/// The owner's claim in the files of epoch `number`; `None` when the owner is no member there.
fn member_claim(
    files: &Published,
    number: u64,
    owner: &Pubkey,
) -> Result<Option<ClaimFile>, CliError> {
    let Some(path) = files.claims_of(number) else {
        return Ok(None);
    };
    match load_claim(path, &owner.to_bytes()) {
        Ok(claim) => Ok(Some(claim)),
        Err(EpochError::NotAMember { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Checks a claim as the program will: a forged or stale file is found here, before a fee is paid.
///
/// # Errors
/// The claim is another pool's or epoch's, or its proof does not lead to the root on chain.
fn check(claim: &ClaimFile, epoch: &EpochView, pool: &PoolView) -> Result<(), CliError> {
    let differs = |what: &str| {
        CliError::refused(
            PROOF_INVALID,
            format!(
                "the files do not match epoch {} on chain: {what}",
                epoch.number
            ),
            "fetch the files again from a keeper; if they still differ, `cairn audit epoch` names where",
        )
    };
    if claim.pool != pool.address.to_bytes() {
        return Err(differs("they are about another pool"));
    }
    if claim.epoch != epoch.number {
        return Err(differs(&format!("they are of epoch {}", claim.epoch)));
    }
    verify(
        claim.leaf().node(),
        claim.index,
        epoch.leaf_count,
        &claim.proof,
        &epoch.canopy,
        epoch.canopy_depth,
    )
    .map_err(|error| differs(&error.to_string()))
}

/// The epoch whose files are here and whose claims are paid now: the active one, else the one before it.
fn claimable_epoch(files: &Published, pool: &PoolView) -> Result<u64, CliError> {
    let active = pool.active_epoch;
    if active == 0 {
        return Err(CliError::not_yet(
            "no-active-epoch",
            format!(
                "pool {} has no active epoch yet, so nothing can be claimed",
                pool.address
            ),
            "see what is in flight with `cairn epoch list`",
        ));
    }
    let mut candidates = [active, active.saturating_sub(1)]
        .into_iter()
        .filter(|number| *number > 0);
    candidates
        .find(|number| files.claims_of(*number).is_some())
        .ok_or_else(|| {
            CliError::refused(
                "epoch-not-published",
                format!(
                    "epoch {active} is the active one, and the files hold only {}",
                    files.listed()
                ),
                "fetch the active epoch's files from a keeper",
            )
        })
}
