//! The steps against a pool that obeys, whatever befalls each transaction.

use proptest::prelude::*;

use super::*;

/// A pool that obeys the program's rules as far as this keeper's actions go, and counts how often each took effect.
struct Model {
    chain: Chain,
    effects: Vec<Action>,
}

impl Model {
    fn apply(&mut self, action: Action, content: &Content) {
        match (action, &mut self.chain.epoch) {
            (Action::Propose { .. }, epoch @ None) => {
                *epoch = Some(ChainEpoch {
                    canopy: vec![],
                    canopy_complete: false,
                    attestations: 2,
                    activatable_at: self.chain.now + 10,
                    ..proposed()
                });
            }
            (Action::PutCanopy { offset, len, .. }, Some(epoch)) if !epoch.canopy_complete => {
                let (start, end) = (usize::from(offset), usize::from(offset) + usize::from(len));
                if start != epoch.canopy.len() && start != 0 {
                    return;
                }
                epoch.canopy.truncate(start);
                epoch.canopy.extend_from_slice(&content.canopy[start..end]);
                if epoch.canopy == content.canopy {
                    epoch.canopy_complete = true;
                    epoch.status = Status::Attested;
                }
            }
            (Action::Activate { .. }, Some(epoch))
                if epoch.status == Status::Attested && self.chain.now >= epoch.activatable_at =>
            {
                epoch.status = Status::Active;
                self.chain.next_epoch = self.chain.next_epoch.next().unwrap();
            }
            // The program refuses everything else: no effect.
            _ => return,
        }
        self.effects.push(action);
    }
}

/// What befalls one submission.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Lands,
    /// Killed before the transaction left.
    Dropped,
    /// Landed, but the keeper was killed before it saw that.
    LandsUnseen,
    /// Landed, and the next answers come from a node that lags behind.
    LandsBehindAStaleNode,
}

proptest! {
    #[test]
    fn whatever_befalls_each_transaction_the_epoch_becomes_active_and_no_action_takes_effect_twice(
        fates in prop::collection::vec(
            prop_oneof![
                Just(Fate::Lands),
                Just(Fate::Dropped),
                Just(Fate::LandsUnseen),
                Just(Fate::LandsBehindAStaleNode),
            ],
            0..40
        ),
        nodes in prop_oneof![Just(1u8), Just(2), Just(16), Just(64)],
    ) {
        let content = content(nodes);
        let mut model = Model { chain: empty_chain(), effects: vec![] };
        let mut landed = vec![];
        let mut fates = fates.into_iter();
        for goal in [Goal::Propose, Goal::Activate] {
            loop {
                match next(goal, &model.chain, &content, &landed) {
                    Step::Submit(action) => {
                        let before = model.chain.clone();
                        let fate = fates.next().unwrap_or(Fate::Lands);
                        if !matches!(fate, Fate::Dropped) {
                            model.apply(action, &content);
                        }
                        // A killed keeper resolves the pending transaction from chain before anything else.
                        if !matches!(fate, Fate::Dropped) {
                            landed.push(action);
                        }
                        if matches!(fate, Fate::LandsBehindAStaleNode) {
                            let stale = next(goal, &before, &content, &landed);
                            prop_assert!(
                                !matches!(stale, Step::Submit(again) if again == action),
                                "a stale answer made it {action} again"
                            );
                        }
                    }
                    Step::Wait(Wait::Window { at, .. }) => model.chain.now = at,
                    Step::Done => break,
                    other => prop_assert!(false, "{goal:?} got stuck at {other:?}"),
                }
            }
        }
        prop_assert_eq!(model.chain.epoch.as_ref().unwrap().status, Status::Active);
        let mut once = model.effects.clone();
        once.dedup();
        prop_assert_eq!(once, model.effects);
    }
}
