//! `cairn recipient show`.

use cairn_client::Reading;
use cairn_interface::vault::{RecipientView, recipient_address};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::Wishes;
use crate::address::Address;
use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;

/// Show where a member is paid and who may claim for them
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn recipient show --pool POOL
  cairn recipient show --owner OWNER --pool POOL --output json | jq .payout")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
    /// The member [default: the wallet of -k]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub owner: Option<Pubkey>,
}

/// A member's wishes as they stand.
#[derive(Clone, Debug, Serialize)]
pub struct RecipientShown {
    pub pool: Address,
    pub owner: Address,
    /// The account that holds them; null when the member never said any.
    pub recipient: Option<Address>,
    #[serde(flatten)]
    pub wishes: Wishes,
    /// Gets the account's rent back.
    pub rent_payer: Option<Address>,
    /// The cluster's clock, unix seconds.
    pub now: i64,
}

/// # Errors
/// No such pool; an unreachable node.
pub async fn run(ctx: &Context, args: &Args) -> Result<RecipientShown, CliError> {
    let owner = match args.owner {
        Some(owner) => owner,
        None => ctx.reader()?,
    };
    let address = recipient_address(&args.pool.pool, &owner).0;
    let ask = |reading: &mut Reading| reading.state(address);
    let asked = chain::pool_with(ctx, &args.pool.pool, ask).await?;
    let (pool, recipient, now): (_, Option<RecipientView>, _) = asked;
    Ok(RecipientShown {
        pool: pool.address.into(),
        owner: owner.into(),
        wishes: Wishes::of(&owner, recipient.as_ref(), now),
        rent_payer: recipient.as_ref().map(|found| found.rent_payer.into()),
        recipient: recipient.map(|found| found.address.into()),
        now,
    })
}

impl Verdict for RecipientShown {}

impl Show for RecipientShown {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Payouts of {}", self.owner));
        page.fact("pool", self.pool.to_string());
        self.wishes.facts(page, self.now);
        if self.recipient.is_none() {
            page.gap();
            page.line("Nothing was set: claims pay the member's own token account, and anyone may send them.");
        }
    }
}
