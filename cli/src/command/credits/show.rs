//! `cairn credits show`.

use cairn_interface::vault::PoolView;
use cairn_merkle::Credits;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::{CarrierShown, RedemptionShown};
use crate::address::Address;
use crate::amount::of_credits;
use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::{span, utc_from};
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;

/// Show a pool's carriers and what waits to be delivered
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn credits show --pool POOL
  cairn credits show --pool POOL --owner OWNER          only OWNER's redemptions
  cairn credits show --pool POOL --carrier CARRIER      only those that CARRIER has to deliver")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
    /// Only this member's redemptions
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub owner: Option<Pubkey>,
    /// Only redemptions with this carrier
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub carrier: Option<Pubkey>,
}

/// A pool's data credits.
#[derive(Clone, Debug, Serialize)]
pub struct CreditsShown {
    pub pool: Address,
    pub issued: Credits,
    /// Fulfilled, or waiting.
    pub redeemed: Credits,
    pub fulfilled: Credits,
    pub carriers: Vec<CarrierShown>,
    /// By deadline, the nearest first.
    pub redemptions: Vec<RedemptionShown>,
    /// The cluster's clock, unix seconds.
    pub now: i64,
}

/// # Errors
/// No such pool; a node that does not list a program's accounts.
pub async fn run(ctx: &Context, args: &Args) -> Result<CreditsShown, CliError> {
    let (pool, now): (PoolView, _) = chain::with_now(ctx, &args.pool.pool).await?;
    let mut carriers = chain::carriers(ctx, &pool.address).await?;
    carriers.retain(|carrier| args.carrier.is_none_or(|wanted| carrier.carrier == wanted));
    carriers.sort_by_key(|carrier| carrier.carrier);
    let mut redemptions = chain::redemptions(ctx, &pool.address).await?;
    redemptions.retain(|redemption| {
        args.owner.is_none_or(|wanted| redemption.owner == wanted)
            && args
                .carrier
                .is_none_or(|wanted| redemption.carrier == wanted)
    });
    redemptions.sort_by_key(|redemption| (redemption.deadline, redemption.nonce));
    Ok(CreditsShown {
        pool: pool.address.into(),
        issued: pool.credits_issued(),
        redeemed: pool.credits_redeemed(),
        fulfilled: pool.credits_fulfilled(),
        carriers: carriers.iter().map(CarrierShown::new).collect(),
        redemptions: redemptions
            .iter()
            .map(|redemption| RedemptionShown::new(redemption, now))
            .collect(),
        now,
    })
}

impl Verdict for CreditsShown {}

impl Show for CreditsShown {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Data credits of pool {}", self.pool));
        page.fact("issued", of_credits(self.issued));
        page.fact("redeemed", of_credits(self.redeemed));
        page.fact("fulfilled", of_credits(self.fulfilled));

        page.title("Carriers");
        if self.carriers.is_empty() {
            page.line("  none");
        } else {
            let columns = [
                Column::Text("carrier"),
                Column::Text("takes redemptions"),
                Column::Text("delivers within"),
                Column::Number("waiting"),
                Column::Number("fulfilled"),
            ];
            page.table(
                &columns,
                self.carriers.iter().map(|carrier| {
                    vec![
                        carrier.carrier.to_string(),
                        if carrier.active { "yes" } else { "no" }.to_owned(),
                        span(carrier.period_secs),
                        of_credits(carrier.pending),
                        of_credits(carrier.fulfilled),
                    ]
                }),
            );
        }

        page.title("Redemptions");
        if self.redemptions.is_empty() {
            page.line("  none waits");
            return;
        }
        let columns = [
            Column::Number("number"),
            Column::Text("member"),
            Column::Text("carrier"),
            Column::Number("credits"),
            Column::Text("status"),
            Column::Text("deadline"),
            Column::Text("order"),
        ];
        page.table(
            &columns,
            self.redemptions.iter().map(|redemption| {
                vec![
                    redemption.number.to_string(),
                    redemption.owner.to_string(),
                    redemption.carrier.to_string(),
                    of_credits(redemption.credits),
                    redemption.status.to_owned(),
                    utc_from(redemption.deadline, self.now),
                    redemption.commitment.to_string(),
                ]
            }),
        );
    }
}
