use cairn_interface::{error::explain, ids};
use solana_sdk::{
    instruction::InstructionError, message::VersionedMessage, pubkey::Pubkey,
    transaction::TransactionError,
};

use crate::{ClientError, Ledger};

/// Turns a transaction's failure into the error a person can act on: which program refused and by which rule, which
/// key lacks how many lamports, which program is not there. What it can not look up it leaves out.
pub async fn diagnose<L: Ledger + ?Sized>(
    ledger: &L,
    message: &VersionedMessage,
    error: TransactionError,
    logs: Vec<String>,
) -> ClientError {
    let keys = message.static_account_keys();
    match &error {
        TransactionError::AccountNotFound | TransactionError::InsufficientFundsForFee => {
            if let Some(payer) = keys.first()
                && let Some(found) = fee_shortage(ledger, message, payer).await
            {
                return found;
            }
        }
        TransactionError::InsufficientFundsForRent { account_index: 0 } => {
            if let Some(payer) = keys.first()
                && let Some(found) = payer_shortage(ledger, message, payer).await
            {
                return found;
            }
        }
        TransactionError::InsufficientFundsForRent { account_index } => {
            if let Some(found) = rent_shortage(ledger, keys.get(usize::from(*account_index))).await
            {
                return found;
            }
        }
        TransactionError::ProgramAccountNotFound
        | TransactionError::InvalidProgramForExecution
        | TransactionError::InstructionError(_, InstructionError::UnsupportedProgramId) => {
            if let Some(program) = missing_program(ledger, message).await {
                return ClientError::ProgramMissing {
                    program,
                    url: ledger.place(),
                };
            }
        }
        TransactionError::InstructionError(index, InstructionError::Custom(code)) => {
            let called = message
                .instructions()
                .get(usize::from(*index))
                .and_then(|called| keys.get(usize::from(called.program_id_index)))
                .copied();
            // A program that calls another passes its code on: the innermost failure is the one that refused.
            let Some(program) = failed_program(&logs).or(called) else {
                return ClientError::Transaction { error, logs };
            };
            if program == ids::SYSTEM_PROGRAM
                && *code == SYSTEM_NOT_ENOUGH
                && let Some((have, need)) = transfer_shortage(&logs)
            {
                let key = poor_signer(ledger, message, have).await;
                // What is left after it must keep the account alive.
                let kept = ledger.minimum_balance(0).await.unwrap_or(0);
                return ClientError::InsufficientLamports {
                    key,
                    have,
                    need: need.saturating_add(kept),
                };
            }
            return ClientError::Program {
                program,
                code: *code,
                info: explain(&program, *code).map(Box::new),
                instruction: *index,
                logs,
            };
        }
        _ => {}
    }
    ClientError::Transaction { error, logs }
}

/// `SystemError::ResultWithNegativeLamports`.
const SYSTEM_NOT_ENOUGH: u32 = 1;

async fn lamports<L: Ledger + ?Sized>(ledger: &L, key: &Pubkey) -> Result<u64, ClientError> {
    Ok(ledger.account(key).await?.map_or(0, |found| found.lamports))
}

/// A payer that is not there or can not pay the fee. The fee alone would not help: the cluster refuses to leave, and even
/// to make, an account with less than the rent-exempt minimum.
async fn fee_shortage<L: Ledger + ?Sized>(
    ledger: &L,
    message: &VersionedMessage,
    payer: &Pubkey,
) -> Option<ClientError> {
    let fee = ledger.fee(message).await.ok()?;
    let kept = ledger.minimum_balance(0).await.ok()?;
    Some(ClientError::InsufficientLamports {
        key: *payer,
        have: lamports(ledger, payer).await.ok()?,
        need: fee.saturating_add(kept),
    })
}

