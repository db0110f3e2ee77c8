use borsh::{BorshDeserialize, BorshSerialize};

use super::Kind;
use crate::DecodeError;

/// A body. Its values have fixed sizes, so that its length alone refuses nearly all that is none.
pub(super) trait Typed: BorshSerialize + BorshDeserialize {
    const KIND: Kind;
    /// Length of every body of this kind.
    const BYTES: usize;

    /// Whether every value lies in its range.
    ///
    /// # Errors
    /// [`DecodeError::OutOfRange`]; [`DecodeError::SameKey`].
    fn check(&self) -> Result<(), DecodeError>;

    fn encode(&self) -> Vec<u8> {
        borsh::to_vec(self).expect("bodies have fixed sizes and memory takes them")
    }

    /// The body in `bytes`, whose values may lie anywhere.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() != Self::BYTES {
            return Err(DecodeError::BodyLength {
                kind: Self::KIND.name(),
                len: bytes.len(),
                expected: Self::BYTES,
            });
        }
        // The length fits, so the one thing left to be wrong is a truth value: 2 to 255 would be a second encoding of 1.
        Self::try_from_slice(bytes).map_err(|_| DecodeError::NotBoolean {
            kind: Self::KIND.name(),
        })
    }
}

const MAX_PERMILLE: i64 = 1_000;
const MAX_LAT_E7: i64 = 900_000_000;
const MAX_LON_E7: i64 = 1_800_000_000;

/// Refuses a value outside `min..=max`.
pub(super) fn within(
    field: &'static str,
    value: i64,
    min: i64,
    max: i64,
) -> Result<(), DecodeError> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(DecodeError::OutOfRange {
            field,
            value,
            min,
            max,
        })
    }
}

/// A number that counts from 1: 0 stands for none.
pub(super) fn positive(field: &'static str, value: u32) -> Result<(), DecodeError> {
    within(field, i64::from(value), 1, i64::from(u32::MAX))
}

/// A share above the whole would multiply pay.
pub(super) fn permille(field: &'static str, value: u16) -> Result<(), DecodeError> {
    within(field, i64::from(value), 0, MAX_PERMILLE)
}

/// A place on Earth, degrees × 10^7.
pub(super) fn place(lat_e7: i32, lon_e7: i32) -> Result<(), DecodeError> {
    within("lat_e7", i64::from(lat_e7), -MAX_LAT_E7, MAX_LAT_E7)?;
    within("lon_e7", i64::from(lon_e7), -MAX_LON_E7, MAX_LON_E7)
}
