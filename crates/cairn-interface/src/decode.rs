use solana_sdk::{account::Account, pubkey::Pubkey};
use thiserror::Error;

/// Why an account's bytes are not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    #[error("{address} is not {what}: it belongs to program {found}, not {expected}")]
    WrongOwner {
        address: Pubkey,
        what: &'static str,
        expected: Pubkey,
        found: Pubkey,
    },
    #[error("{address} is not {what}: it is another kind of account of the same program")]
    WrongKind {
        address: Pubkey,
        what: &'static str,
    },
    #[error("{address} is not {what}: it has {found} bytes instead of {expected}")]
    WrongLength {
        address: Pubkey,
        what: &'static str,
        expected: usize,
        found: usize,
    },
    #[error("{address} is {what} of layout version {version}, which this build does not know")]
    UnknownVersion {
        address: Pubkey,
        what: &'static str,
        version: u8,
    },
    #[error("{address} is a damaged {what}: {field} has no meaning")]
    BadField {
        address: Pubkey,
        what: &'static str,
        field: &'static str,
    },
}

impl DecodeError {
    /// One sentence on what to do next.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::WrongOwner { .. } | Self::WrongKind { .. } | Self::WrongLength { .. } => {
                "check the address: another account was given than the one that is needed"
            }
            Self::UnknownVersion { .. } => "the program was upgraded: use a newer build of this tool",
            Self::BadField { .. } => "report this: the program never writes such an account",
        }
    }
}

/// Hands out the bytes behind the discriminator after owner and discriminator were checked.
pub(crate) fn body<'a>(
    address: &Pubkey,
    account: &'a Account,
    what: &'static str,
    program: &Pubkey,
    discriminator: &[u8],
) -> Result<&'a [u8], DecodeError> {
    if account.owner != *program {
        return Err(DecodeError::WrongOwner {
            address: *address,
            what,
            expected: *program,
            found: account.owner,
        });
    }
    if account.data.len() < discriminator.len() {
        return Err(DecodeError::WrongLength {
            address: *address,
            what,
            expected: discriminator.len(),
            found: account.data.len(),
        });
    }
    account
        .data
        .strip_prefix(discriminator)
        .ok_or(DecodeError::WrongKind {
            address: *address,
            what,
        })
}

/// The fixed part of an account as the program's own type, copied out because account bytes have any alignment, and
/// whatever stands behind it. `offset` is where `bytes` starts in the account, for the error.
pub(crate) fn fixed<'a, T: bytemuck::AnyBitPattern>(
    address: &Pubkey,
    what: &'static str,
    offset: usize,
    bytes: &'a [u8],
) -> Result<(T, &'a [u8]), DecodeError> {
    let size = size_of::<T>();
    match bytes.split_at_checked(size) {
        Some((head, tail)) => Ok((bytemuck::pod_read_unaligned(head), tail)),
        None => Err(DecodeError::WrongLength {
            address: *address,
            what,
            expected: offset.saturating_add(size),
            found: offset.saturating_add(bytes.len()),
        }),
    }
}