/// A payer that would be left with too little. What the transaction itself takes is not known here, so beyond the fee a
/// whole minimum more is asked for: it is always enough, because something was left.
async fn payer_shortage<L: Ledger + ?Sized>(
    ledger: &L,
    message: &VersionedMessage,
    payer: &Pubkey,
) -> Option<ClientError> {
    let found = fee_shortage(ledger, message, payer).await?;
    let ClientError::InsufficientLamports { key, have, need } = found else {
        return None;
    };
    if need > have {
        return Some(ClientError::InsufficientLamports { key, have, need });
    }
    let kept = ledger.minimum_balance(0).await.ok()?;
    Some(ClientError::InsufficientLamports {
        key,
        have,
        need: have.saturating_add(kept),
    })
}

async fn rent_shortage<L: Ledger + ?Sized>(
    ledger: &L,
    key: Option<&Pubkey>,
) -> Option<ClientError> {
    let key = key?;
    let account = ledger.account(key).await.ok()?.unwrap_or_default();
    let need = ledger.minimum_balance(account.data.len()).await.ok()?;
    Some(ClientError::InsufficientLamports {
        key: *key,
        have: account.lamports,
        need: need.max(account.lamports.saturating_add(1)),
    })
}

/// The first called program that is not there or not executable.
async fn missing_program<L: Ledger + ?Sized>(
    ledger: &L,
    message: &VersionedMessage,
) -> Option<Pubkey> {
    let keys = message.static_account_keys();
    let mut programs: Vec<Pubkey> = Vec::new();
    for called in message.instructions() {
        let program = *keys.get(usize::from(called.program_id_index))?;
        if !programs.contains(&program) {
            programs.push(program);
        }
    }
    let found = ledger.accounts(&programs).await.ok()?;
    programs
        .into_iter()
        .zip(found)
        .find(|(_, account)| account.as_ref().is_none_or(|account| !account.executable))
        .map(|(program, _)| program)
}

/// The writable signer whose balance the runtime complained about; the fee payer when none matches exactly (it has
/// paid the fee by the time the program runs).
async fn poor_signer<L: Ledger + ?Sized>(
    ledger: &L,
    message: &VersionedMessage,
    have: u64,
) -> Pubkey {
    let keys = message.static_account_keys();
    let payer = keys.first().copied().unwrap_or_default();
    let signers = keys
        .iter()
        .take(usize::from(message.header().num_required_signatures))
        .skip(1);
    for key in signers {
        if lamports(ledger, key).await.is_ok_and(|found| found == have) {
            return *key;
        }
    }
    payer
}

/// The program of the first `Program <id> failed` line: the runtime writes it innermost first.
fn failed_program(logs: &[String]) -> Option<Pubkey> {
    logs.iter().find_map(|line| {
        let (program, rest) = line.strip_prefix("Program ")?.split_once(' ')?;
        rest.starts_with("failed")
            .then(|| program.parse().ok())
            .flatten()
    })
}

/// `Transfer: insufficient lamports 5, need 9` as the system program writes it.
fn transfer_shortage(logs: &[String]) -> Option<(u64, u64)> {
    logs.iter().find_map(|line| {
        let (have, need) = line
            .split_once("insufficient lamports ")?
            .1
            .split_once(", need ")?;
        Some((have.parse().ok()?, need.trim().parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(logs: &[&str]) -> Vec<String> {
        logs.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_innermost_failed_program_is_the_one_that_refused() {
        let logs = lines(&[
            "Program 11111111111111111111111111111112 invoke [1]",
            "Program TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA invoke [2]",
            "Program log: Error: Account is frozen",
            "Program TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA failed: custom program error: 0x11",
            "Program 11111111111111111111111111111112 failed: custom program error: 0x11",
        ]);
        assert_eq!(failed_program(&logs), Some(ids::TOKEN_PROGRAM));
    }

    #[test]
    fn logs_without_a_failure_name_no_program() {
        let logs = lines(&["Program log: failed", "Program ? failed", "Log truncated"]);
        assert_eq!(failed_program(&logs), None);
    }

    #[test]
    fn the_missing_lamports_are_read_from_the_system_programs_words() {
        let logs = lines(&["Transfer: insufficient lamports 2435, need 1447680"]);
        assert_eq!(transfer_shortage(&logs), Some((2_435, 1_447_680)));
        assert_eq!(
            transfer_shortage(&lines(&["Transfer: insufficient lamports x, need y"])),
            None
        );
    }
}
