use reward_vault::{
    constants::ACCOUNT_VERSION,
    state::{BurnReceipt, BurnRound},
};
use serde::{Deserialize, Serialize};
use solana_sdk::{account::Account, pubkey::Pubkey};

use crate::{
    DecodeError,
    decode::{version, whole},
    ids::REWARD_VAULT,
    text,
};

const ROUND: &str = "a burn round";
const RECEIPT: &str = "a burn receipt";

/// A burn round, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub pool: Pubkey,
    #[serde(with = "text")]
    pub vault: Pubkey,
    /// Gets the rent of round and vault back.
    #[serde(with = "text")]
    pub opener: Pubkey,
    pub number: u64,
    /// Base units that all burns share.
    pub tokens: u64,
    /// Least milli-points of one burn.
    pub minimum: u64,
    /// Unix seconds from which points burn.
    pub starts_at: i64,
    /// Unix seconds before which they burn, and from which receipts are settled.
    pub ends_at: i64,
    /// Milli-points burnt.
    pub burnt: u64,
    /// Milli-points of the receipts that are settled.
    pub settled: u64,
    /// Base units that left to members.
    pub paid: u64,
    pub receipts: u32,
    pub settled_receipts: u32,
    pub version: u8,
}

impl RoundView {
    /// Reads a burn round.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let round: BurnRound = whole(&address, account, ROUND, &REWARD_VAULT)?;
        version(&address, ROUND, round.version, ACCOUNT_VERSION)?;
        Ok(Self {
            address,
            pool: round.pool,
            vault: round.vault,
            opener: round.opener,
            number: round.number,
            tokens: round.tokens,
            minimum: round.minimum,
            starts_at: round.starts_at,
            ends_at: round.ends_at,
            burnt: round.burnt,
            settled: round.settled,
            paid: round.paid,
            receipts: round.receipts,
            settled_receipts: round.settled_receipts,
            version: round.version,
        })
    }

    /// Whether points burn at `now` (chain time, unix seconds).
    #[must_use]
    pub const fn is_open(&self, now: i64) -> bool {
        now >= self.starts_at && now < self.ends_at
    }

    /// Base units that a receipt of `points` milli-points would get if nobody burnt any more, as the program reckons.
    #[must_use]
    pub fn share(&self, points: u64) -> u64 {
        let mut round: BurnRound = bytemuck::Zeroable::zeroed();
        round.tokens = self.tokens;
        round.burnt = self.burnt;
        round.share(points)
    }
}

/// What one member burnt in one round and was not settled yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub round: Pubkey,
    #[serde(with = "text")]
    pub owner: Pubkey,
    #[serde(with = "text")]
    pub rent_payer: Pubkey,
    /// Milli-points.
    pub burnt: u64,
    pub index: u32,
    pub version: u8,
}

impl ReceiptView {
    /// Reads a burn receipt.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let receipt: BurnReceipt = whole(&address, account, RECEIPT, &REWARD_VAULT)?;
        version(&address, RECEIPT, receipt.version, ACCOUNT_VERSION)?;
        Ok(Self {
            address,
            round: receipt.round,
            owner: receipt.owner,
            rent_payer: receipt.rent_payer,
            burnt: receipt.burnt,
            index: receipt.index,
            version: receipt.version,
        })
    }
}
