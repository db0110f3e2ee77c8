//! Validators go where they are drawn to, meet the device there and measure its service. They are believed once they are a month
//! old, so a month shows them at its end alone, and a shorter one not at all.

use cairn_epoch::visit_draw;
use cairn_proof::{Body, QosProbe, Role, ValidatorVisit};

use super::{
    calendar::Period,
    places::{Place, Places},
    proofs::{Draft, HOUR_MS, signature},
    roster::{Part, Seed},
    week::block_before,
};

/// Hours in the registry after which the rules believe a validator (`ruleset.toml`, `[rules.validator]`).
const AGE_HOURS: i64 = 720;
/// The part of all devices that a validator is drawn to, in thousandths (`[rules.visit]`).
const DRAWN_PERMILLE: u16 = 100;
/// Meetings of a validator in the month, an hour and a half apart.
const MEETINGS: i64 = 12;
const BETWEEN_MS: i64 = 90 * 60_000;

/// When validators that stood in the registry from `start_ms` on are believed.
#[must_use]
pub const fn grown_ms(start_ms: i64) -> i64 {
    start_ms + AGE_HOURS * HOUR_MS
}

/// Visits and probes of a week whose network began at `start_ms`.
#[must_use]
pub fn meetings(
    places: &Places,
    start_ms: i64,
    period: Period,
    until_ms: i64,
    seed: Seed,
) -> Vec<Draft> {
    let block = block_before(period.start_ms, seed);
    let first_ms = grown_ms(start_ms).max(period.start_ms);
    let hotspots = &places.all[places.hotspots.clone()];
    let mut drafts = Vec::new();
    // The last one goes where it likes, which is a cheat.
    let honest = places
        .validators
        .split_last()
        .map_or(&[][..], |(_, rest)| rest);
    for validator in honest.iter().map(|at| &places.all[*at]) {
        let drawn = hotspots
            .iter()
            .filter(|place| visit_draw(&block, &validator.key, &place.key) < DRAWN_PERMILLE);
        for (round, place) in (0..MEETINGS).zip(drawn) {
            let call = format!("{} {}", validator.name, place.name);
            let minute = i64::try_from(seed.pick("meeting", &call, 30)).unwrap_or(0);
            let at_ms = first_ms + round * BETWEEN_MS + minute * 60_000;
            // A second probe in another hour: one alone is no measurement.
            let again_ms = at_ms + HOUR_MS;
            if again_ms < until_ms {
                drafts.push(visit(validator, place, at_ms, seed));
                drafts.push(probe(validator, place, at_ms, seed));
                drafts.push(probe(validator, place, again_ms, seed));
            }
        }
    }
    drafts
}

/// A hotspot that `validator` was not drawn to in `period`; another for each `round`.
#[must_use]
pub fn undrawn<'a>(
    places: &'a Places,
    validator: &Place,
    period: Period,
    round: usize,
    seed: Seed,
) -> Option<&'a Place> {
    let block = block_before(period.start_ms, seed);
    places.all[places.hotspots.clone()]
        .iter()
        .filter(|place| visit_draw(&block, &validator.key, &place.key) >= DRAWN_PERMILLE)
        .nth(round)
}

/// `validator` meets `place`; both have the same copy of what they said.
#[must_use]
pub fn visit(validator: &Place, place: &Place, at_ms: i64, seed: Seed) -> Draft {
    let call = format!("{} {} {at_ms}", validator.name, place.name);
    let body = ValidatorVisit {
        validator: validator.key,
        transcript: seed.bytes("transcript", &call),
    };
    met(validator, place, at_ms, Body::ValidatorVisit(body))
}

fn probe(validator: &Place, place: &Place, at_ms: i64, seed: Seed) -> Draft {
    let call = format!("{} {} {at_ms}", validator.name, place.name);
    let pick = |what, below| u32::try_from(seed.pick(what, &call, below)).unwrap_or(0);
    let body = QosProbe {
        validator: validator.key,
        down_kbps: 60_000 + pick("down", 80_000),
        up_kbps: 6_000 + pick("up", 10_000),
        rtt_ms: 20 + pick("rtt", 50),
        loss_permille: u16::try_from(pick("loss", 15)).unwrap_or(0),
    };
    met(validator, place, at_ms, Body::QosProbe(body))
}

fn met(validator: &Place, place: &Place, at_ms: i64, body: Body) -> Draft {
    Draft {
        subject: place.key,
        cell: place.cell,
        observed_at_ms: at_ms,
        body,
        signatures: vec![
            signature(Role::Validator, Part::Device, &validator.name),
            signature(Role::Device, Part::Device, &place.name),
        ],
        cheat: None,
    }
}
