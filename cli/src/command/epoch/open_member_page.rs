//! `cairn epoch open-member-page`.

use cairn_client::{Asked, Reading};
use cairn_interface::vault::{self, EpochRecord, MEMBER_PAGE_LEN, MemberPageView, PoolView};
use cairn_merkle::{LeafIndex, SLOTS_PER_PAGE, member_page_of, member_pages_for};

use crate::amount::{Amount, grouped};
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, Transactions, perform};

/// Open a member page, so that its members can claim
///
/// A member page holds the counters of 420 members for life; `cairn claim` opens a missing one by itself. Anyone may pay.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn epoch open-member-page 0 --pool POOL
  cairn epoch open-member-page --member 1234 --pool POOL     the page of the member with index 1234")]
pub struct Args {
    /// The member page's number, from 0
    #[arg(value_name = "PAGE", required_unless_present = "member")]
    pub page: Option<u32>,
    /// Open the member page of the member with this index instead
    #[arg(long, value_name = "INDEX", conflicts_with = "page")]
    pub member: Option<LeafIndex>,
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// A page that no member of the active epoch needs; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let page = args
        .page
        .or_else(|| args.member.map(member_page_of))
        .unwrap_or_default();
    let (address, _) = vault::member_page_address(&pool.address, page);
    let mut reading = Reading::new();
    let again = reading.state(pool.address);
    let newest = chain::ask_record(&mut reading, &pool.address, pool.next_epoch());
    let (found, rent): (Asked<MemberPageView>, _) = (reading.state(address), reading.rent());
    let read = chain::answer(ctx, reading).await?;
    let pool: PoolView = read.need(&again)?;
    let newest = read.find(&newest)?.and_then(EpochRecord::stored);
    let members = newest.map_or(pool.members, |epoch| epoch.leaf_count.max(pool.members));
    if page >= member_pages_for(members) {
        return Err(CliError::refused(
            "page-not-needed",
            format!(
                "member page {page} would be empty: the pool's {} members fill {}",
                grouped(members.into()),
                match member_pages_for(members) {
                    0 => "no page".to_owned(),
                    1 => "member page 0".to_owned(),
                    more => format!("member pages 0 to {}", more.saturating_sub(1)),
                }
            ),
            "its rent would be lost on members that do not exist",
        ));
    }
    let opened = |rent_lamports, transactions: Transactions| {
        let opened = transactions.sent();
        Facts::of(transactions)
            .fact("pool", pool.address)
            .data("page", page)
            .fact("address", address)
            .rent("rent", rent_lamports)
            .data("opened", opened)
            .nothing(format!("Member page {page} is open already: nothing to do"))
    };
    if read.find(&found)?.is_some() {
        return Ok(opened(0, Transactions::default()));
    }
    let rent_lamports = read.need(&rent)?.minimum_balance(MEMBER_PAGE_LEN);
    let payer = ctx.fee_payer()?;
    let open = vault::OpenMemberPage {
        payer,
        pool: pool.address,
        page,
    };
    let first = u64::from(page).saturating_mul(u64::from(SLOTS_PER_PAGE));
    let last = first
        .saturating_add(u64::from(SLOTS_PER_PAGE))
        .saturating_sub(1);
    let effect = Effect::new(format!("Open member page {page} of the pool"))
        .fact("pool", pool.address)
        .fact("address", address)
        .fact(
            "for members",
            format!("{} to {}", grouped(first), grouped(last)),
        )
        .fact(
            "rent",
            format!("{} SOL", Amount::lamports(rent_lamports).grouped()),
        )
        .warning("The rent stays in the member page for good.");
    let transactions = perform(ctx, Deed::new(effect).step([open.instruction()])).await?;
    Ok(opened(rent_lamports, transactions))
}
