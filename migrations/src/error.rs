use std::sync::Arc;

use cairn_client::{Class, ClientError};
use cairn_interface::error::program_name;
use solana_sdk::pubkey::Pubkey;
use thiserror::Error;

use crate::Authority;
use crate::left::Left;

/// Why a migration stopped.
#[derive(Debug, Error)]
pub enum MigrationError {
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Found while tasks were sent, and about all of them.
    #[error(transparent)]
    Stopped(Arc<ClientError>),
    #[error(
        "{} at {program} can be upgraded by {found}, not by {expected}",
        name(program)
    )]
    WrongAuthority {
        program: Pubkey,
        expected: Authority,
        found: Authority,
    },
    #[error(
        "{} at {program} is another build: its executable's SHA-256 is {found}, not {expected}",
        name(program)
    )]
    WrongExecutable {
        program: Pubkey,
        expected: String,
        found: String,
    },
    #[error(
        "reward-vault still holds accounts of campaigns, which only the build that made them can end:{}",
        listed(left)
    )]
    CampaignsLeft { left: Vec<Left> },
    #[error("step {step:04} sent all its transactions, and {left} of its tasks are still open")]
    StillOpen { step: u16, left: usize },
}

fn name(program: &Pubkey) -> &'static str {
    program_name(program).unwrap_or("the program")
}

/// One line each.
fn listed(left: &[Left]) -> String {
    left.iter().map(|left| format!("\n  {left}")).collect()
}

impl MigrationError {
    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Client(error) => error.hint(),
            Self::Stopped(error) => error.hint(),
            Self::WrongAuthority { .. } => {
                "hand it over with `solana program set-upgrade-authority`, or correct --upgrade-authority".to_owned()
            }
            Self::WrongExecutable { .. } => {
                "deploy what was named, or name what was deployed; `cargo xtask build-programs` builds this checkout's"
                    .to_owned()
            }
            Self::CampaignsLeft { .. } => {
                "do not upgrade reward-vault before they are gone; where it was upgraded already, deploy the build before once more and end them with that release's `cairn`".to_owned()
            }
            Self::StillOpen { .. } => {
                "somebody else changed accounts meanwhile, or the node lags: run the same command again".to_owned()
            }
        }
    }

    /// Whether the same command may work later.
    #[must_use]
    pub fn retryable(&self) -> bool {
        match self {
            Self::Client(error) => error.class() == Class::Retryable,
            Self::Stopped(error) => error.class() == Class::Retryable,
            Self::StillOpen { .. } => true,
            _ => false,
        }
    }
}
