//! Which columns are written as a dictionary and places in it. The values decide, by sizes that can be counted before anything is
//! written, so the same rows lead to the same bytes and no column ever gets larger by its dictionary.

use std::hash::Hash;

use ahash::{HashSet, HashSetExt as _};
use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray as _, BinaryArray, FixedSizeBinaryArray,
    PrimitiveArray,
};
use arrow::datatypes::{DataType, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};

/// Bytes that a dictionary costs a row group beside its entries: the header of its page, and what the footer says of it.
const OVERHEAD: u64 = 64;

/// Whether `column`, cut into groups of `rows`, is smaller with a dictionary a group.
pub(super) fn shrinks(column: &ArrayRef, rows: usize) -> bool {
    let (mut plain, mut with) = (0_u64, 0_u64);
    let mut first = 0;
    while first < column.len() {
        let group = column.slice(first, rows.min(column.len() - first));
        let sizes = Sizes::of(&group);
        plain = plain.saturating_add(sizes.plain);
        with = with.saturating_add(sizes.with_dictionary());
        first = first.saturating_add(rows);
    }
    with < plain
}

/// What the values of one row group take.
#[derive(Clone, Copy, Debug, Default)]
struct Sizes {
    values: u64,
    /// Bytes of all of them, as they are written one behind the other.
    plain: u64,
    distinct: u64,
    /// Bytes of each once.
    once: u64,
}

impl Sizes {
    fn of(group: &ArrayRef) -> Self {
        match group.data_type() {
            DataType::UInt8 => Self::of_numbers::<UInt8Type>(group.as_primitive()),
            DataType::UInt16 => Self::of_numbers::<UInt16Type>(group.as_primitive()),
            DataType::UInt32 => Self::of_numbers::<UInt32Type>(group.as_primitive()),
            DataType::UInt64 => Self::of_numbers::<UInt64Type>(group.as_primitive()),
            DataType::Int64 => Self::of_numbers::<Int64Type>(group.as_primitive()),
            DataType::Binary => {
                let values: &BinaryArray = group.as_binary();
                // Each behind its length.
                Self::count(values.iter().flatten(), |value| value.len() as u64 + 4)
            }
            DataType::FixedSizeBinary(_) => {
                let values: &FixedSizeBinaryArray = group.as_fixed_size_binary();
                Self::count(values.iter().flatten(), |value| value.len() as u64)
            }
            // No column is of another type; one that was would be written plain.
            _ => Self::default(),
        }
    }

    /// The format knows numbers of four and of eight bytes.
    fn of_numbers<T: ArrowPrimitiveType<Native: Eq + Hash>>(values: &PrimitiveArray<T>) -> Self {
        let width = size_of::<T::Native>().max(4) as u64;
        Self::count(values.iter().flatten(), |_| width)
    }

    fn count<V: Eq + Hash + Copy>(
        values: impl Iterator<Item = V>,
        size: impl Fn(V) -> u64,
    ) -> Self {
        // Only asked, never walked.
        let mut known = HashSet::new();
        let mut sizes = Self::default();
        for value in values {
            let size = size(value);
            sizes.values += 1;
            sizes.plain += size;
            if known.insert(value) {
                sizes.distinct += 1;
                sizes.once += size;
            }
        }
        sizes
    }

    /// At most: eight places take as many bytes as one takes bits, and a byte that says how they are packed.
    const fn with_dictionary(self) -> u64 {
        let bits = (u64::BITS - self.distinct.saturating_sub(1).leading_zeros()) as u64;
        self.once + self.values.div_ceil(8) * (bits + 1) + OVERHEAD
    }
}
