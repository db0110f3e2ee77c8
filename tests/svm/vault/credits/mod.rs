//! Data credits, one file per instruction.

mod any_order;
mod fulfil;
mod redeem;
mod refund;
mod set_carrier;

use super::redeeming::{
    COMMITMENT, PERIOD, RECEIPT, carrier, fulfil, fulfilment, granted, leaves, redeem, redemption,
    redemption_at, redemption_of, refund, refund_of, set, terms,
};
