//! `cairn epoch challenge`.

use cairn_client::{Asked, Reading};
use cairn_interface::vault::{
    self, CHALLENGE_DEPOSIT, CHALLENGE_LEN, ChallengeView, EpochView, PoolView, challenge_address,
};
use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;

use super::{earliest, leaf};
use crate::amount::{Amount, of_credits, of_points, of_tokens};
use crate::args::{FilesArg, PoolArg, address};
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
    #[command(flatten)]
    pub files: FilesArg,
    /// Whose leaf [default: the wallet of -k]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub owner: Option<Pubkey>,
}

/// # Errors
/// Nothing is proposed, its canopy is not complete, or it is too late; not a member; files that are stale or forged; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, epoch, now) = leaf::in_flight(ctx, &args.pool.pool, args.number).await?;
    askable(&pool, &epoch, now)?;
    let owner = args.owner.map_or_else(|| ctx.signer(), Ok)?;
    let last = pool.active_epoch();
    let files = Published::open(ctx, &args.files).await?;
    let Some(claim) = member_claim(&files, last, &owner).await? else {
        return Err(CliError::refused(
            "not-a-member",
            format!("{owner} has no leaf in epoch {last}, the active one"),
            "only a leaf of the active epoch can be asked for; new members have none yet",
        ));
    };
    // The pool once more: whether the leaf can be asked for follows from it and the rest together.
    let mut reading = Reading::new();
    let (again, address, attempt) = (reading.state(pool.address), epoch.address, epoch.attempt);
    let epoch = chain::ask_record(&mut reading, &pool.address, args.number);
    let active = chain::ask_record(&mut reading, &pool.address, last);
    let challenge = challenge_address(&address, attempt, claim.index).0;
    let there: Asked<ChallengeView> = reading.state(challenge);
    let (clock, rent) = (reading.clock(), reading.rent());
    let read = chain::answer(ctx, reading).await?;
    let pool: PoolView = read.need(&again)?;
    let epoch = chain::stored(&pool, args.number, read.find(&epoch)?)?;
    let now = read.need(&clock)?.unix_timestamp;
    leaf::open(&epoch)?;
    askable(&pool, &epoch, now)?;
    check(
        &claim,
        &chain::stored(&pool, last, read.find(&active)?)?,
        &pool,
    )?;
    if read.find(&there)?.is_some() {
        return Err(CliError::refused(
            "challenged",
            format!("this leaf is challenged already, at {challenge}"),
            "anybody may answer it: cairn epoch answer",
        ));
    }
    let open = vault::OpenChallenge {
        challenger: ctx.signer()?,
        pool: pool.address,
        active: last,
        number: args.number,
        attempt,
        index: claim.index,
        owner,
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof,
    };
    let deadline = now.saturating_add(i64::try_from(pool.answer_secs).unwrap_or(i64::MAX));
    let rent = read.need(&rent)?.minimum_balance(CHALLENGE_LEN);
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

/// Refuses an epoch whose leaves nobody can show yet, and one that may be activated already.
fn askable(pool: &PoolView, epoch: &EpochView, now: i64) -> Result<(), CliError> {
    if !epoch.facts.canopy.complete {
        return Err(CliError::not_yet(
            "canopy-incomplete",
            format!(
                "epoch {}'s canopy is not complete, so nothing can be shown yet",
                epoch.number
            ),
            "half of the challenge window at least is left once its proposer stored it; without it the epoch never becomes active",
        ));
    }
    if epoch.activatable_at(pool).is_none_or(|at| now < at) {
        return Ok(());
    }
    Err(CliError::refused(
        "challenge-late",
        format!(
            "epoch {} may be activated since {}",
            epoch.number,
            utc_from(earliest(epoch, pool), now)
        ),
        "its guardian can still veto it before somebody activates it, or pause the pool",
    ))
}
