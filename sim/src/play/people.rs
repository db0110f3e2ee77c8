//! The attacker's accounts: where they check in, what they add that is none, whom they invite.

use std::sync::Arc;

use cairn_proof::{Body, Referral, Role};

use super::proofs::{Stay, add, check_in, point};
use super::{Cost, Draft, HOUR_MS, Key, MINUTE_MS, Party, Town, Week, key};
use crate::genome::Place;
use crate::place::Spot;
use crate::prices::{ACCOUNT_LIFE, Prices, RELAY_LIFE};

/// Ways on foot: to the next point, and to where a relay is put.
const NEXT_M: u64 = 1_000;
const RELAY_M: u64 = 3_000;
const RELAY_W: u64 = 1;
/// Phantoms there are at most at once, but for those that crowd a cell: confirming them takes each account's whole day.
const PHANTOMS: usize = 10;
/// The week from which on the accounts are known.
const KNOWN: usize = 1;
/// What one account adds in a day.
const ADDS_A_DAY: usize = 5;

fn number(it: usize) -> i64 {
    i64::try_from(it).unwrap_or(0)
}

impl Town {
    /// The attacker's account `at`; where they are made anew, that of the week.
    pub(super) fn account(&mut self, at: usize, week: usize) -> Arc<Key> {
        let made = if self.genome.is(Place::Fresh) {
            week
        } else {
            0
        };
        self.member(&format!("account {at} of {made}"), Party::Attacker)
    }

    pub(super) fn overlap(&self) -> u16 {
        u16::try_from(self.genome.get(Place::Overlap)).unwrap_or(0)
    }

    /// Accounts of any use.
    fn accounts(&self) -> usize {
        [Place::Accounts, Place::Puppets, Place::Confirmers]
            .into_iter()
            .map(|place| self.genome.count(place))
            .max()
            .unwrap_or(0)
    }

    pub(super) fn people_week(&mut self, week: &Week, prices: &Prices, drafts: &mut Vec<Draft>) {
        let accounts = u64::try_from(self.accounts()).unwrap_or(0);
        let made = match (self.genome.is(Place::Fresh), accounts) {
            (_, 0) => 0,
            (true, _) => prices.account.of(accounts),
            (false, _) => prices.account.written_off(accounts, ACCOUNT_LIFE),
        };
        self.spend(Party::Attacker, made + prices.key_week.of(accounts));
        self.attest(
            accounts + u64::try_from(self.genome.count(Place::Invites)).unwrap_or(0),
            prices,
        );
        if !self.is_idle() {
            self.spend(Party::Attacker, prices.desk_week.of(1));
        }
        self.stays_week(week, prices, drafts);
        self.phantoms_week(week, drafts);
        self.invites_week(week, prices, drafts);
    }

    /// A phone for each account, where phones attest themselves.
    fn attest(&mut self, accounts: u64, prices: &Prices) {
        let attested = prices.attested_account_week.of(accounts);
        self.spend_each(
            Party::Attacker,
            Cost {
                attested,
                ..Cost::default()
            },
        );
    }

    fn is_idle(&self) -> bool {
        self.genome == crate::genome::Genome::idle()
    }

    /// All accounts check in at the first honest points. Somebody is there: a relay, or one with all the phones in a bag.
    fn stays_week(&mut self, week: &Week, prices: &Prices, drafts: &mut Vec<Draft>) {
        let points = self.genome.count(Place::Points);
        let (accounts, is_edge) = (
            self.genome.count(Place::Accounts),
            self.genome.is(Place::Edge),
        );
        let invitees = self.genome.count(Place::Invites);
        if points == 0 || accounts + invitees == 0 {
            return;
        }
        let walked = u64::try_from(points).unwrap_or(0) * NEXT_M;
        if self.genome.is(Place::Relay) {
            let count = u64::try_from(points).unwrap_or(0);
            let first = if week.number == 0 {
                prices.travel_metre.of(count * RELAY_M)
            } else {
                0
            };
            let kept = prices.relay.written_off(count, RELAY_LIFE);
            self.spend(
                Party::Attacker,
                first + kept + prices.electricity_watt_week.of(count * RELAY_W),
            );
        } else if !is_edge || week.number.is_multiple_of(2) {
            self.spend(Party::Attacker, prices.travel_metre.of(walked));
        }
        let (overlap_permille, late_ms) = (self.overlap(), self.late_ms());
        for host in 0..points {
            let Some((subject, cell)) = self
                .hosts
                .get(host)
                .map(|host| (host.key.public, host.spot.cell()))
            else {
                continue;
            };
            for account in 0..accounts {
                let user = self.account(account, week.number);
                let minute = number(account);
                let at_ms = match (is_edge, week.number % 2) {
                    (true, 0) => {
                        week.at(6, 23, 0) + number(host) * 10 * MINUTE_MS + minute * 10_000
                    }
                    (true, _) => week.at(0, 1, 0) + number(host) * 10 * MINUTE_MS + minute * 10_000,
                    (false, _) => week.at(number(host), 11, 0) + minute * 10_000,
                };
                drafts.push(check_in(
                    &user,
                    subject,
                    cell,
                    Stay {
                        at_ms,
                        overlap_permille,
                        late_ms,
                    },
                ));
            }
        }
    }

