use anchor_lang::Discriminator;
use cairn_merkle::Node;
use reward_vault::{constants::ACCOUNT_VERSION, state::EpochTombstone};
use serde::{Deserialize, Serialize};
use solana_sdk::{account::Account, pubkey::Pubkey};

use super::EpochView;
use crate::{
    DecodeError,
    decode::{version, whole},
    ids::REWARD_VAULT,
    text,
};

const TOMBSTONE: &str = "a closed epoch";

/// What stays of a closed epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochTombstoneView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub pool: Pubkey,
    pub number: u64,
    /// Hash of the tree and its tokens.
    #[serde(with = "text")]
    pub root: Node,
    #[serde(with = "text")]
    pub manifest_hash: [u8; 32],
    /// Milli-points of all leaves.
    pub points: u64,
    /// Data credits of all leaves.
    pub credits: u64,
    pub leaf_count: u32,
    pub version: u8,
}

impl EpochTombstoneView {
    /// Reads a closed epoch.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let epoch: EpochTombstone = whole(&address, account, TOMBSTONE, &REWARD_VAULT)?;
        version(&address, TOMBSTONE, epoch.version, ACCOUNT_VERSION)?;
        Ok(Self {
            address,
            pool: epoch.pool,
            number: epoch.number,
            root: Node::new(epoch.root, epoch.tokens),
            manifest_hash: epoch.manifest_hash,
            points: epoch.points,
            credits: epoch.credits,
            leaf_count: epoch.leaf_count,
            version: epoch.version,
        })
    }
}

/// What lives at an epoch's address: the epoch, or what stays of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum EpochRecord {
    Stored(Box<EpochView>),
    Closed(EpochTombstoneView),
}

impl EpochRecord {
    /// Reads an epoch, open or closed.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version or status.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        if is_closed(account) {
            EpochTombstoneView::decode(address, account).map(Self::Closed)
        } else {
            EpochView::decode(address, account).map(|view| Self::Stored(Box::new(view)))
        }
    }

    /// The epoch, unless it is closed.
    #[must_use]
    pub fn stored(self) -> Option<EpochView> {
        match self {
            Self::Stored(view) => Some(*view),
            Self::Closed(_) => None,
        }
    }

    #[must_use]
    pub const fn number(&self) -> u64 {
        match self {
            Self::Stored(view) => view.number,
            Self::Closed(view) => view.number,
        }
    }

    /// Hash of the tree and its tokens.
    #[must_use]
    pub const fn root(&self) -> Node {
        match self {
            Self::Stored(view) => view.root,
            Self::Closed(view) => view.root,
        }
    }

    #[must_use]
    pub const fn manifest_hash(&self) -> [u8; 32] {
        match self {
            Self::Stored(view) => view.manifest_hash,
            Self::Closed(view) => view.manifest_hash,
        }
    }

    #[must_use]
    pub const fn leaf_count(&self) -> u32 {
        match self {
            Self::Stored(view) => view.leaf_count,
            Self::Closed(view) => view.leaf_count,
        }
    }
}

/// Whether these are a tombstone's bytes.
pub(super) fn is_closed(account: &Account) -> bool {
    account.owner == REWARD_VAULT && account.data.starts_with(EpochTombstone::DISCRIMINATOR)
}
