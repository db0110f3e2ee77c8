//! Who a prepared campaign pays, asked of the chain each time something of it is fixed for good.

use std::path::Path;

use cairn_campaign::{CampaignFile, RECIPIENTS_CSV, Recipients, read_recipients};
use solana_sdk::pubkey::Pubkey;

use crate::context::Context;
use crate::error::CliError;
use crate::payee::Census;

/// The recipients of a campaign's folder as the chain knows them.
///
/// # Errors
/// One that nobody can sign for, by its row; files that differ from the campaign; an unreachable node.
pub(super) async fn of_folder(
    ctx: &Context,
    folder: &Path,
    campaign: &CampaignFile,
) -> Result<Census, CliError> {
    let owners = owners(&read_recipients(folder, campaign)?);
    let census = Census::take(ctx, &owners).await?;
    // The list's first line names its columns.
    census.refuse_nobody(&owners, |at| {
        format!("{RECIPIENTS_CSV}, row {}", at.saturating_add(2))
    })?;
    Ok(census)
}

/// The recipients' addresses, in their order.
pub(super) fn owners(recipients: &Recipients) -> Vec<Pubkey> {
    let list = recipients.list().iter();
    list.map(|one| Pubkey::new_from_array(one.owner)).collect()
}