    /// Points that are none: added by an account that is known, confirmed week by week by others.
    fn phantoms_week(&mut self, week: &Week, drafts: &mut Vec<Draft>) {
        let accounts = self.accounts();
        if accounts == 0 || week.number < KNOWN {
            return;
        }
        let crowd = self.genome.count(Place::Crowd);
        if week.number == KNOWN {
            for at in 0..crowd {
                let adder =
                    self.account((accounts - 1).saturating_sub(at / ADDS_A_DAY), week.number);
                let (name, spot) = self.phantom(at, true);
                let at_ms = week.at(5, 12, number(at % ADDS_A_DAY));
                drafts.push(add(&adder, &name, spot, &self.seen_beside(&name), at_ms));
            }
        }
        let before = self.phantoms;
        let more = self
            .genome
            .count(Place::Adds)
            .min(PHANTOMS.saturating_sub(before));
        for at in before..before + more {
            let adder = self.account((accounts - 1).saturating_sub(at % 2), week.number);
            let (name, spot) = self.phantom(at, false);
            drafts.push(add(
                &adder,
                &name,
                spot,
                &self.seen_beside(&name),
                week.at(5, 15, number(at - before)),
            ));
        }
        self.phantoms += more;
        let (overlap_permille, late_ms) = (self.overlap(), self.late_ms());
        for confirmer in 0..self.genome.count(Place::Confirmers) {
            let user = self.account(confirmer, week.number);
            let mut confirm = |(name, spot): (String, Spot), at_ms: i64| {
                let stay = Stay {
                    at_ms,
                    overlap_permille,
                    late_ms,
                };
                drafts.push(check_in(&user, point(&name), spot.cell(), stay));
            };
            for at in 0..self.phantoms {
                let minute = number(at) * 15;
                confirm(
                    self.phantom(at, false),
                    week.at(6, 8, minute + number(confirmer)),
                );
            }
            // What confirms a crowd does so once, over the days of two weeks.
            for at in (0..crowd).filter(|at| at / 10 + KNOWN == week.number) {
                let minute = number(at % 10) * 15;
                confirm(
                    self.phantom(at, true),
                    week.at(5, 18, minute + number(confirmer)),
                );
            }
        }
    }

    /// Name and place of a phantom; of a crowd, beside the honest finder's find.
    fn phantom(&self, at: usize, crowds: bool) -> (String, Spot) {
        if crowds {
            let (_, beside) = self.find(0);
            return (format!("{} crowd {at}", self.number), beside);
        }
        let (row, column) = (number(at) / 3, number(at) % 3);
        let spot = self.centre.moved(-4_000 - 400 * row, 400 * column);
        (format!("{} phantom {at}", self.number), spot)
    }

    /// What an add says it saw: neighbours of its own, but for those that are copied from scan to scan.
    fn seen_beside(&self, name: &str) -> Vec<String> {
        let copied = self.genome.count(Place::Copied);
        (0..5)
            .map(|at| {
                if at < copied {
                    format!("{} copied {at}", self.number)
                } else {
                    format!("{name} beside {at}")
                }
            })
            .collect()
    }

    /// Own accounts that are invited do what the rules ask of them: on each of five days they stay at another honest point.
    fn invites_week(&mut self, week: &Week, prices: &Prices, drafts: &mut Vec<Draft>) {
        let (invites, points) = (
            self.genome.count(Place::Invites),
            self.genome.count(Place::Points),
        );
        if invites == 0 {
            return;
        }
        let count = u64::try_from(invites).unwrap_or(0);
        self.spend(
            Party::Attacker,
            prices.account.written_off(count, ACCOUNT_LIFE) + prices.key_week.of(count),
        );
        // One who walks with the phones has to come on every day.
        if !self.genome.is(Place::Relay) && points > 0 {
            self.spend(
                Party::Attacker,
                prices
                    .travel_metre
                    .of(NEXT_M * u64::try_from(points).unwrap_or(0)),
            );
        }
        let desk = key("desk");
        for at in 0..invites {
            let invitee = self.member(&format!("invitee {at}"), Party::Attacker);
            let is_chain = self.genome.is(Place::Chain);
            let invited = if is_chain { KNOWN + at } else { KNOWN };
            if week.number < invited {
                continue;
            }
            if week.number == invited {
                let inviter = if is_chain && at > 0 {
                    self.member(&format!("invitee {}", at - 1), Party::Attacker)
                } else {
                    self.account(0, week.number)
                };
                drafts.push(Draft {
                    at_ms: week.at(0, 3, number(at)),
                    late_ms: 10_000,
                    subject: inviter.public,
                    cell: self.centre.cell(),
                    body: Body::Referral(Referral {
                        invitee: invitee.public,
                        attestor: desk.public,
                    }),
                    signers: vec![
                        (Role::Attestor, Arc::clone(&desk)),
                        (Role::User, Arc::clone(&invitee)),
                    ],
                });
            }
            for host in 0..points {
                let Some((subject, cell)) = self
                    .hosts
                    .get(host)
                    .map(|host| (host.key.public, host.spot.cell()))
                else {
                    continue;
                };
                let at_ms = week.at(number(host), 13, 0) + number(at) * 10_000 + HOUR_MS;
                let (overlap_permille, late_ms) = (self.overlap(), self.late_ms());
                drafts.push(check_in(
                    &invitee,
                    subject,
                    cell,
                    Stay {
                        at_ms,
                        overlap_permille,
                        late_ms,
                    },
                ));
            }
        }
    }
}
