//! Columns from iterators.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, FixedSizeBinaryArray, Int64Array, UInt8Array, UInt16Array, UInt32Array,
    UInt64Array,
};
use arrow::buffer::{Buffer, NullBuffer};

macro_rules! plain {
    ($($name:ident: $value:ty => $array:ty;)*) => {
        $(pub fn $name(values: impl Iterator<Item = $value>) -> ArrayRef {
            Arc::new(<$array>::from_iter_values(values))
        })*
    };
}

plain! {
    u8: u8 => UInt8Array;
    u16: u16 => UInt16Array;
    u32: u32 => UInt32Array;
    u64: u64 => UInt64Array;
    i64: i64 => Int64Array;
}

macro_rules! optional {
    ($($name:ident: $value:ty => $array:ty;)*) => {
        $(pub fn $name(values: impl Iterator<Item = Option<$value>>) -> ArrayRef {
            Arc::new(<$array>::from_iter(values))
        })*
    };
}

optional! {
    optional_u16: u16 => UInt16Array;
    optional_u32: u32 => UInt32Array;
    optional_u64: u64 => UInt64Array;
    optional_i64: i64 => Int64Array;
}

pub fn optional_binary<'a>(values: impl Iterator<Item = Option<&'a [u8]>>) -> ArrayRef {
    Arc::new(BinaryArray::from_iter(values))
}

pub fn bytes<const N: usize>(values: impl Iterator<Item = [u8; N]>) -> ArrayRef {
    let flat: Vec<u8> = values.flatten().collect();
    Arc::new(FixedSizeBinaryArray::new(
        width::<N>(),
        Buffer::from_vec(flat),
        None,
    ))
}

pub fn optional_bytes<const N: usize>(values: impl Iterator<Item = Option<[u8; N]>>) -> ArrayRef {
    let mut flat = Vec::new();
    let mut valid = Vec::new();
    for value in values {
        flat.extend_from_slice(&value.unwrap_or([0; N]));
        valid.push(value.is_some());
    }
    let nulls = NullBuffer::from(valid);
    Arc::new(FixedSizeBinaryArray::new(
        width::<N>(),
        Buffer::from_vec(flat),
        Some(nulls),
    ))
}

fn width<const N: usize>() -> i32 {
    const { assert!(N < 1 << 16) };
    N as i32
}
