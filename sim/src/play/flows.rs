//! What the attacker gets through partners and payers: weather that is another's, traffic that is its own.

use super::proofs::{session, weather};
use super::{Cost, Draft, Machine, Party, TOKEN, Town, UNIT_PRICE, Week, key};
use crate::genome::Place;
use crate::prices::{DEVICE_LIFE, Prices};

/// Units of traffic that the number counts by.
const THOUSAND: u64 = 1_000;
/// The first number of the attackers' payers.
const OWN_PAYERS: u32 = 1_000;

impl Town {
    /// The attacker's payer, and the wallet that it burns from.
    pub(super) fn own_payer(&self) -> Option<(u32, [u8; 32])> {
        if !self.genome.is(Place::Traffic) {
            return None;
        }
        let number = u32::try_from(self.number).unwrap_or(0);
        let wallet = if self.genome.is(Place::Hidden) {
            key(&format!("payer {number}"))
        } else {
            self.key("attacker's wallet 0")
        };
        Some((OWN_PAYERS + number, wallet.public))
    }

    pub(super) fn flows_week(&mut self, week: &Week, prices: &Prices, drafts: &mut Vec<Draft>) {
        self.copied_week(week, prices, drafts);
        self.burned = 0;
        let Some((payer, _)) = self.own_payer() else {
            return;
        };
        let Some(point) = self
            .fleet
            .iter()
            .find(|it| it.is_hotspot() && it.is_active(week.number))
            .cloned()
        else {
            return;
        };
        let units = u64::try_from(self.genome.get(Place::Traffic)).unwrap_or(0) * THOUSAND;
        let subscribers = self.genome.count(Place::Subscribers).max(1);
        for at in 0..subscribers {
            let each = units / u64::try_from(subscribers).unwrap_or(1);
            let minute = i64::try_from(at).unwrap_or(0) * 5;
            let name = format!("{} subscriber {at}", self.number);
            drafts.push(session(&point, payer, &name, each, week.at(2, 13, minute)));
        }
        self.burned = units * UNIT_PRICE;
        // Burned tokens have to be bought.
        self.spend(Party::Attacker, prices.token.of(self.burned) / TOKEN);
    }

    /// Stations that tell what a neighbour's tells: keys without a sensor, but where each is endorsed a real one, in a drawer.
    fn copied_week(&mut self, week: &Week, prices: &Prices, drafts: &mut Vec<Draft>) {
        let stations: Vec<Machine> = self
            .fleet
            .iter()
            .filter(|it| !it.is_hotspot())
            .cloned()
            .collect();
        for station in &stations {
            drafts.extend((0..7).map(|day| weather(station, day, week)));
            let first = if week.number == 0 {
                prices.registration.of(1)
            } else {
                0
            };
            self.spend(Party::Attacker, first);
            let endorsed =
                prices.sensor.written_off(1, DEVICE_LIFE) + prices.electricity_watt_week.of(2);
            self.spend_each(
                Party::Attacker,
                Cost::of_devices(prices.key_week.of(1), endorsed),
            );
        }
    }
}
