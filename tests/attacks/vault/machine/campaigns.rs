//! Airdrops from draft to tombstone, and their model.

use std::collections::BTreeMap;

use cairn_interface::{
    airdrop::{
        AirdropError, ClaimDrop, ClaimVested, CloseCampaign, CloseCampaignPage, CloseVesting,
        CreateCampaign, ExtendCampaign, OpenCampaign, OpenCampaignPage, SweepCampaign,
        campaign_vault_address,
    },
    ids,
};
use cairn_merkle::{LeafIndex, Tokens};
use cairn_testkit::{Drops, Grant, assert_refused, assert_refused_by};

use super::{DAY, MEMBERS, Play, actors, address, member};

/// Campaigns that stand at a time.
const AIRDROPS: usize = 3;

/// A campaign until nothing of it is left but its tombstone.
pub struct Airdrop {
    creation: CreateCampaign,
    drops: Drops,
    yard: usize,
    /// Base units that arrived in the vault.
    arrived: u64,
    /// Base units that left to claimants.
    paid: u64,
    /// Indices that claimed.
    claimed: Vec<bool>,
    /// What was paid of the locked part, of drops that vest.
    vesting: BTreeMap<u32, u64>,
    swept: bool,
    page: bool,
}

impl Airdrop {
    /// Base units vested of `locked` at `now`, rounded down.
    fn vested(&self, locked: u64, now: i64) -> u64 {
        let terms = &self.creation;
        if now < terms.cliff_at {
            return 0;
        }
        if now >= terms.vesting_end {
            return locked;
        }
        let passed = u128::from((now - terms.vesting_start).unsigned_abs());
        let whole = u128::from((terms.vesting_end - terms.vesting_start).unsigned_abs());
        u64::try_from(u128::from(locked) * passed / whole).unwrap()
    }

    fn claimable(&self, now: i64) -> bool {
        !self.swept && now >= self.creation.starts_at && now <= self.creation.expires_at
    }
}

impl Play {
    pub fn airdrop(&mut self) {
        if self.airdrops.len() < AIRDROPS {
            self.create_campaign();
            return;
        }
        let count = u32::try_from(AIRDROPS).unwrap();
        let at = usize::try_from(self.roll(count)).unwrap();
        self.turn_to(self.airdrops[at].yard);
        match self.roll(10) {
            0..=3 => self.claim_drop(at),
            4..=5 => self.claim_vested(at),
            6 => self.extend(at),
            7 => self.sweep(at),
            _ => self.clear(at),
        }
    }

    fn create_campaign(&mut self) {
        let now = self.now();
        self.nonce += 1;
        let starts_at = now + self.secs(3_600);
        let vesting_start = starts_at + self.secs(DAY);
        let cliff_at = vesting_start + self.secs(2 * DAY);
        let vesting_end = cliff_at + self.secs(30 * DAY);
        let expires_at = (vesting_end + self.secs(10 * DAY)).max(now + 1);
        let mut creation = CreateCampaign {
            creator: address("creator"),
            id: self.nonce,
            mint: self.scene.mint,
            token_program: self.scene.token_program(),
            receiver: address(actors::RECEIVER),
            root: cairn_merkle::Node::default(),
            leaf_count: MEMBERS,
            snapshot_hash: [3; 32],
            starts_at,
            vesting_start,
            cliff_at,
            vesting_end,
            expires_at,
            canopy_depth: 1,
        };
        let grants: Vec<Grant> = (0..MEMBERS)
            .map(|index| Grant {
                owner: member(index),
                unlocked: u64::from(self.roll(3)) * u64::from(self.roll(500)),
                locked: u64::from(self.roll(3)) * u64::from(self.roll(500)),
            })
            .collect();
        let drops = Drops::new(&creation.campaign(), &grants);
        creation.root = drops.root();
        let ran = self.send(&[creation.instruction()]);
        if creation.root.sum().get() == 0 {
            assert_refused(ran, AirdropError::CampaignTokensZero);
            return;
        }
        assert!(self.note("create campaign", &ran), "{ran:?}");
        let arrived = self.open_campaign(&creation, &drops);
        self.airdrops.push(Airdrop {
            creation,
            drops,
            yard: self.at,
            arrived,
            paid: 0,
            claimed: vec![false; usize::try_from(MEMBERS).unwrap()],
            vesting: BTreeMap::new(),
            swept: false,
            page: true,
        });
    }

