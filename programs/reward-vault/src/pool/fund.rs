use anchor_lang::prelude::*;

use crate::{
    error::{VaultError, refuse},
    event::{Funded, emit},
    state::Pool,
    token::{Transfer, vault_balance},
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
    pub pool: Account<Pool>,
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
    let before = vault_balance(vault, pool)?;
    Transfer {
        token_program: token_program.address(),
        from: from.try_cpi_handle_mut()?,
        mint: mint.cpi_handle(),
        to: vault.try_cpi_handle_mut()?,
        authority: funder.cpi_handle(),
    }
    .invoke(args.amount, pool.decimals, &[]);
    // What arrived counts, not what was sent: a mint may take a fee on the way.
    let after = vault_balance(vault, pool)?;
    let received = after.checked_sub(before);
    let funded = received.and_then(|units| pool.total_funded.checked_add(units));
    let (Some(received), Some(total_funded)) = (received, funded) else {
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
