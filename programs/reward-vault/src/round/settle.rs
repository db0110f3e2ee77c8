use anchor_lang::{address_eq, find_program_address, prelude::*};
use cairn_onchain::token::{Payout, pay, payable_owner};

use crate::{
    constants::{RECIPIENT_SEED, ROUND_SEED},
    error::VaultError,
    event::{BurnSettled, emit},
    member::payee::paid_member,
    state::{KnownPool, KnownReceipt, KnownRound, Recipient},
};

/// Where the member is paid.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct SettleBurnArgs {
    /// Bump of the destination's address as an associated token account.
    pub destination_bump: u8,
}

/// Anyone settles for anyone, into where a claim would pay. That a member restricted claims does not matter here:
/// one who never comes would keep everybody's round open.
#[event_cpi]
#[derive(Accounts)]
pub struct SettleBurn {
    pub pool: KnownPool,
    #[account(
        mut,
        constraint = address_eq(&round.pool, pool.address()) @ VaultError::WrongRound,
    )]
    pub round: KnownRound,
    /// The member's receipt, which closes.
    #[account(
        mut,
        close = rent_payer,
        constraint = address_eq(&receipt.round, round.address()) @ VaultError::WrongReceipt,
    )]
    pub receipt: KnownReceipt,
    /// Gets the receipt's rent back.
    #[account(mut, address = receipt.rent_payer @ VaultError::WrongRentPayer)]
    pub rent_payer: UncheckedAccount,
    /// The round's token account.
    #[account(mut, address = round.vault @ VaultError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(address = pool.mint @ VaultError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The canonical token account of the member or of the wallet they set. Not read when the share is 0.
    #[account(mut)]
    pub destination: UncheckedAccount,
    #[account(address = pool.token_program @ VaultError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
    /// The address of the member's recipient account, whether there is one or not: no sender can leave out what the
    /// member wants.
    pub recipient: UncheckedAccount,
    /// Needed when the destination requires a memo.
    pub memo_program: Option<UncheckedAccount>,
}

impl SettleBurn {
    /// The member's recipient account, if they have one.
    fn recipient(&self) -> Result<Option<Account<Recipient>>> {
        let (pool, owner) = (self.pool.address(), &self.receipt.owner);
        let seeds: [&[u8]; 3] = [RECIPIENT_SEED, pool.as_ref(), owner.as_ref()];
        let (address, _) = find_program_address(&seeds, &crate::ID);
        require!(
            address_eq(&address, self.recipient.address()),
            VaultError::WrongRecipient
        );
        if !self.recipient.owned_by(&crate::ID) {
            return Ok(None);
        }
        let recipient = Account::load(*self.recipient.account());
        Ok(Some(recipient.map_err(|_| VaultError::WrongRecipient)?))
    }

    /// Whether the destination is where the member wants to be paid. Returns the wallet that it belongs to.
    fn validate_destination(
        &self,
        recipient: Option<&Recipient>,
        bump: u8,
        now: i64,
    ) -> Result<Address> {
        let pool = &self.pool;
        let wallet =
            payable_owner::<VaultError>(&self.destination, &pool.mint, &pool.token_program, bump)?;
        let member = *paid_member(pool, &wallet, recipient, now)?;
        require!(
            address_eq(&member, &self.receipt.owner),
            VaultError::DestinationNotRecipient
        );
        Ok(wallet)
    }
}

pub fn handler(ctx: &mut Context<SettleBurn>, args: SettleBurnArgs) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    accounts.round.validate_ended(now)?;
    let recipient = accounts.recipient()?;
    let share = accounts.round.settle(accounts.receipt.burnt)?;
    // A burn too small for a unit of the token needs no account to be paid into.
    let (payout, received) = if share == 0 {
        (accounts.receipt.owner, 0)
    } else {
        let recipient = recipient.as_deref();
        let payout = accounts.validate_destination(recipient, args.destination_bump, now)?;
        (payout, pay_share(accounts, share)?)
    };
    accounts.round.invariant()?;

    let event = BurnSettled {
        pool: *accounts.pool.address(),
        owner: accounts.receipt.owner,
        payout,
        round: accounts.round.number,
        burnt: accounts.receipt.burnt,
        paid: share,
        received,
        index: accounts.receipt.index,
        reserved: [0; 4],
    };
    emit(&accounts.event_authority, ctx.bumps.event_authority, event);
    Ok(())
}

/// Sends `units` from the round's vault, signed by the round. Returns what arrived.
fn pay_share(accounts: &mut SettleBurn, units: u64) -> Result<u64> {
    let SettleBurn {
        pool,
        round,
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
            authority: round.cpi_handle(),
            memo_program: memo_program.as_ref(),
        },
        units,
        pool.decimals,
        &[&[
            ROUND_SEED,
            pool.address().as_ref(),
            &round.number.to_le_bytes(),
            &[round.bump],
        ]],
    )
}
