//! The parts of an epoch's emission.

use std::collections::BTreeSet;

use cairn_merkle::MilliPoints;
use serde::Deserialize;

/// A part of the emission.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pot {
    pub id: u8,
    pub name: String,
    pub permille: u16,
    pub floor_milli_points: MilliPoints,
    /// What of it makes a member; what somebody earned before waits.
    pub member_milli_points: MilliPoints,
    /// Divided among the streams by their shares first.
    pub by_stream: bool,
    /// Of a pot that pays for what payers burn: what a unit earns. Nobody gets more tokens of it than the cheapest payer burned for
    /// the same, so that whoever pays for their own traffic gains nothing.
    #[serde(default)]
    pub unit_milli_points: Option<MilliPoints>,
}

impl Pot {
    /// What manifests call the part of a stream, or the pot itself when no streams divide it.
    pub fn part_name(&self, stream: u32) -> String {
        if self.by_stream {
            format!("{}/{stream}", self.name)
        } else {
            self.name.clone()
        }
    }
}

/// What a unit can earn, in milli-points: millions of the largest sessions together still fit in 64 bits.
const UNIT: std::ops::RangeInclusive<u64> = 1..=1 << 16;

/// Checks all pots of a ruleset.
pub(super) fn check_pots(pots: &[Pot]) -> Result<(), String> {
    let mut names = BTreeSet::new();
    let mut shares = 0_u64;
    for pot in pots {
        shares = shares.saturating_add(pot.permille.into());
        if !names.insert(pot.name.as_str()) {
            return Err(format!("pot {} stands twice", pot.name));
        }
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        if pot.name.is_empty() || !pot.name.bytes().all(plain) {
            return Err(format!("pot name \"{}\" is not in small letters", pot.name));
        }
        if pot
            .unit_milli_points
            .is_some_and(|unit| !UNIT.contains(&unit.get()))
        {
            return Err(format!(
                "pot {} needs unit_milli_points of {} to {}, or none",
                pot.name,
                UNIT.start(),
                UNIT.end()
            ));
        }
        // Without a floor, one proof could take a whole pot; and nobody's points would be a division by zero.
        if pot.floor_milli_points == MilliPoints::ZERO {
            return Err(format!("pot {} needs floor_milli_points above 0", pot.name));
        }
    }
    // What is paid from no pot is marked with 0.
    if pots.iter().any(|pot| pot.id == 0) {
        return Err("ids of pots count from 1".to_owned());
    }
    if pots.windows(2).any(|pair| pair[0].id >= pair[1].id) {
        return Err("pots must stand in ascending order of their ids".to_owned());
    }
    if shares > 1_000 {
        return Err(format!("the pots' shares add up to {shares} thousandths"));
    }
    Ok(())
}
