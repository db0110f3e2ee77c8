//! `cairn claim`.

use std::path::PathBuf;

use cairn_interface::vault::MEMBER_PAGE_LEN;
use cairn_merkle::SLOTS_PER_PAGE;
use clap::Subcommand;
use solana_sdk::pubkey::Pubkey;

use super::boxed;
use crate::args::{FilesArg, address};
use crate::bill::sol;
use crate::context::Context;
use crate::error::CliError;
use crate::membership::{MemberArg, Membership};
use crate::printer::Outcome;
use crate::transact::Deed;

pub mod all;
mod breaker;
mod due;
pub mod pay;
pub mod show;

/// Claim what you earned, or see it
///
/// Reads your proof from published files, checks it here, and sends it to the pool, which pays your own token account
/// whatever you have earned and not been paid yet, or the wallet you named with `cairn recipient set`. A missing token
/// account or member page is created on the way, its rent shown before. Anyone may claim for anyone who did not restrict it:
/// --owner names who is paid, the signer pays the fee.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn claim --pool POOL --files DIR                      claim for the wallet of -k
  cairn claim --owner OWNER --pool POOL --files DIR        pay the fee for somebody else's claim
  cairn claim --at-most 100 --pool POOL --files DIR        a part; the rest stays claimable
  cairn claim --pool POOL --files https://files.example    from a mirror: four small files, or from several with more --files
  cairn claim --all --files DIR --files DIR2               pay everyone who has something to claim, in two pools
  cairn claim show --owner OWNER --pool POOL --files DIR   earned, pending, claimable, claimed
  cairn claim --dry-run --pool POOL --files DIR            the effect and the cost only

--all reads from the chain who is owed what: run it again after an interruption, and it pays those that are left, nobody
twice. What a pool's outflow breaker holds back later runs pay, to one member at a time in parts.")]
pub struct ClaimCommand {
    #[command(subcommand)]
    pub command: Option<ClaimSubcommand>,
    /// Published files: a keeper's data folder, its epochs folder, one epoch's folder, one claims file, or an address where a web
    /// server has copies; several are mirrors of the same, but with --all one for each pool
    #[arg(long, value_name = "PATH|URL", env = "CAIRN_FILES", global = true)]
    pub files: Vec<PathBuf>,
    /// Where files from web servers are kept [default: cairn below this user's cache folder]
    #[arg(
        long,
        value_name = "DIR",
        env = "CAIRN_CACHE",
        hide_env = true,
        global = true
    )]
    pub cache: Option<PathBuf>,
    /// The pool's address [default: the pool the files are about]
    #[arg(long, value_name = "ADDRESS", env = "CAIRN_POOL", value_parser = address, global = true)]
    pub pool: Option<Pubkey>,
    /// Who is paid [default: the wallet of -k]
    #[arg(long, value_name = "ADDRESS", value_parser = address, global = true)]
    pub owner: Option<Pubkey>,
    /// Most tokens to claim [default: all that is due]; where the mint has extensions, the owner or the delegate must sign
    #[arg(long, value_name = "TOKENS", conflicts_with = "all")]
    pub at_most: Option<String>,
    /// Claim for every member that has something to claim
    #[arg(long, conflicts_with = "owner")]
    pub all: bool,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ClaimSubcommand {
    /// Show what an owner earned, what is pending, claimable and claimed
    #[command(after_help = "\
Examples:
  cairn claim show --pool POOL --files DIR                 of the wallet of -k
  cairn claim show --owner OWNER --pool POOL --files DIR   of anybody")]
    Show,
}

/// Whose claim, of which pool, from which files.
#[derive(Clone, Debug)]
pub struct Args {
    pub files: FilesArg,
    /// The pool of the files when not named.
    pub pool: Option<Pubkey>,
    /// The wallet when not named.
    pub owner: Option<Pubkey>,
    /// Most tokens to claim, as a decimal number; all when not named.
    pub at_most: Option<String>,
}

impl Args {
    fn member(&self) -> MemberArg {
        MemberArg {
            files: self.files.clone(),
            pool: self.pool,
        }
    }
}

impl ClaimCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        if self.files.is_empty() {
            return Err(CliError::argument(
                "--files is missing: a claim needs its proof",
                "name a keeper's data folder, its epochs folder, a claims file or a mirror's address with --files or CAIRN_FILES",
            ));
        }
        let files = |files: &[PathBuf]| FilesArg {
            files: files.to_vec(),
            cache: self.cache.clone(),
        };
        let args = || Args {
            files: files(&self.files),
            pool: self.pool,
            owner: self.owner,
            at_most: self.at_most.clone(),
        };
        match (self.command, self.all) {
            (Some(ClaimSubcommand::Show), true) => Err(CliError::argument(
                "--all claims; `claim show` shows one owner",
                "leave --all out, or name an owner with --owner",
            )),
            (Some(ClaimSubcommand::Show), false) => boxed(show::run(ctx, &args()).await),
            (None, true) => {
                let args = all::Args {
                    files: self
                        .files
                        .iter()
                        .map(|one| files(std::slice::from_ref(one)))
                        .collect(),
                    pool: self.pool,
                };
                boxed(all::run(ctx, &args).await)
            }
            (None, false) => boxed(pay::run(ctx, &args()).await),
        }
    }
}

/// What opening a member's page costs whoever does it first.
pub(crate) fn page_warning(member: &Membership) -> String {
    format!(
        "Member page {} is not open yet: you pay {} SOL rent, once, for all its {SLOTS_PER_PAGE} members.",
        member.page_number(),
        sol(member.rent.minimum_balance(MEMBER_PAGE_LEN)),
    )
}

/// The deed with the member's page opened first, where nobody opened it yet.
pub(crate) fn with_page<'a>(deed: Deed<'a>, member: &Membership, payer: Pubkey) -> Deed<'a> {
    if member.page.is_some() {
        return deed;
    }
    let open = due::open_page(&member.pool, payer, member.page_number());
    deed.rent(member.rent.minimum_balance(MEMBER_PAGE_LEN))
        .step([open])
}
