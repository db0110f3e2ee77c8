//! `cairn rules diff`.

use cairn_epoch::ruleset_changes;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::hash_of;
use super::source::{Which, open, which};
use super::standing::Standing;
use crate::address::Hash;
use crate::args::{FilesWish, address};
use crate::context::Context;
use crate::error::CliError;
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;

/// Show in what two rulesets differ: numbers with both values, SQL line by line
///
/// With --pool, also which of the two is in force and which is announced, from which epoch on.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn rules diff 3 NEW --files DIR              the rules of epoch 3 beside those in a folder
  cairn rules diff 3 4 --files DIR --pool POOL    what changed from one epoch to the next
  cairn rules diff shipped NEW                    what a network changed of the rules that ship")]
pub struct Args {
    /// A folder, an epoch's number, or shipped
    #[arg(value_name = "BEFORE", value_parser = which)]
    pub before: Which,
    /// The same
    #[arg(value_name = "AFTER", value_parser = which)]
    pub after: Which,
    #[command(flatten)]
    pub files: FilesWish,
    /// The pool that names or announced them
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub pool: Option<Pubkey>,
}

/// What changes from one ruleset to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RulesDiffer {
    pub before: SideShown,
    pub after: SideShown,
    pub on_chain: Option<Standing>,
    pub values: Vec<ValueShown>,
    pub files: Vec<FileShown>,
}

/// One of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SideShown {
    pub rules: String,
    /// Null for rules without a network's terms.
    pub hash: Option<Hash>,
    /// As in `cairn rules show`.
    pub standing: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ValueShown {
    /// Where it stands: `[rules.beat] milli_points`.
    pub name: String,
    /// As the file spells it; null where it is absent.
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileShown {
    pub name: String,
    pub lines: Vec<LineShown>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineShown {
    /// Whether the rules after have it, rather than those before.
    pub added: bool,
    /// From 1.
    pub line: usize,
    pub text: String,
}

/// # Errors
/// Files that are no rules; the node's with --pool.
pub async fn run(ctx: &Context, args: &Args) -> Result<RulesDiffer, CliError> {
    let by_number = [&args.before, &args.after].into_iter().any(Which::is_epoch);
    let files = open(ctx, &args.files, by_number).await?;
    let (before, after) = (
        args.before.load(files.as_ref()).await?,
        args.after.load(files.as_ref()).await?,
    );
    let on_chain = match &args.pool {
        Some(pool) => Some(Standing::read(ctx, pool).await?),
        None => None,
    };
    let side = |which: &Which, rules| {
        let hash = hash_of(rules);
        SideShown {
            rules: which.words(),
            hash,
            standing: on_chain.as_ref().and_then(|chain| chain.of(hash)),
        }
    };
    let changes = ruleset_changes(before.ruleset(), after.ruleset());
    Ok(RulesDiffer {
        before: side(&args.before, &before),
        after: side(&args.after, &after),
        on_chain,
        values: changes
            .values
            .into_iter()
            .map(|value| ValueShown {
                name: value.name,
                before: value.before,
                after: value.after,
            })
            .collect(),
        files: changes
            .files
            .into_iter()
            .map(|file| FileShown {
                name: file.name,
                lines: file
                    .lines
                    .into_iter()
                    .map(|line| LineShown {
                        added: line.is_added,
                        line: line.line,
                        text: line.text,
                    })
                    .collect(),
            })
            .collect(),
    })
}

impl Verdict for RulesDiffer {}

impl Show for RulesDiffer {
    fn show(&self, page: &mut Page) {
        page.title("Two rulesets");
        for (label, side) in [("before", &self.before), ("after", &self.after)] {
            page.fact(label, &side.rules);
            if let Some(hash) = side.hash {
                let standing = side
                    .standing
                    .map_or_else(String::new, |it| format!(", {it}"));
                page.fact("", format!("{hash}{standing}"));
            }
        }
        if let Some(chain) = &self.on_chain {
            chain.show(page);
        }
        if self.values.is_empty() && self.files.is_empty() {
            page.gap();
            page.good("Both are the same.");
            return;
        }
        if !self.values.is_empty() {
            page.title("Values");
            let told = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
            let columns = [
                Column::Text("where"),
                Column::Number("before"),
                Column::Number("after"),
            ];
            page.table(
                &columns,
                self.values
                    .iter()
                    .map(|value| vec![value.name.clone(), told(&value.before), told(&value.after)]),
            );
        }
        for file in &self.files {
            page.title(&file.name);
            for line in &file.lines {
                let sign = if line.added { '+' } else { '-' };
                page.line(&format!("  {sign} {:>4}  {}", line.line, line.text));
            }
        }
    }
}
