//! `cairn points burn`.

use cairn_client::Reading;
use cairn_interface::vault::{self, PoolView, RECEIPT_LEN, ReceiptView, RoundView, Taken as _};
use cairn_merkle::{EpochNumber, MilliPoints};
use solana_sdk::pubkey::Pubkey;

use crate::amount::{Amount, of_points, of_tokens, read_points};
use crate::chain::{self, AskedRounds};
use crate::command::claim::{page_warning, with_page};
use crate::command::pool;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::membership::{MemberArg, Membership};
use crate::moment::utc_from;
use crate::transact::{Deed, perform};

/// Burn points for a share of a round's tokens
///
/// The signer must be the member. When the round has ended, the round's tokens are shared out in proportion to what was burnt;
/// `cairn points settle` then pays. Burnt points never come back.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn points burn 250 --files DIR                 in the round that is open
  cairn points burn 12.5 --round 3 --files DIR
  cairn points burn 250 --files DIR --dry-run       what it would get as things stand, and the cost")]
pub struct Args {
    /// Points, as a decimal number with at most three digits behind the point
    #[arg(value_name = "POINTS")]
    pub points: String,
    /// The round's number [default: the one that is open]
    #[arg(long, value_name = "NUMBER")]
    pub round: Option<u64>,
    #[command(flatten)]
    pub member: MemberArg,
}

/// A round, and what one member burnt in it.
type Burnt = (RoundView, Option<ReceiptView>);

/// # Errors
/// No round is open; fewer points than that; a burn below the round's minimum; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let burn = read_points("POINTS", &args.points)?;
    let owner = ctx.signer()?;
    let ask = ask_rounds(owner, args.round);
    let asked = Membership::read_with(ctx, &args.member, owner, None, ask);
    let (member, rounds, read) = asked.await?;
    pool::running(&member.pool, member.now)?;
    let found = round(&member, args.round, rounds.found(&read)?)?;
    let (member, (round, receipt)) = as_granted(ctx, args, member, found).await?;
    let now = member.now;
    let left = of_points(left(&member, &round, burn)?);
    let rent_lamports = match receipt {
        Some(_) => 0,
        None => member.rent.minimum_balance(RECEIPT_LEN),
    };
    let burnt_before = receipt.map_or(MilliPoints::ZERO, |receipt| receipt.burnt());
    let in_round = burnt_before.saturating_add(burn);
    let share = of_tokens(round.share_after(burn, in_round), member.pool.decimals);
    let payer = ctx.fee_payer()?;
    let mut effect = Effect::new(format!("Burn {} points", of_points(burn).grouped()))
        .fact("pool", member.pool.address)
        .fact("round", round.number)
        .fact("points left after", left.grouped())
        .fact(
            "share as things stand",
            format!(
                "{} of {} tokens, less with every other burn",
                share.grouped(),
                of_tokens(round.tokens(), member.pool.decimals).grouped()
            ),
        )
        .fact("is paid", utc_from(round.ends_at, now));
    if rent_lamports > 0 {
        let rent = Amount::lamports(rent_lamports).grouped();
        effect = effect.fact("rent", format!("{rent} SOL, back when it is settled"));
    }
    effect = effect.warning("Burnt points never come back.");
    if member.page.is_none() {
        effect = effect.warning(page_warning(&member));
    }
    let deed = Deed::new(effect).rent(rent_lamports);
    let deed = with_page(deed, &member, payer);
    let burn_points = vault::BurnPoints {
        payer,
        owner,
        pool: member.pool.address,
        number: member.claim.epoch,
        round: round.number,
        index: member.claim.index,
        tokens: member.claim.tokens,
        granted: member.claim.points,
        credits: member.claim.credits,
        proof: member.claim.proof.clone(),
        points: burn,
    };
    let transactions = perform(ctx, deed.step([burn_points.instruction()])).await?;
    Ok(Facts::of(transactions)
        .fact("pool", member.pool.address)
        .data("owner", owner)
        .fact("round", round.number)
        .data("points", of_points(burn))
        .data("left", left)
        .named("in_round", "burnt in it", of_points(in_round))
        .words("points left", left.grouped())
        .worded(
            "share",
            share,
            "share now",
            format!("{} tokens", share.grouped()),
        )
        .worded(
            "ends_at",
            round.ends_at,
            "is paid",
            utc_from(round.ends_at, now),
        )
        .data("rent_lamports", rent_lamports)
        .data("now", now))
}

