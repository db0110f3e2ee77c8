//! What the built programs cost in the machine, with mainnet's features and token programs.
//!
//! Keys, times and amounts are constants, so the same programs give the same values. A measurement that does not go
//! through panics with the program's log, like a test.

mod campaign;
mod challenge;
mod claim;
mod credits;
mod epoch;
mod peers;
mod points;
mod rent;
mod stage;
mod transaction;
mod tree;

use std::collections::BTreeSet;

use crate::report::{Values, entries};

/// Measures everything that the report's catalogue lists.
///
/// # Panics
/// When a program refuses, or when catalogue and measurements do not name the same keys: a promise must not vanish from
/// the report unseen.
pub fn measure() -> Values {
    let mut values = Values::new();
    for part in [
        claim::measure,
        campaign::measure,
        points::measure,
        credits::measure,
        epoch::measure,
        challenge::measure,
        rent::measure,
        peers::measure,
    ] {
        for (key, value) in part() {
            let before = values.insert(key.to_owned(), value);
            assert!(before.is_none(), "{key} is measured twice");
        }
    }
    let measured: BTreeSet<&str> = values.keys().map(String::as_str).collect();
    let listed: BTreeSet<&str> = entries().map(|entry| entry.key).collect();
    assert_eq!(
        measured, listed,
        "what is measured and what the catalogue lists"
    );
    values
}

/// Some values with their keys.
type Measured = Vec<(&'static str, u64)>;
