use solana_sdk::{instruction::InstructionError, transaction::TransactionError};

use super::{ClientError, is_behind, sol};

impl ClientError {
    /// One sentence on what to do next.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::BadUrl { .. } => {
                "give -u a URL like http://127.0.0.1:8899, or localhost, devnet, testnet, mainnet-beta".into()
            }
            Self::Unreachable { url, .. } => format!(
                "check that a node runs at {url}; `cargo xtask localnet` starts one on this machine, -u names another"
            ),
            Self::RateLimited {
                retry_after: Some(after),
                ..
            } => format!(
                "the node asks to be left alone for {} seconds: run the same command again then, or name another RPC node with -u",
                after.as_secs()
            ),
            Self::TimedOut { .. } | Self::RateLimited { .. } | Self::Down { .. } => {
                "wait a little and run the same command again, or name another RPC node with -u".into()
            }
            Self::Rpc { code, .. } if is_behind(*code) => {
                "the node is behind or still starting: run the same command again later, or name another with -u".into()
            }
            Self::Rpc { .. } => {
                "the node understood the request and refused it, for the reason it gives; another may not: name it with -u".into()
            }
            Self::NotOffered { .. } => "name a node that offers it with -u".into(),
            Self::Http { status, .. } if *status == 401 || *status == 403 => {
                "the node wants credentials: check the key in the RPC URL".into()
            }
            Self::Http { status: 402, .. } => {
                "what the provider gives for this key is used up: see its account, or name another node with -u".into()
            }
            Self::Http { .. } | Self::BadAnswer { .. } => {
                "check that the URL is a Solana RPC node (curl <url>/health says ok), or name another with -u".into()
            }
            Self::WrongCluster { .. } => "name the node of the right cluster with -u".into(),
            Self::ProgramMissing { .. } => {
                "check -u (is it the right cluster?); on a local network, restart `cargo xtask localnet` after `cargo \
                 xtask build-programs`"
                    .into()
            }
            Self::AccountMissing { .. } => {
                "check the address and the cluster (-u), or create it first".into()
            }
            Self::Decode(error) => error.hint().into(),
            Self::InsufficientLamports { key, have, need } => {
                format!("send at least {} SOL to {key}", sol(need.saturating_sub(*have)))
            }
            Self::FeeAbove { .. } => {
                "ask for a lower priority fee, or agree to more; nothing was signed".into()
            }
            Self::Program {
                info: Some(info), ..
            } => info.hint.into(),
            Self::Program { .. } => {
                "this program's errors are not known here; its logs say more (--verbose)".into()
            }
            Self::Transaction { error, .. } => transaction_hint(error).into(),
            Self::TooLarge { .. } => "split the work over several transactions".into(),
            Self::MissingSigner { key } => format!("give the key file of {key}"),
            Self::Signing { .. } => "check the signer device or key file".into(),
            Self::Expired { .. } => {
                "nothing was changed; run the same command again, with a priority fee if the network is busy".into()
            }
            Self::Unresolved { signature, .. } => format!(
                "look {signature} up before signing anything like it; running the same command again resumes it"
            ),
        }
    }
}

/// Refusals of the runtime itself, and those that our programs' framework reports in the runtime's words.
const fn transaction_hint(error: &TransactionError) -> &'static str {
    match error {
        TransactionError::BlockhashNotFound => "run the same command again",
        TransactionError::DuplicateInstruction(_) => {
            "leave out compute-budget instructions: they are added here"
        }
        TransactionError::InstructionError(_, inner) => match inner {
            InstructionError::MissingRequiredSignature => {
                "sign with the key of every role that the instruction names"
            }
            InstructionError::IllegalOwner
            | InstructionError::InvalidAccountOwner
            | InstructionError::InvalidAccountData
            | InstructionError::UninitializedAccount
            | InstructionError::AccountDataTooSmall => {
                "an account is not there yet or is of another kind: check the addresses and the cluster (-u)"
            }
            InstructionError::InvalidSeeds => {
                "an account is not at the address that follows from its parts: check pool, network and numbers"
            }
            InstructionError::AccountAlreadyInitialized => {
                "it exists already: nothing needs to be created"
            }
            InstructionError::ComputationalBudgetExceeded => {
                "run the same command again: it cost more than when it was tried out"
            }
            InstructionError::IncorrectProgramId => {
                "an account belongs to another program: check the addresses and the cluster (-u)"
            }
            _ => "the transaction's logs say more (--verbose)",
        },
        _ => "the transaction's logs say more (--verbose)",
    }
}