/// Asks for the round that was named, or for all, and for what `owner` burnt in each.
fn ask_rounds(
    owner: Pubkey,
    named: Option<u64>,
) -> impl FnOnce(&mut Reading, &PoolView) -> AskedRounds {
    move |reading, pool| {
        let numbers = named.map_or(0..pool.next_round, |one| one..one.saturating_add(1));
        chain::ask_rounds(reading, &pool.address, numbers, Some(owner))
    }
}

/// Points burn as the epoch grants them that was active when the round opened: where the files prove another one, the member
/// as that epoch knows them, with the round once more.
async fn as_granted(
    ctx: &Context,
    args: &Args,
    member: Membership,
    found: Burnt,
) -> Result<(Membership, Burnt), CliError> {
    let (number, epoch) = (found.0.number, found.0.epoch);
    if epoch == 0 || epoch == member.claim.epoch.get() {
        return Ok((member, found));
    }
    let (ask, epoch) = (
        ask_rounds(member.owner, Some(number)),
        EpochNumber::new(epoch),
    );
    let asked = Membership::read_with(ctx, &args.member, member.owner, Some(epoch), ask);
    let (member, rounds, read) = asked.await?;
    let found = round(&member, Some(number), rounds.found(&read)?)?;
    Ok((member, found))
}

/// The round that was named, or the one that is open.
fn round(member: &Membership, named: Option<u64>, rounds: Vec<Burnt>) -> Result<Burnt, CliError> {
    let (pool, now) = (&member.pool, member.now);
    let mut rounds = rounds.into_iter().rev();
    let found = rounds.find(|(round, _)| named.is_some() || round.is_open(now));
    let (round, receipt) = found.ok_or_else(|| match named {
        Some(number) => chain::round_missing(pool, number),
        None => CliError::not_yet(
            "no-open-round",
            format!("no burn round of pool {} is open", pool.address),
            "see when the next one starts with `cairn points rounds`",
        ),
    })?;
    if now < round.starts_at {
        return Err(CliError::not_yet(
            "round-not-started",
            format!(
                "round {} starts {}",
                round.number,
                utc_from(round.starts_at, now)
            ),
            "run the same command again then",
        ));
    }
    if !round.is_open(now) {
        return Err(CliError::refused(
            "round-ended",
            format!(
                "round {} ended {}",
                round.number,
                utc_from(round.ends_at, now)
            ),
            "see the rounds with `cairn points rounds`",
        ));
    }
    Ok((round, receipt))
}

/// What is left to burn after `burn`.
fn left(
    member: &Membership,
    round: &RoundView,
    burn: MilliPoints,
) -> Result<MilliPoints, CliError> {
    let words = |points| of_points(points).grouped();
    let least = round.minimum().max(MilliPoints::new(1));
    if burn < least {
        return Err(CliError::refused(
            "burn-below-minimum",
            format!(
                "{} points are below the least of one burn, {}",
                words(burn),
                words(least)
            ),
            "burn more at once",
        ));
    }
    let free = member.claim.points.saturating_sub(member.slot().points());
    free.checked_sub(burn).ok_or_else(|| {
        CliError::refused(
            "points-short",
            format!(
                "{} has {} points left to burn, {} less than {}",
                member.owner,
                words(free),
                words(burn.saturating_sub(free)),
                words(burn)
            ),
            "burn fewer, or claim again with the next epoch's files: points of an epoch in flight do not count yet",
        )
    })
}
