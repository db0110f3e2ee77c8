//! Seeds and versions.

/// First seed of a campaign: `"drop", creator, id u64`. The creator signs, so nobody else can take the address.
pub const CAMPAIGN_SEED: &[u8] = b"drop";
/// First seed of a campaign's token account: `"drop-vault", campaign`.
pub const CAMPAIGN_VAULT_SEED: &[u8] = b"drop-vault";
/// First seed of a campaign's page: `"bits", campaign, page u32`.
pub const CAMPAIGN_PAGE_SEED: &[u8] = b"bits";
/// First seed of a vesting account: `"vest", campaign, index u32`.
pub const VESTING_SEED: &[u8] = b"vest";

/// Layout version that new accounts carry.
pub const ACCOUNT_VERSION: u8 = 1;
