//! Codes of the programs that ours call, and of the framework they are written in.

use solana_sdk::pubkey::Pubkey;

use super::{ErrorInfo, token_2022::TOKEN_2022};
use crate::ids;

type Row = (u32, &'static str, &'static str, &'static str);

pub(super) fn explain(program: &Pubkey, name: &'static str, code: u32) -> Option<ErrorInfo> {
    let table = match *program {
        ids::REWARD_VAULT | ids::AIRDROP | ids::DEVICE_REGISTRY => ANCHOR,
        ids::TOKEN_PROGRAM | ids::TOKEN_2022_PROGRAM => TOKEN,
        ids::SYSTEM_PROGRAM => SYSTEM,
        ids::ASSOCIATED_TOKEN_PROGRAM => ASSOCIATED_TOKEN,
        ids::ED25519_PROGRAM | ids::SECP256R1_PROGRAM => PRECOMPILE,
        _ => return None,
    };
    // Token-2022 kept SPL Token's codes and added its own behind them.
    let added = if *program == ids::TOKEN_2022_PROGRAM {
        TOKEN_2022
    } else {
        &[]
    };
    let mut rows = table.iter().chain(added).copied();
    let (_, error, message, hint) = rows.find(|row| row.0 == code)?;
    Some(ErrorInfo {
        program: name,
        name: error,
        message,
        hint,
    })
}

const OTHER_CLIENT: &str = "the transaction was built by another version of this tool: use the one that matches the program";

const ANCHOR: &[Row] = &[
    (
        2_000,
        "ConstraintMut",
        "an account must be writable",
        OTHER_CLIENT,
    ),
    (
        2_001,
        "ConstraintHasOne",
        "an account must be the one that another names",
        OTHER_CLIENT,
    ),
    (
        2_003,
        "ConstraintRaw",
        "an account breaks a rule of the instruction",
        OTHER_CLIENT,
    ),
    (
        2_005,
        "ConstraintRentExempt",
        "an account must be rent exempt",
        "fund it with the minimum balance of its size",
    ),
    (
        2_007,
        "ConstraintExecutable",
        "an account must be a program",
        OTHER_CLIENT,
    ),
    (
        2_011,
        "ConstraintClose",
        "an account can not be closed into itself",
        OTHER_CLIENT,
    ),
    (
        2_012,
        "ConstraintAddress",
        "an account must be at a fixed address",
        OTHER_CLIENT,
    ),
    (
        2_013,
        "ConstraintZero",
        "an account must not be initialised yet",
        "it exists already: nothing needs to be created",
    ),
    (
        2_019,
        "ConstraintSpace",
        "an account must have the size of its kind",
        OTHER_CLIENT,
    ),
    (
        2_020,
        "ConstraintAccountIsNone",
        "an optional account is needed here",
        OTHER_CLIENT,
    ),
    (
        2_040,
        "ConstraintDuplicateMutableAccount",
        "two writable accounts must not be the same",
        "give different accounts",
    ),
    (
        2_500,
        "RequireViolated",
        "a rule of the instruction is broken",
        OTHER_CLIENT,
    ),
    (
        2_501,
        "RequireEqViolated",
        "two values must be equal",
        OTHER_CLIENT,
    ),
    (
        2_502,
        "RequireKeysEqViolated",
        "two keys must be equal",
        OTHER_CLIENT,
    ),
    (
        2_503,
        "RequireNeqViolated",
        "two values must differ",
        OTHER_CLIENT,
    ),
    (
        2_504,
        "RequireKeysNeqViolated",
        "two keys must differ",
        OTHER_CLIENT,
    ),
    (
        2_505,
        "RequireGtViolated",
        "a value must be greater than another",
        OTHER_CLIENT,
    ),
    (
        2_506,
        "RequireGteViolated",
        "a value must not be less than another",
        OTHER_CLIENT,
    ),
];

const TOKEN: &[Row] = &[
    (
        0,
        "NotRentExempt",
        "an account must be rent exempt",
        "fund it with the minimum balance of its size",
    ),
    (
        1,
        "InsufficientFunds",
        "the token account holds less than the amount",
        "move tokens into it first, or give a smaller amount",
    ),
    (
        2,
        "InvalidMint",
        "the account is not a mint",
        "check the mint's address",
    ),
    (
        3,
        "MintMismatch",
        "the token account holds another mint's tokens",
        "give a token account of the same mint",
    ),
    (
        4,
        "OwnerMismatch",
        "the signer does not own the account",
        "sign with the owner's key",
    ),
    (
        5,
        "FixedSupply",
        "the mint has no authority: its supply is fixed",
        "fund from an account that holds tokens",
    ),
    (
        6,
        "AlreadyInUse",
        "the account is initialised already",
        "nothing needs to be created",
    ),
    (
        7,
        "InvalidNumberOfProvidedSigners",
        "the multisig got too few or too many signers",
        "sign with the keys that the multisig names",
    ),
    (
        8,
        "InvalidNumberOfRequiredSigners",
        "a multisig needs 1 to 11 signers",
        "change the number of signers",
    ),
    (
        9,
        "UninitializedState",
        "the account is not initialised",
        "create it first",
    ),
    (
        10,
        "NativeNotSupported",
        "wrapped SOL is not supported here",
        "use a token with a mint of its own",
    ),
    (
        11,
        "NonNativeHasBalance",
        "the account still holds tokens",
        "empty it before closing it",
    ),
    (
        12,
        "InvalidInstruction",
        "the instruction is not known",
        OTHER_CLIENT,
    ),
    (
        13,
        "InvalidState",
        "the account's state does not allow this",
        "look at the account: it may be frozen already or not at all",
    ),
    (
        14,
        "Overflow",
        "a sum does not fit 64 bits",
        "give a smaller amount",
    ),
    (
        15,
        "AuthorityTypeNotSupported",
        "the account has no authority of this kind",
        OTHER_CLIENT,
    ),
    (
        16,
        "MintCannotFreeze",
        "the mint can not freeze accounts",
        "its freeze authority was given up for ever",
    ),
    (
        17,
        "AccountFrozen",
        "the token account is frozen",
        "only the mint's freeze authority can thaw it",
    ),
    (
        18,
        "MintDecimalsMismatch",
        "the decimals are not the mint's",
        "read them from the mint",
    ),
    (
        19,
        "NonNativeNotSupported",
        "only wrapped SOL is supported here",
        "give a wrapped SOL account",
    ),
];

const SYSTEM: &[Row] = &[
    (
        0,
        "AccountAlreadyInUse",
        "an account lives at that address already",
        "it exists: nothing needs to be created, or choose another address",
    ),
    (
        1,
        "ResultWithNegativeLamports",
        "an account has too few lamports",
        "send lamports to the account that pays",
    ),
    (
        2,
        "InvalidProgramId",
        "the account can not be assigned to that program",
        OTHER_CLIENT,
    ),
    (
        3,
        "InvalidAccountDataLength",
        "no account can have that many bytes",
        "an account has at most 10 MiB",
    ),
    (
        4,
        "MaxSeedLengthExceeded",
        "a seed is longer than 32 bytes",
        OTHER_CLIENT,
    ),
    (
        5,
        "AddressWithSeedMismatch",
        "the address is not the one derived from its seed",
        OTHER_CLIENT,
    ),
    (
        6,
        "NonceNoRecentBlockhashes",
        "the nonce can not be advanced without recent blockhashes",
        "run the same command again",
    ),
    (
        7,
        "NonceBlockhashNotExpired",
        "the nonce was advanced in this block already",
        "run the same command again",
    ),
    (
        8,
        "NonceUnexpectedBlockhashValue",
        "the nonce has another value",
        "sign again with the nonce's present value",
    ),
];

const ASSOCIATED_TOKEN: &[Row] = &[(
    0,
    "InvalidOwner",
    "the associated token account belongs to somebody else now",
    "its owner gave it away: have it handed back, or set another recipient",
)];

const PRECOMPILE: &[Row] = &[
    (
        0,
        "InvalidPublicKey",
        "the public key is not a point of the curve",
        "check the device's key",
    ),
    (
        1,
        "InvalidRecoveryId",
        "the recovery id is not valid",
        OTHER_CLIENT,
    ),
    (
        2,
        "InvalidSignature",
        "the signature does not fit key and message",
        "have the device sign the consent message anew",
    ),
    (
        3,
        "InvalidDataOffsets",
        "an offset points outside the instruction",
        OTHER_CLIENT,
    ),
    (
        4,
        "InvalidInstructionDataSize",
        "the instruction has a wrong length",
        OTHER_CLIENT,
    ),
];
