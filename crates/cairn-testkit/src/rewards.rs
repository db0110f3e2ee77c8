use cairn_interface::vault::{Claim, PoolView, ProposeEpoch, PutCanopy};
use cairn_merkle::{
    Credits, EpochNumber, LeafIndex, MilliPoints, Node, RewardLeaf, Tokens, canopy_depth_for,
};
use cairn_tree::Tree;
use solana_sdk::pubkey::Pubkey;

/// The rules that pools of tests are created under and their epochs scored by: a recognisable filler.
pub const RULESET_HASH: [u8; 32] = [0x22; 32];

/// What one member has earned over their life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    pub owner: Pubkey,
    /// Base units.
    pub tokens: u64,
    /// Milli-points.
    pub points: u64,
    pub credits: u64,
}

impl Member {
    /// A member with tokens alone.
    pub const fn with_tokens(owner: Pubkey, tokens: u64) -> Self {
        Self {
            owner,
            tokens,
            points: 0,
            credits: 0,
        }
    }
}

/// One epoch's leaves and their tree, as a keeper would build them: what proposals, canopies and claims are made from.
pub struct Rewards {
    pool: Pubkey,
    leaves: Vec<RewardLeaf>,
    tree: Tree,
}

impl Rewards {
    /// The tree of `members` in order of their index.
    #[track_caller]
    pub fn new(pool: &Pubkey, members: &[Member]) -> Self {
        let leaves: Vec<RewardLeaf> = (0..)
            .zip(members)
            .map(|(index, member)| RewardLeaf {
                pool: pool.to_bytes(),
                index: LeafIndex::new(index),
                owner: member.owner.to_bytes(),
                tokens: Tokens::new(member.tokens),
                points: MilliPoints::new(member.points),
                credits: Credits::new(member.credits),
            })
            .collect();
        let tree = Tree::build(&pool.to_bytes(), &leaves)
            .unwrap_or_else(|error| panic!("the test's leaves make no tree: {error}"));
        Self {
            pool: *pool,
            leaves,
            tree,
        }
    }

    /// The tree of owners and their base units.
    #[track_caller]
    pub fn of_tokens(pool: &Pubkey, members: &[(Pubkey, u64)]) -> Self {
        let members: Vec<Member> = members
            .iter()
            .map(|(owner, tokens)| Member::with_tokens(*owner, *tokens))
            .collect();
        Self::new(pool, &members)
    }

    pub fn root(&self) -> Node {
        self.tree.root()
    }

    pub fn leaves(&self) -> &[RewardLeaf] {
        &self.leaves
    }

    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The proposal of these rewards as epoch `number`. Hashes are recognisable fillers, periods are the numbers
    /// themselves.
    pub fn proposal(&self, proposer: &Pubkey, number: u64) -> ProposeEpoch {
        let points = MilliPoints::checked_sum(self.leaves.iter().map(|leaf| leaf.points));
        let credits = Credits::checked_sum(self.leaves.iter().map(|leaf| leaf.credits));
        let period = i64::try_from(number).unwrap_or(i64::MAX);
        ProposeEpoch {
            proposer: *proposer,
            pool: self.pool,
            number: EpochNumber::new(number),
            root: self.root(),
            points: points.expect("points that fit"),
            credits: credits.expect("credits that fit"),
            leaf_count: self.tree.leaf_count(),
            period_start: period,
            period_end: period + 1,
            manifest_hash: [0x11; 32],
            ruleset_hash: RULESET_HASH,
            code_hash: [0x33; 32],
            accepted: 40,
            rejected: 2,
            admin: None,
            guardian: None,
        }
    }

    /// The canopy that a pool with this wish stores, left to right.
    #[track_caller]
    pub fn canopy(&self, wish: u8) -> Vec<Node> {
        let depth = canopy_depth_for(wish, self.tree.depth());
        self.tree
            .canopy(depth)
            .unwrap_or_else(|error| panic!("no canopy: {error}"))
    }

    /// The instructions that store that canopy; none when the root alone is the canopy, which a proposal completes.
    pub fn put_canopy(&self, proposer: &Pubkey, number: u64, wish: u8) -> Vec<PutCanopy> {
        if canopy_depth_for(wish, self.tree.depth()) == 0 {
            return Vec::new();
        }
        PutCanopy::all(
            *proposer,
            self.pool,
            EpochNumber::new(number),
            &self.canopy(wish),
        )
    }

    /// The claim of the member at `index` in epoch `number` of `pool`.
    #[track_caller]
    pub fn claim(&self, pool: &PoolView, number: u64, index: u32) -> Claim {
        let index = LeafIndex::new(index);
        let leaf = usize::try_from(index.get())
            .ok()
            .and_then(|at| self.leaves.get(at))
            .unwrap_or_else(|| panic!("no leaf at {index}"));
        let depth = canopy_depth_for(pool.canopy_depth, self.tree.depth());
        Claim {
            pool: self.pool,
            number: EpochNumber::new(number),
            owner: Pubkey::new_from_array(leaf.owner),
            mint: pool.mint,
            token_program: pool.token_program,
            index,
            tokens: leaf.tokens,
            points: leaf.points,
            credits: leaf.credits,
            proof: self
                .tree
                .proof(index, depth)
                .unwrap_or_else(|error| panic!("no proof: {error}")),
            at_most: Tokens::MAX,
            payout: None,
            authority: None,
            memo: false,
        }
    }
}
