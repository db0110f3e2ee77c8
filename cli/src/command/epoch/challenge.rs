//! `cairn epoch challenge`.

use std::path::PathBuf;

use cairn_interface::vault::{
    self, CHALLENGE_DEPOSIT, CHALLENGE_LEN, challenge_address, epoch_address,
};
use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;

use super::{earliest, leaf};
use crate::amount::{Amount, of_credits, of_points, of_tokens};
use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::membership::{check, member_claim};
use crate::moment::{span, utc_from};
use crate::published::Published;
use crate::transact::{Deed, perform};

/// Ask a proposed epoch to show a member's leaf; anyone may
///
/// Reads the leaf from the active epoch's files and asks, with a deposit, that it be shown in the proposed one, where an honest
/// root always has it with nothing taken away. Anybody may answer. A leaf that is there, whole, earns its answerer the deposit.
/// One that shrank or belongs to somebody else vetoes the epoch at once, and so does one that nobody shows in time: the deposit
/// then comes back. You need no role and nobody's permission, and nothing of the proposed epoch's files.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn epoch challenge 4 --pool POOL --files DIR                    your own leaf
  cairn epoch challenge 4 --pool POOL --files DIR --owner OWNER      somebody else's
  cairn epoch challenge 4 --pool POOL --files DIR --dry-run          the deposit and the deadline only

When the proposed epoch's files are published, `cairn epoch answer` shows the leaf in them right away: if it is not whole, that
is the veto.")]
pub struct Args {
    /// The proposed epoch's number
    #[arg(value_name = "EPOCH")]
    pub number: EpochNumber,
    #[command(flatten)]
    pub pool: PoolArg,
    /// Published files of the active epoch: a keeper's data folder, its epochs folder, or one epoch's folder
    #[arg(long, value_name = "PATH", env = "CAIRN_FILES")]
    pub files: PathBuf,
    /// Whose leaf [default: the wallet of -k]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub owner: Option<Pubkey>,
}

/// # Errors
/// Nothing is proposed, or it is too late; not a member; files that are stale or forged; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let epoch = leaf::in_flight(ctx, &pool, args.number).await?;
    let now = chain::now(ctx).await?;
    if epoch.activatable_at(&pool).is_some_and(|at| now >= at) {
        return Err(CliError::refused(
            "challenge-late",
            format!(
                "epoch {} may be activated since {}",
                args.number,
                utc_from(earliest(&epoch, &pool), now)
            ),
            "its guardian can still veto it before somebody activates it, or pause the pool",
        ));
    }
    let owner = args.owner.map_or_else(|| ctx.signer(), Ok)?;
    let active = chain::epoch(ctx, &pool, pool.active_epoch()).await?;
    let files = Published::open(&args.files)?;
    let Some(claim) = member_claim(&files, pool.active_epoch(), &owner)? else {
        return Err(CliError::refused(
            "not-a-member",
            format!(
                "{owner} has no leaf in epoch {}, the active one",
                active.number
            ),
            "only a leaf of the active epoch can be asked for; new members have none yet",
        ));
    };
    check(&claim, &active, &pool)?;
    let address = epoch_address(&pool.address, args.number).0;
    let challenge = challenge_address(&address, epoch.attempt, claim.index).0;
    if ctx.ledger.account(&challenge).await?.is_some() {
        return Err(CliError::refused(
            "challenged",
            format!("this leaf is challenged already, at {challenge}"),
            "anybody may answer it: cairn epoch answer",
        ));
    }
    let open = vault::OpenChallenge {
        challenger: ctx.signer()?,
        pool: pool.address,
        active: pool.active_epoch(),
        number: args.number,
        attempt: epoch.attempt,
        index: claim.index,
        owner,
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof,
    };
    let deadline = now.saturating_add(i64::try_from(pool.answer_secs).unwrap_or(i64::MAX));
    let rent = ctx.ledger.minimum_balance(CHALLENGE_LEN).await?;
    let at_stake = rent.saturating_add(CHALLENGE_DEPOSIT);
    let effect = Effect::new(format!("Challenge epoch {}", args.number))
        .fact("pool", pool.address)
        .fact("member", format!("{owner} (number {})", claim.index))
        .fact(
            "asks for",
            format!(
                "{} tokens, {} points, {} credits at least",
                of_tokens(claim.tokens, pool.decimals).grouped(),
                of_points(claim.points).grouped(),
                of_credits(claim.credits)
            ),
        )
        .fact(
            "to be shown",
            format!(
                "within {}: {}",
                span(pool.answer_secs),
                utc_from(deadline, now)
            ),
        )
        .fact(
            "deposit",
            format!(
                "{} SOL, rent included",
                Amount::lamports(at_stake).grouped()
            ),
        )
        .warning("Whoever shows the leaf, whole, gets the deposit.");
    let deed = Deed::new(effect).rent(at_stake).step([open.instruction()]);
    let transactions = perform(ctx, deed).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .data("epoch", args.number)
        .fact("challenge", challenge)
        .data("index", claim.index)
        .worded(
            "deadline",
            deadline,
            "to be shown by",
            utc_from(deadline, now),
        )
        .next(format!(
            "Then: cairn epoch expire {} --pool {} vetoes it if nobody answers",
            args.number, pool.address
        )))
}
