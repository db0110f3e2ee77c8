//! Draws that follow from a seed and a label, and from nothing else.

use sha2::{Digest, Sha256};

/// A row of draws.
#[derive(Clone, Debug)]
pub struct Chance {
    row: [u8; 32],
    drawn: u64,
}

impl Chance {
    /// The row called `label`.
    pub fn new(seed: u64, label: &str) -> Self {
        let mut hash = Sha256::new_with_prefix(b"cairn/sim/1");
        hash.update(seed.to_le_bytes());
        hash.update(label);
        Self {
            row: hash.finalize().into(),
            drawn: 0,
        }
    }

    /// The next 32 bytes.
    pub fn bytes(&mut self) -> [u8; 32] {
        let mut hash = Sha256::new_with_prefix(self.row);
        hash.update(self.drawn.to_le_bytes());
        self.drawn = self.drawn.wrapping_add(1);
        hash.finalize().into()
    }

    /// The next number from `least` to `most`, both included; `least` where there is nothing between.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let [a, b, c, d, e, f, g, h, ..] = self.bytes();
        let width = u64::try_from(most.saturating_sub(least)).unwrap_or(0);
        let drawn = u64::from_le_bytes([a, b, c, d, e, f, g, h]) % width.saturating_add(1);
        least.saturating_add(i64::try_from(drawn).unwrap_or(0))
    }

    /// The next place in a list of `len`.
    pub fn place(&mut self, len: usize) -> usize {
        let last = i64::try_from(len).unwrap_or(i64::MAX).saturating_sub(1);
        usize::try_from(self.between(0, last)).unwrap_or(0)
    }
}
