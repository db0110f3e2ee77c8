//! Plays attackers against the rules that ship, looks for better ones, and writes bench/SIM.md; `cargo xtask sim` builds and runs it.
//!
//! Exit code 0: done; 1: what the pipeline refused; 2: wrong arguments.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program whose output is its purpose"
)]

use std::path::Path;
use std::process::ExitCode;

use cairn_sim::{
    Findings, Genome, Map, Mode, Past, Plan, Play, Prices, STRATEGIES, SimError, Variant, WEEKS,
    cells_of_new_york, honest, measured, played, search, write,
};
use clap::Parser;

/// Attackers against the rules that ship: what they earn for what they spend, beside honest people. Writes bench/SIM.md.
#[derive(Parser)]
#[command(name = "cargo xtask sim", bin_name = "cargo xtask sim")]
struct Cli {
    /// What chance is made of: the same seed finds the same.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A smaller search, which writes nothing.
    #[arg(long)]
    quick: bool,
    /// Candidates that are looked at, at least.
    #[arg(long, default_value_t = 2_000)]
    candidates: usize,
    /// Plays one attacker alone, as the report writes them: "fleet = 6, owners = 6, puppets = 2".
    #[arg(long)]
    play: Option<String>,
}

/// Towns for each strategy that has a name.
const TOWNS: usize = 3;
/// Weeks that the search climbs by: half of those that the best are played for afterwards.
const SEARCH_WEEKS: usize = 6;
/// Towns in one run of the search.
const BESIDE: usize = 160;
const QUICK_BESIDE: usize = 40;
/// Metres between devices, under which New York is looked at.
const DISTANCES: [i64; 3] = [100, 60, 30];

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<(), SimError> {
    let (map, prices) = (Map::read()?, Prices::shipped()?);
    if let Some(words) = &cli.play {
        return play(cli, words, &map, &prices);
    }
    let (beside, candidates) = if cli.quick {
        (QUICK_BESIDE, 2 * QUICK_BESIDE)
    } else {
        (BESIDE, cli.candidates)
    };
    let plan = Plan {
        seed: cli.seed,
        candidates,
        beside,
        weeks: SEARCH_WEEKS,
        simplify: true,
    };
    let past = Past::new(&map, beside)?;
    eprintln!("the strategies that have a name, before and after their rules");
    let play = Play {
        seed: cli.seed,
        weeks: WEEKS,
        towns: if cli.quick { 1 } else { TOWNS },
        with_before: !cli.quick,
    };
    let (rows, control) = played(&past, &map, &prices, play)?;
    for row in &rows {
        println!(
            "{:>8} {:>8} {:>8}  {}",
            row.after.permille(Mode::Open),
            row.after.permille(Mode::Endorsed),
            row.after.permille(Mode::Attested),
            row.strategy.name
        );
    }
    let told = |candidates: usize, best: [u64; 3]| {
        eprintln!(
            "{candidates} candidates: {}, {} and {} thousandths",
            best[0], best[1], best[2]
        );
    };
    let mut found = search(&past, &map, &prices, &plan, &told)?;
    // As `--play` does it: in the first town, for as long as the strategies that have a name.
    for (_, best) in &mut found.best {
        let run = past.play(
            &map,
            &prices,
            cli.seed,
            std::slice::from_ref(&best.genome),
            &Variant::SHIPPED,
            WEEKS,
        )?;
        *best = measured(&run.outcomes[0], None, &control.prices, &prices);
    }
    for (mode, best) in &found.best {
        println!(
            "{:>8} {}: {}",
            best.permille(*mode),
            mode.name(),
            best.genome.in_words()
        );
    }
    if cli.quick {
        return Ok(());
    }
    let findings = Findings {
        prices: &prices,
        plan,
        honest: control,
        rows,
        found,
        cells: cells_of_new_york(&map, &DISTANCES)?,
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    write(&root, &findings)?;
    println!("bench/SIM.md");
    Ok(())
}

/// One attacker in the first town, and the control in the others.
fn play(cli: &Cli, words: &str, map: &Map, prices: &Prices) -> Result<(), SimError> {
    let genome = Genome::parse(words).ok_or_else(|| SimError::Attacker(words.to_owned()))?;
    let towns = STRATEGIES.len();
    let past = Past::new(map, towns)?;
    let idle = vec![Genome::idle(); towns];
    let alone = past.play(map, prices, cli.seed, &idle, &Variant::SHIPPED, WEEKS)?;
    let control = honest(&alone, prices)?;
    let run = past.play(map, prices, cli.seed, &[genome], &Variant::SHIPPED, WEEKS)?;
    let result = measured(
        &run.outcomes[0],
        alone.outcomes.first(),
        &control.prices,
        prices,
    );
    println!("points by pot {:?}", result.points);
    println!(
        "worth {} micro-dollars, honest people lost {}",
        result.value, result.loss
    );
    for mode in Mode::ALL {
        println!(
            "{}: cost {}, {} thousandths",
            mode.name(),
            mode.of(result.cost),
            result.permille(mode)
        );
    }
    for (reason, count) in &run.outcomes[0].reasons {
        println!("{count:>8} {reason}");
    }
    Ok(())
}
