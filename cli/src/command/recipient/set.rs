//! `cairn recipient set`.

use cairn_interface::payee::Payee;
use cairn_interface::vault;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::Wishes;
use crate::address::Address;
use crate::args::address;
use crate::command::claim::with_page;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::membership::{MemberArg, Membership};
use crate::moment::{span, utc_from};
use crate::page::{Page, Show};
use crate::payee;
use crate::printer::Verdict;
use crate::transact::{Deed, Transactions, perform};

/// Say where you are paid and who may claim for you
///
/// The signer must be the member. A new payout wallet takes effect only after the pool's cooldown, so that a stolen key can not
/// redirect what you earned before you notice; until then you are paid as before, and naming the wallet in effect withdraws
/// the change. Delegate and restriction take effect at once. What is left out stays as it is.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn recipient set --payout COLD_WALLET --files DIR             be paid to another wallet, after the cooldown
  cairn recipient set --restrict --delegate HELPER --files DIR     only you and HELPER may claim for you
  cairn recipient set --payout-self --anyone --files DIR           the way back; then `cairn recipient close`")]
pub struct Args {
    #[command(flatten)]
    pub member: MemberArg,
    /// The wallet whose token account is paid
    #[arg(long, value_name = "ADDRESS", value_parser = address, conflicts_with = "payout_self")]
    pub payout: Option<Pubkey>,
    /// Be paid directly again
    #[arg(long)]
    pub payout_self: bool,
    /// May claim for you besides yourself, once claims are restricted
    #[arg(long, value_name = "ADDRESS", value_parser = address, conflicts_with = "no_delegate")]
    pub delegate: Option<Pubkey>,
    /// Take the delegate's right back
    #[arg(long)]
    pub no_delegate: bool,
    /// Only you and your delegate may claim for you
    #[arg(long, conflicts_with = "anyone")]
    pub restrict: bool,
    /// Anyone may claim for you again
    #[arg(long)]
    pub anyone: bool,
}

/// A member's changed wishes.
#[derive(Clone, Debug, Serialize)]
pub struct RecipientSet {
    pub pool: Address,
    pub owner: Address,
    pub recipient: Address,
    /// The pool's cooldown in force for this change, in seconds.
    pub cooldown_secs: u64,
    #[serde(flatten)]
    pub wishes: Wishes,
    /// For the account, when it is new; comes back when it is closed.
    pub rent_lamports: u64,
    /// The cluster's clock, unix seconds.
    pub now: i64,
    pub transactions: Transactions,
}

/// # Errors
/// Nothing was asked for, or it is so already; the signer is no member; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<RecipientSet, CliError> {
    let asked = args.payout.is_some()
        || args.payout_self
        || args.delegate.is_some()
        || args.no_delegate
        || args.restrict
        || args.anyone;
    if !asked {
        return Err(CliError::argument(
            "nothing was asked for",
            "name a wallet with --payout, a delegate with --delegate, or say --restrict, --anyone, --payout-self, --no-delegate",
        ));
    }
    let owner = ctx.signer()?;
    let member = Membership::read(ctx, &args.member, owner).await?;
    crate::command::pool::current(&member.pool)?;
    let now = member.now;
    let before = Wishes::of(&owner, member.recipient.as_ref(), now);
    let after = wanted(args, &before, &member, now);
    if after == before {
        return Err(CliError::refused(
            "nothing-changes",
            "these are your wishes already",
            "see them with `cairn recipient show`",
        ));
    }
    let keyless = check_keys(ctx, &before, &after).await?;
    let payer = ctx.fee_payer()?;
    let rent_lamports = match member.recipient {
        Some(_) => 0,
        None => member.rent.minimum_balance(vault::RECIPIENT_LEN),
    };
    let mut effect = effect(&member, &before, &after, rent_lamports, now);
    if keyless {
        effect = effect.doubt(
            "That wallet has no key of its own: only a program, such as a multisig, can pass on what it is paid.",
        );
    }
    let deed = Deed::new(effect).rent(rent_lamports);
    let deed = with_page(deed, &member, payer);
    let set = vault::SetRecipient {
        payer,
        owner,
        pool: member.pool.address,
        number: member.claim.epoch,
        index: member.claim.index,
        tokens: member.claim.tokens,
        points: member.claim.points,
        credits: member.claim.credits,
        proof: if member.recipient.is_some() {
            Vec::new()
        } else {
            member.claim.proof.clone()
        },
        payout: Some(after.pending_payout.as_ref().unwrap_or(&after.payout).0)
            .filter(|wallet| *wallet != owner),
        delegate: after.delegate.as_ref().map(|key| key.0),
        restricted: after.restricted,
    };
    let transactions = perform(ctx, deed.step([set.instruction()])).await?;
    Ok(RecipientSet {
        pool: member.pool.address.into(),
        owner: owner.into(),
        recipient: member.recipient_address().into(),
        cooldown_secs: member.pool.recipient_cooldown_secs,
        wishes: after,
        rent_lamports,
        now,
        transactions,
    })
}

