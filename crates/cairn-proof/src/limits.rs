//! How much a proof may be.

/// Most bytes a body has.
pub const MAX_BODY_BYTES: usize = 1024;

/// Most signatures a proof carries.
pub const MAX_SIGNATURES: usize = 8;
