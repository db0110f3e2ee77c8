use anchor_lang::{address_eq, prelude::*};
use cairn_onchain::{Guard, Guarded};

use crate::{error::VaultError, member::leaf::MemberLeaf};

/// "Show me my leaf": a member's leaf of the active epoch, which the proposed one is to hold too, undiminished. Seeds:
/// `"challenge", epoch, attempt, index`. It holds its rent and a deposit, which go to whoever answers.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The proposed epoch's account.
    pub epoch: Address,
    /// Paid rent and deposit, and gets them back unless the leaf is shown.
    pub challenger: Address,
    /// The member.
    pub owner: Address,
    /// Base units of the leaf in the active epoch.
    pub tokens: u64,
    /// Milli-points of it.
    pub points: u64,
    /// Data credits of it.
    pub credits: u64,
    /// Unix seconds up to which it is answered, and after which the proposal falls. They run on while the pool is
    /// paused, and so do answers: no pause decides a challenge.
    pub deadline: i64,
    /// The member's index.
    pub index: u32,
    /// The attempt that is challenged.
    pub attempt: u32,
    /// Bump of this account's address.
    pub bump: u8,
    /// Layout version.
    pub version: u8,
    /// Zero.
    pub reserved: [u8; 6],
}

const _: () = assert!(size_of::<Challenge>() == 144);

impl Challenge {
    /// Whether `leaf` of `owner` is the member's, with nothing taken from it: what every honest pipeline shows, because
    /// it only adds and an index keeps its owner for life.
    #[must_use]
    pub fn is_kept_by(&self, owner: &Address, leaf: &MemberLeaf) -> bool {
        address_eq(owner, &self.owner)
            && leaf.tokens >= self.tokens
            && leaf.points >= self.points
            && leaf.credits >= self.credits
    }

    /// What holds after every instruction.
    ///
    /// # Errors
    /// [`VaultError::WrongChallenge`].
    pub fn invariant(&self) -> Result<()> {
        require!(
            self.deadline > 0 && self.challenger != Address::default(),
            VaultError::WrongChallenge
        );
        Ok(())
    }
}

/// A challenge that was neither answered nor expired.
pub type KnownChallenge = Guarded<Account<Challenge>, ChallengeKnown>;

/// The guard of [`KnownChallenge`].
pub struct ChallengeKnown;

impl Guard for ChallengeKnown {
    fn reason(_view: &AccountView, _error: ProgramError) -> ProgramError {
        VaultError::WrongChallenge.into()
    }
}

#[cfg(test)]
mod tests {
    use cairn_memory::Memory;

    use super::*;

    #[test]
    fn a_leaf_is_kept_when_its_owner_stays_and_no_amount_falls() {
        let owner = Address::new_from_array([7; 32]);
        let mut challenge: Challenge = bytemuck::Zeroable::zeroed();
        challenge.owner = owner;
        (challenge.tokens, challenge.points, challenge.credits) = (5, 6, 7);
        let kept = |tokens, points, credits| {
            let leaf = MemberLeaf {
                index: 0,
                tokens,
                points,
                credits,
            };
            challenge.is_kept_by(&owner, &leaf)
        };
        assert!(kept(5, 6, 7) && kept(u64::MAX, 6, 7));
        assert!(!kept(4, 6, 7) && !kept(5, 5, 7) && !kept(5, 6, 6));
        let leaf = MemberLeaf {
            index: 0,
            tokens: 9,
            points: 9,
            credits: 9,
        };
        assert!(!challenge.is_kept_by(&Address::default(), &leaf));
    }

    #[test]
    fn a_challenge_has_somebody_who_asked_and_a_last_second() {
        let mut challenge: Challenge = bytemuck::Zeroable::zeroed();
        let broken = Err(VaultError::WrongChallenge.into());
        assert_eq!(challenge.invariant(), broken);
        challenge.deadline = 1;
        assert_eq!(challenge.invariant(), broken);
        challenge.challenger = Address::new_from_array([1; 32]);
        assert_eq!(challenge.invariant(), Ok(()));
        challenge.deadline = 0;
        assert_eq!(challenge.invariant(), broken);
    }

    #[test]
    fn what_is_no_challenge_is_called_so() {
        let challenge: Challenge = bytemuck::Zeroable::zeroed();
        let mut memory = Memory::of(&crate::ID, &challenge, &[]);
        assert_eq!(memory.refusal::<KnownChallenge>(), None);
        let wrong = Some(VaultError::WrongChallenge.into());
        let mut closed = Memory::new(&Address::default(), &[]);
        assert_eq!(closed.refusal::<KnownChallenge>(), wrong);
    }
}
