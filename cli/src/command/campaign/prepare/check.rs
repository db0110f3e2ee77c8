//! What the chain says of a campaign before it is prepared: its token, its dates, and who could do something with the money.

use std::collections::HashMap;
use std::fs;

use cairn_campaign::{Recipients, Terms};
use cairn_client::Reading;
use solana_sdk::pubkey::Pubkey;

use super::super::create::same_decimals;
use super::super::doubt::doubts;
use super::super::payees::owners;
use super::Args;
use crate::chain;
use crate::context::Context;
use crate::conversation::meant;
use crate::error::CliError;
use crate::payee::{self, Census};
use crate::token;

/// What was found that is worth saying.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// Recipients without a key of their own; `None` when nobody was asked.
    pub keyless: Option<u64>,
    /// How wallets show the tokens of all recipients, where that is otherwise.
    pub shown: Option<String>,
}

/// Holds a campaign against the chain, or says that it was not.
///
/// # Errors
/// Other decimals than the mint's; a recipient that nobody can sign for, by its row; dates that were not meant; an unreachable
/// node.
pub(super) async fn check(
    ctx: &Context,
    args: &Args,
    terms: &Terms,
    recipients: &Recipients,
) -> Result<Checked, CliError> {
    if args.offline {
        ctx.talk.note(
            "Offline: neither the token's decimals nor who the recipients are was checked; `campaign create` does.",
        );
        ask(ctx, &doubts(terms, recipients.locked(), None))?;
        return Ok(Checked::default());
    }
    let mut reading = Reading::new();
    let mint = chain::ask_mint(&mut reading, args.mint);
    let clock = reading.clock();
    let read = chain::answer(ctx, reading).await?;
    let (mint, now) = (read.need(&mint)?, read.need(&clock)?.unix_timestamp);
    same_decimals(terms, &mint)?;
    ask(ctx, &doubts(terms, recipients.locked(), Some(now)))?;
    let receiver = Pubkey::new_from_array(terms.receiver);
    payee::somebody(ctx, "the receiver of what nobody claims,", &receiver).await?;
    let owners = owners(recipients);
    let mut census = Census::take(ctx, &owners).await?;
    if !census.nobody.is_empty() {
        let wanted = census.nobody.iter().filter_map(|(at, _)| owners.get(*at));
        let rows = rows(args, wanted);
        // Told in the order of the table, not of the tree.
        census
            .nobody
            .sort_by_key(|(at, _)| owners.get(*at).and_then(|owner| rows.get(owner)));
        census.refuse_nobody(&owners, |at| {
            let row = owners.get(at).and_then(|owner| rows.get(owner));
            row.map_or_else(
                || "an owner of points".to_owned(),
                |row| format!("row {row}, column owner"),
            )
        })?;
    }
    Ok(Checked {
        keyless: Some(census.keyless),
        shown: token::shown(&mint, recipients.tokens(), now),
    })
}

/// Says every doubt, then asks about each: where nobody can be asked, all of them are known at least.
fn ask(ctx: &Context, doubts: &[String]) -> Result<(), CliError> {
    for doubt in doubts {
        ctx.talk.note(&format!("! {doubt}"));
    }
    meant(ctx.talk.as_ref(), doubts)
}

/// Lines of the table in which owners stand. Read again only when somebody has to be told: recipients forget their rows.
fn rows<'a>(args: &Args, wanted: impl Iterator<Item = &'a Pubkey>) -> HashMap<Pubkey, usize> {
    let wanted: HashMap<String, Pubkey> = wanted.map(|key| (key.to_string(), *key)).collect();
    let bytes = args.table.as_ref().and_then(|table| fs::read(table).ok());
    let text = String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned();
    let mut rows = HashMap::new();
    for (at, line) in text.lines().enumerate() {
        for field in line.split(|sign: char| !sign.is_ascii_alphanumeric()) {
            if let Some(owner) = wanted.get(field) {
                rows.entry(*owner).or_insert_with(|| at.saturating_add(1));
            }
        }
    }
    rows
}
