use cairn_interface::airdrop::{CampaignView, ClaimDrop, CreateCampaign, PutCampaignCanopy};
use cairn_merkle::{DropLeaf, LeafIndex, Node, Tokens, canopy_depth_for};
use cairn_tree::Tree;
use solana_sdk::pubkey::Pubkey;

/// What one claimant is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    pub owner: Pubkey,
    /// Base units that are paid at the claim.
    pub unlocked: u64,
    /// Base units that vest.
    pub locked: u64,
}

/// One campaign's leaves and their tree, as its creator would build them: what canopies and claims are made from.
pub struct Drops {
    campaign: Pubkey,
    leaves: Vec<DropLeaf>,
    tree: Tree,
}

impl Drops {
    /// The tree of `grants` in order of their index.
    #[track_caller]
    pub fn new(campaign: &Pubkey, grants: &[Grant]) -> Self {
        let leaves: Vec<DropLeaf> = (0..)
            .zip(grants)
            .map(|(index, grant)| DropLeaf {
                campaign: campaign.to_bytes(),
                index: LeafIndex::new(index),
                owner: grant.owner.to_bytes(),
                unlocked: Tokens::new(grant.unlocked),
                locked: Tokens::new(grant.locked),
            })
            .collect();
        let nodes = leaves.iter().map(DropLeaf::node).collect();
        let nodes: Vec<Node> = match nodes {
            Ok(nodes) => nodes,
            Err(error) => panic!("a grant of the test is no leaf: {error}"),
        };
        let tree = Tree::from_nodes(&campaign.to_bytes(), nodes)
            .unwrap_or_else(|error| panic!("the test's leaves make no tree: {error}"));
        Self {
            campaign: *campaign,
            leaves,
            tree,
        }
    }

    pub fn root(&self) -> Node {
        self.tree.root()
    }

    pub fn leaves(&self) -> &[DropLeaf] {
        &self.leaves
    }

    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The canopy that a campaign with this wish stores, left to right.
    #[track_caller]
    pub fn canopy(&self, wish: u8) -> Vec<Node> {
        let depth = canopy_depth_for(wish, self.tree.depth());
        self.tree
            .canopy(depth)
            .unwrap_or_else(|error| panic!("no canopy: {error}"))
    }

    /// The instructions that store the canopy of a campaign that `create` makes.
    pub fn put_canopy(&self, create: &CreateCampaign) -> Vec<PutCampaignCanopy> {
        let canopy = self.canopy(create.canopy_depth);
        PutCampaignCanopy::all(create.creator, self.campaign, &canopy)
    }

    /// The claim of the drop at `index`, without a payer for its vesting account.
    #[track_caller]
    pub fn claim(&self, campaign: &CampaignView, index: u32) -> ClaimDrop {
        let index = LeafIndex::new(index);
        let leaf = usize::try_from(index.get())
            .ok()
            .and_then(|at| self.leaves.get(at))
            .unwrap_or_else(|| panic!("no leaf at {index}"));
        ClaimDrop {
            campaign: self.campaign,
            owner: Pubkey::new_from_array(leaf.owner),
            mint: campaign.mint,
            token_program: campaign.token_program,
            index,
            unlocked: leaf.unlocked,
            locked: leaf.locked,
            proof: self
                .tree
                .proof(index, campaign.canopy_depth)
                .unwrap_or_else(|error| panic!("no proof: {error}")),
            vesting_payer: None,
            memo: false,
        }
    }
}
