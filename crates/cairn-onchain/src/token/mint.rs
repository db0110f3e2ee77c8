use anchor_lang::{address_eq, prelude::*};
use anchor_spl::mint::Mint;

use super::tlv::{Kind, extensions};
use crate::{
    Refusal, Rule,
    constants::{SPL_TOKEN_ID, TOKEN_2022_ID},
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

/// Whether the programs pay tokens of `token_program`: SPL Token and Token-2022.
fn is_supported(token_program: &Address) -> bool {
    address_eq(token_program, &SPL_TOKEN_ID) || address_eq(token_program, &TOKEN_2022_ID)
}

/// The decimals of a mint whose tokens a program can hold and pay to the last unit. Every extension must be known:
/// one that is added to the token program later may do anything. No mint gains one after its creation, but for
/// metadata and groups.
///
/// # Errors
/// [`Rule::TokenProgramUnsupported`]; [`Rule::MintUnsupported`] when it is no initialised mint of the
/// program; one rule per extension that is refused, [`Rule::MintExtensionUnknown`] for any other.
#[inline(never)]
pub fn check_mint<E: Refusal>(view: &AccountView, token_program: &Address) -> Result<u8> {
    require!(
        is_supported(token_program),
        E::of(Rule::TokenProgramUnsupported)
    );
    require!(view.owned_by(token_program), E::of(Rule::MintUnsupported));
    let data = view.try_borrow()?;
    let base = data.get(..Mint::LEN).unwrap_or_default();
    let Ok(mint) = bytemuck::try_from_bytes::<Mint>(base) else {
        return Err(E::of(Rule::MintUnsupported));
    };
    require!(mint.is_initialized(), E::of(Rule::MintUnsupported));
    if data.len() != Mint::LEN {
        check_extensions::<E>(&data, token_program)?;
    }
    Ok(mint.decimals())
}

fn check_extensions<E: Refusal>(data: &[u8], token_program: &Address) -> Result<()> {
    let Some(extensions) = extensions(data, Kind::Mint) else {
        return Err(E::of(Rule::MintUnsupported));
    };
    require!(
        address_eq(token_program, &TOKEN_2022_ID),
        E::of(Rule::MintUnsupported)
    );
    for entry in extensions {
        let Ok((kind, value)) = entry else {
            return Err(E::of(Rule::MintUnsupported));
        };
        check_extension::<E>(kind, value)?;
    }
    Ok(())
}

/// The policy. What is let through leaves an amount as it is or, the fee, takes from the receiver what the
/// programs count on arrival. `SECURITY.md` says what the authorities of a mint can still do.
fn check_extension<E: Refusal>(kind: u16, value: &[u8]) -> Result<()> {
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
        extension::TRANSFER_HOOK => unless::<E>(is_zero(value), Rule::MintTransferHook),
        extension::PERMANENT_DELEGATE => unless::<E>(is_zero(value), Rule::MintPermanentDelegate),
        extension::MINT_CLOSE_AUTHORITY => unless::<E>(is_zero(value), Rule::MintCloseAuthority),
        extension::DEFAULT_ACCOUNT_STATE => {
            unless::<E>(value == [STATE_INITIALIZED], Rule::MintDefaultFrozen)
        }
        extension::NON_TRANSFERABLE => Err(E::of(Rule::MintNonTransferable)),
        _ => Err(E::of(Rule::MintExtensionUnknown)),
    }
}

/// Refuses by `rule` unless `harmless`.
fn unless<E: Refusal>(harmless: bool, rule: Rule) -> Result<()> {
    if harmless { Ok(()) } else { Err(E::of(rule)) }
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
    use crate::refusal::tests::Spelt;

    #[test]
    fn every_number_but_the_known_ones_is_refused() {
        let known = [
            1_u16, 3, 4, 6, 9, 10, 12, 14, 16, 18, 19, 20, 21, 22, 23, 25, 26,
        ];
        for kind in 0..=u16::MAX {
            let unknown =
                check_extension::<Spelt>(kind, &[]) == Err(Spelt::of(Rule::MintExtensionUnknown));
            assert_eq!(unknown, !known.contains(&kind), "{kind}");
        }
    }

    #[test]
    fn an_authority_that_is_nobody_is_harmless() {
        for (kind, len, rule) in [
            (3, 32, Rule::MintCloseAuthority),
            (12, 32, Rule::MintPermanentDelegate),
            (14, 64, Rule::MintTransferHook),
        ] {
            let nobody = vec![0; len];
            assert_eq!(check_extension::<Spelt>(kind, &nobody), Ok(()));
            // A hook's program counts as well as its authority.
            for at in [0, len - 1] {
                let keys: Vec<u8> = (0..len).map(|byte| u8::from(byte == at)).collect();
                assert_eq!(check_extension::<Spelt>(kind, &keys), Err(Spelt::of(rule)));
            }
            assert_eq!(check_extension::<Spelt>(kind, &[]), Err(Spelt::of(rule)));
        }
    }

    #[test]
    fn what_changes_no_amount_is_taken_and_what_freezes_or_holds_is_not() {
        for kind in [1, 4, 10, 16, 18, 19, 20, 21, 22, 23, 25, 26] {
            assert_eq!(check_extension::<Spelt>(kind, &[9]), Ok(()), "{kind}");
        }
        let refused = |rule| Err(Spelt::of(rule));
        assert_eq!(check_extension::<Spelt>(6, &[1]), Ok(()));
        let frozen = refused(Rule::MintDefaultFrozen);
        for state in [&[0][..], &[2], &[], &[1, 1]] {
            assert_eq!(check_extension::<Spelt>(6, state), frozen, "{state:?}");
        }
        let bound = refused(Rule::MintNonTransferable);
        assert_eq!(check_extension::<Spelt>(9, &[]), bound);
    }

    #[test]
    fn extensions_are_the_newer_programs_alone_and_each_is_asked() {
        let mint = |tlv: &[u8]| {
            let mut data = vec![0; 165];
            data.push(1);
            data.extend_from_slice(tlv);
            data
        };
        let check = |tlv: &[u8], program| check_extensions::<Spelt>(&mint(tlv), program);
        let (metadata, hook) = ([18, 0, 1, 0, 9], [14, 0, 1, 0, 9]);
        assert_eq!(check(&metadata, &TOKEN_2022_ID), Ok(()));
        let unsupported = Err(Spelt::of(Rule::MintUnsupported));
        assert_eq!(check(&metadata, &SPL_TOKEN_ID), unsupported);
        let hooked = Err(Spelt::of(Rule::MintTransferHook));
        assert_eq!(
            check(&[&metadata[..], &hook].concat(), &TOKEN_2022_ID),
            hooked
        );
        // A value that is longer than the account says nothing that could be judged.
        assert_eq!(check(&[18, 0, 9, 0], &TOKEN_2022_ID), unsupported);
        assert_eq!(
            check_extensions::<Spelt>(&[0; 82], &TOKEN_2022_ID),
            unsupported
        );
    }
}
