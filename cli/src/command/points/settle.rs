//! `cairn points settle`.

use cairn_interface::spl::{self, TokenAccountView};
use cairn_interface::vault::{self, PoolView, ReceiptView, RecipientView, RoundView};
use serde::Serialize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use crate::address::Address;
use crate::amount::{Amount, grouped};
use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::{CliError, Exit};
use crate::moment::utc_from;
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;
use crate::transact::{Deed, Transactions, perform};

/// Pay shares of a round that has ended; anyone may, for anyone
///
/// Pays the member's own token account, or the wallet named with `cairn recipient set`, and gives the receipt's rent back. Run
/// again after an interruption, it pays those that are left.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn points settle --round 3 --pool POOL                     your share
  cairn points settle --round 3 --pool POOL --owner OWNER       somebody else's
  cairn points settle --round 3 --pool POOL --all               everybody's")]
pub struct Args {
    /// The round's number
    #[arg(long, value_name = "NUMBER")]
    pub round: u64,
    #[command(flatten)]
    pub pool: PoolArg,
    /// Who is paid [default: the wallet of -k]
    #[arg(long, value_name = "ADDRESS", value_parser = address, conflicts_with = "all")]
    pub owner: Option<Pubkey>,
    /// Pay everybody
    #[arg(long)]
    pub all: bool,
}

/// Shares that were paid.
#[derive(Clone, Debug, Serialize)]
pub struct BurnsSettled {
    pub pool: Address,
    pub round: u64,
    pub shares: Vec<Share>,
    /// Members whose token account can not be paid to.
    pub failed: Vec<Unpayable>,
    pub transactions: Transactions,
}

/// One member's share.
#[derive(Clone, Debug, Serialize)]
pub struct Share {
    pub owner: Address,
    pub destination: Address,
    pub burnt: Amount,
    pub tokens: Amount,
}

/// A member that can not be paid now.
#[derive(Clone, Debug, Serialize)]
pub struct Unpayable {
    pub owner: Address,
    pub code: String,
    pub message: String,
}

/// # Errors
/// The round has not ended; nothing was burnt; a token account that can not be paid to; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<BurnsSettled, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let round = chain::round(ctx, &pool, args.round).await?;
    let now = chain::now(ctx).await?;
    if now < round.ends_at {
        return Err(CliError::not_yet(
            "round-not-ended",
            format!(
                "round {} ends {}: shares are not known before",
                round.number,
                utc_from(round.ends_at, now)
            ),
            "run the same command again then",
        ));
    }
    let receipts = receipts(ctx, args, &round).await?;
    let mut settled = BurnsSettled {
        pool: pool.address.into(),
        round: round.number,
        shares: Vec::new(),
        failed: Vec::new(),
        transactions: Transactions::none("Pay shares of the round"),
    };
    let payer = ctx.fee_payer()?;
    let owners = receipts.iter().map(|receipt| receipt.owner);
    let recipients = chain::recipients(ctx, &pool.address, owners).await?;
    let members: Vec<(ReceiptView, Option<RecipientView>)> =
        receipts.into_iter().zip(recipients).collect();
    let addresses: Vec<Pubkey> = members
        .iter()
        .map(|(receipt, recipient)| {
            let wallet = wallet(&receipt.owner, recipient.as_ref(), now);
            spl::associated_token_address(&wallet, &pool.mint, &pool.token_program)
        })
        .collect();
    let accounts = chain::token_accounts(ctx, &addresses).await?;
    let mut steps = Vec::new();
    for ((receipt, recipient), account) in members.iter().zip(accounts) {
        let member = Paid {
            pool: &pool,
            round: &round,
            receipt,
            recipient: recipient.as_ref(),
        };
        match account.and_then(|account| member.step(account.as_ref(), payer, now)) {
            Ok((step, share)) => {
                steps.push(step);
                settled.shares.push(share);
            }
            Err(error) if args.all => settled.failed.push(Unpayable {
                owner: receipt.owner.into(),
                code: error.code().into_owned(),
                message: error.to_string(),
            }),
            Err(error) => return Err(error),
        }
    }
    let mut deed = Deed::new(effect(&pool, &settled));
    for step in steps {
        deed = deed.step(step);
    }
    settled.transactions = perform(ctx, deed).await?;
    Ok(settled)
}

