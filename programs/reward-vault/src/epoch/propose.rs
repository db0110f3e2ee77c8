#![expect(
    unused_variables,
    reason = "Anchor reads the arguments again when the instruction ends and leaves them unused"
)]

use anchor_lang::{AccountInitialize, prelude::*};
use cairn_merkle::{canopy_depth_for, depth_for};
use cairn_onchain::canopy;
use solana_sha256_hasher::hashv;

use crate::{
    constants::{EPOCH_SEED, EPOCH_VERSION, MAX_KEEPERS},
    error::VaultError,
    event::{EpochProposed, emit},
    state::{
        Allowance, Epoch, EpochAccount, EpochStatus, KnownPool, MemberSlot, Pool, refresh_status,
        require_current,
    },
};

/// First bytes of what an attestation names.
const PROPOSAL_TAG: &[u8] = b"cairn/proposal/1";

/// What an epoch is, as computed from its files. Frozen once proposed.
#[derive(Clone, Debug, PartialEq, Eq, SchemaRead, SchemaWrite, IdlType)]
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

impl ProposeEpochArgs {
    /// What attestations of this proposal name: SHA-256 of a tag, the pool's address, every field in order, numbers
    /// little-endian, and the attempt. A word for one proposal is worth nothing for another that differs anywhere, and
    /// nothing for the same one after a veto.
    #[must_use]
    pub fn hash(&self, pool: &Address, attempt: u32) -> [u8; 32] {
        hashv(&[
            PROPOSAL_TAG,
            pool.as_ref(),
            &self.number.to_le_bytes(),
            &self.root,
            &self.tokens.to_le_bytes(),
            &self.points.to_le_bytes(),
            &self.credits.to_le_bytes(),
            &self.leaf_count.to_le_bytes(),
            &self.period_start.to_le_bytes(),
            &self.period_end.to_le_bytes(),
            &self.manifest_hash,
            &self.ruleset_hash,
            &self.code_hash,
            &self.accepted.to_le_bytes(),
            &self.rejected.to_le_bytes(),
            &attempt.to_le_bytes(),
        ])
        .to_bytes()
    }
}

/// What a proposal that keeps every rule is held to.
struct Limits {
    depth: u8,
    intervals: u32,
    allowance: Allowance,
}

impl Epoch {
    /// What was proposed, as its proposer said it.
    #[must_use]
    pub const fn proposed(&self) -> ProposeEpochArgs {
        ProposeEpochArgs {
            number: self.number,
            root: self.root,
            tokens: self.tokens,
            points: self.points,
            credits: self.credits,
            leaf_count: self.leaf_count,
            period_start: self.period_start,
            period_end: self.period_end,
            manifest_hash: self.manifest_hash,
            ruleset_hash: self.ruleset_hash,
            code_hash: self.code_hash,
            accepted: self.accepted,
            rejected: self.rejected,
        }
    }
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: ProposeEpochArgs)]
pub struct ProposeEpoch {
    /// One of the pool's keepers; pays the epoch's rent on the first attempt. May be the admin, who signs a correction.
    #[account(mut, unsafe(dup), constraint = pool.is_keeper(proposer.address()) @ VaultError::NotKeeper)]
    pub proposer: Signer,
    #[account(mut)]
    pub pool: KnownPool,
    /// New for a new number; after a veto the same account is used again.
    #[account(
        mut,
        seeds = [EPOCH_SEED, pool.address().as_ref(), args.number.to_le_bytes()],
        bump
    )]
    pub epoch: UncheckedAccount,
    /// The pool's admin, who signs a correction.
    #[account(address = pool.admin @ VaultError::NotAdmin)]
    pub admin: Option<Signer>,
    /// The pool's guardian, who signs a correction.
    #[account(address = pool.guardian @ VaultError::NotGuardian)]
    pub guardian: Option<Signer>,
    pub system_program: Program<System>,
}

impl ProposeEpoch {
    /// Checks fields in order.
    fn validate(&self, args: &ProposeEpochArgs, now: i64) -> Result<Limits> {
        let pool = &self.pool;
        require!(pool.pending_epoch == 0, VaultError::EpochInFlight);
        require!(args.number == pool.next_epoch, VaultError::EpochNumber);
        pool.require_rested(self.proposer.address(), now)?;
        require!(
            !pool.is_correction_due() || (self.admin.is_some() && self.guardian.is_some()),
            VaultError::CorrectionUnsigned
        );
        require!(args.root != [0; 32], VaultError::RootZero);
        let depth = depth_for(args.leaf_count).map_err(VaultError::from)?;
        require!(args.period_start < args.period_end, VaultError::PeriodOrder);
        // No leaf of such a root could be claimed: what members redeem is counted below this.
        require!(
            args.credits <= MemberSlot::MAX_CREDITS,
            VaultError::CreditsRange
        );
        pool.validate_ruleset(args.number, &args.ruleset_hash, now)?;
        pool.validate_growth(args.tokens, args.points, args.credits, args.leaf_count)?;
        let intervals = pool.emission_intervals(now);
        let allowance = pool.allowance(intervals);
        pool.validate_allowance(args.tokens, args.points, args.credits, &allowance)?;
        Ok(Limits {
            depth,
            intervals,
            allowance,
        })
    }

