//! The whole way of a reward over real JSON-RPC, against a local network with both programs as built: nothing here
//! knows that the node is surfpool and not a cluster.

mod devices;
mod life;
mod network;
mod reading;
mod refusals;
mod sending;
mod stage;
