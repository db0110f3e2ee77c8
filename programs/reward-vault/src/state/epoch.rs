use anchor_lang::{accounts::Slab, address_eq, prelude::*};
use cairn_merkle::{Node, Tokens, depth_for};
use cairn_onchain::canopy::{self, Canopy};

use crate::{
    constants::MAX_KEEPERS,
    error::VaultError,
    state::{Allowance, EpochStatus, Pool},
};

/// An epoch's account: the [`Epoch`], then its canopy's nodes (u32 count, 40 bytes each).
pub type EpochAccount = Slab<Epoch, Node>;

/// One root of all members' cumulative rewards. Seeds: `"epoch", pool, number`. Everything but the status, the
/// attestations, the canopy and what follows from them is frozen at proposal.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Epoch {
    /// The pool it belongs to.
    pub pool: Address,
    /// The keeper that proposed it.
    pub proposer: Address,
    /// Hash of the tree's root; its sum is `tokens`.
    pub root: [u8; 32],
    /// SHA-256 of the manifest that names every input and output file.
    pub manifest_hash: [u8; 32],
    /// SHA-256 of the rules that scored the proofs.
    pub ruleset_hash: [u8; 32],
    /// SHA-256 of the code that ran them.
    pub code_hash: [u8; 32],
    /// Keepers that attested, the proposer first, `attester_count` of them.
    pub attesters: [Address; 16],
    /// 1, 2, 3 …
    pub number: u64,
    /// Base units of all leaves: the root's sum.
    pub tokens: u64,
    /// Milli-points of all leaves.
    pub points: u64,
    /// Data credits of all leaves.
    pub credits: u64,
    /// Proofs of work accepted in the period.
    pub accepted: u64,
    /// Proofs of work rejected in the period.
    pub rejected: u64,
    /// Base units that tokens may be above the active epoch's, from the cap and interval at proposal.
    pub emission_allowance: u64,
    /// Seconds of one interval, as the pool had it at proposal.
    pub epoch_interval_secs: u64,
    /// Seconds from proposal to the earliest activation, as the pool had it at proposal; of a correction at least seven
    /// days.
    pub challenge_window_secs: u64,
    /// Unix seconds of the proposal.
    pub proposed_at: i64,
    /// Unix seconds of the activation; 0 before.
    pub activated_at: i64,
    /// Unix seconds at which the period that was scored starts.
    pub period_start: i64,
    /// Unix seconds at which it ends.
    pub period_end: i64,
    /// Leaves in the tree; positions from here on are padding.
    pub leaf_count: u32,
    /// Whole intervals that the allowance was counted from; spent when the epoch becomes active.
    pub intervals: u32,
    /// The guardian's reason code or one of the program's own, of this attempt's veto or the last one's; 0 when never
    /// vetoed.
    pub veto_reason: u16,
    /// 1 for the correction of a revoked epoch.
    pub correction: u8,
    /// Zero.
    pub unused: u8,
    /// An [`EpochStatus`].
    pub status: u8,
    /// Levels of the tree.
    pub depth: u8,
    /// Levels of it that the canopy stores.
    pub canopy_depth: u8,
    /// Attesters in use.
    pub attester_count: u8,
    /// The pool's threshold at proposal: the least that a later change of the pool can lower it to.
    pub threshold: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Layout version.
    pub version: u8,
    /// Paid this account's rent, at the first attempt; zero in epochs of before this was noted.
    pub rent_payer: Address,
    /// What an attestation names: SHA-256 over every field of the proposal and its attempt, see
    /// `ProposeEpochArgs::hash`.
    pub proposal: [u8; 32],
    /// Zero.
    pub spare: [u8; 5],
    /// 0 for the first proposal of this number, one more for each after a veto.
    pub attempt: u32,
    /// Challenges of this attempt that nobody answered yet.
    pub open_challenges: u32,
    /// Milli-points that points may be above the active epoch's, as `emission_allowance`.
    pub points_allowance: u64,
    /// Data credits that credits may be above the active epoch's, as `emission_allowance`.
    pub credits_allowance: u64,
    /// Unix seconds at which attestations and canopy were complete; 0 while they are not.
    pub complete_at: i64,
    /// Seconds that the pool had been paused at the proposal.
    pub paused_before: i64,
    /// Seconds that the pool had been paused when it was complete.
    pub paused_before_complete: i64,
    /// Unix seconds before which it is not closed: a burn round that binds it ends then.
    pub kept_until: i64,
    /// Zero.
    pub reserved: [u8; 24],
}

const _: () = assert!(size_of::<Epoch>() == 976);

impl Epoch {
    /// Bytes of an epoch account whose canopy holds 2^`canopy_depth` nodes.
    #[must_use]
    pub const fn space(canopy_depth: u8) -> usize {
        EpochAccount::space_for(1 << canopy_depth)
    }

    /// The root as a node.
    #[must_use]
    pub const fn root_node(&self) -> Node {
        Node::new(self.root, Tokens::new(self.tokens))
    }

    /// The canopy that the account is to store.
    #[must_use]
    pub const fn canopy(&self) -> Canopy {
        Canopy {
            depth: self.canopy_depth,
            root: self.root_node(),
        }
    }

