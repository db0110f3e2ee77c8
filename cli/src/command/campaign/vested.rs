//! `cairn campaign vested`.

use cairn_campaign::load_claim;
use cairn_client::{Payment, Reading};
use cairn_interface::airdrop::{
    AirdropError, CampaignView, ClaimVested, CloseVesting, VestingView, vesting_address,
};
use cairn_interface::ids::AIRDROP;
use cairn_interface::spl::{self, TokenAccountView};
use cairn_merkle::{LeafIndex, Tokens};
use serde::Serialize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::CampaignArg;
use super::read::{self, Standing};
use crate::address::Address;
use crate::amount::{Amount, grouped, of_tokens};
use crate::args::address;
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

/// Take what has vested of a claimed drop
///
/// Pays the owner's own token account what has vested since the last time. A vesting account that is paid in full is
/// closed on the way, its rent back to whoever paid it. No files are needed, unless the node lists no accounts of a
/// program: then --files tells where one owner's is. Anyone may do it for anyone.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn campaign vested --campaign CAMPAIGN                  for the wallet of -k
  cairn campaign vested --campaign CAMPAIGN --owner OWNER    pay the fee for somebody else
  cairn campaign vested --campaign CAMPAIGN --all            everyone to whom something is due")]
pub struct Args {
    #[command(flatten)]
    pub which: CampaignArg,
    /// Who is paid [default: the wallet of -k]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub owner: Option<Pubkey>,
    /// Pay everyone to whom something is due
    #[arg(long, conflicts_with = "owner")]
    pub all: bool,
}

/// What was paid of what had vested.
#[derive(Clone, Debug, Serialize)]
pub struct VestedPaid {
    pub campaign: Address,
    /// Vesting accounts that were looked at.
    pub vestings: usize,
    /// Of them, those that were paid, or would be.
    pub paid: usize,
    pub tokens: Amount,
    /// What stays locked in them.
    pub still_locked: Amount,
    pub vesting_end: i64,
    pub failures: Vec<Failed>,
    /// Owners that were not reached, because of what stopped it.
    pub not_reached: u64,
    pub stopped: Option<Fault>,
    pub transactions: Transactions,
    /// The cluster's clock, unix seconds.
    pub now: i64,
}

/// What is due to one owner.
struct Due {
    owner: Pubkey,
    amount: Tokens,
    index: LeafIndex,
    /// Gets the vesting account's rent; known when this payment is the last.
    last_to: Option<Pubkey>,
    account_missing: bool,
    /// Lamports for the token account that it makes.
    rent: u64,
    memo: bool,
    campaign: Pubkey,
    mint: Pubkey,
    token_program: Pubkey,
}

impl Payment for Due {
    fn steps(&self, payer: Pubkey) -> Vec<Vec<Instruction>> {
        let create = self.account_missing.then(|| {
            spl::create_associated_token_account(
                &payer,
                &self.owner,
                &self.mint,
                &self.token_program,
            )
        });
        let pay = ClaimVested {
            campaign: self.campaign,
            owner: self.owner,
            mint: self.mint,
            token_program: self.token_program,
            index: self.index,
            memo: self.memo,
        };
        let close = self.last_to.map(|rent_payer| {
            CloseVesting {
                campaign: self.campaign,
                index: self.index,
                rent_payer,
            }
            .instruction()
        });
        vec![
            create
                .into_iter()
                .chain([pay.instruction()])
                .chain(close)
                .collect(),
        ]
    }

    fn rent(&self) -> u64 {
        self.rent
    }

    fn made_before(&self) -> Option<(Pubkey, u32)> {
        Some((AIRDROP, AirdropError::NothingVested.code()))
    }
}

