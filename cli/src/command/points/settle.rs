//! `cairn points settle`.

use cairn_client::{Payment, Reading};
use cairn_interface::spl::{self, TokenAccountView};
use cairn_interface::vault::{self, PoolView, ReceiptView, RecipientView, RoundView};
use cairn_merkle::Tokens;
use serde::Serialize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use crate::address::Address;
use crate::amount::{Amount, grouped, of_points, of_tokens};
use crate::args::{PoolArg, address};
use crate::batch::{Failed, Fault, exit_of, pay_all, show_landed, show_unpaid};
use crate::chain;
use crate::context::{Context, Manner};
use crate::conversation::Effect;
use crate::error::{CliError, Exit};
use crate::moment::utc_from;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::token::{self, Rules};
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
    /// Members that can not be paid, or could not be.
    pub failed: Vec<Failed>,
    /// Members that were not reached, because of what stopped it.
    pub not_reached: u64,
    pub stopped: Option<Fault>,
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

/// # Errors
/// The round has not ended; nothing was burnt; a token account that can not be paid to; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<BurnsSettled, CliError> {
    let one = match (args.all, args.owner) {
        (true, _) => None,
        (false, Some(owner)) => Some(owner),
        (false, None) => Some(ctx.reader()?),
    };
    let mut reading = Reading::new();
    let address = args.pool.pool;
    let pool = reading.state(address);
    let numbers = args.round..args.round.saturating_add(1);
    let rounds = chain::ask_rounds(&mut reading, &address, numbers, one);
    let clock = reading.clock();
    let read = chain::answer(ctx, reading).await?;
    let pool: PoolView = read.need(&pool)?;
    let found = rounds.found(&read)?.pop();
    let (round, receipt) = found.ok_or_else(|| chain::round_missing(&pool, args.round))?;
    let now = read.need(&clock)?.unix_timestamp;
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
    let receipts = match one {
        None => chain::receipts(ctx, &round.address).await?,
        Some(owner) => vec![receipt.ok_or_else(|| nothing_burnt(&owner, &round))?],
    };
    let mut settled = BurnsSettled {
        pool: pool.address.into(),
        round: round.number,
        shares: Vec::new(),
        failed: Vec::new(),
        not_reached: 0,
        stopped: None,
        transactions: Transactions::none(WHAT),
    };
    let payer = ctx.fee_payer()?;
    // Where each is paid, with the clock by which that holds.
    let mut reading = Reading::new();
    let owners = receipts.iter().map(|receipt| receipt.owner);
    let addresses = owners.map(|owner| vault::recipient_address(&pool.address, &owner).0);
    let recipients = reading.all(addresses, RecipientView::decode);
    let rules = Rules::ask(&mut reading, &pool.mint, &pool.token_program);
    let rent = reading.rent();
    let read = chain::answer(ctx, reading).await?;
    let rules = Rules::answered(&rules, &read)?;
    let (now, rent) = (rules.now(), read.need(&rent)?);
    let rent = rent.minimum_balance(rules.account_len());
    let recipients: Vec<Option<RecipientView>> = read.all(&recipients).collect::<Result<_, _>>()?;
    let members: Vec<(ReceiptView, Option<RecipientView>)> =
        receipts.into_iter().zip(recipients).collect();
    let addresses: Vec<Pubkey> = members
        .iter()
        .map(|(receipt, recipient)| {
            let wallet = wallet(&receipt.owner, recipient.as_ref(), now);
            spl::associated_token_address(&wallet, &pool.mint, &pool.token_program)
        })
        .collect();
    let accounts = chain::token_accounts(ctx, addresses).await?;
    let mut payments = Vec::new();
    for ((receipt, recipient), account) in members.iter().zip(accounts) {
        let member = Paid {
            pool: &pool,
            round: &round,
            receipt,
            recipient: recipient.as_ref(),
        };
        match account.and_then(|account| member.payment(account.as_ref(), payer, rent, now)) {
            Ok(payment) => {
                settled.shares.push(payment.share.clone());
                payments.push(payment);
            }
            Err(error) if args.all => settled.failed.push(Failed::new(receipt.owner, &error)),
            Err(error) => return Err(error),
        }
    }
    let tokens = payments
        .iter()
        .fold(Tokens::ZERO, |sum, one| sum.saturating_add(one.tokens));
    let effect = effect(&pool, &settled, tokens);
    if args.all && ctx.manner == Manner::Send && !payments.is_empty() {
        let what = ("paying members", effect);
        if let Some(done) = pay_all(ctx, what, &payments, |one| one.share.owner.0).await? {
            settled.shares = done.paid.iter().map(|one| one.share.clone()).collect();
            settled.failed.extend(done.failed);
            (settled.not_reached, settled.stopped) = (done.not_reached, done.stopped);
            settled.transactions.list = done.transactions;
        }
        return Ok(settled);
    }
    let mut deed = Deed::new(effect);
    for payment in payments {
        deed = deed.rent(payment.rent).step(payment.step);
    }
    settled.transactions = perform(ctx, deed).await?;
    Ok(settled)
}

/// What is done, in words.
const WHAT: &str = "Pay shares of the round";

/// One member's share, ready to be sent.
struct ShareDue {
    share: Share,
    tokens: Tokens,
    step: Vec<Instruction>,
    /// Lamports for the token account that it makes.
    rent: u64,
}

impl Payment for ShareDue {
    fn steps(&self, _payer: Pubkey) -> Vec<Vec<Instruction>> {
        vec![self.step.clone()]
    }

    fn rent(&self) -> u64 {
        self.rent
    }
}

fn nothing_burnt(owner: &Pubkey, round: &RoundView) -> CliError {
    CliError::refused(
        "nothing-burnt",
        format!(
            "{owner} burnt nothing in round {}, or was paid already",
            round.number
        ),
        "see what was burnt with `cairn points rounds --owner`",
    )
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
    fn payment(
        &self,
        account: Option<&TokenAccountView>,
        payer: Pubkey,
        account_rent: u64,
        now: i64,
    ) -> Result<ShareDue, CliError> {
        let Self {
            pool,
            round,
            receipt,
            recipient,
        } = *self;
        let wallet = wallet(&receipt.owner, recipient, now);
        if let Some(account) = account {
            token::payable(account, &wallet)?;
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
        let tokens = round.share_of(receipt.burnt());
        let share = Share {
            owner: receipt.owner.into(),
            destination: settle.destination().into(),
            burnt: of_points(receipt.burnt()),
            tokens: of_tokens(tokens, pool.decimals),
        };
        Ok(ShareDue {
            share,
            tokens,
            rent: if create.is_some() { account_rent } else { 0 },
            step: create.into_iter().chain([settle.instruction()]).collect(),
        })
    }
}

fn effect(pool: &PoolView, settled: &BurnsSettled, tokens: Tokens) -> Effect {
    let tokens = of_tokens(tokens, pool.decimals).grouped();
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
        exit_of(&self.failed, self.stopped.as_ref())
    }
}

impl Show for BurnsSettled {
    fn show(&self, page: &mut Page) {
        if self.transactions.list.is_empty() && self.not_reached == 0 {
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
        show_landed(page, &self.transactions);
        show_unpaid(
            page,
            "members",
            (self.not_reached, self.stopped.as_ref()),
            (self.failed.len() as u64, &self.failed),
        );
    }
}
