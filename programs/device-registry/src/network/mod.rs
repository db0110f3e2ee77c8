pub mod accept_authority;
pub mod configure;
pub mod create;
pub mod propose_authority;
