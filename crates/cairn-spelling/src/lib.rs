//! How people write what Cairn reads, and how Cairn writes it back: numbers, amounts, shares, keys, moments and spans. One
//! reader for the command lines, the keeper's settings and the tables of people's making, so that what one of them takes means
//! the same to the others.
//!
//! [`text`] is how a program writes what a program reads back: there every value has one spelling. The rest reads what people
//! write: whatever can be read in two ways is refused with both readings: an amount that was misread is paid, and can not be taken
//! back.
#![forbid(unsafe_code)]

mod amount;
mod decimal;
mod hash;
pub mod home;
mod key;
pub mod moment;
mod share;
pub mod text;

pub use amount::{Amount, AmountError, POINT_DECIMALS, SOL_DECIMALS, grouped};
pub use decimal::{DecimalFault, decimal, whole};
pub use hash::hash;
pub use key::{KeyFault, read_key};
pub use moment::{Moment, MomentError, Seconds, SecondsError};
pub use share::{ShareError, basis_points};
