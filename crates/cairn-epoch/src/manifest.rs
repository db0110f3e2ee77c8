use std::collections::BTreeMap;
use std::path::Path;

use cairn_merkle::{Credits, EpochNumber, MilliPoints, Node, Tokens};
use cairn_proof::Reason;
use cairn_spelling::text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::EpochError;
use crate::amounts::Amounts;
use crate::folder::{EpochFolder, read};
use crate::pipeline::code_hash;

/// Names the layout of `manifest.json`.
pub const MANIFEST_FORMAT: &str = "cairn/manifest/4";

/// What an epoch was computed from and what came out. Its hash is in the epoch's account on chain, so whoever holds
/// the files can prove that these and no others led to the root. Fields stand in alphabetical order, as they are
/// written; amounts are decimal strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Proofs that count.
    pub accepted: u64,
    /// The claim files as a whole: `outputs/claims.parquet` names each.
    pub claims: ClaimsEntry,
    pub code: CodeEntry,
    pub epoch: EpochEntry,
    /// [`MANIFEST_FORMAT`].
    pub format: String,
    /// Every file under `inputs/`, by name.
    pub inputs: Vec<FileEntry>,
    /// Every file under `outputs/`, by name, but claim files.
    pub outputs: Vec<FileEntry>,
    /// How the epoch's emission was divided.
    pub pots: Vec<PotEntry>,
    /// Proofs by reason, every reason named, zeros too.
    pub reasons: BTreeMap<String, u64>,
    /// Proofs that came in: accepted and rejected.
    pub received: u64,
    pub rejected: u64,
    pub ruleset: RulesetEntry,
    pub totals: Totals,
    pub tree: TreeEntry,
}

/// What all claim files are together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimsEntry {
    pub files: u64,
    /// Bytes.
    pub size: u64,
}

impl ClaimsEntry {
    /// The sums of `entries`; none when no disk could hold them.
    pub(crate) fn of(entries: &[FileEntry]) -> Option<Self> {
        let size = entries
            .iter()
            .try_fold(0_u64, |sum, entry| sum.checked_add(entry.size))?;
        Some(Self {
            files: entries.len() as u64,
            size,
        })
    }
}

/// The code that computed the epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeEntry {
    /// SHA-256 of `pipeline`, as proposed on chain.
    #[serde(with = "text::hash")]
    pub hash: [u8; 32],
    /// The computation's name: [`crate::PIPELINE`] in what this version closes.
    pub pipeline: String,
}

/// Which epoch of which pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochEntry {
    #[serde(with = "text::amount")]
    pub emission: Tokens,
    #[serde(with = "text::key")]
    pub network: [u8; 32],
    pub number: EpochNumber,
    pub period_end_ms: i64,
    pub period_start_ms: i64,
    #[serde(with = "text::key")]
    pub pool: [u8; 32],
    #[serde(with = "text::optional_hash")]
    pub previous_manifest: Option<[u8; 32]>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Path below the epoch's folder, with slashes.
    pub name: String,
    /// Rows of a table, claims of a claim file, lines of a text.
    pub rows: u64,
    #[serde(with = "text::hash")]
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: u64,
}

/// A part of the epoch's emission that is divided as a whole. `allocated + unallocated = emission`, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PotEntry {
    /// What members, and identities without a wallet, were given.
    #[serde(with = "text::amount")]
    pub allocated: Tokens,
    /// What this pot had to give.
    #[serde(with = "text::amount")]
    pub emission: Tokens,
    /// Points below which the pot is not given out whole.
    #[serde(with = "text::amount")]
    pub floor_milli_points: MilliPoints,
    /// Points earned in this pot.
    #[serde(with = "text::amount")]
    pub milli_points: MilliPoints,
    pub name: String,
    /// What stays in the vault: rounding, the floor, and pots in which nobody earned.
    #[serde(with = "text::amount")]
    pub unallocated: Tokens,
}

/// The rules in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulesetEntry {
    /// Hash over `ruleset.toml` and every rule, as proposed on chain.
    #[serde(with = "text::hash")]
    pub hash: [u8; 32],
    pub version: u16,
}

