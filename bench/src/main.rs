//! Measures the built programs and keeps what was measured in `bench/`: `report.json` for machines, `REPORT.md` and the
//! table in `README.md` for people.
//!
//! `cairn-bench cu [--check]`; `cargo xtask bench cu` builds the programs first. Nothing measured here is a time: the same
//! programs give the same report on every machine.
//!
//! Exit code 0: written, or as committed; 1: a limit is exceeded, or the committed report differs; 2: wrong arguments.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program whose output is its purpose"
)]

mod cu;
mod report;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use report::Problem;

/// Measures the built programs.
#[derive(Parser)]
#[command(name = "cairn-bench")]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Compute units, transaction bytes, rent and program size.
    Cu {
        /// Change nothing; fail when the committed report differs by more than 2 %.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let What::Cu { check } = Cli::parse().what;
    let values = cu::measure();
    let outcome = if check {
        report::compare(&values)
    } else {
        report::write(&values)
    };
    let mut problems = match outcome {
        Ok(problems) => problems,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    problems.extend(report::over_limit(&values));
    for problem in &problems {
        eprintln!("error: {problem}");
    }
    if problems.iter().any(Problem::is_drift) {
        eprintln!(
            "hint: read what changed, then write the report again with `cargo xtask bench cu`"
        );
    }
    if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