/// # Errors
/// A campaign that pays nothing now; an owner without a vesting account; a token account that can not be paid to; what
/// sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<VestedPaid, CliError> {
    if args.all && ctx.manner == Manner::Unsigned {
        return Err(CliError::argument(
            "--all makes too many transactions to be signed elsewhere",
            "use --owner with --unsigned, one owner at a time",
        ));
    }
    let address = args.which.address()?;
    let owner = match (args.all, args.owner) {
        (true, _) => None,
        (false, Some(owner)) => Some(owner),
        (false, None) => Some(ctx.reader()?),
    };
    let index = match (&owner, &args.which.files) {
        // The files tell the index, and so the account's address: for nodes that list no accounts of a program.
        (Some(owner), Some(files)) => Some(load_claim(files, &owner.to_bytes())?.claim.leaf.index),
        _ => None,
    };
    let mut reading = Reading::new();
    let campaign = Standing::ask(&mut reading, address);
    let vesting = index.map(|index| reading.state(vesting_address(&address, index).0));
    let clock = reading.clock();
    let read = chain::answer(ctx, reading).await?;
    let campaign = Standing::live(&campaign, &read, &address)?;
    let now = read.need(&clock)?.unix_timestamp;
    read::require_claimable(&campaign, now)?;
    let vestings: Vec<VestingView> = match &vesting {
        Some(vesting) => read.find(vesting)?.into_iter().collect(),
        None => read::vestings(ctx, &address, owner.as_ref()).await?,
    };
    if let Some(owner) = owner.filter(|_| vestings.is_empty()) {
        return Err(CliError::refused(
            "no-vesting",
            format!(
                "{owner} has no vesting account in campaign {}",
                campaign.address
            ),
            "it is made by `cairn campaign claim` when a part stays locked, and goes when all is paid",
        ));
    }
    let (dues, failures) = dues(ctx, &campaign, &vestings, now).await?;
    let mut result = summary(&campaign, &vestings, &dues, failures, now);
    // One owner's refusal is the command's.
    if let (Some(_), Some(failed)) = (owner, result.failures.first()) {
        return Err(CliError::refused(
            "destination-unsafe",
            failed.fault.message.clone(),
            "put the token account right, then run the command again",
        ));
    }
    if dues.is_empty() {
        return Ok(result);
    }
    let effect = effect(&campaign, &result, owner, &dues);
    if owner.is_some() || ctx.manner == Manner::DryRun {
        let rent = dues.iter().map(|due| due.rent);
        let mut deed = Deed::new(effect).rent(rent.fold(0, u64::saturating_add));
        let payer = ctx.fee_payer()?;
        for step in dues.iter().flat_map(|due| due.steps(payer)) {
            deed = deed.step(step);
        }
        result.transactions = perform(ctx, deed).await?;
        return Ok(result);
    }
    let what = ("paying owners", effect);
    if let Some(done) = pay_all(ctx, what, &dues, |due| due.owner).await? {
        result.paid = done.paid.len();
        let amounts = done.paid.iter().map(|due| due.amount);
        let sum = amounts.fold(Tokens::ZERO, Tokens::saturating_add);
        result.tokens = of_tokens(sum, campaign.decimals);
        result.failures.extend(done.failed);
        (result.not_reached, result.stopped) = (done.not_reached, done.stopped);
        result.transactions = Transactions {
            what: "Pay what has vested".to_owned(),
            list: done.transactions,
        };
    }
    Ok(result)
}

