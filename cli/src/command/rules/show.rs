//! `cairn rules show`.

use cairn_epoch::{DescribedRow, describe};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::hash_of;
use super::source::{Which, open, which};
use super::standing::Standing;
use crate::address::Hash;
use crate::amount::grouped;
use crate::args::{FilesWish, address};
use crate::context::Context;
use crate::error::CliError;
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;

/// Show rules: kinds, pots, every number with its origin, what each file of SQL decides
///
/// With --pool, also which rules the pool names and which it announced, from which epoch on: the chain holds their hash alone.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn rules show --files DIR --pool POOL        the newest epoch's rules, and whether they are in force
  cairn rules show --pool POOL                    only which rules the pool names, and announced from which epoch on
  cairn rules show 3 --files DIR                  those that epoch 3 was closed by
  cairn rules show NEW                            those in a folder with ruleset.toml and rules/
  cairn rules show shipped --output json | jq .numbers")]
pub struct Args {
    /// A folder, an epoch's number, or shipped: the rules that ship with this version [default: the newest epoch of --files]
    #[arg(value_name = "DIR|EPOCH|shipped", value_parser = which)]
    pub which: Option<Which>,
    #[command(flatten)]
    pub files: FilesWish,
    /// The pool whose rules they are held against
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub pool: Option<Pubkey>,
}

impl Args {
    /// The pool, when no file is asked about: then only hashes can be told.
    #[must_use]
    pub const fn pool_alone(&self) -> Option<&Pubkey> {
        match (&self.which, self.files.files.is_empty()) {
            (None, true) => self.pool.as_ref(),
            _ => None,
        }
    }
}

/// Rules as they stand in files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RulesShown {
    pub rules: String,
    pub version: u16,
    /// Null for rules without a network's terms, which no pool can name.
    pub hash: Option<Hash>,
    /// "in force", "announced", or neither; null without --pool.
    pub standing: Option<&'static str>,
    pub on_chain: Option<Standing>,
    pub kinds: Vec<String>,
    pub pots: Vec<PotShown>,
    pub numbers: Vec<NumberShown>,
    /// Tables that are carried from epoch to epoch.
    pub memory: Vec<NamedShown>,
    pub files: Vec<NamedShown>,
    /// Partners' streams and carriers' tasks.
    pub agreed: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PotShown {
    pub name: String,
    /// Thousandths of the emission.
    pub permille: String,
    pub floor_milli_points: String,
    pub member_milli_points: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NumberShown {
    /// Rules call it so, with a $.
    pub name: String,
    pub value: i64,
    /// What its comment says.
    pub origin: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedShown {
    pub name: String,
    pub about: String,
}

/// # Errors
/// Files that are no rules; the node's with --pool.
pub async fn run(ctx: &Context, args: &Args) -> Result<RulesShown, CliError> {
    let by_number = args.which.as_ref().is_none_or(Which::is_epoch);
    let files = open(ctx, &args.files, by_number).await?;
    let which = match (&args.which, &files) {
        (Some(which), _) => which.clone(),
        (None, Some(files)) => Which::Epoch(files.newest().ok_or_else(unsaid)?),
        (None, None) => return Err(unsaid()),
    };
    let rules = which.load(files.as_ref()).await?;
    let on_chain = match &args.pool {
        Some(pool) => Some(Standing::read(ctx, pool).await?),
        None => None,
    };
    let hash = hash_of(&rules);
    let described = describe(rules.ruleset())?;
    let value = |row: &DescribedRow, key| row.get(key).unwrap_or_default().to_owned();
    let numbers = described.tables.iter().flat_map(|table| {
        table.numbers.iter().map(|number| NumberShown {
            name: match table.name.as_str() {
                "envelope" => number.key.clone(),
                name => format!("{name}_{}", number.key),
            },
            value: number.value,
            origin: number.origin.clone(),
        })
    });
    let streams = described.streams.iter().map(|row| ("stream", row));
    let agreed = streams.chain(described.tasks.iter().map(|row| ("task", row)));
    Ok(RulesShown {
        rules: which.words(),
        version: described.version,
        hash,
        standing: on_chain.as_ref().and_then(|chain| chain.of(hash)),
        on_chain,
        numbers: numbers.collect(),
        pots: described
            .pots
            .iter()
            .map(|row| PotShown {
                name: value(row, "name"),
                permille: value(row, "permille"),
                floor_milli_points: value(row, "floor_milli_points"),
                member_milli_points: value(row, "member_milli_points"),
            })
            .collect(),
        memory: described
            .memory
            .into_iter()
            .map(|(name, about)| NamedShown {
                name,
                about: about.unwrap_or_default(),
            })
            .collect(),
        files: described
            .rules
            .into_iter()
            .map(|rule| NamedShown {
                name: rule.name,
                about: first_sentence(&rule.about).to_owned(),
            })
            .collect(),
        agreed: agreed
            .map(|(what, row)| {
                let each = row.0.iter().map(|(key, value)| format!("{key} {value}"));
                format!("{what}: {}", each.collect::<Vec<_>>().join(", "))
            })
            .collect(),
        kinds: described.kinds,
    })
}

fn unsaid() -> CliError {
    CliError::argument(
        "which rules are meant was not said",
        "name a folder, an epoch of --files, or shipped",
    )
}

/// The text to the end of its first sentence.
fn first_sentence(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    match line.find(". ") {
        Some(end) => line.get(..=end).unwrap_or(line),
        None => line,
    }
}

impl Verdict for RulesShown {}

impl Show for RulesShown {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Rules: {}", self.rules));
        page.fact("version", self.version.to_string());
        page.fact(
            "hash",
            self.hash.map_or_else(
                || "none: what a network decides for itself is missing".to_owned(),
                |hash| hash.to_string(),
            ),
        );
        if let Some(standing) = self.standing {
            page.fact("on chain", standing);
        }
        page.fact("kinds", self.kinds.join(", "));
        for agreed in &self.agreed {
            page.fact("agreed", agreed);
        }
        if let Some(chain) = &self.on_chain {
            chain.show(page);
        }
        page.title("Pots");
        let pots = [
            Column::Text("pot"),
            Column::Number("thousandths"),
            Column::Number("floor, milli-points"),
            Column::Number("makes a member, milli-points"),
        ];
        page.table(
            &pots,
            self.pots.iter().map(|pot| {
                vec![
                    pot.name.clone(),
                    pot.permille.clone(),
                    pot.floor_milli_points.clone(),
                    pot.member_milli_points.clone(),
                ]
            }),
        );
        page.title("Numbers");
        let numbers = [
            Column::Text("name"),
            Column::Number("value"),
            Column::Text("where it comes from"),
        ];
        page.table(
            &numbers,
            self.numbers.iter().map(|number| {
                vec![
                    number.name.clone(),
                    signed(number.value),
                    number.origin.clone().unwrap_or_default(),
                ]
            }),
        );
        for (title, rows) in [
            ("Carried to the next epoch", &self.memory),
            ("Rules", &self.files),
        ] {
            page.title(title);
            page.table(
                &[Column::Text("name"), Column::Text("what it is")],
                rows.iter()
                    .map(|row| vec![row.name.clone(), row.about.clone()]),
            );
        }
    }
}

fn signed(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(value.unsigned_abs()))
}
