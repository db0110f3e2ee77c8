use anchor_lang::Discriminator;
use bytemuck::AnyBitPattern;
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
    WrongKind { address: Pubkey, what: &'static str },
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
    #[error("{address} was {what} and is closed: its root and manifest hash are all that is left")]
    Closed { address: Pubkey, what: &'static str },
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
            Self::UnknownVersion { .. } => {
                "the program was upgraded: use a newer build of this tool"
            }
            Self::Closed { .. } => "use the active epoch: it includes everything earned before",
            Self::BadField { .. } => "report this: the program never writes such an account",
        }
    }
}

/// The fixed part of an account as the program's own type, and whatever stands behind it, after owner and
/// discriminator were checked. Copied out, because account bytes have any alignment.
pub(crate) fn head<'a, T: Discriminator + AnyBitPattern>(
    address: &Pubkey,
    account: &'a Account,
    what: &'static str,
    program: &Pubkey,
) -> Result<(T, &'a [u8]), DecodeError> {
    if account.owner != *program {
        return Err(DecodeError::WrongOwner {
            address: *address,
            what,
            expected: *program,
            found: account.owner,
        });
    }
    let discriminator = T::DISCRIMINATOR;
    let size = discriminator.len().saturating_add(size_of::<T>());
    let too_short = || DecodeError::WrongLength {
        address: *address,
        what,
        expected: size,
        found: account.data.len(),
    };
    let (kind, body) = account
        .data
        .split_at_checked(discriminator.len())
        .ok_or_else(too_short)?;
    if kind != discriminator {
        return Err(DecodeError::WrongKind {
            address: *address,
            what,
        });
    }
    let (fixed, rest) = body
        .split_at_checked(size_of::<T>())
        .ok_or_else(too_short)?;
    Ok((bytemuck::pod_read_unaligned(fixed), rest))
}

/// The fixed part of an account of `program`, if it is a `T`; for whoever asks what an account is.
pub(crate) fn fixed<T: Discriminator + AnyBitPattern>(
    account: &Account,
    program: &Pubkey,
) -> Option<T> {
    let body = account.data.strip_prefix(T::DISCRIMINATOR)?;
    let fixed = body.get(..size_of::<T>())?;
    (account.owner == *program).then(|| bytemuck::pod_read_unaligned(fixed))
}
