//! Are these the inputs this keeper would have used? A publisher that computes rightly from inputs of its own choice
//! would pass any recomputation, so each input is held against the chain or against this keeper's configuration.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cairn_epoch::{EpochFolder, Manifest, code_hash, read_anchors, read_manifest};
use cairn_interface::vault::PoolView;

use super::{PublishedFault, locate};
use crate::folder::FolderError;
use crate::publish::Fetched;
use crate::{Keeper, KeeperError, text};

impl Keeper {
    /// Manifest against chain and keeper.toml.
    pub(super) fn check_manifest(
        &self,
        manifest: &Manifest,
        fetched: &Fetched,
    ) -> Result<(), KeeperError> {
        let Some(epoch) = &fetched.epoch else {
            return Ok(());
        };
        let number = epoch.number;
        let fault = |field: &str, expected: String, found: String, origin| {
            KeeperError::from(PublishedFault::Input {
                number,
                file: "manifest.json".to_owned(),
                field: field.to_owned(),
                expected,
                found,
                origin,
            })
        };
        let chain = "the epoch's account on chain";
        let tree = &manifest.tree;
        for (field, expected, found) in [
            ("epoch number", number, manifest.epoch.number),
            ("sum of the root", epoch.root.sum(), tree.root_sum),
            ("tokens", epoch.root.sum(), manifest.totals.tokens),
            ("points", epoch.points, manifest.totals.points),
            ("credits", epoch.credits, manifest.totals.credits),
            (
                "leaf count",
                epoch.leaf_count.into(),
                tree.leaf_count.into(),
            ),
            (
                "canopy depth",
                epoch.canopy_depth.into(),
                tree.canopy_depth.into(),
            ),
            ("accepted proofs", epoch.accepted, manifest.accepted),
            ("rejected proofs", epoch.rejected, manifest.rejected),
        ] {
            if expected != found {
                return Err(fault(field, expected.to_string(), found.to_string(), chain));
            }
        }
        for (field, expected, found) in [
            ("root", epoch.root.hash, tree.root_hash),
            ("ruleset hash", epoch.ruleset_hash, manifest.ruleset.hash),
            ("code hash", epoch.code_hash, manifest.code.hash),
        ] {
            if expected != found {
                return Err(fault(
                    field,
                    text::hash(&expected),
                    text::hash(&found),
                    chain,
                ));
            }
        }
        let period = self.config().schedule.schedule().period(number)?;
        let toml = "[schedule] and [emission] of this keeper's keeper.toml";
        for (field, expected, found) in [
            (
                "period start",
                period.start.saturating_mul(1_000),
                manifest.epoch.period_start_ms,
            ),
            (
                "period end",
                period.end.saturating_mul(1_000),
                manifest.epoch.period_end_ms,
            ),
            ("period start on chain", period.start, epoch.period_start),
            ("period end on chain", period.end, epoch.period_end),
        ] {
            if expected != found {
                return Err(fault(field, expected.to_string(), found.to_string(), toml));
            }
        }
        let emission = self.config().emission.tokens_per_epoch;
        if manifest.epoch.emission != emission {
            let found = manifest.epoch.emission.to_string();
            return Err(fault("emission", emission.to_string(), found, toml));
        }
        for (field, expected, found) in [
            (
                "network",
                self.config().chain.network.to_bytes(),
                manifest.epoch.network,
            ),
            (
                "pool",
                self.config().chain.pool.to_bytes(),
                manifest.epoch.pool,
            ),
        ] {
            if expected != found {
                let [expected, found] =
                    [expected, found].map(|key| bs58::encode(key).into_string());
                return Err(fault(
                    field,
                    expected,
                    found,
                    "[chain] of this keeper's keeper.toml",
                ));
            }
        }
        if manifest.code.hash != code_hash() {
            let origin = "the version of this cairn-keeper";
            let expected = text::hash(&code_hash());
            return Err(fault(
                "code",
                expected,
                manifest.code.version.clone(),
                origin,
            ));
        }
        Ok(())
    }

    /// Inputs against chain, the epoch before, this keeper's ruleset and its own anchors.
    pub(super) async fn check_inputs(
        &self,
        folder: &EpochFolder,
        manifest: &Manifest,
        source: Option<&Path>,
        pool: &PoolView,
    ) -> Result<(), KeeperError> {
        self.check_continuity(manifest, source).await?;
        self.check_ruleset(folder, manifest).await?;
        self.check_anchors(folder, manifest).await?;
        self.check_registry(folder, pool).await?;
        Ok(())
    }

