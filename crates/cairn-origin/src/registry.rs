//! The registry's snapshot against the device trees on chain, and the streams' partners against the issuers: every tree's
//! root is hashed again from the published leaves.

use std::collections::BTreeSet;

use cairn_client::{ClientError, Ledger};
use cairn_epoch::{Device, Stream};
use cairn_interface::registry::{
    DeviceLeaf, DeviceTreeView, IssuerView, NetworkView, TreeState, WholeTree, constants,
    issuer_address, tree_address,
};
use cairn_spelling::text::base58;
use solana_sdk::pubkey::Pubkey;

use crate::{Finding, OriginError, OriginFault, Outcome};

const DEVICES: &str = "device registry";
const PARTNERS: &str = "partners";

/// Holds a snapshot against every tree of the network. Trees change after an epoch is frozen; the chain keeps the roots of
/// the last changes, and what is older can not be judged from the account.
///
/// # Errors
/// A node that can not be asked; a tree's account of another kind.
pub async fn devices(
    ledger: &dyn Ledger,
    network: &NetworkView,
    devices: &[Device],
) -> Result<Finding, OriginError> {
    if let Some(beyond) = devices.iter().find(|device| device.tree >= network.trees) {
        let tree = beyond.tree;
        return Ok(Finding::differs(DEVICES, OriginFault::NoTree { tree }));
    }
    let addresses: Vec<Pubkey> = (0..network.trees)
        .map(|index| tree_address(&network.address, index).0)
        .collect();
    let accounts = ledger.accounts(&addresses).await?;
    let mut unknown = None;
    for ((address, account), index) in addresses.iter().zip(accounts).zip(0..) {
        let Some(account) = account else {
            let fault = OriginFault::NoTree { tree: index };
            return Ok(Finding::differs(DEVICES, fault));
        };
        let tree = DeviceTreeView::decode(*address, &account).map_err(ClientError::from)?;
        let first = devices.partition_point(|device| device.tree < index);
        let last = devices.partition_point(|device| device.tree <= index);
        match of_tree(&tree, devices.get(first..last).unwrap_or_default()) {
            Outcome::Equal(_) => {}
            Outcome::Unknown(reason) => unknown = unknown.or(Some(reason)),
            Outcome::Differs(fault) => return Ok(Finding::differs(DEVICES, fault)),
        }
    }
    Ok(match unknown {
        Some(reason) => Finding::unknown(DEVICES, reason),
        None => Finding::equal(
            DEVICES,
            format!(
                "{} devices in {} trees lead to the roots on chain",
                devices.len(),
                network.trees
            ),
        ),
    })
}

/// Roots alone count. The hash of an import's file is the authority's word, which the program can not check: a file of that
/// hash may say anything.
fn of_tree(tree: &DeviceTreeView, rows: &[Device]) -> Outcome {
    if tree.state != TreeState::Ready && rows.is_empty() {
        return Outcome::Equal(String::new());
    }
    let address = tree.address.to_bytes();
    let mut leaves = Vec::with_capacity(rows.len());
    // Rows come in the order of their positions: the reader refuses any other.
    for (row, index) in rows.iter().zip(0_u32..) {
        if row.leaf_index != index {
            return Outcome::Differs(OriginFault::Gap {
                tree: tree.index,
                index,
            });
        }
        leaves.push(leaf_of(row).hash(&address, index));
    }
    let found = match WholeTree::new(tree.depth, tree.canopy_depth, leaves) {
        Ok(whole) => whole.root(),
        Err(error) => {
            return Outcome::Differs(OriginFault::Shape {
                tree: tree.index,
                reason: error.to_string(),
            });
        }
    };
    if found == tree.root || tree.recent_roots.contains(&found) {
        return Outcome::Equal(String::new());
    }
    // Every root the tree ever had is known while it changed no more often than the chain remembers; but the root of an
    // import is remembered until the first change only.
    let changes = usize::try_from(tree.sequence).unwrap_or(usize::MAX);
    let all_known = changes <= tree.recent_roots.len();
    let may_be_import =
        changes > 0 && tree.imported > 0 && usize::try_from(tree.imported) == Ok(rows.len());
    if !all_known || may_be_import {
        return Outcome::Unknown(format!(
            "tree {}: the snapshot's {} devices lead to {}, the chain has {} after {} changes, more than it remembers",
            tree.index,
            rows.len(),
            hex::encode(found),
            hex::encode(tree.root),
            tree.sequence
        ));
    }
    Outcome::Differs(if usize::try_from(tree.next_index) == Ok(rows.len()) {
        OriginFault::Root {
            tree: tree.index,
            on_chain: hex::encode(tree.root),
            found: hex::encode(found),
        }
    } else {
        OriginFault::Count {
            tree: tree.index,
            on_chain: tree.next_index,
            found: rows.len(),
        }
    })
}

/// The leaf the registry hashed for a row.
#[must_use]
pub const fn leaf_of(row: &Device) -> DeviceLeaf {
    DeviceLeaf {
        device: row.key,
        owner: row.owner,
        issuer: row.issuer,
        hardware: row.hardware,
        location: row.location,
        sequence: row.sequence,
        model: row.model,
        reason: row.reason,
        country: row.country,
        class: row.class,
        location_kind: row.location_kind,
        status: row.status as u8,
    }
}

/// Every stream's partner is an issuer of the network that may be one.
///
/// # Errors
/// A node that can not be asked; an issuer's account of another kind.
pub async fn partners(
    ledger: &dyn Ledger,
    network: &NetworkView,
    streams: &[Stream],
) -> Result<Finding, OriginError> {
    let partners: BTreeSet<[u8; 32]> = streams.iter().map(|stream| stream.partner).collect();
    let addresses: Vec<Pubkey> = partners
        .iter()
        .map(|partner| issuer_address(&network.address, partner).0)
        .collect();
    let accounts = ledger.accounts(&addresses).await?;
    let mut retired = None;
    for ((partner, address), account) in partners.iter().zip(&addresses).zip(accounts) {
        let issuer = account
            .map(|account| IssuerView::decode(*address, &account))
            .transpose()
            .map_err(ClientError::from)?;
        for stream in streams.iter().filter(|stream| stream.partner == *partner) {
            // Retired since, or before: the account does not say when, and an old epoch is no fault for it.
            if issuer.as_ref().is_some_and(|issuer| !issuer.active) {
                retired = retired.or(Some(stream));
            }
            if let Some(problem) = problem_of(stream, issuer.as_ref()) {
                return Ok(Finding::differs(
                    PARTNERS,
                    OriginFault::Partner {
                        stream: stream.id,
                        partner: base58(partner),
                        problem,
                    },
                ));
            }
        }
    }
    if let Some(stream) = retired {
        let partner = base58(&stream.partner);
        let told = format!(
            "[[stream]] {}: its partner {partner} was retired",
            stream.id
        );
        return Ok(Finding::unknown(PARTNERS, told));
    }
    Ok(Finding::equal(
        PARTNERS,
        format!("{} streams of issuers of the network", streams.len()),
    ))
}

fn problem_of(stream: &Stream, issuer: Option<&IssuerView>) -> Option<&'static str> {
    let Some(issuer) = issuer else {
        return Some("is no issuer of the network");
    };
    if issuer.key_kind.byte() != stream.partner_kind {
        return Some("is registered with another kind of key");
    }
    if issuer.roles & constants::ROLE_PARTNER == 0 {
        return Some("is an issuer without the role of a partner");
    }
    None
}
