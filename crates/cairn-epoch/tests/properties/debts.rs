//! What is given to people without a wallet, linked later, or was held before: over several epochs nothing of it is lost, and nothing is
//! given twice.

use cairn_epoch::{Amounts, Closed, outside, read_leaves, verify_succession};
use cairn_merkle::{Credits, MilliPoints, Tokens};
use cairn_proof::{Role, identity_of_email};
use proptest::prelude::*;

use crate::world::{HOUR, NEW_YORK, World, key};

/// Something that happens in an epoch.
#[derive(Clone, Debug)]
enum Event {
    /// Operators give points to an identity, or to a wallet.
    Adjust { to: u8, milli_points: u64 },
    /// A carrier grants credits.
    Complete { to: u8, person: u8 },
    /// An identity is linked to a wallet.
    Link { identity: u8, wallet: u8 },
    /// A wallet signs.
    Show { wallet: u8 },
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => (0..8_u8, 1..300_000_u64).prop_map(|(to, milli_points)| Event::Adjust { to, milli_points }),
        2 => (0..8_u8, 0..9_u8).prop_map(|(to, person)| Event::Complete { to, person }),
        2 => (0..4_u8, 0..4_u8).prop_map(|(identity, wallet)| Event::Link { identity, wallet }),
        1 => (0..4_u8).prop_map(|wallet| Event::Show { wallet }),
    ]
}

/// Whom an event is about: four identities, then four wallets.
fn whom(which: u8) -> [u8; 32] {
    match which {
        identity @ 0..4 => identity_of_email(&[identity; 32], "somebody@example.org"),
        wallet => key(&format!("w{}", wallet - 4)),
    }
}

fn play(world: &mut World, events: &[Event], epoch: u8) -> Closed {
    let start = world.start();
    world.heartbeat("point", start + HOUR);
    for (at, event) in (2..).zip(events) {
        let at_ms = start + at * HOUR;
        match *event {
            Event::Adjust { to, milli_points } => {
                let adjusted = [epoch * 32 + u8::try_from(at).unwrap(); 32];
                let mut proof =
                    world.adjustment(["ina", "omar"], adjusted, "x", milli_points, at_ms);
                proof.subject = whom(to);
                world.submit(&proof, &[(Role::Attestor, "ina"), (Role::Attestor, "omar")]);
            }
            Event::Complete { to, person } => {
                let person = format!("{epoch} {person}");
                let mut proof = world.completion("carrier", 1, &person, "x", at_ms);
                proof.subject = whom(to);
                world.submit(&proof, &[(Role::Carrier, "carrier")]);
            }
            Event::Link { identity, wallet } => {
                world.link(whom(identity), &format!("w{wallet}"), at_ms);
            }
            Event::Show { wallet } => {
                world.show(&format!("w{wallet}"), at_ms);
            }
        }
    }
    world.close()
}

fn amounts(tokens: u64, points: u64, credits: u64) -> Amounts {
    Amounts {
        credits: Credits::new(credits),
        points: MilliPoints::new(points),
        tokens: Tokens::new(tokens),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn leaves_arrears_unlinked_and_what_nobody_was_given_are_emission_and_genesis_exactly(
        epochs in prop::collection::vec(prop::collection::vec(event(), 0..12), 1..4),
        genesis in prop::collection::btree_map(0..8_u8, (0..1_000_000_000_u64, 1..1_000_000_u64, 0..50_u64), 0..6),
        room in (0..600_000_000_u64, 1..400_000_u64, 0..30_u64),
        emission in prop_oneof![Just(0), Just(1_000_000_000), 0..u64::from(u32::MAX)],
    ) {
        let mut world = World::new();
        world.device("point", "alice", NEW_YORK);
        world.task(1, "carrier", 7, 70);
        world.attestor("desk");
        for name in ["ina", "omar"] {
            world.operator(name);
        }
        world.terms.tokens_per_epoch = Tokens::new(emission);
        world.terms.arrears = amounts(room.0, room.1, room.2);
        for (owner, (tokens, points, credits)) in &genesis {
            world.held(whom(*owner), *owner >= 4, amounts(*tokens, *points, *credits));
        }
        let held = world.terms.genesis.clone().map_or(0, |it| u128::from(it.tokens.get()));
        let most = u128::from(emission) + u128::from(room.0);
        let mut before: Option<Closed> = None;
        let mut kept = 0_u128;
        for (at, events) in (0..).zip(&epochs) {
            if let Some(before) = &before {
                world.next_epoch(before);
            }
            let closed = play(&mut world, events, at);
            let totals = closed.totals;
            kept += u128::from(totals.unallocated.get());
            let stands = [totals.tokens, totals.arrears.tokens, totals.unlinked.tokens];
            let stands: u128 = stands.iter().map(|it| u128::from(it.get())).sum();
            prop_assert_eq!(stands + kept, u128::from(emission) * (u128::from(at) + 1) + held);
            prop_assert!(u128::from(totals.tokens_epoch.get()) <= most);
            prop_assert!(totals.credits_epoch.get() <= 70 + room.2);
            // No identity has a leaf, and whatever one is owed stands in one place.
            let leaves = read_leaves(&world.dir()).unwrap();
            for identity in 0..4 {
                let identity = whom(identity);
                prop_assert!(leaves.iter().all(|leaf| leaf.owner != identity));
                let found = outside(&world.dir(), &identity).unwrap();
                prop_assert!(found.wallet.is_none() || found.unlinked.is_none());
            }
            if let Some(before) = &before {
                verify_succession(&before.manifest, &closed.manifest).unwrap();
            }
            before = Some(closed);
        }
    }
}
