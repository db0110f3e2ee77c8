use anchor_lang::{address_eq, prelude::*};
use cairn_onchain::token::{CloseVault, Payout, close_vault, pay, vault_balance};

use crate::{
    constants::ROUND_SEED,
    error::VaultError,
    event::{RoundClosed, emit},
    state::{KnownPool, KnownRound},
};

#[event_cpi]
#[derive(Accounts)]
pub struct CloseRound {
    #[account(mut)]
    pub pool: KnownPool,
    #[account(
        mut,
        close = opener,
        constraint = address_eq(&round.pool, pool.address()) @ VaultError::WrongRound,
    )]
    pub round: KnownRound,
    /// Gets the rent of round and vault back.
    #[account(mut, address = round.opener @ VaultError::WrongRentPayer)]
    pub opener: UncheckedAccount,
    /// The round's token account, which closes.
    #[account(mut, address = round.vault @ VaultError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The pool's token account, which gets what rounding left, or everything when nobody burnt.
    #[account(mut, address = pool.vault @ VaultError::WrongVault)]
    pub pool_vault: UncheckedAccount,
    /// Gets the fees that it withheld in the round's vault, if it takes any.
    #[account(mut, address = pool.mint @ VaultError::WrongMint)]
    pub mint: UncheckedAccount,
    #[account(address = pool.token_program @ VaultError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
}

/// Ends a round. What its members did not get belongs to the pool: its opener gave the tokens away, and a sender who
/// could take the dust would have a reason to make it.
pub fn handler(ctx: &mut Context<CloseRound>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    accounts
        .round
        .validate_ended(Clock::get()?.unix_timestamp)?;
    require!(accounts.round.is_settled(), VaultError::RoundUnsettled);
    let left = vault_balance::<VaultError>(&accounts.vault, &accounts.pool.token_program)?;
    let received = empty(accounts, left)?;
    let funded = accounts.pool.total_funded.checked_add(received);
    accounts.pool.total_funded = funded.ok_or(VaultError::Overflow)?;
    accounts.round.invariant()?;
    accounts.pool.invariant()?;

    let event = RoundClosed {
        pool: *accounts.pool.address(),
        number: accounts.round.number,
        tokens: accounts.round.tokens,
        paid: accounts.round.paid,
        left,
        received,
        burnt: accounts.round.burnt,
        receipts: accounts.round.receipts,
        reserved: [0; 4],
    };
    emit(&accounts.event_authority, ctx.bumps.event_authority, event);
    Ok(())
}

/// Moves what is left to the pool's vault and closes the round's. Returns what arrived.
fn empty(accounts: &mut CloseRound, left: u64) -> Result<u64> {
    let CloseRound {
        pool,
        round,
        opener,
        vault,
        pool_vault,
        mint,
        token_program,
        ..
    } = accounts;
    let number = round.number.to_le_bytes();
    let bump = [round.bump];
    let seeds: [&[u8]; 4] = [ROUND_SEED, pool.address().as_ref(), &number, &bump];
    let received = if left == 0 {
        0
    } else {
        let payout = Payout {
            token_program,
            vault,
            mint,
            destination: pool_vault,
            authority: round.cpi_handle(),
            memo_program: None,
        };
        pay::<VaultError>(payout, left, pool.decimals, &[&seeds])?
    };
    let emptied = CloseVault {
        token_program,
        vault,
        mint,
        rent_to: opener.try_cpi_handle_mut()?,
        authority: round.cpi_handle(),
    };
    close_vault(emptied, &[&seeds])?;
    Ok(received)
}
