use std::path::{Path, PathBuf};

use cairn_merkle::{LeafIndex, Node, canopy_depth_for, fold_canopy, verify};
use cairn_tree::{Tree, TreeError};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::campaign_file::{CAMPAIGN_FORMAT, CampaignFile, Source};
use crate::claim_file::{ClaimFile, shard_bits, shard_name, shard_of};
use crate::folder::Writing;
use crate::names::{CAMPAIGN_JSON, CANOPY_BIN, CLAIMS, RECIPIENTS_CSV};
use crate::progress::{Counter, Progress, Step};
use crate::recipients::{Recipients, place_of};
use crate::{CampaignError, Terms};

/// Leaves that one core hashes at a time.
const PIECE: usize = 1 << 12;

/// Builds the campaign of `recipients` and writes its folder `target`, whole or not at all. Every claim is proved from
/// the very bytes that are written, with the program's own check. Same recipients and terms, same bytes.
///
/// # Errors
/// [`CampaignError::Terms`]; [`CampaignError::Exists`], since nothing is overwritten; [`CampaignError::Busy`];
/// [`CampaignError::Io`].
pub fn prepare(
    target: &Path,
    recipients: &Recipients,
    source: Source,
    terms: Terms,
    progress: &dyn Progress,
) -> Result<CampaignFile, CampaignError> {
    terms.check()?;
    let writing = Writing::start(target)?;
    progress.begin(Step::BuildTree, u64::from(recipients.count()));
    let tree = tree_of(&terms.campaign, recipients, progress)?;
    let canopy_depth = canopy_depth_for(terms.canopy_depth, tree.depth());
    let canopy = tree.canopy(canopy_depth)?;
    if fold_canopy(&canopy) != Ok(tree.root()) {
        return Err(CampaignError::LeafProof {
            index: LeafIndex::new(0),
            source: cairn_merkle::MerkleError::HashMismatch,
        });
    }
    progress.begin(Step::WriteClaims, u64::from(recipients.count()));
    let mut names = write_claims(&writing, recipients, &tree, &canopy, canopy_depth, progress)?;
    progress.begin(Step::WriteRecipients, 0);
    let csv = recipients.to_csv();
    let campaign = CampaignFile {
        canopy_depth,
        depth: tree.depth(),
        format: CAMPAIGN_FORMAT.to_owned(),
        leaf_count: tree.leaf_count(),
        locked: recipients.locked(),
        root_hash: tree.root().hash,
        root_sum: tree.root().sum(),
        snapshot_hash: Sha256::digest(&csv).into(),
        source,
        terms,
    };
    let canopy_bytes: Vec<u8> = canopy.iter().flat_map(Node::as_bytes).copied().collect();
    for (name, bytes) in [
        (RECIPIENTS_CSV, csv),
        (CANOPY_BIN, canopy_bytes),
        (CAMPAIGN_JSON, campaign.to_bytes()?),
    ] {
        writing.write(Path::new(name), &bytes)?;
        names.push(PathBuf::from(name));
    }
    progress.begin(Step::Sync, 0);
    writing.finish(&names)?;
    Ok(campaign)
}

/// The tree of the recipients in their order.
fn tree_of(
    campaign: &[u8; 32],
    recipients: &Recipients,
    progress: &dyn Progress,
) -> Result<Tree, CampaignError> {
    let counter = Counter::new(progress);
    let mut nodes = vec![Node::default(); recipients.list().len()];
    nodes
        .par_chunks_mut(PIECE)
        .zip(recipients.list().par_chunks(PIECE))
        .enumerate()
        .try_for_each(|(piece, (nodes, list))| {
            let first = u32::try_from(piece * PIECE).unwrap_or(u32::MAX);
            for (node, leaf) in nodes
                .iter_mut()
                .zip(Recipients::leaves(*campaign, first, list))
            {
                *node = leaf
                    .node()
                    .map_err(|_| TreeError::SumOverflow { index: leaf.index })?;
            }
            counter.add(list.len() as u64);
            Ok::<(), TreeError>(())
        })?;
    Ok(Tree::from_nodes(campaign, nodes)?)
}

/// Writes every claim file, each after all its claims were verified; the names written.
fn write_claims(
    writing: &Writing,
    recipients: &Recipients,
    tree: &Tree,
    canopy: &[Node],
    canopy_depth: u8,
    progress: &dyn Progress,
) -> Result<Vec<PathBuf>, CampaignError> {
    let bits = shard_bits(tree.depth());
    let list = recipients.list();
    let shards: Vec<u32> = list
        .par_iter()
        .map(|one| shard_of(place_of(&one.owner), bits))
        .collect();
    let counter = Counter::new(progress);
    (0..1_u32 << bits)
        .into_par_iter()
        .map(|shard| {
            let start = shards.partition_point(|other| *other < shard);
            let end = shards.partition_point(|other| *other <= shard);
            let first = u32::try_from(start).unwrap_or(u32::MAX);
            let part = &list[start..end];
            let name = Path::new(CLAIMS).join(shard_name(shard, bits));
            let bytes = ClaimFile::of(tree, canopy_depth, shard, first, part).to_bytes();
            // From here on as a claimant sees it: only what the bytes say.
            let read = ClaimFile::from_bytes(&name, &bytes)?;
            if read.recipients != part {
                return Err(CampaignError::json(&name, "it reads back differently"));
            }
            for claim in read.claims()? {
                let index = claim.leaf.index;
                claim
                    .leaf
                    .node()
                    .and_then(|node| {
                        verify(
                            node,
                            index,
                            tree.leaf_count(),
                            &claim.proof,
                            canopy,
                            canopy_depth,
                        )
                    })
                    .map_err(|source| CampaignError::LeafProof { index, source })?;
            }
            writing.write(&name, &bytes)?;
            counter.add(part.len() as u64);
            Ok(name)
        })
        .collect()
}
