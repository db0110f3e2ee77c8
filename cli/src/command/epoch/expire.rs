//! `cairn epoch expire`.

use cairn_client::challenges_of;
use cairn_interface::vault::{EpochRecord, EpochStatus, ExpireChallenge};
use cairn_merkle::{EpochNumber, LeafIndex};

use super::leaf;
use crate::amount::grouped;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc_from;
use crate::transact::{Deed, Transactions, perform};

/// End challenges that nobody answered in time, and return those that are over; anyone may
///
/// A leaf that nobody showed in time vetoes the epoch: leaves that are withheld are as good as stolen. A challenge of an attempt
/// that fell for another reason is returned. Either way rent and deposit go back to its challenger.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn epoch expire 4 --pool POOL                 every challenge that can end
  cairn epoch expire 4 --pool POOL --index 17      one member's")]
pub struct Args {
    /// The epoch's number
    #[arg(value_name = "EPOCH")]
    pub number: EpochNumber,
    #[command(flatten)]
    pub pool: PoolArg,
    /// The challenged member's number [default: every one]
    #[arg(long, value_name = "INDEX")]
    pub index: Option<LeafIndex>,
}

/// # Errors
/// No such epoch; nothing can end yet; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let address = args.pool.pool;
    let ask = |reading: &mut _| chain::ask_record(reading, &address, args.number);
    let (pool, record, now) = chain::pool_with(ctx, &address, ask).await?;
    let EpochRecord::Stored(epoch) = chain::known(&pool, args.number, record)? else {
        return Err(CliError::refused(
            "epoch-closed",
            format!("epoch {} is closed", args.number),
            "what was challenged of it is over; ask its challenger's wallet",
        ));
    };
    let is_open = matches!(
        epoch.status(),
        EpochStatus::Proposed | EpochStatus::Attested
    );
    let found = leaf::named(
        challenges_of(ctx.ledger.as_ref(), &epoch.address).await?,
        args.index,
    );
    let lives = |attempt| is_open && attempt == epoch.attempt;
    let (waiting, ended): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|challenge| lives(challenge.attempt) && now <= challenge.deadline);
    if ended.is_empty() {
        if let Some(next) = waiting.iter().map(|challenge| challenge.deadline).min() {
            return Err(CliError::not_yet(
                "challenge-answerable",
                format!(
                    "a challenge can still be answered until {}",
                    utc_from(next, now)
                ),
                "run the same command again then",
            ));
        }
        let none = Transactions::none("No challenge is left to end");
        return Ok(Facts::of(none)
            .fact("pool", pool.address)
            .data("ended", 0_u64));
    }
    let vetoes = ended.iter().any(|challenge| lives(challenge.attempt));
    let mut effect = Effect::new(format!(
        "End {} challenges of epoch {}",
        grouped(ended.len() as u64),
        args.number
    ))
    .fact("pool", pool.address);
    if vetoes {
        effect = effect.warning("Nobody showed a challenged leaf in time: this vetoes the epoch.");
    }
    let count = ended.len() as u64;
    let deed = ended.iter().fold(Deed::new(effect), |deed, challenge| {
        let expire = ExpireChallenge::of(challenge, (pool.address, args.number));
        deed.step([expire.instruction()])
    });
    let transactions = perform(ctx, deed).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .data("epoch", args.number)
        .worded("ended", count, "ended", format!("{count} challenges")))
}
