//! The `cairn` command line as a library: every command is a function that takes a [`context::Context`] and its
//! arguments and returns a typed, serialisable result. Nothing here prints but [`printer`].
//!
//! ```text
//! args ──▶ command::<noun>::<verb>::run(&Context, &Args) ──▶ result ──▶ printer (text or JSON)
//!                    │ reads: chain (cairn-client), files (cairn-epoch)
//!                    └ writes: transact::perform: simulate → show the effect → ask → sign → send
//! ```
#![forbid(unsafe_code)]
#![deny(clippy::print_stdout, clippy::print_stderr, clippy::exit)]

pub mod address;
pub mod amount;
pub mod args;
pub mod batch;
pub mod bill;
pub mod chain;
pub mod cluster;
pub mod command;
pub mod config;
pub mod context;
pub mod conversation;
pub mod error;
pub mod facts;
pub mod membership;
pub mod moment;
pub mod page;
pub mod payee;
pub mod printer;
pub mod published;
mod shown;
mod steps;
pub mod token;
pub mod transact;
pub mod wallet;
