//! What went wrong, in one sentence, with a hint, a stable code for programs and an exit code for scripts.

use std::borrow::Cow;

use cairn_campaign::CampaignError;
use cairn_client::{Class, ClientError};
use cairn_epoch::EpochError;
use cairn_mirror::MirrorError;
use cairn_registry::DevicesFault;
use cairn_table::{FAULTS_LISTED, Faults};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;
use thiserror::Error;

use crate::command::device::csv_file::DevicesError;
use crate::config::ConfigError;
use crate::wallet::WalletError;
use cairn_spelling::AmountError;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done; also "nothing to do".
    Done = 0,
    /// Refused, failed for good, or an audit found a difference.
    Failed = 1,
    /// The command line, a key or the configuration is wrong: nothing was tried.
    Usage = 2,
    /// Failed for now: the same command may work later (`EX_TEMPFAIL`).
    TryAgain = 75,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<&ClientError> for Exit {
    fn from(error: &ClientError) -> Self {
        match (error, error.class()) {
            (ClientError::BadUrl { .. }, _) => Self::Usage,
            (_, Class::Retryable) => Self::TryAgain,
            (_, Class::User | Class::Fatal) => Self::Failed,
        }
    }
}

/// Why a command gave no result.
#[derive(Debug, Error)]
pub enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Wallet(#[from] WalletError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Epoch(#[from] EpochError),
    /// Published files on mirrors.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    #[error(transparent)]
    Campaign(#[from] CampaignError),
    /// A table of devices.
    #[error(transparent)]
    Devices(#[from] DevicesError),
    /// The published devices file.
    #[error(transparent)]
    Registry(#[from] DevicesFault),
    #[error("{what}: {source}")]
    Amount {
        what: &'static str,
        #[source]
        source: AmountError,
    },
    /// An argument that clap can not judge alone.
    #[error("{message}")]
    Argument { message: String, hint: String },
    /// The chain and the request do not fit together; found before anything was signed.
    #[error("{message}")]
    Refused {
        code: &'static str,
        message: String,
        hint: String,
    },
    /// As [`Self::Refused`], but time alone may change it.
    #[error("{message}")]
    NotYet {
        code: &'static str,
        message: String,
        hint: String,
    },
    #[error("this needs your agreement, and standard input is not a terminal")]
    NobodyToAsk,
    #[error("nothing was sent: you did not agree")]
    Declined,
    #[error("only the {role} {holder} may do this, and the key given is {signer}")]
    WrongSigner {
        signer: Pubkey,
        role: &'static str,
        holder: Pubkey,
    },
    #[error("no thread could be started: {0}")]
    Runtime(#[source] std::io::Error),
    #[error("the result can not be written to standard output: {0}")]
    Output(#[source] std::io::Error),
}

impl CliError {
    /// A request that the chain's or the files' state forbids.
    pub fn refused(
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::Refused {
            code,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// A request that is too early.
    pub fn not_yet(
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::NotYet {
            code,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// An argument that can not be meant.
    pub fn argument(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Argument {
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// What the outflow breaker lets out, when it was the program that said so.
    #[must_use]
    pub fn breaker_open(&self) -> Option<cairn_interface::vault::Room> {
        match self {
            Self::Client(error) => error.breaker_open(),
            _ => None,
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Config(error) => error.hint(),
            Self::Wallet(error) => error.hint(),
            Self::Client(error) => error.hint(),
            Self::Epoch(error) => error.hint(),
            Self::Mirror(error) => error.hint(),
            Self::Campaign(error) => self.with_list(error.hint()),
            Self::Devices(error) => self.with_list(error.hint()),
            Self::Registry(error) => error.hint(),
            Self::Amount { source, .. } => source.hint(),
            Self::Argument { hint, .. }
            | Self::Refused { hint, .. }
            | Self::NotYet { hint, .. } => hint.clone(),
            Self::NobodyToAsk => {
                "add --yes to agree beforehand, or --dry-run to see what would happen".to_owned()
            }
            Self::Declined => "answer y, or add --yes to agree beforehand".to_owned(),
            Self::WrongSigner { role, .. } => {
                format!(
                    "name the {role}'s key with -k/--keypair, or use --unsigned to let it sign elsewhere"
                )
            }
            Self::Runtime(_) => "the machine is short of threads or memory; try again".to_owned(),
            Self::Output(_) => return None,
        })
    }

    /// A hint, and where the faults are that the message leaves out.
    fn with_list(&self, hint: String) -> String {
        let count = match self {
            Self::Campaign(CampaignError::Rows { faults, .. }) => faults.kept().len(),
            Self::Devices(DevicesError::Rows { faults, .. }) => faults.kept().len(),
            _ => 0,
        };
        if count > FAULTS_LISTED {
            format!("{hint}; --output json lists all faults")
        } else {
            hint
        }
    }

    /// What is wrong with the rows of a table that was refused, all of it, where the message names the first
    /// [`FAULTS_LISTED`] only.
    #[must_use]
    pub fn faults(&self) -> Option<Vec<RowFault>> {
        match self {
            Self::Campaign(CampaignError::Rows { faults, .. }) => Some(told(faults)),
            Self::Devices(DevicesError::Rows { faults, .. }) => Some(told(faults)),
            _ => None,
        }
    }

    /// How the program ends.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Config(_)
            | Self::Wallet(_)
            | Self::Amount { .. }
            | Self::Argument { .. }
            | Self::NobodyToAsk
            | Self::Campaign(CampaignError::Terms { .. } | CampaignError::Exists { .. }) => {
                Exit::Usage
            }
            Self::Runtime(_) | Self::NotYet { .. } | Self::Campaign(CampaignError::Busy { .. }) => {
                Exit::TryAgain
            }
            Self::Client(error) => error.into(),
            Self::Mirror(error) if error.is_temporary() => Exit::TryAgain,
            Self::Mirror(_)
            | Self::Epoch(_)
            | Self::Campaign(_)
            | Self::Devices(_)
            | Self::Registry(_)
            | Self::Refused { .. }
            | Self::Declined
            | Self::WrongSigner { .. }
            | Self::Output(_) => Exit::Failed,
        }
    }

    /// A stable name for programs that read `--output json`. A refusal of an on-chain program is
    /// `<program>/<rule>`, e.g. `reward-vault/EpochSuperseded`.
    #[must_use]
    pub fn code(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Config(_) => "config",
            Self::Wallet(_) => "wallet",
            Self::Client(error) => return error.code(),
            Self::Epoch(error) => epoch_code(error),
            Self::Mirror(error) => mirror_code(error),
            Self::Campaign(error) => campaign_code(error),
            Self::Devices(DevicesError::Io { .. }) => "files-io",
            Self::Devices(_) => "devices-malformed",
            Self::Registry(fault) => registry_code(fault),
            Self::Amount { .. } => "amount",
            Self::Argument { .. } => "argument",
            Self::Refused { code, .. } | Self::NotYet { code, .. } => code,
            Self::NobodyToAsk => "nobody-to-ask",
            Self::Declined => "declined",
            Self::WrongSigner { .. } => "wrong-signer",
            Self::Runtime(_) => "runtime",
            Self::Output(_) => "output",
        })
    }
}

/// One thing wrong with one row of a table, as programs get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowFault {
    /// Line of the file, from 1.
    pub row: u64,
    /// Null for what concerns the whole row.
    pub column: Option<&'static str>,
    pub message: String,
}

fn told<C: cairn_table::Column, P: std::fmt::Display>(faults: &Faults<C, P>) -> Vec<RowFault> {
    let one = |fault: &cairn_table::Fault<C, P>| RowFault {
        row: fault.row,
        column: fault.column.map(C::name),
        message: fault.problem.to_string(),
    };
    faults.kept().iter().map(one).collect()
}

fn epoch_code(error: &EpochError) -> &'static str {
    match error {
        EpochError::Io { .. } => "files-io",
        EpochError::Missing { .. } => "files-missing",
        EpochError::NotAMember { .. } => "not-a-member",
        EpochError::NothingFound(_) => "nothing-found",
        EpochError::Differs(_) => "files-differ",
        EpochError::Rules(_) => "rules",
        EpochError::UnsafeName { .. } => "files-unsafe-name",
        _ => "files-invalid",
    }
}

fn mirror_code(error: &MirrorError) -> &'static str {
    match error {
        MirrorError::Epoch(error) => epoch_code(error),
        MirrorError::UnsafeName { .. } => "files-unsafe-name",
        MirrorError::Disk(_) | MirrorError::Locked { .. } | MirrorError::NoCache => "files-io",
        MirrorError::Nowhere { .. } | MirrorError::NoIndex { .. } | MirrorError::Line(_) => {
            if error.is_temporary() {
                "mirrors-unreachable"
            } else {
                "files-missing"
            }
        }
    }
}

fn registry_code(fault: &DevicesFault) -> &'static str {
    match fault {
        DevicesFault::Epoch(error) => epoch_code(error),
        DevicesFault::NotPublished { .. } => "devices-malformed",
        DevicesFault::NoDevice { .. } => "device-unknown",
        DevicesFault::Gap { .. } => "devices-incomplete",
        DevicesFault::Shape { .. } => "devices-mismatch",
        DevicesFault::Stale { .. } => "devices-stale",
    }
}

const fn campaign_code(error: &CampaignError) -> &'static str {
    match error {
        CampaignError::Io { .. } => "files-io",
        CampaignError::Missing { .. } => "files-missing",
        CampaignError::NoTable { .. }
        | CampaignError::Table { .. }
        | CampaignError::Rows { .. } => "table-invalid",
        CampaignError::Points { .. } => "points-invalid",
        CampaignError::Terms { .. } => "terms-invalid",
        CampaignError::Exists { .. } => "files-exist",
        CampaignError::Busy { .. } => "files-busy",
        CampaignError::Differs { .. } => "files-differ",
        CampaignError::NotARecipient { .. } => "not-a-recipient",
        CampaignError::Json { .. } | CampaignError::Tree(_) | CampaignError::LeafProof { .. } => {
            "files-invalid"
        }
    }
}
