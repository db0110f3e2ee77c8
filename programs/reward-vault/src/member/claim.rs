use anchor_lang::{address_eq, prelude::*};
use cairn_onchain::token::{Payout, has_extensions, pay, payable_owner};

use super::{
    leaf::{MemberLeaf, prove_member},
    payee::{paid_member, require_recipient},
};
use crate::{
    constants::POOL_SEED,
    error::VaultError,
    event::{Claimed, emit},
    pool::breaker,
    state::{Asker, KnownEpoch, KnownPool, KnownRecipient, OpenedPage, Recipient},
};

/// The member's leaf and its proof, and how much of it to pay.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct ClaimArgs {
    /// The member's leaf.
    pub leaf: MemberLeaf,
    /// Most base units to pay; what is not paid stays claimable.
    pub at_most: u64,
    /// Bump of the associated token account that is paid.
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
    pub pool: KnownPool,
    /// The active epoch, or the one before it.
    #[account(
        constraint = address_eq(&epoch.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub epoch: KnownEpoch,
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
    /// The associated token account of the wallet that is paid: the member's own, or the one their recipient account
    /// names.
    #[account(mut)]
    pub destination: UncheckedAccount,
    #[account(address = pool.token_program @ VaultError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
    /// The member's recipient account; must come along when they have one.
    pub recipient: Option<KnownRecipient>,
    /// The owner or delegate, of a member who restricted claims, for a part of a token that may take a fee, or to use the
    /// half of the breaker's room that is kept for members.
    pub authority: Option<Signer>,
    /// For a destination that lets in no transfer without a memo.
    pub memo_program: Option<UncheckedAccount>,
}

/// Whose leaf it is and which wallet is paid.
struct Payee {
    owner: Address,
    wallet: Address,
}

impl Claim {
    /// Checks fields in order, but for what the member's slot says.
    fn validate(&self, args: &ClaimArgs, now: i64) -> Result<Payee> {
        let pool = &self.pool;
        pool.require_running(now)?;
        require!(args.at_most > 0, VaultError::ClaimAmountZero);
        let wallet = payable_owner::<VaultError>(
            &self.destination,
            &pool.mint,
            &pool.token_program,
            args.destination_bump,
        )?;
        let recipient: Option<&Recipient> = self.recipient.as_ref().map(|known| &***known);
        let owner = paid_member(pool, &wallet, recipient, now)?;
        if let Some(recipient) = recipient {
            let signer = self.authority.as_ref().map(|signer| signer.address());
            recipient.require_allowed(signer)?;
        }
        prove_member(pool, &self.epoch, owner, &args.leaf, &args.proof)?;
        Ok(Payee {
            owner: *owner,
            wallet,
        })
    }

    /// Who asks for `owner`'s payout.
    fn asker(&self, owner: &Address) -> Asker {
        let by_member = self.authority.as_ref().is_some_and(|signer| {
            address_eq(signer.address(), owner)
                || self
                    .recipient
                    .as_ref()
                    .is_some_and(|known| known.is_owner_or_delegate(signer.address()))
        });
        if by_member {
            Asker::Member
        } else {
            Asker::Anyone
        }
    }
}

pub fn handler(ctx: &mut Context<Claim>, args: ClaimArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let payee = ctx.accounts.validate(&args, now)?;
    let asker = ctx.accounts.asker(&payee.owner);
    let Claim {
        pool,
        page,
        vault,
        mint,
        recipient,
        ..
    } = &mut ctx.accounts;
    let slot = page.slot_mut(args.leaf.index)?;
    require_recipient(slot, recipient.is_some())?;
    let due = args.leaf.tokens.saturating_sub(slot.tokens_claimed);
    require!(due > 0, VaultError::NothingToClaim);
    let paid = due.min(args.at_most);
    // A mint with extensions may take a fee that is rounded up, or limited, for each transfer: a stranger who could cut
    // a claim into parts would have the fee take all of it.
    require!(
        paid == due || asker == Asker::Member || !has_extensions(mint),
        VaultError::PartUnsigned
    );
    // Marked before a token moves: nothing that the transfer calls could come back and claim again.
    let tokens_claimed = slot.tokens_claimed.saturating_add(paid);
    slot.tokens_claimed = tokens_claimed;
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
    breaker::let_out(pool, vault, paid, now, asker)?;
    let received = pay_out(&mut ctx.accounts, paid)?;
    ctx.accounts.pool.totals_invariant()?;

    let event = Claimed {
        pool: *ctx.accounts.pool.address(),
        owner: payee.owner,
        payout: payee.wallet,
        number: ctx.accounts.epoch.number,
        paid,
        received,
        tokens_claimed,
        index: args.leaf.index,
        reserved: [0; 4],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}

/// Sends `units` from the vault to the destination, signed by the pool; returns what arrived.
fn pay_out(accounts: &mut Claim, units: u64) -> Result<u64> {
    let Claim {
        pool,
        vault,
        mint,
        destination,
        token_program,
        memo_program,
        ..
    } = accounts;
    pay::<VaultError>(
        Payout {
            token_program,
            vault,
            mint,
            destination,
            authority: pool.cpi_handle(),
            memo_program: memo_program.as_ref(),
        },
        units,
        pool.decimals,
        &[&[
            POOL_SEED,
            pool.network.as_ref(),
            pool.mint.as_ref(),
            &pool.id.to_le_bytes(),
            &[pool.bump],
        ]],
    )
}
