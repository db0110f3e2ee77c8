//! The only place that writes to standard output and standard error, and the only one that ends the process.
#![expect(clippy::print_stderr, clippy::exit, reason = "this is the printer")]

use std::io::Write as _;
use std::process::ExitCode;

use cairn_facts::{Page, Show};
use serde::Serialize;

use super::args::Output;
use crate::KeeperError;

pub(super) struct Printer {
    output: Output,
}

/// One line on standard error.
pub(super) fn talk(line: &str) {
    eprintln!("{line}");
}

/// Waits for Ctrl-C or SIGTERM; `false` when this system can not tell.
pub(super) async fn signalled() -> bool {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            return tokio::signal::ctrl_c().await.is_ok();
        };
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed.is_ok(),
            received = terminate.recv() => received.is_some(),
        }
    }
    #[cfg(not(unix))]
    {
        tokio::signal::ctrl_c().await.is_ok()
    }
}

/// Ends the process at once.
pub(super) fn leave(code: i32) {
    std::process::exit(code);
}

/// Logs on standard error: what is being tried, with `--verbose`.
pub(super) fn start_log(verbose: bool) {
    let level = if verbose {
        tracing::Level::INFO
    } else {
        tracing::Level::ERROR
    };
    let _ = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_target(false)
        .try_init();
}

impl Printer {
    pub(super) const fn new(output: Output) -> Self {
        Self { output }
    }

    /// An error in one sentence, what to do about it, and the exit code it leads to.
    #[expect(clippy::unused_self, reason = "a printer prints")]
    pub(super) fn failure(&self, error: &KeeperError) -> ExitCode {
        talk(&format!("error: {error}"));
        talk(&format!("hint: {}", error.hint()));
        ExitCode::from(error.ending().exit_code())
    }

    /// A command's result, in the form that was asked for.
    pub(super) fn result(&self, result: &(impl Serialize + Show)) {
        let text = match self.output {
            Output::Json => serde_json::to_string_pretty(result).unwrap_or_default() + "\n",
            Output::Display => {
                let mut page = Page::new(console::colors_enabled());
                result.show(&mut page);
                page.finish()
            }
        };
        // A closed pipe (`| head`) is no failure of what was done.
        let _ = std::io::stdout().write_all(text.as_bytes());
    }

    /// A script that the shell reads, whatever the output format.
    #[expect(clippy::unused_self, reason = "a printer prints")]
    pub(super) fn completions(&self, shell: clap_complete::Shell, command: &mut clap::Command) {
        let mut script = Vec::new();
        clap_complete::generate(shell, command, "cairn-keeper", &mut script);
        // A closed pipe (`| head`) is no failure of what was done.
        let _ = std::io::stdout().write_all(&script);
    }
}
