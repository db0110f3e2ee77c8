use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use cairn_merkle::{Credits, EpochNumber, LeafIndex};
use cairn_spelling::Amount;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::Facts;
use crate::{Address, Hash};

/// What a fact can be. JSON has it as its type serialises, the page as it displays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Address(Address),
    Hash(Hash),
    Amount(Amount),
    Number(u64),
    /// Unix seconds.
    Moment(i64),
    Flag(bool),
    Text(String),
    Texts(Vec<String>),
    Numbers(Vec<u64>),
    /// How many of each.
    Counts(BTreeMap<String, u64>),
    Path(PathBuf),
    /// Facts of a part.
    Part(Box<Facts>),
    Parts(Vec<Facts>),
    /// There is none: null.
    Nothing,
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Hash(hash) => hash.fmt(f),
            Self::Amount(amount) => f.write_str(&amount.grouped()),
            Self::Number(number) => number.fmt(f),
            Self::Moment(seconds) => seconds.fmt(f),
            Self::Flag(flag) => f.write_str(if *flag { "yes" } else { "no" }),
            Self::Text(text) => f.write_str(text),
            Self::Texts(texts) => listed(f, texts),
            Self::Numbers(numbers) => listed(f, numbers),
            Self::Counts(counts) => listed(
                f,
                counts.iter().map(|(name, count)| format!("{name} {count}")),
            ),
            Self::Path(path) => path.display().fmt(f),
            Self::Part(part) => part.fmt(f),
            Self::Parts(parts) => listed(f, parts),
            Self::Nothing => f.write_str("none"),
        }
    }
}

/// One behind the other, or "none".
fn listed<T: ToString>(
    f: &mut fmt::Formatter<'_>,
    all: impl IntoIterator<Item = T>,
) -> fmt::Result {
    let all: Vec<String> = all.into_iter().map(|one| one.to_string()).collect();
    if all.is_empty() {
        return f.write_str("none");
    }
    f.write_str(&all.join(", "))
}

macro_rules! is_a_fact {
    ($($type:ty => |$value:ident| $fact:expr),+ $(,)?) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $fact
            }
        })+
    };
}

is_a_fact! {
    Pubkey => |key| Self::Address(key.into()),
    Address => |address| Self::Address(address),
    Hash => |hash| Self::Hash(hash),
    [u8; 32] => |hash| Self::Hash(hash.into()),
    Amount => |amount| Self::Amount(amount),
    u8 => |number| Self::Number(number.into()),
    u16 => |number| Self::Number(number.into()),
    u32 => |number| Self::Number(number.into()),
    u64 => |number| Self::Number(number),
    usize => |number| Self::Number(number as u64),
    i64 => |seconds| Self::Moment(seconds),
    bool => |flag| Self::Flag(flag),
    &str => |text| Self::Text(text.to_owned()),
    String => |text| Self::Text(text),
    Vec<&'static str> => |texts| Self::Texts(texts.into_iter().map(str::to_owned).collect()),
    Vec<String> => |texts| Self::Texts(texts),
    Vec<u64> => |numbers| Self::Numbers(numbers),
    Credits => |credits| Self::Number(credits.get()),
    EpochNumber => |number| Self::Number(number.get()),
    LeafIndex => |index| Self::Number(index.get().into()),
    Vec<EpochNumber> => |numbers| {
        Self::Numbers(numbers.into_iter().map(EpochNumber::get).collect())
    },
    BTreeMap<String, u64> => |counts| Self::Counts(counts),
    &Path => |path| Self::Path(path.to_owned()),
    Facts => |part| Self::Part(Box::new(part)),
    Vec<Facts> => |parts| Self::Parts(parts),
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}
