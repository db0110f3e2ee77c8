//! What a payer of fees and rent must have, found out and said before the first transaction: a payer that runs dry halfway
//! leaves half the work done.

use solana_sdk::pubkey::Pubkey;

use crate::{ClientError, Ledger, Part, Reading};

/// Lamports, each the most that it can come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    pub fees: u64,
    /// For accounts that are made.
    pub rent: u64,
}

/// What a payer has and must have, in lamports.
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
    /// Of parts that cost no more than they may, and make accounts for `rent`.
    #[must_use]
    pub fn of(parts: &[Part], rent: u64) -> Self {
        let fees = parts.iter().map(|part| part.most_fee);
        Self {
            fees: fees.fold(0, u64::saturating_add),
            rent,
        }
    }

    /// Fees and rent together.
    #[must_use]
    pub const fn sum(&self) -> u64 {
        self.fees.saturating_add(self.rent)
    }

    /// Both bills in one.
    #[must_use]
    pub const fn and(&self, other: &Self) -> Self {
        Self {
            fees: self.fees.saturating_add(other.fees),
            rent: self.rent.saturating_add(other.rent),
        }
    }

    /// # Errors
    /// An unreachable node.
    pub async fn means<L: Ledger + ?Sized>(
        &self,
        ledger: &L,
        payer: Pubkey,
    ) -> Result<Means, ClientError> {
        let mut reading = Reading::new();
        let (lamports, rent) = (reading.lamports(payer), reading.rent());
        let read = reading.read(ledger).await?;
        let stays = read.need(&rent)?.minimum_balance(0);
        Ok(Means {
            payer,
            have: read.find(&lamports)?.unwrap_or_default(),
            need: self.sum().saturating_add(stays),
            stays,
        })
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

    /// Lamports that would have to come.
    #[must_use]
    pub const fn lacking(&self) -> u64 {
        self.need.saturating_sub(self.have)
    }

    /// # Errors
    /// [`ClientError::InsufficientLamports`] when there is less than is needed.
    pub const fn require(&self) -> Result<(), ClientError> {
        if self.suffice() {
            return Ok(());
        }
        Err(ClientError::InsufficientLamports {
            key: self.payer,
            have: self.have,
            need: self.need,
        })
    }
}
