//! The steps of computing an epoch, as a person watches them.

use cairn_epoch::{Progress, Step};

use crate::conversation::{Conversation, Task};

/// Shows each step under the name of what is computed.
pub(crate) struct Steps {
    task: Box<dyn Task>,
    what: String,
}

impl Steps {
    #[must_use]
    pub fn new(talk: &dyn Conversation, what: String) -> Self {
        Self {
            task: talk.task(&what, 0),
            what,
        }
    }
}

impl Progress for Steps {
    fn begin(&self, step: Step, total: u64) {
        let title = format!("{}: {}", self.what, step.title());
        self.task.stage(&title, total);
    }

    fn advance(&self, done: u64) {
        self.task.reached(done);
    }
}
