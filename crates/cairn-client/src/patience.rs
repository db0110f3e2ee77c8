use std::time::Duration;

/// How long a node, or a mirror of published files, that can not answer now is waited for, request by request. What is counted are
/// the pauses, so no clock decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The first pause; each further one is twice as long. Default: 500 ms.
    pub first: Duration,
    /// The longest pause that is chosen here. Default: 8 s.
    pub longest: Duration,
    /// All pauses of one request together. Default: 60 s.
    pub total: Duration,
    /// All pauses of one request for a line that breaks: a node that is gone does not come back by being asked. Default: 4 s.
    pub line: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(8),
            total: Duration::from_mins(1),
            line: Duration::from_secs(4),
        }
    }
}

impl Patience {
    /// Never waits.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            first: Duration::ZERO,
            longest: Duration::ZERO,
            total: Duration::ZERO,
            line: Duration::ZERO,
        }
    }
}

/// The pauses of one request.
#[derive(Clone, Debug)]
pub struct Pauses {
    patience: Patience,
    next: Duration,
    waited: Duration,
}

impl Pauses {
    #[must_use]
    pub const fn new(patience: Patience) -> Self {
        Self {
            patience,
            next: patience.first,
            waited: Duration::ZERO,
        }
    }

    /// The pause before the request is made again: what the node asked for, or twice the former. `None` when that is
    /// longer than is left: asking earlier than the node allows would only be counted against us.
    pub fn next(&mut self, asked: Option<Duration>) -> Option<Duration> {
        let total = self.patience.total;
        self.take(asked, total)
    }

    /// The same for a line that broke.
    pub fn next_for_line(&mut self) -> Option<Duration> {
        let total = self.patience.line;
        self.take(None, total)
    }

    fn take(&mut self, asked: Option<Duration>, total: Duration) -> Option<Duration> {
        // A node that says "0 seconds" and goes on refusing must not be asked in a tight loop.
        let pause = asked.unwrap_or_default().max(self.next);
        let after = self.waited.saturating_add(pause);
        if pause.is_zero() || after > total {
            return None;
        }
        self.waited = after;
        self.next = self.next.saturating_mul(2).min(self.patience.longest);
        Some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn pauses() -> Pauses {
        Pauses::new(Patience {
            first: SECOND,
            longest: 4 * SECOND,
            total: 20 * SECOND,
            line: 4 * SECOND,
        })
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_end_with_the_patience() {
        let mut pauses = pauses();
        let taken: Vec<u64> = std::iter::from_fn(|| pauses.next(None))
            .map(|pause| pause.as_secs())
            .collect();
        assert_eq!(taken, [1, 2, 4, 4, 4, 4]);
    }

    #[test]
    fn what_the_node_asks_for_is_kept_and_never_shortened() {
        let mut pauses = pauses();
        assert_eq!(pauses.next(Some(9 * SECOND)), Some(9 * SECOND));
        assert_eq!(pauses.next(Some(Duration::ZERO)), Some(2 * SECOND));
        assert_eq!(pauses.next(Some(10 * SECOND)), None);
    }

    #[test]
    fn a_broken_line_is_given_up_sooner() {
        let mut pauses = pauses();
        assert_eq!(pauses.next_for_line(), Some(SECOND));
        assert_eq!(pauses.next_for_line(), Some(2 * SECOND));
        assert_eq!(pauses.next_for_line(), None);
    }

    #[test]
    fn no_patience_never_waits() {
        assert_eq!(Pauses::new(Patience::none()).next(None), None);
        assert_eq!(
            Pauses::new(Patience::none()).next(Some(Duration::ZERO)),
            None
        );
    }
}
