use std::path::Path;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::kernels::cmp::distinct;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use cairn_rules::Engine;
use sha2::{Digest, Sha256};

use crate::EpochError;
use crate::close::pipeline;
use crate::derive::Closed;
use crate::difference::Difference;
use crate::disk::Scratch;
use crate::folder::{CLAIM_LIST, EpochFolder, list_files, read, resolve};
use crate::frozen::Input;
use crate::manifest::Manifest;
use crate::parquet_file::read_batches;
use crate::progress::Progress;
use crate::verify::verify_inputs;

/// What a recomputation came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// SHA-256 of the published `manifest.json`: to be compared with the epoch's account.
    pub published_hash: [u8; 32],
    /// Hash of the manifest that the inputs lead to; none when they already differ from the published ones.
    pub recomputed_hash: Option<[u8; 32]>,
    /// None when everything is equal, byte for byte.
    pub difference: Option<Difference>,
    /// The recomputed epoch, under the same condition as its hash.
    pub closed: Option<Closed>,
}

impl Comparison {
    #[must_use]
    pub const fn is_equal(&self) -> bool {
        self.difference.is_none()
    }
}

/// Derives the epoch in `dir` again from its inputs, by the pipeline its manifest names, into the folder `scratch`, and names the first difference to what
/// was published: in the inputs, then decisions, leaves, memory, state, claims, then the manifest itself.
///
/// `scratch` must not be `dir` nor lie in it; its `outputs/` and `manifest.json` are replaced.
///
/// # Errors
/// [`EpochError`] when the comparison could not be made; [`EpochError::UnknownPipeline`] for an epoch computed by a version
/// newer than this. A difference is a result, not an error.
pub fn recompute(
    dir: &Path,
    scratch: &Path,
    progress: &dyn Progress,
) -> Result<Comparison, EpochError> {
    let (from, to) = (EpochFolder::new(dir), EpochFolder::new(scratch));
    refuse_overlap(dir, scratch)?;
    std::fs::create_dir_all(scratch).map_err(|source| EpochError::io("create", scratch, source))?;
    let path = from.manifest();
    let published = read(&path)?;
    let published_hash = Sha256::digest(&published).into();
    let differs = |difference| Comparison {
        published_hash,
        recomputed_hash: None,
        difference: Some(difference),
        closed: None,
    };
    let manifest = match Manifest::from_bytes(&path, &published) {
        Ok(manifest) => manifest,
        Err(error) => {
            return Ok(differs(whole(
                "manifest.json",
                "text",
                "a canonical manifest",
                &error.to_string(),
            )));
        }
    };
    match verify_inputs(dir, &manifest) {
        Ok(()) => {}
        Err(EpochError::Differs(difference)) => return Ok(differs(*difference)),
        Err(EpochError::Missing { path }) => {
            return Ok(differs(whole(
                &below(dir, &path),
                "file",
                "present",
                "missing",
            )));
        }
        Err(EpochError::Stray { path }) => {
            return Ok(differs(whole(
                &below(dir, &path),
                "file",
                "absent",
                "present",
            )));
        }
        Err(error) => return Err(error),
    }
    let pipeline = pipeline(&manifest.code.pipeline)?;
    let closed = (pipeline.derive)(&from, &to, Engine::default(), &Scratch, progress)?;
    let difference = first_difference(&from, &to)?;
    Ok(Comparison {
        published_hash,
        recomputed_hash: Some(closed.manifest_hash),
        difference,
        closed: Some(closed),
    })
}

/// `scratch` need not exist yet; the nearest folder above it that does tells where it will be.
fn refuse_overlap(dir: &Path, scratch: &Path) -> Result<(), EpochError> {
    let real = |path: &Path| {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        // A browser's module is handed folders that have one name each, and its system library knows no other.
        if cfg!(target_family = "wasm") {
            return Ok(path.to_owned());
        }
        path.canonicalize()
            .map_err(|source| EpochError::io("read", path, source))
    };
    let existing = scratch
        .ancestors()
        .find(|path| path.exists())
        .unwrap_or(scratch);
    if real(existing)?.starts_with(real(dir)?) {
        return Err(EpochError::UnsafeName {
            name: scratch.display().to_string(),
            reason: "the scratch folder must not lie in the epoch's folder, which it would overwrite",
        });
    }
    Ok(())
}

fn below(dir: &Path, path: &Path) -> String {
    path.strip_prefix(dir).unwrap_or(path).display().to_string()
}

