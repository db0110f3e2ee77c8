//! What breaks systems of this class, tried on the built programs: one test an attack, its refusal asserted by code.
//!
//! `README.md` beside this file says which test stands for which attack, also where the test is elsewhere.
#![expect(
    clippy::print_stdout,
    reason = "a failed play is repeated with the seed it shows"
)]

mod airdrop;
mod catalogue;
mod gauntlet;
mod registry;
mod vault;
