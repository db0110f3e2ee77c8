//! Claims, right and wrong, and what members want.

use std::rc::Rc;

use cairn_interface::vault::{Claim, CloseRecipient, SetRecipient, VaultError};
use cairn_merkle::{EpochNumber, LeafIndex, Tokens};
use cairn_testkit::{assert_refused, assert_refused_among};
use solana_sdk::pubkey::Pubkey;

use super::{
    Play, actors, address, member,
    model::{Root, Will},
};

/// What is paid, or the reason why not; `None` for what must fail in one of several ways.
type Expected = Option<Result<u64, VaultError>>;

/// What refuses a claim that the root grants: its time, its member's will, what was paid before, a leaf that no proof reaches.
const UNDUE: &[&str] = &[
    "BreakerOpen",
    "ClaimRestricted",
    "ClaimsAboveRoot",
    "DestinationNotRecipient",
    "EpochNotActive",
    "EpochRevoked",
    "EpochSuperseded",
    "NothingToClaim",
    "PartUnsigned",
    "Paused",
    "ProofHashMismatch",
    "ProofSumMismatch",
    "RecipientMissing",
    "WrongRecipient",
];

/// What else refuses one that the root does not grant.
const FORGED: &[&str] = &[
    "DestinationNotCanonical",
    "EpochUnknown",
    "LeafIndexOutOfRange",
    "WrongMint",
];

impl Play {
    /// A leaf of any root that was ever active, mostly of one that is claimable, or of one that is not active yet.
    pub fn some_leaf(&mut self) -> Option<(u64, Rc<Root>, u32)> {
        let count = u32::try_from(self.yard().roots.len()).unwrap();
        let at = if self.roll(8) > 0 {
            count.saturating_sub(1 + self.roll(2))
        } else {
            self.roll(count + 1)
        };
        let root = match self.yard().roots.get(usize::try_from(at).unwrap()) {
            Some(active) => Rc::clone(active),
            None => Rc::clone(&self.yard().proposed.as_ref()?.root),
        };
        let index = self.roll(root.tree().leaf_count());
        Some((u64::from(at) + 1, root, index))
    }

    /// The claim of a leaf as its member would want it.
    pub fn claim_of(&mut self, number: u64, root: &Root, index: u32) -> Claim {
        let mut claim = self.scene.claim_of(number, &root.rewards, index);
        let depth = root.depth(self.scene.terms.canopy_depth);
        claim.proof = root.tree().proof(LeafIndex::new(index), depth).unwrap();
        let now = self.now();
        if let Some(will) = self.yard().wills.get(&claim.owner) {
            claim.payout = Some(will.payout_at(now));
            claim.authority = will.restricted.then_some(claim.owner);
        }
        claim
    }

    /// A claim as anybody might send it: mostly right, sometimes past what the member wants.
    fn some_claim(&mut self) -> Option<(Claim, Expected)> {
        let (number, root, index) = self.some_leaf()?;
        let mut claim = self.claim_of(number, &root, index);
        if self.roll(3) == 0 {
            claim.at_most = Tokens::new(self.units(600));
            if self.roll(2) == 0 {
                claim.authority = Some(claim.owner);
            }
        }
        match self.roll(10) {
            0 => claim.payout = None,
            1 => claim.payout = Some(address(actors::PAYOUTS[0])),
            2 => claim.authority = None,
            3 => claim.authority = Some(address("delegate")),
            _ => {}
        }
        let expected = self.expect_claim(&claim, number, &root);
        Some((claim, expected))
    }

    pub fn claim(&mut self) {
        let Some((claim, expected)) = self.some_claim() else {
            return;
        };
        let ran = self.send(&[claim.instruction()]);
        match expected {
            None => assert_refused_among(
                ran,
                &[
                    "EpochSuperseded",
                    "ProofHashMismatch",
                    "ProofSumMismatch",
                    "WrongRecipient",
                ],
            ),
            Some(Err(error)) => {
                *self.tally.entry(error.name()).or_default() += 1;
                assert_refused(ran, error);
            }
            Some(Ok(paid)) => {
                assert!(self.note("claim", &ran), "{paid} due: {ran:?}");
                if claim.payout.is_some_and(|wallet| wallet != claim.owner) {
                    self.note("claim to a payout", &ran);
                }
                if paid == claim.at_most.get() {
                    self.note("claim in part", &ran);
                }
                self.paid(&claim, paid);
            }
        }
    }

