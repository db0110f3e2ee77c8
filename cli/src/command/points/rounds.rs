//! `cairn points rounds`.

use cairn_client::Reading;
use cairn_interface::vault::PoolView;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::RoundShown;
use crate::address::Address;
use crate::amount::{Amount, grouped, of_points, of_tokens};
use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::utc;
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;

/// List a pool's burn rounds that are not closed, and what an owner burnt in them
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn points rounds --pool POOL
  cairn points rounds --pool POOL --owner OWNER     also what OWNER burnt, and its share as things stand")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
    /// Also show this member's burns
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub owner: Option<Pubkey>,
}

/// A pool's rounds, oldest first.
#[derive(Clone, Debug, Serialize)]
pub struct RoundsListed {
    pub pool: Address,
    pub rounds: Vec<RoundLine>,
    /// Rounds that were settled and closed.
    pub closed: u64,
}

/// A round, and the owner's part in it.
#[derive(Clone, Debug, Serialize)]
pub struct RoundLine {
    #[serde(flatten)]
    pub round: RoundShown,
    /// Null when no owner was named or nothing of theirs is unsettled.
    pub mine: Option<Mine>,
}

/// What one member burnt and was not settled yet.
#[derive(Clone, Debug, Serialize)]
pub struct Mine {
    pub burnt: Amount,
    /// If nobody burnt any more.
    pub share: Amount,
}

/// # Errors
/// No such pool; an unreachable node.
pub async fn run(ctx: &Context, args: &Args) -> Result<RoundsListed, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let mut reading = Reading::new();
    let asked = chain::ask_rounds(&mut reading, &pool.address, 0..pool.next_round, args.owner);
    let (again, clock) = (reading.state(pool.address), reading.clock());
    let read = chain::answer(ctx, reading).await?;
    let (pool, now): (PoolView, _) = (read.need(&again)?, read.need(&clock)?.unix_timestamp);
    let mut rounds = Vec::new();
    for (round, receipt) in asked.found(&read)? {
        rounds.push(RoundLine {
            round: RoundShown::new(&round, &pool, now),
            mine: receipt.map(|receipt| Mine {
                burnt: of_points(receipt.burnt()),
                share: of_tokens(round.share_of(receipt.burnt()), pool.decimals),
            }),
        });
    }
    Ok(RoundsListed {
        pool: pool.address.into(),
        closed: pool.next_round.saturating_sub(rounds.len() as u64),
        rounds,
    })
}

impl Verdict for RoundsListed {}

impl Show for RoundsListed {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Burn rounds of pool {}", self.pool));
        if self.rounds.is_empty() {
            page.line("  none is open or waits to be settled");
        } else {
            let mut columns = vec![
                Column::Number("round"),
                Column::Text("status"),
                Column::Number("tokens"),
                Column::Number("burnt"),
                Column::Number("least"),
                Column::Text("starts"),
                Column::Text("ends"),
                Column::Text("settled"),
            ];
            let mine = self.rounds.iter().any(|line| line.mine.is_some());
            if mine {
                columns.extend([Column::Number("yours"), Column::Number("share")]);
            }
            page.table(
                &columns,
                self.rounds.iter().map(|line| {
                    let round = &line.round;
                    let mut cells = vec![
                        round.number.to_string(),
                        round.status.to_owned(),
                        round.tokens.grouped(),
                        round.burnt.grouped(),
                        round.minimum.grouped(),
                        utc(round.starts_at),
                        utc(round.ends_at),
                        format!("{} of {}", round.settled_receipts, round.receipts),
                    ];
                    if let Some(mine) = &line.mine {
                        cells.extend([mine.burnt.grouped(), mine.share.grouped()]);
                    }
                    cells
                }),
            );
        }
        if self.closed > 0 {
            page.line(&format!("  {} more are closed", grouped(self.closed)));
        }
    }
}
