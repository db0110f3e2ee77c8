use cairn_merkle::{Credits, EpochNumber, MilliPoints, Node, Tokens};

use super::*;

mod landed;
mod model;

const MINE: [u8; 32] = [7; 32];

fn summary() -> Summary {
    Summary {
        root: [9; 32],
        tokens: Tokens::new(1_000),
        points: MilliPoints::new(10),
        credits: Credits::new(0),
        members: 3,
        accepted: 40,
        rejected: 1,
        period_start: 0,
        period_end: 100,
        ruleset_hash: [1; 32],
        code_hash: [2; 32],
    }
}

fn content(nodes: u8) -> Content {
    let canopy = (1..=nodes)
        .map(|n| Node::new([n; 32], Tokens::new(u64::from(n))))
        .collect();
    Content {
        manifest_hash: MINE,
        says: summary(),
        canopy,
    }
}

fn empty_chain() -> Chain {
    Chain {
        now: 100,
        next_epoch: EpochNumber::new(4),
        paused: false,
        i_am_keeper: true,
        i_rest_until: None,
        revoked: None,
        number: EpochNumber::new(4),
        epoch: None,
    }
}

fn proposed() -> ChainEpoch {
    ChainEpoch {
        status: Status::Proposed,
        attempt: 0,
        manifest_hash: MINE,
        says: summary(),
        canopy: vec![],
        canopy_complete: true,
        attestations: 1,
        attested_by_me: true,
        proposed_by_me: true,
        threshold: 2,
        activatable_at: 200,
        open_challenges: 0,
    }
}

fn chain_with(epoch: ChainEpoch) -> Chain {
    Chain {
        epoch: Some(epoch),
        ..empty_chain()
    }
}

#[test]
fn a_number_nobody_proposed_is_proposed_only_when_it_is_next() {
    let content = content(1);
    let mut chain = empty_chain();
    assert_eq!(
        next(Goal::Propose, &chain, &content, &[]),
        Step::Submit(Action::Propose { attempt: 0 })
    );
    chain.next_epoch = EpochNumber::new(5);
    assert_eq!(
        next(Goal::Propose, &chain, &content, &[]),
        Step::Refuse(Refusal::Past {
            number: EpochNumber::new(4),
            next: EpochNumber::new(5)
        })
    );
    chain.next_epoch = EpochNumber::new(3);
    assert_eq!(
        next(Goal::Propose, &chain, &content, &[]),
        Step::Wait(Wait::NotYet {
            number: EpochNumber::new(4),
            next: EpochNumber::new(3)
        })
    );
}

#[test]
fn a_key_that_is_no_keeper_signs_nothing_but_an_activation() {
    let content = content(1);
    let stranger = Chain {
        i_am_keeper: false,
        ..empty_chain()
    };
    assert_eq!(
        next(Goal::Propose, &stranger, &content, &[]),
        Step::Refuse(Refusal::NotAKeeper)
    );

    let theirs = ChainEpoch {
        attested_by_me: false,
        proposed_by_me: false,
        ..proposed()
    };
    let stranger = Chain {
        epoch: Some(theirs.clone()),
        ..stranger
    };
    assert_eq!(
        next(Goal::Attest, &stranger, &content, &[]),
        Step::Refuse(Refusal::NotAKeeper)
    );

    let attested = ChainEpoch {
        status: Status::Attested,
        attestations: 2,
        ..theirs
    };
    let stranger = Chain {
        now: 200,
        epoch: Some(attested),
        ..stranger
    };
    assert_eq!(
        next(Goal::Activate, &stranger, &content, &[]),
        Step::Submit(Action::Activate { attempt: 0 })
    );
}