    /// Who gets the rent back that this account needs no more. In epochs of before the payer was noted it is their last
    /// proposer, a keeper as well.
    #[must_use]
    pub fn rent_payer(&self) -> &Address {
        if self.rent_payer == Address::default() {
            &self.proposer
        } else {
            &self.rent_payer
        }
    }

    /// Keepers that attested.
    #[must_use]
    pub fn attesters(&self) -> &[Address] {
        self.attesters
            .get(..usize::from(self.attester_count))
            .unwrap_or(&self.attesters)
    }

    /// What its totals may be above the active epoch's.
    #[must_use]
    pub const fn allowance(&self) -> Allowance {
        Allowance {
            tokens: self.emission_allowance,
            points: self.points_allowance,
            credits: self.credits_allowance,
        }
    }

    /// The pool's emission anchor once this epoch is active: `anchor`, and the intervals it spent.
    #[must_use]
    pub fn anchor_after(&self, anchor: i64) -> i64 {
        let spent = self
            .epoch_interval_secs
            .saturating_mul(u64::from(self.intervals));
        anchor.saturating_add(i64::try_from(spent).unwrap_or(i64::MAX))
    }

    /// Proposed or attested: still open to attestations, canopy, veto and activation.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(
            EpochStatus::from_byte(self.status),
            Some(EpochStatus::Proposed | EpochStatus::Attested)
        )
    }

    /// Attestations that count now: those of keys that are still keepers.
    #[must_use]
    pub fn tally(&self, pool: &Pool) -> usize {
        let counted = self.attesters().iter().filter(|key| pool.is_keeper(key));
        counted.count()
    }

    /// Attestations it needs: the higher threshold of proposal's and today's. A changed pool can make a pending epoch
    /// harder to pass, never easier.
    #[must_use]
    pub fn needed(&self, pool: &Pool) -> u8 {
        self.threshold.max(pool.threshold)
    }

    /// Whether the attestations that count now are enough.
    #[must_use]
    pub fn is_attested(&self, pool: &Pool) -> bool {
        self.tally(pool) >= usize::from(self.needed(pool))
    }

    /// Adds an attestation, after forgetting those of keys that are keepers no longer, so that the list can never be
    /// full of them.
    ///
    /// # Errors
    /// [`VaultError::AttestedAlready`]; [`VaultError::BrokenEpoch`] when the list were full.
    pub fn add_attester(&mut self, pool: &Pool, keeper: &Address) -> Result<()> {
        let mut kept = [Address::default(); MAX_KEEPERS];
        let mut count = 0_usize;
        for attester in self.attesters().iter().filter(|key| pool.is_keeper(key)) {
            require!(!address_eq(attester, keeper), VaultError::AttestedAlready);
            if let Some(slot) = kept.get_mut(count) {
                *slot = *attester;
                count = count.saturating_add(1);
            }
        }
        let slot = kept.get_mut(count).ok_or(VaultError::BrokenEpoch)?;
        *slot = *keeper;
        self.attesters = kept;
        self.attester_count =
            u8::try_from(count.saturating_add(1)).map_err(|_| VaultError::BrokenEpoch)?;
        Ok(())
    }

    /// What holds after every instruction.
    ///
    /// # Errors
    /// [`VaultError::BrokenEpoch`].
    pub fn invariant(&self) -> Result<()> {
        let depth = depth_for(self.leaf_count).map_err(VaultError::from)?;
        let status = EpochStatus::from_byte(self.status).ok_or(VaultError::BrokenEpoch)?;
        let was_active = matches!(
            status,
            EpochStatus::Active | EpochStatus::Superseded | EpochStatus::Revoked
        );
        require!(
            self.depth == depth
                && self.canopy_depth <= self.depth
                && self.attester_count > 0
                && self.number > 0
                && was_active == (self.activated_at != 0)
                && (self.open_challenges == 0 || self.is_open())
                && (status != EpochStatus::Attested || self.complete_at != 0),
            VaultError::BrokenEpoch
        );
        Ok(())
    }
}

/// Whether every node of the canopy is stored; the last part was compared with the root before it was.
#[must_use]
pub fn canopy_complete(epoch: &EpochAccount) -> bool {
    canopy::is_complete(epoch, epoch.canopy_depth)
}

/// Writes [`EpochStatus::Attested`] or [`EpochStatus::Proposed`] after the attestations or the canopy changed, and since
/// when it is complete.
pub fn refresh_status(epoch: &mut EpochAccount, pool: &Pool, now: i64) {
    if !epoch.is_attested(pool) || !canopy_complete(epoch) {
        epoch.status = EpochStatus::Proposed as u8;
        epoch.complete_at = 0;
        return;
    }
    epoch.status = EpochStatus::Attested as u8;
    if epoch.complete_at == 0 {
        epoch.complete_at = now;
        epoch.paused_before_complete = pool.paused_secs_at(now);
    }
}

/// Stops an epoch that is not active yet, for good as this attempt. Its challenges are over with it, and its proposer
/// rests.
pub fn veto(epoch: &mut Epoch, pool: &mut Pool, reason: u16, now: i64) {
    epoch.status = EpochStatus::Vetoed as u8;
    epoch.veto_reason = reason;
    epoch.open_challenges = 0;
    pool.rest(&epoch.proposer, now);
    pool.pending_epoch = 0;
}

#[cfg(test)]
mod tests;
