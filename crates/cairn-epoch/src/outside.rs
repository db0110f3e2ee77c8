//! What somebody is owed that no leaf holds, from a closed epoch's folder.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

use std::path::Path;

use cairn_merkle::EpochNumber;

use crate::EpochError;
use crate::amounts::Amounts;
use crate::folder::{EpochFolder, read};
use crate::state::{ARREARS, LINKS, UNLINKED, decode_arrears, decode_links, decode_unlinked};

/// What stands outside of the tree for one key, a wallet's or an identity's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outside {
    /// The wallet that the identity was linked to; what is owed to it counts below.
    pub wallet: Option<[u8; 32]>,
    /// Given to an identity without a wallet.
    pub unlinked: Option<Amounts>,
    /// Owed to the wallet and waiting for room in leaves, in the order it is paid.
    pub arrears: Vec<Owing>,
}

/// A row of what waits for room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owing {
    /// In which it came in.
    pub epoch: EpochNumber,
    pub amounts: Amounts,
    /// What others are owed before it.
    pub ahead: Amounts,
}

impl Outside {
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// What stands outside of the tree for `key` after the closed epoch in `dir`.
///
/// # Errors
/// [`EpochError::Missing`] before the epoch is closed, and for one of a computation that knew neither; whatever reading a table meets.
pub fn outside(dir: &Path, key: &[u8; 32]) -> Result<Outside, EpochError> {
    let outputs = EpochFolder::new(dir).outputs();
    let bytes = |name: &str| {
        let path = outputs.join(name);
        Ok::<_, EpochError>((read(&path)?.into(), path))
    };
    let (links, path) = bytes(LINKS)?;
    let links = decode_links(&path, links)?;
    let link = links.binary_search_by(|link| link.identity.cmp(key)).ok();
    let wallet = link.and_then(|at| links.get(at)).map(|link| link.wallet);
    let (unlinked, path) = bytes(UNLINKED)?;
    let unlinked = decode_unlinked(&path, unlinked)?;
    let row = unlinked.binary_search_by(|row| row.identity.cmp(key)).ok();
    let (arrears, path) = bytes(ARREARS)?;
    let owner = wallet.unwrap_or(*key);
    let mut ahead = Amounts::default();
    let mut owing = Vec::new();
    for row in decode_arrears(&path, arrears)? {
        if row.owner == owner {
            owing.push(Owing {
                epoch: row.epoch,
                amounts: row.amounts,
                ahead,
            });
        }
        ahead.add(row.amounts, "what is owed")?;
    }
    Ok(Outside {
        wallet,
        unlinked: row.and_then(|at| unlinked.get(at)).map(|row| row.amounts),
        arrears: owing,
    })
}
