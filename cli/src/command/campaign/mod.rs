//! `cairn campaign`.

use std::path::PathBuf;

use cairn_campaign::{read_campaign, read_claim_file};
use clap::Subcommand;
use solana_sdk::pubkey::Pubkey;

use super::boxed;
use crate::args::address;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod claim;
pub mod close;
pub mod create;
mod doubt;
pub mod extend;
pub mod open;
mod payees;
pub mod prepare;
mod read;
pub mod show;
pub mod sweep;
pub mod vested;

#[derive(Debug, Subcommand)]
pub enum CampaignCommand {
    Prepare(Box<prepare::Args>),
    Create(create::Args),
    Open(open::Args),
    Claim(claim::Args),
    Vested(vested::Args),
    Show(show::Args),
    Extend(extend::Args),
    Sweep(sweep::Args),
    Close(close::Args),
}

impl CampaignCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Prepare(args) => boxed(prepare::run(ctx, args).await),
            Self::Create(args) => boxed(create::run(ctx, args).await),
            Self::Open(args) => boxed(open::run(ctx, args).await),
            Self::Claim(args) => claim::run(ctx, args).await,
            Self::Vested(args) => boxed(vested::run(ctx, args).await),
            Self::Show(args) => boxed(show::run(ctx, args).await),
            Self::Extend(args) => boxed(extend::run(ctx, args).await),
            Self::Sweep(args) => boxed(sweep::run(ctx, args).await),
            Self::Close(args) => boxed(close::run(ctx, args).await),
        }
    }
}

/// The campaign a command is about.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct CampaignArg {
    /// The campaign's address [default: the campaign the files are about]
    #[arg(long, value_name = "ADDRESS", env = "CAIRN_CAMPAIGN", value_parser = address)]
    pub campaign: Option<Pubkey>,
    /// The campaign's folder, or one of its claim files
    #[arg(long, value_name = "PATH")]
    pub files: Option<PathBuf>,
}

impl CampaignArg {
    /// The campaign that was named, or that the files are about.
    ///
    /// # Errors
    /// Neither was given, or they disagree; files that can not be read.
    pub(crate) fn address(&self) -> Result<Pubkey, CliError> {
        let found = match &self.files {
            None => None,
            Some(path) if path.is_dir() => Some(read_campaign(path)?.terms.campaign),
            Some(path) => Some(read_claim_file(path)?.campaign),
        };
        match (self.campaign, found.map(Pubkey::new_from_array)) {
            (Some(named), Some(found)) if named != found => Err(CliError::refused(
                "other-campaign",
                format!("the files are about campaign {found}, not {named}"),
                "leave --campaign out, or name other files with --files",
            )),
            (_, Some(found)) => Ok(found),
            (Some(named), None) => Ok(named),
            (None, None) => Err(CliError::argument(
                "which campaign is not said",
                "name its address with --campaign or CAIRN_CAMPAIGN, or its folder with --files",
            )),
        }
    }
}