fn whole(file: &str, field: &str, expected: &str, found: &str) -> Difference {
    Difference {
        file: file.to_owned(),
        row: None,
        field: field.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}

/// Outputs in the order in which one follows from the other, then the manifest.
fn first_difference(
    published: &EpochFolder,
    computed: &EpochFolder,
) -> Result<Option<Difference>, EpochError> {
    let mut names: Vec<String> = list_files(computed.root(), "outputs")?;
    names.sort_by_key(|name| {
        let ends_here = Input::handed_on(name).is_none();
        let rank = match name.as_str() {
            "outputs/decisions.parquet" => 0,
            "outputs/leaves.parquet" => 1,
            // Whatever a claim file says, its list would only say that it is another.
            CLAIM_LIST => 4,
            _ => 2_u8.saturating_add(ends_here.into()),
        };
        (rank, name.clone())
    });
    for name in &names {
        let path = resolve(published.root(), name)?;
        let expected = match read(&path) {
            Ok(bytes) => bytes,
            Err(EpochError::Missing { .. }) => {
                return Ok(Some(whole(name, "file", "missing", "present")));
            }
            Err(error) => return Err(error),
        };
        let found = read(&computed.root().join(name))?;
        if expected != found {
            return Ok(Some(difference_in(name, &path, expected, found)));
        }
    }
    for name in list_files(published.root(), "outputs")? {
        if !names.contains(&name) {
            return Ok(Some(whole(&name, "file", "present", "absent")));
        }
    }
    let expected = read(&published.manifest())?;
    let found = read(&computed.manifest())?;
    if expected == found {
        return Ok(None);
    }
    Ok(Some(difference_in(
        "manifest.json",
        &published.manifest(),
        expected,
        found,
    )))
}

/// Where two different files differ; as a whole when the published one can not be read or the rows are equal.
fn difference_in(name: &str, path: &Path, expected: Vec<u8>, found: Vec<u8>) -> Difference {
    let hashes = (Sha256::digest(&expected), Sha256::digest(&found));
    let located = if name.ends_with(".parquet") {
        match (
            read_batches(path, expected.into()),
            read_batches(path, found.into()),
        ) {
            (Ok(expected), Ok(found)) => in_rows(name, &expected, &found),
            _ => None,
        }
    } else {
        in_lines(name, &expected, &found)
    };
    located.unwrap_or_else(|| {
        whole(
            name,
            "sha256",
            &hex::encode(hashes.0),
            &hex::encode(hashes.1),
        )
    })
}

fn in_rows(name: &str, expected: &RecordBatch, found: &RecordBatch) -> Option<Difference> {
    if expected.schema() != found.schema() {
        return Some(whole(name, "columns", &columns(expected), &columns(found)));
    }
    let rows = expected.num_rows().min(found.num_rows());
    let mut first: Option<(usize, String, &ArrayRef, &ArrayRef)> = None;
    for (field, (a, b)) in expected
        .schema()
        .fields()
        .iter()
        .zip(expected.columns().iter().zip(found.columns()))
    {
        // The earliest row counts, and in it the first column.
        let limit = first.as_ref().map_or(rows, |(row, ..)| *row);
        let differ = distinct(&a.slice(0, limit), &b.slice(0, limit)).ok()?;
        if let Some(row) = differ.values().set_indices().next() {
            first = Some((row, field.name().clone(), a, b));
        }
    }
    if let Some((row, field, a, b)) = first {
        let options = FormatOptions::default().with_null("nothing");
        let spell = |array: &ArrayRef| {
            let format = ArrayFormatter::try_new(array, &options).ok()?;
            Some(format.value(row).to_string())
        };
        return Some(Difference {
            file: name.to_owned(),
            row: Some(row as u64),
            field,
            expected: spell(a)?,
            found: spell(b)?,
        });
    }
    (expected.num_rows() != found.num_rows()).then(|| {
        whole(
            name,
            "rows",
            &expected.num_rows().to_string(),
            &found.num_rows().to_string(),
        )
    })
}

fn columns(batch: &RecordBatch) -> String {
    let names: Vec<String> = batch
        .schema()
        .fields()
        .iter()
        .map(|field| format!("{} {}", field.name(), field.data_type()))
        .collect();
    names.join(", ")
}

/// Canonical JSON has one value a line, so the first line that differs names the value.
fn in_lines(name: &str, expected: &[u8], found: &[u8]) -> Option<Difference> {
    let (expected, found) = (
        std::str::from_utf8(expected).ok()?,
        std::str::from_utf8(found).ok()?,
    );
    let (mut left, mut right) = (expected.lines(), found.lines());
    let mut line = 0;
    loop {
        line += 1;
        let (a, b) = (left.next(), right.next());
        if a.is_none() && b.is_none() {
            return None;
        }
        if a == b {
            continue;
        }
        let spell = |text: Option<&str>| {
            text.map_or_else(|| "nothing".to_owned(), |text| value_of(text).to_owned())
        };
        return Some(Difference {
            file: name.to_owned(),
            row: Some(line),
            field: key_of(a.or(b).unwrap_or_default()).to_owned(),
            expected: spell(a),
            found: spell(b),
        });
    }
}

fn key_of(line: &str) -> &str {
    line.trim()
        .split_once("\": ")
        .map_or("line", |(key, _)| key.trim_matches('"'))
}

fn value_of(line: &str) -> &str {
    let line = line.trim();
    let value = line.split_once("\": ").map_or(line, |(_, value)| value);
    value.trim_end_matches(',').trim_matches('"')
}
