use cairn_interface::vault::{CloseEpoch, epoch_address};
use cairn_merkle::EpochNumber;

use super::{
    Measured,
    stage::{CANOPY_DEPTH, Stage, WEEK, address},
};

/// Three epochs from proposal to activation, and the end of the first.
pub fn measure() -> Measured {
    let mut stage = Stage::new();
    let rewards = stage.rewards(1, 1_000);
    let (_, first) = stage.epoch(1, &rewards, 23);
    let open_page = stage.open_page();
    stage.world.warp(WEEK.cast_signed());
    let later = stage.rewards(1, 2_000);
    let (tree, second) = stage.epoch(2, &later, 23);
    assert_eq!(tree.canopy.len(), 1 << CANOPY_DEPTH);
    stage.world.warp(WEEK.cast_signed());
    stage.epoch(3, &later, 23);
    let first_epoch = epoch_address(&stage.pool, EpochNumber::FIRST).0;
    let before = stage.world.lamports(&first_epoch);
    let close = CloseEpoch {
        pool: stage.pool,
        number: EpochNumber::FIRST,
        rent_payer: address("keeper 0"),
    };
    let close = stage.must(&[close.instruction()], &[]);
    let kept = stage.world.lamports(&first_epoch);
    assert!(kept < before, "rent comes back");
    vec![
        ("propose_epoch_cu", second.propose),
        ("put_canopy_64_nodes_cu", second.put_canopy.iter().sum()),
        (
            "put_canopy_64_nodes_transactions",
            second.put_canopy.len() as u64,
        ),
        ("attest_epoch_cu", second.attest),
        ("activate_first_epoch_cu", first.activate),
        ("activate_epoch_cu", second.activate),
        ("close_epoch_cu", close.compute_units),
        ("rent_closed_epoch_lamports", kept),
        ("create_pool_cu", stage.create_pool_units),
        ("fund_cu", stage.fund_units),
        ("open_page_cu", open_page),
    ]
}
