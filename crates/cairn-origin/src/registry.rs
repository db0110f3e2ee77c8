//! The registry's snapshot against the device trees on chain, and the partners of streams and the carriers of tasks and payers against the issuers:
//! every tree's root is hashed again from the published leaves.

use std::collections::BTreeSet;

use cairn_client::{ClientError, Ledger};
use cairn_epoch::{Device, Entry, NetworkTerms, Origin};
use cairn_interface::registry::{
    DeviceTreeView, IssuerView, NetworkView, constants, issuer_address, tree_address,
};
use cairn_registry::{Snapshot, Standing, TreeFault, compare};
use cairn_spelling::text::base58;
use solana_sdk::pubkey::Pubkey;

use crate::fault::told_by;
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
    devices: &Snapshot,
) -> Result<Finding, OriginError> {
    if let Some(beyond) = devices
        .rows()
        .iter()
        .find(|device| device.tree >= network.trees)
    {
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
        match of_tree(&tree, devices.of_tree(index)) {
            Outcome::Equal(_) => {}
            Outcome::Unknown(reason) | Outcome::Gone(reason) => {
                unknown = unknown.or(Some(reason));
            }
            Outcome::Differs(fault) => return Ok(Finding::differs(DEVICES, fault)),
        }
    }
    Ok(match unknown {
        Some(reason) => Finding::unknown(DEVICES, reason),
        None => Finding::equal(
            DEVICES,
            format!(
                "{} devices in {} trees lead to the roots on chain",
                devices.rows().len(),
                network.trees
            ),
        ),
    })
}

fn of_tree(tree: &DeviceTreeView, rows: &[Device]) -> Outcome {
    let compared = match compare(tree, rows) {
        Ok(compared) => compared,
        Err(TreeFault::Gap { tree, index }) => {
            return Outcome::Differs(OriginFault::Gap { tree, index });
        }
        Err(TreeFault::Shape { tree, source }) => {
            let reason = source.to_string();
            return Outcome::Differs(OriginFault::Shape { tree, reason });
        }
    };
    let [found, on_chain] = [compared.whole.root(), tree.root].map(hex::encode);
    match compared.standing {
        Standing::Current | Standing::Earlier => entered_otherwise(tree, rows)
            .map_or_else(|| Outcome::Equal(String::new()), Outcome::Differs),
        Standing::Forgotten => Outcome::Unknown(format!(
            "tree {}: the snapshot's {} devices lead to {found}, the chain has {on_chain} after {} changes, more than it \
             remembers",
            tree.index,
            rows.len(),
            tree.sequence
        )),
        Standing::Never if tree.next_index == compared.whole.len() => {
            Outcome::Differs(OriginFault::Root {
                tree: tree.index,
                on_chain,
                found,
            })
        }
        Standing::Never => Outcome::Differs(OriginFault::Count {
            tree: tree.index,
            on_chain: tree.next_index,
            found: rows.len(),
        }),
    }
}

/// A row that says of itself what its tree's account does not: which leaves came by import the account counts.
fn entered_otherwise(tree: &DeviceTreeView, rows: &[Device]) -> Option<OriginFault> {
    let wrong = rows
        .iter()
        .find(|row| row.entry != Entry::at(row.leaf_index, tree.imported))?;
    let words = |entry| match entry {
        Entry::Imported => "imported",
        Entry::Consented => "registered with the device's consent",
    };
    Some(OriginFault::Value {
        file: "inputs/devices.parquet",
        column: "consented",
        expected: format!(
            "position {} of device tree {} {}",
            wrong.leaf_index,
            tree.index,
            words(Entry::at(wrong.leaf_index, tree.imported))
        ),
        found: words(wrong.entry).to_owned(),
        origin: told_by(Origin::ChainAccount),
    })
}

/// What a ruleset says was agreed with an issuer.
struct Agreement {
    /// As in the ruleset: `[[stream]] 1`.
    named: String,
    /// Whom it was agreed with: partner, carrier.
    party: &'static str,
    key: [u8; 32],
    key_kind: u8,
    role: u32,
}

impl Agreement {
    fn of(terms: &NetworkTerms) -> Vec<Self> {
        let streams = terms.streams.iter().map(|stream| Self {
            named: format!("[[stream]] {}", stream.id),
            party: "partner",
            key: stream.partner,
            key_kind: stream.partner_kind,
            role: constants::ROLE_PARTNER,
        });
        let tasks = terms.tasks.iter().map(|task| Self {
            named: format!("[[task]] {}", task.id),
            party: "carrier",
            key: task.carrier,
            key_kind: task.carrier_kind,
            role: constants::ROLE_CARRIER,
        });
        let payers = terms.payers.iter().map(|payer| Self {
            named: format!("[[payer]] {}", payer.id),
            party: "carrier",
            key: payer.carrier,
            key_kind: payer.carrier_kind,
            role: constants::ROLE_CARRIER,
        });
        streams.chain(tasks).chain(payers).collect()
    }

    fn problem(&self, issuer: Option<&IssuerView>) -> Option<&'static str> {
        let Some(issuer) = issuer else {
            return Some("is no issuer of the network");
        };
        if issuer.facts.key_kind.byte() != self.key_kind {
            return Some("is registered with another kind of key");
        }
        if issuer.roles & self.role == 0 {
            return Some("is an issuer without that role");
        }
        None
    }
}

/// Every stream's partner, every task's and every payer's carrier is an issuer of the network that may be one.
///
/// # Errors
/// A node that can not be asked; an issuer's account of another kind.
pub async fn partners(
    ledger: &dyn Ledger,
    network: &NetworkView,
    terms: &NetworkTerms,
) -> Result<Finding, OriginError> {
    let agreements = Agreement::of(terms);
    let keys: BTreeSet<[u8; 32]> = agreements.iter().map(|agreed| agreed.key).collect();
    let addresses: Vec<Pubkey> = keys
        .iter()
        .map(|key| issuer_address(&network.address, key).0)
        .collect();
    let accounts = ledger.accounts(&addresses).await?;
    let mut retired = None;
    for ((key, address), account) in keys.iter().zip(&addresses).zip(accounts) {
        let issuer = account
            .map(|account| IssuerView::decode(*address, &account))
            .transpose()
            .map_err(ClientError::from)?;
        for agreed in agreements.iter().filter(|agreed| agreed.key == *key) {
            // Retired since, or before: the account does not say when, and an old epoch is no fault for it.
            if issuer.as_ref().is_some_and(|issuer| !issuer.is_active()) {
                retired = retired.or(Some(agreed));
            }
            if let Some(problem) = agreed.problem(issuer.as_ref()) {
                return Ok(Finding::differs(
                    PARTNERS,
                    OriginFault::Partner {
                        agreed: agreed.named.clone(),
                        party: agreed.party,
                        key: base58(key),
                        problem,
                    },
                ));
            }
        }
    }
    if let Some(Agreement {
        named, party, key, ..
    }) = retired
    {
        let told = format!("{named}: its {party} {} was retired", base58(key));
        return Ok(Finding::unknown(PARTNERS, told));
    }
    let (streams, tasks) = (terms.streams.len(), terms.tasks.len());
    // Most networks have none, and their words stay as they were.
    let payers = match terms.payers.len() {
        0 => String::new(),
        payers => format!(", traffic of {payers} payers"),
    };
    Ok(Finding::equal(
        PARTNERS,
        format!("{streams} streams and {tasks} tasks{payers} of issuers of the network"),
    ))
}
