//! `genesis`: a network starts from what its users already hold. The balances become a table beside the ruleset, which names it by its
//! hash, so the pool that is created with the ruleset's hash states their sums.

mod balances;

use std::fs;
use std::path::PathBuf;

use cairn_epoch::{Amounts, NamedGenesis, name_genesis};
use cairn_merkle::Tokens;
use cairn_spelling::Amount;

use crate::KeeperError;
use crate::progress::Progress;
use crate::store::folder::FolderError;

pub use balances::{BalancesError, Column, Problem};

/// What `genesis` is told.
#[derive(Clone, Debug)]
pub struct GenesisOptions {
    /// Folder of the rules that the pool will be created with.
    pub ruleset: PathBuf,
    /// The table of balances.
    pub from: PathBuf,
    /// Of the token: digits behind the point of its amounts.
    pub decimals: u8,
    /// What of the balances may enter leaves in an epoch beside its own, each as the ruleset has it where it is not said.
    pub tokens_per_epoch: Option<Amount>,
    pub points_per_epoch: Option<Amount>,
    pub credits_per_epoch: Option<u64>,
    /// Look, and write nothing.
    pub dry_run: bool,
}

/// Balances that a ruleset names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenesisNamed {
    pub ruleset: PathBuf,
    pub table: PathBuf,
    pub decimals: u8,
    pub wallets: u64,
    pub identities: u64,
    pub named: NamedGenesis,
    /// Epochs until all of it is in leaves at the latest, when every epoch's own is earned whole; none where that would be never.
    pub epochs: Option<u64>,
    pub written: bool,
}

/// Reads the balances and names them in the ruleset.
///
/// # Errors
/// [`KeeperError`]: a table that is none, or has faults, every one of them with its line; a ruleset that can not be used, or names other
/// balances already; a folder that can not be written.
pub fn genesis(
    options: &GenesisOptions,
    progress: &dyn Progress,
) -> Result<GenesisNamed, KeeperError> {
    let from = &options.from;
    let bytes = fs::read(from).map_err(FolderError::io("read", from))?;
    let grants = balances::read(from, &bytes, options.decimals, progress)?;
    drop(bytes);
    let unusable = |source| KeeperError::Ruleset {
        path: options.ruleset.clone(),
        source,
    };
    let own = cairn_epoch::read_terms(&options.ruleset).map_err(unusable)?;
    let arrears = Amounts {
        credits: options
            .credits_per_epoch
            .map_or(own.arrears.credits, cairn_merkle::Credits::new),
        points: options.points_per_epoch.map_or(own.arrears.points, |it| {
            cairn_merkle::MilliPoints::new(it.base())
        }),
        tokens: options
            .tokens_per_epoch
            .map_or(own.arrears.tokens, |it| Tokens::new(it.base())),
    };
    let write = !options.dry_run;
    let named = name_genesis(&options.ruleset, &grants, Some(arrears), write).map_err(unusable)?;
    let wallets = grants.iter().filter(|grant| grant.is_wallet).count() as u64;
    Ok(GenesisNamed {
        table: options.ruleset.join(crate::store::GENESIS),
        ruleset: options.ruleset.clone(),
        decimals: options.decimals,
        wallets,
        identities: (grants.len() as u64).saturating_sub(wallets),
        epochs: epochs(named.genesis.amounts(), arrears),
        named,
        written: write,
    })
}

/// Epochs that `owed` takes to enter leaves at the most, so much an epoch.
fn epochs(owed: Amounts, each: Amounts) -> Option<u64> {
    [
        (owed.tokens.get(), each.tokens.get()),
        (owed.points.get(), each.points.get()),
        (owed.credits.get(), each.credits.get()),
    ]
    .into_iter()
    .filter(|(owed, _)| *owed > 0)
    .try_fold(0, |most: u64, (owed, each)| {
        let rounded_up = owed.checked_add(each.checked_sub(1)?)?;
        Some(most.max(rounded_up.checked_div(each)?))
    })
}

#[cfg(test)]
mod tests {
    use cairn_merkle::{Credits, MilliPoints};

    use super::*;

    #[test]
    fn the_slowest_of_the_three_says_how_long_it_takes() {
        let amounts = |tokens, points, credits| Amounts {
            credits: Credits::new(credits),
            points: MilliPoints::new(points),
            tokens: Tokens::new(tokens),
        };
        let epochs = |owed, each| super::epochs(owed, each);
        assert_eq!(epochs(amounts(10, 10, 0), amounts(5, 3, 0)), Some(4));
        assert_eq!(epochs(amounts(10, 10, 1), amounts(5, 3, 0)), None);
        assert_eq!(epochs(amounts(0, 0, 0), amounts(0, 0, 0)), Some(0));
    }
}
