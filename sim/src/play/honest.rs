//! What honest people do, and what it costs them.

use std::sync::Arc;

use cairn_epoch::visit_draw;

use super::proofs::{Stay, add, beat, check_in, meeting, point, probe, session, weather};
use super::{BEAT_HOUR, Draft, HOUR_MS, Key, MINUTE_MS, Machine, PAYER, Party, Town, Week};
use crate::place::{Map, Spot};
use crate::prices::{DEVICE_LIFE, Prices};

const HOSTS: usize = 5;
const VISITORS: usize = 6;
/// Hosts whom each visitor comes to in a week.
const VISITS: usize = 3;
/// Weeks after which the last host moves in, and the finder is known.
const LATE: usize = 2;
/// Points that the finder adds, one a week, and visitors who come to each.
const FINDS: usize = 4;
const CONFIRMATIONS: usize = 3;
/// What a stay, a find and a validator's visit take of travel.
const STAY_M: u64 = 300;
const FIND_M: u64 = 1_000;
const VISIT_M: u64 = 4_000;
/// Watts.
const ROUTER_W: u64 = 6;
const STATION_W: u64 = 2;
/// Units of traffic that guests use at a host in a week.
const UNITS: u64 = 100;

const fn visits_as(visitor: usize) -> Party {
    if visitor < CONFIRMATIONS {
        Party::Confirmer
    } else {
        Party::Visitor
    }
}

/// Whether the validator is sent to the device in this week.
pub fn is_sent(validator: &Machine, machine: &Machine, week: &Week) -> bool {
    visit_draw(&week.block, &validator.key.public, &machine.key.public) < week.assigned_permille
}

impl Town {
    /// The people, before the first week.
    pub(super) fn settle(&mut self, map: &Map) {
        let spots = map.hosts(self.number, HOSTS + 1);
        for (at, spot) in spots.into_iter().enumerate() {
            let party = if at < HOSTS {
                Party::Host
            } else {
                Party::Latecomer
            };
            let owner = self.member(&format!("owner of host {at}"), party).public;
            let mut router = Machine::router(self.number, &format!("host {at}"), owner, spot);
            router.joined = if at < HOSTS { 0 } else { LATE };
            self.hosts.push(router);
        }
        for visitor in 0..VISITORS {
            self.member(&format!("visitor {visitor}"), visits_as(visitor));
        }
        self.member("finder", Party::Finder);
        self.parties.insert(self.station.owner, Party::Station);
        for (at, validator) in self.validators.iter().enumerate() {
            let party = if at == 0 {
                Party::Validator
            } else {
                Party::Attacker
            };
            self.parties.insert(validator.owner, party);
        }
    }

    pub(super) fn honest_week(&mut self, week: &Week, prices: &Prices, drafts: &mut Vec<Draft>) {
        for (at, host) in self.hosts.clone().iter().enumerate() {
            if !host.is_active(week.number) {
                continue;
            }
            drafts.extend(
                (0..7).map(|day| beat(host, host.spot, week.at(day, BEAT_HOUR, 5), 10_000)),
            );
            drafts.push(session(
                host,
                PAYER,
                &format!("guest {at}"),
                UNITS,
                week.at(4, 20, 30),
            ));
            let party = if at < HOSTS {
                Party::Host
            } else {
                Party::Latecomer
            };
            let first = if host.joined == week.number {
                prices.registration.of(1)
            } else {
                0
            };
            let kept = prices.router.written_off(1, DEVICE_LIFE) + prices.line_week.of(1);
            self.spend(
                party,
                kept + first + prices.electricity_watt_week.of(ROUTER_W),
            );
        }
        for visitor in 0..VISITORS {
            let user = self.key(&format!("visitor {visitor}"));
            let mut stays = 0;
            for visit in 0..VISITS {
                let at = (visitor + visit + week.number) % HOSTS;
                self.stay(
                    &user,
                    at,
                    (visit * 2 + visitor % 2, 8 + visitor),
                    week,
                    drafts,
                );
                stays += 1;
            }
            if visitor < 2 && week.number >= LATE {
                self.stay(&user, HOSTS, (visitor, 7), week, drafts);
                stays += 1;
            }
            if visitor < CONFIRMATIONS {
                for find in 0..week.number.saturating_sub(LATE - 1).min(FINDS) {
                    let (name, spot) = self.find(find);
                    let at_ms = week.at(
                        6,
                        16 + i64::try_from(find).unwrap_or(0),
                        7 * i64::try_from(visitor).unwrap_or(0),
                    );
                    drafts.push(check_in(
                        &user,
                        point(&name),
                        spot.cell(),
                        Stay::honest(at_ms),
                    ));
                    stays += 1;
                }
            }
            let kept = prices.phone_week.of(1) + prices.sim_week.of(1);
            self.spend(
                visits_as(visitor),
                kept + prices.travel_metre.of(stays * STAY_M),
            );
        }
        self.finder_week(week, prices, drafts);
        drafts.extend((0..7).map(|day| weather(&self.station, day, week)));
        let kept = prices.sensor.written_off(1, DEVICE_LIFE) + prices.line_week.of(1);
        self.spend(
            Party::Station,
            kept + prices.electricity_watt_week.of(STATION_W),
        );
    }

