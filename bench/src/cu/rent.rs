use cairn_interface::{
    ids::PROGRAMS,
    vault::{epoch_address, member_page_address, vault_address},
};
use cairn_merkle::{EpochNumber, SLOTS_PER_PAGE};
use cairn_testkit::program_bytes;

use super::{Measured, stage::Stage};

/// What the accounts of a pool hold, and how long the programs are.
pub fn measure() -> Measured {
    let mut stage = Stage::new();
    let rewards = stage.rewards(1, 1_000);
    stage.epoch(1, &rewards, 23);
    stage.open_page();
    let pool = stage.pool;
    let lamports = |address| stage.world.lamports(&address);
    let page = lamports(member_page_address(&pool, 0).0);
    let mut values = vec![
        (
            "rent_pool_lamports",
            lamports(pool) + lamports(vault_address(&pool).0),
        ),
        (
            "rent_epoch_canopy_6_lamports",
            lamports(epoch_address(&pool, EpochNumber::FIRST).0),
        ),
        ("rent_page_lamports", page),
        (
            "rent_per_member_lamports",
            page.div_ceil(u64::from(SLOTS_PER_PAGE)),
        ),
    ];
    for (id, name) in PROGRAMS {
        let key = match name {
            "reward_vault" => "reward_vault_so_bytes",
            "airdrop" => "airdrop_so_bytes",
            "device_registry" => "device_registry_so_bytes",
            other => panic!("no key for the size of {other}"),
        };
        values.push((key, program_bytes(&id).len() as u64));
    }
    values
}
