//! Week two: a keeper turns. It takes everything that one member has earned and not claimed, grants it to another leaf and
//! proposes that root: totals, rules and sizes are what they should be, only the leaves are not. It shows its files to nobody.

use cairn_client::{SendOptions, send};
use cairn_epoch::{read_leaves, read_manifest};
use cairn_interface::vault::{ProposeEpoch, PutCanopy};
use cairn_keeper::Keeper;
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Node, RewardLeaf, Tokens};
use cairn_tree::Tree;
use solana_sdk::signer::Signer as _;

use crate::{fault::DemoError, stage::Stage};

/// Proposes, with the third keeper's key, `number` as that keeper closed it but for the leaf of `victim`, which is emptied.
/// Returns the root.
///
/// # Errors
/// The epoch is not closed; the chain refuses.
pub async fn steal(
    stage: &Stage,
    turned: &Keeper,
    number: u64,
    victim: [u8; 32],
) -> Result<Node, DemoError> {
    let folder = turned.folder().epoch(EpochNumber::new(number));
    let (manifest, manifest_hash) = read_manifest(folder.root())?;
    let mut leaves = read_leaves(folder.root())?;
    rob(&mut leaves, &victim)?;
    let tree = Tree::build(&stage.pool.to_bytes(), &leaves).map_err(broken)?;
    let nodes = tree.canopy(manifest.tree.canopy_depth).map_err(broken)?;
    let key = stage.localnet.key("keeper-3")?;
    let number = EpochNumber::new(number);
    let proposal = ProposeEpoch {
        proposer: key.pubkey(),
        pool: stage.pool,
        number,
        root: tree.root(),
        points: manifest.totals.milli_points,
        credits: manifest.totals.credits,
        leaf_count: manifest.tree.leaf_count,
        period_start: manifest.epoch.period_start_ms.div_euclid(1_000),
        period_end: manifest.epoch.period_end_ms.div_euclid(1_000),
        manifest_hash,
        ruleset_hash: manifest.ruleset.hash,
        code_hash: manifest.code.hash,
        accepted: manifest.accepted,
        rejected: manifest.rejected,
        admin: None,
        guardian: None,
    };
    let canopy = PutCanopy::all(key.pubkey(), stage.pool, number, &nodes);
    let steps = canopy.iter().map(PutCanopy::instruction);
    for step in std::iter::once(proposal.instruction()).chain(steps) {
        let options = SendOptions::default();
        send(&*stage.ledger, &[step], &key.pubkey(), &[key], &options).await?;
    }
    Ok(tree.root())
}

/// Moves what `victim` has to the first leaf of somebody else.
fn rob(leaves: &mut [RewardLeaf], victim: &[u8; 32]) -> Result<(), DemoError> {
    let gone = |what: &str| DemoError::Unexpected(format!("there is no {what} in the epoch"));
    let robbed = leaves.iter_mut().find(|leaf| leaf.owner == *victim);
    let robbed = robbed.ok_or_else(|| gone("member to rob"))?;
    let taken = (robbed.tokens, robbed.points, robbed.credits);
    (robbed.tokens, robbed.points, robbed.credits) =
        (Tokens::ZERO, MilliPoints::ZERO, Credits::ZERO);
    let thief = leaves.iter_mut().find(|leaf| leaf.owner != *victim);
    let thief = thief.ok_or_else(|| gone("leaf to put it"))?;
    thief.tokens = thief.tokens.saturating_add(taken.0);
    thief.points = thief.points.saturating_add(taken.1);
    thief.credits = thief.credits.saturating_add(taken.2);
    Ok(())
}

fn broken(error: cairn_tree::TreeError) -> DemoError {
    DemoError::Unexpected(format!("the forged leaves make no tree: {error}"))
}
