//! The proposer's last look at its own work: every member's published claim is climbed to the root with the very code
//! the program runs, and the sums are added up again. A builder and a verifier that disagree lose money; here they
//! disagree before anything is on chain.

use cairn_epoch::{EpochFolder, Manifest, claims, read_leaves};
use cairn_merkle::{LeafIndex, Node, RewardLeaf, fold_canopy, verify};
use cairn_tree::Tree;

use super::LeafFault;
use super::facts::says;
use crate::domain::step::Content;
use crate::progress::{Phase, Progress};
use crate::{KeeperError, text};

/// Verifies an epoch's folder leaf by leaf and returns what this keeper may now stand for.
///
/// # Errors
/// [`LeafFault`] naming the first leaf or sum that fails; [`cairn_epoch::EpochError`] for files that can not be read.
pub fn verify_leaves(
    folder: &EpochFolder,
    manifest: &Manifest,
    manifest_hash: [u8; 32],
    progress: &dyn Progress,
) -> Result<Content, KeeperError> {
    let number = manifest.epoch.number;
    let leaf_count = manifest.tree.leaf_count;
    progress.phase_started(Phase::VerifyLeaves, Some(leaf_count.into()));
    let leaves = read_leaves(folder.root())?;
    sums(manifest, &leaves)?;
    let canopy = rebuild(manifest, &leaves)?;
    let root = manifest.tree.root();

    let mut seen = vec![false; leaves.len()];
    let mut done = 0_u64;
    for claim in claims(folder.root())? {
        let claim = claim?;
        let index = claim.index;
        let fault = |field| LeafFault::Claim {
            number,
            index,
            field,
        };
        let position = usize::try_from(index.get()).unwrap_or(usize::MAX);
        let (Some(leaf), Some(seen)) = (leaves.get(position), seen.get_mut(position)) else {
            return Err(fault("index").into());
        };
        if std::mem::replace(seen, true) {
            return Err(LeafFault::Count { number, index }.into());
        }
        for (field, same) in [
            ("network", claim.network == manifest.epoch.network),
            ("pool", claim.pool == manifest.epoch.pool),
            ("number", claim.epoch == number),
            ("root", claim.root == root),
            ("leaf count", claim.leaf_count == leaf_count),
            (
                "canopy depth",
                claim.canopy_depth == manifest.tree.canopy_depth,
            ),
            ("owner", claim.owner == leaf.owner),
            ("tokens", claim.tokens == leaf.tokens),
            ("points", claim.points == leaf.points),
            ("credits", claim.credits == leaf.credits),
        ] {
            if !same {
                return Err(fault(field).into());
            }
        }
        verify(
            leaf.node(),
            index,
            leaf_count,
            &claim.proof,
            &canopy,
            manifest.tree.canopy_depth,
        )
        .map_err(|source| LeafFault::Proof {
            number,
            index,
            source,
        })?;
        done = done.saturating_add(1);
        if done.is_multiple_of(256) {
            progress.phase_advanced(Phase::VerifyLeaves, done);
        }
    }
    if let Some(missing) = seen.iter().position(|seen| !seen) {
        let index = u32::try_from(missing).map_or(LeafIndex::MAX, LeafIndex::new);
        return Err(LeafFault::Count { number, index }.into());
    }
    progress.phase_finished(Phase::VerifyLeaves);
    Ok(Content {
        manifest_hash,
        says: says(manifest),
        canopy,
    })
}

/// The canopy of the leaves' own tree, after the tree's root and the canopy's fold were both found to be the
/// manifest's.
fn rebuild(manifest: &Manifest, leaves: &[RewardLeaf]) -> Result<Vec<Node>, KeeperError> {
    let number = manifest.epoch.number;
    let fault = |source| LeafFault::Tree { number, source };
    let tree = Tree::build(&manifest.epoch.pool, leaves).map_err(fault)?;
    let canopy = tree.canopy(manifest.tree.canopy_depth).map_err(fault)?;
    let folded = fold_canopy(&canopy).map_err(|source| LeafFault::Proof {
        number,
        index: LeafIndex::default(),
        source,
    })?;
    let expected = manifest.tree.root();
    for found in [tree.root(), folded] {
        if found != expected || tree.leaf_count() != manifest.tree.leaf_count {
            return Err(LeafFault::Root {
                number,
                expected: named(&expected),
                found: named(&found),
            }
            .into());
        }
    }
    Ok(canopy)
}

fn sums(manifest: &Manifest, leaves: &[RewardLeaf]) -> Result<(), LeafFault> {
    let add = |of: fn(&RewardLeaf) -> u64| -> u128 {
        leaves.iter().map(|leaf| u128::from(of(leaf))).sum()
    };
    let totals = &manifest.totals;
    for (quantity, expected, found) in [
        ("tokens", totals.tokens.get(), add(|leaf| leaf.tokens.get())),
        (
            "milli-points",
            totals.milli_points.get(),
            add(|leaf| leaf.points.get()),
        ),
        (
            "credits",
            totals.credits.get(),
            add(|leaf| leaf.credits.get()),
        ),
        (
            "the root's sum",
            manifest.tree.root_sum.get(),
            add(|leaf| leaf.tokens.get()),
        ),
    ] {
        if u128::from(expected) != found {
            return Err(LeafFault::Sum {
                number: manifest.epoch.number,
                quantity,
                expected,
                found,
            });
        }
    }
    Ok(())
}

fn named(node: &Node) -> String {
    format!("{} over {}", text::hash(&node.hash), node.sum())
}
