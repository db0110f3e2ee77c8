//! One owner's place in a pool: the leaf and its proof from the published files, checked against the chain, and what the
//! member took out so far. Claims, burns, redemptions and payout wallets all start from it.

use cairn_client::{Read, Reading};
use cairn_epoch::{ClaimFile, EpochError, load_claim};
use cairn_interface::vault::{
    EpochStatus, EpochView, MemberPageView, PoolView, RecipientView, Slot, member_page_address,
    recipient_address,
};
use cairn_merkle::{EpochNumber, Tokens, member_page_of, verify};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::rent::Rent;

use crate::args::{FilesArg, address};
use crate::chain;
use crate::command::epoch::is_claimable;
use crate::context::Context;
use crate::error::CliError;
use crate::published::{Published, pool_of};
use crate::token::Rules;

/// The files that prove a member's leaf, and the pool.
#[derive(Clone, Debug, clap::Args)]
pub struct MemberArg {
    #[command(flatten)]
    pub files: FilesArg,
    /// The pool's address [default: the pool the files are about]
    #[arg(long, value_name = "ADDRESS", env = "CAIRN_POOL", value_parser = address)]
    pub pool: Option<Pubkey>,
}

/// The code of a refusal because files and chain differ.
pub(crate) const PROOF_INVALID: &str = "proof-invalid";

/// A member as files and chain together know them: all of the chain's from one snapshot.
#[derive(Clone, Debug)]
pub struct Membership {
    pub pool: PoolView,
    pub owner: Pubkey,
    /// Proven against the root on chain.
    pub claim: ClaimFile,
    /// `None` while the member's page is not open.
    pub page: Option<MemberPageView>,
    /// The rules of the pool's token.
    pub token: Rules,
    /// The member's own wishes about payouts.
    pub recipient: Option<RecipientView>,
    /// In the pool's vault.
    pub vault_balance: Tokens,
    /// What keeps an account alive.
    pub rent: Rent,
    /// The cluster's clock, unix seconds.
    pub now: i64,
}

impl Membership {
    /// Reads and checks everything about `owner`.
    ///
    /// # Errors
    /// Not a member; files that are stale or forged; an unreachable node.
    pub async fn read(ctx: &Context, args: &MemberArg, owner: Pubkey) -> Result<Self, CliError> {
        let asked = Self::read_with(ctx, args, owner, None, |_, _| ());
        let (member, (), _) = asked.await?;
        Ok(member)
    }

    /// As [`Membership::read`], together with what else `ask` asks for in that pool; as epoch `wanted` knows the member,
    /// whether it is claimable or not, or as the claimable one does.
    ///
    /// # Errors
    /// As [`Membership::read`].
    pub async fn read_with<A>(
        ctx: &Context,
        args: &MemberArg,
        owner: Pubkey,
        wanted: Option<EpochNumber>,
        ask: impl FnOnce(&mut Reading, &PoolView) -> A,
    ) -> Result<(Self, A, Read), CliError> {
        let files = Published::open(ctx, &args.files).await?;
        let pool = chain::pool(ctx, &pool_of(args.pool, &files)?).await?;
        let number = match wanted {
            Some(number) => number,
            None => claimable_epoch(&files, &pool)?,
        };
        let Some(claim) = member_claim(&files, number, &owner).await? else {
            return Err(CliError::refused(
                "not-a-member",
                format!(
                    "{owner} is not a member of pool {} in epoch {number}",
                    pool.address
                ),
                "a wallet becomes a member with its first paid proof; `cairn why` tells what became of each",
            ));
        };
        // The pool once more: what is due follows from it and the rest together.
        let mut reading = Reading::new();
        let address = pool.address;
        let again = reading.state(address);
        // A claims file names its own epoch, which may not be the active one.
        let epoch = chain::ask_record(&mut reading, &address, claim.epoch);
        let page = member_page_address(&address, member_page_of(claim.index)).0;
        let page = reading.state(page);
        let recipient = reading.state(recipient_address(&address, &owner).0);
        let vault = reading.token_account(pool.vault);
        let token = Rules::ask(&mut reading, &pool.mint, &pool.token_program);
        let rent = reading.rent();
        let more = ask(&mut reading, &pool);
        let read = chain::answer(ctx, reading).await?;
        let pool: PoolView = read.need(&again)?;
        let epoch = chain::stored(&pool, claim.epoch, read.find(&epoch)?)?;
        if claim.epoch != number && wanted.is_none() {
            claimable(&epoch, &pool)?;
        }
        // Its number may still be the last but one, when its correction is active by now.
        if epoch.status() == EpochStatus::Revoked && wanted.is_none() {
            return Err(revoked(epoch.number()));
        }
        check(&claim, &epoch, &pool)?;
        let token = Rules::answered(&token, &read)?;
        let member = Self {
            pool,
            owner,
            claim,
            page: read.find(&page)?,
            recipient: read.find(&recipient)?,
            vault_balance: read
                .find(&vault)?
                .map_or(Tokens::ZERO, |vault| vault.tokens()),
            rent: read.need(&rent)?,
            now: token.now(),
            token,
        };
        Ok((member, more, read))
    }

