//! What one recipient is due and what must exist before it can be paid. Pure: made from accounts already read.

use cairn_client::Payment;
use cairn_interface::airdrop::{AirdropError, CampaignView, ClaimDrop, VESTING_LEN};
use cairn_interface::ids::AIRDROP;
use cairn_interface::spl::{self, TokenAccountView};
use cairn_merkle::{DropLeaf, LeafIndex, Node, Tokens};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::rent::Rent;

use super::super::read;
use crate::error::CliError;
use crate::token::{self, Rules};

/// One recipient's claim, ready to be sent.
pub struct Due {
    pub owner: Pubkey,
    pub leaf: DropLeaf,
    /// The owner's canonical token account, the only one a claim pays to.
    pub destination: Pubkey,
    /// What this claim pays.
    pub amount: Tokens,
    /// What stays locked, for which a vesting account is made.
    pub still_locked: Tokens,
    pub account_missing: bool,
    /// Lamports for the accounts that it makes.
    pub rent: u64,
    memo: bool,
    proof: Vec<Node>,
    campaign: Pubkey,
    mint: Pubkey,
    token_program: Pubkey,
}

impl Due {
    /// # Errors
    /// A token account that the program would refuse to pay to.
    pub fn new(
        campaign: &CampaignView,
        leaf: DropLeaf,
        proof: Vec<Node>,
        account: Option<&TokenAccountView>,
        rents: Rents,
        now: i64,
    ) -> Result<Self, CliError> {
        let owner = Pubkey::new_from_array(leaf.owner);
        if let Some(account) = account {
            token::payable(account, &owner)?;
        }
        let vested = campaign.vested_of(leaf.locked, now);
        let still_locked = leaf.locked.saturating_sub(vested);
        Ok(Self {
            owner,
            rent: rents.claim(account.is_none(), still_locked > Tokens::ZERO),
            destination: read::destination(campaign, &owner),
            amount: leaf.unlocked.saturating_add(vested),
            still_locked,
            account_missing: account.is_none(),
            memo: account.is_some_and(|account| account.requires_memo),
            leaf,
            proof,
            campaign: campaign.address,
            mint: campaign.mint,
            token_program: campaign.token_program,
        })
    }

    /// The claim of this campaign that takes most: it makes every account, and its page is far away.
    pub fn dearest(campaign: &CampaignView, depth: usize, rents: Rents) -> Self {
        Self {
            owner: campaign.address,
            leaf: DropLeaf {
                campaign: campaign.address.to_bytes(),
                owner: campaign.address.to_bytes(),
                index: LeafIndex::new(campaign.leaf_count.saturating_sub(1)),
                unlocked: Tokens::MAX,
                locked: Tokens::MAX,
            },
            destination: campaign.address,
            amount: Tokens::MAX,
            still_locked: Tokens::MAX,
            account_missing: true,
            rent: rents.claim(true, true),
            memo: true,
            proof: vec![Node::default(); depth],
            campaign: campaign.address,
            mint: campaign.mint,
            token_program: campaign.token_program,
        }
    }
}

/// Lamports for one account of each kind that a claim may make.
#[derive(Clone, Copy)]
pub struct Rents {
    pub account: u64,
    pub vesting: u64,
}

impl Rents {
    pub fn of(rent: &Rent, rules: &Rules) -> Self {
        Self {
            account: rent.minimum_balance(rules.account_len()),
            vesting: rent.minimum_balance(VESTING_LEN),
        }
    }

    /// For one claim.
    pub const fn claim(&self, account_missing: bool, vests: bool) -> u64 {
        let account = if account_missing { self.account } else { 0 };
        let vesting = if vests { self.vesting } else { 0 };
        account.saturating_add(vesting)
    }
}

impl Payment for Due {
    fn steps(&self, payer: Pubkey) -> Vec<Vec<Instruction>> {
        let create = self.account_missing.then(|| {
            vec![spl::create_associated_token_account(
                &payer,
                &self.owner,
                &self.mint,
                &self.token_program,
            )]
        });
        let claim = ClaimDrop {
            campaign: self.campaign,
            owner: self.owner,
            mint: self.mint,
            token_program: self.token_program,
            index: self.leaf.index,
            unlocked: self.leaf.unlocked,
            locked: self.leaf.locked,
            proof: self.proof.clone(),
            vesting_payer: (self.still_locked > Tokens::ZERO).then_some(payer),
            memo: self.memo,
        };
        create
            .into_iter()
            .chain([vec![claim.instruction()]])
            .collect()
    }

    fn rent(&self) -> u64 {
        self.rent
    }

    fn made_before(&self) -> Option<(Pubkey, u32)> {
        Some((AIRDROP, AirdropError::AlreadyClaimed.code()))
    }
}
