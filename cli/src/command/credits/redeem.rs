//! `cairn credits redeem`.

use cairn_client::Reading;
use cairn_interface::vault::{
    self, CarrierView, PoolView, REDEMPTION_LEN, RedemptionView, Taken as _,
};
use cairn_merkle::Credits;
use solana_sdk::pubkey::Pubkey;

use crate::address::Hash;
use crate::amount::{Amount, of_credits};
use crate::args::{address, hash, whole};
use crate::chain;
use crate::command::claim::{page_warning, with_page};
use crate::command::pool::running;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::membership::{MemberArg, Membership};
use crate::moment::utc_from;
use crate::transact::{Deed, perform};

/// Give up data credits for a delivery by a carrier
///
/// The signer must be the member. What is to be delivered stands on chain as a hash only: write the order with a random salt into
/// a file, hand the file to the carrier, and give its SHA-256 here. If the carrier does not deliver by its deadline, anyone can
/// send `cairn credits refund` and the credits are yours again.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  (openssl rand -hex 32; echo \"10 GB to +1 555 0100\") > order.txt
  cairn credits redeem 40 --carrier CARRIER --commitment $(sha256sum order.txt | cut -c1-64) --files DIR")]
pub struct Args {
    /// Data credits, a whole number
    #[arg(value_name = "CREDITS", value_parser = whole)]
    pub credits: u64,
    /// Who is to deliver
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub carrier: Pubkey,
    /// SHA-256 of the salted order
    #[arg(long, value_name = "HASH", value_parser = hash)]
    pub commitment: [u8; 32],
    /// Your own number for this redemption, unlike that of any other that is open [default: the cluster's time]
    #[arg(long, value_name = "NUMBER")]
    pub number: Option<u64>,
    #[command(flatten)]
    pub member: MemberArg,
}

/// # Errors
/// A carrier that takes no redemptions; fewer credits than that; a number in use; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let credits = Credits::new(args.credits);
    if credits == Credits::ZERO || args.commitment == [0; 32] {
        return Err(CliError::argument(
            "credits and commitment must not be zero",
            "name what is given up, and the SHA-256 of what is ordered",
        ));
    }
    let owner = ctx.signer()?;
    let ask = |reading: &mut Reading, pool: &PoolView| {
        reading.state(vault::carrier_address(&pool.address, &args.carrier).0)
    };
    let asked = Membership::read_with(ctx, &args.member, owner, None, ask);
    let (member, carrier, read) = asked.await?;
    running(&member.pool, member.now)?;
    let carrier = active(&member, &args.carrier, read.find(&carrier)?)?;
    let left = left(&member, credits)?;
    let now = member.now;
    let number = number(ctx, &member, args.number, now).await?;
    // As the program will reckon when it lands, a little later.
    let deadline = now.saturating_add(i64::try_from(carrier.period_secs).unwrap_or(i64::MAX));
    let rent_lamports = member.rent.minimum_balance(REDEMPTION_LEN);
    let payer = ctx.fee_payer()?;
    let redeem = vault::RedeemCredits {
        payer,
        owner,
        pool: member.pool.address,
        number: member.claim.epoch,
        carrier: args.carrier,
        index: member.claim.index,
        tokens: member.claim.tokens,
        points: member.claim.points,
        granted: member.claim.credits,
        proof: member.claim.proof.clone(),
        credits,
        nonce: number,
        commitment: args.commitment,
    };
    let mut effect = Effect::new(format!("Redeem {} data credits", of_credits(credits)))
        .fact("pool", member.pool.address)
        .fact("carrier", args.carrier)
        .fact("number", number)
        .fact("order", Hash(args.commitment))
        .fact("credits left after", of_credits(left))
        .fact("to be delivered by", utc_from(deadline, now))
        .fact(
            "rent",
            format!(
                "{} SOL, back when it is fulfilled or refunded",
                Amount::lamports(rent_lamports).grouped()
            ),
        );
    if member.page.is_none() {
        effect = effect.warning(page_warning(&member));
    }
    let deed = Deed::new(effect).rent(rent_lamports);
    let deed = with_page(deed, &member, payer);
    let transactions = perform(ctx, deed.step([redeem.instruction()])).await?;
    Ok(Facts::of(transactions)
        .fact("pool", member.pool.address)
        .data("owner", owner)
        .fact("number", number)
        .data("redemption", redeem.redemption())
        .fact("carrier", args.carrier)
        .data("credits", credits)
        .data("left", left)
        .named("commitment", "order", args.commitment)
        .words("credits left", of_credits(left))
        .worded(
            "deadline",
            deadline,
            "to be delivered by",
            utc_from(deadline, now),
        )
        .data("rent_lamports", rent_lamports)
        .data("now", now))
}

/// The carrier, if it takes redemptions.
fn active(
    member: &Membership,
    carrier: &Pubkey,
    found: Option<CarrierView>,
) -> Result<CarrierView, CliError> {
    let pool = &member.pool.address;
    found.filter(|carrier| carrier.is_active()).ok_or_else(|| {
        CliError::refused(
            "carrier-inactive",
            format!("{carrier} takes no redemptions of pool {pool}"),
            "see who does with `cairn credits show`",
        )
    })
}

/// What is left to redeem after `credits`.
fn left(member: &Membership, credits: Credits) -> Result<Credits, CliError> {
    let free = member.claim.credits.saturating_sub(member.slot().credits());
    free.checked_sub(credits).ok_or_else(|| {
        CliError::refused(
            "credits-short",
            format!(
                "{} has {} credits left to redeem, {} less than {}",
                member.owner,
                of_credits(free),
                of_credits(credits.saturating_sub(free)),
                of_credits(credits)
            ),
            "redeem fewer; credits of an epoch in flight do not count yet",
        )
    })
}

/// The number that was named, or the cluster's time, moved on while another redemption has it.
async fn number(
    ctx: &Context,
    member: &Membership,
    named: Option<u64>,
    now: i64,
) -> Result<u64, CliError> {
    let (pool, owner) = (&member.pool.address, &member.owner);
    let mut number = named.unwrap_or_else(|| now.unsigned_abs());
    let find = |number| chain::find(ctx, vault::redemption_address(pool, owner, number).0);
    while find(number).await?.is_some_and(|_: RedemptionView| true) {
        if named.is_some() {
            return Err(CliError::refused(
                "redemption-open",
                format!("{owner} has an open redemption {number} already"),
                "name another --number, or leave it out",
            ));
        }
        number = number.wrapping_add(1);
    }
    Ok(number)
}
