//! Claim files: what a recipient needs to be paid, beside an RPC endpoint. One small static file per recipient's fetch,
//! found from nothing but the owner and the tree's depth.
//!
//! Owners stand in the tree in the order of a hash ([`crate::place_of`]), so all whose hash starts with the same bits
//! have neighbouring leaves. A file holds such a run of some hundred leaves, and of the rest of the tree only the nodes
//! at the run's edges, at most two a level. From both, the proof of each of its leaves is computed. (The files of an
//! epoch carry a whole proof per member, since members keep their index for life and lie scattered: for a million
//! recipients that would be more than a gigabyte, and megabytes a fetch.)

use std::path::Path;

use cairn_merkle::{DropLeaf, LeafIndex, MAX_DEPTH, Node, Tokens, depth_for};
use cairn_tree::Tree;
use serde::Deserialize;

use crate::CampaignError;
use crate::recipients::{Recipient, Recipients, place_of, push_number};
use cairn_spelling::text::{self, push_base58, whole_number};

/// Names the layout of a claim file.
pub const CLAIMS_FORMAT: &str = "cairn/drop-claims/1";

/// Levels of a tree below which a run of leaves shares a file: 128 to 256 leaves on average, some 20 kB.
const LEVELS_PER_FILE: u8 = 8;

/// Bits of an owner's place that name its file, in a tree of `depth`: 0 to 16, so up to 65,536 files.
#[must_use]
pub const fn shard_bits(depth: u8) -> u8 {
    depth.saturating_sub(LEVELS_PER_FILE)
}

/// The file that holds an owner whose place is `place`.
#[must_use]
pub fn shard_of(place: u64, bits: u8) -> u32 {
    let shift = u64::BITS - u32::from(bits.min(16));
    u32::try_from(place.checked_shr(shift).unwrap_or(0)).unwrap_or(0)
}

/// A claim file's name: `claims/` and the shard in hex, as many digits as the largest shard needs.
#[must_use]
pub fn shard_name(shard: u32, bits: u8) -> String {
    let width = usize::from(bits.div_ceil(4).max(1));
    format!("{shard:0width$x}.json")
}

/// One recipient's grant and the proof of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropClaim {
    pub leaf: DropLeaf,
    /// Siblings from the leaf up to the canopy.
    pub proof: Vec<Node>,
}

/// A run of leaves and the nodes around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimFile {
    pub campaign: [u8; 32],
    pub root: Node,
    pub leaf_count: u32,
    pub depth: u8,
    /// Levels that the campaign's account stores: the proofs are that much shorter.
    pub canopy_depth: u8,
    /// Which of the files this is.
    pub shard: u32,
    /// Index of the first recipient.
    pub first: u32,
    pub recipients: Vec<Recipient>,
    /// For each level from the leaves up to below the canopy, the node left of the run and the one right of it, where
    /// the run's edge lacks its sibling.
    pub edges: Vec<[Option<Node>; 2]>,
}

/// As the file spells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelled {
    #[serde(with = "cairn_spelling::text::key")]
    campaign: [u8; 32],
    canopy_depth: u8,
    claims: Vec<(String, String, String)>,
    depth: u8,
    edges: Vec<[Option<String>; 2]>,
    first: u32,
    format: String,
    leaf_count: u32,
    #[serde(with = "cairn_spelling::text::hash")]
    root_hash: [u8; 32],
    #[serde(with = "cairn_spelling::text::amount")]
    root_sum: Tokens,
    shard: u32,
}

impl ClaimFile {
    /// The file of the leaves `first..first + recipients.len()` of `tree`.
    pub(crate) fn of(
        tree: &Tree,
        canopy_depth: u8,
        shard: u32,
        first: u32,
        recipients: &[Recipient],
    ) -> Self {
        let (mut start, mut end) = (first, first + Recipients::len(recipients));
        let climb = tree.depth().saturating_sub(canopy_depth);
        // A run without leaves proves nothing and has no edges.
        let some = start != end;
        let edges = (0..climb)
            .map(|level| {
                let left = (some && start & 1 == 1).then(|| tree.node(level, start - 1));
                let right = (some && end & 1 == 1).then(|| tree.node(level, end));
                (start, end) = (start >> 1, end.div_ceil(2));
                [left, right]
            })
            .collect();
        Self {
            campaign: *tree.pool(),
            root: tree.root(),
            leaf_count: tree.leaf_count(),
            depth: tree.depth(),
            canopy_depth,
            shard,
            first,
            recipients: recipients.to_vec(),
            edges,
        }
    }

