//! What an epoch comes to, and in what two accounts of it differ.

use std::fmt;

use cairn_merkle::{Credits, MilliPoints, Tokens};

/// What an epoch comes to, as its manifest and its account on chain both say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub root: [u8; 32],
    /// Since the pool began, as points and credits.
    pub tokens: Tokens,
    pub points: MilliPoints,
    pub credits: Credits,
    pub members: u32,
    pub accepted: u64,
    pub rejected: u64,
    /// Unix seconds.
    pub period_start: i64,
    /// Unix seconds.
    pub period_end: i64,
    pub ruleset_hash: [u8; 32],
    pub code_hash: [u8; 32],
}

/// In what two summaries differ: the field, what the chain says, what this keeper derived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences(pub Vec<(&'static str, String, String)>);

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (field, on_chain, mine)) in self.0.iter().enumerate() {
            let before = if at == 0 { ": " } else { "; " };
            write!(f, "{before}{field} {on_chain} on chain, {mine} here")?;
        }
        Ok(())
    }
}

impl Summary {
    /// What differs between the chain's epoch and this keeper's.
    #[must_use]
    pub fn differences(on_chain: &Self, mine: &Self) -> Differences {
        let numbers = [
            ("accepted proofs", on_chain.accepted, mine.accepted),
            ("rejected proofs", on_chain.rejected, mine.rejected),
            ("tokens", on_chain.tokens.get(), mine.tokens.get()),
            ("milli-points", on_chain.points.get(), mine.points.get()),
            ("credits", on_chain.credits.get(), mine.credits.get()),
            ("members", on_chain.members.into(), mine.members.into()),
        ];
        let times = [
            ("period start", on_chain.period_start, mine.period_start),
            ("period end", on_chain.period_end, mine.period_end),
        ];
        let hashes = [
            ("ruleset", on_chain.ruleset_hash, mine.ruleset_hash),
            ("code", on_chain.code_hash, mine.code_hash),
            ("root", on_chain.root, mine.root),
        ];
        let named =
            |(field, a, b): (&'static str, String, String)| (a != b).then_some((field, a, b));
        let numbers = numbers.map(|(field, a, b)| (field, a.to_string(), b.to_string()));
        let times = times.map(|(field, a, b)| (field, a.to_string(), b.to_string()));
        let hashes = hashes.map(|(field, a, b)| (field, hex::encode(a), hex::encode(b)));
        let all = numbers.into_iter().chain(times).chain(hashes);
        Differences(all.filter_map(named).collect())
    }
}
