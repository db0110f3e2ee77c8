//! Proofs and canopies.

use cairn_merkle::{LeafIndex, Node, RewardLeaf, fold_canopy, verify};

use crate::Fault;
use crate::question::Question;

/// pool 32, owner 32, index u32, tokens u64, points u64, credits u64, then as [`node`] behind its leaf. Empty when it holds.
///
/// # Errors
/// The program's own refusal.
pub fn reward(question: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut question = Question::new(question);
    let (pool, owner) = (question.take()?, question.take()?);
    let index = question.index()?;
    let (tokens, points, credits) = question.amounts()?;
    let leaf = RewardLeaf {
        pool,
        index,
        owner,
        tokens,
        points,
        credits,
    };
    holds(leaf.node(), leaf.index, question)
}

/// Node of the leaf 40, index u32, leaf count u32, canopy depth u8, proof (u32 count, 40 each), canopy (the same). Empty when it
/// holds.
///
/// # Errors
/// The program's own refusal.
pub fn node(question: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut question = Question::new(question);
    let leaf = question.node()?;
    let index = question.index()?;
    holds(leaf, index, question)
}

/// Canopy (u32 count, 40 each). Its root: 40 bytes.
///
/// # Errors
/// It is no canopy, or its sums do not fit.
pub fn canopy(question: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut question = Question::new(question);
    let nodes = question.nodes()?;
    question.over()?;
    Ok(fold_canopy(nodes)?.as_bytes().to_vec())
}

fn holds(leaf: Node, index: LeafIndex, mut question: Question<'_>) -> Result<Vec<u8>, Fault> {
    let leaf_count = question.u32()?;
    let canopy_depth = question.u8()?;
    let (proof, canopy) = (question.nodes()?, question.nodes()?);
    question.over()?;
    verify(leaf, index, leaf_count, proof, canopy, canopy_depth)?;
    Ok(Vec::new())
}
