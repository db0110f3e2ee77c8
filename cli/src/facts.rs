//! A command's result as one list of facts: what people read and what programs read both follow from it, so neither can say
//! what the other does not know.

use std::fmt;
use std::path::{Path, PathBuf};

use cairn_merkle::{Credits, EpochNumber, LeafIndex};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use solana_sdk::pubkey::Pubkey;

use crate::address::{Address, Hash};
use crate::amount::Amount;
use crate::bill::sol;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::transact::Transactions;

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
    Path(PathBuf),
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
            Self::Texts(texts) => f.write_str(&texts.join(", ")),
            Self::Numbers(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
                f.write_str(&numbers.join(", "))
            }
            Self::Path(path) => path.display().fmt(f),
        }
    }
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
    Credits => |credits| Self::Number(credits.get()),
    EpochNumber => |number| Self::Number(number.get()),
    LeafIndex => |index| Self::Number(index.get().into()),
    i64 => |seconds| Self::Moment(seconds),
    bool => |flag| Self::Flag(flag),
    &str => |text| Self::Text(text.to_owned()),
    String => |text| Self::Text(text),
    Vec<&'static str> => |texts| Self::Texts(texts.into_iter().map(str::to_owned).collect()),
    Vec<EpochNumber> => |numbers| Self::Numbers(numbers.into_iter().map(EpochNumber::get).collect()),
    &Path => |path| Self::Path(path.to_owned()),
}

/// One fact.
#[derive(Clone, Debug)]
struct Fact {
    /// In JSON under this key, if at all.
    data: Option<(&'static str, Value)>,
    /// On the page behind this label, if at all.
    told: Option<(&'static str, String)>,
}

/// What a command did, and what there is to know about it.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    list: Vec<Fact>,
    /// The title where nothing had to be sent.
    nothing: Option<String>,
    /// The last line.
    next: Option<String>,
    pub transactions: Transactions,
}

impl Facts {
    /// Of what `transactions` did.
    #[must_use]
    pub fn of(transactions: Transactions) -> Self {
        Self {
            transactions,
            ..Self::default()
        }
    }

    /// The page calls it as JSON does.
    #[must_use]
    pub fn fact(self, key: &'static str, value: impl Into<Value>) -> Self {
        self.named(key, key, value)
    }

    /// The page calls it `label`.
    #[must_use]
    pub fn named(self, key: &'static str, label: &'static str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let text = value.to_string();
        self.worded(key, value, label, text)
    }

    /// The page says it in other words.
    #[must_use]
    pub fn worded(
        mut self,
        key: &'static str,
        value: impl Into<Value>,
        label: &'static str,
        words: impl fmt::Display,
    ) -> Self {
        self.list.push(Fact {
            data: Some((key, value.into())),
            told: Some((label, words.to_string())),
        });
        self
    }

    /// On the page only where it says something.
    #[must_use]
    pub fn named_if(
        self,
        told: bool,
        key: &'static str,
        label: &'static str,
        value: impl Into<Value>,
    ) -> Self {
        if told {
            self.named(key, label, value)
        } else {
            self.data(key, value)
        }
    }

    /// Lamports for accounts that were made or closed, as `rent_lamports`; on the page where there are any.
    #[must_use]
    pub fn rent(self, label: &'static str, lamports: u64) -> Self {
        if lamports == 0 {
            return self.data("rent_lamports", lamports);
        }
        self.worded(
            "rent_lamports",
            lamports,
            label,
            format!("{} SOL", sol(lamports)),
        )
    }

    /// In JSON alone: what follows from the rest, or says nothing to a person.
    #[must_use]
    pub fn data(mut self, key: &'static str, value: impl Into<Value>) -> Self {
        self.list.push(Fact {
            data: Some((key, value.into())),
            told: None,
        });
        self
    }

