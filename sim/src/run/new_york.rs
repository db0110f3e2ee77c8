//! What the rules about a place leave of New York's public hotspots, each of which is honest: they stand where a city put them.

use cairn_epoch::{Device, EpochFolder};
use cairn_merkle::EpochNumber;
use cairn_proof::Reason;

use super::epoch::{Epoch, close_epoch, period_start, scratch, terms};
use super::{PAYER, UNIT_PRICE};
use crate::SimError;
use crate::place::Map;
use crate::play::{HOUR_MS, Machine, beat, key};
use crate::variant::Variant;

/// Honest beats under one distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellLoss {
    /// Devices nearer than this to an older one are not paid.
    pub apart_m: i64,
    pub hotspots: u64,
    /// Refused because an older device stands too near.
    pub too_near: u64,
    /// Refused because the cell has three that come first.
    pub crowded_out: u64,
    /// Paid in part, as second or third of the cell.
    pub in_part: u64,
}

/// One beat of each hotspot, under each distance.
///
/// # Errors
/// What the pipeline refuses.
pub fn cells_of_new_york(map: &Map, distances: &[i64]) -> Result<Vec<CellLoss>, SimError> {
    distances
        .iter()
        .map(|apart_m| cell_loss(map, *apart_m))
        .collect()
}

fn cell_loss(map: &Map, apart_m: i64) -> Result<CellLoss, SimError> {
    let folder = scratch()?;
    let number = EpochNumber::FIRST;
    let router = |(at, spot): (usize, &crate::Spot)| {
        let owner = key(&format!("owner of hotspot {at}")).public;
        Machine::router(0, &format!("hotspot {at}"), owner, *spot)
    };
    let machines: Vec<Machine> = map.hotspots.iter().enumerate().map(router).collect();
    let devices: Vec<Device> = (0..)
        .zip(&machines)
        .map(|(at, it)| it.leaf(at, 0))
        .collect();
    let at_ms = period_start(number) + HOUR_MS;
    let drafts = machines
        .iter()
        .map(|machine| beat(machine, machine.spot, at_ms, 10_000))
        .collect();
    let epoch = Epoch {
        folder: EpochFolder::of(folder.path(), number),
        number,
        terms: terms(Vec::new()),
        devices: &devices,
        burns: &[(PAYER, UNIT_PRICE)],
        variant: &Variant::number("cell", "apart_m", apart_m),
    };
    let (_, decisions) = close_epoch(&epoch, None, drafts)?;
    let mut loss = CellLoss {
        apart_m,
        hotspots: decisions.len() as u64,
        too_near: 0,
        crowded_out: 0,
        in_part: 0,
    };
    // Nobody visited any of them, so a beat that is paid whole is a quarter of a point.
    let whole = decisions
        .iter()
        .map(|decision| decision.milli_points.get())
        .max()
        .unwrap_or(0);
    for decision in &decisions {
        match decision.reason {
            Reason::CapCell if decision.bound == Some(apart_m) => loss.too_near += 1,
            Reason::CapCell => loss.crowded_out += 1,
            _ if decision.milli_points.get() < whole => loss.in_part += 1,
            _ => {}
        }
    }
    Ok(loss)
}
