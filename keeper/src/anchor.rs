//! Anchors: slots and hashes the chain remembers by itself, recorded while the keeper runs. A proof that names one was
//! not made before it.

use cairn_client::CommitmentLevel;
use cairn_epoch::Anchor;
use solana_sdk::pubkey;
use solana_sdk::pubkey::Pubkey;

use crate::{Keeper, KeeperError};

/// The last 512 slots with their hashes, newest first: a count, then slot (u64) and hash (32 bytes) each.
const SLOT_HASHES: Pubkey = pubkey!("SysvarS1otHashes111111111111111111111111111");
/// A slot's length; an anchor's time is only compared in minutes.
const SLOT_MS: i64 = 400;

impl Keeper {
    /// Records the newest slot that no fork can take back any more. `None` when the chain shows none.
    ///
    /// # Errors
    /// [`KeeperError::Client`], [`KeeperError::Journal`].
    pub async fn record_anchor(&self) -> Result<Option<Anchor>, KeeperError> {
        let finalized = self.ledger().slot(CommitmentLevel::Finalized).await?;
        let clock = self.ledger().clock().await?;
        let Some(account) = self.ledger().account(&SLOT_HASHES).await? else {
            return Ok(None);
        };
        let Some((slot, hash)) = newest_at_most(&account.data, finalized) else {
            return Ok(None);
        };
        let age = i64::try_from(clock.slot.saturating_sub(slot)).unwrap_or(i64::MAX);
        let anchor = Anchor {
            slot,
            hash,
            unix_ms: clock
                .unix_timestamp
                .saturating_mul(1_000)
                .saturating_sub(age.saturating_mul(SLOT_MS)),
        };
        self.journal().record_anchor(anchor).await?;
        Ok(Some(anchor))
    }
}

fn newest_at_most(data: &[u8], slot: u64) -> Option<(u64, [u8; 32])> {
    let (count, entries) = data.split_first_chunk::<8>()?;
    let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
    entries
        .chunks_exact(40)
        .take(count)
        .filter_map(|entry| {
            let (number, hash) = entry.split_first_chunk::<8>()?;
            Some((u64::from_le_bytes(*number), hash.try_into().ok()?))
        })
        .find(|(number, _)| *number <= slot)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot_hashes(slots: &[u64]) -> Vec<u8> {
        let mut data = (slots.len() as u64).to_le_bytes().to_vec();
        for slot in slots {
            data.extend(slot.to_le_bytes());
            data.extend([*slot as u8; 32]);
        }
        data
    }

    #[test]
    fn the_newest_slot_that_is_final_is_taken() {
        let data = slot_hashes(&[12, 11, 9]);
        assert_eq!(newest_at_most(&data, 11), Some((11, [11; 32])));
        assert_eq!(newest_at_most(&data, 10), Some((9, [9; 32])));
        assert_eq!(newest_at_most(&data, 8), None);
    }

    #[test]
    fn a_count_that_promises_more_than_there_is_reads_no_further() {
        let mut data = slot_hashes(&[5]);
        data[0] = 200;
        assert_eq!(newest_at_most(&data, 9), Some((5, [5; 32])));
        assert_eq!(newest_at_most(&data, 4), None);
        assert_eq!(newest_at_most(&data[..20], 9), None);
        assert_eq!(newest_at_most(&[], 9), None);
    }
}
