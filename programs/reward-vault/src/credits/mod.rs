//! Data credits: redeemed by members with a carrier, then fulfilled by it, or refunded after its time.

pub mod fulfil;
pub mod redeem;
pub mod refund;
pub mod set_carrier;
