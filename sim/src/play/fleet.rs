//! The attacker's devices: where they say they are, when they are on, who visits and measures them, and what becomes of the banned.

use sha2::{Digest, Sha256};

use super::honest::is_sent;
use super::proofs::{Stay, beat, check_in, meeting, probe};
use super::{BEAT_HOUR, Cost, Draft, HOUR_MS, MINUTE_MS, Machine, Party, Town, Week};
use crate::genome::Place;
use crate::place::Spot;
use crate::prices::{DEVICE_LIFE, Prices, REFUND_WEEKS};

/// Devices in a row of the grid.
const COLUMNS: i64 = 5;
const NEAR_M: i64 = 4_000;
const FAR_M: i64 = 600_000;
const MOVE_M: i64 = 20_000;
/// Somebody travels so far to put a device up, and draws so many watts there; one without a line draws less.
const INSTALL_M: u64 = 5_000;
const ROUTER_W: u64 = 6;
const IDLE_W: u64 = 2;

fn number(it: usize) -> i64 {
    i64::try_from(it).unwrap_or(0)
}

impl Town {
    /// The attacker's devices, before the first week.
    pub(super) fn arm(&mut self) {
        let fleet = self.genome.count(Place::Fleet);
        for at in 0..fleet {
            let mut device = self.device(&format!("fleet {at}"), at, self.grid(at, 0), 0);
            device.is_present =
                number(at) * 1_000 < number(fleet) * self.genome.get(Place::Present);
            device.serves = device.is_present && self.genome.is(Place::Serves);
            self.fleet.push(device);
        }
        let beside = self.hosts.last().map_or(self.centre, |host| host.spot);
        for at in 0..self.genome.count(Place::Squat) {
            let spot = beside.moved(60, 20 * number(at));
            let mut device = self.device(&format!("squatter {at}"), at, spot, 0);
            (device.is_present, device.serves) = (false, false);
            self.fleet.push(device);
        }
        for at in 0..self.genome.count(Place::Stations) {
            let spot = self.centre.moved(-2_000, 400 * number(at));
            let station = Machine::station(self.number, &format!("copy {at}"), spot);
            self.parties.insert(station.owner, Party::Attacker);
            self.fleet.push(station);
        }
    }

    /// The attacker's hotspots that are in the registry and not banned.
    fn active(&self, week: usize) -> Vec<Machine> {
        let hotspots = self.fleet.iter().filter(|machine| machine.is_hotspot());
        hotspots
            .filter(|machine| machine.is_active(week))
            .cloned()
            .collect()
    }

    /// A device of one of the attacker's wallets.
    fn device(&mut self, name: &str, at: usize, spot: Spot, joined: usize) -> Machine {
        let owner = at % self.genome.count(Place::Owners).max(1);
        let owner = self
            .member(&format!("attacker's wallet {owner}"), Party::Attacker)
            .public;
        let mut device = Machine::router(self.number, name, owner, spot);
        device.joined = joined;
        match self.genome.get(Place::Fingerprint) {
            0 => device.with_hardware([0; 32]),
            1 => device,
            _ => device
                .with_hardware(Sha256::digest(format!("one machine of {}", self.number)).into()),
        }
    }

    /// Where device `at` is asserted after so many moves.
    fn grid(&self, at: usize, moves: i64) -> Spot {
        let away = if self.genome.is(Place::Teleport) {
            FAR_M
        } else {
            NEAR_M
        };
        let (row, column) = (number(at) / COLUMNS, number(at) % COLUMNS);
        let spacing = self.genome.get(Place::Spacing);
        self.centre
            .moved(away + row * spacing, moves * MOVE_M + column * spacing)
    }

    /// Whether the fleet is still at work.
    fn is_at_work(&self, week: usize) -> bool {
        let leave = self.genome.count(Place::LeaveWeek);
        leave == 0 || week < leave
    }

    pub(super) fn fleet_week(&mut self, week: &Week, prices: &Prices, drafts: &mut Vec<Draft>) {
        self.move_on(week);
        if !self.is_at_work(week.number) {
            self.fleet
                .iter_mut()
                .for_each(|machine| machine.is_gone = true);
            return;
        }
        let late_ms = self.late_ms();
        let offset = self.genome.get(Place::Offset);
        let on = self.genome.get(Place::Days);
        for machine in &self.active(week.number) {
            let told = machine.spot.moved(offset, 0);
            drafts.extend(
                (0..on).map(|day| beat(machine, told, week.at(day, BEAT_HOUR, 5), late_ms)),
            );
            self.keep(machine, week, prices);
        }
        self.puppets_week(week, drafts);
        for at in 1..=self.genome.count(Place::Validators) {
            self.league_week(at, week, prices, drafts);
        }
    }

    /// How long after they are made the attacker's proofs come in.
    pub(super) fn late_ms(&self) -> i64 {
        (self.genome.get(Place::LateHours) * HOUR_MS).max(10_000)
    }

    fn move_on(&mut self, week: &Week) {
        let every = self.genome.count(Place::MoveWeeks);
        if every == 0 || week.number == 0 || !week.number.is_multiple_of(every) {
            return;
        }
        let moves = number(week.number / every);
        for at in 0..self.genome.count(Place::Fleet) {
            let spot = self.grid(at, moves);
            if let Some(machine) = self.fleet.get_mut(at) {
                machine.spot = spot;
            }
        }
    }

