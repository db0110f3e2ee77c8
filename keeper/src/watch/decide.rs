//! What a watcher does about an epoch in flight: pure, so that every case is a line of a table.

use cairn_merkle::{LeafIndex, RewardLeaf};

/// A challenge that nobody answered or ended, at its place in the list it was read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenChallenge {
    pub index: LeafIndex,
    pub attempt: u32,
    /// Unix seconds.
    pub deadline: i64,
    /// Opened by this watcher.
    pub mine: bool,
}

/// What is seen of the epoch in flight.
#[derive(Clone, Debug)]
pub(super) struct Sight<'a> {
    /// Unix seconds, the chain's clock.
    pub now: i64,
    pub attempt: u32,
    pub canopy_complete: bool,
    /// The window is not over, and the canopy that every answer needs is whole.
    pub may_open: bool,
    /// Unix seconds from which leaves that are not published count as withheld.
    pub withheld_at: i64,
    /// By index.
    pub active: &'a [RewardLeaf],
    /// By index; `None` while they are not published.
    pub proposed: Option<&'a [RewardLeaf]>,
    pub challenges: &'a [OpenChallenge],
    /// The leaves to ask for when all are withheld, in the order in which they are asked for.
    pub guarded: &'a [LeafIndex],
    /// How many challenges this watcher may have open.
    pub affordable: usize,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Ask for this leaf.
    Open(LeafIndex),
    /// Show what the challenge at this place asks for, whole or not.
    Answer(usize),
    /// End the challenge at this place.
    Expire(usize),
}

/// Whether `after` takes nothing from `before`.
fn is_kept(before: &RewardLeaf, after: &RewardLeaf) -> bool {
    before.owner == after.owner
        && before.tokens <= after.tokens
        && before.points <= after.points
        && before.credits <= after.credits
}

/// The leaf that lost most of its tokens; of several the first. `None` when nothing was taken from anybody.
pub(super) fn worst_taken(active: &[RewardLeaf], proposed: &[RewardLeaf]) -> Option<LeafIndex> {
    let mut worst: Option<(u64, LeafIndex)> = None;
    for (at, before) in active.iter().enumerate() {
        let after = proposed.get(at);
        if after.is_some_and(|after| is_kept(before, after)) {
            continue;
        }
        let left = after.filter(|after| after.owner == before.owner);
        let left = left.map_or(0, |after| after.tokens.get());
        let loss = before.tokens.get().saturating_sub(left);
        if worst.is_none_or(|(most, _)| loss > most) {
            worst = Some((loss, before.index));
        }
    }
    worst.map(|(_, index)| index)
}

/// Decides. What is over comes first, then answers, then what is asked.
pub(super) fn deeds(sight: &Sight<'_>) -> Vec<Deed> {
    let mut deeds = Vec::new();
    let can_show = sight.canopy_complete && sight.proposed.is_some();
    for (place, challenge) in sight.challenges.iter().enumerate() {
        if challenge.attempt != sight.attempt {
            // Over; its deposit waits for whoever fetches it, and goes to its challenger alone.
            if challenge.mine {
                deeds.push(Deed::Expire(place));
            }
        } else if can_show {
            // Late or not: until somebody ends it, it can be answered, and an honest epoch is not to fall by neglect.
            deeds.push(Deed::Answer(place));
        } else if sight.now > challenge.deadline {
            deeds.push(Deed::Expire(place));
        }
    }
    if sight.may_open {
        deeds.extend(questions(sight).into_iter().map(Deed::Open));
    }
    deeds
}