    /// The state carried in must be the one the active epoch before carried out.
    async fn check_continuity(
        &self,
        manifest: &Manifest,
        source: Option<&Path>,
    ) -> Result<(), KeeperError> {
        let number = manifest.epoch.number;
        let fault = |field: &str, expected: String, found: String| {
            KeeperError::from(PublishedFault::Input {
                number,
                file: "inputs/state.parquet".to_owned(),
                field: field.to_owned(),
                expected,
                found,
                origin: "the epoch before, as it stands on chain",
            })
        };
        let hash_of = |list: &[cairn_epoch::FileEntry], name: &str| {
            list.iter()
                .find(|entry| entry.name == name)
                .map(|entry| text::hash(&entry.sha256))
        };
        let carried = hash_of(&manifest.inputs, "inputs/state.parquet");
        let Some(before) = number.checked_sub(1).filter(|before| *before > 0) else {
            return match carried {
                None => Ok(()),
                Some(found) => Err(fault(
                    "sha256",
                    "no state in the first epoch".to_owned(),
                    found,
                )),
            };
        };
        let on_chain = self.active_manifest(before, number).await?;
        let named = manifest.epoch.previous_manifest;
        if named != Some(on_chain) {
            let found = named.map_or_else(|| "none".to_owned(), |hash| text::hash(&hash));
            return Err(fault("previous manifest", text::hash(&on_chain), found));
        }
        let places = [
            Some(self.folder().epoch(before).root().to_owned()),
            Some(self.folder().published(before).root().to_owned()),
            source.and_then(|source| locate(source, before)),
            source
                .and_then(Path::parent)
                .and_then(|beside| locate(beside, before)),
        ];
        let previous = places
            .into_iter()
            .flatten()
            .filter_map(|place| read_manifest(&place).ok())
            .find(|(_, hash)| *hash == on_chain);
        let Some((previous, _)) = previous else {
            return Err(KeeperError::NoPrevious {
                number: before,
                manifest: text::hash(&on_chain),
            });
        };
        let expected = hash_of(&previous.outputs, "outputs/state.parquet");
        if carried == expected {
            return Ok(());
        }
        let named = |hash: Option<String>| hash.unwrap_or_else(|| "no state".to_owned());
        Err(fault("sha256", named(expected), named(carried)))
    }

    /// The rules must be the ones this keeper runs: a proposer that brings its own could pay whom it likes.
    async fn check_ruleset(
        &self,
        folder: &EpochFolder,
        manifest: &Manifest,
    ) -> Result<(), KeeperError> {
        let number = manifest.epoch.number;
        let published = folder.inputs();
        let scratch = self.folder().scratch("ruleset");
        fs::create_dir_all(&scratch).map_err(FolderError::io("create", &scratch))?;
        self.write_ruleset(&scratch).await?;
        let expected = ruleset_files(&scratch)?;
        let found = ruleset_files(&published)?;
        let names: std::collections::BTreeSet<&String> =
            expected.keys().chain(found.keys()).collect();
        for name in names {
            let (mine, theirs) = (expected.get(name), found.get(name));
            if mine == theirs {
                continue;
            }
            let named = |bytes: Option<&Vec<u8>>| match bytes {
                Some(bytes) => format!("{} bytes of text", bytes.len()),
                None => "absent".to_owned(),
            };
            return Err(PublishedFault::Input {
                number,
                file: format!("inputs/{name}"),
                field: first_difference(mine, theirs),
                expected: named(mine),
                found: named(theirs),
                origin: "the ruleset this keeper runs ([inputs] ruleset, or the built-in one)",
            }
            .into());
        }
        Ok(())
    }

    /// An anchor this keeper saw itself can not have had another hash.
    async fn check_anchors(
        &self,
        folder: &EpochFolder,
        manifest: &Manifest,
    ) -> Result<(), KeeperError> {
        let published = read_anchors(&folder.anchors())?;
        let own: BTreeMap<u64, [u8; 32]> = self
            .journal()
            .anchors()
            .await?
            .into_iter()
            .map(|anchor| (anchor.slot, anchor.hash))
            .collect();
        for anchor in published {
            match own.get(&anchor.slot) {
                Some(hash) if *hash != anchor.hash => {
                    return Err(PublishedFault::Input {
                        number: manifest.epoch.number,
                        file: "inputs/anchors.parquet".to_owned(),
                        field: format!("hash of slot {}", anchor.slot),
                        expected: text::hash(hash),
                        found: text::hash(&anchor.hash),
                        origin: "the anchors this keeper recorded",
                    }
                    .into());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// `ruleset.toml` and `rules/*`, by name.
fn ruleset_files(inputs: &Path) -> Result<BTreeMap<String, Vec<u8>>, FolderError> {
    let mut files = BTreeMap::new();
    let toml = inputs.join("ruleset.toml");
    files.insert(
        "ruleset.toml".to_owned(),
        fs::read(&toml).map_err(FolderError::io("read", &toml))?,
    );
    let rules = inputs.join("rules");
    for entry in fs::read_dir(&rules).map_err(FolderError::io("list", &rules))? {
        let path = entry.map_err(FolderError::io("list", &rules))?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let bytes = fs::read(&path).map_err(FolderError::io("read", &path))?;
        files.insert(format!("rules/{name}"), bytes);
    }
    Ok(files)
}

fn first_difference(mine: Option<&Vec<u8>>, theirs: Option<&Vec<u8>>) -> String {
    let lines = |bytes: Option<&Vec<u8>>| -> Vec<Vec<u8>> {
        bytes.map_or_else(Vec::new, |bytes| {
            bytes
                .split(|byte| *byte == b'\n')
                .map(<[u8]>::to_vec)
                .collect()
        })
    };
    let (mine, theirs) = (lines(mine), lines(theirs));
    let same = mine.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    format!("text from line {}", same.saturating_add(1))
}
