//! What Token-2022 stores behind an account's base fields: at byte 165 the kind of the account, then extensions of
//! type u16, length u16 and value.

use serde::{Deserialize, Serialize};
use solana_sdk::pubkey::Pubkey;

/// Bytes of a token account without extensions; a mint's base fields are padded with zeros up to here.
pub(super) const BASE_LEN: usize = 165;
/// The kind of a mint, at byte 165.
pub(super) const MINT_KIND: u8 = 1;
/// The kind of a token account.
pub(super) const ACCOUNT_KIND: u8 = 2;

/// Token-2022's numbers of the extensions that are read here.
const TRANSFER_FEE_CONFIG: u16 = 1;
const TRANSFER_FEE_AMOUNT: u16 = 2;
const MEMO_TRANSFER: u16 = 8;
const NON_TRANSFERABLE: u16 = 9;
const INTEREST_BEARING: u16 = 10;
const TRANSFER_HOOK: u16 = 14;
const SCALED_UI_AMOUNT: u16 = 25;
const PAUSABLE: u16 = 26;

/// Hundredths of a percent in a whole.
const WHOLE_BPS: u128 = 10_000;

/// A fee that a mint withholds from each transfer, on the receiver's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferFee {
    /// The cluster's epoch from which it holds.
    pub epoch: u64,
    /// Most base units taken from one transfer.
    pub maximum: u64,
    /// Hundredths of a percent.
    pub bps: u16,
}

impl TransferFee {
    /// Base units taken from a transfer of `units`: the share, rounded up, at most the maximum.
    #[must_use]
    pub fn of(&self, units: u64) -> u64 {
        let share = u128::from(units)
            .saturating_mul(u128::from(self.bps))
            .div_ceil(WHOLE_BPS);
        u64::try_from(share).unwrap_or(u64::MAX).min(self.maximum)
    }
}

/// What a fee-taking mint says about its fee. A change is announced two of the cluster's epochs ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferFees {
    /// Who may change the fee.
    pub authority: Option<Pubkey>,
    pub older: TransferFee,
    pub newer: TransferFee,
}

impl TransferFees {
    /// The fee in the cluster's `epoch`.
    #[must_use]
    pub const fn at(&self, epoch: u64) -> &TransferFee {
        if epoch >= self.newer.epoch {
            &self.newer
        } else {
            &self.older
        }
    }
}

/// How wallets show amounts of a token otherwise than base units and decimals say. What is transferred stays the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Appearance {
    /// Multiplied by a number.
    Scaled {
        /// Who may change the number.
        authority: Option<Pubkey>,
        /// In decimal text: it is shown, and never computed with as a float.
        older: String,
        newer: String,
        /// Unix seconds from which the newer holds.
        newer_from: i64,
    },
    /// With interest since the mint was made.
    Interest {
        /// Who may change the rate.
        authority: Option<Pubkey>,
        /// Hundredths of a percent a year; may be negative.
        rate_bps: i16,
    },
}

/// How wallets show a mint's amounts; `None` when as they are counted.
pub(super) fn appearance(data: &[u8]) -> Option<Appearance> {
    if let Some(value) = find(data, MINT_KIND, SCALED_UI_AMOUNT) {
        let mut fields = Fields(value);
        return Some(Appearance::Scaled {
            authority: fields.key()?,
            older: fields.number()?,
            newer_from: i64::from_le_bytes(fields.take()?),
            newer: fields.number()?,
        });
    }
    let mut fields = Fields(find(data, MINT_KIND, INTEREST_BEARING)?);
    let authority = fields.key()?;
    let _initialised_at = fields.u64()?;
    let _rate_before = fields.u16()?;
    let _changed_at = fields.u64()?;
    Some(Appearance::Interest {
        authority,
        rate_bps: i16::from_le_bytes(fields.take()?),
    })
}

/// The fees of a mint; `None` when it takes none.
pub(super) fn transfer_fees(data: &[u8]) -> Option<TransferFees> {
    let mut fields = Fields(find(data, MINT_KIND, TRANSFER_FEE_CONFIG)?);
    let authority = fields.key()?;
    let _withdraw_authority = fields.key()?;
    let _withheld = fields.u64()?;
    Some(TransferFees {
        authority,
        older: fields.fee()?,
        newer: fields.fee()?,
    })
}

/// Who may pause a mint and whether it is paused; `None` when nobody ever could.
pub(super) fn pausable(data: &[u8]) -> Option<(Option<Pubkey>, bool)> {
    let mut fields = Fields(find(data, MINT_KIND, PAUSABLE)?);
    let authority = fields.key()?;
    let [paused] = fields.take::<1>()?;
    Some((authority, paused != 0))
}

/// Whether an account's owner lets in no transfer without a memo.
pub(super) fn requires_memo(data: &[u8]) -> bool {
    find(data, ACCOUNT_KIND, MEMO_TRANSFER)
        .and_then(<[u8]>::first)
        .is_some_and(|required| *required != 0)
}

/// Fees that were withheld in a token account and not collected yet, base units.
pub(super) fn withheld(data: &[u8]) -> u64 {
    find(data, ACCOUNT_KIND, TRANSFER_FEE_AMOUNT)
        .and_then(|value| Fields(value).u64())
        .unwrap_or(0)
}

