use std::fs;
use std::path::Path;

use cairn_merkle::{
    EpochNumber, MAX_DEPTH, MilliPoints, Node, Tokens, canopy_depth_for, depth_for,
};
use serde::{Deserialize, Serialize};

use crate::names::{CAMPAIGN_JSON, CANOPY_BIN};
use crate::{CampaignError, Terms};

/// Names the layout of `campaign.json`.
pub const CAMPAIGN_FORMAT: &str = "cairn/campaign/2";

/// `campaign.json`: everything the campaign's creation takes, and where its recipients came from. Fields stand in
/// alphabetical order, as they are written; amounts are decimal strings of base units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignFile {
    /// Levels the campaign's account stores: the terms' wish, or the whole depth of a smaller tree.
    pub canopy_depth: u8,
    pub depth: u8,
    /// [`CAMPAIGN_FORMAT`].
    pub format: String,
    pub leaf_count: u32,
    /// Of `root_sum`, what vests.
    #[serde(with = "cairn_spelling::text::amount")]
    pub locked: Tokens,
    #[serde(with = "cairn_spelling::text::hash")]
    pub root_hash: [u8; 32],
    /// Of all recipients together.
    #[serde(with = "cairn_spelling::text::amount")]
    pub root_sum: Tokens,
    /// SHA-256 of `recipients.csv`, as the campaign's account names it.
    #[serde(with = "cairn_spelling::text::hash")]
    pub snapshot_hash: [u8; 32],
    pub source: Source,
    pub terms: Terms,
}

/// Where the recipients came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A table of owners and amounts.
    Table {
        /// Of the table's bytes.
        #[serde(with = "cairn_spelling::text::hash")]
        sha256: [u8; 32],
    },
    /// The points of a published epoch.
    Points {
        /// The most that one owner gets; 2^64 − 1 for no cap.
        #[serde(with = "cairn_spelling::text::amount")]
        cap: Tokens,
        /// What the cap cut off; granted to nobody.
        #[serde(with = "cairn_spelling::text::amount")]
        capped_off: Tokens,
        /// What rounding left over; granted to nobody.
        #[serde(with = "cairn_spelling::text::amount")]
        dust: Tokens,
        epoch: EpochNumber,
        /// Of the epoch's manifest, which names the leaves' hash.
        #[serde(with = "cairn_spelling::text::hash")]
        manifest_hash: [u8; 32],
        /// What an owner needed to take part.
        #[serde(with = "cairn_spelling::text::amount")]
        min_milli_points: MilliPoints,
        #[serde(with = "cairn_spelling::text::key")]
        pool: [u8; 32],
        /// What was shared: granted, capped off and dust together.
        #[serde(with = "cairn_spelling::text::amount")]
        tokens: Tokens,
    },
}

impl CampaignFile {
    #[must_use]
    pub const fn root(&self) -> Node {
        Node::new(self.root_hash, self.root_sum)
    }

    /// The canonical bytes.
    ///
    /// # Errors
    /// [`CampaignError::Json`], which would be a fault of this program.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CampaignError> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| CampaignError::json(Path::new(CAMPAIGN_JSON), error.to_string()))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads what [`Self::to_bytes`] writes and refuses every other spelling.
    ///
    /// # Errors
    /// [`CampaignError::Json`].
    pub fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self, CampaignError> {
        let wrong = |message: &str| CampaignError::json(path, message);
        let file: Self =
            serde_json::from_slice(bytes).map_err(|error| wrong(&error.to_string()))?;
        if file.format != CAMPAIGN_FORMAT {
            return Err(wrong(&format!(
                "format is \"{}\", this version reads \"{CAMPAIGN_FORMAT}\"",
                file.format
            )));
        }
        if file.to_bytes()? != bytes {
            return Err(wrong("it is not in the canonical spelling"));
        }
        let canopy_depth = canopy_depth_for(file.terms.canopy_depth, file.depth);
        if depth_for(file.leaf_count) != Ok(file.depth)
            || file.depth > MAX_DEPTH
            || file.canopy_depth != canopy_depth
            || file.locked > file.root_sum
        {
            return Err(wrong("its numbers contradict each other"));
        }
        file.terms.check()?;
        Ok(file)
    }
}

/// Reads `campaign.json` of a campaign's folder.
///
/// # Errors
/// [`CampaignError::Missing`], [`CampaignError::Json`].
pub fn read_campaign(dir: &Path) -> Result<CampaignFile, CampaignError> {
    let path = dir.join(CAMPAIGN_JSON);
    let bytes = fs::read(&path).map_err(|source| CampaignError::io("read", &path, source))?;
    CampaignFile::from_bytes(&path, &bytes)
}

/// Reads `canopy.bin` of a campaign's folder: the nodes that the campaign's account stores, checked against the root.
///
/// # Errors
/// [`CampaignError::Missing`]; [`CampaignError::Differs`] when they do not fold to the campaign's root.
pub fn read_canopy(dir: &Path, campaign: &CampaignFile) -> Result<Vec<Node>, CampaignError> {
    let path = dir.join(CANOPY_BIN);
    let bytes = fs::read(&path).map_err(|source| CampaignError::io("read", &path, source))?;
    let nodes = Node::slice_from_bytes(&bytes).unwrap_or_default().to_vec();
    if nodes.len() == 1_usize << campaign.canopy_depth
        && cairn_merkle::fold_canopy(&nodes) == Ok(campaign.root())
    {
        return Ok(nodes);
    }
    Err(CampaignError::Differs {
        path,
        what: "its nodes do not lead to the root",
    })
}
