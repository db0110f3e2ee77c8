#![expect(
    unused_variables,
    reason = "Anchor reads the arguments again when the instruction ends and leaves them unused"
)]

use anchor_lang::prelude::*;
use cairn_merkle::{MAX_LEAVES, member_pages_for};

use crate::{
    constants::{ACCOUNT_VERSION, PAGE_SEED},
    error::VaultError,
    event::{PageOpened, emit},
    state::{KnownPool, MemberPage},
};

/// Which page.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct OpenPageArgs {
    /// Holds the members at `page × 420` to `page × 420 + 419`.
    pub page: u32,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: OpenPageArgs)]
pub struct OpenPage {
    /// Pays the page's rent; anyone may.
    #[account(mut)]
    pub payer: Signer,
    #[account(mut)]
    pub pool: KnownPool,
    #[account(
        init,
        payer = payer,
        seeds = [PAGE_SEED, pool.address().as_ref(), args.page.to_le_bytes()],
        bump
    )]
    pub page: Account<MemberPage>,
    pub system_program: Program<System>,
}

pub fn handler(ctx: &mut Context<OpenPage>, args: OpenPageArgs) -> Result<()> {
    require!(
        args.page < member_pages_for(MAX_LEAVES),
        VaultError::PageOutOfRange
    );
    let OpenPage {
        payer, pool, page, ..
    } = &mut ctx.accounts;
    page.pool = *pool.address();
    page.page = args.page;
    page.version = ACCOUNT_VERSION;
    page.bump = ctx.bumps.page;
    pool.pages = pool.pages.checked_add(1).ok_or(VaultError::Overflow)?;
    pool.invariant()?;

    let event = PageOpened {
        pool: page.pool,
        payer: *payer.address(),
        page: args.page,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