    /// Fills and opens a draft; returns what arrived.
    fn open_campaign(&mut self, creation: &CreateCampaign, drops: &Drops) -> u64 {
        let creator = address("creator");
        let campaign = creation.campaign();
        for part in drops.put_canopy(creation) {
            self.scene.must(&[part.instruction()], &["creator"]);
        }
        // Enough for a mint that takes a fee.
        let amount = creation.root.sum().get() * 2;
        let from = self.scene.mint_to(&creator, amount);
        let open = OpenCampaign {
            creator,
            campaign,
            mint: creation.mint,
            token_program: creation.token_program,
            from,
            amount: Some(Tokens::new(amount)),
        };
        let page = OpenCampaignPage {
            payer: address("sponsor"),
            campaign,
            page: 0,
        };
        let both = [open.instruction(), page.instruction()];
        self.scene.must(&both, &["creator", "sponsor"]);
        self.yard().after_fee(amount)
    }

    fn claim_drop(&mut self, at: usize) {
        let index = self.roll(MEMBERS);
        if self.roll(4) == 0 {
            self.wait();
        }
        let now = self.now();
        let airdrop = &self.airdrops[at];
        let place = usize::try_from(index).unwrap();
        let campaign = airdrop.creation.campaign();
        if !airdrop.page {
            return;
        }
        let view = self.scene.world.campaign(&campaign);
        let mut claim = ClaimDrop {
            vesting_payer: Some(address("sponsor")),
            ..airdrop.drops.claim(&view, index)
        };
        let granted = claim.unlocked.get() + claim.locked.get();
        let forged = self.roll(6) == 0;
        if forged {
            claim.unlocked = Tokens::new(claim.unlocked.get() + self.units(100));
        }
        let ran = self.send(&[claim.instruction()]);
        let airdrop = &mut self.airdrops[at];
        let may = airdrop.claimable(now) && !forged && granted > 0 && !airdrop.claimed[place];
        assert_eq!(ran.is_ok(), may, "{ran:?}");
        if !may {
            return;
        }
        let vested = airdrop.vested(claim.locked.get(), now);
        let paid = claim.unlocked.get() + vested;
        airdrop.claimed[place] = true;
        airdrop.paid += paid;
        if vested < claim.locked.get() {
            airdrop.vesting.insert(index, vested);
        }
        self.note("claim drop", &ran);
        self.yard().credit(claim.owner, paid);
    }

    fn claim_vested(&mut self, at: usize) {
        if self.roll(3) == 0 {
            self.wait();
        }
        let now = self.now();
        let airdrop = &mut self.airdrops[at];
        let Some((&index, &before)) = airdrop.vesting.iter().next() else {
            return;
        };
        let claim = ClaimVested {
            campaign: airdrop.creation.campaign(),
            owner: member(index),
            mint: airdrop.creation.mint,
            token_program: airdrop.creation.token_program,
            index: LeafIndex::new(index),
            memo: false,
        };
        let locked = airdrop.drops.leaves()[usize::try_from(index).unwrap()].locked;
        let vested = airdrop.vested(locked.get(), now);
        let may = airdrop.claimable(now) && vested > before;
        if may {
            airdrop.vesting.insert(index, vested);
            airdrop.paid += vested - before;
        }
        let ran = self.send(&[claim.instruction()]);
        assert_eq!(self.note("claim vested", &ran), may, "{ran:?}");
        if may {
            self.yard().credit(claim.owner, vested - before);
        }
    }

