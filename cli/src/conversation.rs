//! What a command says and asks while it works. Commands never print; whoever runs them listens.

use crate::error::CliError;
use crate::page::{Page, Show};

/// The other side of a command: a person at a terminal, or a program that has already decided.
pub trait Conversation: Send + Sync {
    /// Something worth knowing now that is no part of the result.
    fn note(&self, text: &str);

    /// Shows what signing would do, before anything is asked or sent.
    fn effect(&self, effect: &Effect);

    /// Asks a yes-or-no question.
    ///
    /// # Errors
    /// [`CliError::NobodyToAsk`] when there is nobody to answer.
    fn agree(&self, question: &str) -> Result<bool, CliError>;

    /// Starts showing the progress of a long task of `total` steps; 0 when the number is not known.
    fn task(&self, name: &str, total: u64) -> Box<dyn Task>;
}

/// A long task that is being shown. Dropping it ends it.
pub trait Task: Send + Sync {
    /// `done` of the task's steps are behind us.
    fn reached(&self, done: u64);
    /// Names what is being done, and how many steps it has.
    fn stage(&self, name: &str, total: u64);
}

/// What signing would do, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// A sentence: "Fund the pool with 1,000 tokens".
    pub what: String,
    /// Facts below it.
    pub facts: Vec<(&'static str, String)>,
    /// Consequences that can not be undone or cost money, one sentence each.
    pub warnings: Vec<String>,
    /// What is possible and probably not meant, one sentence each; each is asked about before anything is signed.
    pub doubts: Vec<String>,
}

impl Effect {
    #[must_use]
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn fact(mut self, label: &'static str, value: impl std::fmt::Display) -> Self {
        self.facts.push((label, value.to_string()));
        self
    }

    #[must_use]
    pub fn warning(mut self, sentence: impl Into<String>) -> Self {
        self.warnings.push(sentence.into());
        self
    }

    #[must_use]
    pub fn doubt(mut self, sentence: impl Into<String>) -> Self {
        self.doubts.push(sentence.into());
        self
    }

    /// Asks about every doubt, then `question`.
    ///
    /// # Errors
    /// [`CliError::Declined`] at the first no; [`CliError::NobodyToAsk`].
    pub fn agreed(&self, talk: &dyn Conversation, question: &str) -> Result<(), CliError> {
        meant(talk, &self.doubts)?;
        if talk.agree(question)? {
            Ok(())
        } else {
            Err(CliError::Declined)
        }
    }
}

/// Asks about what is possible and probably not meant.
///
/// # Errors
/// As [`Effect::agreed`].
pub fn meant(talk: &dyn Conversation, doubts: &[String]) -> Result<(), CliError> {
    for doubt in doubts {
        if !talk.agree(&format!("{doubt} Is that meant?"))? {
            return Err(CliError::Declined);
        }
    }
    Ok(())
}

impl Show for Effect {
    fn show(&self, page: &mut Page) {
        page.title(&self.what);
        for (label, value) in &self.facts {
            page.fact(label, value);
        }
        for warning in self.warnings.iter().chain(&self.doubts) {
            page.bad(&format!("! {warning}"));
        }
    }
}

/// For callers that decided before they called: agrees to everything and listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decided;

impl Conversation for Decided {
    fn note(&self, _text: &str) {}

    fn effect(&self, _effect: &Effect) {}

    fn agree(&self, _question: &str) -> Result<bool, CliError> {
        Ok(true)
    }

    fn task(&self, _name: &str, _total: u64) -> Box<dyn Task> {
        Box::new(Self)
    }
}

impl Task for Decided {
    fn reached(&self, _done: u64) {}

    fn stage(&self, _name: &str, _total: u64) {}
}
