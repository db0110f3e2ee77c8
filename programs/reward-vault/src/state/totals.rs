use anchor_lang::prelude::*;

/// What a pool stated before its active epoch, of epochs that were not revoked.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable, IdlType,
)]
#[repr(C)]
pub struct TotalsBefore {
    /// Base units.
    pub tokens: u64,
    /// Milli-points.
    pub points: u64,
    /// Data credits.
    pub credits: u64,
    /// Unix seconds up to which intervals of emission were spent.
    pub emission_anchor: i64,
    /// Leaves.
    pub members: u32,
    /// 1 when these are known: in a migrated pool from its next activation on.
    pub is_known: u8,
    /// Zero.
    pub reserved: [u8; 3],
}
