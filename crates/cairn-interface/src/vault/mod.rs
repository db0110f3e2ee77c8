//! reward-vault: addresses, instructions, accounts, events.

mod challenge;
mod credits;
mod epoch;
mod event;
mod invariant;
mod json;
mod member;
mod pool;
mod recipient;
mod roles;
mod round;
mod state;

use anchor_lang::Discriminator;
use cairn_merkle::{EpochNumber, LeafIndex};
use reward_vault::{
    constants::{
        CARRIER_SEED, CHALLENGE_SEED, EPOCH_SEED, PAGE_SEED, POOL_SEED, RECEIPT_SEED,
        RECIPIENT_SEED, REDEMPTION_SEED, ROUND_SEED, ROUND_VAULT_SEED, VAULT_SEED,
    },
    state as on_chain,
};
use solana_sdk::pubkey::Pubkey;

use crate::{build, ids::REWARD_VAULT};

pub use challenge::{AnswerChallenge, ExpireChallenge, OpenChallenge};
pub use credits::{FulfilCredits, RedeemCredits, RefundCredits, SetCarrier};
pub use epoch::{
    ActivateEpoch, AttestEpoch, CloseEpoch, LapseEpoch, MigrateEpoch, ProposeEpoch, PutCanopy,
    RevokeEpoch, VetoEpoch,
};
pub use event::*;
pub use invariant::invariant;
pub use member::{Claim, OpenMemberPage};
pub use pool::{
    ApplyParams, CancelParams, CreatePool, Fund, MigratePool, Pause, SetParams, Unpause,
};
pub use recipient::{CloseRecipient, SetRecipient};
pub use reward_vault::ProposeEpochArgs;
pub use reward_vault::state::Epoch;
pub use roles::{
    AcceptAdmin, AnnounceRuleset, ApplyRoles, CancelRoles, CancelRuleset, ProposeAdmin,
    SetGuardian, SetKeepers,
};
pub use round::{BurnPoints, CloseRound, OpenRound, SettleBurn};
pub use state::{
    Asker, Breaker, CarrierView, ChallengeView, EpochFacts, EpochRecord, EpochStatus,
    EpochTombstoneView, EpochView, MemberPageView, Outflow, PoolParams, PoolView, ReceiptView,
    RecipientView, RedemptionView, Room, RoundView, Slot, Taken,
};

pub use cairn_onchain::canopy::MAX_CANOPY_DEPTH;
pub use reward_vault::VaultError;
pub use reward_vault::constants::{
    CHALLENGE_DEPOSIT, CORRECTION_WINDOW_SECS, DELAY_BEYOND_WINDOW_SECS, EPOCH_VERSION,
    FIRST_OWN_REASON, MAX_ANSWER_SECS, MAX_CHALLENGE_WINDOW_SECS, MAX_COOLDOWN_SECS,
    MAX_EPOCH_INTERVAL_SECS, MAX_KEEPERS, MAX_PARAMS_DELAY_SECS, MAX_PERIOD_SECS, MIN_ANSWER_SECS,
    MIN_BREAKER_WINDOW_SECS, PAUSE_SECS, POOL_VERSION, REASON_LAPSED, REASON_LEAF_TAKEN,
    REASON_LEAF_WITHHELD, WHOLE_BPS,
};
pub use reward_vault::pool::breaker::BREAKER_LOG;
pub use reward_vault::state::StoredParams;

/// First bytes of a pool's account, in every layout.
pub const POOL_KIND: &[u8] = on_chain::Pool::DISCRIMINATOR;
/// First bytes of an epoch's account, in every layout.
pub const EPOCH_KIND: &[u8] = on_chain::Epoch::DISCRIMINATOR;
/// First bytes of a challenge's account; its epoch's address follows.
pub const CHALLENGE_KIND: &[u8] = on_chain::Challenge::DISCRIMINATOR;
/// Bytes of a pool account.
pub const POOL_LEN: usize = DISCRIMINATOR_LEN + size_of::<on_chain::Pool>();
/// Bytes of a challenge's account.
pub const CHALLENGE_LEN: usize = DISCRIMINATOR_LEN + size_of::<on_chain::Challenge>();
/// Bytes of a recipient account.
pub const RECIPIENT_LEN: usize = DISCRIMINATOR_LEN + size_of::<on_chain::Recipient>();
/// Bytes of a burn round's account, without its token account.
pub const ROUND_LEN: usize = DISCRIMINATOR_LEN + size_of::<on_chain::BurnRound>();
/// Bytes of a burn receipt.
pub const RECEIPT_LEN: usize = DISCRIMINATOR_LEN + size_of::<on_chain::BurnReceipt>();
/// Bytes of a carrier account.
pub const CARRIER_LEN: usize = DISCRIMINATOR_LEN + size_of::<on_chain::Carrier>();
/// Bytes of a redemption.
pub const REDEMPTION_LEN: usize = DISCRIMINATOR_LEN + size_of::<on_chain::Redemption>();
/// Bytes that stay of a closed epoch.
pub const EPOCH_TOMBSTONE_LEN: usize = DISCRIMINATOR_LEN + size_of::<on_chain::EpochTombstone>();
/// Bytes of a member page account: what 420 members' rent is paid for, once.
pub const MEMBER_PAGE_LEN: usize = DISCRIMINATOR_LEN + size_of::<on_chain::MemberPage>();
const DISCRIMINATOR_LEN: usize = 8;

