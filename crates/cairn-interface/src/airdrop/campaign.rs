use ::airdrop::{
    CreateCampaignArgs, ExtendCampaignArgs, OpenCampaignArgs, OpenCampaignPageArgs, PutCanopyArgs,
    SweepCampaignArgs, accounts, instruction,
};
use cairn_merkle::Node;
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{
    campaign_address, campaign_page_address, campaign_vault_address, event_authority,
    vesting_address,
};
use crate::{
    build,
    ids::{AIRDROP, ASSOCIATED_TOKEN_PROGRAM, MEMO_PROGRAM, SYSTEM_PROGRAM},
    nodes::nodes_to_bytes,
};

/// Creates a campaign and its empty vault. `creator` signs, pays the rent and gets it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateCampaign {
    pub creator: Pubkey,
    /// Tells apart several campaigns of one creator.
    pub id: u64,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    /// The wallet whose canonical token account gets what nobody claims.
    pub receiver: Pubkey,
    /// Hash of the tree and the base units of all drops.
    pub root: Node,
    pub leaf_count: u32,
    /// SHA-256 of the published list of drops.
    pub snapshot_hash: [u8; 32],
    /// Unix seconds of the first claim, and so on; each not before the last one.
    pub starts_at: i64,
    pub vesting_start: i64,
    pub cliff_at: i64,
    pub vesting_end: i64,
    /// Unix seconds of the last claim.
    pub expires_at: i64,
    /// Levels of the tree that the account stores, at most 7; fewer when the tree is lower.
    pub canopy_depth: u8,
}

impl CreateCampaign {
    /// The address the campaign will have; every leaf of its tree names it.
    #[must_use]
    pub fn campaign(&self) -> Pubkey {
        campaign_address(&self.creator, self.id).0
    }

    #[must_use]
    pub fn instruction(&self) -> Instruction {
        let campaign = self.campaign();
        build::instruction(
            AIRDROP,
            &accounts::CreateCampaign {
                creator: self.creator,
                mint: self.mint,
                token_program: self.token_program,
                campaign,
                vault: campaign_vault_address(&campaign).0,
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: AIRDROP,
            },
            &instruction::CreateCampaign {
                args: CreateCampaignArgs {
                    id: self.id,
                    receiver: self.receiver,
                    root: self.root.hash,
                    tokens: self.root.sum(),
                    leaf_count: self.leaf_count,
                    snapshot_hash: self.snapshot_hash,
                    starts_at: self.starts_at,
                    vesting_start: self.vesting_start,
                    cliff_at: self.cliff_at,
                    vesting_end: self.vesting_end,
                    expires_at: self.expires_at,
                    canopy_depth: self.canopy_depth,
                },
            },
        )
    }
}

/// Stores the next nodes of the canopy; `offset` is how many are stored, or 0 to start over. `creator` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutCampaignCanopy {
    pub creator: Pubkey,
    pub campaign: Pubkey,
    pub offset: u8,
    pub nodes: Vec<Node>,
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

    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            AIRDROP,
            &accounts::PutCampaignCanopy {
                creator: self.creator,
                campaign: self.campaign,
                event_authority: event_authority(),
                program: AIRDROP,
            },
            &instruction::PutCampaignCanopy {
                args: PutCanopyArgs {
                    offset: self.offset,
                    nodes: nodes_to_bytes(&self.nodes),
                },
            },
        )
    }
}

/// Fills a draft's vault and makes it claimable from its start on. `creator` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCampaign {
    pub creator: Pubkey,
    pub campaign: Pubkey,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    /// The creator's token account, or one that the creator is the delegate of.
    pub from: Pubkey,
    /// Base units to take; `None` takes what the vault lacks, which is too little when the mint takes a fee.
    pub amount: Option<u64>,
}

impl OpenCampaign {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            AIRDROP,
            &accounts::OpenCampaign {
                creator: self.creator,
                campaign: self.campaign,
                vault: campaign_vault_address(&self.campaign).0,
                mint: self.mint,
                from: self.from,
                token_program: self.token_program,
                event_authority: event_authority(),
                program: AIRDROP,
            },
            &instruction::OpenCampaign {
                args: OpenCampaignArgs {
                    amount: self.amount.unwrap_or(u64::MAX),
                },
            },
        )
    }
}

/// Creates the account that holds the bits of 80,000 claimants (see `cairn_merkle::drop_page_of`). `payer` signs, pays
/// its rent and gets it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCampaignPage {
    pub payer: Pubkey,
    pub campaign: Pubkey,
    pub page: u32,
}

