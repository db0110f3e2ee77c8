//! Tree nodes as accounts store them and instructions carry them.

use cairn_merkle::{NODE_LEN, Node};
use solana_sdk::{account::Account, pubkey::Pubkey};

use crate::DecodeError;

/// The nodes behind the fixed part of an epoch or campaign: how many (u32 LE), then 40 bytes each.
pub(crate) fn nodes(
    address: &Pubkey,
    account: &Account,
    rest: &[u8],
    what: &'static str,
) -> Result<Vec<Node>, DecodeError> {
    let head = account.data.len().saturating_sub(rest.len());
    let wrong_length = |expected: usize| DecodeError::WrongLength {
        address: *address,
        what,
        expected,
        found: account.data.len(),
    };
    let (count, items) = rest
        .split_first_chunk::<4>()
        .ok_or_else(|| wrong_length(head.saturating_add(4)))?;
    let wanted = usize::try_from(u32::from_le_bytes(*count))
        .unwrap_or(usize::MAX)
        .saturating_mul(NODE_LEN);
    let used = items
        .get(..wanted)
        .ok_or_else(|| wrong_length(head.saturating_add(4).saturating_add(wanted)))?;
    Ok(Node::slice_from_bytes(used).unwrap_or_default().to_vec())
}

/// Nodes as instructions carry them: 40 bytes each, hash, then sum.
pub(crate) fn nodes_to_bytes(nodes: &[Node]) -> Vec<u8> {
    nodes
        .iter()
        .flat_map(|node| node.as_bytes().iter().copied())
        .collect()
}
