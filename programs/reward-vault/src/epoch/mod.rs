//! The epoch: proposed, attested, vetoed or lapsed, activated, revoked, closed; brought to a newer layout.

pub mod activate;
pub mod attest;
pub mod close;
pub mod lapse;
pub mod migrate;
pub mod propose;
pub mod put_canopy;
pub mod revoke;
pub mod veto;
