//! Blocks that proofs are anchored to.

use cairn_epoch::Anchor;
use sha2::{Digest, Sha256};

use super::{MINUTE, WEEK_HOURS, World};

impl World {
    /// A block at a time that has none yet, beyond the epoch's first week.
    pub fn anchor_at(&mut self, unix_ms: i64) {
        self.anchors.push(anchor(unix_ms));
    }

    /// A block a minute before a time that has none nearby.
    pub fn anchor_around(&mut self, at_ms: i64) {
        let is_near = |anchor: &Anchor| (0..10 * MINUTE).contains(&(at_ms - anchor.unix_ms));
        if !self.anchors.iter().any(is_near) {
            self.anchor_at(at_ms - MINUTE);
        }
    }

    /// The hash of the block that an epoch's visits are drawn with.
    pub fn last_block_before(start_ms: i64) -> [u8; 32] {
        let before = anchors(start_ms);
        let last = before.iter().rev().find(|anchor| anchor.unix_ms < start_ms);
        last.expect("blocks before the epoch").hash
    }
}

/// A block every five minutes of a week and a bit.
pub fn anchors(start_ms: i64) -> Vec<Anchor> {
    (0..(WEEK_HOURS + 1) * 12)
        .map(|at| anchor(start_ms - 10 * MINUTE + at * 5 * MINUTE))
        .collect()
}

fn anchor(unix_ms: i64) -> Anchor {
    let slot = u64::try_from(unix_ms / 400).expect("after 1970");
    Anchor {
        slot,
        hash: Sha256::digest(slot.to_le_bytes()).into(),
        unix_ms,
    }
}
