//! Rules on disk that come to name what people held before the pool began.

use std::path::Path;

use cairn_merkle::Tokens;
use cairn_rules::{RulesError, Ruleset};
use sha2::{Digest, Sha256};

use super::{Genesis, Rulebook, write_ruleset};
use crate::EpochError;
use crate::amounts::Amounts;
use crate::folder::{GENESIS, RULES, RULESET, write_atomically};
use crate::input::{Grant, encode_genesis};

/// A ruleset that names what people held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedGenesis {
    pub genesis: Genesis,
    /// What of it may enter leaves in an epoch beside its own.
    pub arrears: Amounts,
    /// What an epoch divides.
    pub tokens_per_epoch: Tokens,
    /// The ruleset's, as a pool names it.
    pub ruleset_hash: [u8; 32],
}

/// Writes the table of `grants`, ascending by owner, beside the ruleset in `folder`, and names it there; with `arrears` in place of the
/// ruleset's own. Without `write` says what would stand there. The same once more changes nothing.
///
/// # Errors
/// [`EpochError::Rules`] for a ruleset that can not be read, names other grants already, or would never pay them;
/// [`EpochError::Row`], [`EpochError::Overflow`], [`EpochError::Io`].
pub fn name_genesis(
    folder: &Path,
    grants: &[Grant],
    arrears: Option<Amounts>,
    write: bool,
) -> Result<NamedGenesis, EpochError> {
    let (document, path) = (folder.join(RULESET), folder.join(GENESIS));
    let ruleset = Ruleset::load(&document, &folder.join(RULES))?;
    let own = Rulebook::new(ruleset.clone())?.terms();
    let table = encode_genesis(&path, grants)?;
    let genesis = Genesis::of(grants, Sha256::digest(&table).into())?;
    let arrears = arrears.unwrap_or(own.arrears);
    let wrong = |message: &str| RulesError::Document {
        path: document.clone(),
        message: message.to_owned(),
    };
    if own.genesis.as_ref().is_some_and(|named| *named != genesis) {
        return Err(wrong(
            "[genesis] names other balances already: write the rules anew into another folder",
        )
        .into());
    }
    let mut text = with_arrears(ruleset.document(), arrears);
    if own.genesis.is_none() {
        text = format!("{}\n\n{}", text.trim_end(), genesis.render());
    }
    let files = ruleset.rules().iter();
    let files = files.map(|rule| (format!("{}.sql", rule.name), rule.sql.clone()));
    let named = Ruleset::from_texts(text, files)?;
    let rulebook = Rulebook::new(named.clone())?;
    if (rulebook.arrears(), rulebook.genesis()) != (arrears, Some(&genesis)) {
        return Err(wrong("[arrears] is written in a way that can not be changed for you: write its three lines anew").into());
    }
    if write {
        // The table first: rules that name a table which is not there are none.
        write_atomically(&path, &table)?;
        write_ruleset(folder, &named)?;
    }
    Ok(NamedGenesis {
        genesis,
        arrears,
        tokens_per_epoch: own.tokens_per_epoch,
        ruleset_hash: named.hash(),
    })
}

/// The document with these numbers in its section `[arrears]`; with the section at its end where it has none.
fn with_arrears(document: &str, arrears: Amounts) -> String {
    let numbers = [
        ("tokens", arrears.tokens.get()),
        ("milli_points", arrears.points.get()),
        ("credits", arrears.credits.get()),
    ];
    let line = |(key, number): &(&str, u64)| format!("{key} = \"{number}\"\n");
    let (mut is_there, mut is_inside) = (false, false);
    let mut text = String::with_capacity(document.len());
    for given in document.split_inclusive('\n') {
        if given.starts_with('[') {
            is_inside = given.trim_end() == "[arrears]";
            is_there |= is_inside;
        }
        let key = given.split('=').next().unwrap_or_default().trim();
        match numbers.iter().find(|(name, _)| is_inside && *name == key) {
            Some(number) => text += &line(number),
            None => text += given,
        }
    }
    if !is_there {
        let lines: String = numbers.iter().map(line).collect();
        text = format!("{}\n\n[arrears]\n{lines}", text.trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use cairn_merkle::{Credits, MilliPoints};

    use super::*;

    #[test]
    fn the_three_numbers_are_replaced_where_they_stand_and_nothing_else() {
        let arrears = Amounts {
            credits: Credits::new(3),
            points: MilliPoints::new(2),
            tokens: Tokens::new(1),
        };
        let document = "[other]\ntokens = \"9\"\n[arrears]\n# why\ntokens = \"0\"\nmilli_points = \"5\"\ncredits = \"0\"\n[x]\ncredits = 7\n";
        let expected = "[other]\ntokens = \"9\"\n[arrears]\n# why\ntokens = \"1\"\nmilli_points = \"2\"\ncredits = \"3\"\n[x]\ncredits = 7\n";
        assert_eq!(with_arrears(document, arrears), expected);
        let added = with_arrears("[x]\na = 1\n", arrears);
        assert!(
            added.ends_with(
                "\n\n[arrears]\ntokens = \"1\"\nmilli_points = \"2\"\ncredits = \"3\"\n"
            )
        );
    }
}