/// The leaves to ask for.
fn questions(sight: &Sight<'_>) -> Vec<LeafIndex> {
    let asked = |index: LeafIndex| {
        let mut of_now = sight.challenges.iter();
        of_now.any(|challenge| challenge.attempt == sight.attempt && challenge.index == index)
    };
    let mine = sight.challenges.iter().filter(|challenge| challenge.mine);
    let affordable = sight.affordable.saturating_sub(mine.count());
    match sight.proposed {
        // One leaf that is not whole brings the epoch down.
        Some(proposed) => worst_taken(sight.active, proposed)
            .into_iter()
            .filter(|index| !asked(*index))
            .take(affordable)
            .collect(),
        None if sight.now < sight.withheld_at => Vec::new(),
        None => {
            let open = sight.guarded.iter().copied().filter(|at| !asked(*at));
            open.take(affordable).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use cairn_merkle::{Credits, MilliPoints, Tokens};
    use proptest::prelude::*;

    use super::*;

    fn leaf(index: u32, owner: u8, tokens: u64) -> RewardLeaf {
        RewardLeaf {
            pool: [1; 32],
            index: LeafIndex::new(index),
            owner: [owner; 32],
            tokens: Tokens::new(tokens),
            points: MilliPoints::new(5),
            credits: Credits::new(5),
        }
    }

    fn sight<'a>(active: &'a [RewardLeaf], proposed: Option<&'a [RewardLeaf]>) -> Sight<'a> {
        Sight {
            now: 100,
            attempt: 2,
            canopy_complete: true,
            may_open: true,
            withheld_at: 100,
            active,
            proposed,
            challenges: &[],
            guarded: &[],
            affordable: 8,
        }
    }

    fn challenge(index: u32, attempt: u32, deadline: i64, mine: bool) -> OpenChallenge {
        OpenChallenge {
            index: LeafIndex::new(index),
            attempt,
            deadline,
            mine,
        }
    }

    #[test]
    fn the_greatest_loss_is_asked_for_once_and_answered_as_soon_as_it_can_be_shown() {
        let active = [leaf(0, 10, 5), leaf(1, 11, 50), leaf(2, 12, 60)];
        let theft = [
            leaf(0, 10, 4),
            leaf(1, 11, 0),
            leaf(2, 12, 60),
            leaf(3, 9, 51),
        ];
        let mut seen = sight(&active, Some(&theft));
        assert_eq!(deeds(&seen), [Deed::Open(LeafIndex::new(1))]);
        let open = [challenge(1, 2, 500, true)];
        seen.challenges = &open;
        assert_eq!(deeds(&seen), [Deed::Answer(0)]);
        seen.canopy_complete = false;
        assert_eq!(deeds(&seen), []);
        seen.now = 501;
        assert_eq!(deeds(&seen), [Deed::Expire(0)]);
        (seen.challenges, seen.may_open) = (&[], false);
        assert_eq!(deeds(&seen), [], "too late to ask");
    }

    #[test]
    fn what_is_withheld_is_asked_for_as_far_as_the_budget_goes() {
        let active = [leaf(0, 10, 5), leaf(1, 11, 50), leaf(2, 12, 60)];
        let guarded = [2, 1, 0].map(LeafIndex::new);
        let open = [challenge(2, 2, 500, false), challenge(1, 1, 500, true)];
        let mut seen = sight(&active, None);
        (seen.guarded, seen.affordable, seen.challenges) = (&guarded, 2, &open);
        let fetched = Deed::Expire(1);
        assert_eq!(deeds(&seen), [fetched, Deed::Open(LeafIndex::new(1))]);
        seen.now = 99;
        assert_eq!(deeds(&seen), [fetched], "its files may still come");
    }

    #[test]
    fn a_leaf_that_is_whole_is_shown_even_after_its_time() {
        let active = [leaf(0, 10, 5)];
        let open = [challenge(0, 2, 50, false)];
        let mut seen = sight(&active, Some(&active));
        seen.challenges = &open;
        assert_eq!(deeds(&seen), [Deed::Answer(0)]);
    }

    #[test]
    fn a_leaf_that_moved_or_is_gone_was_taken() {
        let active = [leaf(0, 10, 5), leaf(1, 11, 7)];
        let moved = [leaf(0, 10, 5), leaf(1, 9, 7)];
        assert_eq!(worst_taken(&active, &moved), Some(LeafIndex::new(1)));
        let gone = [leaf(0, 10, 5)];
        assert_eq!(worst_taken(&active, &gone), Some(LeafIndex::new(1)));
        for poorer in [
            RewardLeaf {
                points: MilliPoints::new(4),
                ..leaf(1, 11, 7)
            },
            RewardLeaf {
                credits: Credits::new(4),
                ..leaf(1, 11, 7)
            },
        ] {
            let taken = worst_taken(&active, &[leaf(0, 10, 5), poorer]);
            assert_eq!(taken, Some(LeafIndex::new(1)));
        }
    }

    proptest! {
        /// An honest pipeline only adds, so a watcher never asks it for anything.
        #[test]
        fn an_epoch_that_only_adds_is_never_challenged(
            amounts in prop::collection::vec((0_u64..1_000, 0_u64..1_000), 1..40),
            more in 0_usize..5,
        ) {
            let at = |place: usize| u32::try_from(place).expect("few");
            let active: Vec<_> = amounts.iter().enumerate()
                .map(|(place, (tokens, _))| leaf(at(place), 7, *tokens)).collect();
            let mut grown: Vec<_> = amounts.iter().enumerate()
                .map(|(place, (tokens, gain))| leaf(at(place), 7, tokens + gain)).collect();
            grown.extend((0..more).map(|place| leaf(at(amounts.len() + place), 9, 1)));
            prop_assert_eq!(deeds(&sight(&active, Some(&grown))), vec![]);
        }
    }
}
