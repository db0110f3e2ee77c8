use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{Class, ClientError, MAX_SNAPSHOT};

/// How many accounts a node gives in one call, learned from its refusals and kept for as long as it is asked.
#[derive(Debug)]
pub(crate) struct CallSize(AtomicUsize);

/// What nodes are known to give, and one, which every node gives.
const SIZES: [usize; 6] = [75, 50, 25, 10, 5, 1];

impl CallSize {
    pub(crate) const fn new() -> Self {
        Self(AtomicUsize::new(MAX_SNAPSHOT))
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Learns from a refused call of `asked` accounts: less the next time.
    ///
    /// # Errors
    /// `error` itself when it does not come from the size, or there is nothing smaller.
    pub(crate) fn shrink(&self, asked: usize, error: ClientError) -> Result<(), ClientError> {
        let smaller = SIZES.into_iter().find(|size| *size < asked);
        match smaller {
            Some(size) if may_be_the_size(&error) => {
                // Requests side by side may have learned more already.
                self.0.fetch_min(size, Ordering::Relaxed);
                tracing::debug!(%error, size, "smaller calls");
                Ok(())
            }
            _ => Err(error),
        }
    }
}

/// Nodes refuse what is too much as "too large" or as a request of the wrong form. A refusal that has another reason stays
/// when one account is asked for, and is told then.
fn may_be_the_size(error: &ClientError) -> bool {
    match error {
        ClientError::Http { status, .. } => matches!(status, 400 | 413 | 414 | 422),
        ClientError::Rpc { .. } => error.class() == Class::User,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn too_large() -> ClientError {
        ClientError::Http {
            url: "http://node".into(),
            method: "getMultipleAccounts".into(),
            status: 413,
            said: String::new(),
        }
    }

    #[test]
    fn a_call_shrinks_from_what_was_asked_and_never_grows_again() {
        let size = CallSize::new();
        for expected in [75, 50, 25, 10, 5, 1] {
            size.shrink(size.get(), too_large()).expect("smaller");
            assert_eq!(size.get(), expected);
        }
        assert!(size.shrink(1, too_large()).is_err());
        let size = CallSize::new();
        size.shrink(7, too_large()).expect("smaller");
        size.shrink(100, too_large()).expect("learned before");
        assert_eq!(size.get(), 5);
    }

    #[test]
    fn a_refusal_for_another_reason_is_told_at_once() {
        let url = || "http://node".to_owned();
        let method = || "getMultipleAccounts".to_owned();
        for error in [
            ClientError::RateLimited {
                url: url(),
                method: method(),
                retry_after: None,
            },
            ClientError::Http {
                url: url(),
                method: method(),
                status: 401,
                said: String::new(),
            },
        ] {
            let size = CallSize::new();
            assert!(size.shrink(100, error).is_err());
            assert_eq!(size.get(), MAX_SNAPSHOT);
        }
    }
}
