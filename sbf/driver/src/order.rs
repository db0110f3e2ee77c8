//! Comparisons of byte strings that LLVM's backend would answer with too little.
//!
//! `memcmp` says which of two strings comes first, `bcmp` only whether they differ, and the backend writes a call of `bcmp` with a
//! fixed length out as just that: 0 or 1. solana-compiler-builtins gives both one body, so LLVM would merge them, send the callers
//! of `memcmp` to `bcmp`, and every `<` of two keys or hashes would be false, every `>` true: a check with `>` would let through
//! what it is there to stop. [`KEEP_APART`] keeps the two different; [`check`] looks at what comes out all the same.

use anyhow::{Result, bail};

use crate::function;

/// For `opt` wherever it merges functions: an attribute that means nothing here and makes `bcmp` another function than `memcmp`.
pub const KEEP_APART: &str = "-force-attribute=bcmp:nocf_check";

/// Refuses a module in which `memcmp` is `bcmp`, or the outcome of a `bcmp` is used for more than whether it is zero.
pub fn check(module: &str) -> Result<()> {
    let mut function = "";
    let mut body: Vec<&str> = Vec::new();
    for line in module.lines() {
        if let Some(name) = function::defined_name(line) {
            function = name;
            body.clear();
        } else if line == "}" {
            check_body(function, &body)?;
        } else {
            body.push(line);
        }
    }
    Ok(())
}

fn check_body(function: &str, body: &[&str]) -> Result<()> {
    let calls = body.iter().filter(|line| line.contains(" @bcmp("));
    for call in calls {
        if function == "@memcmp" {
            bail!(
                "LLVM made `memcmp` a call of `bcmp`, which does not tell an order; hint: order.rs of the driver says what must keep them apart"
            );
        }
        let Some((value, _)) = call.trim().split_once(" = ") else {
            continue;
        };
        if let Some(used) = body
            .iter()
            .find(|line| *line != call && uses(line, value) && !only_asks_for_zero(line, value))
        {
            bail!(
                "in function `{}`: an order is taken from `bcmp`, which tells none: {}; hint: order.rs of the driver says what must \
                 keep it from `memcmp`",
                function::readable(function),
                used.trim()
            );
        }
    }
    Ok(())
}

/// Whether the value stands in the line as a whole name.
fn uses(line: &str, value: &str) -> bool {
    line.match_indices(value).any(|(at, _)| {
        let next = line[at + value.len()..].chars().next();
        next.is_none_or(|letter| !letter.is_ascii_alphanumeric() && !"._$-".contains(letter))
    })
}

fn only_asks_for_zero(line: &str, value: &str) -> bool {
    ["eq", "ne"]
        .iter()
        .any(|condition| line.contains(&format!("icmp {condition} i32 {value}, 0")))
}
