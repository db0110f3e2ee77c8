//! Pictures, drawn by hand: bars on an axis where each doubling is as wide as the next, and a line over candidates. Whole numbers
//! only, so that every machine draws the same.

use std::fmt::Write as _;

use super::Findings;
use super::number::{grouped, times};
use crate::measure::Mode;

const WIDTH: u64 = 860;
const LEFT: u64 = 230;
const RIGHT: u64 = 70;
const ROW: u64 = 18;
const TOP: u64 = 46;

const STYLE: &str = "<style>text{font:12px sans-serif;fill:#222}.s{fill:#666}.a{fill:#b3412e}.b{fill:#e3b7a5}.c{fill:#2e6f8e}\
    .g{stroke:#ddd}.o{stroke:#222;stroke-dasharray:4 3}.p{fill:none;stroke:#b3412e;stroke-width:2}.q{fill:none;stroke:#2e6f8e;stroke-width:2}.r{fill:none;stroke:#4d8a4a;stroke-width:2}</style>";

/// A bar: what it is called, its length in thousandths, and how it is filled.
struct Bar {
    name: &'static str,
    permille: u64,
    class: &'static str,
}

pub fn pictures(findings: &Findings<'_>) -> Vec<(&'static str, String)> {
    let mut files = Vec::new();
    for (mode, name) in [(Mode::Open, "open.svg"), (Mode::Endorsed, "endorsed.svg")] {
        let mut bars = Vec::new();
        for row in findings.rows.iter().filter(|row| !row.strategy.griefs) {
            if let Some(before) = &row.before {
                bars.push(Bar {
                    name: row.strategy.name,
                    permille: before.permille(mode),
                    class: "b",
                });
            }
            let name = if row.before.is_some() {
                ""
            } else {
                row.strategy.name
            };
            bars.push(Bar {
                name,
                permille: row.after.permille(mode),
                class: "a",
            });
        }
        let title = format!(
            "Earned for each unit of cost, {}: pale without the rule, dark as the rules ship; 1 is an honest participant",
            mode.name()
        );
        files.push((name, chart(&title, &bars)));
    }
    let bars: Vec<Bar> = findings
        .rows
        .iter()
        .filter(|row| row.strategy.griefs)
        .flat_map(|row| {
            let before = row.before.as_ref().map(|before| Bar {
                name: row.strategy.name,
                permille: before.loss_permille(Mode::Open),
                class: "b",
            });
            let name = if before.is_some() {
                ""
            } else {
                row.strategy.name
            };
            before.into_iter().chain([Bar {
                name,
                permille: row.after.loss_permille(Mode::Open),
                class: "c",
            }])
        })
        .collect();
    files.push(("griefing.svg", chart("What honest people lose for each unit that somebody spends to hurt them: pale without the rule", &bars)));
    files.push(("search.svg", trail(findings)));
    files
}

/// Pixels for a number of thousandths: the binary logarithm, straight between powers of two.
fn logarithm(permille: u64, step: u64) -> u64 {
    // From a sixteenth on.
    let scaled = permille * 16 / 1_000;
    if scaled == 0 {
        return 0;
    }
    let whole = u64::from(scaled.ilog2());
    let power = 1_u64 << whole;
    step * whole + step * (permille * 16 - power * 1_000) / (power * 1_000)
}

fn chart(title: &str, bars: &[Bar]) -> String {
    let most = bars
        .iter()
        .map(|bar| bar.permille)
        .max()
        .unwrap_or(0)
        .max(2_000);
    let doublings = u64::from((most * 16 / 1_000).max(1).ilog2()) + 1;
    let step = (WIDTH - LEFT - RIGHT) / doublings;
    let height = TOP + ROW * bars.len() as u64 + 24;
    let mut svg = head(height, title);
    for doubling in 0..=doublings {
        let x = LEFT + step * doubling;
        let class = if doubling == 4 { "o" } else { "g" };
        let label = if doubling < 4 {
            format!("1/{}", 16 >> doubling)
        } else {
            grouped(1 << (doubling - 4))
        };
        let _ = writeln!(
            svg,
            "<line class=\"{class}\" x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{}\"/><text class=\"s\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{label}</text>",
            TOP - 6,
            height - 18,
            height - 4
        );
    }
    for (at, bar) in (0..).zip(bars) {
        let y = TOP + ROW * at;
        let width = logarithm(bar.permille, step).max(1);
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text><rect class=\"{}\" x=\"{LEFT}\" y=\"{}\" width=\"{width}\" height=\"12\"/>\
             <text class=\"s\" x=\"{}\" y=\"{}\">{}</text>",
            LEFT - 8,
            y + 11,
            bar.name,
            bar.class,
            y + 1,
            LEFT + width + 5,
            y + 11,
            times(bar.permille)
        );
    }
    svg + "</svg>\n"
}

fn trail(findings: &Findings<'_>) -> String {
    let trail = &findings.found.trail;
    let height = 320;
    let mut svg = head(
        height,
        "The best attacker found so far, over candidates: red where anybody registers devices, blue where each is endorsed, green where phones attest themselves too",
    );
    let most = trail
        .iter()
        .flatten()
        .copied()
        .max()
        .unwrap_or(0)
        .max(2_000);
    let doublings = u64::from((most * 16 / 1_000).max(1).ilog2()) + 1;
    let step = (height - TOP - 40) / doublings;
    let (left, bottom) = (60, height - 34);
    for doubling in 4..=doublings {
        let y = bottom - step * doubling;
        let class = if doubling == 4 { "o" } else { "g" };
        let _ = writeln!(
            svg,
            "<line class=\"{class}\" x1=\"{left}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\"/><text class=\"s\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            WIDTH - 20,
            left - 8,
            y + 4,
            grouped(1 << (doubling - 4))
        );
    }
    let runs = (trail.len() as u64).max(2) - 1;
    for (mode, class) in [(0, "p"), (1, "q"), (2, "r")] {
        let points = (0..).zip(trail).map(|(at, best): (u64, &[u64; 3])| {
            let x = left + (WIDTH - 80 - left) * at / runs;
            format!("{x},{}", bottom - logarithm(best[mode], step).min(bottom))
        });
        let _ = writeln!(
            svg,
            "<polyline class=\"{class}\" points=\"{}\"/>",
            points.collect::<Vec<_>>().join(" ")
        );
    }
    let _ = writeln!(
        svg,
        "<text class=\"s\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{} candidates</text>",
        WIDTH - 20,
        height - 10,
        grouped(findings.found.candidates as u64)
    );
    svg + "</svg>\n"
}

fn head(height: u64, title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{title}\">\n{STYLE}\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n<text x=\"12\" y=\"20\">{title}</text>\n"
    )
}
