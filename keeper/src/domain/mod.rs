//! Everything the keeper decides, and nothing it does: pure functions over plain values. No clock, no chain, no file, no
//! float; the same facts give the same decision on every machine, so each of them is tested without a world around it.
//!
//! | module | decides |
//! |---|---|
//! | [`schedule`] | which epoch a proof is filed under, when an epoch may be closed |
//! | [`emission`] | whether what an epoch gives fits the pool's caps, and from when |
//! | [`anomaly`] | whether an epoch jumps against the ones before |
//! | [`proposal`] | whether an epoch may be put before the network at all |
//! | [`agenda`] | which phase comes next for the pool's next epoch |
//! | [`step`] | the next transaction, from what the chain shows and what was already tried |
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

pub mod agenda;
pub mod anomaly;
pub mod emission;
pub mod proposal;
pub mod schedule;
pub mod step;
pub mod summary;
