//! "Show me my leaf": anybody may ask, until a proposed epoch may be activated, that a member's leaf of the active epoch be
//! shown in it, and anybody may answer. The one question to which an honest proposal always has the answer.

pub mod answer;
pub mod expire;
pub mod open;
