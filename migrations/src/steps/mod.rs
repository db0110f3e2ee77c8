//! One module a step, named by its number.

pub mod m0001_programs;
pub mod m0002_pools;
pub mod m0003_campaigns;
pub mod m0004_pools_3;
pub mod m0005_epochs_2;
