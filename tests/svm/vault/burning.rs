//! Acts of burn rounds, for the tests of their instructions.

use cairn_interface::vault::{
    BurnPoints, CloseRound, OpenRound, ReceiptView, RoundView, SettleBurn, receipt_address,
    round_address, round_vault_address,
};
use cairn_merkle::{EpochNumber, LeafIndex, MilliPoints, Tokens};
use cairn_testkit::{Member, Rewards};
use solana_sdk::{pubkey::Pubkey, signer::Signer};

use super::scene::{DAY, Ran, Scene, address, member};

/// Least milli-points of a burn in these rounds.
pub const MINIMUM: u64 = 100;

impl Scene {
    /// A pool whose first epoch grants member *i* `points[i]` milli-points and no token, with page and wallets open.
    pub fn with_points(points: &[u64]) -> (Self, Rewards) {
        let mut scene = Self::new();
        let rewards = scene.points(points);
        scene.run_epoch(1, &rewards);
        scene.open_page(0).unwrap();
        for index in 0..points.len() {
            scene.open_wallet(&member(index.try_into().unwrap()));
        }
        (scene, rewards)
    }

    /// The tree in which member *i* has earned `points[i]` milli-points so far.
    pub fn points(&self, points: &[u64]) -> Rewards {
        let members: Vec<Member> = (0..)
            .zip(points)
            .map(|(index, points)| Member {
                owner: member(index),
                tokens: 0,
                points: *points,
                credits: 0,
            })
            .collect();
        Rewards::new(&self.pool, &members)
    }

    /// The opening of a round of `tokens`, open for a day from now, for tests to spoil. The admin opens it, the
    /// treasurer pays.
    pub fn opening(&mut self, number: u64, tokens: u64) -> OpenRound {
        let from = self.mint_to(&address("treasurer"), tokens);
        OpenRound {
            opener: address("admin"),
            admin: address("admin"),
            funder: address("treasurer"),
            pool: self.pool,
            mint: self.mint,
            token_program: self.token_program(),
            from,
            epoch: EpochNumber::new(self.pool().active_epoch),
            number,
            tokens: Tokens::new(tokens),
            minimum: MilliPoints::new(MINIMUM),
            starts_at: self.world.now(),
            ends_at: self.world.now() + DAY,
        }
    }

    pub fn open_round(&mut self, number: u64, tokens: u64) -> Ran {
        let opening = self.opening(number, tokens).instruction();
        self.run(&[opening], &["admin", "treasurer"])
    }

    /// A member's burn in a round with epoch 1's proof, for tests to spoil.
    pub fn burn_of(&self, rewards: &Rewards, round: u64, index: u32, points: u64) -> BurnPoints {
        let claim = self.claim_of(1, rewards, index);
        BurnPoints {
            payer: self.world.payer().pubkey(),
            owner: claim.owner,
            pool: self.pool,
            number: claim.number,
            round,
            index: LeafIndex::new(index),
            tokens: claim.tokens,
            granted: claim.points,
            credits: claim.credits,
            proof: claim.proof,
            points: MilliPoints::new(points),
        }
    }

    pub fn burn(&mut self, rewards: &Rewards, round: u64, index: u32, points: u64) -> Ran {
        let burn = self.burn_of(rewards, round, index, points).instruction();
        self.run(&[burn], &[&format!("member {index}")])
    }

    /// A member's settlement, for tests to spoil.
    pub fn settlement(&self, round: u64, index: u32) -> SettleBurn {
        SettleBurn {
            pool: self.pool,
            round,
            owner: member(index),
            rent_payer: self.world.payer().pubkey(),
            mint: self.mint,
            token_program: self.token_program(),
            payout: None,
            memo: false,
        }
    }

    /// A settlement that somebody else sends for the member.
    pub fn settle(&mut self, round: u64, index: u32) -> Ran {
        let settlement = self.settlement(round, index).instruction();
        self.run(&[settlement], &[])
    }

    /// A round's end, for tests to spoil.
    pub fn closing(&self, round: u64) -> CloseRound {
        CloseRound {
            pool: self.pool,
            round,
            opener: address("admin"),
            mint: self.mint,
            token_program: self.token_program(),
        }
    }

    pub fn close_round(&mut self, round: u64) -> Ran {
        let closing = self.closing(round).instruction();
        self.run(&[closing], &[])
    }

    pub fn round(&self, number: u64) -> RoundView {
        let address = round_address(&self.pool, number).0;
        RoundView::decode(address, &self.world.expect_account(&address)).unwrap()
    }

    /// The address of a member's receipt.
    pub fn receipt_at(&self, round: u64, index: u32) -> Pubkey {
        receipt_address(&round_address(&self.pool, round).0, &member(index)).0
    }

    pub fn receipt(&self, round: u64, index: u32) -> ReceiptView {
        let address = self.receipt_at(round, index);
        ReceiptView::decode(address, &self.world.expect_account(&address)).unwrap()
    }

    /// The address of a round's token account.
    pub fn round_vault(&self, number: u64) -> Pubkey {
        round_vault_address(&round_address(&self.pool, number).0).0
    }
}
