//! How what the programs keep and say reads as JSON: keys as base58, hashes as hexadecimal, nodes as hash and sum, tokens as
//! base units, points as milli-points, moments as Unix seconds.

use cairn_merkle::Node;
pub(crate) use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use solana_sdk::pubkey::Pubkey;

/// A value with a JSON form.
pub trait Form {
    /// # Errors
    /// The serializer's.
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;
}

/// A value with names: [`records`] lists them, in the order in which they are written.
pub trait Record {
    /// # Errors
    /// The serializer's.
    fn entries<M: SerializeMap>(&self, to: &mut M) -> Result<(), M::Error>;
}

/// A value on its way into a serializer.
pub struct Shown<'a, T: ?Sized>(pub &'a T);

impl<T: Form + ?Sized> Serialize for Shown<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.write(to)
    }
}

/// Writes a record as an object.
pub(crate) fn object<T: Record, S: Serializer>(record: &T, to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(None)?;
    record.entries(&mut map)?;
    map.end()
}

/// The JSON of records: `Type as it { name, name: what stands there, … }`. A name alone is the field of that name.
macro_rules! records {
    ($($record:ty as $it:ident { $($key:ident $(: $value:expr)?),* $(,)? })+) => {$(
        impl $crate::json::Record for $record {
            fn entries<M: $crate::json::SerializeMap>(&self, to: &mut M) -> Result<(), M::Error> {
                let $it = self;
                $(to.serialize_entry(
                    stringify!($key),
                    &$crate::json::Shown(&$crate::json::records!(@value $it $key $($value)?)),
                )?;)*
                Ok(())
            }
        }

        impl $crate::json::Form for $record {
            fn write<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                $crate::json::object(self, to)
            }
        }
    )+};
    (@value $it:ident $key:ident $value:expr) => { $value };
    (@value $it:ident $key:ident) => { $it.$key };
}
pub(crate) use records;

/// Zeros stand for no key.
pub(crate) fn told(key: Pubkey) -> Option<Pubkey> {
    (key != Pubkey::default()).then_some(key)
}

macro_rules! as_serde_has_it {
    ($($type:ty),+) => {$(
        impl Form for $type {
            fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                self.serialize(to)
            }
        }
    )+};
}
as_serde_has_it!(bool, u8, u16, u32, u64, i64, usize, str, String);

impl Form for Pubkey {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl Form for [u8; 32] {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(self))
    }
}

impl<const N: usize> Form for [u64; N] {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.as_slice().write(to)
    }
}

impl<T: Form> Form for [T] {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Shown))
    }
}

impl<T: Form> Form for Vec<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.as_slice().write(to)
    }
}

impl<T: Form + ?Sized> Form for &T {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (**self).write(to)
    }
}

impl<T: Form> Form for Option<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => to.serialize_some(&Shown(value)),
            None => to.serialize_none(),
        }
    }
}

records! {
    Node as it { hash, sum: it.sum().get() }
}
