//! What swindlers try, planted and marked, so that the summary can say whether each was caught for the right reason.

use cairn_proof::{Body, HotspotBeat, Reason, Role};

use super::{
    calendar::Period,
    places::{Place, Places},
    proofs::{Draft, HOUR_MS, Signature, beat, check_in, first_beat},
    roster::{Part, Seed},
};

/// A planted attack on the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cheat {
    /// An accepted proof sent once more, byte for byte.
    Replay,
    /// A check-in in another user's name, signed with the swindler's key.
    ForgedSignature,
    /// A beat for last week, sent this week.
    BackDated,
    /// A beat of this week, anchored to a block that was an hour old.
    OldAnchor,
    /// A beat dated after the week's end.
    PostDated,
    /// A user in two cities within minutes.
    Teleport,
    /// An owner checking in at the own access point.
    SelfDeal,
    /// One physical hotspot registered twice.
    TwinDevice,
    /// A hotspot that beats from another borough.
    Moved,
    /// A device that nobody registered.
    Unregistered,
    /// A device that the network has banned.
    Banned,
    /// A proof made for another network.
    OtherNetwork,
}

impl Cheat {
    pub const ALL: [Self; 12] = [
        Self::Replay,
        Self::ForgedSignature,
        Self::BackDated,
        Self::OldAnchor,
        Self::PostDated,
        Self::Teleport,
        Self::SelfDeal,
        Self::TwinDevice,
        Self::Moved,
        Self::Unregistered,
        Self::Banned,
        Self::OtherNetwork,
    ];

    /// The reasons that count as caught: a refusal for another cause would be luck.
    #[must_use]
    pub const fn caught_by(self) -> &'static [Reason] {
        match self {
            Self::Replay => &[Reason::Duplicate, Reason::ReplaySeq],
            Self::ForgedSignature => &[Reason::BadSig],
            Self::BackDated => &[Reason::Late],
            Self::OldAnchor => &[Reason::StaleAnchor],
            Self::PostDated => &[Reason::Future],
            Self::Teleport => &[Reason::ImpossibleSpeed],
            Self::SelfDeal => &[Reason::SelfDeal],
            Self::TwinDevice => &[Reason::Cluster],
            Self::Moved => &[Reason::TooFar],
            Self::Unregistered => &[Reason::UnknownKey],
            Self::Banned => &[Reason::Denied],
            Self::OtherNetwork => &[Reason::WrongNetwork],
        }
    }

    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Replay => "a proof sent twice",
            Self::ForgedSignature => "a forged signature",
            Self::BackDated => "a proof dated into last week",
            Self::OldAnchor => "a proof anchored to an old block",
            Self::PostDated => "a proof dated into the future",
            Self::Teleport => "a user in two cities at once",
            Self::SelfDeal => "an owner at the own access point",
            Self::TwinDevice => "one hotspot registered twice",
            Self::Moved => "a hotspot far from its place",
            Self::Unregistered => "a device nobody registered",
            Self::Banned => "a banned device",
            Self::OtherNetwork => "a proof for another network",
        }
    }
}

const MINUTE_MS: i64 = 60_000;

/// Keeps the rounds of one device in different hours.
fn round_hours(round: usize) -> i64 {
    i64::try_from(round).unwrap_or(0) * HOUR_MS
}

/// The week's drafts of swindlers, apart from replays, which copy finished proofs. Every attack is made `times` times,
/// on different devices and users where it can be.
#[must_use]
pub fn plant(
    places: &Places,
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
