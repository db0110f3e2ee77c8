//! Who hears and answers in a test, and what they would see.

use std::path::Path;
use std::sync::{Arc, Mutex};

use cairn::conversation::{Conversation, Decided, Effect, Task};
use cairn::error::CliError;
use cairn::page::Page;
use cairn::printer::Outcome;

/// The text a person would see, with what changes from run to run left out.
pub fn page(outcome: &dyn Outcome) -> String {
    let mut page = Page::new(false);
    outcome.page(&mut page);
    page.finish()
}

/// A person who listens, and answers the same to everything.
#[derive(Clone)]
pub struct Listener {
    pub answer: bool,
    pub heard: Arc<Mutex<Vec<Effect>>>,
    pub noted: Arc<Mutex<Vec<String>>>,
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Listener {
    pub fn new(answer: bool) -> Self {
        Self {
            answer,
            heard: Arc::default(),
            noted: Arc::default(),
            asked: Arc::default(),
        }
    }

    pub fn notes(&self) -> Vec<String> {
        self.noted.lock().unwrap().clone()
    }

    pub fn effects(&self) -> Vec<Effect> {
        self.heard.lock().unwrap().clone()
    }
}

impl Conversation for Listener {
    fn note(&self, text: &str) {
        self.noted.lock().unwrap().push(text.to_owned());
    }

    fn effect(&self, effect: &Effect) {
        self.heard.lock().unwrap().push(effect.clone());
    }

    fn agree(&self, question: &str) -> Result<bool, CliError> {
        self.asked.lock().unwrap().push(question.to_owned());
        Ok(self.answer)
    }

    fn task(&self, _name: &str, _total: u64) -> Box<dyn Task> {
        Box::new(Decided)
    }
}

/// Changes one byte of a file in the middle.
pub fn damage(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}
