#![expect(
    unused_variables,
    reason = "Anchor reads the arguments again when the instruction ends and leaves them unused"
)]

use anchor_lang::prelude::*;
use cairn_merkle::{canopy_depth_for, depth_for};
use cairn_onchain::canopy;

use crate::{
    constants::{ACCOUNT_VERSION, EPOCH_SEED, MAX_KEEPERS},
    error::VaultError,
    event::{EpochProposed, emit},
    state::{Epoch, EpochAccount, EpochStatus, KnownPool, MemberSlot, Pool, refresh_status},
};

/// What an epoch is, as computed from its files. Frozen once proposed.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct ProposeEpochArgs {
    /// The pool's next epoch.
    pub number: u64,
    /// Hash of the tree's root.
    pub root: [u8; 32],
    /// Base units of all leaves: the root's sum.
    pub tokens: u64,
    /// Milli-points of all leaves.
    pub points: u64,
    /// Data credits of all leaves.
    pub credits: u64,
    /// Leaves in the tree, 1 to 2^24.
    pub leaf_count: u32,
    /// Unix seconds at which the scored period starts.
    pub period_start: i64,
    /// Unix seconds at which it ends.
    pub period_end: i64,
    /// SHA-256 of the manifest.
    pub manifest_hash: [u8; 32],
    /// SHA-256 of the rules.
    pub ruleset_hash: [u8; 32],
    /// SHA-256 of the code that ran them.
    pub code_hash: [u8; 32],
    /// Proofs of work accepted.
    pub accepted: u64,
    /// Proofs of work rejected.
    pub rejected: u64,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: ProposeEpochArgs)]
pub struct ProposeEpoch {
    /// One of the pool's keepers; pays the epoch's rent on the first attempt.
    #[account(mut, constraint = pool.is_keeper(proposer.address()) @ VaultError::NotKeeper)]
    pub proposer: Signer,
    #[account(mut)]
    pub pool: KnownPool,
    /// New for a new number; after a veto the same account is used again.
    #[account(
        init_if_needed,
        payer = proposer,
        space = space(&pool, args.number)?,
        seeds = [EPOCH_SEED, pool.address().as_ref(), args.number.to_le_bytes()],
        bump
    )]
    pub epoch: EpochAccount,
    pub system_program: Program<System>,
}

/// Bytes of an epoch, once its number is the next one. Anchor looks at an account's length before any constraint:
/// without this, a number whose epoch is closed would be refused for its tombstone's length.
fn space(pool: &Pool, number: u64) -> Result<usize> {
    require!(pool.pending_epoch == 0, VaultError::EpochInFlight);
    require!(number == pool.next_epoch, VaultError::EpochNumber);
    Ok(Epoch::space(pool.canopy_depth))
}

impl ProposeEpoch {
    /// Checks fields in order.
    fn validate(&self, args: &ProposeEpochArgs) -> Result<()> {
        let pool = &self.pool;
        // A fresh account holds zeros. Any other one is this number's last attempt, which must have been vetoed.
        require!(
            self.epoch.number == 0 || self.epoch.status == EpochStatus::Vetoed as u8,
            VaultError::EpochNotVetoed
        );
        require!(args.root != [0; 32], VaultError::RootZero);
        depth_for(args.leaf_count).map_err(VaultError::from)?;
        require!(args.period_start < args.period_end, VaultError::PeriodOrder);
        // No leaf of such a root could be claimed: what members redeem is counted below this.
        require!(
            args.credits <= MemberSlot::MAX_CREDITS,
            VaultError::CreditsRange
        );
        pool.validate_growth(args.tokens, args.points, args.credits, args.leaf_count)
    }
}

pub fn handler(ctx: &mut Context<ProposeEpoch>, args: ProposeEpochArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let ProposeEpoch {
        proposer,
        pool,
        epoch,
        ..
    } = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let allowance = pool.emission_allowance(now);
    pool.validate_emission(args.tokens, allowance)?;
    epoch.attempt = next_attempt(epoch)?;
    if epoch.number == 0 {
        epoch.rent_payer = *proposer.address();
    }
    freeze(epoch, pool, &args)?;
    epoch.pool = *pool.address();
    epoch.proposer = *proposer.address();
    epoch.proposed_at = now;
    epoch.emission_allowance = allowance;
    epoch.intervals = pool.emission_intervals(now);
    epoch.bump = ctx.bumps.epoch;
    // The proposal is its proposer's attestation. Those of a vetoed attempt were for another root.
    epoch.attesters = [Address::default(); MAX_KEEPERS];
    epoch.attester_count = 0;
    epoch.add_attester(pool, proposer.address())?;
    let canopy = epoch.canopy();
    canopy::start(epoch, canopy)?;
    refresh_status(epoch, pool);
    pool.pending_epoch = args.number;
    epoch.invariant()?;
    pool.invariant()?;

    let event = said(epoch);
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}

fn said(epoch: &Epoch) -> EpochProposed {
    EpochProposed {
        pool: epoch.pool,
        proposer: epoch.proposer,
        root: epoch.root,
        manifest_hash: epoch.manifest_hash,
        number: epoch.number,
        tokens: epoch.tokens,
        points: epoch.points,
        credits: epoch.credits,
        activatable_at: epoch.activatable_at(),
        leaf_count: epoch.leaf_count,
        attempt: epoch.attempt,
        depth: epoch.depth,
        canopy_depth: epoch.canopy_depth,
    }
}

/// 0 for a fresh account, one more than the vetoed attempt's otherwise.
fn next_attempt(epoch: &Epoch) -> Result<u16> {
    if epoch.number == 0 {
        return Ok(0);
    }
    Ok(epoch
        .attempt
        .checked_add(1)
        .ok_or(VaultError::EpochAttempts)?)
}

/// Copies what the epoch says, and the pool's times and threshold as they are now: what the pool changes later does
/// not reach an epoch that was proposed.
fn freeze(epoch: &mut Epoch, pool: &Pool, args: &ProposeEpochArgs) -> Result<()> {
    epoch.number = args.number;
    epoch.root = args.root;
    epoch.tokens = args.tokens;
    epoch.points = args.points;
    epoch.credits = args.credits;
    epoch.leaf_count = args.leaf_count;
    epoch.period_start = args.period_start;
    epoch.period_end = args.period_end;
    epoch.manifest_hash = args.manifest_hash;
    epoch.ruleset_hash = args.ruleset_hash;
    epoch.code_hash = args.code_hash;
    epoch.accepted = args.accepted;
    epoch.rejected = args.rejected;
    epoch.depth = depth_for(args.leaf_count).map_err(VaultError::from)?;
    epoch.canopy_depth = canopy_depth_for(pool.canopy_depth, epoch.depth);
    epoch.epoch_interval_secs = pool.epoch_interval_secs;
    epoch.challenge_window_secs = pool.challenge_window_secs;
    epoch.threshold = pool.threshold;
    epoch.activated_at = 0;
    epoch.version = ACCOUNT_VERSION;
    Ok(())
}