/// Sums over all members, and what is owed to others outside of the tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// What wallets are owed and leaves have no room for yet.
    pub arrears: Amounts,
    /// Data credits since the pool began.
    #[serde(with = "text::amount")]
    pub credits: Credits,
    /// Data credits that leaves grew by in this epoch.
    #[serde(with = "text::amount")]
    pub credits_epoch: Credits,
    /// Points since the pool began.
    #[serde(with = "text::amount")]
    pub milli_points: MilliPoints,
    /// Points that leaves grew by in this epoch.
    #[serde(with = "text::amount")]
    pub milli_points_epoch: MilliPoints,
    /// Tokens since the pool began: the root's sum.
    #[serde(with = "text::amount")]
    pub tokens: Tokens,
    /// Tokens that leaves grew by in this epoch, older debts among them.
    #[serde(with = "text::amount")]
    pub tokens_epoch: Tokens,
    /// What of this epoch's emission nobody was given. With what leaves, `arrears` and `unlinked` together grew by it is the emission, and
    /// in the first epoch the genesis.
    #[serde(with = "text::amount")]
    pub unallocated: Tokens,
    /// What was given to identities without a wallet. It is no part of the tree.
    pub unlinked: Amounts,
}

/// The tree of the epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeEntry {
    /// Levels the pool stores on chain: its wish, or the whole depth of a smaller tree.
    pub canopy_depth: u8,
    pub depth: u8,
    pub leaf_count: u32,
    #[serde(with = "text::hash")]
    pub root_hash: [u8; 32],
    #[serde(with = "text::amount")]
    pub root_sum: Tokens,
}

impl TreeEntry {
    #[must_use]
    pub const fn root(&self) -> Node {
        Node::new(self.root_hash, self.root_sum)
    }
}

impl Manifest {
    /// The canonical bytes.
    ///
    /// # Errors
    /// [`EpochError::Json`], which would be a fault of this program.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EpochError> {
        crate::json::canonical(self).map_err(|message| EpochError::Json {
            path: "manifest.json".into(),
            message,
        })
    }

    /// Reads a manifest and refuses any spelling but the canonical one, so that its hash is the hash of its meaning.
    ///
    /// # Errors
    /// [`EpochError::Json`] names the first line that differs, or the inconsistent field.
    pub fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self, EpochError> {
        let manifest: Self = crate::json::read_canonical(path, bytes)?;
        manifest.check().map_err(|message| EpochError::Json {
            path: path.to_owned(),
            message,
        })?;
        Ok(manifest)
    }

    /// SHA-256 of the canonical bytes: what is proposed and attested on chain.
    ///
    /// # Errors
    /// As [`Self::to_bytes`].
    pub fn hash(&self) -> Result<[u8; 32], EpochError> {
        Ok(Sha256::digest(self.to_bytes()?).into())
    }

    /// The proofs counted under `reason`.
    #[must_use]
    pub fn count(&self, reason: Reason) -> u64 {
        self.reasons.get(reason.name()).copied().unwrap_or(0)
    }

    /// Every file that it names itself, inputs first: all but claim files.
    pub fn files(&self) -> impl Iterator<Item = &FileEntry> {
        self.inputs.iter().chain(&self.outputs)
    }

    /// How many files it and its list of claim files name.
    #[must_use]
    pub fn file_count(&self) -> u64 {
        (self.files().count() as u64).saturating_add(self.claims.files)
    }

    fn check(&self) -> Result<(), String> {
        if self.format != MANIFEST_FORMAT {
            return Err(format!(
                "format is \"{}\", this version reads \"{MANIFEST_FORMAT}\"",
                self.format
            ));
        }
        // The chain knows the hash alone; a name beside it that is not its own would run other code than was proposed.
        if self.code.hash != code_hash(&self.code.pipeline) {
            return Err("code.hash is not the SHA-256 of code.pipeline".to_owned());
        }
        for list in [&self.inputs, &self.outputs] {
            // A name twice would let the second entry vouch for other bytes than the first.
            if let Some(pair) = list.windows(2).find(|pair| pair[0].name >= pair[1].name) {
                return Err(format!(
                    "file {} stands twice or out of order",
                    pair[1].name
                ));
            }
        }
        if self.accepted.checked_add(self.rejected) != Some(self.received) {
            return Err("accepted and rejected do not add up to received".to_owned());
        }
        Ok(())
    }
}

/// Reads `manifest.json` of an epoch's folder, with its hash.
///
/// # Errors
/// [`EpochError::Missing`], [`EpochError::Json`].
pub fn read_manifest(dir: &Path) -> Result<(Manifest, [u8; 32]), EpochError> {
    let path = EpochFolder::new(dir).manifest();
    let bytes = read(&path)?;
    Ok((
        Manifest::from_bytes(&path, &bytes)?,
        Sha256::digest(&bytes).into(),
    ))
}
