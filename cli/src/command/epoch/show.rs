//! `cairn epoch show`.

use cairn_merkle::EpochNumber;
use serde::Serialize;

use super::{ClosedShown, EpochShown, RecordShown};
use crate::address::Address;
use crate::amount::{grouped, of_credits};
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::{utc, utc_from};
use crate::page::{Page, Show};
use crate::printer::Verdict;

/// Show one epoch in full: root, totals, hashes, attestations
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn epoch show 3 --pool POOL")]
pub struct Args {
    /// The epoch's number
    #[arg(value_name = "EPOCH")]
    pub number: EpochNumber,
    #[command(flatten)]
    pub pool: PoolArg,
}

/// One epoch of a pool.
#[derive(Clone, Debug, Serialize)]
pub struct OneEpoch {
    pub pool: Address,
    #[serde(flatten)]
    pub epoch: RecordShown,
    /// The cluster's clock, unix seconds.
    pub now: i64,
}

/// # Errors
/// No such pool or epoch; an unreachable node.
pub async fn run(ctx: &Context, args: &Args) -> Result<OneEpoch, CliError> {
    let address = args.pool.pool;
    let ask = |reading: &mut _| chain::ask_record(reading, &address, args.number);
    let (pool, record, now) = chain::pool_with(ctx, &address, ask).await?;
    let record = chain::known(&pool, args.number, record)?;
    Ok(OneEpoch {
        pool: pool.address.into(),
        epoch: RecordShown::new(&record, &pool),
        now,
    })
}

impl Verdict for OneEpoch {}

impl Show for OneEpoch {
    fn show(&self, page: &mut Page) {
        match &self.epoch {
            RecordShown::Stored(epoch) => self.stored(epoch, page),
            RecordShown::Closed(epoch) => self.closed(epoch, page),
        }
    }
}

impl OneEpoch {
    fn closed(&self, epoch: &ClosedShown, page: &mut Page) {
        page.title(&format!("Epoch {} is closed", epoch.number));
        page.fact("pool", self.pool.to_string());
        page.fact("address", epoch.address.to_string());

        page.title("Root");
        page.fact("hash", epoch.root.to_string());
        page.fact("tokens", epoch.tokens.grouped());
        page.fact("points", epoch.points.grouped());
        page.fact("credits", of_credits(epoch.credits));
        page.fact("members", grouped(epoch.members.into()));

        page.title("Hashes");
        page.fact("manifest", epoch.manifest_hash.to_string());
    }

    fn stored(&self, epoch: &EpochShown, page: &mut Page) {
        page.title(&format!("Epoch {} is {}", epoch.number, epoch.status));
        page.fact("pool", self.pool.to_string());
        page.fact("address", epoch.address.to_string());
        page.fact(
            "period",
            format!("{}\nto {}", utc(epoch.period_start), utc(epoch.period_end)),
        );
        page.fact("proposed", utc_from(epoch.proposed_at, self.now));
        page.fact("proposed by", epoch.proposer.to_string());
        match (epoch.activated_at, epoch.veto_reason) {
            (Some(at), _) => page.fact("activated", utc_from(at, self.now)),
            (None, Some(reason)) => page.fact("vetoed", format!("with reason code {reason}")),
            (None, None) => {
                page.fact("activatable", utc_from(epoch.activatable_at, self.now));
                page.fact(
                    "challenges",
                    format!("{} open", grouped(epoch.open_challenges.into())),
                );
            }
        }
        if epoch.attempt > 0 {
            let earlier = u64::from(epoch.attempt);
            page.fact("vetoed before", format!("{} times", grouped(earlier)));
        }
        page.fact(
            "attested by",
            epoch
                .attested_by
                .iter()
                .map(Address::to_string)
                .collect::<Vec<_>>()
                .join("\n"),
        );
        page.fact(
            "attestations",
            format!("{} of {} needed", epoch.attestations, epoch.threshold),
        );
        page.fact(
            "canopy",
            if epoch.canopy_complete {
                "complete"
            } else {
                "incomplete"
            },
        );

        page.title("Root");
        page.fact("hash", epoch.root.to_string());
        page.fact("tokens", epoch.tokens.grouped());
        page.fact("points", epoch.points.grouped());
        page.fact("credits", of_credits(epoch.credits));
        page.fact("members", grouped(epoch.members.into()));
        page.fact("proofs accepted", grouped(epoch.accepted));
        page.fact("proofs rejected", grouped(epoch.rejected));

        page.title("Hashes");
        page.fact("proposal", epoch.proposal.to_string());
        page.fact("manifest", epoch.manifest_hash.to_string());
        page.fact("ruleset", epoch.ruleset_hash.to_string());
        page.fact("code", epoch.code_hash.to_string());
    }
}
