use std::time::Duration;

use cairn_interface::{
    DecodeError,
    error::{ErrorInfo, program_name},
};
use solana_sdk::{
    instruction::InstructionError, pubkey::Pubkey, signature::Signature,
    transaction::TransactionError,
};
use thiserror::Error;

use crate::answer::is_behind;

/// Who can do something about an error. Exit codes follow from it: user 1, fatal 2, retryable 75.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The request can not work as it was made: a wrong key, amount, address or moment.
    User,
    /// The same request may work later, unchanged.
    Retryable,
    /// Somebody has to look: an answer that should be impossible.
    Fatal,
}

/// Why talking to a ledger failed. No variant carries a secret: URLs are reduced to scheme and host.
#[derive(Debug, Error)]
pub enum ClientError {
    #[error("`{url}` is not an RPC address: {reason}")]
    BadUrl { url: String, reason: &'static str },

    #[error("no answer from {url}: {reason}")]
    Unreachable { url: String, reason: String },

    #[error("{url} did not answer {method} within {after:?}")]
    TimedOut {
        url: String,
        method: String,
        after: Duration,
    },

    /// Too many requests, in whatever words the node says so; it was waited for already.
    #[error("{url} refuses more requests for now ({method})")]
    RateLimited {
        url: String,
        method: String,
        /// How long the node asks to be left alone, where it says so.
        retry_after: Option<Duration>,
    },

    /// The node, or a gateway before it, is in trouble; it was waited for already.
    #[error("{url} can not answer {method} for now: {reason}")]
    Down {
        url: String,
        method: String,
        reason: String,
    },

    #[error("{url} refused {method} with HTTP status {status}{said}")]
    Http {
        url: String,
        method: String,
        status: u16,
        /// The node's own words behind a colon, where it has some.
        said: String,
    },

    /// A node that answers everything else, but not this.
    #[error("{url} does not offer {method}: {reason}")]
    NotOffered {
        url: String,
        method: String,
        reason: String,
    },

    #[error("{url} answered {method} with error {code}: {message}")]
    Rpc {
        url: String,
        method: String,
        code: i64,
        message: String,
    },

    #[error("{url} answered {method} with something that is not Solana JSON-RPC: {reason}")]
    BadAnswer {
        url: String,
        method: String,
        reason: String,
    },

    #[error("{url} is not the expected cluster: its genesis hash is {found}, not {expected}")]
    WrongCluster {
        url: String,
        expected: String,
        found: String,
    },

    #[error("{} is not deployed at {program} on {url}", program_name(program).unwrap_or("the program"))]
    ProgramMissing { program: Pubkey, url: String },

    #[error("nothing lives at {address} on {url}: expected {what}")]
    AccountMissing {
        address: Pubkey,
        what: &'static str,
        url: String,
    },

    #[error(transparent)]
    Decode(#[from] DecodeError),

    /// `need` is enough: what stays with the key is nothing or what the cluster asks of an account.
    #[error("{key} has {} SOL and needs {}: {} more", sol(*have), sol(*need), sol(need.saturating_sub(*have)))]
    InsufficientLamports { key: Pubkey, have: u64, need: u64 },

    /// More than [`crate::SendOptions::most_fee`]: nothing was signed.
    #[error("the fee of one transaction would be {} SOL, above the {} that were agreed to", sol(*fee), sol(*most))]
    FeeAbove { fee: u64, most: u64 },

    /// A program refused. `info` names the rule when the program's error table is known here.
    #[error("{}", program_refusal(program, *code, info.as_deref(), *instruction))]
    Program {
        program: Pubkey,
        code: u32,
        info: Option<Box<ErrorInfo>>,
        /// Position of the failed instruction in the transaction.
        instruction: u8,
        logs: Vec<String>,
    },

    #[error("the transaction was refused: {error}")]
    Transaction {
        error: TransactionError,
        logs: Vec<String>,
    },

    #[error("the transaction needs {bytes} bytes; the network carries {limit}")]
    TooLarge { bytes: usize, limit: usize },

    #[error("the signature of {key} is missing")]
    MissingSigner { key: Pubkey },

    #[error("signing with {key} failed: {reason}")]
    Signing { key: Pubkey, reason: String },

    /// Proven: the blockhash has expired at the finalized level and no block holds the transaction.
    #[error("transaction {signature} did not land before its blockhash expired and never will")]
    Expired { signature: Signature },

    /// Not known whether it landed. Nothing else with these instructions was signed.
    #[error("transaction {signature} was handed over, but its outcome is not known: {reason}")]
    Unresolved {
        signature: Signature,
        reason: String,
    },
}

impl ClientError {
    /// Whether and by whom the failure can be cured.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Unreachable { .. }
            | Self::TimedOut { .. }
            | Self::RateLimited { .. }
            | Self::Down { .. }
            | Self::Expired { .. }
            | Self::Unresolved { .. } => Class::Retryable,
            Self::Rpc { code, .. } if is_behind(*code) => Class::Retryable,
            Self::Transaction {
                error: TransactionError::BlockhashNotFound | TransactionError::AccountInUse,
                ..
            } => Class::Retryable,
            Self::BadAnswer { .. }
            | Self::Signing { .. }
            | Self::Decode(DecodeError::BadField { .. }) => Class::Fatal,
            Self::BadUrl { .. }
            | Self::Decode(_)
            | Self::Http { .. }
            | Self::Rpc { .. }
            | Self::NotOffered { .. }
            | Self::FeeAbove { .. }
            | Self::WrongCluster { .. }
            | Self::ProgramMissing { .. }
            | Self::AccountMissing { .. }
            | Self::InsufficientLamports { .. }
            | Self::Program { .. }
            | Self::Transaction { .. }
            | Self::TooLarge { .. }
            | Self::MissingSigner { .. } => Class::User,
        }
    }

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

