//! What is copied into its callers, and what is called.
//!
//! Anchor marks nearly everything it does for an account `#[inline(always)]`: the walk over the accounts, the search
//! for an address, the creation of an account. That is right for a program of five instructions. One of forty pays for
//! forty copies, and rent for every byte of them. So rustc hands the program over before it inlines anything
//! (`-Cno-prepopulate-passes`), this takes the order off every function that is not short, and LLVM's own judgement of
//! what a copy is worth decides.

use std::collections::HashMap;

use anyhow::{Result, bail};

/// Longest body, in lines of LLVM's text, that keeps its order to be copied: what is shorter than the call to it.
const SHORT: usize = 20;
/// What LLVM lets a copy cost, in its own units (225 at -O3, 50 at -Os). Each step buys compute units with bytes.
pub const THRESHOLD: &str = "-inline-threshold=25";

const ORDER: &str = "alwaysinline";

/// `text` with [`ORDER`] left on short functions only.
pub fn relax(text: &str) -> Result<String> {
    let groups = ordered_groups(text);
    let mut next = 1 + last_group(text);
    // The groups that short functions get: those they had, as they were.
    let mut kept: HashMap<&str, usize> = HashMap::new();
    let mut out = String::with_capacity(text.len());
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        if !line.starts_with("define ") {
            push(&mut out, &without_order(line));
            continue;
        }
        let body = lines.iter().skip(at + 1);
        let length = body.take_while(|line| **line != "}").count();
        if at + 1 + length == lines.len() {
            bail!("LLVM's text ends inside a function");
        }
        match group_of(line).filter(|group| length <= SHORT && groups.contains_key(group)) {
            Some(group) => {
                let number = *kept.entry(group).or_insert_with(|| {
                    next += 1;
                    next - 1
                });
                push(&mut out, &with_group(line, group, number));
            }
            None => push(&mut out, line),
        }
    }
    let mut added: Vec<(&str, usize)> = kept.into_iter().collect();
    added.sort_by_key(|(_, number)| *number);
    for (group, number) in added {
        let attributes = groups.get(group).copied().unwrap_or_default();
        push(&mut out, &format!("attributes #{number} = {attributes}"));
    }
    Ok(out)
}

fn push(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// The attribute groups that hold the order, by number: rustc puts it on functions and, again, on calls.
fn ordered_groups(text: &str) -> HashMap<&str, &str> {
    let groups = text.lines().filter_map(group);
    groups
        .filter(|(_, attributes)| attributes.split(' ').any(|word| word == ORDER))
        .collect()
}

fn last_group(text: &str) -> usize {
    let numbers = text.lines().filter_map(group);
    numbers
        .filter_map(|(number, _)| number.parse().ok())
        .max()
        .unwrap_or(0)
}

/// The number and the attributes of a line that defines an attribute group.
fn group(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("attributes #")?.split_once(" = ")
}

/// The line, without the order when it defines an attribute group.
fn without_order(line: &str) -> String {
    if group(line).is_none() {
        return line.to_owned();
    }
    let words = line.split(' ').filter(|word| *word != ORDER);
    words.collect::<Vec<_>>().join(" ")
}

/// The attribute group of a function's first line: its last word that begins with `#`.
fn group_of(define: &str) -> Option<&str> {
    let mut words = define.split(' ').rev();
    words.find_map(|word| word.strip_prefix('#'))
}

fn with_group(define: &str, from: &str, to: usize) -> String {
    let from = format!("#{from}");
    let to = format!("#{to}");
    let words = define
        .split(' ')
        .map(|word| if word == from { to.as_str() } else { word });
    words.collect::<Vec<_>>().join(" ")
}
