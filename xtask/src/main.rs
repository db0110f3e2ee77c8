//! `cargo xtask <task>`: everything this repository needs done beyond `cargo build`.
//!
//! This file only dispatches; each task lives in a module of its own.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stderr,
    reason = "a task talks to the person who runs it"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "tasks start other programs: they pass the environment on, and say how long it took"
)]

mod app;
mod bench;
mod debian;
mod demo;
mod dependencies;
mod gate;
mod guides;
mod idl;
mod install;
mod lint;
mod localnet;
mod programs;
mod reproduce;
mod rules_doc;
mod sim;
mod steps;
mod suite;
mod unoptimised;
mod vectors;

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
    Demo(demo::Demo),
    App(app::App),
    Install(install::Install),
    Test(suite::Suite),
    Lint(lint::Lint),
    Clippy(gate::Clippy),
    Advisories(gate::Advisories),
    Mutants(gate::Mutants),
    Bench(bench::Bench),
    Sim(sim::Sim),
    Localnet(localnet::Localnet),
    BuildPrograms(programs::BuildPrograms),
    Reproduce(reproduce::Reproduce),
    Unoptimised(unoptimised::Unoptimised),
    Guides(guides::Guides),
    Idl(idl::MakeIdl),
    Vectors(vectors::Vectors),
    RulesDoc(rules_doc::RulesDoc),
    Deps(dependencies::Deps),
}

fn main() -> ExitCode {
    // rustc calls this very binary as the linker of the programs, and cargo a copy of it as the compiler of our own crates; it
    // then never looks at the tasks.
    if let Some(outcome) = cairn_sbf::linker_hook() {
        return report(outcome);
    }
    if let Some(outcome) = gate::compiler::hook() {
        return outcome.unwrap_or_else(|error| report(Err(error)));
    }
    report(match Cli::parse().task {
        Task::Demo(task) => task.run(),
        Task::App(task) => task.run(),
        Task::Install(task) => task.run(),
        Task::Test(task) => task.run(),
        Task::Lint(task) => task.run(),
        Task::Clippy(task) => task.run(),
        Task::Advisories(task) => task.run(),
        Task::Mutants(task) => task.run(),
        Task::Bench(task) => task.run(),
        Task::Sim(task) => task.run(),
        Task::Localnet(task) => task.run(),
        Task::BuildPrograms(task) => task.run(),
        Task::Reproduce(task) => task.run(),
        Task::Unoptimised(task) => task.run(),
        Task::Guides(task) => task.run(),
        Task::Idl(task) => task.run(),
        Task::Vectors(task) => task.run(),
        Task::RulesDoc(task) => task.run(),
        Task::Deps(task) => task.run(),
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
