use std::fs;
use std::path::{Component, Path, PathBuf};

use cairn_merkle::EpochNumber;

use crate::EpochError;
use crate::disk;
use crate::segment::SegmentName;

/// Names below `inputs/`.
pub(crate) const EPOCH_JSON: &str = "epoch.json";
pub(crate) const RULESET: &str = "ruleset.toml";
pub(crate) const RULES: &str = "rules";
pub(crate) const DEVICES: &str = "devices.parquet";
pub(crate) const ANCHORS: &str = "anchors.parquet";
pub(crate) const BURNS: &str = "burns.parquet";
pub(crate) const TAKEN: &str = "taken.parquet";
pub(crate) const GENESIS: &str = "genesis.parquet";

/// Path of the list of claim files below the epoch's folder.
pub(crate) const CLAIM_LIST: &str = "outputs/claims.parquet";
/// Path of the summary below the epoch's folder.
pub(crate) const SUMMARY: &str = "outputs/summary.json";

/// Where each file of an epoch stands. Knows names only; reads nothing.
///
/// ```text
/// inputs/   epoch.json  ruleset.toml  rules/NN_name.sql  devices.parquet  anchors.parquet
///           evidence/<kind>/NNNN.parquet, numbered over all kinds
///           state/ and memory/ as the epoch before handed them on (absent in the first epoch)
///           burns.parquet where the ruleset names payers of traffic: what each burned in the period
///           taken.parquet of a correction: what was taken under the root before, which was revoked
///           genesis.parquet of the first epoch, where the ruleset names it: what people held before
/// outputs/  summary.json  decisions.parquet  leaves.parquet
///           claims/… as [`crate::ClaimFiles`] names them  claims.parquet, which lists them
///           state/end.parquet  state/members.parquet  state/waiting.parquet  state/signers.parquet  state/leaves.parquet
///           state/unlinked.parquet  state/arrears.parquet  state/links.parquet
///           memory/<table>.parquet for each table that the ruleset declares
/// manifest.json
/// ```
///
/// [`crate::Input`] lists what stands in `inputs/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochFolder {
    root: PathBuf,
}

impl EpochFolder {
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// `<data>/epochs/<number, five digits>`.
    #[must_use]
    pub fn of(data: &Path, number: EpochNumber) -> Self {
        Self::new(data.join("epochs").join(format!("{number:05}")))
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    #[must_use]
    pub fn inputs(&self) -> PathBuf {
        self.root.join("inputs")
    }

    #[must_use]
    pub fn epoch_json(&self) -> PathBuf {
        self.inputs().join(EPOCH_JSON)
    }

    #[must_use]
    pub fn ruleset_toml(&self) -> PathBuf {
        self.inputs().join(RULESET)
    }

    #[must_use]
    pub fn rules(&self) -> PathBuf {
        self.inputs().join(RULES)
    }

    #[must_use]
    pub fn devices(&self) -> PathBuf {
        self.inputs().join(DEVICES)
    }

    #[must_use]
    pub fn anchors(&self) -> PathBuf {
        self.inputs().join(ANCHORS)
    }

    #[must_use]
    pub fn burns(&self) -> PathBuf {
        self.inputs().join(BURNS)
    }

    #[must_use]
    pub fn taken(&self) -> PathBuf {
        self.inputs().join(TAKEN)
    }

    #[must_use]
    pub fn genesis(&self) -> PathBuf {
        self.inputs().join(GENESIS)
    }

    #[must_use]
    pub fn evidence(&self, segment: SegmentName) -> PathBuf {
        self.inputs().join(segment.to_string())
    }

    #[must_use]
    pub fn outputs(&self) -> PathBuf {
        self.root.join("outputs")
    }

    #[must_use]
    pub fn decisions(&self) -> PathBuf {
        self.outputs().join("decisions.parquet")
    }

    #[must_use]
    pub fn leaves(&self) -> PathBuf {
        self.outputs().join("leaves.parquet")
    }

    /// The list of claim files; [`crate::ClaimFiles`] says what they are called.
    #[must_use]
    pub fn claim_list(&self) -> PathBuf {
        self.root.join(CLAIM_LIST)
    }

    #[must_use]
    pub fn summary(&self) -> PathBuf {
        self.root.join(SUMMARY)
    }

    #[must_use]
    pub fn manifest(&self) -> PathBuf {
        self.root.join("manifest.json")
    }

    /// Where a file stands that a manifest calls `name`: inside the folder, and reached without a link.
    ///
    /// # Errors
    /// [`EpochError::UnsafeName`].
    pub fn file(&self, name: &str) -> Result<PathBuf, EpochError> {
        resolve(&self.root, name)
    }
}

/// The file that a manifest calls `name`, inside `root` and reached without a link: a published set may come from a
/// stranger, and "../../id.json" or a symlink would make the reader hash, or serve, a file of its own.
pub(crate) fn resolve(root: &Path, name: &str) -> Result<PathBuf, EpochError> {
    let unsafe_name = |reason: &'static str| EpochError::UnsafeName {
        name: name.to_owned(),
        reason,
    };
    if name.is_empty() || name.contains(['\\', '\0']) {
        return Err(unsafe_name("it is empty or holds a backslash or NUL"));
    }
    let mut path = root.to_owned();
    for part in name.split('/') {
        let mut components = Path::new(part).components();
        match (components.next(), components.next()) {
            (Some(Component::Normal(only)), None) if only.to_str() == Some(part) => path.push(part),
            _ => return Err(unsafe_name("it leaves the epoch's folder")),
        }
        if fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
            return Err(unsafe_name("it is a symbolic link"));
        }
    }
    Ok(path)
}

/// Writes a whole file or none, kept before this returns.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), EpochError> {
    Ok(disk::write_whole(&disk::Machine, path, bytes)?)
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, EpochError> {
    fs::read(path).map_err(|source| EpochError::io("read", path, source))
}

/// Names of all files below `dir/part`, with slashes, in order. Links are refused.
pub(crate) fn list_files(dir: &Path, part: &str) -> Result<Vec<String>, EpochError> {
    let mut names = Vec::new();
    let mut folders = vec![part.to_owned()];
    while let Some(folder) = folders.pop() {
        let path = dir.join(&folder);
        let entries =
            std::fs::read_dir(&path).map_err(|source| EpochError::io("read", &path, source))?;
        for entry in entries {
            let entry = entry.map_err(|source| EpochError::io("read", &path, source))?;
            let kind = entry
                .file_type()
                .map_err(|source| EpochError::io("read", &entry.path(), source))?;
            let file_name = entry.file_name();
            let Some(text) = file_name.to_str() else {
                return Err(EpochError::UnsafeName {
                    name: file_name.to_string_lossy().into_owned(),
                    reason: "it is not UTF-8",
                });
            };
            let name = format!("{folder}/{text}");
            if kind.is_symlink() {
                return Err(EpochError::UnsafeName {
                    name,
                    reason: "it is a symbolic link",
                });
            }
            if kind.is_dir() {
                folders.push(name);
            } else {
                names.push(name);
            }
        }
    }
    names.sort_unstable();
    Ok(names)
}
