//! One module a step, named by its number.

pub mod m0001_programs;
pub mod m0002_pools;
pub mod m0003_campaigns;
