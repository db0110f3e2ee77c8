//! airdrop: drops of one token to many people, from a root that is fixed before the first claim.
//!
//! A [`Campaign`](state::Campaign) is one airdrop: its creator names the root of the tree of drops, the dates and who
//! gets what is left, and opens it by filling its vault to the last unit of the root. From the start on anyone claims
//! for any claimant with a Merkle-sum proof; a bit in a [`CampaignPage`](state::CampaignPage) says that a drop was
//! claimed, and a [`Vesting`](state::Vesting) account holds the part that is still locked. After the expiry what nobody
//! claimed goes to the receiver.
//!
//! | instruction | who | effect |
//! |---|---|---|
//! | `create_campaign`, `put_campaign_canopy`, `open_campaign` | the creator | one airdrop: its root, dates, receiver, tokens |
//! | `open_campaign_page` | anyone | an account for 80,000 claimants' bits |
//! | `claim_drop`, `claim_vested` | anyone, for any claimant | pays the claimant's own token account |
//! | `extend_campaign` | the creator | moves the expiry later |
//! | `sweep_campaign` | anyone, after the expiry; the creator before the opening | what is left goes to the receiver |
//! | `close_campaign_page`, `close_vesting`, `close_campaign` | anyone, once swept | returns rent; a tombstone stays |
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

#[cfg(target_os = "solana")]
use solana_compiler_builtins as _;

use anchor_lang::prelude::*;

pub mod campaign;
pub mod constants;
pub mod error;
pub mod event;
pub mod state;

pub use cairn_onchain::canopy::PutCanopyArgs;
pub use campaign::{
    claim::ClaimDropArgs, claim_vested::ClaimVestedArgs, create::CreateCampaignArgs,
    extend::ExtendCampaignArgs, open::OpenCampaignArgs, open_page::OpenCampaignPageArgs,
    sweep::SweepCampaignArgs,
};
pub use error::AirdropError;

declare_id!("4ACGVpqFY1GX4Yr1dXfAtVPwvSb4t4Jv8QkswQyvdRF3");

/// One byte names an instruction: seven bytes less in every claim, and a number that a rename can not change. Numbers
/// are those of reward-vault, whose program campaigns were once part of (ADR 24).
#[program]
pub mod airdrop {
    use super::*;

    /// Pays a claimant's drop: the unlocked part, and what has vested of the locked one. Anyone may send it.
    #[discrim = 30]
    pub fn claim_drop(
        ctx: &mut Context<campaign::claim::ClaimDrop>,
        args: ClaimDropArgs,
    ) -> Result<()> {
        campaign::claim::handler(ctx, args)
    }

    /// Pays what has vested since. Anyone may send it.
    #[discrim = 31]
    pub fn claim_vested(
        ctx: &mut Context<campaign::claim_vested::ClaimVested>,
        args: ClaimVestedArgs,
    ) -> Result<()> {
        campaign::claim_vested::handler(ctx, args)
    }

    /// Creates an airdrop campaign and its empty vault.
    #[discrim = 32]
    pub fn create_campaign(
        ctx: &mut Context<campaign::create::CreateCampaign>,
        args: CreateCampaignArgs,
    ) -> Result<()> {
        campaign::create::handler(ctx, args)
    }

    /// Stores the next part of a campaign tree's top; the last part must fold to the root.
    #[discrim = 33]
    pub fn put_campaign_canopy(
        ctx: &mut Context<campaign::put_canopy::PutCampaignCanopy>,
        args: PutCanopyArgs,
    ) -> Result<()> {
        campaign::put_canopy::handler(ctx, args)
    }

    /// Fills a campaign's vault and makes it claimable from its start on.
    #[discrim = 34]
    pub fn open_campaign(
        ctx: &mut Context<campaign::open::OpenCampaign>,
        args: OpenCampaignArgs,
    ) -> Result<()> {
        campaign::open::handler(ctx, args)
    }

    /// Creates the account that holds the bits of 80,000 claimants.
    #[discrim = 35]
    pub fn open_campaign_page(
        ctx: &mut Context<campaign::open_page::OpenCampaignPage>,
        args: OpenCampaignPageArgs,
    ) -> Result<()> {
        campaign::open_page::handler(ctx, args)
    }

    /// Moves a campaign's expiry later.
    #[discrim = 36]
    pub fn extend_campaign(
        ctx: &mut Context<campaign::extend::ExtendCampaign>,
        args: ExtendCampaignArgs,
    ) -> Result<()> {
        campaign::extend::handler(ctx, args)
    }

    /// Sends what nobody claimed to the receiver and closes the vault, after the expiry.
    #[discrim = 37]
    pub fn sweep_campaign(
        ctx: &mut Context<campaign::sweep::SweepCampaign>,
        args: SweepCampaignArgs,
    ) -> Result<()> {
        campaign::sweep::handler(ctx, args)
    }

    /// Closes a swept campaign's page and returns its rent.
    #[discrim = 38]
    pub fn close_campaign_page(
        ctx: &mut Context<campaign::close_page::CloseCampaignPage>,
    ) -> Result<()> {
        campaign::close_page::handler(ctx)
    }

    /// Closes a swept and emptied campaign and returns its rent; a tombstone stays.
    #[discrim = 39]
    pub fn close_campaign(ctx: &mut Context<campaign::close::CloseCampaign>) -> Result<()> {
        campaign::close::handler(ctx)
    }

    /// Closes a vesting account that is paid, or whose campaign was swept, and returns its rent.
    #[discrim = 40]
    pub fn close_vesting(ctx: &mut Context<campaign::close_vesting::CloseVesting>) -> Result<()> {
        campaign::close_vesting::handler(ctx)
    }
}
