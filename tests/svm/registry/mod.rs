//! device-registry on its built program, one file per instruction.

mod cost;
mod import;
mod issuer;
mod network;
mod register;
mod sequence;
mod status;
mod transfer;
mod tree;
