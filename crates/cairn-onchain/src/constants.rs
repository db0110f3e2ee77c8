//! Addresses and bounds that are the same for every program.

use anchor_lang::prelude::*;

/// What every program-derived address is hashed with, after seeds and program.
pub const PDA_MARKER: &[u8; 21] = b"ProgramDerivedAddress";
/// The seed of the key that signs a program's events to itself.
pub const EVENT_AUTHORITY_SEED: &[u8] = b"__event_authority";

/// Bytes that rent is paid for besides an account's data.
pub const ACCOUNT_STORAGE_OVERHEAD: usize = 128;
/// Most bytes of an account that one instruction creates.
pub const MAX_CREATED_LEN: usize = 10_240;

/// The associated-token-account program.
pub const ASSOCIATED_TOKEN_PROGRAM_ID: Address =
    anchor_lang::address!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
/// SPL Token.
pub const SPL_TOKEN_ID: Address =
    anchor_lang::address!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
/// Token-2022.
pub const TOKEN_2022_ID: Address =
    anchor_lang::address!("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
/// SPL memo, version 2.
pub const MEMO_PROGRAM_ID: Address =
    anchor_lang::address!("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");
