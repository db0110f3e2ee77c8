//! Challenges that nobody answered or ended yet.

use cairn_interface::ids::REWARD_VAULT;
use cairn_interface::vault::{CHALLENGE_KIND, CHALLENGE_LEN, ChallengeView};
use solana_sdk::pubkey::Pubkey;

use crate::{AccountFilter, ClientError, Ledger};

/// Where a challenge names its epoch, and its challenger.
const EPOCH_AT: usize = CHALLENGE_KIND.len();
const CHALLENGER_AT: usize = EPOCH_AT + 32;

/// The challenges of an epoch, of all its attempts, in order of their members' indices.
///
/// # Errors
/// A node that can not be asked; an account of an unknown layout.
pub async fn challenges_of<L: Ledger + ?Sized>(
    ledger: &L,
    epoch: &Pubkey,
) -> Result<Vec<ChallengeView>, ClientError> {
    challenges(ledger, EPOCH_AT, epoch).await
}

/// The challenges that `challenger` opened, in whatever pool, in order of their members' indices.
///
/// # Errors
/// As [`challenges_of`].
pub async fn challenges_by<L: Ledger + ?Sized>(
    ledger: &L,
    challenger: &Pubkey,
) -> Result<Vec<ChallengeView>, ClientError> {
    challenges(ledger, CHALLENGER_AT, challenger).await
}

async fn challenges<L: Ledger + ?Sized>(
    ledger: &L,
    offset: usize,
    key: &Pubkey,
) -> Result<Vec<ChallengeView>, ClientError> {
    let filters = [
        AccountFilter::Length(CHALLENGE_LEN as u64),
        AccountFilter::Bytes {
            offset: 0,
            bytes: CHALLENGE_KIND.to_vec(),
        },
        AccountFilter::Bytes {
            offset,
            bytes: key.to_bytes().to_vec(),
        },
    ];
    let accounts = ledger.program_accounts(&REWARD_VAULT, &filters).await?;
    let mut found = Vec::with_capacity(accounts.len());
    for (address, account) in accounts {
        found.push(ChallengeView::decode(address, &account)?);
    }
    found.sort_unstable_by_key(|challenge| (challenge.index, challenge.attempt, challenge.address));
    Ok(found)
}
