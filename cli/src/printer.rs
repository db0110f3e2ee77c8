//! The only place that prints: results to standard output, everything else to standard error.

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::conversation::{Conversation, Effect, Task};
use crate::error::{CliError, Exit, RowFault};
use crate::page::{Page, Show};
use crate::wallet::AskSecret;

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Text for people.
    #[default]
    Display,
    /// One JSON object, indented.
    Json,
    /// One JSON object on one line.
    JsonCompact,
}

/// A command's result: shown to people or serialised for programs, and what it means for the exit code.
pub trait Outcome: Send {
    fn page(&self, page: &mut Page);
    /// # Errors
    /// When the result can not be written as JSON.
    fn json(&self, compact: bool) -> Result<String, serde_json::Error>;
    /// [`Exit::Done`] unless the result itself is bad news (an audit that found a difference).
    fn exit(&self) -> Exit;
}

/// Bad news that is a result, not an error.
pub trait Verdict {
    fn exit(&self) -> Exit {
        Exit::Done
    }
}

impl<T: Show + Verdict + Serialize + Send> Outcome for T {
    fn page(&self, page: &mut Page) {
        self.show(page);
    }

    fn json(&self, compact: bool) -> Result<String, serde_json::Error> {
        if compact {
            serde_json::to_string(self)
        } else {
            serde_json::to_string_pretty(self)
        }
    }

    fn exit(&self) -> Exit {
        Verdict::exit(self)
    }
}

/// Writes for one run of the program.
#[derive(Clone, Copy, Debug)]
pub struct Printer {
    format: Format,
    /// `--yes`: the person agreed on the command line.
    agreed: bool,
}

impl Printer {
    #[must_use]
    pub const fn new(format: Format, agreed: bool) -> Self {
        Self { format, agreed }
    }

    /// Prints a result and says how the program ends.
    #[must_use]
    pub fn result(&self, result: &dyn Outcome) -> Exit {
        let text = match self.format {
            Format::Display => {
                let mut page = Page::new(console::colors_enabled());
                result.page(&mut page);
                Ok(page.finish())
            }
            Format::Json => result.json(false).map(|json| json + "\n"),
            Format::JsonCompact => result.json(true).map(|json| json + "\n"),
        };
        match text {
            Ok(text) => match out(&text) {
                Ok(()) => result.exit(),
                // A reader that closed the pipe early (`cairn … | head`) has what it wanted.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => result.exit(),
                Err(error) => self.error(&CliError::Output(error)),
            },
            Err(error) => self.error(&CliError::Output(error.into())),
        }
    }

    /// Prints the logs of a refused transaction, for `--verbose`.
    pub fn logs(&self, error: &CliError) {
        if let CliError::Client(error) = error {
            for line in error.logs() {
                self.note(line);
            }
        }
    }

    /// Prints an error with its hint, and for programs the same as JSON on standard output.
    #[must_use]
    pub fn error(&self, error: &CliError) -> Exit {
        let red = console::Style::new().for_stderr().red().bold();
        let cyan = console::Style::new().for_stderr().cyan();
        let mut text = format!("{} {error}\n", red.apply_to("error:"));
        if let Some(hint) = error.hint() {
            text.push_str(&format!("{} {hint}\n", cyan.apply_to(" hint:")));
        }
        err(&text);
        if self.format != Format::Display {
            let report = ErrorReport {
                error: ErrorBody {
                    code: error.code().into_owned(),
                    message: error.to_string(),
                    hint: error.hint(),
                    exit: error.exit() as u8,
                    faults: error.faults(),
                },
            };
            let json = match self.format {
                Format::Json => serde_json::to_string_pretty(&report),
                _ => serde_json::to_string(&report),
            };
            if let Ok(json) = json {
                // The exit code says it all when standard output is closed.
                drop(out(&(json + "\n")));
            }
        }
        error.exit()
    }
}

/// An error as JSON: `{"error": {"code", "message", "hint", "exit"}}`, and for a table with faulty rows `"faults": [{"row",
/// "column", "message"}]`: all of them, where the message names the first twenty.
#[derive(Serialize)]
struct ErrorReport {
    error: ErrorBody,
}

#[derive(Serialize)]
struct ErrorBody {
    code: String,
    message: String,
    hint: Option<String>,
    exit: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    faults: Option<Vec<RowFault>>,
}

fn out(text: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Talk that nobody hears is no reason to stop.
fn err(text: &str) {
    drop(std::io::stderr().lock().write_all(text.as_bytes()));
}

impl Conversation for Printer {
    fn note(&self, text: &str) {
        err(&format!("{text}\n"));
    }

    fn effect(&self, effect: &Effect) {
        let mut page = Page::new(console::colors_enabled_stderr());
        effect.show(&mut page);
        err(&page.finish());
    }

    fn agree(&self, question: &str) -> Result<bool, CliError> {
        if self.agreed {
            return Ok(true);
        }
        if !std::io::stdin().is_terminal() {
            return Err(CliError::NobodyToAsk);
        }
        err(&format!("{question} [y/N] "));
        let mut answer = String::new();
        std::io::stdin()
            .read_line(&mut answer)
            .map_err(|_| CliError::NobodyToAsk)?;
        Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "Yes" | "YES"))
    }

    fn task(&self, name: &str, total: u64) -> Box<dyn Task> {
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr())
        } else {
            ProgressBar::hidden()
        };
        let task = Bar(bar);
        task.stage(name, total);
        Box::new(task)
    }
}

impl AskSecret for Printer {
    fn ask_secret(&self, question: &str) -> std::io::Result<String> {
        let terminal = console::Term::stderr();
        if !terminal.is_term() {
            return Err(std::io::Error::new(
                std::io::ErrorKind::NotConnected,
                "standard error is not a terminal",
            ));
        }
        err(question);
        terminal.read_secure_line()
    }
}

/// A progress bar on standard error that disappears when its task ends.
struct Bar(ProgressBar);

impl Task for Bar {
    fn reached(&self, done: u64) {
        self.0.set_position(done);
    }

    fn stage(&self, name: &str, total: u64) {
        let template = if total == 0 {
            "{spinner} {msg}"
        } else {
            "{msg} {bar:30} {human_pos}/{human_len} {eta}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.0.set_style(style);
        }
        self.0.set_length(total);
        self.0.set_position(0);
        self.0.set_message(name.to_owned());
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
