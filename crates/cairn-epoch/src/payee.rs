//! Who can be paid by a leaf. A beneficiary is 32 bytes and only some of them are a wallet: the key of a leaf that nobody can sign for
//! would take its tokens out of the world. So a leaf is made for a [`Wallet`] alone, and there is no way to one but through [`Payees`].
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

use cairn_proof::Kind;
use rayon::prelude::*;

use crate::EpochError;
use crate::case::Case;
use crate::decision::Decision;
use crate::frozen::Frozen;
use crate::state::{Link, Signer};

/// A key that can be paid: an Ed25519 key that signed as a user, an owner in the registry, a member, or what genesis calls a wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Wallet([u8; 32]);

impl Wallet {
    pub const fn key(self) -> [u8; 32] {
        self.0
    }
}

/// Whom a beneficiary's earnings belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payee {
    Wallet(Wallet),
    /// An identity that nobody has linked to a wallet: what it earns is kept for it outside of the tree.
    Unlinked([u8; 32]),
}

impl Payee {
    /// The key that it is counted under. A wallet's is no unlinked identity's.
    pub const fn key(self) -> [u8; 32] {
        match self {
            Self::Wallet(wallet) => wallet.key(),
            Self::Unlinked(identity) => identity,
        }
    }
}

/// Every wallet that there is, and whose identities are whose.
pub(crate) struct Payees<'a> {
    /// Ascending, each once.
    wallets: Vec<[u8; 32]>,
    /// By identity.
    links: &'a [Link],
}

impl<'a> Payees<'a> {
    /// As `signers` and `links` have it, after the epoch before or after this one.
    pub fn of(frozen: &Frozen, signers: &[Signer], links: &'a [Link]) -> Self {
        let carried = &frozen.carried;
        let mut wallets: Vec<[u8; 32]> = Vec::new();
        wallets.extend(carried.members.iter().map(|member| member.owner));
        wallets.extend(carried.arrears.iter().map(|row| row.owner));
        wallets.extend(frozen.devices.iter().map(|device| device.owner));
        wallets.extend(signers.iter().filter(|it| it.is_wallet).map(|it| it.key));
        wallets.extend(links.iter().map(|link| link.wallet));
        let granted = frozen.genesis.iter().filter(|grant| grant.is_wallet);
        wallets.extend(granted.map(|grant| grant.owner));
        Self::new(wallets, links)
    }

    pub fn new(mut wallets: Vec<[u8; 32]>, links: &'a [Link]) -> Self {
        wallets.par_sort_unstable();
        wallets.dedup();
        Self { wallets, links }
    }

    /// A key that is a wallet by itself is nobody else's, whatever was linked.
    pub fn payee(&self, beneficiary: &[u8; 32]) -> Payee {
        self.wallet(beneficiary)
            .or_else(|| {
                let link = |link: &Link| link.identity.cmp(beneficiary);
                let at = self.links.binary_search_by(link).ok()?;
                self.wallet(&self.links.get(at)?.wallet)
            })
            .map_or(Payee::Unlinked(*beneficiary), Payee::Wallet)
    }

    /// The wallet whose key is `key`; none for an identity, linked or not.
    pub fn wallet(&self, key: &[u8; 32]) -> Option<Wallet> {
        let known = self.wallets.binary_search(key).is_ok();
        known.then_some(Wallet(*key))
    }
}

/// The identities that proofs of this epoch would link and that are somebody's already, each with the wallet that it is paid as, by
/// identity.
pub(crate) fn linked_before(frozen: &Frozen, cases: &[Case]) -> Vec<Link> {
    let asked = cases.iter().filter_map(|case| case.outcome.as_ref().ok());
    let mut asked: Vec<[u8; 32]> = asked
        .filter(|candidate| candidate.kind == Kind::Link)
        .map(|candidate| candidate.subject)
        .collect();
    if asked.is_empty() {
        return Vec::new();
    }
    asked.sort_unstable();
    asked.dedup();
    let payees = Payees::of(frozen, &frozen.carried.signers, &frozen.carried.links);
    let found = asked
        .into_iter()
        .filter_map(|identity| match payees.payee(&identity) {
            Payee::Wallet(wallet) => Some(Link {
                identity,
                wallet: wallet.key(),
            }),
            Payee::Unlinked(_) => None,
        });
    found.collect()
}

/// The links carried in and those that were accepted in this epoch, by identity.
///
/// # Errors
/// [`EpochError::Decisions`] for rules that link one identity twice: whose it is would hang on the order.
pub(crate) fn link(
    carried: &[Link],
    cases: &[Case],
    decisions: &[Decision],
) -> Result<Vec<Link>, EpochError> {
    let accepted = cases.iter().zip(decisions).filter_map(|(case, decision)| {
        let candidate = case.outcome.as_ref().ok()?;
        let is_link = candidate.kind == Kind::Link && decision.reason.is_accepted();
        is_link.then_some(Link {
            identity: candidate.subject,
            wallet: *candidate.fact.keys.first()?,
        })
    });
    let mut links: Vec<Link> = carried.iter().copied().chain(accepted).collect();
    links.sort_unstable_by_key(|link| link.identity);
    if links.windows(2).any(|pair| match pair {
        [a, b] => a.identity == b.identity,
        _ => false,
    }) {
        return Err(EpochError::Decisions(
            "an identity is linked to two wallets".to_owned(),
        ));
    }
    Ok(links)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wallet_by_itself_is_nobody_else_s_and_a_link_leads_to_no_key_that_is_none() {
        let link = |identity: u8, wallet: u8| Link {
            identity: [identity; 32],
            wallet: [wallet; 32],
        };
        let links = [link(1, 9), link(2, 9), link(3, 8)];
        let payees = Payees::new(vec![[9; 32], [2; 32], [9; 32]], &links);
        let payee = |key: u8| payees.payee(&[key; 32]);
        assert_eq!(payee(9), Payee::Wallet(Wallet([9; 32])));
        assert_eq!(payee(1), Payee::Wallet(Wallet([9; 32])));
        assert_eq!(payee(2), Payee::Wallet(Wallet([2; 32])));
        assert_eq!(payee(3), Payee::Unlinked([3; 32]));
        assert_eq!(payee(4), Payee::Unlinked([4; 32]));
        assert_eq!(payees.wallet(&[1; 32]), None);
        assert_eq!(payee(3).key(), [3; 32]);
    }
}
