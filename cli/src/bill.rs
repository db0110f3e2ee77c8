//! What the payer of fees and rent must have, found out and said before the first transaction: a payer that runs dry
//! halfway leaves half the work done.

use cairn_client::{ClientError, LAMPORTS_PER_SIGNATURE, fee_for};
use solana_sdk::pubkey::Pubkey;

use crate::amount::{Amount, grouped};
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;

/// Lamports, each the most that it can come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bill {
    pub fees: u64,
    /// For accounts that are made.
    pub rent: u64,
}

/// What a payer has and must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Means {
    pub payer: Pubkey,
    pub have: u64,
    /// The bill, and what must stay for the payer's own account to stay.
    pub need: u64,
    /// That last part alone.
    pub stays: u64,
}

impl Bill {
    /// # Errors
    /// An unreachable node.
    pub async fn means(&self, ctx: &Context, payer: Pubkey) -> Result<Means, CliError> {
        let found = ctx.ledger.account(&payer).await?;
        let stays = ctx.ledger.minimum_balance(0).await?;
        Ok(Means {
            payer,
            have: found.map_or(0, |account| account.lamports),
            need: self.fees.saturating_add(self.rent).saturating_add(stays),
            stays,
        })
    }

    /// Says what it costs at most.
    #[must_use]
    pub fn on(&self, mut effect: Effect) -> Effect {
        if self.rent > 0 {
            effect = effect.fact("rent", format!("at most {} SOL", sol(self.rent)));
        }
        effect.fact("fees", format!("at most {} SOL", sol(self.fees)))
    }
}

impl Means {
    /// Lamports that may be spent without going below what must stay.
    #[must_use]
    pub const fn spendable(&self) -> u64 {
        self.have.saturating_sub(self.stays)
    }

    #[must_use]
    pub const fn suffice(&self) -> bool {
        self.have >= self.need
    }

    /// # Errors
    /// [`ClientError::InsufficientLamports`] when there is less than is needed.
    pub fn require(&self) -> Result<(), CliError> {
        if self.suffice() {
            return Ok(());
        }
        Err(ClientError::InsufficientLamports {
            key: self.payer,
            have: self.have,
            need: self.need,
        }
        .into())
    }

    /// The refusal where some of many payments could be made: `enough_for` of `all`.
    #[must_use]
    pub fn short(&self, enough_for: u64, all: u64) -> CliError {
        CliError::refused(
            SHORT,
            format!(
                "this needs up to {} SOL, and {} has {}: enough for {} of {}",
                sol(self.need),
                self.payer,
                sol(self.have),
                grouped(enough_for),
                grouped(all),
            ),
            format!("send {} SOL to {}", sol(self.lacking()), self.payer),
        )
    }

    /// Lamports that would have to come.
    #[must_use]
    pub const fn lacking(&self) -> u64 {
        self.need.saturating_sub(self.have)
    }
}

/// The code of a refusal because the payer has too little.
pub const SHORT: &str = "insufficient-lamports";

/// Lamports that a transaction of that many signatures and compute units costs.
#[must_use]
pub fn fee(ctx: &Context, signatures: u64, units: u32) -> u64 {
    let price = ctx.send.priority_micro_lamports;
    fee_for(signatures, LAMPORTS_PER_SIGNATURE, units, price)
}

/// Lamports as SOL.
#[must_use]
pub fn sol(lamports: u64) -> String {
    Amount::lamports(lamports).grouped()
}
