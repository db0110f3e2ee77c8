use device_registry::constants::{KEY_ED25519, KEY_P256_EVEN, KEY_P256_ODD};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use crate::ids::{ED25519_PROGRAM, SECP256R1_PROGRAM};

/// The curve of a key, and for P-256 the parity that its compressed form begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    Ed25519,
    P256Even,
    P256Odd,
}

impl KeyKind {
    /// The byte that accounts store.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => KEY_ED25519,
            Self::P256Even => KEY_P256_EVEN,
            Self::P256Odd => KEY_P256_ODD,
        }
    }

    /// The kind behind a stored byte.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            KEY_ED25519 => Self::Ed25519,
            KEY_P256_EVEN => Self::P256Even,
            KEY_P256_ODD => Self::P256Odd,
            _ => return None,
        })
    }

    /// The kind in lower case, as JSON has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::P256Even => "p256_even",
            Self::P256Odd => "p256_odd",
        }
    }
}

/// The precompile instruction that has the runtime verify one signature, in the only layout that device-registry
/// accepts: key, signature and message in its own data and in that order.
///
/// `message` has at most 48 bytes in the suite; a length above 65,535 can not be expressed and is cut from the header,
/// so that the runtime refuses it.
#[must_use]
pub fn signature_instruction(
    kind: KeyKind,
    key: &[u8; 32],
    signature: &[u8; 64],
    message: &[u8],
) -> Instruction {
    const HEADER_LEN: u16 = 16;
    const SELF: u16 = u16::MAX;
    let program_id: Pubkey;
    let mut point = Vec::with_capacity(33);
    match kind {
        KeyKind::Ed25519 => program_id = ED25519_PROGRAM,
        KeyKind::P256Even | KeyKind::P256Odd => {
            program_id = SECP256R1_PROGRAM;
            point.push(kind.byte());
        }
    }
    point.extend_from_slice(key);
    let key_len = if point.len() == 32 { 32 } else { 33 };
    let signature_at = HEADER_LEN + key_len;
    let message_at = signature_at + 64;
    let offsets = [
        signature_at,
        SELF,
        HEADER_LEN,
        SELF,
        message_at,
        u16::try_from(message.len()).unwrap_or(u16::MAX),
        SELF,
    ];
    let mut data = vec![1, 0];
    data.extend(offsets.into_iter().flat_map(u16::to_le_bytes));
    data.extend_from_slice(&point);
    data.extend_from_slice(signature);
    data.extend_from_slice(message);
    Instruction {
        program_id,
        accounts: Vec::new(),
        data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_is_the_one_that_the_program_reads_back() {
        for (kind, key_len) in [(KeyKind::Ed25519, 32), (KeyKind::P256Odd, 33)] {
            let built = signature_instruction(kind, &[7; 32], &[9; 64], b"message");
            let read = device_registry::precompile::parse(&built.data, key_len)
                .expect("the accepted layout");
            assert_eq!(read.message, b"message");
            assert_eq!(read.key.last_chunk(), Some(&[7; 32]));
        }
    }
}
