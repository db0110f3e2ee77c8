#![expect(
    unused_variables,
    reason = "Anchor reads the arguments again when the instruction ends and leaves them unused"
)]

use anchor_lang::prelude::*;
use cairn_onchain::token::{Deposit, NewVault, create_vault, deposit};

use crate::{
    constants::{ACCOUNT_VERSION, MAX_PERIOD_SECS, ROUND_SEED, ROUND_VAULT_SEED},
    error::{VaultError, refuse},
    event::{RoundOpened, emit},
    state::{BurnRound, EpochStatus, KnownEpoch, KnownPool, Pool},
};

/// What a round is opened with.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct OpenRoundArgs {
    /// The pool's next round.
    pub number: u64,
    /// Base units to take from the funder's account.
    pub tokens: u64,
    /// Least milli-points of one burn; 0 for any.
    pub minimum: u64,
    /// Unix seconds from which points burn.
    pub starts_at: i64,
    /// Unix seconds before which they burn.
    pub ends_at: i64,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: OpenRoundArgs)]
pub struct OpenRound {
    /// Pays the rent of round and vault and gets it back when the round closes; may be the admin or the funder.
    #[account(mut, unsafe(dup))]
    pub opener: Signer,
    #[account(address = pool.admin @ VaultError::NotAdmin)]
    pub admin: Signer,
    /// The owner or delegate of `from`.
    pub funder: Signer,
    #[account(mut)]
    pub pool: KnownPool,
    /// The pool's active epoch, which the round binds and keeps from being closed before its end.
    #[account(
        mut,
        constraint = epoch.pool == *pool.address() @ VaultError::WrongPool,
        constraint = epoch.number == pool.active_epoch @ VaultError::RoundWithoutEpoch,
    )]
    pub epoch: KnownEpoch,
    #[account(address = pool.mint @ VaultError::WrongMint)]
    pub mint: UncheckedAccount,
    /// Where the tokens come from; the token program checks it.
    #[account(mut)]
    pub from: UncheckedAccount,
    #[account(address = pool.token_program @ VaultError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
    #[account(
        init,
        payer = opener,
        space = space(&pool, args.number)?,
        seeds = [ROUND_SEED, pool.address().as_ref(), args.number.to_le_bytes()],
        bump
    )]
    pub round: Account<BurnRound>,
    /// The token account to be.
    #[account(mut, seeds = [ROUND_VAULT_SEED, round.address().as_ref()], bump)]
    pub vault: UncheckedAccount,
    pub system_program: Program<System>,
}

/// Bytes of a round, once its number is the next one. Anchor creates accounts before it looks at constraints: without
/// this, the number of an open round would be refused by the system program, in its own words.
fn space(pool: &Pool, number: u64) -> Result<usize> {
    require!(number == pool.next_round, VaultError::RoundNumber);
    Ok(<Account<BurnRound> as Space>::INIT_SPACE)
}

impl OpenRound {
    /// Checks fields in order.
    fn validate(&self, args: &OpenRoundArgs, now: i64) -> Result<()> {
        // Nobody could burn a point against a root that is revoked.
        require!(
            self.epoch.status == EpochStatus::Active as u8,
            VaultError::EpochRevoked
        );
        require!(args.tokens > 0, VaultError::RoundTokensZero);
        let length = args.ends_at.checked_sub(args.starts_at);
        let length = length.and_then(|secs| u64::try_from(secs).ok());
        // A start in milliseconds would lock tokens and rent for good.
        let wait = u64::try_from(args.starts_at.saturating_sub(now)).unwrap_or(0);
        require!(
            length.is_some_and(|secs| (1..=MAX_PERIOD_SECS).contains(&secs))
                && args.ends_at > now
                && wait <= MAX_PERIOD_SECS,
            VaultError::RoundWindow
        );
        Ok(())
    }
}

pub fn handler(ctx: &mut Context<OpenRound>, args: OpenRoundArgs) -> Result<()> {
    ctx.accounts.validate(&args, Clock::get()?.unix_timestamp)?;
    let received = fund(&mut ctx.accounts, ctx.bumps.vault, args.tokens)?;
    let OpenRound {
        opener,
        pool,
        epoch,
        round,
        vault,
        ..
    } = &mut ctx.accounts;
    round.pool = *pool.address();
    round.vault = *vault.address();
    round.opener = *opener.address();
    round.number = args.number;
    round.epoch = epoch.number;
    round.tokens = received;
    round.minimum = args.minimum;
    round.starts_at = args.starts_at;
    round.ends_at = args.ends_at;
    round.bump = ctx.bumps.round;
    round.vault_bump = ctx.bumps.vault;
    round.version = ACCOUNT_VERSION;
    // The number is spent: even when this round is closed, none like it can be opened again.
    pool.next_round = args.number.checked_add(1).ok_or(VaultError::Overflow)?;
    epoch.kept_until = epoch.kept_until.max(args.ends_at);
    round.invariant()?;
    epoch.invariant()?;
    pool.invariant()?;

    let event = RoundOpened {
        pool: round.pool,
        opener: round.opener,
        number: round.number,
        epoch: round.epoch,
        tokens: round.tokens,
        minimum: round.minimum,
        starts_at: round.starts_at,
        ends_at: round.ends_at,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}

/// Creates the round's vault, owned by the round, and moves the tokens in. Returns what arrived.
fn fund(accounts: &mut OpenRound, vault_bump: u8, tokens: u64) -> Result<u64> {
    let OpenRound {
        opener,
        funder,
        pool,
        mint,
        from,
        token_program,
        round,
        vault,
        ..
    } = accounts;
    create_vault::<VaultError>(
        NewVault {
            payer: opener.account(),
            vault,
            mint,
            token_program,
            owner: round.address(),
        },
        &[ROUND_VAULT_SEED, round.address().as_ref(), &[vault_bump]],
    )?;
    let received = deposit::<VaultError>(
        Deposit {
            token_program,
            from,
            mint,
            vault,
            authority: funder.cpi_handle(),
        },
        tokens,
        pool.decimals,
    )?;
    if received == 0 {
        return refuse(VaultError::RoundTokensZero);
    }
    Ok(received)
}