    /// A stay at a host, on a day and an hour.
    fn stay(
        &self,
        user: &Arc<Key>,
        host: usize,
        (day, hour): (usize, usize),
        week: &Week,
        drafts: &mut Vec<Draft>,
    ) {
        let number = |it: usize| i64::try_from(it).unwrap_or(0);
        if let Some(host) = self.hosts.get(host) {
            let at_ms = week.at(number(day % 7), number(hour), 12);
            drafts.push(check_in(
                user,
                host.key.public,
                host.spot.cell(),
                Stay::honest(at_ms),
            ));
        }
    }

    /// Name and place of the finder's finds.
    pub(super) fn find(&self, find: usize) -> (String, Spot) {
        let north = 1_500 + 40 * i64::try_from(find).unwrap_or(0);
        (
            format!("{} find {find}", self.number),
            self.centre.moved(north, 1_500),
        )
    }

    /// The finder stays at two hosts, and adds a point a week from when the network knows him.
    fn finder_week(&mut self, week: &Week, prices: &Prices, drafts: &mut Vec<Draft>) {
        let user = self.key("finder");
        for host in 0..2 {
            self.stay(&user, host, (host, 19), week, drafts);
        }
        let mut way = 2 * STAY_M;
        if (LATE..LATE + FINDS).contains(&week.number) {
            let (name, spot) = self.find(week.number - LATE);
            let beside: Vec<String> = (0..5).map(|at| format!("{name} beside {at}")).collect();
            drafts.push(add(&user, &name, spot, &beside, week.at(4, 12, 0)));
            way += FIND_M;
        }
        let kept = prices.phone_week.of(1) + prices.sim_week.of(1);
        self.spend(Party::Finder, kept + prices.travel_metre.of(way));
    }

    /// The honest validator goes where the draw sends it, and to as many hosts of its own choice. Whom it finds nowhere, it names.
    pub(super) fn validators_week(
        &mut self,
        week: &Week,
        prices: &Prices,
        drafts: &mut Vec<Draft>,
    ) -> Vec<[u8; 32]> {
        let Some(validator) = self.validators.first().cloned() else {
            return Vec::new();
        };
        let hotspots = self
            .hosts
            .iter()
            .chain(self.fleet.iter().filter(|machine| machine.is_hotspot()));
        let (mut met, mut nowhere, mut ways) = (Vec::new(), Vec::new(), 0);
        let (sent, others): (Vec<&Machine>, Vec<&Machine>) = hotspots
            .filter(|machine| machine.is_active(week.number))
            .partition(|machine| is_sent(&validator, machine, week));
        for machine in &sent {
            ways += 1;
            if machine.is_there() {
                met.push(*machine);
            } else {
                nowhere.push(machine.key.public);
            }
        }
        let choices = met.len();
        met.extend(
            others
                .into_iter()
                .filter(|machine| machine.is_there())
                .take(choices),
        );
        for (at, machine) in met.iter().enumerate() {
            let slot = i64::from(machine.key.public[0]) % 70;
            let at_ms = week.at(
                slot / 10,
                8 + slot % 10,
                i64::try_from(at % 50).unwrap_or(0),
            );
            drafts.push(meeting(&validator, machine, at_ms));
            // A device signs what was measured of it: one without a line keeps silent.
            if machine.serves {
                drafts.push(probe(&validator, machine, at_ms + MINUTE_MS));
                drafts.push(probe(&validator, machine, at_ms + MINUTE_MS + HOUR_MS));
            }
        }
        ways += u64::try_from(choices).unwrap_or(0);
        let kept = prices.credential.written_off(1, DEVICE_LIFE) + prices.stake_week.of(1);
        self.spend(
            Party::Validator,
            kept + prices.travel_metre.of(ways * VISIT_M),
        );
        nowhere
    }
}
