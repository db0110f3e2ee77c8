use anchor_lang::{address_eq, prelude::*};
use anchor_spl::mint::Mint;

use super::tlv::{Kind, extensions};
use crate::{
    constants::{SPL_TOKEN_ID, TOKEN_2022_ID},
    error::{VaultError, refuse},
};

/// Token-2022's numbers of the extensions that a mint can have.
mod extension {
    pub const TRANSFER_FEE_CONFIG: u16 = 1;
    pub const MINT_CLOSE_AUTHORITY: u16 = 3;
    pub const CONFIDENTIAL_TRANSFER_MINT: u16 = 4;
    pub const DEFAULT_ACCOUNT_STATE: u16 = 6;
    pub const NON_TRANSFERABLE: u16 = 9;
    pub const INTEREST_BEARING_CONFIG: u16 = 10;
    pub const PERMANENT_DELEGATE: u16 = 12;
    pub const TRANSFER_HOOK: u16 = 14;
    pub const CONFIDENTIAL_TRANSFER_FEE_CONFIG: u16 = 16;
    pub const METADATA_POINTER: u16 = 18;
    pub const TOKEN_METADATA: u16 = 19;
    pub const GROUP_POINTER: u16 = 20;
    pub const TOKEN_GROUP: u16 = 21;
    pub const GROUP_MEMBER_POINTER: u16 = 22;
    pub const TOKEN_GROUP_MEMBER: u16 = 23;
    pub const SCALED_UI_AMOUNT: u16 = 25;
    pub const PAUSABLE: u16 = 26;
}

/// A token account's state byte when it is open.
const STATE_INITIALIZED: u8 = 1;

/// Whether this program pays tokens of `token_program`: SPL Token and Token-2022.
fn is_supported(token_program: &Address) -> bool {
    address_eq(token_program, &SPL_TOKEN_ID) || address_eq(token_program, &TOKEN_2022_ID)
}

/// The decimals of a mint whose tokens this program can hold and pay to the last unit. Every extension must be known:
/// one that is added to the token program later may do anything. No mint gains one after its creation, but for
/// metadata and groups.
///
/// # Errors
/// [`VaultError::TokenProgramUnsupported`]; [`VaultError::MintUnsupported`] when it is no initialised mint of the
/// program; one code per extension that is refused, [`VaultError::MintExtensionUnknown`] for any other.
#[inline(never)]
pub fn check_mint(view: &AccountView, token_program: &Address) -> Result<u8> {
    require!(
        is_supported(token_program),
        VaultError::TokenProgramUnsupported
    );
    require!(view.owned_by(token_program), VaultError::MintUnsupported);
    let data = view.try_borrow()?;
    let base = data.get(..Mint::LEN).unwrap_or_default();
    let Ok(mint) = bytemuck::try_from_bytes::<Mint>(base) else {
        return refuse(VaultError::MintUnsupported);
    };
    require!(mint.is_initialized(), VaultError::MintUnsupported);
    if data.len() != Mint::LEN {
        check_extensions(&data, token_program)?;
    }
    Ok(mint.decimals())
}

fn check_extensions(data: &[u8], token_program: &Address) -> Result<()> {
    let Some(extensions) = extensions(data, Kind::Mint) else {
        return refuse(VaultError::MintUnsupported);
    };
    require!(
        address_eq(token_program, &TOKEN_2022_ID),
        VaultError::MintUnsupported
    );
    for entry in extensions {
        let Ok((kind, value)) = entry else {
            return refuse(VaultError::MintUnsupported);
        };
        check_extension(kind, value)?;
    }
    Ok(())
}

/// The policy. What is let through leaves an amount as it is or, the fee, takes from the receiver what this program
/// counts on arrival. `SECURITY.md` says what the authorities of a mint can still do.
fn check_extension(kind: u16, value: &[u8]) -> Result<()> {
    match kind {
        extension::TRANSFER_FEE_CONFIG
        | extension::CONFIDENTIAL_TRANSFER_MINT
        | extension::CONFIDENTIAL_TRANSFER_FEE_CONFIG
        | extension::INTEREST_BEARING_CONFIG
        | extension::SCALED_UI_AMOUNT
        | extension::METADATA_POINTER
        | extension::TOKEN_METADATA
        | extension::GROUP_POINTER
        | extension::TOKEN_GROUP
        | extension::GROUP_MEMBER_POINTER
        | extension::TOKEN_GROUP_MEMBER
        | extension::PAUSABLE => Ok(()),
        // The authority and the program: with an authority, a program may follow.
        extension::TRANSFER_HOOK => unless(is_zero(value), VaultError::MintTransferHook),
        extension::PERMANENT_DELEGATE => unless(is_zero(value), VaultError::MintPermanentDelegate),
        extension::MINT_CLOSE_AUTHORITY => unless(is_zero(value), VaultError::MintCloseAuthority),
        extension::DEFAULT_ACCOUNT_STATE => {
            unless(value == [STATE_INITIALIZED], VaultError::MintDefaultFrozen)
        }
        extension::NON_TRANSFERABLE => refuse(VaultError::MintNonTransferable),
        _ => refuse(VaultError::MintExtensionUnknown),
    }
}

/// Refuses with `error` unless `harmless`.
fn unless(harmless: bool, error: VaultError) -> Result<()> {
    if harmless { Ok(()) } else { refuse(error) }
}

/// Zero keys stand for nobody, and nobody can set them later.
fn is_zero(keys: &[u8]) -> bool {
    !keys.is_empty() && keys.iter().all(|byte| *byte == 0)
}

/// Whether a mint that [`check_mint`] took has extensions: then what arrives may be less than what was sent.
#[must_use]
pub fn has_extensions(mint: &UncheckedAccount) -> bool {
    mint.account().data_len() != Mint::LEN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_but_the_known_ones_is_refused() {
        let known = [
            1_u16, 3, 4, 6, 9, 10, 12, 14, 16, 18, 19, 20, 21, 22, 23, 25, 26,
        ];
        for kind in 0..=u16::MAX {
            let unknown = check_extension(kind, &[]) == refuse(VaultError::MintExtensionUnknown);
            assert_eq!(unknown, !known.contains(&kind), "{kind}");
        }
    }

    #[test]
    fn an_authority_that_is_nobody_is_harmless() {
        for (kind, len, error) in [
            (3, 32, VaultError::MintCloseAuthority),
            (12, 32, VaultError::MintPermanentDelegate),
            (14, 64, VaultError::MintTransferHook),
        ] {
            let nobody = vec![0; len];
            assert_eq!(check_extension(kind, &nobody), Ok(()));
            // A hook's program counts as well as its authority.
            for at in [0, len - 1] {
                let keys: Vec<u8> = (0..len).map(|byte| u8::from(byte == at)).collect();
                assert_eq!(check_extension(kind, &keys), refuse(error));
            }
            assert_eq!(check_extension(kind, &[]), refuse(error));
        }
    }
}
