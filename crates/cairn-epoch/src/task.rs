use cairn_merkle::Credits;
use cairn_proof::PublicKey;
use serde::Deserialize;

use cairn_spelling::text;

use crate::party::{check_kind, check_words, issuer_key};

/// A carrier's task: who says that somebody completed it, and the data credits it grants.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// What proofs call the task, from 1. Never given to another one: who completed it is remembered by it.
    pub id: u32,
    /// What is to be done, for people: "activate an eSIM" …
    pub name: String,
    /// The issuer key that must sign each completion, with its kind as in the registry: 0 Ed25519, 2 or 3 P-256.
    #[serde(with = "text::key")]
    pub carrier: [u8; 32],
    #[serde(default)]
    pub carrier_kind: u8,
    /// What one completion grants.
    #[serde(with = "text::amount")]
    pub credits: Credits,
    /// What all completions of one epoch grant together, at most: no carrier's key can grant more.
    #[serde(with = "text::amount")]
    pub credits_per_epoch: Credits,
}

/// Most credits of one completion: times as many proofs as an epoch can hold, it still fits in 64 bits.
const CREDITS_LIMIT: u64 = 1 << 30;

/// Most credits of all tasks in one epoch. A member's counter on chain has 63 bits, which eight million such epochs do not fill.
const BUDGET_LIMIT: u128 = 1 << 40;

impl Task {
    /// The carrier's key as signatures are checked with it; `None` for a key kind that does not exist.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        issuer_key(self.carrier_kind, self.carrier)
    }

    fn check(&self) -> Result<(), String> {
        let id = self.id;
        if id == 0 {
            return Err("[[task]] ids count from 1".to_owned());
        }
        let of = format!("[[task]] {id}");
        check_kind(&of, "carrier_kind", self.carrier_kind)?;
        check_words(&of, "name", &self.name, "activate an eSIM")?;
        if !(1..=CREDITS_LIMIT).contains(&self.credits.get()) {
            return Err(format!(
                "[[task]] {id}: credits must be 1 to {CREDITS_LIMIT}"
            ));
        }
        if self.credits_per_epoch < self.credits {
            return Err(format!(
                "[[task]] {id}: credits_per_epoch must be at least the credits of one completion"
            ));
        }
        Ok(())
    }
}

/// Checks all tasks of a ruleset.
pub(crate) fn check_tasks(tasks: &[Task]) -> Result<(), String> {
    let mut budget = 0_u128;
    for task in tasks {
        task.check()?;
        budget = budget.saturating_add(task.credits_per_epoch.get().into());
    }
    if budget > BUDGET_LIMIT {
        return Err(format!(
            "the tasks' credits_per_epoch add up to {budget}; at most {BUDGET_LIMIT} are granted in an epoch"
        ));
    }
    if tasks.windows(2).any(|pair| pair[0].id >= pair[1].id) {
        return Err("[[task]] ids must ascend and none may stand twice".to_owned());
    }
    Ok(())
}

/// The task called `id`, among tasks that ascend by it.
pub(crate) fn task(tasks: &[Task], id: u32) -> Option<&Task> {
    let at = tasks.binary_search_by_key(&id, |task| task.id).ok()?;
    tasks.get(at)
}
