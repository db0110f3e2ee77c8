//! The other pool: in every part like the attacked one, and in the rival's hands.

use cairn_interface::{
    registry::{CreateNetwork, Registration},
    vault::{BurnPoints, CreatePool, OpenRound, RedeemCredits, SetCarrier, SetRecipient},
};
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens};
use cairn_testkit::{Member, Rewards};
use solana_sdk::signer::Signer;

use super::Life;
use crate::vault::scene::{DAY, address};

impl Life {
    /// Another network's pool of the same mint, with an active epoch and everything that hangs on a member.
    pub fn rival(&mut self) {
        let rival = address("rival");
        let network = CreateNetwork {
            payer: self.scene.world.payer().pubkey(),
            authority: rival,
            id: 0,
            guardian: rival,
            registration: Registration::Open,
        };
        self.scene.must(&[network.instruction()], &["rival"]);
        let its_network = network.network();
        self.gauntlet.exhibit("the rival's network", its_network);
        let creation = CreatePool {
            admin: rival,
            network: its_network,
            guardian: address("rival guardian"),
            keepers: vec![rival],
            threshold: 1,
            ..self.scene.create_pool()
        };
        self.scene.must(&[creation.instruction()], &["rival"]);
        self.scene.pool = creation.pool();
        let rewards = self.rivals_epoch();
        self.rivals_member(&rewards);
    }

    fn rivals_epoch(&mut self) -> Rewards {
        let scene = &mut self.scene;
        let rival = address("rival");
        let earned = Member {
            owner: rival,
            tokens: 30,
            points: 5_000,
            credits: 50,
        };
        let rewards = Rewards::new(&scene.pool, &[earned]);
        scene.fund(1_000).unwrap();
        let proposal = rewards.proposal(&rival, 1);
        scene.must(&[proposal.instruction()], &["rival"]);
        scene.world.warp(scene.terms.challenge_window_secs);
        scene.activate(1).unwrap();
        scene.open_page(0).unwrap();
        rewards
    }

    fn rivals_member(&mut self, rewards: &Rewards) {
        let scene = &mut self.scene;
        let (rival, pool, now) = (address("rival"), scene.pool, scene.world.now());
        let claim = scene.claim_of(1, rewards, 0);
        let recipient = SetRecipient {
            payer: rival,
            owner: rival,
            pool,
            number: EpochNumber::FIRST,
            index: LeafIndex::new(0),
            tokens: claim.tokens,
            points: claim.points,
            credits: claim.credits,
            proof: Vec::new(),
            payout: Some(address("payout")),
            delegate: Some(address("delegate")),
            restricted: true,
        };
        let from = scene.mint_to(&rival, 500);
        let round = OpenRound {
            opener: rival,
            admin: rival,
            funder: rival,
            pool,
            mint: scene.mint,
            token_program: scene.token_program(),
            from,
            epoch: EpochNumber::new(1),
            number: 0,
            tokens: Tokens::new(500),
            minimum: MilliPoints::new(1),
            starts_at: now,
            ends_at: now + DAY,
        };
        let burn = BurnPoints {
            payer: rival,
            owner: rival,
            pool,
            number: EpochNumber::FIRST,
            round: 0,
            index: LeafIndex::new(0),
            tokens: claim.tokens,
            granted: claim.points,
            credits: claim.credits,
            proof: Vec::new(),
            points: MilliPoints::new(1_000),
        };
        let carrier = SetCarrier {
            payer: rival,
            admin: rival,
            pool,
            carrier: address("carrier"),
            period_secs: 1_000,
            active: true,
        };
        let redemption = RedeemCredits {
            payer: rival,
            owner: rival,
            pool,
            number: EpochNumber::FIRST,
            carrier: address("carrier"),
            index: LeafIndex::new(0),
            tokens: claim.tokens,
            points: claim.points,
            granted: claim.credits,
            proof: Vec::new(),
            credits: Credits::new(5),
            nonce: 0,
            commitment: [1; 32],
        };
        for instruction in [
            recipient.instruction(),
            round.instruction(),
            burn.instruction(),
            carrier.instruction(),
            redemption.instruction(),
        ] {
            scene.must(&[instruction], &["rival"]);
        }
    }
}
