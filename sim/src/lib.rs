//! A simulation of attackers against the rules that ship.
//!
//! ```text
//! genome ─▶ town: honest people, and one attacker ─▶ signed proofs, week by week
//!                                                        │  cairn-epoch closes each week, as it is
//! points of everybody, what each of them spent ◀─────────┘
//!         └─▶ earnings for each unit of cost, where an honest participant has 1,000 thousandths
//! ```
//!
//! Every attacker stands in a town of its own, so hundreds are played in one run of epochs and none meets another. Towns without an
//! attacker are the control. What a thing costs stands in `prices.toml`. Same seed, same report: nothing here reads a clock, and no
//! result depends on the order in which threads finish.
#![forbid(unsafe_code)]

mod chance;
mod error;
mod genome;
mod measure;
mod place;
mod play;
mod prices;
mod report;
mod run;
mod search;
mod strategy;
mod variant;

pub use error::SimError;
pub use genome::{GENES, Gene, Genome};
pub use measure::{Honest, Measured, Mode, Prices as PotPrices, honest, measured};
pub use place::{Map, Spot};
pub use play::{Cost, Party};
pub use prices::{Price, Prices};
pub use report::{Findings, pictures, write};
pub use run::{CellLoss, Outcome, Past, Run, WEEKS, cells_of_new_york};
pub use search::{Found, Plan, search};
pub use strategy::{Play, Row, STRATEGIES, Strategy, played};
pub use variant::{Edit, Variant};
