use anchor_lang::prelude::*;
use cairn_merkle::{Node, Tokens};
use cairn_onchain::{Guard, Guarded, tombstone::is_buried};

use super::{Epoch, EpochAccount, is_other_epoch_version};
use crate::{constants::ACCOUNT_VERSION, error::VaultError};

/// What stays of a closed epoch, at its address: enough for an auditor to find its files and check a leaf against its
/// root, and proof that its number was used, so that nothing can be proposed there again.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct EpochTombstone {
    pub pool: Address,
    /// Hash of the tree's root; its sum is `tokens`.
    pub root: [u8; 32],
    /// SHA-256 of the manifest that names every input and output file.
    pub manifest_hash: [u8; 32],
    pub number: u64,
    /// Base units of all leaves.
    pub tokens: u64,
    /// Milli-points of all leaves.
    pub points: u64,
    /// Data credits of all leaves.
    pub credits: u64,
    /// Leaves in the tree.
    pub leaf_count: u32,
    /// Bump of this account's address.
    pub bump: u8,
    /// Layout version.
    pub version: u8,
    /// Zero.
    pub reserved: [u8; 2],
}

const _: () = assert!(size_of::<EpochTombstone>() == 136);

cairn_onchain::describe_tombstone!(EpochTombstone);

impl EpochTombstone {
    /// The root as a node.
    #[must_use]
    pub const fn root_node(&self) -> Node {
        Node::new(self.root, Tokens::new(self.tokens))
    }
}

impl From<&Epoch> for EpochTombstone {
    fn from(epoch: &Epoch) -> Self {
        Self {
            pool: epoch.pool,
            root: epoch.root,
            manifest_hash: epoch.manifest_hash,
            number: epoch.number,
            tokens: epoch.tokens,
            points: epoch.points,
            credits: epoch.credits,
            leaf_count: epoch.leaf_count,
            bump: epoch.bump,
            version: ACCOUNT_VERSION,
            reserved: [0; 2],
        }
    }
}

/// An epoch to claim from, attest, veto or activate: says whether it was never proposed or is closed.
pub type KnownEpoch = Guarded<EpochAccount, EpochKnown>;
/// An epoch to close.
pub type ClosableEpoch = Guarded<EpochAccount, EpochClosable>;

/// The guard of [`KnownEpoch`].
pub struct EpochKnown;
/// The guard of [`ClosableEpoch`].
pub struct EpochClosable;

impl Guard for EpochKnown {
    fn admit(view: &AccountView) -> Result<()> {
        require_current(view)
    }

    fn reason(view: &AccountView, error: ProgramError) -> ProgramError {
        reason(view, error, VaultError::EpochSuperseded)
    }
}

impl Guard for EpochClosable {
    fn admit(view: &AccountView) -> Result<()> {
        require_current(view)
    }

    fn reason(view: &AccountView, error: ProgramError) -> ProgramError {
        reason(view, error, VaultError::EpochClosed)
    }
}

/// An epoch of an older layout would be misread: its canopy stands where newer fields do.
///
/// # Errors
/// [`VaultError::EpochVersion`].
#[inline]
pub fn require_current(view: &AccountView) -> Result<()> {
    require!(!is_other_epoch_version(view), VaultError::EpochVersion);
    Ok(())
}

/// [`VaultError::EpochUnknown`] where nothing of this program lives, `closed` where a tombstone does.
fn reason(view: &AccountView, error: ProgramError, closed: VaultError) -> ProgramError {
    if !view.owned_by(&crate::ID) {
        VaultError::EpochUnknown.into()
    } else if is_buried::<EpochTombstone>(&crate::ID, view) {
        closed.into()
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use cairn_memory::Memory;

    use super::*;
    use crate::constants::EPOCH_VERSION;

    fn epoch() -> Epoch {
        let mut epoch: Epoch = bytemuck::Zeroable::zeroed();
        (epoch.pool, epoch.root) = (Address::new_from_array([1; 32]), [2; 32]);
        (epoch.manifest_hash, epoch.number) = ([3; 32], 4);
        (epoch.tokens, epoch.points, epoch.credits) = (5, 6, 7);
        (epoch.leaf_count, epoch.bump) = (8, 9);
        epoch.version = EPOCH_VERSION;
        epoch
    }

    /// An account of `epoch` without a node of its canopy.
    fn account(epoch: &Epoch) -> Memory {
        Memory::of(&crate::ID, epoch, &[0; 4])
    }

    #[test]
    fn a_tombstone_says_of_its_epoch_what_an_auditor_asks() {
        let stone = EpochTombstone::from(&epoch());
        let expected = EpochTombstone {
            pool: Address::new_from_array([1; 32]),
            root: [2; 32],
            manifest_hash: [3; 32],
            number: 4,
            tokens: 5,
            points: 6,
            credits: 7,
            leaf_count: 8,
            bump: 9,
            version: ACCOUNT_VERSION,
            reserved: [0; 2],
        };
        assert_eq!(stone, expected);
        assert_eq!(stone.root_node(), Node::new([2; 32], Tokens::new(5)));
    }

    #[test]
    fn a_guard_says_whether_an_epoch_was_never_proposed_is_closed_or_of_another_layout() {
        let unknown = Some(VaultError::EpochUnknown.into());
        let mut nothing = Memory::new(&Address::default(), &[]);
        assert_eq!(nothing.refusal::<KnownEpoch>(), unknown);
        assert_eq!(nothing.refusal::<ClosableEpoch>(), unknown);
        let mut buried = Memory::of(&crate::ID, &EpochTombstone::from(&epoch()), &[]);
        let superseded = Some(VaultError::EpochSuperseded.into());
        assert_eq!(buried.refusal::<KnownEpoch>(), superseded);
        let closed = Some(VaultError::EpochClosed.into());
        assert_eq!(buried.refusal::<ClosableEpoch>(), closed);
        let mut current = account(&epoch());
        assert_eq!(current.refusal::<KnownEpoch>(), None);
        assert_eq!(current.refusal::<ClosableEpoch>(), None);
        let mut older = epoch();
        older.version = 1;
        let mut older = account(&older);
        let another = Some(VaultError::EpochVersion.into());
        assert_eq!(older.refusal::<KnownEpoch>(), another);
        assert_eq!(older.refusal::<ClosableEpoch>(), another);
        let pool: crate::state::Pool = bytemuck::Zeroable::zeroed();
        let mut other_kind = Memory::of(&crate::ID, &pool, &[]);
        let other = Some(ProgramError::InvalidAccountData);
        assert_eq!(other_kind.refusal::<KnownEpoch>(), other);
        assert_eq!(other_kind.refusal::<ClosableEpoch>(), other);
    }
}
