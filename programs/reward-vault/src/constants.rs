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

/// First seed of a challenge: `"challenge", epoch, attempt u32, index u32`.
pub const CHALLENGE_SEED: &[u8] = b"challenge";

/// Layout version that new accounts carry, but for pools and epochs.
pub const ACCOUNT_VERSION: u8 = 1;
/// Layout version that new pools carry. Version 1 had no parameters behind `version`; version 2 had neither pending
/// roles nor rules, no pause clock, and of its creation's parameters cap and interval alone.
pub const POOL_VERSION: u8 = 3;
/// Layout version that new epochs carry. Version 1 named no proposal, froze no allowance of points and credits, and
/// counted attempts in 16 bits.
pub const EPOCH_VERSION: u8 = 2;

/// Most keepers a pool has; their keys and attestations are stored inline.
pub const MAX_KEEPERS: usize = 16;
/// Longest epoch interval, in seconds: 366 days.
pub const MAX_EPOCH_INTERVAL_SECS: u64 = 31_622_400;
/// Longest challenge window, in seconds: 30 days. A longer one would only hold back what members earned.
pub const MAX_CHALLENGE_WINDOW_SECS: u64 = 2_592_000;
/// Longest cooldown of a recipient, in seconds: 30 days.
pub const MAX_COOLDOWN_SECS: u64 = 2_592_000;
/// By how many seconds the delay of parameters and roles is longer than the challenge window at least: a day, in which
/// whoever saw an epoch through its window still sees what is to change next.
pub const DELAY_BEYOND_WINDOW_SECS: u64 = 86_400;
/// Longest delay of parameters and roles, in seconds: 60 days.
pub const MAX_PARAMS_DELAY_SECS: u64 = 5_184_000;
/// Shortest and longest time to answer a challenge, in seconds: an hour, seven days.
pub const MIN_ANSWER_SECS: u64 = 3_600;
/// See [`MIN_ANSWER_SECS`].
pub const MAX_ANSWER_SECS: u64 = 604_800;
/// Seconds after which a pause ends by itself: seven days.
pub const PAUSE_SECS: i64 = 604_800;
/// Shortest challenge window of a correction, in seconds: seven days. Nobody can challenge it, so everybody gets time.
pub const CORRECTION_WINDOW_SECS: u64 = 604_800;
/// Lamports beside the rent that a challenger deposits, and that whoever answers well gets.
pub const CHALLENGE_DEPOSIT: u64 = 10_000_000;
/// From here on reasons of a veto are the program's own; below, the guardian's.
pub const FIRST_OWN_REASON: u16 = 0xff00;
/// Reason of a veto: the proposed root grants a challenged member less, or their leaf to another.
pub const REASON_LEAF_TAKEN: u16 = 0xff01;
/// Reason of a veto: nobody showed a challenged member's leaf in time.
pub const REASON_LEAF_WITHHELD: u16 = 0xff02;
/// Reason of a veto: attestations or canopy were not complete a window after the proposal.
pub const REASON_LAPSED: u16 = 0xff03;
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
