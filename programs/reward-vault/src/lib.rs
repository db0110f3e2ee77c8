//! reward-vault: pays what a network's members earned, under limits that no keeper can exceed.
//!
//! A [`Pool`](state::Pool) owns a vault of one token. Keepers propose one root of all members' cumulative rewards an
//! [`Epoch`](state::Epoch); others attest it, a guardian may veto it, and after the challenge window anyone activates
//! it, within the emission cap and what the vault holds. A member then claims, with a Merkle-sum proof, what the root
//! grants above what their slot in a [`MemberPage`](state::MemberPage) says was paid before.
//!
//! Whoever holds keepers' or the admin's key can so move what one emission cap allows, seen coming for a whole window,
//! and not more: any member may ask a proposal to [show their leaf](challenge), and one that shows less falls, whoever
//! proposed it. Parameters are never looser than at creation, and roles and rules change where everybody sees it first.
//!
//! | instruction | who | effect |
//! |---|---|---|
//! | `create_pool` | the network's authority | a pool and its empty vault |
//! | `propose_admin`, `accept_admin` | admin, then after the delay the new admin | hands the pool over in two steps |
//! | `set_guardian` | admin; with the guardian in office, at once | announces or replaces the guardian |
//! | `set_keepers` | admin | fewer at no lower threshold at once; any others are announced |
//! | `apply_roles`, `cancel_roles` | anyone after the delay; admin, but for itself guardian | puts announced roles in office, or withdraws them |
//! | `announce_ruleset`, `cancel_ruleset` | admin; guardian or admin | rules that count from a named epoch on |
//! | `fund` | anyone | tokens into the vault |
//! | `pause` / `unpause` | guardian or admin / admin | stops claims, burns, redemptions and activation for a week at most, and every window with them |
//! | `propose_epoch`, `put_canopy` | a keeper | one root for all members, and the top of its tree |
//! | `attest_epoch` | keepers | says: recomputed, and every field of the proposal is right |
//! | `veto_epoch` | guardian or admin | stops a root before it is active |
//! | `lapse_epoch` | anyone | clears away a proposal that was not complete within its window |
//! | `open_challenge` | anyone, with a deposit | asks that a member's leaf be shown in the proposed root |
//! | `answer_challenge` | anyone | shows it: undiminished, the deposit is the answerer's; diminished, the epoch is vetoed |
//! | `expire_challenge` | anyone | vetoes what was not shown in time; returns a challenge whose attempt is over |
//! | `activate_epoch` | anyone | after the window, when attested, capped, covered and not challenged |
//! | `revoke_epoch` | admin and guardian | takes an active root back; the next proposal is a correction, which both sign |
//! | `open_page` | anyone | an account for 420 members' counters |
//! | `claim` | anyone; the member and their delegate alone when they said so | pays the member's own token account, or the recipient's |
//! | `set_recipient`, `close_recipient` | the member | another wallet to pay, after a cooldown; who may claim |
//! | `set_params`, `apply_params`, `cancel_params` | admin, anyone after the delay, guardian or admin | changes times, caps and breaker, to nothing looser than at creation |
//! | `migrate_pool`, `migrate_epoch` | anyone | brings an account of an older layout to the current one |
//! | `open_round`, `close_round` | admin, anyone | tokens that members share by burning points of the epoch that is active then; what is left is the pool's |
//! | `burn_points` / `settle_burn` | the member / anyone | burns points for a share / pays it after the round's end |
//! | `set_carrier` | admin | names who delivers for data credits |
//! | `redeem_credits` / `fulfil_credits` / `refund_credits` | the member / the carrier / anyone, after the deadline | the life of a redemption |
//! | `close_epoch` | anyone | shrinks an old epoch to its tombstone, rent returned |
#![expect(
    unsafe_code,
    reason = "Anchor's traits for loading accounts are unsafe to implement; every place says why it holds"
)]
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

pub mod args;
pub mod challenge;
pub mod constants;
pub mod credits;
pub mod epoch;
pub mod error;
pub mod event;
pub mod member;
pub mod params;
pub mod pool;
pub mod recipient;
pub mod roles;
pub mod round;
pub mod ruleset;
pub mod state;

