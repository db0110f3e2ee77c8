use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::Kind;
use super::body::{Typed, within};
use crate::{DecodeError, json};

/// Most milli-points of one adjustment, about a thousand million points: no sum of them can overflow.
const MAX_MILLI_POINTS: i64 = 1 << 40;

/// Points that the key `subject` was owed and did not get. Signed by two operators, both as attestors. An earlier decision stays as
/// it is: what it lacked is given in a later epoch.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjust {
    /// What is made good: the id of a proof, or the hash of a leaf.
    #[serde(with = "json::hex_array")]
    pub adjusted: [u8; 32],
    /// 1 to 2^40.
    #[serde(with = "json::decimal")]
    pub milli_points: u64,
    /// The keys of the two operators. Claims only: the verifier takes those registered.
    #[serde(with = "json::hex_array")]
    pub operator: [u8; 32],
    #[serde(with = "json::hex_array")]
    pub second_operator: [u8; 32],
}

impl Typed for Adjust {
    const KIND: Kind = Kind::Adjust;
    const BYTES: usize = 104;

    fn check(&self) -> Result<(), DecodeError> {
        // One key that signs twice is not two that agree.
        if self.operator == self.second_operator {
            return Err(DecodeError::SameKey {
                field: "second_operator",
                other: "operator",
            });
        }
        let milli_points = i64::try_from(self.milli_points).unwrap_or(i64::MAX);
        within("milli_points", milli_points, 1, MAX_MILLI_POINTS)
    }
}
