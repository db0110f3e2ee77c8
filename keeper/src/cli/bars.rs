//! Progress for people, on standard error: bars on a terminal, single lines elsewhere.

use std::io::IsTerminal;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cairn_merkle::EpochNumber;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::printer;
use crate::domain::proposal::Warning;
use crate::progress::{Phase, Progress, Publishing};

pub(super) struct Bars {
    terminal: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Bars {
    pub(super) fn new() -> Self {
        Self {
            terminal: std::io::stderr().is_terminal(),
            bar: Mutex::new(None),
        }
    }

    /// Takes the bar off the screen, before something is written.
    pub(super) fn clear(&self) {
        if let Some(bar) = self.bar().take() {
            bar.finish_and_clear();
        }
    }

    fn bar(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, message: String, total: Option<u64>) {
        self.clear();
        if !self.terminal {
            return;
        }
        let template = if total.is_some() {
            "{spinner} {msg} [{bar:30}] {human_pos}/{human_len} {eta}"
        } else {
            "{spinner} {msg} {elapsed}"
        };
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
        bar.set_style(style.progress_chars("=> "));
        bar.set_message(message);
        bar.enable_steady_tick(Duration::from_millis(120));
        *self.bar() = Some(bar);
    }
}

impl Progress for Bars {
    fn phase_started(&self, phase: Phase, total: Option<u64>) {
        self.show(phase.to_string(), total);
    }

    fn phase_advanced(&self, _phase: Phase, done: u64) {
        if let Some(bar) = self.bar().as_ref() {
            bar.set_position(done);
        }
    }

    fn phase_detail(&self, phase: Phase, detail: &str) {
        if let Some(bar) = self.bar().as_ref() {
            bar.set_message(format!("{phase}: {detail}"));
        }
    }

    fn phase_finished(&self, _phase: Phase) {
        self.clear();
    }

    fn publishing(&self, step: &Publishing) {
        match step {
            Publishing::Decided { action } => self.show(action.to_string(), None),
            Publishing::Journaled { action, signature } => {
                tracing::info!(%action, %signature, "written to the journal");
            }
            Publishing::Submitted { signature } => {
                self.show(format!("waiting for {signature}"), None);
            }
            Publishing::Resolving { signature } => {
                self.show(format!("looking up {signature} of an earlier run"), None);
            }
            Publishing::Resolved { signature, outcome } => {
                self.clear();
                tracing::info!(%signature, outcome, "resolved");
            }
        }
    }

    fn warning(&self, number: EpochNumber, warning: &Warning) {
        self.clear();
        printer::talk(&format!("warning: epoch {number}: {warning}"));
    }

    fn note(&self, text: &str) {
        self.clear();
        printer::talk(&format!("note: {text}"));
    }
}
