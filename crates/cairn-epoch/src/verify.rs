use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::EpochError;
use crate::claim::{ClaimFiles, decode_list};
use crate::difference::Difference;
use crate::folder::{CLAIM_LIST, list_files, read, resolve};
use crate::frozen::Input;
use crate::manifest::{ClaimsEntry, FileEntry, Manifest, Totals};

/// Compares size and SHA-256 of every file that the manifest or its list of claim files names with the files in `dir`, and
/// refuses files that neither names.
///
/// # Errors
/// [`EpochError::Differs`] names the first file that differs; [`EpochError::Missing`]; [`EpochError::Stray`];
/// [`EpochError::UnsafeName`] for a name that leaves the folder or goes through a link.
pub fn verify_files(dir: &Path, manifest: &Manifest) -> Result<(), EpochError> {
    verify_inputs(dir, manifest)?;
    let claims = claim_files(dir, manifest)?;
    verify_list(dir, "outputs", manifest.outputs.iter().chain(&claims))
}

/// What the manifest's list in `dir` says of each claim file, by number. The files themselves are not read.
///
/// # Errors
/// [`EpochError::Differs`], [`EpochError::Missing`] and those of a table, when the list is not the manifest's or another than its
/// tree and sums ask for.
pub fn claim_files(dir: &Path, manifest: &Manifest) -> Result<Vec<FileEntry>, EpochError> {
    let path = dir.join(CLAIM_LIST);
    let unlisted = |message: &str| EpochError::Json {
        path: path.clone(),
        message: message.to_owned(),
    };
    let list = manifest
        .outputs
        .iter()
        .find(|entry| entry.name == CLAIM_LIST)
        .ok_or_else(|| unlisted("the manifest does not name it"))?;
    let bytes = verified(dir, list)?;
    let files = ClaimFiles::of(manifest.tree.depth);
    let entries = decode_list(&path, bytes.into(), files)?;
    if ClaimsEntry::of(&entries) == Some(manifest.claims) {
        Ok(entries)
    } else {
        Err(unlisted("its sums are not those of the manifest"))
    }
}

/// As [`verify_files`], for the inputs alone: what an attester checks before it computes the outputs itself.
///
/// # Errors
/// As [`verify_files`].
pub fn verify_inputs(dir: &Path, manifest: &Manifest) -> Result<(), EpochError> {
    verify_list(dir, "inputs", manifest.inputs.iter())
}

/// Checks that `current` carries on where `previous` ended: the next epoch of the same pool, with its state, over a later
/// period, taking nothing from what was promised before. Both manifests must have been checked against the chain.
///
/// # Errors
/// [`EpochError::Succession`] says what does not follow.
pub fn verify_succession(previous: &Manifest, current: &Manifest) -> Result<(), EpochError> {
    let wrong_in = |file: String, message: &str| {
        Err(EpochError::Succession {
            number: current.epoch.number,
            previous: previous.epoch.number,
            file,
            message: message.to_owned(),
        })
    };
    let wrong = |message| wrong_in("manifest.json".to_owned(), message);
    let (before, now) = (&previous.epoch, &current.epoch);
    if now.number.previous() != Some(before.number) {
        return wrong("its number is not the next one");
    }
    if (now.pool, now.network) != (before.pool, before.network) {
        return wrong("it belongs to another pool or network");
    }
    if now.previous_manifest != Some(previous.hash()?) {
        return wrong("it names another manifest as the one before");
    }
    if now.period_start_ms < before.period_end_ms {
        return wrong("their periods overlap");
    }
    let handed_on = hashes(&previous.outputs, Input::handed_on);
    let carried = hashes(&current.inputs, |name| {
        Input::of(name).filter(|input| input.is_carried())
    });
    let other = handed_on.keys().chain(carried.keys());
    if let Some(name) = other
        .into_iter()
        .find(|name| handed_on.get(*name) != carried.get(*name))
    {
        let message = "it starts from another state than the one handed on";
        return wrong_in(format!("inputs/{name}"), message);
    }
    if handed_on.is_empty() {
        return wrong("the one before handed no state on");
    }
    let (then, totals) = (&previous.totals, &current.totals);
    let tokens = totals.tokens.checked_sub(totals.tokens_epoch);
    let points = totals.milli_points.checked_sub(totals.milli_points_epoch);
    let credits = totals.credits.checked_sub(totals.credits_epoch);
    // A correction counts what was taken besides, which the computation itself shows.
    let continues = if Input::Taken.is_among(&current.inputs) {
        tokens >= Some(then.tokens)
            && points >= Some(then.milli_points)
            && credits >= Some(then.credits)
    } else {
        tokens == Some(then.tokens)
            && points == Some(then.milli_points)
            && credits == Some(then.credits)
    };
    let is_whole = Input::Taken.is_among(&current.inputs) || accounts_for(current, then);
    if !is_whole {
        return wrong("what it gave does not stand in leaves, arrears and unlinked");
    }
    if !continues || current.tree.leaf_count < previous.tree.leaf_count {
        return wrong("its totals do not continue those before");
    }
    Ok(())
}

