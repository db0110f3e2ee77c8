use anchor_lang::prelude::*;

use crate::error::VaultError;

/// Points burnt for a share of tokens: `tokens × my burn / all burns`, floored. Seeds: `"round", pool, number`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct BurnRound {
    /// The pool whose members burn their points.
    pub pool: Address,
    /// The token account that holds the round's tokens; its owner is this round. Seeds: `"round-vault", round`.
    pub vault: Address,
    /// Paid the rent of round and vault, and gets it back.
    pub opener: Address,
    /// 0, 1, 2 …, each once.
    pub number: u64,
    /// Base units that all burns share, as they arrived.
    pub tokens: u64,
    /// Least milli-points of one burn.
    pub minimum: u64,
    /// Unix seconds from which points burn.
    pub starts_at: i64,
    /// Unix seconds before which points burn, and from which receipts are settled.
    pub ends_at: i64,
    /// Milli-points burnt in the round.
    pub burnt: u64,
    /// Milli-points of the receipts that are settled.
    pub settled: u64,
    /// Base units that left to members.
    pub paid: u64,
    /// Receipts that were opened.
    pub receipts: u32,
    /// Receipts that are settled, and closed.
    pub settled_receipts: u32,
    /// Bump of this account's address.
    pub bump: u8,
    /// Bump of the vault's address.
    pub vault_bump: u8,
    /// Layout version.
    pub version: u8,
    /// Zero.
    pub unused: [u8; 5],
    /// The epoch that was active when the round was opened. Points burn against its root alone, so that members know
    /// what they can burn, and a root that is forged later takes nothing of the round. 0 in rounds of before this was
    /// noted, in which they burn against any claimable epoch.
    pub epoch: u64,
    /// Zero.
    pub reserved: [u8; 24],
}

const _: () = assert!(size_of::<BurnRound>() == 208);

impl BurnRound {
    /// Whether points burn at `now`: from the start on, before the end.
    ///
    /// # Errors
    /// [`VaultError::RoundNotStarted`], [`VaultError::RoundEnded`].
    pub fn validate_open(&self, now: i64) -> Result<()> {
        require!(now >= self.starts_at, VaultError::RoundNotStarted);
        require!(now < self.ends_at, VaultError::RoundEnded);
        Ok(())
    }

    /// Whether receipts are settled at `now`: from the very second in which no burn can join any more.
    ///
    /// # Errors
    /// [`VaultError::RoundNotEnded`].
    pub fn validate_ended(&self, now: i64) -> Result<()> {
        require!(now >= self.ends_at, VaultError::RoundNotEnded);
        Ok(())
    }

    /// Counts a burn of `points` milli-points, by a receipt that is `new` or had burnt before.
    ///
    /// # Errors
    /// [`VaultError::Overflow`].
    pub fn burn(&mut self, points: u64, new: bool) -> Result<()> {
        let burnt = self.burnt.checked_add(points);
        self.burnt = burnt.ok_or(VaultError::Overflow)?;
        let receipts = self.receipts.checked_add(u32::from(new));
        self.receipts = receipts.ok_or(VaultError::Overflow)?;
        Ok(())
    }

    /// Base units for `points` of the round's burns, floored. Nobody gets a rounded-up unit that another one lacks;
    /// the dust, less than one unit for each receipt, is the pool's.
    #[must_use]
    pub fn share(&self, points: u64) -> u64 {
        let part = u128::from(self.tokens).saturating_mul(u128::from(points));
        let share = part.checked_div(u128::from(self.burnt)).unwrap_or(0);
        u64::try_from(share).unwrap_or(u64::MAX)
    }

    /// Counts a receipt of `points` as settled and returns its share in base units.
    ///
    /// # Errors
    /// [`VaultError::Overflow`].
    pub fn settle(&mut self, points: u64) -> Result<u64> {
        let share = self.share(points);
        let settled = self.settled.checked_add(points);
        self.settled = settled.ok_or(VaultError::Overflow)?;
        let receipts = self.settled_receipts.checked_add(1);
        self.settled_receipts = receipts.ok_or(VaultError::Overflow)?;
        self.paid = self.paid.checked_add(share).ok_or(VaultError::Overflow)?;
        Ok(share)
    }

    /// Whether every receipt is settled. Without a receipt, a round is settled from its end on.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        self.receipts == self.settled_receipts
    }

    /// What holds after every instruction.
    ///
    /// # Errors
    /// [`VaultError::BrokenRound`].
    pub fn invariant(&self) -> Result<()> {
        // No receipt is settled twice, and no more leaves than arrived.
        require!(
            self.settled <= self.burnt
                && self.settled_receipts <= self.receipts
                && self.paid <= self.tokens
                && self.starts_at < self.ends_at,
            VaultError::BrokenRound
        );
        // What is counted in points is counted in receipts too.
        require!(
            !self.is_settled() || self.settled == self.burnt,
            VaultError::BrokenRound
        );
        Ok(())
    }
}

