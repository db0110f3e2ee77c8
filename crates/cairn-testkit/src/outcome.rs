use std::fmt;

use cairn_client::InnerCall;
use cairn_interface::{
    Event, airdrop::AirdropError, error::explain, error::program_name, events, ids,
    registry::RegistryError, vault::VaultError,
};
use litesvm::types::{TransactionMetadata, TransactionResult};
use solana_sdk::{
    instruction::InstructionError, message::VersionedMessage, pubkey::Pubkey, signature::Signature,
    transaction::TransactionError,
};

/// A transaction that succeeded.
#[derive(Clone, Debug)]
pub struct Landed {
    pub signature: Signature,
    /// Of the whole transaction.
    pub compute_units: u64,
    /// Lamports.
    pub fee: u64,
    pub logs: Vec<String>,
    pub inner: Vec<InnerCall>,
}

impl Landed {
    /// The events of our programs, in order.
    pub fn events(&self) -> Vec<Event> {
        events(
            self.inner
                .iter()
                .map(|call| (&call.program, call.data.as_slice())),
        )
        .collect()
    }
}

/// A transaction that was refused.
#[derive(Clone)]
pub struct Refusal {
    /// The program that refused: the innermost that failed, or the one called when nothing ran.
    pub program: Pubkey,
    /// The custom code; `None` for the runtime's own errors, like a missing signature.
    pub code: Option<u32>,
    /// The code's name in that program's table, or the runtime error's.
    pub name: String,
    /// Position of the failed instruction.
    pub instruction: u8,
    pub error: TransactionError,
    pub logs: Vec<String>,
}

impl Refusal {
    pub(crate) fn new(
        error: TransactionError,
        message: &VersionedMessage,
        logs: Vec<String>,
    ) -> Self {
        let keys = message.static_account_keys();
        let (instruction, code, mut name) = match &error {
            TransactionError::InstructionError(at, InstructionError::Custom(code)) => {
                (*at, Some(*code), format!("code {code}"))
            }
            TransactionError::InstructionError(at, inner) => (*at, None, format!("{inner:?}")),
            other => (0, None, format!("{other:?}")),
        };
        let called = message
            .instructions()
            .get(usize::from(instruction))
            .and_then(|called| keys.get(usize::from(called.program_id_index)))
            .copied()
            .unwrap_or_default();
        let program = innermost(&logs).unwrap_or(called);
        if let Some(info) = code.and_then(|code| explain(&program, code)) {
            info.name.clone_into(&mut name);
        }
        Self {
            program,
            code,
            name,
            instruction,
            error,
            logs,
        }
    }
}

/// The program of the first `Program <id> failed` line: the runtime writes it innermost first.
fn innermost(logs: &[String]) -> Option<Pubkey> {
    logs.iter().find_map(|line| {
        let (program, rest) = line.strip_prefix("Program ")?.split_once(' ')?;
        rest.starts_with("failed").then(|| program.parse().ok())?
    })
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program =
            program_name(&self.program).map_or_else(|| self.program.to_string(), str::to_owned);
        writeln!(
            f,
            "{program} refused instruction {}: {} ({:?})",
            self.instruction, self.name, self.error
        )?;
        for line in &self.logs {
            writeln!(f, "    {line}")?;
        }
        Ok(())
    }
}

/// An error of one of our programs.
pub trait ProgramRefusal: fmt::Debug {
    fn program(&self) -> Pubkey;
    fn code(&self) -> u32;
}

impl ProgramRefusal for VaultError {
    fn program(&self) -> Pubkey {
        ids::REWARD_VAULT
    }

    fn code(&self) -> u32 {
        (*self).code()
    }
}

impl ProgramRefusal for AirdropError {
    fn program(&self) -> Pubkey {
        ids::AIRDROP
    }

    fn code(&self) -> u32 {
        (*self).code()
    }
}

