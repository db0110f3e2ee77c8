mod code;
mod hint;

use std::time::Duration;

use cairn_interface::{
    DecodeError,
    error::{ErrorInfo, program_name},
};
use solana_sdk::{pubkey::Pubkey, signature::Signature, transaction::TransactionError};
use thiserror::Error;

pub(crate) use code::{UNHEALTHY, is_behind};

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
