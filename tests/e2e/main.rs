//! The whole way of a reward over real JSON-RPC, against a local network with the programs as built: nothing here
//! knows that the node is surfpool and not a cluster.

mod campaign;
mod closing;
mod devices;
mod fees;
mod life;
mod network;
mod nodes;
mod own;
mod payouts;
mod reading;
mod reads;
mod refusals;
mod sending;
mod spending;
mod stage;
