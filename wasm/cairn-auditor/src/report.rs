use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use cairn_epoch::{Progress, Step};

use crate::line::Line;

/// Lines on their way out, from whichever thread computes.
pub struct Report<'a> {
    paper: Mutex<Paper<'a>>,
}

struct Paper<'a> {
    out: &'a mut (dyn Write + Send),
    /// The first line that could not be written: a computation does not stop for it.
    failed: Option<io::Error>,
}

impl<'a> Report<'a> {
    pub fn new(out: &'a mut (dyn Write + Send)) -> Self {
        let paper = Mutex::new(Paper { out, failed: None });
        Self { paper }
    }

    /// Writes a line.
    ///
    /// # Errors
    /// It can not be written.
    pub fn say(&self, line: &Line<'_>) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        let mut paper = self.paper.lock().unwrap_or_else(PoisonError::into_inner);
        paper.out.write_all(&text)?;
        paper.out.flush()
    }

    /// # Errors
    /// The first line that could not be written.
    pub fn over(self) -> io::Result<()> {
        let paper = self.paper.into_inner();
        paper
            .unwrap_or_else(PoisonError::into_inner)
            .failed
            .map_or(Ok(()), Err)
    }

    fn mention(&self, line: &Line<'_>) {
        if let Err(error) = self.say(line) {
            let mut paper = self.paper.lock().unwrap_or_else(PoisonError::into_inner);
            paper.failed.get_or_insert(error);
        }
    }
}

impl Progress for Report<'_> {
    fn begin(&self, step: Step, total: u64) {
        self.mention(&Line::Step {
            step: step.title(),
            total,
        });
    }

    fn advance(&self, rows: u64) {
        self.mention(&Line::Done { rows });
    }
}
