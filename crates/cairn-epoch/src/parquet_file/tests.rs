use std::path::Path;

use arrow::array::{ArrayRef, RecordBatch};
use proptest::prelude::*;

use super::{Field, Kind, column, dictionary, encode, encode_table, read_batches, schema_of};
use crate::origin::Origin;

const FIELDS: &[Field] = &[
    Field::new("u8", Kind::U8, Origin::Computed),
    Field::optional("u16", Kind::U16, Origin::Computed),
    Field::new("u32", Kind::U32, Origin::Computed),
    Field::new("u64", Kind::U64, Origin::Computed),
    Field::optional("i64", Kind::I64, Origin::Computed),
    Field::new("key", Kind::Bytes(32), Origin::Computed),
    Field::optional("code", Kind::Bytes(2), Origin::Computed),
    Field::optional("raw", Kind::Binary, Origin::Computed),
];

/// Columns of `values`, of which none is larger than the column's type.
fn columns(values: &[u64]) -> Vec<ArrayRef> {
    let each = || values.iter().copied();
    let some = |value: u64| value % 5 != 3;
    let raws: Vec<Option<Vec<u8>>> = each()
        .map(|value| some(value).then(|| vec![value as u8; (value % 70) as usize]))
        .collect();
    vec![
        column::u8(each().map(|value| value as u8)),
        column::optional_u16(each().map(|value| some(value).then_some(value as u16))),
        column::u32(each().map(|value| value as u32)),
        column::u64(each()),
        column::optional_i64(each().map(|value| some(value).then_some(value as i64))),
        column::bytes(each().map(|value| {
            let mut key = [7; 32];
            key[..8].copy_from_slice(&value.to_le_bytes());
            key
        })),
        column::optional_bytes(
            each().map(|value| some(value).then_some((value as u16).to_le_bytes())),
        ),
        column::optional_binary(raws.iter().map(Option::as_deref)),
    ]
}

fn sizes(values: &[u64]) -> (usize, usize) {
    let path = Path::new("a.parquet");
    let chosen = encode_table(path, FIELDS, columns(values)).unwrap();
    let plain = encode(path, FIELDS, columns(values), |_| false).unwrap();
    assert_eq!(
        chosen,
        encode_table(path, FIELDS, columns(values)).unwrap(),
        "the same rows, the same bytes"
    );
    let rows = RecordBatch::try_new(schema_of(FIELDS), columns(values)).unwrap();
    for bytes in [&chosen, &plain] {
        assert_eq!(read_batches(path, bytes.clone().into()).unwrap(), rows);
    }
    (chosen.len(), plain.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_file_is_larger_than_without_dictionaries_and_all_come_back(
        values in (0_u32..64).prop_flat_map(|bits| {
            let most = u64::MAX >> bits;
            prop::collection::vec(0..=most, 0..1_500)
        }),
    ) {
        let (chosen, plain) = sizes(&values);
        prop_assert!(chosen <= plain, "{chosen} > {plain}");
    }
}

#[test]
fn keys_that_repeat_take_two_bytes_each_and_keys_that_do_not_are_plain() {
    // More than one row group.
    let repeated = |value: u64| value % 3_000;
    let keys = |each: &dyn Fn(u64) -> u64| {
        column::bytes((0..100_000).map(|value| {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&each(value).to_le_bytes());
            key
        }))
    };
    let field = [Field::new("key", Kind::Bytes(32), Origin::Computed)];
    let size = |column: ArrayRef| {
        encode_table(Path::new("a"), &field, vec![column])
            .unwrap()
            .len()
    };
    // 2 × 3,000 × 32 for the dictionaries, 100,000 × 12 bits.
    assert!(size(keys(&repeated)) < 192_000 + 150_000 + 2_000);
    assert!(dictionary::shrinks(&keys(&repeated), 65_536));
    assert!(!dictionary::shrinks(&keys(&|value| value), 65_536));
    let plain = size(keys(&|value| value));
    assert!((3_200_000..3_202_000).contains(&plain), "{plain}");
}
