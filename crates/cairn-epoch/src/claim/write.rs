use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use cairn_merkle::{Node, RewardLeaf, canopy_depth_for};
use cairn_spelling::text;
use cairn_tree::Tree;
use rayon::prelude::*;

use super::file::{CLAIMS_FORMAT, Shard, ShardClaim};
use super::name::ClaimFiles;
use crate::EpochError;
use crate::disk::{Disk, create_folders};
use crate::folder::EpochFolder;
use crate::frozen::entry;
use crate::input::EpochInput;
use crate::manifest::FileEntry;

/// Writes the files of all members, each when it is made: together they can be larger than the memory. Each proof is verified
/// against the canopy with the program's own code first. Returns their entries by number.
///
/// Nothing is synced one by one: all are before the manifest names them.
pub(crate) fn write_claims(
    disk: &dyn Disk,
    to: &EpochFolder,
    epoch: &EpochInput,
    leaves: &[RewardLeaf],
    tree: &Tree,
) -> Result<Vec<FileEntry>, EpochError> {
    let files = ClaimFiles::of(tree.depth());
    let canopy_depth = canopy_depth_for(epoch.canopy_depth, tree.depth());
    let canopy = tree.canopy(canopy_depth)?;
    let mut by_file: Vec<Vec<&RewardLeaf>> = vec![Vec::new(); files.count() as usize];
    for leaf in leaves {
        if let Some(file) = by_file.get_mut(files.number_of(&leaf.owner) as usize) {
            file.push(leaf);
        }
    }
    let paths: Vec<(String, PathBuf)> = (0..files.count())
        .map(|number| files.name(number))
        .map(|name| (name.clone(), to.root().join(name)))
        .collect();
    let folders: BTreeSet<&Path> = paths.iter().filter_map(|(_, path)| path.parent()).collect();
    for folder in folders {
        create_folders(disk, folder)?;
    }
    paths
        .into_par_iter()
        .zip(by_file)
        .map(|((name, path), leaves)| {
            let proven = leaves
                .into_iter()
                .map(|leaf| Ok((leaf, prove(leaf, tree, &canopy, canopy_depth)?)))
                .collect::<Result<Vec<_>, EpochError>>()?;
            let rows = proven.len() as u64;
            let bytes = encode(&path, &head(epoch, tree, canopy_depth), &proven)?;
            disk.write(&path, &bytes)
                .map_err(|source| EpochError::io("write", &path, source))?;
            let entry = entry(&path, name, &Bytes::from(bytes))?;
            Ok(FileEntry { rows, ..entry })
        })
        .collect()
}

fn prove(
    leaf: &RewardLeaf,
    tree: &Tree,
    canopy: &[Node],
    canopy_depth: u8,
) -> Result<Vec<Node>, EpochError> {
    let proof = tree.proof(leaf.index, canopy_depth)?;
    let count = tree.leaf_count();
    cairn_merkle::verify(leaf.node(), leaf.index, count, &proof, canopy, canopy_depth).map_err(
        |source| EpochError::LeafProof {
            index: leaf.index,
            source,
        },
    )?;
    Ok(proof)
}

/// What every file says of the whole, without a claim.
fn head(epoch: &EpochInput, tree: &Tree, canopy_depth: u8) -> Shard {
    let root = tree.root();
    Shard {
        canopy_depth,
        claims: BTreeMap::new(),
        depth: tree.depth(),
        epoch: epoch.number,
        format: CLAIMS_FORMAT.to_owned(),
        leaf_count: tree.leaf_count(),
        network: epoch.network,
        pool: epoch.pool,
        root_hash: root.hash,
        root_sum: root.sum(),
    }
}

fn encode(
    path: &Path,
    head: &Shard,
    proven: &[(&RewardLeaf, Vec<Node>)],
) -> Result<Vec<u8>, EpochError> {
    let claims = proven
        .iter()
        .map(|(leaf, proof)| (text::base58(&leaf.owner), ShardClaim::of(leaf, proof)))
        .collect();
    let shard = Shard {
        claims,
        ..head.clone()
    };
    crate::json::canonical(&shard).map_err(|message| EpochError::Json {
        path: path.to_owned(),
        message,
    })
}

#[cfg(test)]
mod tests {
    use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens, depth_for};

    use super::*;

    /// Bytes that one look-up fetches at most.
    const MOST: usize = 200_000;

    /// Members in the fullest file of so many.
    fn fullest(members: u32) -> usize {
        let files = ClaimFiles::of(depth_for(members).unwrap());
        let mut counts = vec![0_usize; files.count() as usize];
        for member in 0..members {
            let mut owner = [0; 32];
            owner[..4].copy_from_slice(&member.to_le_bytes());
            counts[files.number_of(&owner) as usize] += 1;
        }
        counts.into_iter().max().unwrap()
    }

    /// A file of so many members with the longest numbers that there are.
    fn widest(members: u32, in_file: usize, canopy_depth: u8) -> usize {
        let depth = depth_for(members).unwrap();
        let node = Node::new([255; 32], Tokens::MAX);
        let leaves: Vec<RewardLeaf> = (0..in_file)
            .map(|at| RewardLeaf {
                pool: [255; 32],
                index: LeafIndex::new(members - 1),
                owner: {
                    let mut owner = [255; 32];
                    owner[..8].copy_from_slice(&(at as u64).to_le_bytes());
                    owner
                },
                tokens: Tokens::MAX,
                points: MilliPoints::MAX,
                credits: Credits::MAX,
            })
            .collect();
        let proof = vec![node; usize::from(depth - canopy_depth)];
        let proven: Vec<_> = leaves.iter().map(|leaf| (leaf, proof.clone())).collect();
        let head = Shard {
            canopy_depth,
            claims: BTreeMap::new(),
            depth,
            epoch: EpochNumber::new(99_999),
            format: CLAIMS_FORMAT.to_owned(),
            leaf_count: members,
            network: [255; 32],
            pool: [255; 32],
            root_hash: [255; 32],
            root_sum: Tokens::MAX,
        };
        encode(Path::new("a.json"), &head, &proven).unwrap().len()
    }

    #[test]
    fn one_look_up_is_small_at_roam_s_size_and_at_four_times_that() {
        // Members of Roam today and expected; the pool's canopy is six levels by default.
        for (members, files) in [(1_180_000, 32_768), (4_560_000, 131_072)] {
            let depth = depth_for(members).unwrap();
            assert_eq!(ClaimFiles::of(depth).count(), files);
            let full = fullest(members);
            let bytes = widest(members, full, 6);
            println!("{members} members: at most {full} in a file, {bytes} bytes");
            assert!(bytes <= MOST, "{members} members: {bytes} bytes");
        }
    }

    #[test]
    fn a_network_of_any_size_has_no_file_without_end() {
        // Twice the average is more than 2^18 files have in their fullest, but for one network in a million.
        let bytes = widest(cairn_merkle::MAX_LEAVES, 128, 6);
        assert!(bytes <= 300_000, "{bytes} bytes");
    }
}