    /// The logs of the refused transaction, when there was one.
    #[must_use]
    pub fn logs(&self) -> &[String] {
        match self {
            Self::Program { logs, .. } | Self::Transaction { logs, .. } => logs,
            _ => &[],
        }
    }

    /// Program and code, when a program refused.
    #[must_use]
    pub fn refusal(&self) -> Option<(Pubkey, u32)> {
        match self {
            Self::Program { program, code, .. } => Some((*program, *code)),
            _ => None,
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

/// Lamports as people write SOL: exact, without zeros that say nothing.
#[must_use]
pub fn sol(lamports: u64) -> String {
    const EACH: u64 = 1_000_000_000;
    let text = format!("{}.{:09}", lamports / EACH, lamports % EACH);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn program_refusal(program: &Pubkey, code: u32, info: Option<&ErrorInfo>, at: u8) -> String {
    match info {
        Some(info) => format!("{} refused ({}): {}", info.program, info.name, info.message),
        None => format!("program {program} refused instruction {at} with code {code} (0x{code:x})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortage_names_the_key_and_what_is_missing() {
        let key = Pubkey::new_from_array([7; 32]);
        let error = ClientError::InsufficientLamports {
            key,
            have: 1_000,
            need: 1_000_006_000,
        };
        assert_eq!(
            error.to_string(),
            format!("{key} has 0.000001 SOL and needs 1.000006: 1.000005 more")
        );
        assert_eq!(error.hint(), format!("send at least 1.000005 SOL to {key}"));
        assert_eq!(error.class(), Class::User);
    }

    #[test]
    fn an_unknown_program_is_still_named_with_its_code() {
        let program = Pubkey::new_from_array([9; 32]);
        let error = ClientError::Program {
            program,
            code: 6_001,
            info: None,
            instruction: 2,
            logs: Vec::new(),
        };
        assert_eq!(
            error.to_string(),
            format!("program {program} refused instruction 2 with code 6001 (0x1771)")
        );
        assert_eq!(error.refusal(), Some((program, 6_001)));
    }

    #[test]
    fn a_wrong_address_is_the_callers_and_a_damaged_account_is_somebodys_to_look_at() {
        let address = Pubkey::new_from_array([1; 32]);
        let wrong = ClientError::from(DecodeError::WrongKind {
            address,
            what: "a pool",
        });
        assert_eq!(wrong.class(), Class::User);
        let damaged = ClientError::from(DecodeError::BadField {
            address,
            what: "pool",
            field: "its status",
        });
        assert_eq!(damaged.class(), Class::Fatal);
    }

    #[test]
    fn only_what_may_pass_by_itself_is_retryable() {
        let url = || "http://127.0.0.1:8899".to_owned();
        let http = ClientError::Http {
            url: url(),
            method: "getSlot".into(),
            status: 403,
            said: String::new(),
        };
        assert_eq!(http.class(), Class::User);
        let rpc = |code| ClientError::Rpc {
            url: url(),
            method: "getSlot".into(),
            code,
            message: String::new(),
        };
        assert_eq!(rpc(-32005).class(), Class::Retryable);
        assert_eq!(rpc(-32602).class(), Class::User);
    }
}