pub use args::*;
pub use error::VaultError;
pub use member::leaf::MemberLeaf;

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

    /// Takes over a pool that was offered, after the delay.
    #[discrim = 3]
    pub fn accept_admin(ctx: &mut Context<pool::accept_admin::AcceptAdmin>) -> Result<()> {
        pool::accept_admin::handler(ctx)
    }

    /// Announces another guardian, or replaces the one in office with its signature.
    #[discrim = 4]
    pub fn set_guardian(
        ctx: &mut Context<pool::set_guardian::SetGuardian>,
        args: SetGuardianArgs,
    ) -> Result<()> {
        pool::set_guardian::handler(ctx, args)
    }

    /// Removes keepers or raises their threshold at once, and announces any other keepers.
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

    /// Stops claims, burns, redemptions and activation for a week at most.
    #[discrim = 7]
    pub fn pause(ctx: &mut Context<pool::pause::Pause>) -> Result<()> {
        pool::pause::handler(ctx)
    }

    /// Resumes claims, burns, redemptions and activation.
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

    /// Counts a keeper's word that it recomputed the proposal, in every field.
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

    /// Says where a member is paid and who may claim for them.
    #[discrim = 15]
    pub fn set_recipient(
        ctx: &mut Context<recipient::set::SetRecipient>,
        args: SetRecipientArgs,
    ) -> Result<()> {
        recipient::set::handler(ctx, args)
    }

    /// Has a member paid directly again, rent returned.
    #[discrim = 16]
    pub fn close_recipient(ctx: &mut Context<recipient::close::CloseRecipient>) -> Result<()> {
        recipient::close::handler(ctx)
    }

    /// Announces parameters.
    #[discrim = 17]
    pub fn set_params(
        ctx: &mut Context<params::set::SetParams>,
        args: SetParamsArgs,
    ) -> Result<()> {
        params::set::handler(ctx, args)
    }

    /// Puts announced parameters into effect, after their delay and while no epoch is proposed.
    #[discrim = 18]
    pub fn apply_params(ctx: &mut Context<params::apply::ApplyParams>) -> Result<()> {
        params::apply::handler(ctx)
    }

    /// Withdraws announced parameters.
    #[discrim = 19]
    pub fn cancel_params(ctx: &mut Context<params::cancel::CancelParams>) -> Result<()> {
        params::cancel::handler(ctx)
    }

    /// Brings a pool of an older layout to this program's.
    #[discrim = 20]
    pub fn migrate_pool(ctx: &mut Context<pool::migrate::MigratePool>) -> Result<()> {
        pool::migrate::handler(ctx)
    }

    /// Opens the next burn round and fills it.
    #[discrim = 21]
    pub fn open_round(
        ctx: &mut Context<round::open::OpenRound>,
        args: OpenRoundArgs,
    ) -> Result<()> {
        round::open::handler(ctx, args)
    }

    /// Burns a member's points for a share of a round.
    #[discrim = 22]
    pub fn burn_points(
        ctx: &mut Context<round::burn::BurnPoints>,
        args: BurnPointsArgs,
    ) -> Result<()> {
        round::burn::handler(ctx, args)
    }

    /// Pays a member's share of a round that has ended.
    #[discrim = 23]
    pub fn settle_burn(
        ctx: &mut Context<round::settle::SettleBurn>,
        args: SettleBurnArgs,
    ) -> Result<()> {
        round::settle::handler(ctx, args)
    }

    /// Closes a settled round; what is left goes to the pool.
    #[discrim = 24]
    pub fn close_round(ctx: &mut Context<round::close::CloseRound>) -> Result<()> {
        round::close::handler(ctx)
    }

    /// Names a carrier, or changes its terms.
    #[discrim = 25]
    pub fn set_carrier(
        ctx: &mut Context<credits::set_carrier::SetCarrier>,
        args: SetCarrierArgs,
    ) -> Result<()> {
        credits::set_carrier::handler(ctx, args)
    }

    /// Redeems a member's data credits with a carrier.
    #[discrim = 26]
    pub fn redeem_credits(
        ctx: &mut Context<credits::redeem::RedeemCredits>,
        args: RedeemCreditsArgs,
    ) -> Result<()> {
        credits::redeem::handler(ctx, args)
    }

    /// Ends a redemption that its carrier delivered.
    #[discrim = 27]
    pub fn fulfil_credits(
        ctx: &mut Context<credits::fulfil::FulfilCredits>,
        args: FulfilCreditsArgs,
    ) -> Result<()> {
        credits::fulfil::handler(ctx, args)
    }

    /// Gives back credits that nobody delivered in time.
    #[discrim = 28]
    pub fn refund_credits(ctx: &mut Context<credits::refund::RefundCredits>) -> Result<()> {
        credits::refund::handler(ctx)
    }

    /// Shrinks an epoch that nobody can claim from any more to its tombstone.
    #[discrim = 29]
    pub fn close_epoch(ctx: &mut Context<epoch::close::CloseEpoch>) -> Result<()> {
        epoch::close::handler(ctx)
    }

    /// Asks that a member's leaf of the active epoch be shown in the proposed one.
    #[discrim = 30]
    pub fn open_challenge(
        ctx: &mut Context<challenge::open::OpenChallenge>,
        args: OpenChallengeArgs,
    ) -> Result<()> {
        challenge::open::handler(ctx, args)
    }

    /// Shows a challenged leaf; one that shrank or changed its owner vetoes the epoch.
    #[discrim = 31]
    pub fn answer_challenge(
        ctx: &mut Context<challenge::answer::AnswerChallenge>,
        args: AnswerChallengeArgs,
    ) -> Result<()> {
        challenge::answer::handler(ctx, args)
    }

    /// Vetoes an epoch whose challenged leaf nobody showed in time, or returns a challenge whose attempt is over.
    #[discrim = 32]
    pub fn expire_challenge(ctx: &mut Context<challenge::expire::ExpireChallenge>) -> Result<()> {
        challenge::expire::handler(ctx)
    }

    /// Clears away a proposal that was not complete within its window.
    #[discrim = 33]
    pub fn lapse_epoch(ctx: &mut Context<epoch::lapse::LapseEpoch>) -> Result<()> {
        epoch::lapse::handler(ctx)
    }

    /// Takes an active epoch back.
    #[discrim = 34]
    pub fn revoke_epoch(ctx: &mut Context<epoch::revoke::RevokeEpoch>) -> Result<()> {
        epoch::revoke::handler(ctx)
    }

    /// Puts announced roles in office, after their delay and while no epoch is proposed.
    #[discrim = 35]
    pub fn apply_roles(ctx: &mut Context<roles::apply::ApplyRoles>) -> Result<()> {
        roles::apply::handler(ctx)
    }

    /// Withdraws announced roles or the pool's offer to another admin.
    #[discrim = 36]
    pub fn cancel_roles(
        ctx: &mut Context<roles::cancel::CancelRoles>,
        args: CancelRolesArgs,
    ) -> Result<()> {
        roles::cancel::handler(ctx, args)
    }

    /// Announces the rules that epochs are scored by from a named one on.
    #[discrim = 37]
    pub fn announce_ruleset(
        ctx: &mut Context<ruleset::announce::AnnounceRuleset>,
        args: AnnounceRulesetArgs,
    ) -> Result<()> {
        ruleset::announce::handler(ctx, args)
    }

    /// Withdraws announced rules.
    #[discrim = 38]
    pub fn cancel_ruleset(ctx: &mut Context<ruleset::cancel::CancelRuleset>) -> Result<()> {
        ruleset::cancel::handler(ctx)
    }

    /// Brings an epoch of an older layout to this program's.
    #[discrim = 39]
    pub fn migrate_epoch(ctx: &mut Context<epoch::migrate::MigrateEpoch>) -> Result<()> {
        epoch::migrate::handler(ctx)
    }
}
