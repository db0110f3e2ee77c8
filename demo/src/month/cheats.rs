//! What swindlers try, planted and marked, so that the summary can say whether each was caught for the right reason.

use cairn_proof::{Body, HotspotBeat, Role};

use super::{
    calendar::Period,
    cheat::Cheat,
    growth::{found, referral},
    passengers::{identity, link},
    places::{Place, Places},
    proofs::{Draft, HOUR_MS, Signature, adjustment, beat, check_in, completion, first_beat},
    roster::{Part, Seed},
    traffic::{IDLE_PAYER, session},
    validators::{grown_ms, undrawn, visit},
};

const MINUTE_MS: i64 = 60_000;

/// Keeps the rounds of one device in different hours.
fn round_hours(round: usize) -> i64 {
    i64::try_from(round).unwrap_or(0) * HOUR_MS
}

/// The week's drafts of swindlers in a network that began at `start_ms`, apart from replays, which copy finished proofs. Every attack
/// is made `times` times, on different devices and users where it can be.
#[must_use]
pub fn plant(
    places: &Places,
    start_ms: i64,
    period: Period,
    times: usize,
    beat_hours: i64,
    seed: Seed,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let hotspots = &places.all[places.hotspots.clone()];
    for round in 0..times {
        let call = format!("{} {round}", period.number);
        let pick = |what: &str, from: usize| -> usize {
            let below = u64::try_from(from).unwrap_or(1);
            usize::try_from(seed.pick(what, &call, below)).unwrap_or(0)
        };
        let at = period.start_ms
            + 12 * HOUR_MS
            + i64::try_from(pick("minute", 5 * 24 * 60)).unwrap_or(0) * MINUTE_MS;
        let victim = &hotspots[pick("victim", hotspots.len())];
        let marked = |mut draft: Draft, cheat| {
            draft.cheat = Some(cheat);
            draft
        };

        // An hour after an honest beat, so that this hour's beat is not refused as a second one.
        let odd_hour = first_beat(victim, period, beat_hours, seed) + HOUR_MS;
        if let Some((near, far)) = two_cities(places, round) {
            let mut forged = check_in(near, "innocent", at, seed);
            forged.signatures[0].part = Part::Outsider;
            drafts.push(marked(forged, Cheat::ForgedSignature));

            let name = format!("teleporter {call}");
            drafts.push(check_in(near, &name, at, seed));
            let elsewhere = check_in(far, &name, at + 10 * MINUTE_MS, seed);
            drafts.push(marked(elsewhere, Cheat::Teleport));

            drafts.push(marked(self_deal(near, at, seed), Cheat::SelfDeal));
        }
        let person = format!("person {call}");
        let name = |key| format!("{person}, key {key}");
        drafts.push(completion(&person, &name(1), at, seed));
        let again = completion(&person, &name(2), at + 10 * MINUTE_MS, seed);
        drafts.push(marked(again, Cheat::SecondKey));

        let (phantom, twin) = (format!("phantom {call}"), format!("twin {call}"));
        let place = (victim.lat_e7, victim.lon_e7);
        let seen = found(&phantom, place, &phantom, at, seed);
        drafts.push(marked(seen, Cheat::Phantom));
        let invited = referral(&phantom, &twin, at, seed);
        drafts.push(marked(invited, Cheat::InvitedTwin));
        let unpaid = session(victim, &call, IDLE_PAYER, 2_000_000, at, seed);
        drafts.push(marked(unpaid, Cheat::UnpaidTraffic));
        let lost = format!("lost beat {call}");
        drafts.push(adjustment(victim, &lost, at, seed));
        let again = adjustment(victim, &lost, at + 10 * MINUTE_MS, seed);
        drafts.push(marked(again, Cheat::AdjustedTwice));
        let known = format!("known by mail {call}");
        let who = identity(&known, seed);
        drafts.push(link(who, &known, at, seed));
        let thief = format!("thief {call}");
        let stolen = link(who, &thief, at + 10 * MINUTE_MS, seed);
        drafts.push(marked(stolen, Cheat::LinkedTwice));
        drafts.extend(stray_visit(places, start_ms, period, round, at, seed));

        let late = beat(victim, period.start_ms - HOUR_MS);
        drafts.push(marked(late, Cheat::BackDated));
        drafts.push(marked(beat(victim, odd_hour), Cheat::OldAnchor));
        let ahead = beat(victim, period.end_ms + HOUR_MS);
        drafts.push(marked(ahead, Cheat::PostDated));
        let twin = beat(&places.all[places.clone_of_first], at + round_hours(round));
        drafts.push(marked(twin, Cheat::TwinDevice));
        drafts.push(marked(moved(victim, odd_hour), Cheat::Moved));
        drafts.push(marked(
            unregistered(victim, &call, at, seed),
            Cheat::Unregistered,
        ));
        let banned = beat(&places.all[places.banned], at + round_hours(round));
        drafts.push(marked(banned, Cheat::Banned));
        drafts.push(marked(beat(victim, odd_hour), Cheat::OtherNetwork));
    }
    drafts
}

/// An access point of the first airport and one of the airport farthest from it, others in every round.
fn two_cities(places: &Places, round: usize) -> Option<(&Place, &Place)> {
    let mut points = places
        .gates
        .values()
        .filter_map(|gates| gates.get(round % gates.len().max(1)))
        .map(|at| &places.all[*at]);
    let near = points.next()?;
    let far = points.max_by_key(|place| {
        (
            near.lon_e7
                .abs_diff(place.lon_e7)
                .max(near.lat_e7.abs_diff(place.lat_e7)),
            &place.name,
        )
    })?;
    Some((near, far))
}

/// The last validator visits a hotspot of its own choice: at `at_ms` while it is too young, and as soon as it is not.
fn stray_visit(
    places: &Places,
    start_ms: i64,
    period: Period,
    round: usize,
    at_ms: i64,
    seed: Seed,
) -> Option<Draft> {
    let validator = &places.all[*places.validators.last()?];
    let place = undrawn(places, validator, period, round, seed)?;
    let grown = grown_ms(start_ms);
    let (at_ms, cheat) = if grown < period.end_ms {
        (
            grown.max(period.start_ms) + round_hours(round),
            Cheat::ChosenVisit,
        )
    } else {
        (at_ms, Cheat::YoungValidator)
    };
    let mut draft = visit(validator, place, at_ms, seed);
    draft.cheat = Some(cheat);
    Some(draft)
}

/// The owner of `place` as a user of it: the user key is the owner's.
fn self_deal(place: &Place, at_ms: i64, seed: Seed) -> Draft {
    let mut draft = check_in(place, &place.owner_name, at_ms, seed);
    if let Body::WifiCheckIn(body) = &mut draft.body {
        body.user = place.owner;
    }
    for signature in &mut draft.signatures {
        if signature.role == Role::User {
            signature.part = Part::Owner;
        }
    }
    draft
}

/// About eleven kilometres north of where the hotspot was registered.
fn moved(place: &Place, at_ms: i64) -> Draft {
    let mut draft = beat(place, at_ms);
    if let Body::HotspotBeat(HotspotBeat { lat_e7, .. }) = &mut draft.body {
        *lat_e7 += 1_000_000;
    }
    draft
}

fn unregistered(near: &Place, call: &str, at_ms: i64, seed: Seed) -> Draft {
    let name = format!("unregistered {call}");
    let mut draft = beat(near, at_ms);
    draft.subject = seed.public(Part::Device, &name);
    draft.signatures = vec![Signature {
        role: Role::Device,
        part: Part::Device,
        name,
    }];
    draft
}
