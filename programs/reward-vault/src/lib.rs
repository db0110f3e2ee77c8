//! reward-vault: pays what a network's members earned, under limits that no keeper can exceed.
//!
//! A [`Pool`](state::Pool) owns a vault of one token. Keepers propose one root of all members' cumulative rewards an
//! [`Epoch`](state::Epoch); others attest it, a guardian may veto it, and after the challenge window anyone activates
//! it, within the emission cap and what the vault holds. A member then claims, with a Merkle-sum proof, what the root
//! grants above what their slot in a [`MemberPage`](state::MemberPage) says was paid before.
//!
//! | instruction | who | effect |
//! |---|---|---|
//! | `create_pool` | the network's authority | a pool and its empty vault |
//! | `propose_admin`, `accept_admin` | admin, then the new admin | hands the pool over in two steps |
//! | `set_guardian`, `set_keepers` | admin | replaces the roles |
//! | `fund` | anyone | tokens into the vault |
//! | `pause` / `unpause` | guardian or admin / admin | stops and resumes claims and activation |
//! | `propose_epoch`, `put_canopy` | a keeper | one root for all members, and the top of its tree |
//! | `attest_epoch` | keepers | says: recomputed, same manifest, same root |
//! | `veto_epoch` | guardian or admin | stops a root before it is active |
//! | `activate_epoch` | anyone | after the window, when attested, capped and covered |
//! | `open_page` | anyone | an account for 420 members' counters |
//! | `claim` | anyone, for any member | pays the member's own token account |

#[cfg(target_os = "solana")]
use solana_compiler_builtins as _;

use anchor_lang::prelude::*;

pub mod constants;
pub mod epoch;
pub mod error;
pub mod event;
pub mod member;
pub mod pool;
pub mod state;
pub mod token;

pub use epoch::{
    attest::AttestEpochArgs, propose::ProposeEpochArgs, put_canopy::PutCanopyArgs,
    veto::VetoEpochArgs,
};
pub use error::VaultError;
pub use member::{claim::ClaimArgs, open_page::OpenPageArgs};
pub use pool::{
    create::CreatePoolArgs, fund::FundArgs, propose_admin::ProposeAdminArgs,
    set_guardian::SetGuardianArgs, set_keepers::SetKeepersArgs,
};

declare_id!("FRsECvxwoA3neweu5dkhuC2MAKrRpih1P9HcBWGYfSoK");

/// One byte names an instruction: seven bytes less in every claim, and a number that a rename can not change.
/// `claim` stands first because dispatch tries them in order.
#[program]
pub mod reward_vault {
    use super::*;

    /// Pays a member what the epoch's root grants above what they were paid before. Anyone may send it.
    #[discrim = 0]
    pub fn claim(ctx: &mut Context<member::claim::Claim>, args: ClaimArgs) -> Result<()> {
        member::claim::handler(ctx, args)
    }

    /// Creates a pool and its empty vault under a network.
    #[discrim = 1]
    pub fn create_pool(
        ctx: &mut Context<pool::create::CreatePool>,
        args: CreatePoolArgs,
    ) -> Result<()> {
        pool::create::handler(ctx, args)
    }

    /// Offers the pool to another admin; the zero key withdraws the offer.
    #[discrim = 2]
    pub fn propose_admin(
        ctx: &mut Context<pool::propose_admin::ProposeAdmin>,
        args: ProposeAdminArgs,
    ) -> Result<()> {
        pool::propose_admin::handler(ctx, args)
    }

    /// Takes over a pool that was offered.
    #[discrim = 3]
    pub fn accept_admin(ctx: &mut Context<pool::accept_admin::AcceptAdmin>) -> Result<()> {
        pool::accept_admin::handler(ctx)
    }

    /// Replaces the guardian.
    #[discrim = 4]
    pub fn set_guardian(
        ctx: &mut Context<pool::set_guardian::SetGuardian>,
        args: SetGuardianArgs,
    ) -> Result<()> {
        pool::set_guardian::handler(ctx, args)
    }

    /// Replaces the keepers and their threshold.
    #[discrim = 5]
    pub fn set_keepers(
        ctx: &mut Context<pool::set_keepers::SetKeepers>,
        args: SetKeepersArgs,
    ) -> Result<()> {
        pool::set_keepers::handler(ctx, args)
    }

    /// Moves tokens into the vault and counts what arrived.
    #[discrim = 6]
    pub fn fund(ctx: &mut Context<pool::fund::Fund>, args: FundArgs) -> Result<()> {
        pool::fund::handler(ctx, args)
    }

    /// Stops claims and activation.
    #[discrim = 7]
    pub fn pause(ctx: &mut Context<pool::pause::Pause>) -> Result<()> {
        pool::pause::handler(ctx)
    }

    /// Resumes claims and activation.
    #[discrim = 8]
    pub fn unpause(ctx: &mut Context<pool::unpause::Unpause>) -> Result<()> {
        pool::unpause::handler(ctx)
    }

    /// Proposes the next epoch's root, or a vetoed one again.
    #[discrim = 9]
    pub fn propose_epoch(
        ctx: &mut Context<epoch::propose::ProposeEpoch>,
        args: ProposeEpochArgs,
    ) -> Result<()> {
        epoch::propose::handler(ctx, args)
    }

    /// Stores the next part of the tree's top; the last part must fold to the root.
    #[discrim = 10]
    pub fn put_canopy(
        ctx: &mut Context<epoch::put_canopy::PutCanopy>,
        args: PutCanopyArgs,
    ) -> Result<()> {
        epoch::put_canopy::handler(ctx, args)
    }

    /// Counts a keeper's word that the manifest and root are the ones it recomputed.
    #[discrim = 11]
    pub fn attest_epoch(
        ctx: &mut Context<epoch::attest::AttestEpoch>,
        args: AttestEpochArgs,
    ) -> Result<()> {
        epoch::attest::handler(ctx, args)
    }

    /// Stops an epoch that is not active yet.
    #[discrim = 12]
    pub fn veto_epoch(
        ctx: &mut Context<epoch::veto::VetoEpoch>,
        args: VetoEpochArgs,
    ) -> Result<()> {
        epoch::veto::handler(ctx, args)
    }

    /// Makes an attested epoch claimable, after its window, within cap and funds.
    #[discrim = 13]
    pub fn activate_epoch(ctx: &mut Context<epoch::activate::ActivateEpoch>) -> Result<()> {
        epoch::activate::handler(ctx)
    }

    /// Creates the account that holds the counters of 420 members.
    #[discrim = 14]
    pub fn open_page(
        ctx: &mut Context<member::open_page::OpenPage>,
        args: OpenPageArgs,
    ) -> Result<()> {
        member::open_page::handler(ctx, args)
    }
}
