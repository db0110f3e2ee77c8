//! `cairn epoch list`.

use cairn_client::Reading;
use cairn_interface::vault::{self, EpochRecord, PoolView};
use cairn_merkle::EpochNumber;
use serde::Serialize;

use super::{ClosedShown, EpochShown};
use crate::address::Address;
use crate::amount::grouped;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::utc;
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;

/// List a pool's epochs
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn epoch list --pool POOL
  cairn epoch list --pool POOL --last 4 --output json")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
    /// Show only so many, the newest
    #[arg(long, value_name = "COUNT")]
    pub last: Option<u64>,
}

/// A pool's epochs, oldest first.
#[derive(Clone, Debug, Serialize)]
pub struct EpochsListed {
    pub pool: Address,
    /// 0 before the first.
    pub active_epoch: EpochNumber,
    pub epochs: Vec<EpochShown>,
    /// Epochs of which only root and hashes are still on chain.
    pub closed: Vec<ClosedShown>,
}

/// # Errors
/// No pool at that address; an unreachable node.
pub async fn run(ctx: &Context, args: &Args) -> Result<EpochsListed, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    // One past the active epoch: in flight, or vetoed and not proposed again.
    let newest = pool.next_epoch;
    let oldest = args
        .last
        .map_or(1, |last| newest.saturating_sub(last).max(1));
    // The pool once more: which epoch is the active one, and what each is, are of one moment.
    let mut reading = Reading::new();
    let again = reading.state(pool.address);
    let addresses = (oldest..=newest)
        .map(|number| vault::epoch_address(&pool.address, EpochNumber::new(number)).0);
    let records = reading.all(addresses, EpochRecord::decode);
    let read = chain::answer(ctx, reading).await?;
    let pool: PoolView = read.need(&again)?;
    let (mut epochs, mut closed) = (Vec::new(), Vec::new());
    for record in read.all(&records) {
        match record? {
            Some(EpochRecord::Stored(epoch)) => epochs.push(EpochShown::new(&epoch, &pool)),
            Some(EpochRecord::Closed(epoch)) => closed.push(ClosedShown::new(&epoch, &pool)),
            None => {}
        }
    }
    if let Some(last) = args.last.and_then(|last| usize::try_from(last).ok()) {
        let surplus = epochs.len().saturating_sub(last);
        epochs.drain(..surplus);
    }
    Ok(EpochsListed {
        pool: pool.address.into(),
        active_epoch: pool.active_epoch(),
        epochs,
        closed,
    })
}

impl Verdict for EpochsListed {}

impl Show for EpochsListed {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Epochs of pool {}", self.pool));
        if self.epochs.is_empty() && self.closed.is_empty() {
            page.line("  none was proposed yet");
            return;
        }
        let columns = [
            Column::Number("epoch"),
            Column::Text("status"),
            Column::Text("period"),
            Column::Number("members"),
            Column::Number("tokens granted"),
            Column::Number("proofs accepted"),
            Column::Number("rejected"),
            Column::Text("attested"),
            Column::Text("root"),
        ];
        page.table(
            &columns,
            self.epochs.iter().map(|epoch| {
                vec![
                    epoch.number.to_string(),
                    status(epoch),
                    format!("{} to {}", day(epoch.period_start), day(epoch.period_end)),
                    grouped(epoch.members.into()),
                    epoch.tokens.grouped(),
                    grouped(epoch.accepted),
                    grouped(epoch.rejected),
                    format!("{} of {}", epoch.attestations, epoch.threshold),
                    epoch.root.to_string(),
                ]
            }),
        );
        if !self.closed.is_empty() {
            page.title("Closed");
            let columns = [
                Column::Number("epoch"),
                Column::Number("members"),
                Column::Number("tokens granted"),
                Column::Text("root"),
                Column::Text("manifest"),
            ];
            page.table(
                &columns,
                self.closed.iter().map(|epoch| {
                    vec![
                        epoch.number.to_string(),
                        grouped(epoch.members.into()),
                        epoch.tokens.grouped(),
                        epoch.root.to_string(),
                        epoch.manifest_hash.to_string(),
                    ]
                }),
            );
        }
    }
}

fn status(epoch: &EpochShown) -> String {
    match epoch.attempt {
        0 => epoch.status.to_owned(),
        attempt => format!("{} (proposal {})", epoch.status, attempt.saturating_add(1)),
    }
}

/// `2013-01-07 00:00`, without the seconds and the zone that every period shares.
fn day(unix_secs: i64) -> String {
    let text = utc(unix_secs);
    text.strip_suffix(":00 UTC")
        .map_or(text.clone(), str::to_owned)
}