impl ProgramRefusal for RegistryError {
    fn program(&self) -> Pubkey {
        ids::DEVICE_REGISTRY
    }

    fn code(&self) -> u32 {
        (*self).code()
    }
}

/// Who refused, with which code, and the code's name. Fails when the transaction succeeded or the runtime refused.
#[track_caller]
pub fn refusal<T: fmt::Debug>(outcome: Result<T, Refusal>) -> (Pubkey, u32, String) {
    match outcome {
        Ok(landed) => panic!("a refusal was expected, but it succeeded: {landed:?}"),
        Err(refused) => match refused.code {
            Some(code) => (refused.program, code, refused.name),
            None => panic!("a program's own refusal was expected: {refused:?}"),
        },
    }
}

/// Fails unless exactly this error of ours refused.
#[track_caller]
pub fn assert_refused<T: fmt::Debug>(outcome: Result<T, Refusal>, expected: impl ProgramRefusal) {
    match outcome {
        Ok(landed) => panic!("{expected:?} was expected, but it succeeded: {landed:?}"),
        Err(refused) => assert!(
            refused.program == expected.program() && refused.code == Some(expected.code()),
            "{expected:?} was expected: {refused:?}"
        ),
    }
}

/// Fails unless this program refused with this code.
#[track_caller]
pub fn assert_refused_by<T: fmt::Debug>(outcome: Result<T, Refusal>, program: &Pubkey, code: u32) {
    match outcome {
        Ok(landed) => panic!("code {code} was expected, but it succeeded: {landed:?}"),
        Err(refused) => assert!(
            refused.program == *program && refused.code == Some(code),
            "code {code} of {program} was expected: {refused:?}"
        ),
    }
}

/// Fails unless a refusal of one of these names met it: for changes made at random or in a loop, where the place of the change
/// decides which check sees it first. A name is that of the code in the table of the program that refused, or the runtime's.
#[track_caller]
pub fn assert_refused_among<T: fmt::Debug>(outcome: Result<T, Refusal>, expected: &[&str]) {
    match outcome {
        Ok(landed) => panic!("one of {expected:?} was expected, but it succeeded: {landed:?}"),
        Err(refused) => assert!(
            expected.contains(&&*refused.name),
            "one of {expected:?} was expected: {refused:?}"
        ),
    }
}

/// Fails unless the runtime or framework refused with this error.
#[track_caller]
pub fn assert_failed<T: fmt::Debug>(outcome: Result<T, Refusal>, expected: &InstructionError) {
    match outcome {
        Ok(landed) => panic!("{expected:?} was expected, but it succeeded: {landed:?}"),
        Err(refused) => match &refused.error {
            TransactionError::InstructionError(_, found) if found == expected => {}
            _ => panic!("{expected:?} was expected: {refused:?}"),
        },
    }
}

pub(crate) fn outcome_of(
    outcome: TransactionResult,
    message: &VersionedMessage,
) -> Result<Landed, Refusal> {
    match outcome {
        Ok(meta) => Ok(Landed {
            signature: meta.signature,
            compute_units: meta.compute_units_consumed,
            fee: meta.fee,
            inner: inner_calls(&meta, message),
            logs: meta.logs,
        }),
        Err(failed) => Err(Refusal::new(failed.err, message, failed.meta.logs)),
    }
}

pub(crate) fn inner_calls(
    meta: &TransactionMetadata,
    message: &VersionedMessage,
) -> Vec<InnerCall> {
    let keys = message.static_account_keys();
    let key = |index: &u8| keys.get(usize::from(*index)).copied().unwrap_or_default();
    let mut calls = Vec::new();
    for (outer, group) in (0_u8..).zip(&meta.inner_instructions) {
        for call in group {
            calls.push(InnerCall {
                outer,
                program: key(&call.instruction.program_id_index),
                accounts: call.instruction.accounts.iter().map(key).collect(),
                data: call.instruction.data.clone(),
            });
        }
    }
    calls
}
