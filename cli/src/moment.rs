//! Times and spans as people read them.

pub use cairn_spelling::moment::{
    Moment, MomentError, Seconds, SecondsError, is_far, span, utc, utc_from,
};
