//! reward-vault on its built program, one file per instruction.

mod activate;
mod admin;
mod attest;
mod canopy;
mod claim;
mod cost;
mod create;
mod fund;
mod keepers;
mod open_page;
mod pause;
mod propose;
pub mod scene;
mod token_2022;
mod veto;
