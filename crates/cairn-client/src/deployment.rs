//! Programs as they lie on chain.

use cairn_interface::DecodeError;
use cairn_interface::loader::{Deployment, program_data_address};
use solana_sdk::{account::Account, pubkey::Pubkey};

use crate::{ClientError, Ledger, Reading};

const EXECUTABLE: &str = "a program's executable";

/// The programs at these addresses, from one snapshot: a deployment in between can not show half of itself.
///
/// # Errors
/// [`ClientError::ProgramMissing`]; [`ClientError::AccountMissing`] of one that was closed; an account of no loader; an
/// unreachable node.
pub async fn deployments<L: Ledger + ?Sized>(
    ledger: &L,
    programs: &[Pubkey],
) -> Result<Vec<Deployment>, ClientError> {
    let mut reading = Reading::new();
    let asked: Vec<_> = programs
        .iter()
        .map(|program| {
            let data = program_data_address(program);
            (
                reading.of(*program, *program, "a program", whole),
                reading.one(data, EXECUTABLE, whole),
            )
        })
        .collect();
    let read = reading.read(ledger).await?;
    let found = programs.iter().zip(&asked);
    let found = found.map(|(program, (account, data))| {
        let account = read.need(account)?;
        let found = Deployment::decode(*program, &account, read.find(data)?.as_ref())?;
        found.ok_or_else(|| ClientError::AccountMissing {
            address: program_data_address(program),
            what: EXECUTABLE,
            url: ledger.place(),
        })
    });
    found.collect()
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "what a reading asks of every account"
)]
fn whole(_address: Pubkey, account: &Account) -> Result<Account, DecodeError> {
    Ok(account.clone())
}