    fn extend(&mut self, at: usize) {
        let change = i64::from(self.roll(7_200)) - 3_600;
        let airdrop = &self.airdrops[at];
        let extension = ExtendCampaign {
            creator: address("creator"),
            campaign: airdrop.creation.campaign(),
            expires_at: airdrop.creation.expires_at + change,
        };
        let ran = self.send(&[extension.instruction()]);
        if self.note("extend", &ran) {
            assert!(
                change > 0 && !self.airdrops[at].swept,
                "an expiry moved earlier"
            );
            self.airdrops[at].creation.expires_at = extension.expires_at;
        }
    }

    fn sweep(&mut self, at: usize) {
        let now = self.now();
        let airdrop = &self.airdrops[at];
        let creation = &airdrop.creation;
        let sweep = SweepCampaign {
            creator: creation.creator,
            campaign: creation.campaign(),
            mint: creation.mint,
            token_program: creation.token_program,
            receiver: creation.receiver,
            draft: false,
            memo: false,
        };
        let may = !airdrop.swept && now > creation.expires_at;
        let (receiver, left) = (creation.receiver, airdrop.arrived - airdrop.paid);
        let ran = self.send(&[sweep.instruction()]);
        assert_eq!(self.note("sweep", &ran), may, "{ran:?}");
        if may {
            self.airdrops[at].swept = true;
            self.yard().credit(receiver, left);
        }
    }

    /// Closes what can be closed, the campaign itself at last, and then nobody creates it again.
    fn clear(&mut self, at: usize) {
        let airdrop = &self.airdrops[at];
        let campaign = airdrop.creation.campaign();
        let rent_payer = address("sponsor");
        if let Some((&index, &paid)) = airdrop.vesting.iter().next() {
            let locked = airdrop.drops.leaves()[usize::try_from(index).unwrap()].locked;
            let close = CloseVesting {
                campaign,
                index: LeafIndex::new(index),
                rent_payer,
            };
            let may = airdrop.swept || paid == locked.get();
            let ran = self.send(&[close.instruction()]);
            assert_eq!(self.note("close vesting", &ran), may, "{ran:?}");
            if may {
                self.airdrops[at].vesting.remove(&index);
            }
        } else if airdrop.page {
            let close = CloseCampaignPage {
                campaign,
                page: 0,
                rent_payer,
            };
            let may = airdrop.swept;
            let ran = self.send(&[close.instruction()]);
            assert_eq!(self.note("close page", &ran), may, "{ran:?}");
            self.airdrops[at].page = !may;
        } else {
            let close = CloseCampaign {
                creator: address("creator"),
                campaign,
            };
            let ran = self.send(&[close.instruction()]);
            assert!(self.note("close campaign", &ran), "{ran:?}");
            let gone = self.airdrops.remove(at);
            let again = self.send(&[gone.creation.instruction()]);
            assert_refused_by(again, &ids::SYSTEM_PROGRAM, 0);
        }
    }

    /// The campaigns' vaults hold what arrived and was not paid.
    pub fn check_airdrops(&self) {
        for airdrop in &self.airdrops {
            let creation = &airdrop.creation;
            let (creator, id) = (&creation.creator, creation.id);
            let find = || creation.campaign();
            let campaign = self.places.of("campaign", creator, id, find);
            let find = || campaign_vault_address(&campaign).0;
            let vault = self.places.of("campaign's vault", creator, id, find);
            let held = self.scene.world.tokens(&vault);
            let due = if airdrop.swept {
                0
            } else {
                airdrop.arrived - airdrop.paid
            };
            assert_eq!(held, due, "a campaign's vault leaks");
            let view = self.scene.world.campaign(&campaign);
            assert_eq!(view.claimed, airdrop.paid, "claimed = Σ paid of the drops");
            assert!(airdrop.paid <= airdrop.creation.root.sum().get());
        }
    }
}
