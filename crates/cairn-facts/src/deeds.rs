use cairn_spelling::{Amount, grouped};
use serde::Serialize;

use crate::Page;

/// What a command did besides finding facts out: told behind them.
pub trait Deeds: Serialize {
    /// What JSON has them under; `None` where there is nothing to have.
    const KEY: Option<&'static str>;

    /// Whether nothing had to be done.
    fn is_empty(&self) -> bool;

    /// Whether something has changed.
    fn done(&self) -> bool;

    /// What was done, in one line, for results that have no title of their own.
    fn title(&self) -> String;

    /// Each of them, for people.
    fn show(&self, page: &mut Page);
}

/// Of a command that only looks.
impl Deeds for () {
    const KEY: Option<&'static str> = None;

    fn is_empty(&self) -> bool {
        true
    }

    fn done(&self) -> bool {
        false
    }

    fn title(&self) -> String {
        String::new()
    }

    fn show(&self, _page: &mut Page) {}
}

/// What a transaction cost, in words.
#[must_use]
pub fn cost(compute_units: u64, fee_lamports: u64) -> String {
    format!(
        "{} SOL fee, {} compute units",
        sol(fee_lamports),
        grouped(compute_units)
    )
}

/// Lamports as SOL.
#[must_use]
pub fn sol(lamports: u64) -> String {
    Amount::lamports(lamports).grouped()
}
