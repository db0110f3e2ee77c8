//! An attacker as whole numbers within bounds. Each number is one thing that somebody can decide; together they are a mix of
//! strategies, so that a search can go from one to another in small steps.

use std::fmt::Write as _;

use crate::chance::Chance;

/// One decision.
#[derive(Clone, Copy, Debug)]
pub struct Gene {
    pub name: &'static str,
    pub least: i64,
    pub most: i64,
    /// What the number counts, for people.
    pub words: &'static str,
}

macro_rules! genes {
    ($($place:ident $least:literal ..= $most:literal, $name:literal, $words:literal;)*) => {
        /// Where each decision stands in a genome.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub enum Place { $($place,)* }

        /// Every decision.
        pub const GENES: &[Gene] = &[$(Gene { name: $name, least: $least, most: $most, words: $words },)*];
    };
}

genes! {
    Fleet 0..=24, "fleet", "hotspots";
    Owners 1..=12, "owners", "wallets that own them";
    Spacing 50..=1_000, "spacing_m", "metres between two of them";
    Present 0..=1_000, "present_permille", "thousandths of them that stand where they say";
    Serves 0..=1, "serves", "those that stand there have a line (0 no, 1 yes)";
    Days 1..=7, "days", "days of the week on which they are on";
    Fingerprint 0..=2, "fingerprint", "hardware told to the registry (0 none, 1 each its own, 2 all the same)";
    Puppets 0..=6, "puppets", "own accounts that check in at them";
    ContactWeeks 1..=12, "contact_weeks", "a puppet comes every so many weeks";
    MoveWeeks 0..=6, "move_weeks", "weeks after which the fleet is asserted elsewhere (0 never)";
    Offset 0..=600, "offset_m", "metres between the asserted place and the one that beats tell";
    Validators 0..=2, "validators", "validators in league with the fleet";
    Again 0..=1, "again", "a device that was banned is registered again under another key";
    LeaveWeek 0..=12, "leave_week", "weeks after which the devices go back to the shop (0 never)";
    Accounts 0..=30, "accounts", "accounts that check in at honest points";
    Points 0..=5, "points", "honest points that they check in at, a week";
    Relay 0..=1, "relay", "a box beside each point answers for them; otherwise one walks with all phones";
    Fresh 0..=1, "fresh", "accounts are made anew every week";
    Overlap 0..=1_000, "overlap_permille", "radio scan that is heard beside the point";
    LateHours 0..=36, "late_hours", "hours after which proofs are handed in";
    Edge 0..=1, "edge", "one walk serves two weeks, before and after midnight";
    Teleport 0..=1, "teleport", "the fleet stands 600 km away, and puppets go there in ten minutes";
    Adds 0..=5, "adds", "access points that are none, added a week";
    Confirmers 0..=6, "confirmers", "own accounts that confirm them";
    Copied 0..=5, "copied", "neighbours of five that their scans have in common";
    Squat 0..=3, "squat", "devices registered beside a place before somebody moves in there";
    Crowd 0..=20, "crowd", "added points in the cell where an honest finder will add";
    Invites 0..=10, "invites", "own accounts that the first account invites";
    Chain 0..=1, "chain", "each invites the next, instead of the first inviting all";
    Stations 0..=6, "stations", "weather stations that copy a neighbour's";
    Traffic 0..=20, "traffic", "thousands of units of traffic that an own payer burns for, a week";
    Subscribers 1..=10, "subscribers", "names that the traffic is spread over";
    Hidden 0..=1, "hidden", "the payer's wallet is not the owner's";
}

/// One attacker.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Genome(Vec<i64>);

impl Genome {
    /// Who does nothing: every decision as little as it can be, radio as it is heard, on all the time, told apart.
    #[must_use]
    pub fn idle() -> Self {
        let least = GENES.iter().map(|gene| gene.least).collect();
        Self(least)
            .with(Place::Overlap, 800)
            .with(Place::Days, 7)
            .with(Place::Spacing, 500)
            .with(Place::Fingerprint, 1)
    }

    /// With another number in one place, within its bounds.
    #[must_use]
    pub fn with(mut self, place: Place, number: i64) -> Self {
        let gene = &GENES[place as usize];
        self.0[place as usize] = number.clamp(gene.least, gene.most);
        self
    }

    #[must_use]
    pub fn get(&self, place: Place) -> i64 {
        self.0[place as usize]
    }

    /// As [`Self::get`], for what is counted.
    #[must_use]
    pub fn count(&self, place: Place) -> usize {
        usize::try_from(self.get(place)).unwrap_or(0)
    }

    #[must_use]
    pub fn is(&self, place: Place) -> bool {
        self.get(place) > 0
    }

    /// Anybody: about a third of the decisions drawn, the rest as who does nothing has them.
    pub(crate) fn drawn(chance: &mut Chance) -> Self {
        let mut genome = Self::idle();
        for (at, gene) in GENES.iter().enumerate() {
            if chance.between(0, 2) == 0 {
                genome.0[at] = chance.between(gene.least, gene.most);
            }
        }
        genome
    }

    /// A neighbour: one to three decisions a little or wholly otherwise.
    pub(crate) fn mutated(&self, chance: &mut Chance) -> Self {
        let mut genome = self.clone();
        for _ in 0..chance.between(1, 3) {
            let at = chance.place(GENES.len());
            let gene = &GENES[at];
            let step = ((gene.most - gene.least) / 8).max(1);
            let number = match chance.between(0, 3) {
                0 => chance.between(gene.least, gene.most),
                1 => genome.0[at] - chance.between(1, step),
                _ => genome.0[at] + chance.between(1, step),
            };
            genome.0[at] = number.clamp(gene.least, gene.most);
        }
        genome
    }

    /// With one decision as who does nothing has it.
    pub(crate) fn without(&self, at: usize) -> Self {
        let mut genome = self.clone();
        genome.0[at] = Self::idle().0[at];
        genome
    }

    /// Reads what [`Self::in_words`] writes; none for a decision that does not exist, or one out of its bounds.
    #[must_use]
    pub fn parse(words: &str) -> Option<Self> {
        let mut genome = Self::idle();
        for part in words.split(',').filter(|part| !part.trim().is_empty()) {
            let (name, number) = part.split_once('=')?;
            let at = GENES.iter().position(|gene| gene.name == name.trim())?;
            let number: i64 = number.trim().parse().ok()?;
            genome.0[at] = (GENES[at].least..=GENES[at].most)
                .contains(&number)
                .then_some(number)?;
        }
        Some(genome)
    }

    /// The decisions that are not those of who does nothing.
    #[must_use]
    pub fn in_words(&self) -> String {
        let idle = Self::idle();
        let mut words = String::new();
        for ((gene, number), other) in GENES.iter().zip(&self.0).zip(&idle.0) {
            if number != other {
                let comma = if words.is_empty() { "" } else { ", " };
                let _ = write!(words, "{comma}{} = {number}", gene.name);
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attacker_is_read_as_it_is_written_and_stays_within_its_bounds() {
        let mut chance = Chance::new(1, "test");
        for _ in 0..200 {
            let genome = Genome::drawn(&mut chance).mutated(&mut chance);
            assert_eq!(Genome::parse(&genome.in_words()), Some(genome.clone()));
            assert!(
                GENES
                    .iter()
                    .zip(&genome.0)
                    .all(|(gene, number)| (gene.least..=gene.most).contains(number))
            );
        }
        assert_eq!(Genome::parse("fleet = 25"), None);
        assert_eq!(Genome::parse("fleets = 2"), None);
        assert_eq!(Genome::parse(""), Some(Genome::idle()));
    }
}
