//! Which devices a validator is sent to: drawn, so that neither of the two, nor a keeper, chooses who meets whom.

use sha2::{Digest, Sha256};

use crate::input::Anchor;

const VISIT_TAG: &[u8] = b"cairn/visit/1";

/// Where a pair that no block was drawn for stands: below no bound.
pub(crate) const UNDRAWN: u16 = 1_000;

/// The block that the visits of an epoch that starts at `start_ms` are drawn with: the last frozen one before, so everybody knows it
/// while there is time to go, and nobody before the registrations that count were made.
pub(crate) fn block_of(anchors: &[Anchor], start_ms: i64) -> Option<[u8; 32]> {
    let before = anchors.partition_point(|anchor| anchor.unix_ms < start_ms);
    let last = before.checked_sub(1)?;
    anchors.get(last).map(|anchor| anchor.hash)
}

/// Where validator and device stand under `block`, 0 to 999: the validator is sent to the devices below the ruleset's bound. Nobody
/// can choose a key for it: a block comes after the keys that it is drawn for.
#[must_use]
pub fn visit_draw(block: &[u8; 32], validator: &[u8; 32], device: &[u8; 32]) -> u16 {
    let mut hash = Sha256::new_with_prefix(VISIT_TAG);
    hash.update(block);
    hash.update(validator);
    hash.update(device);
    let digest: [u8; 32] = hash.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    let number = u64::from_le_bytes([a, b, c, d, e, f, g, h]) % u64::from(UNDRAWN);
    u16::try_from(number).unwrap_or(UNDRAWN)
}
