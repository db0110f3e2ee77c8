//! What must be done on chain after the programs were deployed or upgraded, in numbered steps.
//!
//! A step reads the chain, says what is left to do, does it, and reads again. Nothing is remembered anywhere else: a run that
//! was interrupted is continued by the next one, and a second run finds nothing to do.
//!
//! ```text
//! plan:   step 1 ── read ──▶ facts, tasks      step 2 ── read ──▶ facts, tasks      …        sends nothing
//! apply:  step 1 ── read ──▶ tasks ── send each ──▶ read again: none left ──▶ step 2 …
//! ```
#![forbid(unsafe_code)]

mod authority;
mod error;
mod left;
mod run;
mod step;
pub mod steps;

pub use authority::Authority;
pub use error::MigrationError;
pub use left::{Left, Standing};
pub use run::{Failure, Outcome, Progress, Silent, apply, plan};
pub use step::{Act, Expectations, Findings, Step, Task};

/// Every step, in the order in which they are done.
#[must_use]
pub fn all(expected: Expectations) -> Vec<Box<dyn Step>> {
    vec![
        Box::new(steps::m0001_programs::Programs::new(expected)),
        Box::new(steps::m0002_pools::Pools),
        Box::new(steps::m0003_campaigns::Campaigns),
        Box::new(steps::m0004_pools_3::Pools),
        Box::new(steps::m0005_epochs_2::Epochs),
    ]
}
