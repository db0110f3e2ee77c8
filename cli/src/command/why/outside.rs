//! What somebody is owed that no leaf holds, as `cairn why` tells it.

use std::path::Path;

use cairn_epoch::{Amounts, EpochError, Owing};
use cairn_merkle::{Credits, EpochNumber};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use crate::address::Address;
use crate::amount::{Amount, grouped, of_points, of_tokens};
use crate::error::CliError;
use crate::page::{Column, Page};

/// Amounts outside of the tree. Tokens are base units: the files do not say how many make a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    pub tokens: Amount,
    pub points: Amount,
    pub credits: Credits,
}

/// A row of what waits until leaves may grow by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waits {
    /// In which it came in.
    pub epoch: EpochNumber,
    #[serde(flatten)]
    pub amounts: Kept,
    /// What others are owed before it.
    pub ahead: Kept,
}

/// What no leaf holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outside {
    /// The wallet that the identity was linked to.
    pub wallet: Option<Address>,
    /// Kept for an identity until a link names a wallet.
    pub unlinked: Option<Kept>,
    /// Owed to the wallet, in the order it is paid.
    pub in_arrears: Vec<Waits>,
}

impl Kept {
    fn of(amounts: Amounts) -> Self {
        Self {
            tokens: of_tokens(amounts.tokens, 0),
            points: of_points(amounts.points),
            credits: amounts.credits,
        }
    }

    fn words(&self) -> String {
        let credits = match self.credits {
            Credits::ZERO => String::new(),
            credits => format!(", {} data credits", grouped(credits.get())),
        };
        format!(
            "{} base units of tokens, {} points{credits}",
            self.tokens.grouped(),
            self.points.grouped()
        )
    }
}

impl Outside {
    /// Of `key`, a wallet's or an identity's, in an epoch's folder; none where there is nothing, or an epoch of a computation that knew
    /// of none.
    ///
    /// # Errors
    /// Tables that can not be read.
    pub fn read(folder: &Path, key: &[u8; 32]) -> Result<Option<Self>, CliError> {
        let found = match cairn_epoch::outside(folder, key) {
            Err(EpochError::Missing { .. }) => return Ok(None),
            found => found?,
        };
        let waits = |row: &Owing| Waits {
            epoch: row.epoch,
            amounts: Kept::of(row.amounts),
            ahead: Kept::of(row.ahead),
        };
        Ok((!found.is_nothing()).then(|| Self {
            wallet: found.wallet.map(|key| Address(Pubkey::new_from_array(key))),
            unlinked: found.unlinked.map(Kept::of),
            in_arrears: found.arrears.iter().map(waits).collect(),
        }))
    }

    pub fn show(&self, page: &mut Page) {
        page.title("Outside of the tree");
        if let Some(wallet) = &self.wallet {
            page.fact("linked to", wallet.to_string());
        }
        if let Some(kept) = &self.unlinked {
            page.fact("kept", kept.words());
            page.line("It is the wallet's that a link names: `cairn proof link`. Nobody's share hangs on when that is.");
        }
        if self.in_arrears.is_empty() {
            return;
        }
        page.line("Owed, and waiting until leaves may grow by it:");
        let columns = [
            Column::Number("since epoch"),
            Column::Number("base units"),
            Column::Number("points"),
            Column::Number("credits"),
            Column::Number("base units before it"),
        ];
        page.table(
            &columns,
            self.in_arrears.iter().map(|row| {
                vec![
                    row.epoch.to_string(),
                    row.amounts.tokens.grouped(),
                    row.amounts.points.grouped(),
                    grouped(row.amounts.credits.get()),
                    row.ahead.tokens.grouped(),
                ]
            }),
        );
    }
}