    /// The epoch's account, created for a new number. Not by `init_if_needed`, which asks an account that is used again
    /// for today's rent: after the rent rose no vetoed number could be proposed until somebody paid the difference.
    fn open(&self, number: u64, bump: u8) -> Result<EpochAccount> {
        let view = *self.epoch.account();
        if view.owned_by(&crate::ID) {
            require_current(&view)?;
            // SAFETY: the account is `mut`, so it was refused had it come twice, and it has no other typed reference.
            let epoch = unsafe { EpochAccount::load_mut(view) }?;
            // Any account at a number that is next is its last attempt, which must have been vetoed.
            require!(
                epoch.status == EpochStatus::Vetoed as u8,
                VaultError::EpochNotVetoed
            );
            return Ok(epoch);
        }
        let pool = &self.pool;
        let mut epoch = EpochAccount::create_and_initialize(
            self.proposer.account(),
            &view,
            Epoch::space(pool.canopy_depth),
            &crate::ID,
            &(),
            Some(&[
                EPOCH_SEED,
                pool.address().as_ref(),
                &number.to_le_bytes(),
                &[bump],
            ]),
            None,
        )?;
        epoch.rent_payer = *self.proposer.address();
        epoch.bump = bump;
        Ok(epoch)
    }
}

pub fn handler(ctx: &mut Context<ProposeEpoch>, args: ProposeEpochArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let limits = ctx.accounts.validate(&args, now)?;
    let mut epoch = ctx.accounts.open(args.number, ctx.bumps.epoch)?;
    let ProposeEpoch { proposer, pool, .. } = &mut ctx.accounts;
    if epoch.number != 0 {
        // Attempts never run out: whoever could use them up would end the pool.
        epoch.attempt = epoch.attempt.saturating_add(1);
    }
    epoch.pool = *pool.address();
    epoch.proposer = *proposer.address();
    freeze(&mut epoch, pool, &args, &limits, now);
    epoch.proposal = args.hash(pool.address(), epoch.attempt);
    // The proposal is its proposer's attestation. Those of a vetoed attempt were for another root.
    epoch.attesters = [Address::default(); MAX_KEEPERS];
    if let Some(first) = epoch.attesters.first_mut() {
        *first = *proposer.address();
    }
    epoch.attester_count = 1;
    epoch.complete_at = 0;
    epoch.open_challenges = 0;
    let canopy = epoch.canopy();
    canopy::start(&mut epoch, canopy)?;
    refresh_status(&mut epoch, pool, now);
    pool.pending_epoch = args.number;
    epoch.invariant()?;
    pool.invariant()?;

    let event = said(&epoch);
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
        ruleset_hash: epoch.ruleset_hash,
        proposal: epoch.proposal,
        number: epoch.number,
        tokens: epoch.tokens,
        points: epoch.points,
        credits: epoch.credits,
        window_ends_at: epoch.window_ends_at(),
        leaf_count: epoch.leaf_count,
        attempt: epoch.attempt,
        depth: epoch.depth,
        canopy_depth: epoch.canopy_depth,
        correction: epoch.correction,
        reserved: [0; 5],
    }
}

/// Copies what the epoch says, and the pool's times, limits and threshold as they are now: what the pool changes later
/// does not reach an epoch that was proposed.
fn freeze(epoch: &mut Epoch, pool: &Pool, args: &ProposeEpochArgs, limits: &Limits, now: i64) {
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
    epoch.depth = limits.depth;
    epoch.canopy_depth = canopy_depth_for(pool.canopy_depth, epoch.depth);
    epoch.epoch_interval_secs = pool.epoch_interval_secs;
    epoch.challenge_window_secs = Epoch::window_of(pool);
    epoch.threshold = pool.threshold;
    epoch.intervals = limits.intervals;
    epoch.emission_allowance = limits.allowance.tokens;
    epoch.points_allowance = limits.allowance.points;
    epoch.credits_allowance = limits.allowance.credits;
    epoch.proposed_at = now;
    epoch.paused_before = pool.paused_secs_at(now);
    epoch.correction = pool.correction_due;
    epoch.activated_at = 0;
    epoch.kept_until = 0;
    epoch.version = EPOCH_VERSION;
}
