//! What one member is owed and what must exist before it can be paid. Pure: made from accounts already read.

use cairn_epoch::ClaimFile;
use cairn_interface::spl::{self, TokenAccountView};
use cairn_interface::vault::{
    self, Asker, MemberPageView, PoolView, RecipientView, Taken as _, WHOLE_BPS,
};
use cairn_merkle::{LeafIndex, Tokens, member_page_of};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use crate::error::CliError;
use crate::token;

/// One member's claim, ready to be sent.
pub(super) struct Due {
    pub claim: ClaimFile,
    pub owner: Pubkey,
    /// The wallet that is paid: the owner's, or the one they named.
    pub payout: Pubkey,
    /// That wallet's canonical token account, the only one a claim pays to.
    pub destination: Pubkey,
    /// Paid before.
    pub claimed: Tokens,
    /// What this claim pays.
    pub amount: Tokens,
    /// What stays claimable after it.
    pub rest: Tokens,
    pub page_missing: bool,
    pub account_missing: bool,
    /// Whether the member has wishes that the program must see.
    recipient: bool,
    /// Who must sign because the member restricted claims, or because nobody else may ask for this part.
    authority: Option<Pubkey>,
    /// The signer, where it is the owner or the owner's delegate.
    member: Option<Pubkey>,
    /// Whether the destination lets nothing in without a memo.
    memo: bool,
}

/// What is read about one member before [`Due`] is made.
pub(super) struct Member<'a> {
    pub claim: ClaimFile,
    pub page: Option<&'a MemberPageView>,
    pub recipient: Option<&'a RecipientView>,
    pub account: Option<&'a TokenAccountView>,
}

impl Due {
    /// # Errors
    /// A member that lets others than `signer` claim; a token account that the program would refuse to pay to.
    pub fn new(
        pool: &PoolView,
        member: Member<'_>,
        signer: Option<Pubkey>,
        now: i64,
    ) -> Result<Self, CliError> {
        let claim = member.claim;
        let owner = Pubkey::new_from_array(claim.owner);
        let speaker = signer.filter(|signer| speaks_for(signer, &owner, member.recipient));
        // Signed, a claim may use the half of the breaker's room that is kept for members.
        let guarded = speaker.filter(|_| pool.breaker_share_bps < WHOLE_BPS);
        let authority = authority(&owner, member.recipient, signer)?.or(guarded);
        let payout = payout(&owner, member.recipient, now);
        let claimed = claimed(member.page, claim.index);
        let amount = claim.tokens.saturating_sub(claimed);
        if let Some(account) = member.account
            && amount > Tokens::ZERO
        {
            token::payable(account, &payout)?;
        }
        Ok(Self {
            owner,
            payout,
            destination: destination(pool, &payout),
            claimed,
            amount,
            rest: Tokens::ZERO,
            page_missing: member.page.is_none(),
            account_missing: member.account.is_none(),
            recipient: member.recipient.is_some(),
            authority,
            member: speaker,
            memo: member.account.is_some_and(|account| account.requires_memo),
            claim,
        })
    }

    /// At whose word the claim is paid.
    pub const fn asker(&self) -> Asker {
        if self.authority.is_some() {
            Asker::Member
        } else {
            Asker::Anyone
        }
    }

    /// Whether the signer may ask for a part; `guarded` is [`crate::token::has_extensions`].
    pub const fn may_be_parted(&self, guarded: bool) -> bool {
        !guarded || self.member.is_some()
    }

    /// The same claim, for `most` if more is due.
    ///
    /// # Errors
    /// A part of a guarded token, which only the owner or the delegate may ask for.
    pub fn at_most(mut self, most: Tokens, guarded: bool) -> Result<Self, CliError> {
        let all = self.amount.saturating_add(self.rest);
        self.amount = all.min(most);
        self.rest = all.saturating_sub(self.amount);
        if self.rest == Tokens::ZERO {
            return Ok(self);
        }
        if !self.may_be_parted(guarded) {
            return Err(CliError::refused(
                PART_UNSIGNED,
                format!(
                    "only {} and its delegate may claim a part: the token may take a fee of every transfer",
                    self.owner
                ),
                "claim all that is due, or sign with one of these keys (-k/--keypair)",
            ));
        }
        if guarded {
            self.authority = self.member;
        }
        Ok(self)
    }