/// Bytes of the account of an epoch of a pool that wishes `canopy_depth` levels of canopy.
#[must_use]
pub const fn epoch_len(canopy_depth: u8) -> usize {
    on_chain::Epoch::space(canopy_depth)
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
pub fn epoch_address(pool: &Pubkey, number: EpochNumber) -> (Pubkey, u8) {
    let number = number.get().to_le_bytes();
    Pubkey::find_program_address(&[EPOCH_SEED, pool.as_ref(), &number], &REWARD_VAULT)
}

/// The account of the challenge of the leaf at `index` in an `attempt` of the epoch account `epoch`, and its bump.
#[must_use]
pub fn challenge_address(epoch: &Pubkey, attempt: u32, index: LeafIndex) -> (Pubkey, u8) {
    let (attempt, index) = (attempt.to_le_bytes(), index.get().to_le_bytes());
    let seeds: [&[u8]; 4] = [CHALLENGE_SEED, epoch.as_ref(), &attempt, &index];
    Pubkey::find_program_address(&seeds, &REWARD_VAULT)
}

/// The account of the counters of a pool's members on `page` (see `cairn_merkle::member_page_of`).
#[must_use]
pub fn member_page_address(pool: &Pubkey, page: u32) -> (Pubkey, u8) {
    let page = page.to_le_bytes();
    Pubkey::find_program_address(&[PAGE_SEED, pool.as_ref(), &page], &REWARD_VAULT)
}

/// The account in which a member says where to be paid.
#[must_use]
pub fn recipient_address(pool: &Pubkey, owner: &Pubkey) -> (Pubkey, u8) {
    Pubkey::find_program_address(
        &[RECIPIENT_SEED, pool.as_ref(), owner.as_ref()],
        &REWARD_VAULT,
    )
}

/// The account of a pool's burn round `number`.
#[must_use]
pub fn round_address(pool: &Pubkey, number: u64) -> (Pubkey, u8) {
    let number = number.to_le_bytes();
    Pubkey::find_program_address(&[ROUND_SEED, pool.as_ref(), &number], &REWARD_VAULT)
}

/// The token account that holds a round's tokens.
#[must_use]
pub fn round_vault_address(round: &Pubkey) -> (Pubkey, u8) {
    Pubkey::find_program_address(&[ROUND_VAULT_SEED, round.as_ref()], &REWARD_VAULT)
}

/// The account of what a member burnt in a round.
#[must_use]
pub fn receipt_address(round: &Pubkey, owner: &Pubkey) -> (Pubkey, u8) {
    Pubkey::find_program_address(
        &[RECEIPT_SEED, round.as_ref(), owner.as_ref()],
        &REWARD_VAULT,
    )
}

/// The account of a pool's carrier whose key is `carrier`.
#[must_use]
pub fn carrier_address(pool: &Pubkey, carrier: &Pubkey) -> (Pubkey, u8) {
    Pubkey::find_program_address(
        &[CARRIER_SEED, pool.as_ref(), carrier.as_ref()],
        &REWARD_VAULT,
    )
}

/// The account of a member's redemption `nonce`.
#[must_use]
pub fn redemption_address(pool: &Pubkey, owner: &Pubkey, nonce: u64) -> (Pubkey, u8) {
    let nonce = nonce.to_le_bytes();
    let seeds: [&[u8]; 4] = [REDEMPTION_SEED, pool.as_ref(), owner.as_ref(), &nonce];
    Pubkey::find_program_address(&seeds, &REWARD_VAULT)
}

/// The key that signs the program's events to itself.
#[must_use]
pub fn event_authority() -> Pubkey {
    build::event_authority(&REWARD_VAULT)
}
