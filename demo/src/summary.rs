//! What the demonstration found, once as JSON and once for a person.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Serialize;

use crate::{
    month::{Month, calendar::Gap},
    tally::{Paid, Tally},
};

/// Everything `--json` prints. Amounts of tokens are base units.
#[derive(Debug, Serialize)]
pub struct Summary {
    pub proofs: Proofs,
    /// By kind.
    pub kinds: BTreeMap<&'static str, Paid>,
    pub cheats: Cheats,
    pub epochs: Vec<EpochLine>,
    pub claims: Claims,
    pub vault: Vault,
    pub audit: Audit,
    pub seconds: u64,
    pub input: InputLine,
}

#[derive(Debug, Serialize)]
pub struct Proofs {
    pub received: u64,
    pub accepted: u64,
    pub rejected: BTreeMap<&'static str, u64>,
}

#[derive(Debug, Serialize)]
pub struct Cheats {
    pub planted: u64,
    pub caught: u64,
}

/// An epoch as the chain has it at the end.
#[derive(Debug, Serialize)]
pub struct EpochLine {
    pub number: u64,
    pub status: String,
    pub root: String,
    pub manifest_hash: String,
    pub members: u32,
    /// Cumulative: the root's sum.
    pub tokens: u64,
    pub attested_by: Vec<String>,
    /// 0 unless an earlier proposal of this number was vetoed.
    pub attempt: u32,
}

#[derive(Debug, Default, Serialize)]
pub struct Claims {
    pub count: u64,
    pub tokens: u64,
    pub compute_units_max: u64,
    pub rent_lamports_per_member: u64,
}

#[derive(Debug, Serialize)]
pub struct Vault {
    pub funded: u64,
    pub claimed: u64,
    pub left: u64,
}

#[derive(Debug, Serialize)]
pub struct Audit {
    pub epochs: u64,
    /// `equal`, or the first difference.
    pub verdict: String,
}

/// What the input held.
#[derive(Debug, Serialize)]
pub struct InputLine {
    pub hotspots: usize,
    pub devices_registered: usize,
    pub flights: u64,
    pub flights_used: u64,
    pub flights_without_times: u64,
    pub flights_without_tail_number: u64,
    pub flights_at_unknown_airports: u64,
}

impl InputLine {
    #[must_use]
    pub fn of(month: &Month) -> Self {
        let gap = |gap| month.gaps.get(&gap).copied().unwrap_or(0);
        Self {
            hotspots: month.places.hotspots.len(),
            devices_registered: month.places.all.len(),
            flights: month.flights,
            flights_used: month.flights_used,
            flights_without_times: gap(Gap::Times),
            flights_without_tail_number: gap(Gap::TailNumber),
            flights_at_unknown_airports: gap(Gap::KnownAirport),
        }
    }
}

impl Summary {
    /// The summary for a person.
    #[must_use]
    pub fn text(&self, tally: &Tally, decimals: u8) -> String {
        let mut page = String::new();
        let mut line = |text: String| {
            page.push_str(&text);
            page.push('\n');
        };
        let tokens = |amount| ui_amount(amount, decimals);
        line(format!(
            "What happened to one month of {} devices",
            grouped(self.input.devices_registered as u64)
        ));
        line(String::new());
        line(format!(
            "  Input     {} hotspots, {} flights: {} gave two check-ins each; without times {}, without a tail number {}, at an airport the list does not know {}",
            grouped(self.input.hotspots as u64),
            grouped(self.input.flights),
            grouped(self.input.flights_used),
            self.input.flights_without_times,
            self.input.flights_without_tail_number,
            self.input.flights_at_unknown_airports,
        ));
        line(format!(
            "  Proofs    {} received = {} accepted + {} rejected",
            grouped(self.proofs.received),
            grouped(self.proofs.accepted),
            grouped(self.proofs.rejected.values().sum()),
        ));
        for (reason, count) in &tally.honest_rejected {
            line(format!(
                "              {:>9} honest, {}: {}",
                grouped(*count),
                reason.name(),
                reason.explain()
            ));
        }
        line("  Paid for".to_owned());
        for (kind, paid) in &self.kinds {
            line(format!(
                "              {kind:<16} {:>7} of {:<7} accepted: {} points{}{}",
                grouped(paid.accepted),
                grouped(paid.received),
                ui_amount(paid.milli_points, POINT_DECIMALS),
                match paid.also_milli_points {
                    0 => String::new(),
                    also => format!(", and {} to others", ui_amount(also, POINT_DECIMALS)),
                },
                match paid.credits {
                    0 => String::new(),
                    credits => format!(", {} data credits", grouped(credits)),
                },
            ));
        }
        line(format!(
            "  Cheats    {} of {} caught, each for its own reason",
            self.cheats.caught, self.cheats.planted
        ));
        for (cheat, count) in &tally.cheats {
            line(format!(
                "              {:>4} of {:<4} {}",
                count.caught,
                count.planted,
                cheat.in_words()
            ));
        }
        line("  Epochs".to_owned());
        for epoch in &self.epochs {
            line(format!(
                "              {} {:<10} {} members, {} tokens in all, attested by {}{}; root {}…",
                epoch.number,
                epoch.status,
                grouped(u64::from(epoch.members)),
                tokens(epoch.tokens),
                epoch.attested_by.len(),
                if epoch.attempt > 0 {
                    ", proposed again after a veto"
                } else {
                    ""
                },
                &epoch.root[..16.min(epoch.root.len())],
            ));
        }
        line(format!(
            "  Claims    {} paid {} tokens; a claim into an existing account took at most {} compute units; a member's rent is {} lamports, once",
            self.claims.count,
            tokens(self.claims.tokens),
            grouped(self.claims.compute_units_max),
            grouped(self.claims.rent_lamports_per_member),
        ));
        line(format!(
            "  Vault     {} funded − {} claimed = {} left",
            tokens(self.vault.funded),
            tokens(self.vault.claimed),
            tokens(self.vault.left),
        ));
        line(format!(
            "  Audit     {} epochs recomputed from files and chain alone: {}",
            self.audit.epochs, self.audit.verdict
        ));
        line(String::new());
        line(format!("  {} seconds.", self.seconds));
        page
    }
}

/// A point is a thousand milli-points.
const POINT_DECIMALS: u8 = 3;

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn ui_amount(amount: u64, decimals: u8) -> String {
    let unit = 10_u64.saturating_pow(u32::from(decimals)).max(1);
    let mut text = grouped(amount / unit);
    if decimals > 0 {
        let width = usize::from(decimals);
        // Writing into a String can not fail.
        let _ = write!(text, ".{:0width$}", amount % unit);
    }
    text
}