    /// What a device costs in a week, but for its hardware.
    fn keep(&mut self, machine: &Machine, week: &Week, prices: &Prices) {
        let registered = if machine.joined == week.number {
            prices.registration.of(1)
        } else {
            0
        };
        let mut both = registered;
        let (mut open, mut endorsed) = (0, 0);
        if machine.is_present {
            both += prices.site_week.of(1);
            if machine.joined == week.number {
                both += prices.travel_metre.of(INSTALL_M);
            }
            both += prices
                .electricity_watt_week
                .of(if machine.serves { ROUTER_W } else { IDLE_W });
            both += if machine.serves {
                prices.line_week.of(1)
            } else {
                0
            };
        } else {
            open += prices.key_week.of(1);
            endorsed += prices.electricity_watt_week.of(IDLE_W);
        }
        self.spend(Party::Attacker, both);
        self.spend_each(Party::Attacker, Cost::of_devices(open, endorsed));
    }

    /// Own accounts check in at the fleet, each device's in turn, in the week's first hours.
    fn puppets_week(&mut self, week: &Week, drafts: &mut Vec<Draft>) {
        let puppets = self.genome.count(Place::Puppets);
        let every = self.genome.count(Place::ContactWeeks).max(1);
        if puppets == 0 || !week.number.is_multiple_of(every) {
            return;
        }
        let (overlap_permille, late_ms) = (self.overlap(), self.late_ms());
        for (at, machine) in self.active(week.number).iter().enumerate() {
            let user = self.account(at % puppets, week.number);
            // Ten minutes before or after the stay at an honest point, where the fleet is far.
            let at_ms = if self.genome.is(Place::Teleport) {
                week.at(number(at % 5), 11, 10)
            } else {
                week.at(0, 0, number(at % 30) * 2)
            };
            let stay = Stay {
                at_ms,
                overlap_permille,
                late_ms,
            };
            drafts.push(check_in(
                &user,
                machine.key.public,
                machine.spot.cell(),
                stay,
            ));
        }
    }

    /// A validator in league measures each device once a day, meets those that it is sent to, and as many others.
    fn league_week(&mut self, at: usize, week: &Week, prices: &Prices, drafts: &mut Vec<Draft>) {
        let Some(validator) = self.validators.get(at).cloned() else {
            return;
        };
        let active = self.active(week.number);
        let (sent, others): (Vec<&Machine>, Vec<&Machine>) = active
            .iter()
            .partition(|machine| is_sent(&validator, machine, week));
        for machine in sent.iter().chain(&others) {
            drafts.extend(
                (0..7).map(|day| probe(&validator, machine, week.at(day, 12 + number(at), 20))),
            );
        }
        let met = sent.iter().chain(others.iter().take(sent.len()));
        for (place, machine) in met.enumerate() {
            let at_ms = week.at(3, 15 + number(at), 0) + number(place) * MINUTE_MS;
            drafts.push(meeting(&validator, machine, at_ms));
        }
        let kept = prices.credential.written_off(1, DEVICE_LIFE) + prices.stake_week.of(1);
        self.spend(Party::Attacker, kept);
    }

    /// Whoever was found nowhere is banned from the next week on; some come again under another key.
    pub(super) fn ban(&mut self, nowhere: &[[u8; 32]], week: &Week) {
        let next = week.number + 1;
        let mut again = Vec::new();
        for (at, machine) in self.fleet.iter_mut().enumerate() {
            if nowhere.contains(&machine.key.public) {
                machine.banned = Some(next);
                again.push((at, machine.spot));
            }
        }
        if !self.genome.is(Place::Again) {
            return;
        }
        for (at, spot) in again {
            let mut device = self.device(&format!("fleet {at} again {next}"), at, spot, next);
            (device.is_present, device.serves) = (false, false);
            self.fleet.push(device);
        }
    }

    /// What the hardware cost: for as long as it was on; all of it, if the device was banned, since nobody buys a banned one; postage,
    /// if the shop took it back.
    pub(super) fn write_off(&mut self, weeks: usize, prices: &Prices) {
        let leave = self.genome.count(Place::LeaveWeek);
        let end = if leave == 0 { weeks } else { leave.min(weeks) };
        let is_refunded = (1..=REFUND_WEEKS).contains(&self.genome.get(Place::LeaveWeek));
        let (mut open, mut endorsed) = (0, 0);
        let hotspots = self.fleet.iter().filter(|machine| machine.is_hotspot());
        for machine in hotspots.filter(|machine| machine.joined < end) {
            let on =
                u64::try_from(machine.banned.unwrap_or(end).min(end) - machine.joined).unwrap_or(0);
            let is_banned = machine.banned.is_some_and(|from| from < end);
            let price = |price: &crate::prices::Price| match (is_banned, is_refunded) {
                (true, _) => price.of(1),
                (false, true) => prices.return_fee.of(1),
                (false, false) => price.written_off(on, DEVICE_LIFE),
            };
            if machine.is_present {
                open += price(&prices.router);
                endorsed += price(&prices.endorsed_device);
            } else {
                endorsed += price(&prices.endorsed_device);
            }
        }
        self.spend_each(Party::Attacker, Cost::of_devices(open, endorsed));
    }
}
