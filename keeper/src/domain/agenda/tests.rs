use cairn_merkle::{Credits, EpochNumber, MilliPoints, Tokens};
use proptest::prelude::*;

use super::*;

const MINE: [u8; 32] = [7; 32];
const THEIRS: [u8; 32] = [8; 32];

fn summary(accepted: u64) -> Summary {
    Summary {
        root: [9; 32],
        tokens: Tokens::new(1_000),
        points: MilliPoints::new(10),
        credits: Credits::ZERO,
        members: 3,
        accepted,
        rejected: 1,
        period_start: 0,
        period_end: 100,
        ruleset_hash: [1; 32],
        code_hash: [2; 32],
    }
}

fn closed() -> Own {
    Own::Closed {
        manifest_hash: MINE,
        summary: Some(summary(40)),
    }
}

fn epoch() -> ChainEpoch {
    ChainEpoch {
        status: Status::Attested,
        attempt: 0,
        manifest_hash: MINE,
        says: summary(40),
        canopy: vec![],
        canopy_complete: true,
        attestations: 2,
        attested_by_me: true,
        proposed_by_me: false,
        threshold: 2,
        activatable_at: 200,
        open_challenges: 0,
    }
}

fn facts(role: Role, own: Own, epoch: Option<ChainEpoch>) -> Facts {
    Facts {
        role,
        chain: Chain {
            now: 200,
            next_epoch: EpochNumber::new(4),
            paused: false,
            i_am_keeper: true,
            i_rest_until: None,
            revoked: None,
            number: EpochNumber::new(4),
            epoch,
        },
        own,
        ends: 100,
        closable_at: 130,
    }
}

#[test]
fn an_epoch_is_closed_when_it_is_over_and_then_proposed() {
    let mut open = facts(Role::Proposes, Own::Open, None);
    assert_eq!(next(&open), Next::Do(Task::Close));
    open.chain.now = 129;
    assert!(matches!(
        next(&open),
        Next::Wait(Wait::NotOver { closable: 130, .. })
    ));
    // What was begun is finished whatever the clock shows.
    open.own = Own::Begun;
    assert_eq!(next(&open), Next::Do(Task::Close));
    open.own = closed();
    assert_eq!(next(&open), Next::Do(Task::Propose));
    open.chain.i_am_keeper = false;
    assert_eq!(next(&open), Next::Refuse(Refusal::NotAKeeper));
    let attester = facts(Role::Attests, Own::Open, None);
    assert_eq!(
        next(&attester),
        Next::Wait(Wait::NotProposed {
            number: EpochNumber::new(4)
        })
    );
}

#[test]
fn an_epoch_in_which_nobody_earned_is_waited_for_and_nothing_else_is_trusted_instead() {
    let young = facts(Role::Proposes, Own::Nothing, None);
    assert_eq!(
        next(&young),
        Next::Wait(Wait::NobodyEarned {
            number: EpochNumber::new(4)
        })
    );
    let overtaken = facts(Role::Proposes, Own::Nothing, Some(epoch()));
    assert_eq!(
        next(&overtaken),
        Next::Refuse(Refusal::NothingDerived {
            number: EpochNumber::new(4)
        })
    );
}

#[test]
fn attestations_of_keepers_that_were_removed_do_not_bring_the_activation_nearer() {
    // The count is of the pool's keepers now; the status is older.
    let short = ChainEpoch {
        attestations: 1,
        ..epoch()
    };
    for role in [Role::Proposes, Role::Attests] {
        let waits = Next::Wait(Wait::Attestations {
            number: EpochNumber::new(4),
            have: 1,
            need: 2,
        });
        assert_eq!(next(&facts(role, closed(), Some(short.clone()))), waits);
        assert_eq!(
            next(&facts(role, closed(), Some(epoch()))),
            Next::Do(Task::Activate)
        );
    }
}

