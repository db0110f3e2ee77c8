//! `cairn epoch close`.

use cairn_client::Reading;
use cairn_interface::vault::{self, EPOCH_TOMBSTONE_LEN, EpochRecord, EpochView, PoolView};
use cairn_merkle::EpochNumber;

use crate::amount::Amount;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Close epochs that nobody can claim from any more, and give their rent back; anyone may
///
/// Root, totals and the hash of the published files stay on chain, so an audit still works, and the number is never used again.
/// The rest of the rent goes to whoever proposed the epoch first.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn epoch close 3 --pool POOL
  cairn epoch close --all --pool POOL       every epoch older than the last but one")]
pub struct Args {
    /// The epoch's number
    #[arg(value_name = "EPOCH", required_unless_present = "all")]
    pub number: Option<EpochNumber>,
    /// Every epoch that can be closed
    #[arg(long, conflicts_with = "number")]
    pub all: bool,
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// The epoch is still claimable, in flight or closed; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let oldest_claimable = pool.active_epoch().previous().unwrap_or_default();
    let wanted: Vec<EpochNumber> = match args.number {
        Some(number) => vec![number],
        None => (1..oldest_claimable.get()).map(EpochNumber::new).collect(),
    };
    let mut reading = Reading::new();
    let addresses = wanted
        .iter()
        .map(|number| vault::epoch_address(&pool.address, *number).0);
    let records = reading.all(addresses, |address, account| {
        Ok((EpochRecord::decode(address, account)?, account.lamports))
    });
    let rent = reading.rent();
    let read = chain::answer(ctx, reading).await?;
    let stays = read.need(&rent)?.minimum_balance(EPOCH_TOMBSTONE_LEN);
    let mut rent_lamports: u64 = 0;
    let mut epochs = Vec::new();
    for (number, found) in wanted.iter().copied().zip(read.all(&records)) {
        let (record, lamports) = found?.unzip();
        match chain::known(&pool, number, record)? {
            EpochRecord::Stored(epoch) => {
                let back = lamports.unwrap_or_default().saturating_sub(stays);
                rent_lamports = rent_lamports.saturating_add(back);
                epochs.push(epoch);
            }
            EpochRecord::Closed(_) if args.all => {}
            EpochRecord::Closed(_) => {
                return Err(CliError::refused(
                    "epoch-closed",
                    format!("epoch {number} is closed already"),
                    "see what stays of it with `cairn epoch show`",
                ));
            }
        }
    }
    if let Some(early) = epochs
        .iter()
        .find(|epoch| epoch.number() >= oldest_claimable)
    {
        return Err(still_claimable(early, &pool));
    }
    let what = match epochs.as_slice() {
        [one] => format!("Close epoch {}", one.number),
        many => format!("Close {} epochs", many.len()),
    };
    let mut deed = Deed::new(effect(&what, &pool, &epochs, rent_lamports));
    for epoch in &epochs {
        let close = vault::CloseEpoch {
            pool: pool.address,
            number: epoch.number(),
            rent_payer: *epoch.rent_payer(),
        };
        deed = deed.step([close.instruction()]);
    }
    let transactions = perform(ctx, deed).await?;
    let numbers: Vec<EpochNumber> = epochs.iter().map(|epoch| epoch.number()).collect();
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .data("epochs", numbers)
        .rent("rent back", rent_lamports)
        .nothing("No epoch can be closed: nothing to do"))
}

fn still_claimable(epoch: &EpochView, pool: &PoolView) -> CliError {
    CliError::not_yet(
        "epoch-still-claimable",
        format!(
            "epoch {} is {}: claims may still be made from it, or will be",
            epoch.number,
            epoch.status().name()
        ),
        format!(
            "epochs before {} can be closed; the active one is {}",
            pool.active_epoch.saturating_sub(1),
            pool.active_epoch
        ),
    )
}

fn effect(what: &str, pool: &PoolView, epochs: &[EpochView], rent: u64) -> Effect {
    let numbers: Vec<String> = epochs
        .iter()
        .map(|epoch| epoch.number.to_string())
        .collect();
    let mut payers: Vec<String> = epochs
        .iter()
        .map(|epoch| epoch.rent_payer().to_string())
        .collect();
    payers.sort_unstable();
    payers.dedup();
    Effect::new(what)
        .fact("pool", pool.address)
        .fact("epochs", numbers.join(", "))
        .fact("stays", "root, totals and the hash of the files")
        .fact(
            "rent",
            format!("{} SOL back", Amount::lamports(rent).grouped()),
        )
        .fact("to", payers.join("\n"))
}
