//! Epochs from proposal to tombstone, pages, and claims of members who set no recipient.

use cairn_interface::vault::{
    AnswerChallenge, CloseEpoch, LapseEpoch, OpenChallenge, OpenMemberPage, RevokeEpoch, VetoEpoch,
};
use cairn_merkle::EpochNumber;

use super::{Act, Life, Rewards};
use crate::vault::{
    challenging::{answering, expiring, opening},
    scene::{DAY, HOUR, WEEK, address},
};

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

    /// A second epoch that falls in every way and is active then; a third; the first closed, the third revoked.
    pub fn later_epochs(&mut self) {
        let second = self.scene.rewards(&[110, 210, 310, 410, 510]);
        self.scene.world.warp(WEEK);
        self.challenged(&second);
        self.scene.propose(2, &second).unwrap();
        self.scene.world.warp(HOUR);
        let lapse = LapseEpoch {
            sender: address("stranger"),
            pool: self.scene.pool,
            number: EpochNumber::new(2),
        };
        self.run(Act::new(lapse.instruction()).by_anyone("sender"));
        self.scene.world.warp(HOUR);
        self.scene.propose(2, &second).unwrap();
        let veto = VetoEpoch {
            guardian: address("guardian"),
            pool: self.scene.pool,
            number: EpochNumber::new(2),
            reason: 1,
        };
        self.run(Act::new(veto.instruction()).by("guardian", &["guardian", "admin"]));
        self.scene.world.warp(HOUR);
        self.scene.prepare(2, &second);
        self.run(Act::new(self.scene.activation(2).instruction()));
        self.scene.run_epoch(3, &second);
        let close = CloseEpoch {
            pool: self.scene.pool,
            number: EpochNumber::FIRST,
            rent_payer: address("keeper 0"),
        };
        self.run(Act::new(close.instruction()));
        let revoke = RevokeEpoch {
            admin: address("admin"),
            guardian: address("guardian"),
            pool: self.scene.pool,
            number: EpochNumber::new(3),
        };
        self.run(Act::new(revoke.instruction()));
    }

    /// One challenge that is answered, one that nobody answers: the epoch falls.
    fn challenged(&mut self, second: &Rewards) {
        let first = self.scene.rewards(&[100, 200, 300, 400, 500]);
        self.scene.propose(2, second).unwrap();
        self.scene.put_canopy(2, second);
        let open = OpenChallenge {
            challenger: address("stranger"),
            ..opening(&self.scene, &first, 0)
        };
        self.run(Act::new(open.instruction()).by_anyone("challenger"));
        let answer = AnswerChallenge {
            challenger: address("stranger"),
            ..answering(&self.scene, second, 0, "keeper 1")
        };
        self.run(Act::new(answer.instruction()).by_anyone("answerer"));
        let open = opening(&self.scene, &first, 1).instruction();
        self.scene.must(&[open], &[]);
        self.scene.world.warp(DAY + 1);
        let expire = expiring(&self.scene, 0, 1);
        self.run(Act::new(expire));
        self.scene.world.warp(HOUR);
    }
}
