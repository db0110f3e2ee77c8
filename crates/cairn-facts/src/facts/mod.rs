use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use solana_sdk::pubkey::Pubkey;

use crate::{Deeds, Page, Show, sol};

mod value;

pub use value::Value;

/// What the page says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    /// Behind a label.
    Fact(Cow<'static, str>, String),
    /// Of what follows.
    Title(String),
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fact {
    /// In JSON under this key, if at all.
    data: Option<(&'static str, Value)>,
    /// On the page, if at all.
    told: Option<Told>,
}

/// What a command did, and what there is to know about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts<D = ()> {
    title: Option<String>,
    list: Vec<Fact>,
    /// The title where nothing had to be done.
    nothing: Option<String>,
    /// The last line.
    next: Option<String>,
    pub transactions: D,
}

impl Facts {
    /// What a command found out, under a title; a part of a result has none.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<D: Deeds> Facts<D> {
    /// Of what `transactions` did.
    #[must_use]
    pub fn of(transactions: D) -> Self {
        Self {
            title: None,
            list: Vec::new(),
            nothing: None,
            next: None,
            transactions,
        }
    }

    /// The first line, instead of what the transactions say of themselves.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The page calls it as JSON does.
    #[must_use]
    pub fn fact(self, key: &'static str, value: impl Into<Value>) -> Self {
        self.named(key, key, value)
    }

    /// The page calls it `label`.
    #[must_use]
    pub fn named(
        self,
        key: &'static str,
        label: impl Into<Cow<'static, str>>,
        value: impl Into<Value>,
    ) -> Self {
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
        label: impl Into<Cow<'static, str>>,
        words: impl fmt::Display,
    ) -> Self {
        self.list.push(Fact {
            data: Some((key, value.into())),
            told: Some(Told::Fact(label.into(), words.to_string())),
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
    pub fn words(mut self, label: impl Into<Cow<'static, str>>, words: impl fmt::Display) -> Self {
        self.list.push(Fact {
            data: None,
            told: Some(Told::Fact(label.into(), words.to_string())),
        });
        self
    }

    /// A line over what the page says from here on.
    #[must_use]
    pub fn section(mut self, title: impl Into<String>) -> Self {
        self.list.push(Fact {
            data: None,
            told: Some(Told::Title(title.into())),
        });
        self
    }

    /// A file that was written if something was sent: named on the page only then.
    #[must_use]
    pub fn file(self, key: &'static str, label: &'static str, path: &Path) -> Self {
        let sent = self.transactions.done();
        self.named_if(sent, key, label, path)
    }

    /// The title where nothing had to be done.
    #[must_use]
    pub fn nothing(mut self, title: impl Into<String>) -> Self {
        self.nothing = Some(title.into());
        self
    }

    /// What to do next, told once something was sent.
    #[must_use]
    pub fn next(self, line: impl Into<String>) -> Self {
        let sent = self.transactions.done();
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
        let mut data = self.data_of();
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
            Value::Amount(amount) => Some(amount.base()),
            Value::Moment(seconds) => u64::try_from(*seconds).ok(),
            _ => None,
        }
    }

    fn data_of(&self) -> impl Iterator<Item = &(&'static str, Value)> {
        self.list.iter().filter_map(|fact| fact.data.as_ref())
    }
}

impl<D: Deeds> Serialize for Facts<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.data_of() {
            map.serialize_entry(key, value)?;
        }
        if let Some(key) = D::KEY {
            map.serialize_entry(key, &self.transactions)?;
        }
        map.end()
    }
}

/// As a part of other facts: each with its key.
impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (key, value)) in self.data_of().enumerate() {
            let between = if at == 0 { "" } else { ", " };
            write!(f, "{between}{key} {value}")?;
        }
        Ok(())
    }
}

impl<D: Deeds> Show for Facts<D> {
    fn show(&self, page: &mut Page) {
        match (&self.nothing, &self.title) {
            (Some(title), _) if self.transactions.is_empty() => page.title(title),
            (_, Some(title)) => page.title(title),
            (_, None) => page.title(&self.transactions.title()),
        }
        for told in self.list.iter().filter_map(|fact| fact.told.as_ref()) {
            match told {
                Told::Fact(label, text) => page.fact(label, text),
                Told::Title(title) => page.title(title),
            }
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
    use cairn_merkle::Tokens;

    use super::*;
    use crate::of_tokens;

    #[test]
    fn text_and_json_follow_from_one_list() {
        let key = Pubkey::new_from_array([1; 32]);
        let facts = Facts::new()
            .title("A pool")
            .fact("pool", key)
            .named(
                "amount",
                "the vault receives",
                of_tokens(Tokens::new(1_500_000), 3),
            )
            .worded("ends_at", 7_i64, "ends", "soon")
            .data("rent_lamports", 5_u64)
            .words("rent", "5 lamports")
            .file("devices_file", "updated", Path::new("devices.parquet"))
            .section("Its epochs")
            .data("epochs", vec![Facts::new().data("number", 1_u64)])
            .words(format!("epoch {}", 1), "active")
            .data("veto", None::<u64>)
            .next("Next: nothing");
        let mut page = Page::new(false);
        facts.show(&mut page);
        assert_eq!(
            page.finish(),
            format!(
                "A pool\n  pool                {key}\n  the vault receives  1,500\n  ends                soon\n  \
                 rent                5 lamports\n\nIts epochs\n  epoch 1  active\n"
            )
        );
        assert_eq!(
            serde_json::to_string(&facts).unwrap(),
            format!(
                r#"{{"pool":"{key}","amount":{{"amount":"1500000","decimals":3,"uiAmountString":"1500"}},"ends_at":7,"rent_lamports":5,"devices_file":"devices.parquet","epochs":[{{"number":1}}],"veto":null}}"#
            )
        );
        assert_eq!(facts.get("rent_lamports"), Some(&Value::Number(5)));
        assert_eq!(facts.get("rent"), None);
    }

    /// What was sent.
    #[derive(Serialize)]
    struct Sent(Vec<&'static str>);

    impl Deeds for Sent {
        const KEY: Option<&'static str> = Some("transactions");

        fn is_empty(&self) -> bool {
            self.0.is_empty()
        }

        fn done(&self) -> bool {
            !self.is_empty()
        }

        fn title(&self) -> String {
            "Fund the pool: done".to_owned()
        }

        fn show(&self, page: &mut Page) {
            for one in &self.0 {
                page.fact("signature", *one);
            }
        }
    }

    #[test]
    fn what_was_done_is_told_behind_the_facts_and_what_comes_next_only_after_it() {
        let shown = |sent: Vec<&'static str>| {
            let facts = Facts::of(Sent(sent))
                .fact("pool", "P")
                .nothing("Nothing to do")
                .next("Next: claim");
            let mut page = Page::new(false);
            facts.show(&mut page);
            (page.finish(), serde_json::to_string(&facts).unwrap())
        };
        assert_eq!(
            shown(vec!["S"]),
            (
                "Fund the pool: done\n  pool       P\n  signature  S\n\nNext: claim\n".to_owned(),
                r#"{"pool":"P","transactions":["S"]}"#.to_owned()
            )
        );
        assert_eq!(
            shown(Vec::new()),
            (
                "Nothing to do\n  pool  P\n".to_owned(),
                r#"{"pool":"P","transactions":[]}"#.to_owned()
            )
        );
    }
}
