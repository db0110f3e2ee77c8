//! Addresses that are the same on every cluster.

use solana_sdk::{pubkey, pubkey::Pubkey};

/// The reward-vault program.
pub const REWARD_VAULT: Pubkey = reward_vault::ID;
/// The airdrop program.
pub const AIRDROP: Pubkey = ::airdrop::ID;
/// The device-registry program.
pub const DEVICE_REGISTRY: Pubkey = device_registry::ID;

pub const SYSTEM_PROGRAM: Pubkey = pubkey!("11111111111111111111111111111111");
pub const TOKEN_PROGRAM: Pubkey = pubkey!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
pub const TOKEN_2022_PROGRAM: Pubkey = pubkey!("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
/// The mints of wrapped SOL, one for each token program.
pub const NATIVE_MINTS: [Pubkey; 2] = [
    pubkey!("So11111111111111111111111111111111111111112"),
    pubkey!("9pan9bMn5HatX4EJdBwg9VgCa7Uz5HL8N1m5D3NdXej9"),
];
/// SPL memo. Token accounts can require that a memo comes with what they receive.
pub const MEMO_PROGRAM: Pubkey = pubkey!("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");
pub const ASSOCIATED_TOKEN_PROGRAM: Pubkey =
    pubkey!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
pub const ED25519_PROGRAM: Pubkey = pubkey!("Ed25519SigVerify111111111111111111111111111");
pub const SECP256R1_PROGRAM: Pubkey = pubkey!("Secp256r1SigVerify1111111111111111111111111");
pub const COMPUTE_BUDGET_PROGRAM: Pubkey = pubkey!("ComputeBudget111111111111111111111111111111");
pub const CLOCK_SYSVAR: Pubkey = pubkey!("SysvarC1ock11111111111111111111111111111111");
pub const RENT_SYSVAR: Pubkey = pubkey!("SysvarRent111111111111111111111111111111111");
pub const INSTRUCTIONS_SYSVAR: Pubkey = pubkey!("Sysvar1nstructions1111111111111111111111111");

/// All programs with the names of their build products, for tools that deploy or check them.
pub const PROGRAMS: [(Pubkey, &str); 3] = [
    (REWARD_VAULT, "reward_vault"),
    (AIRDROP, "airdrop"),
    (DEVICE_REGISTRY, "device_registry"),
];
