//! `cairn-demo`: what `cargo xtask demo` runs once everything is built.

use std::process::ExitCode;

use clap::Parser;

use cairn_demo::{args::Args, play, talk::Talk};

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    match Box::pin(play::run(&args)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            Talk.failed(&error, &error.hint());
            ExitCode::FAILURE
        }
    }
}
