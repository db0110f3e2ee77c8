//! Accounts as earlier programs wrote them, byte for byte and without this build's types.

use cairn_interface::vault::{EPOCH_KIND, epoch_address};
use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;

/// The account discriminator of a pool, as layout 1 had it: SHA-256("account:Pool"), first 8 bytes.
const POOL_KIND: [u8; 8] = [241, 154, 109, 4, 17, 177, 109, 188];

/// The account discriminators of campaigns, as the vault had them: SHA-256("account:…"), first 8 bytes.
const CAMPAIGN_KIND: [u8; 8] = [50, 40, 49, 11, 157, 220, 229, 192];
const PAGE_KIND: [u8; 8] = [62, 191, 196, 33, 103, 161, 218, 246];
const VESTING_KIND: [u8; 8] = [100, 149, 66, 138, 95, 200, 128, 241];
const TOMBSTONE_KIND: [u8; 8] = [172, 232, 35, 43, 96, 164, 51, 59];

/// A campaign in the bytes of the vault that made it, without this build's types.
pub fn campaign_of_the_vault(status: u8) -> Vec<u8> {
    let mut bytes = CAMPAIGN_KIND.to_vec();
    // creator, mint, token program, vault, receiver, root, snapshot hash
    for key in 61..68_u8 {
        bytes.extend([key; 32]);
    }
    // id, tokens, claimed, swept, starts, vesting start, cliff, vesting end, expiry
    for number in [0, 500, 0, 0, 100, 200, 300, 400, 1_900_000_000_u64] {
        bytes.extend(number.to_le_bytes());
    }
    // leaves, pages, vesting accounts
    for count in [2_u32, 1, 1] {
        bytes.extend(count.to_le_bytes());
    }
    // depth, canopy depth, decimals, status, bump, vault bump, version
    bytes.extend([1, 0, 6, status, 255, 254, 1]);
    bytes.extend([0; 69]);
    // The canopy: one node.
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend([66; 32]);
    bytes.extend(500_u64.to_le_bytes());
    bytes
}

/// A page and a vesting account of that campaign, which stands at `campaign`.
pub fn page_and_vesting(campaign: &Pubkey) -> [Vec<u8>; 2] {
    let mut page = PAGE_KIND.to_vec();
    page.extend(campaign.to_bytes());
    page.extend([71; 32]); // rent payer
    page.extend([0, 0, 0, 0, 1, 255, 0, 0]); // page, version, bump
    page.extend(1_u32.to_le_bytes());
    page.extend([0; 40]);
    let mut vesting = VESTING_KIND.to_vec();
    vesting.extend(campaign.to_bytes());
    vesting.extend([72; 32]); // owner
    vesting.extend([71; 32]); // rent payer
    vesting.extend(90_u64.to_le_bytes());
    vesting.extend(30_u64.to_le_bytes());
    vesting.extend([1, 0, 0, 0, 255, 1]); // index, bump, version
    vesting.extend([0; 10]);
    [page, vesting]
}

pub fn tombstone_of_the_vault() -> Vec<u8> {
    let mut bytes = TOMBSTONE_KIND.to_vec();
    bytes.extend([9; 200]);
    bytes
}

/// A pool in the bytes of layout 1: every field at its offset, written without this build's types.
pub fn pool_of_layout_1(id: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1_144);
    bytes.extend(POOL_KIND);
    // network, mint, vault, token program, admin, pending admin, guardian
    for key in [1_u8, 2, 3, 4, 5, 0, 7] {
        bytes.extend([key; 32]);
    }
    // 16 keepers, 3 in use
    for keeper in 0..16_u8 {
        bytes.extend([if keeper < 3 { 10 + keeper } else { 0 }; 32]);
    }
    for number in [
        id,
        604_800,       // epoch interval
        86_400,        // challenge window
        1_000_000,     // emission cap
        1_700_000_000, // created at
        1_699_395_200, // emission anchor
        4,             // next epoch
        3,             // active epoch
        0,             // pending epoch
        900_000,       // total cumulative
        450_000,       // total claimed
        2_000_000,     // total funded
        5_000,         // points issued
        0,             // points burnt
        77,            // credits issued
        0,             // credits redeemed
    ] {
        bytes.extend(u64::to_le_bytes(number));
    }
    bytes.extend(1_234_u32.to_le_bytes()); // members
    bytes.extend(3_u32.to_le_bytes()); // pages
    // keepers in use, threshold, canopy depth, decimals, paused, bump, vault bump, version
    bytes.extend([3, 2, 6, 6, 0, 254, 253, 1]);
    bytes.extend([0; 256]);
    bytes
}

/// The active epoch of `pool` in the bytes of layout 1: one member, one node of canopy.
pub fn epoch_of_layout_1(pool: &Pubkey) -> Vec<u8> {
    let mut bytes = EPOCH_KIND.to_vec();
    bytes.extend(pool.to_bytes());
    // proposer, root, manifest, ruleset, code
    for key in [10_u8, 66, 31, 32, 33] {
        bytes.extend([key; 32]);
    }
    // 16 attesters, 2 in use
    for keeper in 0..16_u8 {
        bytes.extend([if keeper < 2 { 10 + keeper } else { 0 }; 32]);
    }
    for number in [
        3,             // number
        900_000,       // tokens
        5_000,         // points
        77,            // credits
        9,             // accepted
        1,             // rejected
        1_000_000,     // emission allowance
        604_800,       // epoch interval
        86_400,        // challenge window
        1_700_000_000, // proposed at
        1_700_086_400, // activated at
        1_699_000_000, // period
        1_699_604_800,
    ] {
        bytes.extend(u64::to_le_bytes(number));
    }
    bytes.extend(1_u32.to_le_bytes()); // leaves
    bytes.extend(1_u32.to_le_bytes()); // intervals
    bytes.extend([0, 0, 2, 0]); // veto reason, attempt
    // status, depth, canopy depth, attesters, threshold, bump, version
    let bump = epoch_address(pool, EpochNumber::new(3)).1;
    bytes.extend([3, 0, 0, 2, 2, bump, 1]);
    bytes.extend([10; 32]); // rent payer
    bytes.resize(8 + 880, 0);
    // The canopy: the root itself.
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend([66; 32]);
    bytes.extend(900_000_u64.to_le_bytes());
    bytes
}
