//! A keeper's whole way with both real programs in LiteSVM: how epochs come on chain, what stands against it, and that
//! no crash and no failing node makes a keeper act twice, leave a gap, or need a person to go on.

mod attest;
mod burns;
mod correction;
mod faulty;
mod inbox;
mod ingest;
mod inputs;
mod journal;
mod kill;
mod life;
mod limits;
mod mirrors;
mod node;
mod registry;
mod robbed;
mod stop;
mod terms;
mod veto;
mod watch;
mod world;
mod writers;