/// The receipts to settle: one owner's, or everybody's.
async fn receipts(
    ctx: &Context,
    args: &Args,
    round: &RoundView,
) -> Result<Vec<ReceiptView>, CliError> {
    if args.all {
        return chain::receipts(ctx, &round.address).await;
    }
    let owner = match args.owner {
        Some(owner) => owner,
        None => ctx.reader()?,
    };
    let receipt = chain::find_receipt(ctx, &round.address, &owner).await?;
    receipt.map(|receipt| vec![receipt]).ok_or_else(|| {
        CliError::refused(
            "nothing-burnt",
            format!(
                "{owner} burnt nothing in round {}, or was paid already",
                round.number
            ),
            "see what was burnt with `cairn points rounds --owner`",
        )
    })
}

fn wallet(owner: &Pubkey, recipient: Option<&RecipientView>, now: i64) -> Pubkey {
    recipient.map_or(*owner, |recipient| recipient.payout_at(now))
}

/// One member who is to be paid.
struct Paid<'a> {
    pool: &'a PoolView,
    round: &'a RoundView,
    receipt: &'a ReceiptView,
    recipient: Option<&'a RecipientView>,
}

impl Paid<'_> {
    /// # Errors
    /// A token account that the program would refuse to pay to.
    fn step(
        &self,
        account: Option<&TokenAccountView>,
        payer: Pubkey,
        now: i64,
    ) -> Result<(Vec<Instruction>, Share), CliError> {
        let Self {
            pool,
            round,
            receipt,
            recipient,
        } = *self;
        let wallet = wallet(&receipt.owner, recipient, now);
        if let Some(account) = account {
            crate::token::payable(account, &wallet)?;
        }
        let settle = vault::SettleBurn {
            pool: pool.address,
            round: round.number,
            owner: receipt.owner,
            rent_payer: receipt.rent_payer,
            mint: pool.mint,
            token_program: pool.token_program,
            payout: recipient.map(|_| wallet),
            memo: account.is_some_and(|account| account.requires_memo),
        };
        let create = account.is_none().then(|| {
            spl::create_associated_token_account(&payer, &wallet, &pool.mint, &pool.token_program)
        });
        let share = Share {
            owner: receipt.owner.into(),
            destination: settle.destination().into(),
            burnt: Amount::milli_points(receipt.burnt),
            tokens: Amount::new(round.share(receipt.burnt), pool.decimals),
        };
        let step = create.into_iter().chain([settle.instruction()]).collect();
        Ok((step, share))
    }
}

fn effect(pool: &PoolView, settled: &BurnsSettled) -> Effect {
    let tokens = settled
        .shares
        .iter()
        .fold(0_u64, |sum, share| sum.saturating_add(share.tokens.base));
    let tokens = Amount::new(tokens, pool.decimals).grouped();
    let effect = match settled.shares.as_slice() {
        [one] => Effect::new(format!("Pay {tokens} tokens to {}", one.owner)),
        many => Effect::new(format!("Pay {tokens} tokens to {} members", many.len())),
    };
    effect
        .fact("pool", pool.address)
        .fact("round", settled.round)
        .fact("token", pool.mint)
}

impl Verdict for BurnsSettled {
    fn exit(&self) -> Exit {
        if self.failed.is_empty() {
            Exit::Done
        } else {
            Exit::Failed
        }
    }
}

impl Show for BurnsSettled {
    fn show(&self, page: &mut Page) {
        if self.transactions.list.is_empty() {
            page.title("Nobody waits to be paid: nothing to do");
        } else {
            self.transactions.title(page);
        }
        page.fact("pool", self.pool.to_string());
        page.fact("round", self.round.to_string());
        if let [one] = self.shares.as_slice() {
            page.fact("burnt", one.burnt.grouped());
            page.fact("tokens", one.tokens.grouped());
            page.fact("paid to", one.destination.to_string());
        } else {
            page.fact("members", grouped(self.shares.len() as u64));
        }
        self.transactions.show(page);
        if !self.failed.is_empty() {
            page.gap();
            page.bad(&format!(
                "{} members can not be paid",
                grouped(self.failed.len() as u64)
            ));
            let rows = self.failed.iter();
            page.table(
                &[Column::Text("owner"), Column::Text("why")],
                rows.map(|one| vec![one.owner.to_string(), one.message.clone()]),
            );
        }
    }
}
