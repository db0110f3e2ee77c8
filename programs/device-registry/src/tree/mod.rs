pub mod create;
pub mod grow;
pub mod import;
pub mod put_canopy;
