//! `cairn credits carrier set`.

use cairn_client::Reading;
use cairn_interface::vault::{self, CARRIER_LEN, CarrierView, MAX_PERIOD_SECS, PoolView};
use solana_sdk::pubkey::Pubkey;

use crate::amount::{Amount, of_credits};
use crate::args::{PoolArg, address};
use crate::chain;
use crate::command::pool::current;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::{Seconds, span};
use crate::payee;
use crate::transact::{Deed, perform};

/// Name a carrier, whoever delivers what data credits are redeemed for, or change its terms
///
/// The signer must be the pool's admin. A carrier that is inactive takes no new redemptions; those made before can be
/// fulfilled all the same, and keep their deadline.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn credits carrier set CARRIER --period 7d --pool POOL
  cairn credits carrier set CARRIER --inactive --pool POOL")]
pub struct Args {
    /// The key that signs fulfilments
    #[arg(value_name = "ADDRESS", value_parser = address)]
    pub carrier: Pubkey,
    /// Time it has to deliver: 7d, 36h [default: as it is]
    #[arg(long, value_name = "SPAN")]
    pub period: Option<Seconds>,
    /// Members may not redeem with it any more
    #[arg(long)]
    pub inactive: bool,
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// The signer is not the pool's admin; a new carrier without a period; nothing would change; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let address = vault::carrier_address(&args.pool.pool, &args.carrier).0;
    let mut reading = Reading::new();
    let (pool, before) = (reading.state(args.pool.pool), reading.state(address));
    let rent = reading.rent();
    let read = chain::answer(ctx, reading).await?;
    let (pool, before): (PoolView, Option<CarrierView>) = (read.need(&pool)?, read.find(&before)?);
    current(&pool)?;
    let admin = ctx.signer_as("pool's admin", &pool.admin)?;
    if before.is_none() {
        payee::can_sign(ctx, &[("the carrier", args.carrier)]).await?;
    }
    let period = args.period.map(|period| period.0);
    let Some(period_secs) = period.or(before.as_ref().map(|carrier| carrier.period_secs)) else {
        return Err(CliError::argument(
            format!(
                "{} is a new carrier, and its period is missing",
                args.carrier
            ),
            "say with --period how long it has to deliver",
        ));
    };
    if !(1..=MAX_PERIOD_SECS).contains(&period_secs) {
        return Err(CliError::argument(
            format!("--period is {}", span(period_secs)),
            format!("it is from {} to {}", span(1), span(MAX_PERIOD_SECS)),
        ));
    }
    let active = !args.inactive;
    let mut effect = match &before {
        None => Effect::new("Name a carrier"),
        Some(carrier) if (carrier.is_active(), carrier.period_secs) == (active, period_secs) => {
            return Err(CliError::refused(
                "nothing-changes",
                "these are the carrier's terms already",
                "see them with `cairn credits show`",
            ));
        }
        Some(_) => Effect::new("Change a carrier's terms"),
    };
    effect = effect
        .fact("pool", pool.address)
        .fact("carrier", args.carrier)
        .fact("has to deliver", format!("within {}", span(period_secs)))
        .fact("takes redemptions", if active { "yes" } else { "no" });
    let mut rent_lamports = 0;
    match &before {
        None => {
            rent_lamports = read.need(&rent)?.minimum_balance(CARRIER_LEN);
            let rent = Amount::lamports(rent_lamports).grouped();
            effect = effect.fact("rent", format!("{rent} SOL"));
        }
        Some(carrier) => effect = effect.fact("credits waiting", of_credits(carrier.pending())),
    }
    let set = vault::SetCarrier {
        payer: ctx.fee_payer()?,
        admin,
        pool: pool.address,
        carrier: args.carrier,
        period_secs,
        active,
    };
    let deed = Deed::new(effect)
        .rent(rent_lamports)
        .step([set.instruction()]);
    let transactions = perform(ctx, deed).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .fact("carrier", args.carrier)
        .data("active", active)
        .worded(
            "period_secs",
            period_secs,
            "has to deliver",
            format!("within {}", span(period_secs)),
        )
        .words("takes redemptions", if active { "yes" } else { "no" })
        .data("rent_lamports", rent_lamports))
}