    /// What the member took out.
    #[must_use]
    pub fn slot(&self) -> Slot {
        let slot = self.page.as_ref();
        slot.and_then(|page| page.slot(self.claim.index))
            .unwrap_or_default()
    }

    /// The page that holds the member's counters.
    #[must_use]
    pub const fn page_number(&self) -> u32 {
        member_page_of(self.claim.index)
    }

    /// Where the member's wishes are kept.
    #[must_use]
    pub fn recipient_address(&self) -> Pubkey {
        recipient_address(&self.pool.address, &self.owner).0
    }
}

/// The owner's claim in the files of epoch `number`; `None` when the owner is no member there.
pub(crate) async fn member_claim(
    files: &Published,
    number: EpochNumber,
    owner: &Pubkey,
) -> Result<Option<ClaimFile>, CliError> {
    if !files.has_claims(number) {
        return Ok(None);
    }
    let path = files.claim(number, owner).await?;
    match load_claim(&path, &owner.to_bytes()) {
        Ok(claim) => Ok(Some(claim)),
        Err(EpochError::NotAMember { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Checks a claim as the program will: a forged or stale file is found here, before a fee is paid.
///
/// # Errors
/// The claim is another pool's or epoch's, or its proof does not lead to the root on chain.
pub(crate) fn check(claim: &ClaimFile, epoch: &EpochView, pool: &PoolView) -> Result<(), CliError> {
    let differs = |what: &str| {
        CliError::refused(
            PROOF_INVALID,
            format!(
                "the files do not match epoch {} on chain: {what}",
                epoch.number
            ),
            "fetch the files again from a keeper; if they still differ, `cairn audit epoch` names where",
        )
    };
    if claim.pool != pool.address.to_bytes() {
        return Err(differs("they are about another pool"));
    }
    if claim.epoch != epoch.number() {
        return Err(differs(&format!("they are of epoch {}", claim.epoch)));
    }
    verify(
        claim.leaf().node(),
        claim.index,
        epoch.leaf_count,
        &claim.proof,
        &epoch.facts.canopy.nodes,
        epoch.canopy_depth,
    )
    .map_err(|error| differs(&error.to_string()))
}

/// The epoch whose files are here and whose claims are paid now: the active one, else the one before it.
pub(crate) fn claimable_epoch(files: &Published, pool: &PoolView) -> Result<EpochNumber, CliError> {
    let active = pool.active_epoch();
    if active < EpochNumber::FIRST {
        return Err(CliError::not_yet(
            "no-active-epoch",
            format!(
                "pool {} has no active epoch yet, so nothing can be claimed",
                pool.address
            ),
            "see what is in flight with `cairn epoch list`",
        ));
    }
    let mut candidates = std::iter::once(active)
        .chain(active.previous())
        .filter(|number| is_claimable(*number, pool));
    candidates
        .find(|number| files.has_claims(*number))
        .ok_or_else(|| {
            if pool.is_correction_due() {
                return revoked(active);
            }
            CliError::refused(
                "epoch-not-published",
                format!(
                    "epoch {active} is the active one, and the files hold only {}",
                    files.listed()
                ),
                "fetch the active epoch's files from a keeper",
            )
        })
}

/// Nobody is paid by a root that was taken back.
fn revoked(active: EpochNumber) -> CliError {
    let before = active
        .previous()
        .filter(|before| *before >= EpochNumber::FIRST);
    let hint = match before {
        Some(before) => format!(
            "fetch the files of its correction, if that is active (`cairn epoch list`); until then epoch {before} pays"
        ),
        None => {
            "nothing lost: its correction pays what you earned; see `cairn epoch list`".to_owned()
        }
    };
    CliError::refused(
        "epoch-revoked",
        format!(
            "epoch {active} was taken back by admin and guardian, and nothing is paid by it any more"
        ),
        hint,
    )
}

fn claimable(epoch: &EpochView, pool: &PoolView) -> Result<(), CliError> {
    if is_claimable(epoch.number(), pool) {
        return Ok(());
    }
    if pool.is_correction_due() && epoch.number() == pool.active_epoch() {
        return Err(revoked(epoch.number()));
    }
    Err(CliError::refused(
        "epoch-not-claimable",
        format!(
            "the files are of epoch {}, and epoch {} is the active one",
            epoch.number, pool.active_epoch
        ),
        "fetch the active epoch's files from a keeper",
    ))
}