#[test]
fn what_this_keeper_derived_differently_it_neither_attests_nor_activates_and_says_what_differs() {
    for attested_by_me in [false, true] {
        let theirs = ChainEpoch {
            manifest_hash: THEIRS,
            says: summary(41),
            attested_by_me,
            ..epoch()
        };
        let facts = facts(Role::Proposes, closed(), Some(theirs));
        let Next::Refuse(refusal) = next(&facts) else {
            panic!("{:?}", next(&facts));
        };
        let text = refusal.to_string();
        assert!(
            text.contains("08080808") && text.ends_with(": accepted proofs 41 on chain, 40 here"),
            "{text}"
        );
    }
    // Before it has derived anything it does that first, however many others are sure.
    let unknown = ChainEpoch {
        attested_by_me: false,
        ..epoch()
    };
    let first = facts(Role::Proposes, Own::Open, Some(unknown.clone()));
    assert_eq!(next(&first), Next::Do(Task::Close));
    let then = facts(Role::Proposes, closed(), Some(unknown));
    assert_eq!(next(&then), Next::Do(Task::Attest));
}

#[test]
fn after_a_veto_other_content_is_proposed_and_the_same_is_left_to_a_person() {
    let vetoed = |manifest_hash| ChainEpoch {
        status: Status::Vetoed,
        manifest_hash,
        ..epoch()
    };
    assert_eq!(
        next(&facts(Role::Proposes, closed(), Some(vetoed(MINE)))),
        Next::Refuse(Refusal::Vetoed {
            number: EpochNumber::new(4)
        })
    );
    assert_eq!(
        next(&facts(Role::Proposes, closed(), Some(vetoed(THEIRS)))),
        Next::Do(Task::Propose)
    );
    assert_eq!(
        next(&facts(Role::Proposes, Own::Open, Some(vetoed(THEIRS)))),
        Next::Do(Task::Close)
    );
    assert_eq!(
        next(&facts(Role::Attests, Own::Open, Some(vetoed(THEIRS)))),
        Next::Wait(Wait::Vetoed {
            number: EpochNumber::new(4)
        })
    );
}

#[test]
fn a_key_that_is_no_keeper_activates_only_what_it_derived() {
    let unattested = ChainEpoch {
        attested_by_me: false,
        ..epoch()
    };
    let mut own = facts(Role::Proposes, closed(), Some(unattested.clone()));
    own.chain.i_am_keeper = false;
    assert_eq!(next(&own), Next::Do(Task::Activate));
    let mut copied = facts(Role::Attests, Own::Open, Some(unattested));
    copied.chain.i_am_keeper = false;
    assert_eq!(next(&copied), Next::Refuse(Refusal::NotAKeeper));
}

fn any_own() -> impl Strategy<Value = Own> {
    prop_oneof![
        Just(Own::Open),
        Just(Own::Begun),
        Just(Own::Nothing),
        Just(closed())
    ]
}

fn any_epoch() -> impl Strategy<Value = ChainEpoch> {
    let status = prop_oneof![
        Just(Status::Proposed),
        Just(Status::Attested),
        Just(Status::Active),
        Just(Status::Vetoed)
    ];
    (status, any::<[bool; 4]>(), 0..3_usize, 0..400_i64).prop_map(
        |(status, [same, whole, attested, proposed], attestations, at)| ChainEpoch {
            status,
            manifest_hash: if same { MINE } else { THEIRS },
            canopy_complete: whole,
            attested_by_me: attested,
            proposed_by_me: proposed,
            attestations,
            activatable_at: at,
            ..epoch()
        },
    )
}

proptest! {
    #[test]
    fn nothing_is_activated_or_attested_against_what_this_keeper_derived(
        own in any_own(), epoch in any_epoch(), keeper in any::<bool>()
    ) {
        let mut facts = facts(Role::Proposes, own, Some(epoch.clone()));
        facts.chain.i_am_keeper = keeper;
        if let Next::Do(Task::Attest | Task::Activate) = next(&facts) {
            prop_assert_eq!(epoch.manifest_hash, MINE);
            let closed = matches!(facts.own, Own::Closed { .. });
            prop_assert!(closed);
        }
        if next(&facts) == Next::Do(Task::Activate) {
            prop_assert!(epoch.canopy_complete && epoch.attestations >= 2 && epoch.activatable_at <= 200);
        }
    }
}
