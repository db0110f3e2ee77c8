//! Proposed rules over past evidence: who would win and who would lose, before anybody decides ([ADR 40]).
//!
//! Every epoch is computed twice from its own frozen inputs by the computation that keepers run: by the rules it was closed by,
//! and by the proposed ones. Both runs start from what was handed on to the first epoch, and each carries its own ledger and
//! its own memory from there on.
//!
//! [ADR 40]: ../../../docs/adr/0040-a-backtest-computes-both-sides.md

mod outcome;
mod owners;
mod report;
mod run;
mod sum;
mod tally;

pub use report::{
    BacktestReport, BacktestSums, Decile, EpochBacktest, GroupChange, KindChange, OwnerChange,
    ReasonChange, Sides,
};
pub use run::Backtest;
