//! The epoch: proposed, attested, vetoed, activated, closed.

pub mod activate;
pub mod attest;
pub mod close;
pub mod propose;
pub mod put_canopy;
pub mod veto;
