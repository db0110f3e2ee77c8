pub mod add;
pub mod retire;
