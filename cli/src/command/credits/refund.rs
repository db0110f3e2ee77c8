//! `cairn credits refund`.

use cairn_interface::vault;
use serde::Serialize;

use super::{RedemptionArg, RedemptionShown};
use crate::address::Address;
use crate::amount::of_credits;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::moment::utc_from;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::transact::{Deed, Transactions, perform};

/// Give a member's credits back that nobody delivered in time; anyone may
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn credits refund 1772323200 --owner OWNER --pool POOL")]
pub struct Args {
    #[command(flatten)]
    pub redemption: RedemptionArg,
}

/// Credits that went back.
#[derive(Clone, Debug, Serialize)]
pub struct Refunded {
    pub pool: Address,
    pub redemption: RedemptionShown,
    pub transactions: Transactions,
}

/// # Errors
/// The deadline is not over; no such redemption; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Refunded, CliError> {
    let (redemption, now) = args.redemption.read(ctx).await?;
    if now <= redemption.deadline {
        return Err(CliError::not_yet(
            "redemption-not-expired",
            format!(
                "carrier {} has until {}",
                redemption.carrier,
                utc_from(redemption.deadline, now)
            ),
            "run the same command again then",
        ));
    }
    let refund = vault::RefundCredits {
        pool: redemption.pool,
        owner: redemption.owner,
        nonce: redemption.nonce,
        index: redemption.index(),
        carrier: redemption.carrier,
        rent_payer: redemption.rent_payer,
    };
    let effect = Effect::new(format!(
        "Give {} data credits back",
        of_credits(redemption.credits())
    ))
    .fact("pool", redemption.pool)
    .fact("to", redemption.owner)
    .fact("not delivered by", redemption.carrier)
    .fact("rent back to", redemption.rent_payer);
    let transactions = perform(ctx, Deed::new(effect).step([refund.instruction()])).await?;
    Ok(Refunded {
        pool: redemption.pool.into(),
        redemption: RedemptionShown::new(&redemption, now),
        transactions,
    })
}

impl Verdict for Refunded {}

impl Show for Refunded {
    fn show(&self, page: &mut Page) {
        self.transactions.title(page);
        page.fact("pool", self.pool.to_string());
        page.fact("member", self.redemption.owner.to_string());
        page.fact("credits", of_credits(self.redemption.credits));
        self.transactions.show(page);
    }
}
