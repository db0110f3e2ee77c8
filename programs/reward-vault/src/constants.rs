//! Seeds, bounds and the addresses of other programs.

use anchor_lang::prelude::*;

/// First seed of a pool: `"pool", network, mint, id u64`.
pub const POOL_SEED: &[u8] = b"pool";
/// First seed of a vault: `"vault", pool`.
pub const VAULT_SEED: &[u8] = b"vault";
/// First seed of an epoch: `"epoch", pool, number u64`.
pub const EPOCH_SEED: &[u8] = b"epoch";
/// First seed of a member page: `"page", pool, page u32`.
pub const PAGE_SEED: &[u8] = b"page";
/// The seed of the key that signs this program's events to itself.
pub const EVENT_AUTHORITY_SEED: &[u8] = b"__event_authority";

/// Layout version that new accounts carry.
pub const ACCOUNT_VERSION: u8 = 1;

/// Most keepers a pool has; their keys and attestations are stored inline.
pub const MAX_KEEPERS: usize = 16;
/// Deepest canopy: 2^7 nodes of 40 bytes, so that one instruction can still create the epoch account (10,240 bytes).
pub const MAX_CANOPY_DEPTH: u8 = 7;
/// Longest epoch interval, in seconds: 366 days.
pub const MAX_EPOCH_INTERVAL_SECS: u64 = 31_622_400;
/// Longest challenge window, in seconds: 30 days. A longer one would only hold back what members earned.
pub const MAX_CHALLENGE_WINDOW_SECS: u64 = 2_592_000;

/// The device-registry, whose `Network` account says who may create pools under a network. A constant, because no
/// program links another; a test compares it with the registry's own id.
pub const DEVICE_REGISTRY_ID: Address =
    anchor_lang::address!("AMz9E7sLKiNa2JduBnnHtMonK7SCzfLN8xZ9QeSjLgHZ");
/// First bytes of a `Network` account: SHA-256("account:Network")\[..8\]. Its authority's key follows.
pub const NETWORK_DISCRIMINATOR: [u8; 8] = [0x33, 0x05, 0xd1, 0xb7, 0x3c, 0x63, 0x9c, 0xfb];

/// The associated-token-account program.
pub const ASSOCIATED_TOKEN_PROGRAM_ID: Address =
    anchor_lang::address!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
/// SPL Token.
pub const SPL_TOKEN_ID: Address =
    anchor_lang::address!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