    /// The canonical bytes: JSON with keys in order and one claim or level a line.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(1024 + self.recipients.len() * 80);
        let field = |text: &mut Vec<u8>, name: &str, value: &str| {
            text.extend_from_slice(format!("\"{name}\":{value},\n").as_bytes());
        };
        text.extend_from_slice(b"{\n");
        field(
            &mut text,
            "campaign",
            &format!("\"{}\"", text::base58(&self.campaign)),
        );
        field(&mut text, "canopy_depth", &self.canopy_depth.to_string());
        text.extend_from_slice(b"\"claims\":[");
        for (at, one) in self.recipients.iter().enumerate() {
            text.extend_from_slice(if at == 0 { b"\n[\"" } else { b",\n[\"" });
            push_base58(&mut text, &one.owner);
            text.extend_from_slice(b"\",\"");
            push_number(&mut text, one.unlocked.get());
            text.extend_from_slice(b"\",\"");
            push_number(&mut text, one.locked.get());
            text.extend_from_slice(b"\"]");
        }
        text.extend_from_slice(b"],\n");
        field(&mut text, "depth", &self.depth.to_string());
        let edge = |node: &Option<Node>| {
            node.as_ref().map_or_else(
                || "null".to_owned(),
                |node| format!("\"{}\"", text::node(&node.hash, node.sum().get())),
            )
        };
        let edges: Vec<String> = self
            .edges
            .iter()
            .map(|[left, right]| format!("\n[{},{}]", edge(left), edge(right)))
            .collect();
        field(&mut text, "edges", &format!("[{}]", edges.join(",")));
        field(&mut text, "first", &self.first.to_string());
        field(&mut text, "format", &format!("\"{CLAIMS_FORMAT}\""));
        field(&mut text, "leaf_count", &self.leaf_count.to_string());
        field(
            &mut text,
            "root_hash",
            &format!("\"{}\"", hex::encode(self.root.hash)),
        );
        field(&mut text, "root_sum", &format!("\"{}\"", self.root.sum()));
        text.extend_from_slice(format!("\"shard\":{}\n}}\n", self.shard).as_bytes());
        text
    }

    /// Reads a claim file and refuses any but the canonical spelling, and whatever can not belong to an honest tree:
    /// owners out of order or in another's file, edges that are missing or too many.
    ///
    /// Whether its proofs lead to the root on chain is for [`cairn_merkle::verify`] to say.
    ///
    /// # Errors
    /// [`CampaignError::Json`].
    pub fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self, CampaignError> {
        let wrong = |message: String| CampaignError::json(path, message);
        let spelled: Spelled =
            serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
        if spelled.format != CLAIMS_FORMAT {
            return Err(wrong(format!(
                "format is \"{}\", this version reads \"{CLAIMS_FORMAT}\"",
                spelled.format
            )));
        }
        let file = Self::from_spelled(spelled).map_err(wrong)?;
        file.check().map_err(|message| wrong(message.to_owned()))?;
        if file.to_bytes() != bytes {
            return Err(wrong("it is not in the canonical spelling".to_owned()));
        }
        Ok(file)
    }

    fn from_spelled(spelled: Spelled) -> Result<Self, String> {
        let recipient = |(owner, unlocked, locked): &(String, String, String)| {
            Some(Recipient {
                owner: text::key_from_base58(owner.as_bytes())?,
                unlocked: Tokens::new(whole_number(unlocked)?),
                locked: Tokens::new(whole_number(locked)?),
            })
        };
        let recipients = spelled
            .claims
            .iter()
            .map(|claim| {
                recipient(claim).ok_or_else(|| format!("the claim of \"{}\" is damaged", claim.0))
            })
            .collect::<Result<_, _>>()?;
        let node = |text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => text::from_node(text)
                .map(|(hash, sum)| Some(Node::new(hash, Tokens::new(sum))))
                .ok_or_else(|| format!("\"{text}\" is not a node of a proof")),
        };
        let edges = spelled
            .edges
            .iter()
            .map(|[left, right]| Ok([node(left)?, node(right)?]))
            .collect::<Result<_, String>>()?;
        Ok(Self {
            campaign: spelled.campaign,
            root: Node::new(spelled.root_hash, spelled.root_sum),
            leaf_count: spelled.leaf_count,
            depth: spelled.depth,
            canopy_depth: spelled.canopy_depth,
            shard: spelled.shard,
            first: spelled.first,
            recipients,
            edges,
        })
    }

    fn check(&self) -> Result<(), &'static str> {
        if depth_for(self.leaf_count) != Ok(self.depth) || self.depth > MAX_DEPTH {
            return Err("its depth is not the one of its leaf count");
        }
        let Some(climb) = self.depth.checked_sub(self.canopy_depth) else {
            return Err("its canopy is deeper than its tree");
        };
        if self.edges.len() != usize::from(climb) {
            return Err("it has edges for another number of levels");
        }
        let count = Recipients::len(&self.recipients);
        let end = self.first.checked_add(count);
        if end.is_none_or(|end| end > self.leaf_count) {
            return Err("its claims go beyond the last leaf");
        }
        let bits = shard_bits(self.depth);
        let mut last = None;
        for one in &self.recipients {
            let place = (place_of(&one.owner), one.owner);
            if shard_of(place.0, bits) != self.shard {
                return Err("an owner belongs in another file");
            }
            if last.is_some_and(|last| last >= place) {
                return Err("its owners are out of order");
            }
            last = Some(place);
        }
        let (mut start, mut end) = (self.first, self.first + count);
        let some = count > 0;
        for [left, right] in &self.edges {
            if left.is_some() != (some && start & 1 == 1)
                || right.is_some() != (some && end & 1 == 1)
            {
                return Err("a node at its edges is missing or too many");
            }
            (start, end) = (start >> 1, end.div_ceil(2));
        }
        Ok(())
    }

    /// The claim of `owner`.
    ///
    /// # Errors
    /// [`CampaignError::NotARecipient`]; [`CampaignError::Tree`] for leaves whose sum does not fit.
    pub fn claim(&self, owner: &[u8; 32]) -> Result<DropClaim, CampaignError> {
        let leaf = self
            .leaves()
            .find(|leaf| leaf.owner == *owner)
            .ok_or_else(|| CampaignError::NotARecipient {
                owner: text::base58(owner),
                campaign: text::base58(&self.campaign),
            })?;
        Ok(self.prove(&self.levels()?, leaf))
    }

    /// Every claim of the file, by index.
    ///
    /// # Errors
    /// [`CampaignError::Tree`] for leaves whose sum does not fit.
    pub fn claims(&self) -> Result<Vec<DropClaim>, CampaignError> {
        let levels = self.levels()?;
        Ok(self
            .leaves()
            .map(|leaf| self.prove(&levels, leaf))
            .collect())
    }

    fn leaves(&self) -> impl Iterator<Item = DropLeaf> {
        Recipients::leaves(self.campaign, self.first, &self.recipients)
    }

    /// For each level below the canopy the position of the first node held and the nodes: the run's own, between its
    /// edges.
    fn levels(&self) -> Result<Vec<(u32, Vec<Node>)>, CampaignError> {
        let overflow = |index| cairn_tree::TreeError::SumOverflow { index };
        let mut nodes = self
            .leaves()
            .map(|leaf| leaf.node().map_err(|_| overflow(leaf.index)))
            .collect::<Result<Vec<_>, _>>()?;
        let mut start = self.first;
        let mut levels = Vec::with_capacity(self.edges.len());
        for [left, right] in &self.edges {
            if let Some(left) = left {
                nodes.insert(0, *left);
                start -= 1;
            }
            nodes.extend(right);
            let above = nodes
                .as_chunks()
                .0
                .iter()
                .map(|[left, right]| cairn_merkle::parent(left, right))
                .collect::<Result<Vec<_>, _>>()
                .map_err(|_| overflow(LeafIndex::new(self.first)))?;
            levels.push((start, std::mem::replace(&mut nodes, above)));
            start >>= 1;
        }
        Ok(levels)
    }

    fn prove(&self, levels: &[(u32, Vec<Node>)], leaf: DropLeaf) -> DropClaim {
        let sibling = |(level, (start, nodes)): (usize, &(u32, Vec<Node>))| {
            let sibling = (leaf.index.get() >> level) ^ 1;
            // With its edges every level is a run of whole pairs, so each node's sibling is there.
            let at = usize::try_from(sibling.wrapping_sub(*start)).unwrap_or(usize::MAX);
            nodes.get(at).copied().unwrap_or_default()
        };
        DropClaim {
            leaf,
            proof: levels.iter().enumerate().map(sibling).collect(),
        }
    }
}
