use std::collections::BTreeMap;
use std::path::Path;

use cairn_merkle::{
    Credits, EpochNumber, LeafIndex, MerkleError, MilliPoints, Node, RewardLeaf, Tokens, fold_proof,
};
use cairn_spelling::text;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::name::ClaimFiles;
use crate::EpochError;
use crate::folder::read;
use crate::manifest::read_manifest;

/// Names the layout of a claim file.
pub const CLAIMS_FORMAT: &str = "cairn/claims/2";

/// A file. Fields stand in alphabetical order, as they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shard {
    pub canopy_depth: u8,
    /// By owner.
    pub claims: BTreeMap<String, ShardClaim>,
    pub depth: u8,
    pub epoch: EpochNumber,
    pub format: String,
    pub leaf_count: u32,
    #[serde(with = "text::key")]
    pub network: [u8; 32],
    #[serde(with = "text::key")]
    pub pool: [u8; 32],
    #[serde(with = "text::hash")]
    pub root_hash: [u8; 32],
    #[serde(with = "text::amount")]
    pub root_sum: Tokens,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShardClaim {
    #[serde(with = "text::amount")]
    credits: Credits,
    index: LeafIndex,
    #[serde(with = "text::amount")]
    milli_points: MilliPoints,
    proof: Vec<ShardNode>,
    #[serde(with = "text::amount")]
    tokens: Tokens,
}

impl ShardClaim {
    pub fn of(leaf: &RewardLeaf, proof: &[Node]) -> Self {
        Self {
            credits: leaf.credits,
            index: leaf.index,
            milli_points: leaf.points,
            proof: proof.iter().map(|node| ShardNode(*node)).collect(),
            tokens: leaf.tokens,
        }
    }
}

/// One sibling: its hash in hex, a colon, its sum. One line a level keeps files small and readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ShardNode(Node);

impl Serialize for ShardNode {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&text::node(&self.0.hash, self.0.sum().get()))
    }
}

impl<'de> Deserialize<'de> for ShardNode {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text::from_node(&text)
            .map(|(hash, sum)| Self(Node::new(hash, Tokens::new(sum))))
            .ok_or_else(|| D::Error::custom(format!("\"{text}\" is not a node of a proof")))
    }
}

/// A member's cumulative amounts in an epoch, and the proof of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimFile {
    pub network: [u8; 32],
    pub pool: [u8; 32],
    pub epoch: EpochNumber,
    pub root: Node,
    pub leaf_count: u32,
    pub depth: u8,
    /// Levels that the program already has on chain: the proof is that much shorter.
    pub canopy_depth: u8,
    pub index: LeafIndex,
    pub owner: [u8; 32],
    pub tokens: Tokens,
    pub points: MilliPoints,
    pub credits: Credits,
    /// Siblings from the leaf up to the canopy.
    pub proof: Vec<Node>,
}

impl ClaimFile {
    #[must_use]
    pub const fn leaf(&self) -> RewardLeaf {
        RewardLeaf {
            pool: self.pool,
            index: self.index,
            owner: self.owner,
            tokens: self.tokens,
            points: self.points,
            credits: self.credits,
        }
    }

    /// The canopy node this proof must lead to, and its position in the canopy.
    ///
    /// # Errors
    /// [`MerkleError::SumOverflow`].
    pub fn canopy_node(&self) -> Result<(u32, Node), MerkleError> {
        let climb = u32::try_from(self.proof.len()).unwrap_or(u32::MAX);
        let node = fold_proof(self.leaf().node(), self.index, &self.proof)?;
        Ok((self.index.get().checked_shr(climb).unwrap_or(0), node))
    }
}

/// The claim of `owner`: from an epoch's folder, or from a claim file fetched by itself.
///
/// Which file of a folder holds it, the folder's manifest says. The proof is checked for its length, and against the root
/// when there is no canopy in between; whether the root is the one on chain is for the caller to compare.
///
/// # Errors
/// [`EpochError::Missing`] when there is no such file, or no manifest in the folder; [`EpochError::NotAMember`] when the
/// file is there and the owner has no leaf; [`EpochError::Json`]; [`EpochError::LeafProof`].
pub fn load_claim(dir_or_file: &Path, owner: &[u8; 32]) -> Result<ClaimFile, EpochError> {
    let path = if dir_or_file.is_dir() {
        let (manifest, _) = read_manifest(dir_or_file)?;
        ClaimFiles::of(manifest.tree.depth).path_of(dir_or_file, owner)
    } else {
        dir_or_file.to_owned()
    };
    let shard = read_shard(&path)?;
    let name = text::base58(owner);
    let Some(claim) = shard.claims.get(&name) else {
        return Err(EpochError::NotAMember {
            owner: name,
            epoch: shard.epoch,
        });
    };
    claim_file(&path, &shard, *owner, claim)
}

/// Every claim of an epoch's folder, file by file.
///
/// # Errors
/// Those of the manifest at once; each item as [`load_claim`]; [`EpochError::Missing`] when a file is not there.
pub fn claims(
    dir: &Path,
) -> Result<impl Iterator<Item = Result<ClaimFile, EpochError>>, EpochError> {
    let (manifest, _) = read_manifest(dir)?;
    let (dir, files) = (dir.to_owned(), ClaimFiles::of(manifest.tree.depth));
    Ok((0..files.count()).flat_map(move |number| {
        let path = dir.join(files.name(number));
        match read_shard(&path) {
            Err(error) => vec![Err(error)],
            Ok(shard) => shard
                .claims
                .iter()
                .map(|(name, claim)| {
                    let owner =
                        text::key_from_base58(name.as_bytes()).ok_or_else(|| EpochError::Json {
                            path: path.clone(),
                            message: format!("\"{name}\" is not a key"),
                        })?;
                    claim_file(&path, &shard, owner, claim)
                })
                .collect(),
        }
    }))
}

fn read_shard(path: &Path) -> Result<Shard, EpochError> {
    let shard: Shard = crate::json::read_canonical(path, &read(path)?)?;
    if shard.format == CLAIMS_FORMAT {
        Ok(shard)
    } else {
        Err(EpochError::Json {
            path: path.to_owned(),
            message: format!(
                "format is \"{}\", this version reads \"{CLAIMS_FORMAT}\"",
                shard.format
            ),
        })
    }
}

fn claim_file(
    path: &Path,
    shard: &Shard,
    owner: [u8; 32],
    claim: &ShardClaim,
) -> Result<ClaimFile, EpochError> {
    let file = ClaimFile {
        network: shard.network,
        pool: shard.pool,
        epoch: shard.epoch,
        root: Node::new(shard.root_hash, shard.root_sum),
        leaf_count: shard.leaf_count,
        depth: shard.depth,
        canopy_depth: shard.canopy_depth,
        index: claim.index,
        owner,
        tokens: claim.tokens,
        points: claim.milli_points,
        credits: claim.credits,
        proof: claim.proof.iter().map(|node| node.0).collect(),
    };
    let wrong = |source| EpochError::LeafProof {
        index: claim.index,
        source,
    };
    if Some(file.proof.len()) != file.depth.checked_sub(file.canopy_depth).map(usize::from) {
        return Err(EpochError::Json {
            path: path.to_owned(),
            message: format!("the proof of leaf {} has the wrong length", claim.index),
        });
    }
    let (_, node) = file.canopy_node().map_err(wrong)?;
    if file.canopy_depth == 0 && node != file.root {
        return Err(wrong(MerkleError::HashMismatch));
    }
    Ok(file)
}
