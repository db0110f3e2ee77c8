//! airdrop on its built program, one file per instruction or what concerns several.

mod canopy;
mod claim;
mod close;
mod cost;
mod create;
mod dates;
mod destination;
mod keys;
mod open;
mod page;
mod properties;
mod scene;
mod sweep;
mod tokens;
mod vesting;
