//! The epoch: proposed, attested, vetoed, activated.

pub mod activate;
pub mod attest;
pub mod propose;
pub mod put_canopy;
pub mod veto;