/// The wishes as the program will have them once it is done.
fn wanted(args: &Args, before: &Wishes, member: &Membership, now: i64) -> Wishes {
    let mut after = before.clone();
    let payout = match (args.payout, args.payout_self) {
        (Some(wallet), _) => Some(wallet),
        (None, true) => Some(member.owner),
        (None, false) => None,
    };
    if let Some(wallet) = payout {
        let pending = before.pending_payout.as_ref().map(|wallet| wallet.0);
        if wallet == before.payout.0 {
            (after.pending_payout, after.effective_at) = (None, None);
        } else if pending != Some(wallet) {
            let cooldown = i64::try_from(member.pool.recipient_cooldown_secs);
            after.pending_payout = Some(wallet.into());
            after.effective_at = Some(now.saturating_add(cooldown.unwrap_or(i64::MAX)));
        }
    }
    if args.no_delegate {
        after.delegate = None;
    } else if let Some(delegate) = args.delegate {
        after.delegate = Some(delegate.into());
    }
    after.restricted = (before.restricted || args.restrict) && !args.anyone;
    after
}

/// Refuses a new payout wallet or delegate that nobody can sign for; says whether the wallet has no key of its own.
async fn check_keys(ctx: &Context, before: &Wishes, after: &Wishes) -> Result<bool, CliError> {
    if let Some(delegate) = after.delegate.filter(|_| after.delegate != before.delegate) {
        payee::can_sign(ctx, &[("the delegate", delegate.0)]).await?;
    }
    let wallet = after.pending_payout;
    match wallet.filter(|_| after.pending_payout != before.pending_payout) {
        Some(wallet) => {
            let payee = payee::somebody(ctx, "the payout wallet", &wallet.0).await?;
            Ok(payee == Payee::Keyless)
        }
        None => Ok(false),
    }
}

fn effect(member: &Membership, before: &Wishes, after: &Wishes, rent: u64, now: i64) -> Effect {
    let mut effect = Effect::new("Change where you are paid and who may claim for you")
        .fact("pool", member.pool.address)
        .fact("member", member.owner)
        .fact("paid to", before.payout);
    if let (Some(wallet), Some(at)) = (&after.pending_payout, after.effective_at) {
        effect = effect.fact(
            "then to",
            format!(
                "{wallet}\nfrom {}, after the cooldown of {}",
                utc_from(at, now),
                span(member.pool.recipient_cooldown_secs)
            ),
        );
    } else if before.pending_payout.is_some() {
        effect = effect.fact("withdraws", "the change of wallet that was pending");
    }
    effect = effect.fact("claims", after.claims());
    if rent > 0 {
        let rent = crate::amount::Amount::lamports(rent).grouped();
        effect = effect.fact(
            "rent",
            format!("{rent} SOL, back when the account is closed"),
        );
    }
    if after.pending_payout != before.pending_payout && after.pending_payout.is_some() {
        effect = effect.warning(
            "From then on claims pay the other wallet's token account, whoever sends them.",
        );
    }
    if after.restricted && !before.restricted {
        effect = effect.warning(
            "Nobody else can claim for you any more: the fee is yours or your delegate's.",
        );
    }
    effect
}

impl Verdict for RecipientSet {}

impl Show for RecipientSet {
    fn show(&self, page: &mut Page) {
        self.transactions.title(page);
        page.fact("pool", self.pool.to_string());
        page.fact("member", self.owner.to_string());
        self.wishes.facts(page, self.now);
        self.transactions.show(page);
    }
}
