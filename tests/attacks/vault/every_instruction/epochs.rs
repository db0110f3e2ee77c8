//! Epochs from proposal to tombstone, pages, and claims of members who set no recipient.

use cairn_interface::vault::{CloseEpoch, OpenMemberPage, VetoEpoch};
use cairn_merkle::EpochNumber;

use super::{Act, Life, Rewards};
use crate::vault::scene::{WEEK, address};

impl Life {
    /// The first epoch from proposal to claim.
    pub fn epochs(&mut self) -> Rewards {
        let first = self.scene.rewards(&[100, 200, 300, 400, 500]);
        let proposal = self.scene.proposal(1, &first);
        let keepers = &["keeper 0", "keeper 1", "keeper 2"];
        self.run(Act::new(proposal.instruction()).by("proposer", keepers));
        let part = first.put_canopy(&address("keeper 0"), 1, self.scene.terms.canopy_depth);
        self.run(Act::new(part[0].instruction()));
        let vote = self.scene.attestation("keeper 1", 1);
        self.run(Act::new(vote.instruction()).by("keeper", &["keeper 1", "keeper 2"]));
        self.scene
            .world
            .warp(self.scene.terms.challenge_window_secs);
        self.run(Act::new(self.scene.activation(1).instruction()));
        let page = OpenMemberPage {
            payer: address("stranger"),
            pool: self.scene.pool,
            page: 0,
        };
        self.run(Act::new(page.instruction()).by_anyone("payer"));
        let claim = self.scene.claim_of(1, &first, 0);
        self.run(Act::new(claim.instruction()).without_reading("memo_program"));
        first
    }

    /// A second epoch that is vetoed, proposed again and active; a third; the first closed.
    pub fn later_epochs(&mut self) {
        let second = self.scene.rewards(&[110, 210, 310, 410, 510]);
        self.scene.world.warp(WEEK);
        self.scene.propose(2, &second).unwrap();
        let veto = VetoEpoch {
            guardian: address("guardian"),
            pool: self.scene.pool,
            number: EpochNumber::new(2),
            reason: 1,
        };
        self.run(Act::new(veto.instruction()).by("guardian", &["guardian", "admin"]));
        self.scene.prepare(2, &second);
        self.run(Act::new(self.scene.activation(2).instruction()));
        self.scene.run_epoch(3, &second);
        let close = CloseEpoch {
            pool: self.scene.pool,
            number: EpochNumber::FIRST,
            rent_payer: address("keeper 0"),
        };
        self.run(Act::new(close.instruction()));
    }
}