    /// On the page alone: what JSON says in its parts.
    #[must_use]
    pub fn words(mut self, label: &'static str, words: impl fmt::Display) -> Self {
        self.list.push(Fact {
            data: None,
            told: Some((label, words.to_string())),
        });
        self
    }

    /// A file that was written if something was sent: named on the page only then.
    #[must_use]
    pub fn file(self, key: &'static str, label: &'static str, path: &Path) -> Self {
        let sent = self.transactions.sent();
        self.named_if(sent, key, label, path)
    }

    /// The title where nothing had to be sent.
    #[must_use]
    pub fn nothing(mut self, title: impl Into<String>) -> Self {
        self.nothing = Some(title.into());
        self
    }

    /// What to do next, told once something was sent.
    #[must_use]
    pub fn next(self, line: impl Into<String>) -> Self {
        let sent = self.transactions.sent();
        self.next_if(sent, line)
    }

    /// What to do next, where that may be done now.
    #[must_use]
    pub fn next_if(mut self, now: bool, line: impl Into<String>) -> Self {
        self.next = now.then(|| line.into());
        self
    }

    /// The fact that JSON has under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        let mut data = self.list.iter().filter_map(|fact| fact.data.as_ref());
        data.find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// An address, if that is what `key` is.
    #[must_use]
    pub fn address(&self, key: &str) -> Option<Pubkey> {
        match self.get(key)? {
            Value::Address(address) => Some(address.0),
            _ => None,
        }
    }

    /// A number, an amount's base units, or unix seconds, if that is what `key` is.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<u64> {
        match self.get(key)? {
            Value::Number(number) => Some(*number),
            Value::Amount(amount) => Some(amount.base),
            Value::Moment(seconds) => u64::try_from(*seconds).ok(),
            _ => None,
        }
    }
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.list.iter().filter_map(|fact| fact.data.as_ref()) {
            map.serialize_entry(key, value)?;
        }
        map.serialize_entry("transactions", &self.transactions)?;
        map.end()
    }
}

impl Verdict for Facts {}

impl Show for Facts {
    fn show(&self, page: &mut Page) {
        match &self.nothing {
            Some(title) if self.transactions.list.is_empty() => page.title(title),
            _ => self.transactions.title(page),
        }
        for (label, text) in self.list.iter().filter_map(|fact| fact.told.as_ref()) {
            page.fact(label, text);
        }
        self.transactions.show(page);
        if let Some(next) = &self.next {
            page.gap();
            page.line(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use cairn_merkle::MilliPoints;

    use super::*;
    use crate::amount::of_points;

    #[test]
    fn text_and_json_follow_from_one_list() {
        let key = Pubkey::new_from_array([1; 32]);
        let facts = Facts::of(Transactions::none("Fund the pool"))
            .fact("pool", key)
            .named(
                "amount",
                "the vault receives",
                of_points(MilliPoints::new(1_500_000)),
            )
            .worded("ends_at", 7_i64, "ends", "soon")
            .data("rent_lamports", 5_u64)
            .words("rent", "5 lamports")
            .file("devices_file", "updated", Path::new("devices.parquet"))
            .nothing("Nothing to do")
            .next("Next: nothing");
        let mut page = Page::new(false);
        facts.show(&mut page);
        assert_eq!(
            page.finish(),
            format!(
                "Nothing to do\n  pool                {key}\n  the vault receives  1,500\n  ends                soon\n  \
                 rent                5 lamports\n"
            )
        );
        assert_eq!(
            serde_json::to_string(&facts).unwrap(),
            format!(
                r#"{{"pool":"{key}","amount":{{"amount":"1500000","decimals":3,"uiAmountString":"1500"}},"ends_at":7,"rent_lamports":5,"devices_file":"devices.parquet","transactions":[]}}"#
            )
        );
        assert_eq!(facts.get("rent_lamports"), Some(&Value::Number(5)));
        assert_eq!(facts.get("rent"), None);
    }
}