/// What is due to whom, and who can not be paid.
async fn dues(
    ctx: &Context,
    campaign: &CampaignView,
    vestings: &[VestingView],
    now: i64,
) -> Result<(Vec<Due>, Vec<Failed>), CliError> {
    let owed: Vec<&VestingView> = vestings
        .iter()
        .filter(|vesting| vesting.due(campaign, now) > Tokens::ZERO)
        .collect();
    let destinations: Vec<Pubkey> = owed
        .iter()
        .map(|vesting| read::destination(campaign, &vesting.owner))
        .collect();
    let mut reading = Reading::new();
    let accounts = reading.all(destinations, TokenAccountView::decode);
    let rules = Rules::ask(&mut reading, &campaign.mint, &campaign.token_program);
    let rent = reading.rent();
    let read = chain::answer(ctx, reading).await?;
    let rules = Rules::answered(&rules, &read)?;
    let rent = read.need(&rent)?.minimum_balance(rules.account_len());
    let accounts = read
        .all(&accounts)
        .map(|account| account.map_err(CliError::from));
    let (mut dues, mut failed) = (Vec::with_capacity(owed.len()), Vec::new());
    for (vesting, account) in owed.into_iter().zip(accounts) {
        let checked = account.and_then(|account| {
            if let Some(account) = &account {
                token::payable(account, &vesting.owner)?;
            }
            Ok(account)
        });
        match checked {
            Ok(account) => dues.push(Due {
                owner: vesting.owner,
                amount: vesting.due(campaign, now),
                index: vesting.index(),
                last_to: (now >= campaign.vesting_end).then_some(vesting.rent_payer),
                account_missing: account.is_none(),
                rent: if account.is_none() { rent } else { 0 },
                memo: account.is_some_and(|account| account.requires_memo),
                campaign: campaign.address,
                mint: campaign.mint,
                token_program: campaign.token_program,
            }),
            Err(error) => failed.push(Failed::new(vesting.owner, &error)),
        }
    }
    Ok((dues, failed))
}

fn summary(
    campaign: &CampaignView,
    vestings: &[VestingView],
    dues: &[Due],
    failures: Vec<Failed>,
    now: i64,
) -> VestedPaid {
    let sum = |values: &mut dyn Iterator<Item = Tokens>| {
        of_tokens(
            values.fold(Tokens::ZERO, Tokens::saturating_add),
            campaign.decimals,
        )
    };
    let locked = sum(&mut vestings.iter().map(|vesting| {
        let vested = campaign.vested_of(vesting.locked(), now);
        vesting.locked().saturating_sub(vested)
    }));
    VestedPaid {
        campaign: campaign.address.into(),
        vestings: vestings.len(),
        paid: dues.len(),
        tokens: sum(&mut dues.iter().map(|due| due.amount)),
        still_locked: locked,
        vesting_end: campaign.vesting_end,
        failures,
        not_reached: 0,
        stopped: None,
        transactions: Transactions::default(),
        now,
    }
}

fn effect(
    campaign: &CampaignView,
    result: &VestedPaid,
    owner: Option<Pubkey>,
    dues: &[Due],
) -> Effect {
    let what = match owner {
        Some(owner) => format!("Pay {owner} {} vested tokens", result.tokens.grouped()),
        None => format!(
            "Pay {} vested tokens to {} owners",
            result.tokens.grouped(),
            grouped(result.paid as u64)
        ),
    };
    let missing = dues.iter().filter(|due| due.account_missing).count();
    let mut effect = Effect::new(what)
        .fact("campaign", campaign.address)
        .fact("token", campaign.mint)
        .fact("still locked", result.still_locked.grouped());
    if missing > 0 {
        effect = effect.fact(
            "creates",
            format!("{} token accounts", grouped(missing as u64)),
        );
    }
    let closes = dues.iter().filter(|due| due.last_to.is_some()).count();
    if closes > 0 {
        effect = effect.fact(
            "closes",
            format!(
                "{} vesting accounts that are then paid",
                grouped(closes as u64)
            ),
        );
    }
    effect
}

impl Verdict for VestedPaid {
    fn exit(&self) -> Exit {
        exit_of(&self.failures, self.stopped.as_ref())
    }
}

impl Show for VestedPaid {
    fn show(&self, page: &mut Page) {
        let transactions = &self.transactions;
        if transactions.list.is_empty() && self.not_reached == 0 {
            page.title("Nothing has vested since the last payment");
        } else {
            transactions.title(page);
        }
        page.fact("campaign", self.campaign.to_string());
        page.fact("paid", self.tokens.grouped());
        page.fact("still locked", self.still_locked.grouped());
        page.fact("vesting ends", utc_from(self.vesting_end, self.now));
        show_landed(page, transactions);
        show_unpaid(
            page,
            "owners",
            (self.not_reached, self.stopped.as_ref()),
            (self.failures.len() as u64, &self.failures),
        );
    }
}
