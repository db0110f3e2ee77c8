use std::time::Duration;

use crate::fault::Told;

/// What a mirror must keep up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long a mirror may take until it answers, and for each further `bytes` of an answer. Default: 30 s.
    pub window: Duration,
    /// What it must send in each window; a mirror that drips is left for the next one. Default: 16 KiB.
    pub bytes: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(30),
            bytes: 16 * 1024,
        }
    }
}

/// Hears how far a fetch has come. Every method does nothing unless implemented.
pub trait Hear: Send + Sync {
    /// `bytes` are to be fetched.
    fn begins(&self, _what: &str, _bytes: u64) {}
    /// `bytes` of them are there.
    fn reached(&self, _bytes: u64) {}
    /// What a mirror answered instead of what it was asked for; another one is asked, or the same one later.
    fn failed(&self, _told: &Told) {}
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Hear for Quiet {}
