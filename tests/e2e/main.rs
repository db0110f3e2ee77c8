//! The whole way of a reward over real JSON-RPC, against a local network with both programs as built: nothing here
//! knows that the node is surfpool and not a cluster.

mod life;
mod network;
mod refusals;
mod sending;
mod stage;
