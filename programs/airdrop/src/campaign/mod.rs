//! The campaign: one airdrop from its list of drops to the tombstone.

pub mod claim;
pub mod claim_vested;
pub mod close;
pub mod close_page;
pub mod close_vesting;
pub mod create;
pub mod extend;
pub mod open;
pub mod open_page;
pub mod put_canopy;
pub mod sweep;
