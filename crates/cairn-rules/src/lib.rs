//! Rules as SQL over Arrow, run by DataFusion and held to what makes a result the same on every machine.
//!
//! A [`Ruleset`] is `ruleset.toml` with the numbers and `NN_table.sql` files, each one SELECT. They run in the order
//! of their names; the result of `20_beats.sql` is the table `beats` for all later ones. `$name` stands for a number.
//!
//! What a rule may do is a list of what is allowed, not of what is forbidden:
//!
//! - types: integers, decimals, truth values. A float anywhere in a plan is refused.
//! - functions: `sum`, `count`, `min`, `max`, `row_number`, `lag`, `lead`, `coalesce`, `nullif`, `greatest`, `least`,
//!   and ours: [`distance_m`], [`grid_square`], `cell_resolution`, `cell_parent`, `mul_div`, `travel_speed`. There is no
//!   clock, no randomness, no text, no file.
//! - `+ - * / %` and `sum` on integers are checked: an overflow or a division by zero ends the run with an error
//!   instead of a wrong payment.
//! - a window that depends on order must be ordered; what leaves the engine must be ordered; LIMIT is refused.
#![forbid(unsafe_code)]

mod arithmetic;
mod engine;
mod error;
mod functions;
mod geometry;
mod inspect;
mod journey;
mod ruleset;
mod statement;
mod sum;

pub use engine::{Engine, Tables};
pub use error::RulesError;
pub use geometry::{EARTH_RADIUS_MM, distance_m, grid_square, is_place};
pub use ruleset::{Rule, Ruleset, flatten};
