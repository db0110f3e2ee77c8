use anchor_lang::{AccountInitialize, address_eq, prelude::*};
use cairn_onchain::{constants::PDA_MARKER, lamports::transfer_lamports};
use solana_sha256_hasher::hashv;

use crate::{
    constants::{ACCOUNT_VERSION, CHALLENGE_DEPOSIT, CHALLENGE_SEED},
    error::{VaultError, refuse},
    event::{ChallengeOpened, emit},
    member::leaf::{MemberLeaf, prove_leaf},
    state::{Challenge, EpochStatus, KnownEpoch, KnownPool, canopy_complete},
};

/// A member's leaf in the active epoch.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct OpenChallengeArgs {
    pub leaf: MemberLeaf,
    /// The member.
    pub owner: Address,
    /// Bump of the challenge's address.
    pub challenge_bump: u8,
    /// Siblings from the leaf up to the active epoch's canopy: 40 bytes each, hash, then sum as u64.
    pub proof: Vec<u8>,
}

#[event_cpi]
#[derive(Accounts)]
pub struct OpenChallenge {
    /// Anybody; pays rent and deposit.
    #[account(mut)]
    pub challenger: Signer,
    pub pool: KnownPool,
    /// The pool's active epoch.
    #[account(
        constraint = address_eq(&active.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub active: KnownEpoch,
    /// The proposed epoch.
    #[account(
        mut,
        constraint = address_eq(&epoch.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub epoch: KnownEpoch,
    /// Where the challenge will be: `"challenge", epoch, attempt, index`. One for each index, so that no challenger is
    /// in another's way.
    #[account(mut)]
    pub challenge: UncheckedAccount,
    pub system_program: Program<System>,
}

impl OpenChallenge {
    /// Checks fields in order.
    fn validate(&self, args: &OpenChallengeArgs, now: i64) -> Result<()> {
        let epoch = &self.epoch;
        require!(epoch.is_open(), VaultError::EpochNotOpen);
        require!(epoch.correction == 0, VaultError::ChallengeOfCorrection);
        require!(
            epoch.activatable_at(&self.pool).is_none_or(|at| now < at),
            VaultError::ChallengeLate
        );
        require!(
            self.active.status == EpochStatus::Active as u8,
            VaultError::ChallengeActiveEpoch
        );
        // The time to answer must not run while nobody can: a proposer that is held up between proposal and canopy would
        // lose its epoch to whoever asked meanwhile. From the whole canopy on half a window is left at least.
        require!(canopy_complete(epoch), VaultError::CanopyIncomplete);
        prove_leaf(&self.active, &args.owner, &args.leaf, &args.proof)
    }

    /// The challenge's account. Not by `init`, which would search for the bump; the one that is given is not proven
    /// canonical, and whoever gives another one has two challenges and pays for two.
    fn open(&self, args: &OpenChallengeArgs) -> Result<Account<Challenge>> {
        let epoch = self.epoch.address();
        let (attempt, index) = (
            self.epoch.attempt.to_le_bytes(),
            args.leaf.index.to_le_bytes(),
        );
        let bump = [args.challenge_bump];
        let address = hashv(&[
            CHALLENGE_SEED,
            epoch.as_ref(),
            &attempt,
            &index,
            &bump,
            crate::ID.as_ref(),
            PDA_MARKER,
        ]);
        let view = *self.challenge.account();
        require!(
            address_eq(&Address::new_from_array(address.to_bytes()), view.address()),
            VaultError::WrongChallenge
        );
        if view.owned_by(&crate::ID) {
            return refuse(VaultError::ChallengeOpen);
        }
        Account::<Challenge>::create_and_initialize(
            self.challenger.account(),
            &view,
            <Account<Challenge> as Space>::INIT_SPACE,
            &crate::ID,
            &(),
            Some(&[CHALLENGE_SEED, epoch.as_ref(), &attempt, &index, &bump]),
            None,
        )
    }
}

pub fn handler(ctx: &mut Context<OpenChallenge>, args: OpenChallengeArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    ctx.accounts.validate(&args, now)?;
    let mut challenge = ctx.accounts.open(&args)?;
    let OpenChallenge {
        challenger,
        pool,
        epoch,
        system_program,
        ..
    } = &mut ctx.accounts;
    let answer_secs = i64::try_from(pool.answer_secs).map_err(|_| VaultError::Overflow)?;
    challenge.epoch = *epoch.address();
    challenge.challenger = *challenger.address();
    challenge.owner = args.owner;
    challenge.tokens = args.leaf.tokens;
    challenge.points = args.leaf.points;
    challenge.credits = args.leaf.credits;
    challenge.deadline = now.checked_add(answer_secs).ok_or(VaultError::Overflow)?;
    challenge.index = args.leaf.index;
    challenge.attempt = epoch.attempt;
    challenge.bump = args.challenge_bump;
    challenge.version = ACCOUNT_VERSION;
    let open = epoch.open_challenges.checked_add(1);
    epoch.open_challenges = open.ok_or(VaultError::Overflow)?;
    transfer_lamports(
        challenger.try_cpi_handle_mut()?,
        challenge.try_cpi_handle_mut()?,
        system_program.address(),
        CHALLENGE_DEPOSIT,
    );
    challenge.invariant()?;
    epoch.invariant()?;

    let event = ChallengeOpened {
        pool: epoch.pool,
        challenger: challenge.challenger,
        owner: challenge.owner,
        number: epoch.number,
        tokens: challenge.tokens,
        points: challenge.points,
        credits: challenge.credits,
        deadline: challenge.deadline,
        index: challenge.index,
        attempt: challenge.attempt,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
