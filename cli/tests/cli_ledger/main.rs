//! The commands as a library, against the programs in a virtual machine and real published files: what each does on
//! chain, what it says, and what it refuses before anything is sent.

mod audits;
mod campaign;
mod caps;
mod challenges;
mod closed_epochs;
mod corrections;
mod device_tables;
mod devices;
mod everyone;
mod governance;
mod granted;
mod links;
mod listener;
mod mirrors;
mod parameters;
mod payers;
mod programs;
mod recipients;
mod rewards;
mod roles;
mod rules;
mod simulated;
mod spending;
mod stage;
mod token_2022;
mod unsigned;
mod wifi;
