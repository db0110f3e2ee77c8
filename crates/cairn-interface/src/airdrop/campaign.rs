use cairn_merkle::{LeafIndex, Node, Tokens};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{campaign_address, campaign_page_address, campaign_vault_address, vesting_address};
use crate::{
    build::{self, instructions, nodes_to_bytes, paid_to},
    ids::{AIRDROP, MEMO_PROGRAM, SYSTEM_PROGRAM},
};

instructions! { airdrop;
    /// Creates a campaign and its empty vault. `creator` signs, pays the rent and gets it back.
    CreateCampaign as it {
        creator: Pubkey,
        /// Tells apart several campaigns of one creator.
        id: u64,
        mint: Pubkey,
        token_program: Pubkey,
        /// The wallet whose canonical token account gets what nobody claims.
        receiver: Pubkey,
        /// Hash of the tree and the base units of all drops.
        root: Node,
        leaf_count: u32,
        /// SHA-256 of the published list of drops.
        snapshot_hash: [u8; 32],
        /// Unix seconds of the first claim, and so on; each not before the last one.
        starts_at: i64,
        vesting_start: i64,
        cliff_at: i64,
        vesting_end: i64,
        /// Unix seconds of the last claim.
        expires_at: i64,
        /// Levels of the tree that the account stores, at most 7; fewer when the tree is lower.
        canopy_depth: u8,
    }
    by {
        creator, mint, token_program, campaign: it.campaign(), vault: campaign_vault_address(&it.campaign()).0,
        system_program: SYSTEM_PROGRAM,
    }
    with CreateCampaignArgs {
        id, receiver, root: it.root.hash, tokens: it.root.sum().get(), leaf_count, snapshot_hash, starts_at, vesting_start,
        cliff_at, vesting_end, expires_at, canopy_depth,
    }

    /// Stores the next nodes of the canopy; `offset` is how many are stored, or 0 to start over. `creator` signs.
    PutCampaignCanopy as it { creator: Pubkey, campaign: Pubkey, offset: u8, nodes: Vec<Node> }
    by { creator, campaign }
    with PutCanopyArgs { offset, nodes: nodes_to_bytes(&it.nodes) }

    /// Fills a draft's vault and makes it claimable from its start on. `creator` signs.
    OpenCampaign as it {
        creator: Pubkey,
        campaign: Pubkey,
        mint: Pubkey,
        token_program: Pubkey,
        /// The creator's token account, or one that the creator is the delegate of.
        from: Pubkey,
        /// What to take; `None` takes what the vault lacks, which is too little when the mint takes a fee.
        amount: Option<Tokens>,
    }
    by { creator, campaign, vault: campaign_vault_address(&it.campaign).0, mint, from, token_program }
    with OpenCampaignArgs { amount: it.amount.unwrap_or(Tokens::MAX).get() }

    /// Creates the account that holds the bits of 80,000 claimants (see `cairn_merkle::drop_page_of`). `payer` signs,
    /// pays its rent and gets it back.
    OpenCampaignPage as it { payer: Pubkey, campaign: Pubkey, page: u32 }
    by {
        payer, campaign, page: campaign_page_address(&it.campaign, it.page).0, system_program: SYSTEM_PROGRAM,
    }
    with OpenCampaignPageArgs { page }

    /// Moves the expiry later. `creator` signs.
    ExtendCampaign as it {
        creator: Pubkey,
        campaign: Pubkey,
        /// Unix seconds of the last claim from now on.
        expires_at: i64,
    }
    by { creator, campaign }
    with ExtendCampaignArgs { expires_at }

    /// Closes a page of a swept campaign. Anyone may send it; the rent goes to who paid it.
    CloseCampaignPage as it {
        campaign: Pubkey,
        page: u32,
        /// As in the page.
        rent_payer: Pubkey,
    }
    by { campaign, page: campaign_page_address(&it.campaign, it.page).0, rent_payer }
    with {}

    /// Closes a vesting account that is paid, or whose campaign was swept. Anyone may send it; the rent goes to who paid
    /// it.
    CloseVesting as it {
        campaign: Pubkey,
        index: LeafIndex,
        /// As in the account.
        rent_payer: Pubkey,
    }
    by { campaign, vesting: vesting_address(&it.campaign, it.index).0, rent_payer }
    with {}

    /// Closes a swept campaign without pages and vesting accounts down to its tombstone. Anyone may send it; the rent
    /// goes to its creator.
    CloseCampaign as it { creator: Pubkey, campaign: Pubkey }
    by { campaign, creator }
    with {}
}

impl CreateCampaign {
    /// The address the campaign will have; every leaf of its tree names it.
    #[must_use]
    pub fn campaign(&self) -> Pubkey {
        campaign_address(&self.creator, self.id).0
    }
}

impl PutCampaignCanopy {
    /// Nodes that fit one transaction with its two budget instructions and two signers.
    pub const MAX_NODES: usize = 16;

    /// The instructions that store a whole canopy, in order; none for a canopy of the root alone, which the creation
    /// completes.
    #[must_use]
    pub fn all(creator: Pubkey, campaign: Pubkey, canopy: &[Node]) -> Vec<Self> {
        if canopy.len() <= 1 {
            return Vec::new();
        }
        canopy
            .chunks(Self::MAX_NODES)
            .zip((0_u8..).step_by(Self::MAX_NODES))
            .map(|(nodes, offset)| Self {
                creator,
                campaign,
                offset,
                nodes: nodes.to_vec(),
            })
            .collect()
    }
}

/// Sends what nobody claimed to the receiver's canonical token account, which must exist when anything is left, and
/// closes the vault. Anyone may send it after the expiry; before a draft is opened, its creator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepCampaign {
    pub creator: Pubkey,
    pub campaign: Pubkey,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    pub receiver: Pubkey,
    /// The campaign is a draft that its creator gives up, and signs for.
    pub draft: bool,
    /// Whether the destination lets in no transfer without a memo.
    pub memo: bool,
}

paid_to!(SweepCampaign, receiver);

impl SweepCampaign {
    /// As [`SweepCampaign::instruction`], to any token account. The program refuses all but the receiver's.
    #[must_use]
    pub fn instruction_to(&self, destination: Pubkey, destination_bump: u8) -> Instruction {
        let mut instruction = build::instruction(
            AIRDROP,
            &airdrop::accounts::SweepCampaign {
                campaign: self.campaign,
                creator: self.creator,
                vault: campaign_vault_address(&self.campaign).0,
                mint: self.mint,
                destination,
                token_program: self.token_program,
                memo_program: self.memo.then_some(MEMO_PROGRAM),
                event_authority: build::event_authority(&AIRDROP),
                program: AIRDROP,
            },
            &airdrop::instruction::SweepCampaign {
                args: airdrop::SweepCampaignArgs { destination_bump },
            },
        );
        for account in &mut instruction.accounts {
            account.is_signer |= self.draft && account.pubkey == self.creator;
        }
        instruction
    }
}