    /// The page that holds the member's counters.
    pub const fn page(&self) -> u32 {
        member_page_of(self.claim.index)
    }

    /// Creates the paid wallet's token account; changes nothing when somebody else was faster.
    pub fn create_account(&self, pool: &PoolView, payer: Pubkey) -> Instruction {
        spl::create_associated_token_account(&payer, &self.payout, &pool.mint, &pool.token_program)
    }

    /// Opens the member's page.
    pub fn open_page(&self, pool: &PoolView, payer: Pubkey) -> Instruction {
        open_page(pool, payer, self.page())
    }

    /// Pays what is due.
    pub fn pay(&self, pool: &PoolView) -> Instruction {
        vault::Claim {
            pool: pool.address,
            number: self.claim.epoch,
            owner: self.owner,
            payout: self.recipient.then_some(self.payout),
            mint: pool.mint,
            token_program: pool.token_program,
            index: self.claim.index,
            tokens: self.claim.tokens,
            points: self.claim.points,
            credits: self.claim.credits,
            // A claim for all is for all that is due when it lands, not for what was due when it was made.
            at_most: if self.rest == Tokens::ZERO {
                Tokens::MAX
            } else {
                self.amount
            },
            proof: self.claim.proof.clone(),
            authority: self.authority,
            memo: self.memo,
        }
        .instruction()
    }
}

/// The wallet that is paid for `owner` at `now`.
pub(super) fn payout(owner: &Pubkey, recipient: Option<&RecipientView>, now: i64) -> Pubkey {
    recipient.map_or(*owner, |recipient| recipient.payout_at(now))
}

/// The token account of the wallet that is paid.
pub(super) fn destination(pool: &PoolView, payout: &Pubkey) -> Pubkey {
    spl::associated_token_address(payout, &pool.mint, &pool.token_program)
}

pub(super) fn open_page(pool: &PoolView, payer: Pubkey, page: u32) -> Instruction {
    vault::OpenMemberPage {
        payer,
        pool: pool.address,
        page,
    }
    .instruction()
}

/// What the member took out before; nothing while its page is not open.
pub(super) fn claimed(page: Option<&MemberPageView>, index: LeafIndex) -> Tokens {
    let slot = page.and_then(|page| page.slot(index));
    slot.map_or(Tokens::ZERO, |slot| slot.tokens())
}

/// Whether `signer` is the owner or the owner's delegate.
fn speaks_for(signer: &Pubkey, owner: &Pubkey, recipient: Option<&RecipientView>) -> bool {
    let delegate = recipient.and_then(RecipientView::delegate);
    signer == owner || delegate == Some(*signer)
}

/// Who must sign a claim for this member when `signer` is here: nobody, or `signer` itself.
///
/// # Errors
/// The member restricted claims to others than `signer`.
fn authority(
    owner: &Pubkey,
    recipient: Option<&RecipientView>,
    signer: Option<Pubkey>,
) -> Result<Option<Pubkey>, CliError> {
    let Some(recipient) = recipient.filter(|recipient| recipient.is_restricted()) else {
        return Ok(None);
    };
    match signer.filter(|signer| speaks_for(signer, owner, Some(recipient))) {
        Some(signer) => Ok(Some(signer)),
        None => Err(CliError::refused(
            RESTRICTED,
            match recipient.delegate() {
                Some(delegate) => {
                    format!("{owner} lets only itself and {delegate} claim for it")
                }
                None => format!("{owner} lets only itself claim for it"),
            },
            "sign with one of these keys (-k/--keypair); the fee may come from another with --fee-payer",
        )),
    }
}

/// The code of a refusal of a part; the program's own.
const PART_UNSIGNED: &str = "reward-vault/PartUnsigned";
/// The code of a refusal because a member restricted claims.
pub(super) const RESTRICTED: &str = "claim-restricted";