/// Bytes of a new canonical account of a mint: the associated-token-account program fixes its owner for ever, and some
/// of the mint's extensions need room in every account.
pub(super) fn account_len(mint: &[u8]) -> usize {
    /// Type and length before a value.
    const HEAD: usize = 4;
    let needed = extensions(mint, MINT_KIND).map(|(kind, _)| match kind {
        TRANSFER_FEE_CONFIG => HEAD + size_of::<u64>(),
        NON_TRANSFERABLE | PAUSABLE => HEAD,
        TRANSFER_HOOK => HEAD + 1,
        _ => 0,
    });
    needed.fold(BASE_LEN + 1 + HEAD, usize::saturating_add)
}

/// The value of the extension of type `wanted` in an account of `kind`.
fn find(data: &[u8], kind: u8, wanted: u16) -> Option<&[u8]> {
    extensions(data, kind).find_map(|(found, value)| (found == wanted).then_some(value))
}

/// Types and values of the extensions of an account of `kind`, up to the first that is cut short; none when it is
/// another kind of account.
fn extensions(data: &[u8], kind: u8) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = match data.get(BASE_LEN..).and_then(<[u8]>::split_first) {
        Some((found, rest)) if *found == kind => rest,
        _ => &[],
    };
    std::iter::from_fn(move || {
        let mut fields = Fields(rest);
        // Type 0 is the unused room behind the last extension.
        let found = fields.u16().filter(|found| *found != 0)?;
        let len = usize::from(fields.u16()?);
        let (value, behind) = fields.0.split_at_checked(len)?;
        rest = behind;
        Some((found, value))
    })
}

/// Little-endian fields, one after another.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*field)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    /// A floating-point number as the shortest decimal text that means it.
    fn number(&mut self) -> Option<String> {
        self.take()
            .map(|bytes| f64::from_le_bytes(bytes).to_string())
    }

    /// A key that may be nobody's: the outer `None` is the end of the bytes.
    #[expect(
        clippy::option_option,
        reason = "the end of the bytes and nobody are two things"
    )]
    fn key(&mut self) -> Option<Option<Pubkey>> {
        let key = self.take().map(Pubkey::new_from_array)?;
        Some((key != Pubkey::default()).then_some(key))
    }

    fn fee(&mut self) -> Option<TransferFee> {
        Some(TransferFee {
            epoch: self.u64()?,
            maximum: self.u64()?,
            bps: self.u16()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fee(bps: u16, maximum: u64) -> TransferFee {
        TransferFee {
            epoch: 0,
            maximum,
            bps,
        }
    }

    #[test]
    fn a_fee_is_rounded_up_and_capped() {
        for (bps, maximum, units, expected) in [
            (0, u64::MAX, 1_000, 0),
            (50, u64::MAX, 0, 0),
            (50, u64::MAX, 1, 1),
            (50, u64::MAX, 200, 1),
            (50, u64::MAX, 201, 2),
            (50, 3, 1_000_000, 3),
            (10_000, u64::MAX, u64::MAX, u64::MAX),
        ] {
            assert_eq!(
                fee(bps, maximum).of(units),
                expected,
                "{bps} bps of {units}"
            );
        }
    }

    #[test]
    fn the_newer_fee_holds_from_its_epoch_on() {
        let fees = TransferFees {
            authority: None,
            older: fee(1, 1),
            newer: TransferFee {
                epoch: 7,
                ..fee(2, 2)
            },
        };
        assert_eq!((fees.at(6).bps, fees.at(7).bps), (1, 2));
    }

    #[test]
    fn what_wallets_multiply_or_add_to_amounts_is_read() {
        let mint = |kind: u16, value: &[u8]| {
            let mut data = vec![0; BASE_LEN];
            data.push(MINT_KIND);
            data.extend(kind.to_le_bytes());
            data.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
            data.extend(value);
            data
        };
        let mut scaled = vec![7; 32];
        scaled.extend(2_f64.to_le_bytes());
        scaled.extend(1_772_323_200_i64.to_le_bytes());
        scaled.extend(0.25_f64.to_le_bytes());
        assert_eq!(
            appearance(&mint(SCALED_UI_AMOUNT, &scaled)),
            Some(Appearance::Scaled {
                authority: Some(Pubkey::new_from_array([7; 32])),
                older: "2".to_owned(),
                newer: "0.25".to_owned(),
                newer_from: 1_772_323_200
            })
        );
        assert_eq!(appearance(&mint(SCALED_UI_AMOUNT, &scaled[..40])), None);
        let mut interest = vec![0; 32];
        interest.extend([1; 8]);
        interest.extend(300_i16.to_le_bytes());
        interest.extend([2; 8]);
        interest.extend((-50_i16).to_le_bytes());
        assert_eq!(
            appearance(&mint(INTEREST_BEARING, &interest)),
            Some(Appearance::Interest {
                authority: None,
                rate_bps: -50
            })
        );
        assert_eq!(appearance(&mint(PAUSABLE, &[0; 33])), None);
    }

    #[test]
    fn an_extension_is_found_behind_others_and_only_in_its_kind_of_account() {
        let mut data = vec![0; BASE_LEN];
        data.extend([ACCOUNT_KIND, 7, 0, 0, 0, 8, 0, 1, 0, 1]);
        assert!(requires_memo(&data));
        data[BASE_LEN] = MINT_KIND;
        assert!(!requires_memo(&data));
        data[BASE_LEN] = ACCOUNT_KIND;
        data.pop();
        assert!(!requires_memo(&data), "cut short");
    }
}