/// What one member burnt in one round. Seeds: `"receipt", round, owner`. Closed when it is settled.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct BurnReceipt {
    pub round: Address,
    /// The member, who is paid.
    pub owner: Address,
    /// Paid this account's rent, and gets it back.
    pub rent_payer: Address,
    /// Milli-points burnt, in any number of burns.
    pub burnt: u64,
    /// The member's index.
    pub index: u32,
    /// Bump of this account's address.
    pub bump: u8,
    /// Layout version.
    pub version: u8,
    /// Zero.
    pub reserved: [u8; 10],
}

const _: () = assert!(size_of::<BurnReceipt>() == 120);

impl BurnReceipt {
    /// What holds after every instruction.
    ///
    /// # Errors
    /// [`VaultError::BrokenSpending`].
    pub fn invariant(&self) -> Result<()> {
        require!(self.burnt > 0, VaultError::BrokenSpending);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(tokens: u64, burns: &[u64]) -> BurnRound {
        let mut round: BurnRound = bytemuck::Zeroable::zeroed();
        round.tokens = tokens;
        round.ends_at = 1;
        for points in burns {
            round.burn(*points, true).unwrap_or_default();
        }
        round
    }

    fn settle_all(round: &mut BurnRound, burns: &[u64]) -> u64 {
        let shares = burns.iter().map(|points| round.settle(*points));
        shares.map(|share| share.unwrap_or(u64::MAX)).sum()
    }

    #[test]
    fn shares_and_dust_are_the_rounds_tokens_exactly() {
        for (tokens, burns) in [
            (100, vec![1, 1, 1]),
            (1, vec![3, 5, 7]),
            (u64::MAX, vec![1]),
            (u64::MAX, vec![u64::MAX]),
            (u64::MAX, vec![u64::MAX / 2, u64::MAX / 2, 1]),
            (7, vec![u64::MAX - 1, 1]),
        ] {
            let mut round = round(tokens, &burns);
            let paid = settle_all(&mut round, &burns);
            assert_eq!(paid, round.paid);
            let dust = tokens - paid;
            assert!(dust < burns.len() as u64, "{tokens} over {burns:?}: {dust}");
            assert!(round.is_settled() && round.invariant().is_ok());
        }
    }

    #[test]
    fn one_burner_gets_everything_and_nobody_leaves_everything() {
        assert_eq!(round(u64::MAX, &[9]).share(9), u64::MAX);
        let empty = round(5, &[]);
        assert_eq!(empty.share(9), 0);
        assert!(empty.is_settled() && empty.invariant().is_ok());
    }

    #[test]
    fn burns_beyond_64_bits_are_refused() {
        let mut round = round(5, &[u64::MAX]);
        assert!(round.burn(1, true).is_err());
    }

    #[test]
    fn a_round_is_open_from_its_first_second_to_the_one_before_its_end() {
        let mut round = round(5, &[]);
        (round.starts_at, round.ends_at) = (10, 20);
        let open = |now| round.validate_open(now).is_ok();
        assert_eq!([9, 10, 19, 20].map(open), [false, true, true, false]);
        let ended = |now| round.validate_ended(now).is_ok();
        assert_eq!([19, 20].map(ended), [false, true]);
    }

    #[test]
    fn an_invariant_notices_a_receipt_that_is_settled_twice() {
        let mut round = round(100, &[1, 1]);
        assert_eq!(settle_all(&mut round, &[1, 1]), 100);
        assert_eq!(round.settle(1).ok(), Some(50));
        assert!(round.invariant().is_err());
    }

    type Break = fn(&mut BurnRound);

    #[test]
    fn the_invariant_notices_each_truth_that_does_not_hold() {
        let mut sound = round(100, &[1, 1]);
        assert_eq!(sound.settle(1), Ok(50));
        assert_eq!(sound.invariant(), Ok(()));
        let breaks: [Break; 5] = [
            |it| it.settled = 3,
            |it| it.settled_receipts = 3,
            |it| it.paid = 101,
            |it| it.ends_at = 0,
            // All receipts, but not all points.
            |it| it.settled_receipts = 2,
        ];
        for break_it in breaks {
            let mut broken = sound;
            break_it(&mut broken);
            let verdict = broken.invariant();
            assert_eq!(verdict, Err(VaultError::BrokenRound.into()));
        }
    }

    #[test]
    fn a_receipt_is_of_points() {
        let mut receipt: BurnReceipt = bytemuck::Zeroable::zeroed();
        let broken = Err(VaultError::BrokenSpending.into());
        assert_eq!(receipt.invariant(), broken);
        receipt.burnt = 1;
        assert_eq!(receipt.invariant(), Ok(()));
    }
}
