//! Passengers whom the carrier knows by an e-mail address alone: what they are granted is kept for them, until the desk that sent them
//! a mail says whose wallet it is.

use std::collections::BTreeMap;

use cairn_proof::{Body, Link, Role, identity_of_email};

use super::{
    calendar::Flown,
    growth::DESK,
    proofs::{Draft, LANDINGS, completion_by, signature},
    roster::{Part, Seed},
};

/// How many are known that way.
const PASSENGERS: usize = 60;
/// Of so many one has no wallet by the end of the month.
const NEVER_LINKED: usize = 4;
const DAY_MS: i64 = 86_400_000;

/// The carrier's task of each passenger, and the link of those who get a wallet three days later.
#[must_use]
pub fn passengers(flown: &[Flown<'_>], until_ms: i64, seed: Seed) -> Vec<Draft> {
    let mut landed: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for flight in flown {
        let landings = landed.entry(flight.tail).or_default();
        landings.push(flight.arrived.as_millisecond());
    }
    let mut drafts = Vec::new();
    let frequent = landed.into_iter().filter_map(|(tail, mut landings)| {
        landings.sort_unstable();
        Some((tail, *landings.get(LANDINGS - 1)?))
    });
    for (number, (tail, at_ms)) in frequent.take(PASSENGERS).enumerate() {
        let name = format!("passenger of {tail}");
        let identity = identity(&name, seed);
        drafts.push(completion_by(&name, identity, at_ms, seed));
        let linked_ms = at_ms + 3 * DAY_MS;
        if number % NEVER_LINKED != 0 && linked_ms < until_ms {
            drafts.push(link(identity, &name, linked_ms, seed));
        }
    }
    drafts
}

/// The identity of the one who is called `name`, by address and the salt that the desk keeps.
#[must_use]
pub fn identity(name: &str, seed: Seed) -> [u8; 32] {
    let address = format!("{}@mail.example", name.replace(' ', "."));
    identity_of_email(&seed.bytes("salt", name), &address)
}

/// The desk and the wallet of `name` say that `identity` is theirs.
#[must_use]
pub fn link(identity: [u8; 32], name: &str, at_ms: i64, seed: Seed) -> Draft {
    Draft {
        subject: identity,
        cell: 0,
        observed_at_ms: at_ms,
        body: Body::Link(Link {
            wallet: seed.public(Part::Aircraft, name),
            vouched_by: 0,
            voucher: seed.public(Part::Operator, DESK),
        }),
        signatures: vec![
            signature(Role::User, Part::Aircraft, name),
            signature(Role::Attestor, Part::Operator, DESK),
        ],
        cheat: None,
    }
}
