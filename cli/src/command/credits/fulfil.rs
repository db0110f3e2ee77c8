//! `cairn credits fulfil`.

use cairn_interface::vault;
use serde::Serialize;

use super::{RedemptionArg, RedemptionShown};
use crate::address::{Address, Hash};
use crate::amount::of_credits;
use crate::args::hash;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::moment::utc_from;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::transact::{Deed, Transactions, perform};

/// Say, as the carrier, that a redemption was delivered
///
/// The signer must be the carrier that the redemption names. The receipt's hash goes into the event, so that member and carrier can
/// both prove what was delivered; the redemption's rent goes back to who paid it.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn credits fulfil 1772323200 --owner OWNER --pool POOL --receipt-hash $(sha256sum receipt.txt | cut -c1-64) -k carrier.json")]
pub struct Args {
    #[command(flatten)]
    pub redemption: RedemptionArg,
    /// SHA-256 of the carrier's receipt
    #[arg(long, value_name = "HASH", value_parser = hash)]
    pub receipt_hash: [u8; 32],
    /// SHA-256 of the order that was delivered: refused when the redemption names another
    #[arg(long, value_name = "HASH", value_parser = hash)]
    pub commitment: Option<[u8; 32]>,
}

/// A redemption that was fulfilled.
#[derive(Clone, Debug, Serialize)]
pub struct Fulfilled {
    pub pool: Address,
    pub redemption: RedemptionShown,
    pub receipt_hash: Hash,
    pub transactions: Transactions,
}

/// # Errors
/// The signer is another carrier; the deadline is over; another order than was delivered; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Fulfilled, CliError> {
    let (redemption, now) = args.redemption.read(ctx).await?;
    let carrier = ctx.signer_as("redemption's carrier", &redemption.carrier)?;
    if now > redemption.deadline {
        return Err(CliError::refused(
            "redemption-expired",
            format!(
                "it was to be delivered by {}",
                utc_from(redemption.deadline, now)
            ),
            "the credits go back to the member; agree on a new redemption",
        ));
    }
    if let Some(delivered) = args.commitment
        && delivered != redemption.commitment
    {
        return Err(CliError::refused(
            "redemption-changed",
            format!(
                "the redemption is for order {}, not {}",
                Hash(redemption.commitment),
                Hash(delivered)
            ),
            "check the member and the number: `cairn credits show` lists what waits",
        ));
    }
    let fulfil = vault::FulfilCredits {
        carrier,
        pool: redemption.pool,
        owner: redemption.owner,
        nonce: redemption.nonce,
        rent_payer: redemption.rent_payer,
        credits: redemption.credits(),
        commitment: redemption.commitment,
        receipt_hash: args.receipt_hash,
    };
    let effect = Effect::new(format!(
        "Say that {} data credits were delivered",
        of_credits(redemption.credits())
    ))
    .fact("pool", redemption.pool)
    .fact("member", redemption.owner)
    .fact("order", Hash(redemption.commitment))
    .fact("receipt", Hash(args.receipt_hash))
    .warning("The member's credits are spent with it.");
    let transactions = perform(ctx, Deed::new(effect).step([fulfil.instruction()])).await?;
    Ok(Fulfilled {
        pool: redemption.pool.into(),
        redemption: RedemptionShown::new(&redemption, now),
        receipt_hash: args.receipt_hash.into(),
        transactions,
    })
}

impl Verdict for Fulfilled {}

impl Show for Fulfilled {
    fn show(&self, page: &mut Page) {
        self.transactions.title(page);
        page.fact("pool", self.pool.to_string());
        page.fact("member", self.redemption.owner.to_string());
        page.fact("credits", of_credits(self.redemption.credits));
        page.fact("order", self.redemption.commitment.to_string());
        page.fact("receipt", self.receipt_hash.to_string());
        self.transactions.show(page);
    }
}
