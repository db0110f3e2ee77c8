use super::{
    Measured,
    stage::{CANOPY_DEPTH, Stage, WEEK},
};

/// Two epochs from proposal to activation.
pub fn measure() -> Measured {
    let mut stage = Stage::new();
    let rewards = stage.rewards(1, 1_000);
    let (_, first) = stage.epoch(1, &rewards, 23);
    let open_page = stage.open_page();
    stage.world.warp(WEEK.cast_signed());
    let later = stage.rewards(1, 2_000);
    let (tree, second) = stage.epoch(2, &later, 23);
    assert_eq!(tree.canopy.len(), 1 << CANOPY_DEPTH);
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
        ("fund_cu", stage.fund_units),
        ("open_page_cu", open_page),
    ]
}
