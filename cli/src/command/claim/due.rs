//! What one member is owed and what must exist before it can be paid. Pure: made from accounts already read.

use cairn_epoch::ClaimFile;
use cairn_interface::spl::{self, TokenAccountView};
use cairn_interface::vault::{self, PageView, PoolView};
use cairn_merkle::page_of;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use crate::error::CliError;

/// One member's claim, ready to be sent.
pub(super) struct Due {
    pub claim: ClaimFile,
    pub owner: Pubkey,
    /// The owner's canonical token account, the only one a claim pays to.
    pub destination: Pubkey,
    /// Base units paid before.
    pub claimed: u64,
    /// Base units this claim pays.
    pub amount: u64,
    pub page_missing: bool,
    pub account_missing: bool,
}

impl Due {
    /// # Errors
    /// A token account that the program would refuse to pay to.
    pub fn new(
        pool: &PoolView,
        claim: ClaimFile,
        page: Option<&PageView>,
        account: Option<&TokenAccountView>,
    ) -> Result<Self, CliError> {
        let owner = Pubkey::new_from_array(claim.owner);
        let claimed = claimed(page, claim.index);
        let amount = claim.tokens.saturating_sub(claimed);
        if let Some(account) = account
            && amount > 0
        {
            payable(account, &owner)?;
        }
        Ok(Self {
            owner,
            destination: destination(pool, &owner),
            claimed,
            amount,
            page_missing: page.is_none(),
            account_missing: account.is_none(),
            claim,
        })
    }

    /// The page that holds the member's counters.
    pub const fn page(&self) -> u32 {
        page_of(self.claim.index)
    }

    /// Creates the owner's token account.
    pub fn create_account(&self, pool: &PoolView, payer: Pubkey) -> Instruction {
        spl::create_associated_token_account(&payer, &self.owner, &pool.mint, &pool.token_program)
    }

    /// Opens the member's page.
    pub fn open_page(&self, pool: &PoolView, payer: Pubkey) -> Instruction {
        open_page(pool, payer, self.page())
    }

    /// Pays what is due.
    pub fn pay(&self, pool: &PoolView) -> Instruction {
        vault::Claim {
            pool: pool.address,
            number: self.claim.epoch,
            owner: self.owner,
            mint: pool.mint,
            token_program: pool.token_program,
            index: self.claim.index,
            tokens: self.claim.tokens,
            points: self.claim.points,
            credits: self.claim.credits,
            proof: self.claim.proof.clone(),
        }
        .instruction()
    }
}

/// The token account that `owner` is paid to.
pub(super) fn destination(pool: &PoolView, owner: &Pubkey) -> Pubkey {
    spl::associated_token_address(owner, &pool.mint, &pool.token_program)
}

pub(super) fn open_page(pool: &PoolView, payer: Pubkey, page: u32) -> Instruction {
    vault::OpenPage {
        payer,
        pool: pool.address,
        page,
    }
    .instruction()
}

/// Base units the member took out before; nothing while its page is not open.
pub(super) fn claimed(page: Option<&PageView>, index: u32) -> u64 {
    let slot = page.and_then(|page| page.slot(index));
    slot.map_or(0, |slot| slot.tokens_claimed)
}

/// Refuses what the program would, in words that name the account.
fn payable(account: &TokenAccountView, owner: &Pubkey) -> Result<(), CliError> {
    let (why, hint) = if account.owner != *owner {
        (
            "was handed to another owner",
            "its new owner must hand it back: a claim is paid to no other account",
        )
    } else if account.frozen {
        (
            "is frozen by the token's freeze authority",
            "ask the token's issuer to thaw it",
        )
    } else if account.delegate.is_some() {
        (
            "has a delegate who could take the tokens",
            "its owner can run `spl-token revoke` on it",
        )
    } else if account.close_authority.is_some() {
        (
            "can be closed by somebody else",
            "its owner can take the close authority back with `spl-token authorize`",
        )
    } else {
        return Ok(());
    };
    Err(CliError::refused(
        "destination-unsafe",
        format!("the token account {} of {owner} {why}", account.address),
        hint,
    ))
}
