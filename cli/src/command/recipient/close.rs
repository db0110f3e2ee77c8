//! `cairn recipient close`.

use cairn_client::Reading;
use cairn_interface::vault::{self, RecipientView};

use super::Wishes;
use crate::amount::Amount;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc_from;
use crate::transact::{Deed, Transactions, perform};

/// Close your recipient account once it says nothing any more, and get its rent back
///
/// First `cairn recipient set --payout-self --anyone`, and wait for the cooldown: closing is no way around it.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn recipient close --pool POOL")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// Another wallet is paid or claims are restricted; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let owner = ctx.signer()?;
    let address = vault::recipient_address(&args.pool.pool, &owner).0;
    let ask = |reading: &mut Reading| {
        reading.one(address, "a recipient account", |address, account| {
            Ok((RecipientView::decode(address, account)?, account.lamports))
        })
    };
    let (pool, found, now) = chain::pool_with(ctx, &args.pool.pool, ask).await?;
    let done = |rent_lamports: u64, transactions| {
        Facts::of(transactions)
            .fact("pool", pool.address)
            .named("owner", "member", owner)
            .data("rent_lamports", rent_lamports)
            .nothing("There is no recipient account: nothing to do")
    };
    let Some((recipient, rent_lamports)) = found else {
        return Ok(done(0, Transactions::none("Close the recipient account")));
    };
    let wishes = Wishes::of(&owner, Some(&recipient), now);
    if wishes.payout.0 != owner || wishes.restricted {
        let message = format!(
            "the account still says something: claims go to {}, and are sent {}",
            wishes.payout,
            wishes.claims()
        );
        return Err(match (wishes.restricted, wishes.effective_at) {
            (false, Some(at)) if wishes.pending_payout == Some(owner.into()) => CliError::not_yet(
                "recipient-in-use",
                message,
                format!("it can be closed from {}", utc_from(at, now)),
            ),
            _ => CliError::refused(
                "recipient-in-use",
                message,
                "first `cairn recipient set --payout-self --anyone`, and wait for the cooldown",
            ),
        });
    }
    let close = vault::CloseRecipient {
        owner,
        pool: pool.address,
        index: recipient.index(),
        rent_payer: recipient.rent_payer,
    };
    let mut effect = Effect::new("Close the recipient account")
        .fact("pool", pool.address)
        .fact("member", owner)
        .fact(
            "rent",
            format!(
                "{} SOL back to {}",
                Amount::lamports(rent_lamports).grouped(),
                recipient.rent_payer
            ),
        );
    if wishes.pending_payout.is_some() {
        effect = effect.warning("The change of wallet that is pending is forgotten.");
    }
    let transactions = perform(ctx, Deed::new(effect).step([close.instruction()])).await?;
    Ok(done(rent_lamports, transactions))
}
