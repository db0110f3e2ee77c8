//! Seeds, bounds and the address of the registry.

use anchor_lang::prelude::*;

/// First seed of a pool: `"pool", network, mint, id u64`.
pub const POOL_SEED: &[u8] = b"pool";
/// First seed of a vault: `"vault", pool`.
pub const VAULT_SEED: &[u8] = b"vault";
/// First seed of an epoch: `"epoch", pool, number u64`.
pub const EPOCH_SEED: &[u8] = b"epoch";
/// First seed of a member page: `"page", pool, page u32`.
pub const PAGE_SEED: &[u8] = b"page";

/// First seed of a recipient: `"to", pool, owner`.
pub const RECIPIENT_SEED: &[u8] = b"to";
/// First seed of a burn round: `"round", pool, number u64`.
pub const ROUND_SEED: &[u8] = b"round";
/// First seed of a round's token account: `"round-vault", round`.
pub const ROUND_VAULT_SEED: &[u8] = b"round-vault";
/// First seed of a burn receipt: `"receipt", round, owner`.
pub const RECEIPT_SEED: &[u8] = b"receipt";
/// First seed of a carrier: `"carrier", pool, carrier`.
pub const CARRIER_SEED: &[u8] = b"carrier";
/// First seed of a redemption: `"redeem", pool, owner, nonce u64`.
pub const REDEMPTION_SEED: &[u8] = b"redeem";

/// Layout version that new accounts carry, but for pools.
pub const ACCOUNT_VERSION: u8 = 1;
/// Layout version that new pools carry. Version 1 had no parameters behind `version`.
pub const POOL_VERSION: u8 = 2;

/// Most keepers a pool has; their keys and attestations are stored inline.
pub const MAX_KEEPERS: usize = 16;
/// Longest epoch interval, in seconds: 366 days.
pub const MAX_EPOCH_INTERVAL_SECS: u64 = 31_622_400;
/// Longest challenge window, in seconds: 30 days. A longer one would only hold back what members earned.
pub const MAX_CHALLENGE_WINDOW_SECS: u64 = 2_592_000;
/// Longest cooldown of a recipient and longest delay of parameters, in seconds: 30 days.
pub const MAX_COOLDOWN_SECS: u64 = 2_592_000;
/// Shortest breaker window, in seconds: one for each of its parts.
pub const MIN_BREAKER_WINDOW_SECS: u64 = 8;
/// Longest breaker window, burn round and time to fulfil credits, in seconds: 366 days.
pub const MAX_PERIOD_SECS: u64 = 31_622_400;
/// Breaker window, recipient's cooldown and delay of parameters of whoever names none, in seconds: a day.
pub const DEFAULT_PERIOD_SECS: u64 = 86_400;
/// The whole, in hundredths of a percent.
pub const WHOLE_BPS: u16 = 10_000;

/// The device-registry, whose `Network` account says who may create pools under a network. A constant, because no
/// program links another; a test compares it with the registry's own id.
pub const DEVICE_REGISTRY_ID: Address =
    anchor_lang::address!("AMz9E7sLKiNa2JduBnnHtMonK7SCzfLN8xZ9QeSjLgHZ");
/// First bytes of a `Network` account: SHA-256("account:Network")\[..8\]. Its authority's key follows.
pub const NETWORK_DISCRIMINATOR: [u8; 8] = [0x33, 0x05, 0xd1, 0xb7, 0x3c, 0x63, 0x9c, 0xfb];