    /// A claim on each pool in one transaction: both are paid or none. And the same twice: never.
    pub fn claim_at_once(&mut self) {
        let at = self.at;
        let Some((here, expected_here)) = self.some_claim() else {
            return;
        };
        if matches!(expected_here, Some(Ok(paid)) if paid < here.at_most.get()) {
            let twice = [here.instruction(), here.instruction()];
            let ran = self.send(&twice);
            assert_refused(ran, VaultError::NothingToClaim);
        }
        self.turn_to(1 - at);
        let there = self.some_claim();
        if let Some((there, expected_there)) = there {
            let both = [here.instruction(), there.instruction()];
            let ran = self.send(&both);
            match (expected_here, expected_there) {
                (Some(Ok(first)), Some(Ok(second))) => {
                    assert!(self.note("claim at once", &ran), "{ran:?}");
                    self.paid(&there, second);
                    self.turn_to(at);
                    self.paid(&here, first);
                }
                _ => assert_refused_among(ran, UNDUE),
            }
        }
        self.turn_to(at);
    }

    /// Notes a payment in the model. Together with what left before it stays within the breaker's share of what the
    /// vault would hold had nothing left.
    fn paid(&mut self, claim: &Claim, units: u64) {
        let now = self.now();
        let yard = self.yard();
        yard.let_out(now, units);
        yard.slot(claim.index.get()).claimed += units;
        yard.credit(claim.payout.unwrap_or(claim.owner), units);
        let whole = u128::from(yard.balance()) + u128::from(yard.used(now));
        let share = whole * u128::from(yard.params.breaker_share_bps) / 10_000;
        let share = share.max(u128::from(yard.params.breaker_floor));
        let left = u128::from(yard.in_window(now));
        assert!(
            left <= share,
            "{left} left in a window that lets out {share}"
        );
    }

    /// What a claim must come to, by the model.
    fn expect_claim(&mut self, claim: &Claim, number: u64, root: &Root) -> Expected {
        use VaultError as E;
        let now = self.now();
        let yard = self.yard();
        let active = yard.active_number();
        let closed = yard.closed_epochs.contains(&number);
        let will = yard.wills.get(&claim.owner);
        if closed || (claim.payout.is_some() && will.is_none()) {
            return None;
        }
        if yard.is_paused(now) {
            return Some(Err(E::Paused));
        }
        if let (Some(wallet), Some(will)) = (claim.payout, will) {
            if wallet != will.payout_at(now) {
                return Some(Err(E::DestinationNotRecipient));
            }
            let allowed = [Some(claim.owner), will.delegate];
            if will.restricted && (claim.authority.is_none() || !allowed.contains(&claim.authority))
            {
                return Some(Err(E::ClaimRestricted));
            }
        }
        if number > active {
            return Some(Err(E::EpochNotActive));
        }
        if number + 1 < active {
            return Some(Err(E::EpochSuperseded));
        }
        if yard.revoked.contains(&number) {
            return Some(Err(E::EpochRevoked));
        }
        if root.unprovable.contains(&claim.index.get()) {
            return None;
        }
        let slot = *yard.slot(claim.index.get());
        if slot.marked && claim.payout.is_none() {
            return Some(Err(E::RecipientMissing));
        }
        if claim.tokens.get() <= slot.claimed {
            return Some(Err(E::NothingToClaim));
        }
        let due = claim.tokens.get() - slot.claimed;
        let paid = due.min(claim.at_most.get());
        let delegate = claim.payout.and(yard.wills.get(&claim.owner));
        let delegate = delegate.and_then(|will| will.delegate);
        let by_member =
            claim.authority.is_some() && [Some(claim.owner), delegate].contains(&claim.authority);
        if paid < due && yard.fee_bps > 0 && !by_member {
            return Some(Err(E::PartUnsigned));
        }
        if yard.left + paid > yard.totals.tokens {
            return Some(Err(E::ClaimsAboveRoot));
        }
        if paid > yard.room(now, by_member) {
            return Some(Err(E::BreakerOpen));
        }
        Some(Ok(paid))
    }

