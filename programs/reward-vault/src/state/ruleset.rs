use anchor_lang::prelude::*;

/// Rules that an admin announced, as a pool stores them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable, IdlType,
)]
#[repr(C)]
pub struct PendingRuleset {
    /// SHA-256 of the rules.
    pub hash: [u8; 32],
    /// The first epoch that is scored by them.
    pub from_epoch: u64,
    /// Unix seconds before which no epoch is proposed under them; 0 when none are announced.
    pub effective_at: i64,
}

impl PendingRuleset {
    /// Whether epoch `number` is to be scored by these rules.
    #[must_use]
    pub const fn covers(&self, number: u64) -> bool {
        self.effective_at != 0 && number >= self.from_epoch
    }
}
