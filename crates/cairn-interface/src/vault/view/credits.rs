use reward_vault::{
    constants::ACCOUNT_VERSION,
    state::{Carrier, Redemption},
};
use serde::{Deserialize, Serialize};
use solana_sdk::{account::Account, pubkey::Pubkey};

use crate::{
    DecodeError,
    decode::{version, whole},
    ids::REWARD_VAULT,
    text,
};

const CARRIER: &str = "a carrier";
const REDEMPTION: &str = "a redemption";

/// Whoever delivers what data credits are redeemed for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarrierView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub pool: Pubkey,
    /// The key that signs fulfilments.
    #[serde(with = "text")]
    pub carrier: Pubkey,
    /// Seconds it has to fulfil a redemption.
    pub period_secs: u64,
    /// Whether members may redeem with it.
    pub active: bool,
    /// Credits that it fulfilled.
    pub fulfilled: u64,
    /// Credits that are redeemed with it and neither fulfilled nor refunded.
    pub pending: u64,
    pub version: u8,
}

impl CarrierView {
    /// Reads a carrier.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let carrier: Carrier = whole(&address, account, CARRIER, &REWARD_VAULT)?;
        version(&address, CARRIER, carrier.version, ACCOUNT_VERSION)?;
        Ok(Self {
            address,
            pool: carrier.pool,
            carrier: carrier.carrier,
            period_secs: carrier.period_secs,
            active: carrier.active != 0,
            fulfilled: carrier.fulfilled,
            pending: carrier.pending,
            version: carrier.version,
        })
    }
}

/// Credits that a member gave up for a delivery that has not come yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedemptionView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub pool: Pubkey,
    /// The member.
    #[serde(with = "text")]
    pub owner: Pubkey,
    /// The key that may fulfil it.
    #[serde(with = "text")]
    pub carrier: Pubkey,
    #[serde(with = "text")]
    pub rent_payer: Pubkey,
    /// What is to be delivered, as a salted hash.
    #[serde(with = "text")]
    pub commitment: [u8; 32],
    pub credits: u64,
    pub nonce: u64,
    /// Unix seconds up to which it may be fulfilled, and after which it is refunded.
    pub deadline: i64,
    pub index: u32,
    pub version: u8,
}

impl RedemptionView {
    /// Reads a redemption.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let redemption: Redemption = whole(&address, account, REDEMPTION, &REWARD_VAULT)?;
        version(&address, REDEMPTION, redemption.version, ACCOUNT_VERSION)?;
        Ok(Self {
            address,
            pool: redemption.pool,
            owner: redemption.owner,
            carrier: redemption.carrier,
            rent_payer: redemption.rent_payer,
            commitment: redemption.commitment,
            credits: redemption.credits,
            nonce: redemption.nonce,
            deadline: redemption.deadline,
            index: redemption.index,
            version: redemption.version,
        })
    }
}
