use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cairn_client::Patience;

use crate::line::Line;
use crate::mirror::Mirror;
use crate::pace::{Hear, Pace};

/// Mirrors in the order in which they are asked, and how far a fetch has come.
pub(crate) struct Ring {
    pub all: Vec<Mirror>,
    pub line: Line,
    pub pace: Pace,
    pub patience: Patience,
    pub hear: Arc<dyn Hear>,
    order: Mutex<Vec<usize>>,
    /// Bytes of the fetch that is under way.
    reached: AtomicU64,
}

impl Ring {
    pub fn new(
        all: Vec<Mirror>,
        line: Line,
        (pace, patience): (Pace, Patience),
        hear: Arc<dyn Hear>,
    ) -> Self {
        Self {
            order: Mutex::new((0..all.len()).collect()),
            all,
            line,
            pace,
            patience,
            hear,
            reached: AtomicU64::new(0),
        }
    }

    /// So many bytes are to come.
    pub fn begins(&self, what: &str, bytes: u64) {
        self.reached.store(0, Ordering::Relaxed);
        if bytes > 0 {
            self.hear.begins(what, bytes);
        }
    }

    /// So many bytes more are there.
    pub fn counted(&self, bytes: u64) {
        let before = self.reached.fetch_add(bytes, Ordering::Relaxed);
        self.hear.reached(before.saturating_add(bytes));
    }

    pub fn order(&self) -> Vec<usize> {
        self.ordered().clone()
    }

    /// Asks that one first from now on.
    pub fn prefer(&self, at: usize) {
        let mut order = self.ordered();
        order.retain(|one| *one != at);
        order.insert(0, at);
    }

    /// Asks that one last from now on.
    pub fn last(&self, at: usize) {
        let mut order = self.ordered();
        order.retain(|one| *one != at);
        order.push(at);
    }

    fn ordered(&self) -> MutexGuard<'_, Vec<usize>> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
