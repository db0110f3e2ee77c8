//! Which refusal met which attack, as a text that is compared with the committed one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

/// By position and name: attacks, and how they ended.
type Accounts = BTreeMap<(usize, String), BTreeMap<&'static str, BTreeSet<String>>>;

#[derive(Default)]
pub struct Report(BTreeMap<String, Accounts>);

impl Report {
    pub fn note(
        &mut self,
        instruction: String,
        account: (usize, String),
        attack: &'static str,
        outcome: String,
    ) {
        let accounts = self.0.entry(instruction).or_default();
        let attacks = accounts.entry(account).or_default();
        attacks.entry(attack).or_default().insert(outcome);
    }

    pub fn text(&self) -> String {
        let mut text = String::new();
        for (instruction, accounts) in &self.0 {
            let _ = writeln!(text, "{instruction}");
            for ((_, account), attacks) in accounts {
                let _ = writeln!(text, "  {account}");
                for (attack, outcomes) in attacks {
                    let outcomes: Vec<&str> = outcomes.iter().map(String::as_str).collect();
                    let _ = writeln!(text, "    {attack}: {}", outcomes.join(", "));
                }
            }
        }
        text
    }
}
