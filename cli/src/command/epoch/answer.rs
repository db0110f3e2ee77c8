//! `cairn epoch answer`.

use cairn_client::challenges_of;
use cairn_interface::vault::AnswerChallenge;
use cairn_merkle::{EpochNumber, LeafIndex, Tokens};

use super::leaf;
use crate::amount::{grouped, of_tokens};
use crate::args::{FilesArg, PoolArg};
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::published::Published;
use crate::transact::{Deed, Transactions, perform};

/// Show challenged leaves in a proposed epoch; anyone who has its files may
///
/// Finds the open challenges of the epoch on chain and the leaves in its published files. For each leaf that is whole, rent and
/// deposit of the challenge are yours. A leaf from which something was taken vetoes the epoch when it is shown.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn epoch answer 4 --pool POOL --files DIR                 every open challenge
  cairn epoch answer 4 --pool POOL --files DIR --index 17      one member's
  cairn epoch answer 4 --pool POOL --files DIR --dry-run       what would be shown")]
pub struct Args {
    /// The proposed epoch's number
    #[arg(value_name = "EPOCH")]
    pub number: EpochNumber,
    #[command(flatten)]
    pub pool: PoolArg,
    #[command(flatten)]
    pub files: FilesArg,
    /// The challenged member's number [default: every one]
    #[arg(long, value_name = "INDEX")]
    pub index: Option<LeafIndex>,
}

/// # Errors
/// Nothing is proposed; files that are stale or forged; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, epoch, _) = leaf::in_flight(ctx, &args.pool.pool, args.number).await?;
    let mut open = leaf::named(
        challenges_of(ctx.ledger.as_ref(), &epoch.address).await?,
        args.index,
    );
    open.retain(|challenge| challenge.attempt == epoch.attempt);
    if open.is_empty() {
        let none = Transactions::none("No challenge waits for an answer");
        return Ok(Facts::of(none)
            .fact("pool", pool.address)
            .data("answered", 0_u64));
    }
    let files = Published::open(ctx, &args.files).await?;
    let answerer = ctx.signer()?;
    let mut effect = Effect::new(format!(
        "Answer {} challenges of epoch {}",
        grouped(open.len() as u64),
        args.number
    ))
    .fact("pool", pool.address);
    let mut answers = Vec::with_capacity(open.len());
    for challenge in &open {
        let found = leaf::at_index(&files, &epoch, &pool, LeafIndex::new(challenge.index)).await?;
        let leaf = found.leaf();
        let kept = challenge.is_answered_by(&leaf);
        effect = effect.fact(
            "shows",
            format!(
                "member {}: {} tokens, asked for were {}",
                challenge.index,
                of_tokens(found.tokens, pool.decimals).grouped(),
                of_tokens(Tokens::new(challenge.tokens), pool.decimals).grouped()
            ),
        );
        if !kept {
            effect = effect.warning(format!(
                "Member {}'s leaf is not whole: showing it vetoes the epoch.",
                challenge.index
            ));
        }
        let epoch = (pool.address, args.number);
        let answer = AnswerChallenge::of(challenge, epoch, answerer, &leaf, found.proof);
        answers.push(answer.instruction());
        // Nothing more can be shown of an epoch that falls.
        if !kept {
            break;
        }
    }
    let count = answers.len() as u64;
    let deed = answers
        .into_iter()
        .fold(Deed::new(effect), |deed, answer| deed.step([answer]));
    let transactions = perform(ctx, deed).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .data("epoch", args.number)
        .worded("answered", count, "answered", format!("{count} challenges")))
}