    /// More than the leaf grants, another's leaf, another pool's, another wallet's: never paid.
    pub fn forged_claim(&mut self) {
        let Some((number, root, index)) = self.some_leaf() else {
            return;
        };
        let mut claim = self.claim_of(number, &root, index);
        let other = self.yards[1 - self.at].pool;
        match self.roll(5) {
            0 => claim.tokens = Tokens::new(claim.tokens.get() + self.units(1_000)),
            1 => {
                let mut others = (0..super::MEMBERS).rev().map(member);
                claim.owner = others.find(|owner| *owner != claim.owner).unwrap();
                claim.payout = None;
            }
            2 => claim.pool = other,
            3 => claim.index = LeafIndex::new(claim.index.get() ^ 1),
            _ => {
                let wallet = self.scene.open_wallet(&address("stranger"));
                let ran = self.send(&[claim.instruction_to(wallet, 255)]);
                assert_refused_among(ran, &[UNDUE, FORGED].concat());
                return;
            }
        }
        let ran = self.send(&[claim.instruction()]);
        assert_refused_among(ran, &[UNDUE, FORGED].concat());
    }

    /// A member says where they want to be paid, changes their mind, or goes back to nothing said.
    pub fn will(&mut self) {
        let Some((number, root, index)) = self.some_leaf() else {
            return;
        };
        let claim = self.claim_of(number, &root, index);
        if self.roll(4) == 0 {
            self.close_recipient(&claim.owner);
            return;
        }
        let payout = match self.roll(4) {
            0 => None,
            1 => Some(claim.owner),
            _ => {
                let at = usize::try_from(self.roll(2)).unwrap();
                Some(address(actors::PAYOUTS[at]))
            }
        };
        let restricted = self.roll(3) == 0;
        let set = SetRecipient {
            payer: address("sponsor"),
            owner: claim.owner,
            pool: claim.pool,
            number: EpochNumber::new(number),
            index: LeafIndex::new(index),
            tokens: claim.tokens,
            points: claim.points,
            credits: claim.credits,
            proof: claim.proof.clone(),
            payout,
            delegate: (self.roll(2) == 0).then(|| address("delegate")),
            restricted,
        };
        let ran = self.send(&[set.instruction()]);
        if !self.note("set recipient", &ran) {
            return;
        }
        let (now, yard) = (self.now(), self.yard());
        let cooldown = i64::try_from(yard.params.recipient_cooldown_secs).unwrap();
        let fresh = Will {
            index,
            effective: claim.owner,
            pending: None,
            delegate: None,
            restricted: false,
        };
        let will = yard.wills.entry(claim.owner).or_insert(fresh);
        assert_eq!(will.index, index, "one account stands for two leaves");
        will.redirect(payout.unwrap_or(claim.owner), now, cooldown);
        will.delegate = set.delegate;
        will.restricted = restricted;
        yard.slot(index).marked = true;
    }

    fn close_recipient(&mut self, owner: &Pubkey) {
        let now = self.now();
        let Some(will) = self.yard().wills.get(owner).cloned() else {
            return;
        };
        let close = CloseRecipient {
            owner: *owner,
            pool: self.scene.pool,
            index: LeafIndex::new(will.index),
            rent_payer: address("sponsor"),
        };
        let ran = self.send(&[close.instruction()]);
        // A change that is pending is withdrawn with the account; one in effect must have been taken back before.
        if will.payout_at(now) == *owner && !will.restricted {
            assert!(self.note("close recipient", &ran), "{ran:?}");
            self.yard().wills.remove(owner);
            self.yard().slot(will.index).marked = false;
        } else {
            assert_refused(ran, VaultError::RecipientInUse);
        }
    }
}
