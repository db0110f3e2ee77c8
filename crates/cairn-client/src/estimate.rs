//! What many payments may come to, before the first of them.

use crate::{Bill, Frame, LAMPORTS_PER_SIGNATURE, Limits, Payment, fee_for};

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