/// Whether all that the epoch gave stands somewhere: what leaves, arrears and unlinked grew by since `then`, and what nobody was given, are
/// the emission.
fn accounts_for(current: &Manifest, then: &Totals) -> bool {
    let now = &current.totals;
    let held = |totals: &Totals| {
        let outside = [totals.arrears.tokens, totals.unlinked.tokens];
        outside
            .map(|tokens| i128::from(tokens.get()))
            .iter()
            .sum::<i128>()
    };
    let grown = i128::from(now.tokens_epoch.get()) + i128::from(now.unallocated.get());
    grown + held(now) - held(then) == i128::from(current.epoch.emission.get())
}

/// Hashes of the files in `list` that one epoch hands to the next, by their names below `inputs/` or `outputs/`.
fn hashes(list: &[FileEntry], input: impl Fn(&str) -> Option<Input>) -> BTreeMap<&str, [u8; 32]> {
    list.iter()
        .filter(|entry| input(&entry.name).is_some())
        .filter_map(|entry| Some((entry.name.split_once('/')?.1, entry.sha256)))
        .collect()
}

fn verify_list<'a>(
    dir: &Path,
    part: &str,
    entries: impl Iterator<Item = &'a FileEntry> + Clone,
) -> Result<(), EpochError> {
    for entry in entries.clone() {
        if !entry.name.starts_with(part) || entry.name.as_bytes().get(part.len()) != Some(&b'/') {
            return Err(EpochError::UnsafeName {
                name: entry.name.clone(),
                reason: "it stands in the wrong list of the manifest",
            });
        }
        verified(dir, entry)?;
    }
    let listed: BTreeSet<&str> = entries.map(|entry| entry.name.as_str()).collect();
    for name in list_files(dir, part)? {
        if !listed.contains(name.as_str()) {
            return Err(EpochError::Stray {
                path: dir.join(name),
            });
        }
    }
    Ok(())
}

/// The bytes of a file, when size and SHA-256 are those of its entry.
pub(crate) fn verified(dir: &Path, entry: &FileEntry) -> Result<Vec<u8>, EpochError> {
    let bytes = read(&resolve(dir, &entry.name)?)?;
    let differs = |field: &str, expected: String, found: String| {
        Err(EpochError::Differs(Box::new(Difference {
            file: entry.name.clone(),
            row: None,
            field: field.to_owned(),
            expected,
            found,
        })))
    };
    if bytes.len() as u64 != entry.size {
        return differs("size", entry.size.to_string(), bytes.len().to_string());
    }
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    if hash != entry.sha256 {
        return differs("sha256", hex::encode(entry.sha256), hex::encode(hash));
    }
    Ok(bytes)
}
