//! What a person sees while it runs: a line for each act on standard error, and a spinner for long ones.
#![expect(clippy::print_stderr, reason = "this is where it talks")]

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Says what is going on.
#[derive(Debug, Default)]
pub struct Talk;

impl Talk {
    /// A heading.
    pub fn act(&self, text: &str) {
        eprintln!("\n── {text}");
    }

    /// A finished step.
    pub fn done(&self, text: &str) {
        eprintln!("   {text}");
    }

    /// What a person may want to do next.
    pub fn next(&self, text: &str) {
        eprintln!("\n{text}");
    }

    /// What went wrong, and what helps.
    pub fn failed(&self, error: &impl std::fmt::Display, hint: &impl std::fmt::Display) {
        eprintln!("error: {error}\nhint: {hint}");
    }

    /// A step that takes a while; ends when the returned bar is dropped. Without a terminal it draws nothing.
    #[must_use]
    pub fn working(&self, text: &str) -> Working {
        let bar = ProgressBar::new_spinner().with_message(text.to_owned());
        if let Ok(style) = ProgressStyle::with_template("   {spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Working(bar)
    }
}

/// See [`Talk::working`].
pub struct Working(ProgressBar);

impl Drop for Working {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
