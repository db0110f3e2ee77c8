//! Reads a campaign that was prepared: whole, or one claim file fetched by itself.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::claim_file::{ClaimFile, DropClaim, shard_bits, shard_name, shard_of};
use crate::names::{CLAIMS, RECIPIENTS_CSV};
use crate::recipients::{HEADER, Recipient, Recipients, place_of};
use crate::{CampaignError, CampaignFile, read_campaign};
use cairn_merkle::Tokens;
use cairn_spelling::text::{key_from_base58, whole_number};

/// A claim with what its file says about the tree it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundClaim {
    pub claim: DropClaim,
    pub root: cairn_merkle::Node,
    pub leaf_count: u32,
    pub canopy_depth: u8,
}

/// The claim of `owner` from a campaign's folder, or from a claim file fetched by itself.
///
/// Whether it leads to the root on chain is for the caller to verify.
///
/// # Errors
/// [`CampaignError::Missing`], [`CampaignError::NotARecipient`], [`CampaignError::Json`].
pub fn load_claim(dir_or_file: &Path, owner: &[u8; 32]) -> Result<FoundClaim, CampaignError> {
    let path = if dir_or_file.is_dir() {
        let campaign = read_campaign(dir_or_file)?;
        let bits = shard_bits(campaign.depth);
        let shard = shard_of(place_of(owner), bits);
        dir_or_file.join(CLAIMS).join(shard_name(shard, bits))
    } else {
        dir_or_file.to_owned()
    };
    let file = read_claim_file(&path)?;
    Ok(FoundClaim {
        claim: file.claim(owner)?,
        root: file.root,
        leaf_count: file.leaf_count,
        canopy_depth: file.canopy_depth,
    })
}

/// Reads one claim file.
///
/// # Errors
/// [`CampaignError::Missing`], [`CampaignError::Json`].
pub fn read_claim_file(path: &Path) -> Result<ClaimFile, CampaignError> {
    let bytes = fs::read(path).map_err(|source| CampaignError::io("read", path, source))?;
    ClaimFile::from_bytes(path, &bytes)
}

/// The claim files of a campaign's folder, in the order of their claims' indices.
#[must_use]
pub fn claim_files(dir: &Path, campaign: &CampaignFile) -> Vec<PathBuf> {
    let bits = shard_bits(campaign.depth);
    (0..1_u32 << bits)
        .map(|shard| dir.join(CLAIMS).join(shard_name(shard, bits)))
        .collect()
}

/// Reads `recipients.csv` of a campaign's folder and checks it against the campaign's snapshot hash.
///
/// # Errors
/// [`CampaignError::Missing`]; [`CampaignError::Differs`]; [`CampaignError::Json`] for a file that has the hash and is
/// no such list.
pub fn read_recipients(dir: &Path, campaign: &CampaignFile) -> Result<Recipients, CampaignError> {
    let path = dir.join(RECIPIENTS_CSV);
    let bytes = fs::read(&path).map_err(|source| CampaignError::io("read", &path, source))?;
    let differs = |what| CampaignError::Differs {
        path: path.clone(),
        what,
    };
    if <[u8; 32]>::from(Sha256::digest(&bytes)) != campaign.snapshot_hash {
        return Err(differs("its SHA-256 is another"));
    }
    let text = bytes
        .strip_prefix(HEADER)
        .and_then(|rows| std::str::from_utf8(rows).ok())
        .ok_or_else(|| CampaignError::json(&path, "it is no list of recipients"))?;
    let mut list = Vec::with_capacity(campaign.leaf_count as usize);
    let mut last = None;
    for (index, line) in text.lines().enumerate() {
        let one = row(line, index as u64).ok_or_else(|| {
            CampaignError::json(&path, format!("row {} is damaged", index.saturating_add(2)))
        })?;
        let place = (place_of(&one.owner), one.owner);
        if last.is_some_and(|last| last >= place) {
            return Err(CampaignError::json(&path, "its rows are out of order"));
        }
        last = Some(place);
        list.push(one);
    }
    let recipients = Recipients::from_sorted(list)
        .ok_or_else(|| CampaignError::json(&path, "it is no list of recipients"))?;
    if recipients.count() != campaign.leaf_count || recipients.tokens() != campaign.root_sum {
        return Err(differs("it holds another number of recipients or tokens"));
    }
    Ok(recipients)
}

fn row(line: &str, index: u64) -> Option<Recipient> {
    let mut fields = line.split(',');
    let mut next = || fields.next();
    let found = (whole_number(next()?)?, next()?, next()?, next()?);
    let (at, owner, unlocked, locked) = found;
    if at != index || next().is_some() {
        return None;
    }
    Some(Recipient {
        owner: key_from_base58(owner.as_bytes())?,
        unlocked: Tokens::new(whole_number(unlocked)?),
        locked: Tokens::new(whole_number(locked)?),
    })
}
