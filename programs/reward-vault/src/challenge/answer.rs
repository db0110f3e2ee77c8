use anchor_lang::{AccountClose, address_eq, prelude::*};

use crate::{
    constants::REASON_LEAF_TAKEN,
    error::VaultError,
    event::{ChallengeAnswered, EpochVetoed, emit},
    member::leaf::{MemberLeaf, prove_leaf},
    state::{KnownChallenge, KnownEpoch, KnownPool, canopy_complete, veto},
};

/// The leaf at the challenged index in the proposed epoch.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct AnswerChallengeArgs {
    /// The leaf's owner; none for the challenged member.
    pub owner: Option<Address>,
    /// Base units.
    pub tokens: u64,
    /// Milli-points.
    pub points: u64,
    /// Data credits.
    pub credits: u64,
    /// Siblings from the leaf up to the proposed epoch's canopy: 40 bytes each, hash, then sum as u64.
    pub proof: Vec<u8>,
}

#[event_cpi]
#[derive(Accounts)]
pub struct AnswerChallenge {
    /// Anybody: a keeper that has the leaf, or whoever shows that something was taken from it.
    #[account(mut, unsafe(dup))]
    pub answerer: Signer,
    #[account(mut)]
    pub pool: KnownPool,
    /// The proposed epoch.
    #[account(
        mut,
        constraint = address_eq(&epoch.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub epoch: KnownEpoch,
    /// Closes.
    #[account(
        mut,
        constraint = address_eq(&challenge.epoch, epoch.address()) @ VaultError::WrongChallenge,
    )]
    pub challenge: KnownChallenge,
    /// Gets rent and deposit back when the leaf is not the member's undiminished one.
    #[account(
        mut,
        unsafe(dup),
        address = challenge.challenger @ VaultError::WrongChallenger,
    )]
    pub challenger: UncheckedAccount,
}

impl AnswerChallenge {
    /// Checks fields in order. Whether the leaf is kept is no question of right or wrong arguments: any leaf that the
    /// epoch holds at the index is an answer.
    fn validate(&self, owner: &Address, leaf: &MemberLeaf, proof: &[u8]) -> Result<()> {
        let (epoch, challenge) = (&self.epoch, &self.challenge);
        require!(
            epoch.is_open() && epoch.attempt == challenge.attempt,
            VaultError::ChallengeAttempt
        );
        require!(canopy_complete(epoch), VaultError::CanopyIncomplete);
        prove_leaf(epoch, owner, leaf, proof)
    }
}

/// Shows a challenged leaf. When nothing was taken from it, rent and deposit are the answerer's; otherwise the epoch is
/// vetoed in this instruction, whoever proposed it, and everything goes back to the challenger. Works while the pool is
/// paused: the time to answer runs on.
pub fn handler(ctx: &mut Context<AnswerChallenge>, args: AnswerChallengeArgs) -> Result<()> {
    let owner = args.owner.unwrap_or(ctx.accounts.challenge.owner);
    let leaf = MemberLeaf {
        index: ctx.accounts.challenge.index,
        tokens: args.tokens,
        points: args.points,
        credits: args.credits,
    };
    ctx.accounts.validate(&owner, &leaf, &args.proof)?;
    let AnswerChallenge {
        answerer,
        pool,
        epoch,
        challenge,
        challenger,
        event_authority,
        ..
    } = &mut ctx.accounts;
    let bump = ctx.bumps.event_authority;
    if challenge.is_kept_by(&owner, &leaf) {
        let answered = ChallengeAnswered {
            pool: epoch.pool,
            answerer: *answerer.address(),
            challenger: challenge.challenger,
            owner,
            number: epoch.number,
            tokens: leaf.tokens,
            points: leaf.points,
            credits: leaf.credits,
            index: leaf.index,
            attempt: epoch.attempt,
        };
        let open = epoch.open_challenges.checked_sub(1);
        epoch.open_challenges = open.ok_or(VaultError::Overflow)?;
        challenge.close(*answerer.account())?;
        epoch.invariant()?;
        emit(event_authority, bump, answered);
        return Ok(());
    }
    veto(epoch, pool, REASON_LEAF_TAKEN, Clock::get()?.unix_timestamp);
    challenge.close(*challenger.account())?;
    epoch.invariant()?;
    pool.invariant()?;
    let vetoed = EpochVetoed::of(epoch, *answerer.address());
    emit(event_authority, bump, vetoed);
    Ok(())
}
