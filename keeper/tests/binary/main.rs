//! The built binary: what it says, where it says it, and how it ends, for every kind of bad input that needs no chain.

mod disk;
mod folder;
mod genesis;
mod intake;
mod refusals;
mod texts;
