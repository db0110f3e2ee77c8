//! Everybody who earned something, as a table that a spreadsheet opens.

use std::fmt::Write as _;
use std::path::Path;

use cairn_epoch::OwnerChange;
use cairn_epoch::disk::{Machine, write_whole};
use solana_sdk::pubkey::Pubkey;

use crate::amount::{of_points, of_tokens};
use crate::error::CliError;

const HEADER: &str =
    "owner,tokens_before,tokens_after,points_before,points_after,credits_before,credits_after\n";

/// Writes the table whole, or leaves what was there.
pub(super) fn write(path: &Path, owners: &[OwnerChange], decimals: u8) -> Result<(), CliError> {
    let mut text = HEADER.to_owned();
    for owner in owners {
        // Writing to a String can not fail.
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{}",
            Pubkey::new_from_array(owner.owner),
            of_tokens(owner.tokens.before, decimals).plain(),
            of_tokens(owner.tokens.after, decimals).plain(),
            of_points(owner.points.before).plain(),
            of_points(owner.points.after).plain(),
            owner.credits.before,
            owner.credits.after
        );
    }
    write_whole(&Machine, path, text.as_bytes()).map_err(|error| {
        CliError::refused(
            "files-io",
            error.to_string(),
            "name another file with --csv",
        )
    })
}
