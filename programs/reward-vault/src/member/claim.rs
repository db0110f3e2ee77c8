use anchor_lang::{address_eq, prelude::*};
use cairn_merkle::{Node, RewardLeaf, verify};

use crate::{
    constants::POOL_SEED,
    error::{VaultError, refuse},
    event::{Claimed, emit},
    state::{EpochAccount, OpenedPage, Pool},
    token::{Transfer, payable_owner},
};

/// The member's leaf, but for its owner, who is read from the destination, and its proof.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct ClaimArgs {
    /// The member's index.
    pub index: u32,
    /// Base units over the member's life.
    pub tokens: u64,
    /// Milli-points over the member's life.
    pub points: u64,
    /// Data credits over the member's life.
    pub credits: u64,
    /// Bump of the owner's associated token account.
    pub destination_bump: u8,
    /// Siblings from the leaf up to the canopy: 40 bytes each, hash, then sum as u64.
    pub proof: Vec<u8>,
}

/// Accounts of the pool are recognised by owner program and discriminator and by the pool they name. Their addresses
/// are not derived again: only this program creates them, and only at their addresses. That saves a claimant about
/// 1,500 compute units.
#[event_cpi]
#[derive(Accounts)]
pub struct Claim {
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The active epoch, or the one before it.
    #[account(
        constraint = address_eq(&epoch.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub epoch: EpochAccount,
    /// The page that holds the member's counters.
    #[account(
        mut,
        constraint = address_eq(&page.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub page: OpenedPage,
    /// The pool's token account.
    #[account(mut, address = pool.vault @ VaultError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(address = pool.mint @ VaultError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The member's associated token account: its owner is the member.
    #[account(mut)]
    pub destination: UncheckedAccount,
    #[account(address = pool.token_program @ VaultError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
}

impl Claim {
    /// Checks fields in order and returns the member whose leaf it is.
    fn validate(&self, args: &ClaimArgs) -> Result<Address> {
        let (pool, epoch) = (&self.pool, &self.epoch);
        require!(!pool.is_paused(), VaultError::Paused);
        // Numbers have no gaps and only active epochs are counted, so the number alone tells what became of it.
        require!(
            epoch.number <= pool.active_epoch,
            VaultError::EpochNotActive
        );
        require!(
            epoch.number.saturating_add(1) >= pool.active_epoch,
            VaultError::EpochSuperseded
        );
        let owner = payable_owner(&self.destination, pool, args.destination_bump)?;
        let leaf = RewardLeaf {
            pool: pool.address().to_bytes(),
            index: args.index,
            owner: owner.to_bytes(),
            tokens: args.tokens,
            points: args.points,
            credits: args.credits,
        };
        let Some(proof) = Node::slice_from_bytes(&args.proof) else {
            return refuse(VaultError::ProofBytes);
        };
        match verify(
            leaf.node(),
            args.index,
            epoch.leaf_count,
            proof,
            epoch.as_slice(),
            epoch.canopy_depth,
        ) {
            Ok(()) => Ok(owner),
            Err(error) => refuse(error),
        }
    }
}

pub fn handler(ctx: &mut Context<Claim>, args: ClaimArgs) -> Result<()> {
    let owner = ctx.accounts.validate(&args)?;
    let Claim { pool, page, .. } = &mut ctx.accounts;
    let slot = page.slot_mut(args.index)?;
    let paid = args.tokens.saturating_sub(slot.tokens_claimed);
    require!(paid > 0, VaultError::NothingToClaim);
    // Marked before a token moves: nothing that the transfer calls could come back and claim again.
    slot.tokens_claimed = args.tokens;
    pool.total_claimed = pool
        .total_claimed
        .checked_add(paid)
        .ok_or(VaultError::Overflow)?;
    // A later root may give to one leaf what an earlier one gave, and paid, to another. Together they must not get
    // more than one root holds, or keepers could draw the whole vault without ever growing the root.
    require!(
        pool.total_claimed <= pool.total_cumulative,
        VaultError::ClaimsAboveRoot
    );
    pay(&mut ctx.accounts, paid)?;
    ctx.accounts.pool.invariant()?;

    let event = Claimed {
        pool: *ctx.accounts.pool.address(),
        owner,
        number: ctx.accounts.epoch.number,
        paid,
        tokens_claimed: args.tokens,
        index: args.index,
        reserved: [0; 4],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}

/// Sends `units` from the vault to the member, signed by the pool.
fn pay(accounts: &mut Claim, units: u64) -> Result<()> {
    let Claim {
        pool,
        vault,
        mint,
        destination,
        token_program,
        ..
    } = accounts;
    Transfer {
        token_program: token_program.address(),
        from: vault.try_cpi_handle_mut()?,
        mint: mint.cpi_handle(),
        to: destination.try_cpi_handle_mut()?,
        authority: pool.cpi_handle(),
    }
    .invoke(
        units,
        pool.decimals,
        &[&[
            POOL_SEED,
            pool.network.as_ref(),
            pool.mint.as_ref(),
            &pool.id.to_le_bytes(),
            &[pool.bump],
        ]],
    );
    Ok(())
}
