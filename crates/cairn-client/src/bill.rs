//! What a payer of fees and rent must have, found out and said before the first transaction: a payer that runs dry halfway
//! leaves half the work done.

use solana_sdk::pubkey::Pubkey;

use crate::{ClientError, Frame, LAMPORTS_PER_SIGNATURE, Ledger, Limits, Part, Payment, fee_for};

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
        let found = ledger.account(&payer).await?;
        let stays = ledger.minimum_balance(0).await?;
        Ok(Means {
            payer,
            have: found.map_or(0, |account| account.lamports),
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

/// What many payments may come to, in lamports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Payments.
    pub payments: u64,
    /// Before the first payment: what payments share.
    pub first: Bill,
    /// For all payments at most: each alone in its transactions.
    pub all: Bill,
    /// For the dearest payment at most.
    pub each: u64,
}

impl Estimate {
    /// Of `payments` in `frame`, which `signers` keys sign.
    #[must_use]
    pub fn of<P: Payment>(
        frame: &Frame,
        signers: u64,
        limits: &Limits,
        payments: &[P],
        first: Bill,
    ) -> Self {
        let mut estimate = Self {
            payments: payments.len() as u64,
            first,
            all: Bill::default(),
            each: 0,
        };
        for payment in payments {
            let one = Self::one(frame, signers, limits, payment);
            estimate.all = estimate.all.and(&one);
            estimate.each = estimate.each.max(one.sum());
        }
        estimate
    }

    /// Of one payment that is sent alone.
    #[must_use]
    pub fn one<P: Payment>(frame: &Frame, signers: u64, limits: &Limits, payment: &P) -> Bill {
        let transactions = frame.merged(payment.steps(frame.payer)).len() as u64;
        Bill {
            fees: fee_for(
                signers.saturating_mul(transactions),
                LAMPORTS_PER_SIGNATURE,
                limits.units_each,
                frame.price,
            ),
            rent: payment.rent(),
        }
    }

    /// All of it.
    #[must_use]
    pub const fn bill(&self) -> Bill {
        self.first.and(&self.all)
    }

    /// Payments that `lamports` are enough for, whichever they are.
    #[must_use]
    pub const fn enough_for(&self, lamports: u64) -> u64 {
        let rest = lamports.saturating_sub(self.first.sum());
        match rest.checked_div(self.each) {
            Some(count) if count < self.payments => count,
            _ => self.payments,
        }
    }
}
