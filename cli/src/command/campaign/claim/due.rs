//! What one recipient is due and what must exist before it can be paid. Pure: made from accounts already read.

use cairn_interface::spl::{self, TokenAccountView};
use cairn_interface::vault::{CampaignView, ClaimDrop};
use cairn_merkle::{DropLeaf, Node};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::super::read;
use crate::batch::Piece;
use crate::error::CliError;
use crate::token;

/// One recipient's claim, ready to be sent.
pub struct Due {
    pub owner: Pubkey,
    pub leaf: DropLeaf,
    /// The owner's canonical token account, the only one a claim pays to.
    pub destination: Pubkey,
    /// Base units this claim pays.
    pub amount: u64,
    /// Base units that stay locked, for which a vesting account is made.
    pub still_locked: u64,
    pub account_missing: bool,
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
        now: i64,
    ) -> Result<Self, CliError> {
        let owner = Pubkey::new_from_array(leaf.owner);
        if let Some(account) = account {
            token::payable(account, &owner)?;
        }
        let vested = campaign.vested(leaf.locked, now);
        Ok(Self {
            owner,
            destination: read::destination(campaign, &owner),
            amount: leaf.unlocked.saturating_add(vested),
            still_locked: leaf.locked.saturating_sub(vested),
            account_missing: account.is_none(),
            memo: account.is_some_and(|account| account.requires_memo),
            leaf,
            proof,
            campaign: campaign.address,
            mint: campaign.mint,
            token_program: campaign.token_program,
        })
    }
}

impl Piece for Due {
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
            vesting_payer: (self.still_locked > 0).then_some(payer),
            memo: self.memo,
        };
        create
            .into_iter()
            .chain([vec![claim.instruction()]])
            .collect()
    }
}
