//! reward-vault on its built program, one file per instruction.

mod activate;
mod admin;
mod attest;
mod breaker;
mod burn;
mod burning;
mod canopy;
mod claim;
mod close_epoch;
mod cost;
mod create;
mod credits;
mod fund;
mod keepers;
mod migrate;
mod open_page;
mod params;
mod pause;
mod propose;
mod recipient;
mod redeeming;
mod round;
pub mod scene;
mod settle;
mod token_2022;
mod veto;
