//! `cargo xtask <task>`: everything this repository needs done beyond `cargo build`.
//!
//! This file only dispatches; each task lives in a module of its own.

mod programs;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The repository's tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    BuildPrograms(programs::BuildPrograms),
}

fn main() -> ExitCode {
    // rustc calls this very binary as the linker of the programs; it then never looks at the tasks.
    if let Some(outcome) = programs::linker_hook() {
        return report(outcome);
    }
    report(match Cli::parse().task {
        Task::BuildPrograms(task) => task.run(),
    })
}

/// Prints a failure as one sentence and its causes, never a backtrace.
fn report(outcome: anyhow::Result<()>) -> ExitCode {
    let Err(error) = outcome else {
        return ExitCode::SUCCESS;
    };
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  caused by: {cause}");
    }
    ExitCode::FAILURE
}
