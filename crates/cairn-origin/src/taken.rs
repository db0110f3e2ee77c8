//! What a correction makes good, against what was taken under the root before: a row too many is money for whoever owns its index,
//! a row too few is missing from what a member is paid.

use cairn_client::Ledger;
use cairn_epoch::{EpochFolder, Input, Manifest, Taken, read_taken};
use cairn_merkle::EpochNumber;
use cairn_spelling::text::base58;
use solana_sdk::pubkey::Pubkey;

use crate::past::{Past, taken_under};
use crate::{Before, Finding, OriginError, OriginFault};

const NAME: &str = "taken";
const FILE: &str = "inputs/taken.parquet";
const CHAIN: &str = "the transactions on chain";

/// Holds the table against the chain: it is there when the epoch before was revoked, and only then. `None` when there is neither.
///
/// # Errors
/// A table that can not be read, a node that can not be asked.
pub async fn taken(
    ledger: &dyn Ledger,
    pool: &Pubkey,
    folder: &EpochFolder,
    manifest: &Manifest,
    before: Option<Before<'_>>,
) -> Result<Option<Finding>, OriginError> {
    let number = manifest.epoch.number.previous().unwrap_or_default();
    let is_revoked = before.is_some_and(|before| before.is_revoked);
    let wrong = |message: String| {
        let file = FILE.to_owned();
        Ok(Some(Finding::differs(
            NAME,
            OriginFault::Succession { file, message },
        )))
    };
    match (is_revoked, Input::Taken.is_among(&manifest.inputs)) {
        (false, false) => return Ok(None),
        (false, true) => {
            return wrong(format!(
                "epoch {number} was not revoked, so nothing is to be made good"
            ));
        }
        (true, false) => {
            return wrong(format!(
                "epoch {number} was revoked, and what was taken under its root is not counted"
            ));
        }
        (true, true) => {}
    }
    let told = match taken_under(ledger, pool, number).await? {
        Past::Whole(told) => told,
        Past::Partial(lacks) => return Ok(Some(Finding::unknown(NAME, lacks))),
    };
    let found = read_taken(&folder.taken())?;
    Ok(Some(compare(number, &told, &found)))
}

fn compare(number: EpochNumber, told: &[Taken], found: &[Taken]) -> Finding {
    let rows = told.len().max(found.len());
    let difference = (0..rows).find_map(|at| difference(told.get(at), found.get(at)));
    match difference {
        Some((column, expected, found)) => Finding::differs(
            NAME,
            OriginFault::Value {
                file: FILE,
                column,
                expected,
                found,
                origin: CHAIN,
            },
        ),
        None => Finding::equal(
            NAME,
            format!(
                "what was taken at {} indices under the revoked root of epoch {number} is made good",
                told.len()
            ),
        ),
    }
}

type Difference = (&'static str, String, String);

fn difference(told: Option<&Taken>, found: Option<&Taken>) -> Option<Difference> {
    let spell = |row: Option<&Taken>| {
        row.map_or_else(|| "no further row".to_owned(), |row| row.index.to_string())
    };
    let (Some(a), Some(b)) = (told, found) else {
        return Some(("index", spell(told), spell(found)));
    };
    let columns = |row: &Taken| {
        [
            ("index", row.index.to_string()),
            ("owner", base58(&row.owner)),
            ("tokens", row.tokens.to_string()),
            ("tokens_claimed", row.tokens_claimed.to_string()),
            ("milli_points", row.points.to_string()),
            ("milli_points_burnt", row.points_burnt.to_string()),
            ("credits", row.credits.to_string()),
            ("credits_redeemed", row.credits_redeemed.to_string()),
        ]
    };
    columns(a)
        .into_iter()
        .zip(columns(b))
        .find(|(a, b)| a != b)
        .map(|((column, expected), (_, found))| {
            let at = |value: String| format!("{value} at index {}", a.index);
            (column, at(expected), at(found))
        })
}
