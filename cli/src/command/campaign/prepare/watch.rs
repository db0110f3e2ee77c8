//! Shows a preparation's steps as a progress bar.

use std::sync::Mutex;

use cairn_campaign::{Progress, Step};

use crate::context::Context;
use crate::conversation::Task;

/// Shows the steps of a preparation as they go.
pub struct Watch {
    task: Mutex<Box<dyn Task>>,
}

impl Watch {
    pub fn new(ctx: &Context) -> Self {
        Self {
            task: Mutex::new(ctx.talk.task("preparing", 0)),
        }
    }

    fn with(&self, tell: impl FnOnce(&dyn Task)) {
        // A core that panicked while it told has told nothing wrong.
        let task = self
            .task
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        tell(task.as_ref());
    }
}

impl Progress for Watch {
    fn begin(&self, step: Step, total: u64) {
        self.with(|task| task.stage(step.title(), total));
    }

    fn advance(&self, done: u64) {
        self.with(|task| task.reached(done));
    }
}