#[test]
fn another_manifest_on_chain_is_refused_by_every_goal_and_named() {
    let content = content(1);
    let foreign = ChainEpoch {
        manifest_hash: [8; 32],
        ..proposed()
    };
    for goal in [Goal::Propose, Goal::Attest, Goal::Activate] {
        let Step::Refuse(Refusal::OtherManifest { on_chain, mine, .. }) =
            next(goal, &chain_with(foreign.clone()), &content, &[])
        else {
            panic!("{goal:?} accepted another manifest");
        };
        assert_eq!((on_chain, mine), ("08".repeat(32), "07".repeat(32)));
    }
    // The same manifest under another root: the chain account contradicts the files it names.
    let forged = ChainEpoch {
        says: Summary {
            tokens: Tokens::new(1_001),
            ..summary()
        },
        ..proposed()
    };
    let differs = Differences(vec![("tokens", "1001".to_owned(), "1000".to_owned())]);
    for goal in [Goal::Propose, Goal::Attest, Goal::Activate] {
        assert_eq!(
            next(goal, &chain_with(forged.clone()), &content, &[]),
            Step::Refuse(Refusal::OtherFigures {
                number: EpochNumber::new(4),
                differs: differs.clone()
            })
        );
    }
}

/// What a proposer may change while this keeper recomputes the attempt before: the same manifest and the same root,
/// and anything else.
#[test]
fn every_field_of_a_proposal_is_compared_again_before_this_keeper_puts_its_word_under_it() {
    let changes: [fn(&mut Summary); 11] = [
        |says| says.root[31] ^= 1,
        |says| says.tokens = says.tokens.saturating_add(Tokens::new(1)),
        |says| says.points = says.points.saturating_add(MilliPoints::new(1)),
        |says| says.credits = says.credits.saturating_add(Credits::new(1)),
        |says| says.members += 1,
        |says| says.accepted += 1,
        |says| says.rejected += 1,
        |says| says.period_start += 1,
        |says| says.period_end += 1,
        |says| says.ruleset_hash[0] ^= 1,
        |says| says.code_hash[0] ^= 1,
    ];
    for change in changes {
        let mut swapped = proposed();
        swapped.attested_by_me = false;
        change(&mut swapped.says);
        let step = next(Goal::Attest, &chain_with(swapped), &content(1), &[]);
        let Step::Refuse(Refusal::OtherFigures { differs, .. }) = step else {
            panic!("{step:?}");
        };
        assert_eq!(differs.0.len(), 1, "{differs}");
    }
}

#[test]
fn a_keeper_whose_proposal_was_vetoed_leaves_the_next_to_another_for_a_while() {
    let vetoed = ChainEpoch {
        status: Status::Vetoed,
        ..proposed()
    };
    let mut chain = chain_with(vetoed);
    chain.i_rest_until = Some(300);
    let rests = Step::Wait(Wait::Resting {
        number: EpochNumber::new(4),
        at: 300,
    });
    assert_eq!(next(Goal::Propose, &chain, &content(1), &[]), rests);
    chain.i_rest_until = None;
    assert_eq!(
        next(Goal::Propose, &chain, &content(1), &[]),
        Step::Submit(Action::Propose { attempt: 1 })
    );
}

#[test]
fn nothing_is_activated_while_a_challenge_is_open_or_after_it_was_revoked() {
    let mut epoch = ChainEpoch {
        status: Status::Attested,
        attestations: 2,
        activatable_at: 0,
        open_challenges: 3,
        ..proposed()
    };
    let waits = Step::Wait(Wait::Challenged {
        number: EpochNumber::new(4),
        open: 3,
    });
    let content = content(1);
    assert_eq!(
        next(Goal::Activate, &chain_with(epoch.clone()), &content, &[]),
        waits
    );
    epoch.status = Status::Revoked;
    for goal in [Goal::Attest, Goal::Activate] {
        assert_eq!(
            next(goal, &chain_with(epoch.clone()), &content, &[]),
            Step::Refuse(Refusal::Revoked {
                number: EpochNumber::new(4)
            })
        );
    }
}

