//! Mirrors that are honest, and mirrors that are not: real sockets, and an epoch as keepers publish it.

mod faults;
mod hostile;
mod published;
mod resumed;
mod whole;
