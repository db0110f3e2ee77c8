use anchor_lang::prelude::*;
use cairn_onchain::token::{Deposit, deposit};

use crate::{
    error::{VaultError, refuse},
    event::{Funded, emit},
    state::KnownPool,
};

/// How much to move.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct FundArgs {
    /// Base units to take from the funder's account.
    pub amount: u64,
}

#[event_cpi]
#[derive(Accounts)]
pub struct Fund {
    /// The owner or delegate of `from`; anyone may fund.
    pub funder: Signer,
    #[account(mut)]
    pub pool: KnownPool,
    /// The pool's token account.
    #[account(mut, address = pool.vault @ VaultError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(address = pool.mint @ VaultError::WrongMint)]
    pub mint: UncheckedAccount,
    /// Where the tokens come from; the token program checks it.
    #[account(mut)]
    pub from: UncheckedAccount,
    #[account(address = pool.token_program @ VaultError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
}

pub fn handler(ctx: &mut Context<Fund>, args: FundArgs) -> Result<()> {
    require!(args.amount > 0, VaultError::FundAmountZero);
    let Fund {
        funder,
        pool,
        vault,
        mint,
        from,
        token_program,
        ..
    } = &mut ctx.accounts;
    let received = deposit::<VaultError>(
        Deposit {
            token_program,
            from,
            mint,
            vault,
            authority: funder.cpi_handle(),
        },
        args.amount,
        pool.decimals,
    )?;
    let Some(total_funded) = pool.total_funded.checked_add(received) else {
        return refuse(VaultError::Overflow);
    };
    pool.total_funded = total_funded;
    pool.invariant()?;

    let event = Funded {
        pool: *pool.address(),
        funder: *funder.address(),
        amount: args.amount,
        received,
        total_funded,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