#[test]
fn the_canopy_is_put_in_parts_and_only_what_is_missing() {
    let content = content(64);
    let mut epoch = ChainEpoch {
        canopy: vec![],
        canopy_complete: false,
        ..proposed()
    };
    let put = |epoch: &ChainEpoch| next(Goal::Propose, &chain_with(epoch.clone()), &content, &[]);
    assert_eq!(
        put(&epoch),
        Step::Submit(Action::PutCanopy {
            attempt: 0,
            offset: 0,
            len: 16
        })
    );
    epoch.canopy = content.canopy[..16].to_vec();
    assert_eq!(
        put(&epoch),
        Step::Submit(Action::PutCanopy {
            attempt: 0,
            offset: 16,
            len: 16
        })
    );
    epoch.canopy = content.canopy[..60].to_vec();
    assert_eq!(
        put(&epoch),
        Step::Submit(Action::PutCanopy {
            attempt: 0,
            offset: 60,
            len: 4
        })
    );
    // Nodes of another tree, or a whole canopy that was never folded, are written over from the left.
    epoch.canopy = vec![Node::new([66; 32], Tokens::new(1)); 3];
    assert_eq!(
        put(&epoch),
        Step::Submit(Action::PutCanopy {
            attempt: 0,
            offset: 0,
            len: 16
        })
    );
    epoch.proposed_by_me = false;
    assert_eq!(
        put(&epoch),
        Step::Wait(Wait::CanopyIncomplete {
            number: EpochNumber::new(4)
        })
    );
}

#[test]
fn a_vetoed_number_is_proposed_again_with_the_next_attempt_and_never_attested() {
    let content = content(1);
    let vetoed = ChainEpoch {
        status: Status::Vetoed,
        manifest_hash: [8; 32],
        attempt: 1,
        ..proposed()
    };
    let chain = chain_with(vetoed);
    assert_eq!(
        next(Goal::Propose, &chain, &content, &[]),
        Step::Submit(Action::Propose { attempt: 2 })
    );
    assert_eq!(
        next(Goal::Attest, &chain, &content, &[]),
        Step::Refuse(Refusal::Vetoed {
            number: EpochNumber::new(4)
        })
    );
}

#[test]
fn activation_waits_for_the_window_to_the_second_and_says_until_when() {
    let content = content(1);
    let attested = ChainEpoch {
        status: Status::Attested,
        attestations: 2,
        ..proposed()
    };
    let mut chain = chain_with(attested);
    chain.now = 199;
    assert_eq!(
        next(Goal::Activate, &chain, &content, &[]),
        Step::Wait(Wait::Window {
            number: EpochNumber::new(4),
            at: 200,
            secs: 1
        })
    );
    chain.now = 200;
    assert_eq!(
        next(Goal::Activate, &chain, &content, &[]),
        Step::Submit(Action::Activate { attempt: 0 })
    );
    // A keeper removed after voting does not count any more, though the status still says attested.
    chain.epoch.as_mut().unwrap().attestations = 1;
    assert_eq!(
        next(Goal::Activate, &chain, &content, &[]),
        Step::Wait(Wait::Attestations {
            number: EpochNumber::new(4),
            have: 1,
            need: 2
        })
    );
}

#[test]
fn a_paused_pool_still_takes_proposals_and_attestations_but_activates_nothing() {
    let content = content(1);
    let fresh = ChainEpoch {
        attested_by_me: false,
        ..proposed()
    };
    let ripe = ChainEpoch {
        status: Status::Attested,
        attestations: 2,
        activatable_at: 0,
        ..proposed()
    };
    for (goal, epoch, expected) in [
        (
            Goal::Propose,
            None,
            Step::Submit(Action::Propose { attempt: 0 }),
        ),
        (
            Goal::Attest,
            Some(fresh),
            Step::Submit(Action::Attest { attempt: 0 }),
        ),
        (Goal::Activate, Some(ripe), Step::Wait(Wait::Paused)),
    ] {
        let chain = Chain {
            paused: true,
            epoch,
            ..empty_chain()
        };
        assert_eq!(next(goal, &chain, &content, &[]), expected);
    }
}