impl OpenCampaignPage {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            AIRDROP,
            &accounts::OpenCampaignPage {
                payer: self.payer,
                campaign: self.campaign,
                page: campaign_page_address(&self.campaign, self.page).0,
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: AIRDROP,
            },
            &instruction::OpenCampaignPage {
                args: OpenCampaignPageArgs { page: self.page },
            },
        )
    }
}

/// Moves the expiry later. `creator` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendCampaign {
    pub creator: Pubkey,
    pub campaign: Pubkey,
    /// Unix seconds of the last claim from now on.
    pub expires_at: i64,
}

impl ExtendCampaign {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            AIRDROP,
            &accounts::ExtendCampaign {
                creator: self.creator,
                campaign: self.campaign,
                event_authority: event_authority(),
                program: AIRDROP,
            },
            &instruction::ExtendCampaign {
                args: ExtendCampaignArgs {
                    expires_at: self.expires_at,
                },
            },
        )
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

impl SweepCampaign {
    /// Where the tokens go.
    #[must_use]
    pub fn destination(&self) -> Pubkey {
        destination_and_bump(&self.receiver, &self.mint, &self.token_program).0
    }

    #[must_use]
    pub fn instruction(&self) -> Instruction {
        let (destination, bump) =
            destination_and_bump(&self.receiver, &self.mint, &self.token_program);
        self.instruction_to(destination, bump)
    }

    /// As [`SweepCampaign::instruction`], to any token account. The program refuses all but the receiver's.
    #[must_use]
    pub fn instruction_to(&self, destination: Pubkey, destination_bump: u8) -> Instruction {
        let mut instruction = build::instruction(
            AIRDROP,
            &accounts::SweepCampaign {
                campaign: self.campaign,
                creator: self.creator,
                vault: campaign_vault_address(&self.campaign).0,
                mint: self.mint,
                destination,
                token_program: self.token_program,
                memo_program: self.memo.then_some(MEMO_PROGRAM),
                event_authority: event_authority(),
                program: AIRDROP,
            },
            &instruction::SweepCampaign {
                args: SweepCampaignArgs { destination_bump },
            },
        );
        for account in &mut instruction.accounts {
            account.is_signer |= self.draft && account.pubkey == self.creator;
        }
        instruction
    }
}

/// Closes a page of a swept campaign. Anyone may send it; the rent goes to who paid it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseCampaignPage {
    pub campaign: Pubkey,
    pub page: u32,
    /// As in the page.
    pub rent_payer: Pubkey,
}

impl CloseCampaignPage {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            AIRDROP,
            &accounts::CloseCampaignPage {
                campaign: self.campaign,
                page: campaign_page_address(&self.campaign, self.page).0,
                rent_payer: self.rent_payer,
                event_authority: event_authority(),
                program: AIRDROP,
            },
            &instruction::CloseCampaignPage {},
        )
    }
}

/// Closes a vesting account that is paid, or whose campaign was swept. Anyone may send it; the rent goes to who paid it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseVesting {
    pub campaign: Pubkey,
    pub index: u32,
    /// As in the account.
    pub rent_payer: Pubkey,
}

impl CloseVesting {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            AIRDROP,
            &accounts::CloseVesting {
                campaign: self.campaign,
                vesting: vesting_address(&self.campaign, self.index).0,
                rent_payer: self.rent_payer,
                event_authority: event_authority(),
                program: AIRDROP,
            },
            &instruction::CloseVesting {},
        )
    }
}

/// Closes a swept campaign without pages and vesting accounts down to its tombstone. Anyone may send it; the rent goes
/// to its creator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseCampaign {
    pub creator: Pubkey,
    pub campaign: Pubkey,
}

impl CloseCampaign {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            AIRDROP,
            &accounts::CloseCampaign {
                campaign: self.campaign,
                creator: self.creator,
                event_authority: event_authority(),
                program: AIRDROP,
            },
            &instruction::CloseCampaign {},
        )
    }
}

/// The canonical token account of `owner`, with its bump.
pub(super) fn destination_and_bump(
    owner: &Pubkey,
    mint: &Pubkey,
    token_program: &Pubkey,
) -> (Pubkey, u8) {
    Pubkey::find_program_address(
        &[owner.as_ref(), token_program.as_ref(), mint.as_ref()],
        &ASSOCIATED_TOKEN_PROGRAM,
    )
}
