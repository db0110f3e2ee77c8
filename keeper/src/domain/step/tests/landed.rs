//! What was seen landing, and a chain that shows less or other things.

use super::*;

#[test]
fn a_chain_that_shows_less_than_was_seen_landing_is_asked_again_instead_of_acted_upon() {
    let content = content(64);
    let landed = Action::Propose { attempt: 0 };
    assert_eq!(
        next(Goal::Propose, &empty_chain(), &content, &[landed]),
        Step::Recheck(landed)
    );

    let blank = ChainEpoch {
        canopy: vec![],
        canopy_complete: false,
        ..proposed()
    };
    let put = Action::PutCanopy {
        attempt: 0,
        offset: 0,
        len: 16,
    };
    assert_eq!(
        next(Goal::Propose, &chain_with(blank), &content, &[landed, put]),
        Step::Recheck(put)
    );

    let unattested = ChainEpoch {
        attested_by_me: false,
        ..proposed()
    };
    let word = Action::Attest { attempt: 0 };
    assert_eq!(
        next(Goal::Attest, &chain_with(unattested), &content, &[word]),
        Step::Recheck(word)
    );

    let done = Action::Activate { attempt: 0 };
    assert_eq!(
        next(Goal::Activate, &chain_with(proposed()), &content, &[done]),
        Step::Recheck(done)
    );
}

#[test]
fn what_a_veto_or_a_new_content_replaced_is_not_asked_again() {
    let content = content(64);
    let old = [
        Action::Propose { attempt: 0 },
        Action::PutCanopy {
            attempt: 0,
            offset: 0,
            len: 16,
        },
    ];
    let vetoed = ChainEpoch {
        status: Status::Vetoed,
        manifest_hash: [8; 32],
        canopy: vec![Node::new([3; 32], Tokens::new(3)); 64],
        canopy_complete: false,
        ..proposed()
    };
    assert_eq!(
        next(Goal::Propose, &chain_with(vetoed), &content, &old),
        Step::Submit(Action::Propose { attempt: 1 })
    );
}
