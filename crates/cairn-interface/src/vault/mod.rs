//! reward-vault: addresses, instructions, accounts, events.

mod epoch;
mod event;
mod member;
mod pool;
mod view;

use reward_vault::{
    constants::{EPOCH_SEED, EVENT_AUTHORITY_SEED, PAGE_SEED, POOL_SEED, VAULT_SEED},
    state,
};
use solana_sdk::pubkey::Pubkey;

use crate::ids::REWARD_VAULT;

pub use epoch::{ActivateEpoch, AttestEpoch, ProposeEpoch, PutCanopy, VetoEpoch};
pub use event::VaultEvent;
pub use member::{Claim, OpenPage};
pub use pool::{
    AcceptAdmin, CreatePool, Fund, Pause, ProposeAdmin, SetGuardian, SetKeepers, Unpause,
};
pub use view::{EpochStatus, EpochView, PageView, PoolView, Slot};

pub use reward_vault::VaultError;
pub use reward_vault::constants::{
    MAX_CANOPY_DEPTH, MAX_CHALLENGE_WINDOW_SECS, MAX_EPOCH_INTERVAL_SECS, MAX_KEEPERS,
};

/// Bytes of a pool account.
pub const POOL_LEN: usize = DISCRIMINATOR_LEN + size_of::<state::Pool>();
/// Bytes of a member page account: what 420 members' rent is paid for, once.
pub const PAGE_LEN: usize = DISCRIMINATOR_LEN + size_of::<state::MemberPage>();
const DISCRIMINATOR_LEN: usize = 8;

/// Bytes of the account of an epoch of a pool that wishes `canopy_depth` levels of canopy.
#[must_use]
pub const fn epoch_len(canopy_depth: u8) -> usize {
    state::Epoch::space(canopy_depth)
}

/// The pool numbered `id` that pays `mint` to `network`'s members, and its bump.
#[must_use]
pub fn pool_address(network: &Pubkey, mint: &Pubkey, id: u64) -> (Pubkey, u8) {
    let id = id.to_le_bytes();
    let seeds: [&[u8]; 4] = [POOL_SEED, network.as_ref(), mint.as_ref(), &id];
    Pubkey::find_program_address(&seeds, &REWARD_VAULT)
}

/// The token account that holds a pool's funds.
#[must_use]
pub fn vault_address(pool: &Pubkey) -> (Pubkey, u8) {
    Pubkey::find_program_address(&[VAULT_SEED, pool.as_ref()], &REWARD_VAULT)
}

/// The account of a pool's epoch `number`.
#[must_use]
pub fn epoch_address(pool: &Pubkey, number: u64) -> (Pubkey, u8) {
    let number = number.to_le_bytes();
    Pubkey::find_program_address(&[EPOCH_SEED, pool.as_ref(), &number], &REWARD_VAULT)
}

/// The account of the counters of a pool's members on `page` (see `cairn_merkle::page_of`).
#[must_use]
pub fn page_address(pool: &Pubkey, page: u32) -> (Pubkey, u8) {
    let page = page.to_le_bytes();
    Pubkey::find_program_address(&[PAGE_SEED, pool.as_ref(), &page], &REWARD_VAULT)
}

/// The key that signs the program's events to itself.
#[must_use]
pub fn event_authority() -> Pubkey {
    Pubkey::find_program_address(&[EVENT_AUTHORITY_SEED], &REWARD_VAULT).0
}
