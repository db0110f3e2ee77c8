//! An executable on chain against one that was built, and against what a release says of it.

use std::path::Path;

use cairn_interface::loader::{Deployment, without_padding};
use serde::Deserialize;

use super::check::Check;
use crate::address::Hash;
use crate::amount::grouped;
use crate::error::CliError;

/// What a release says, as `cairn audit program --output json` printed it.
#[derive(Debug, Deserialize)]
pub(super) struct Release {
    programs: Vec<Released>,
}

/// Of everything it says, what another deployment of the same build has in common with it.
#[derive(Debug, Deserialize)]
struct Released {
    program: String,
    #[serde(deserialize_with = "hash")]
    executable_hash: Hash,
}

fn hash<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Hash, D::Error> {
    let text = String::deserialize(from)?;
    let bytes = cairn_spelling::hash(&text);
    bytes.map(Hash).map_err(serde::de::Error::custom)
}

impl Release {
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let bytes = read(
            path,
            "name what the release published with --release, or a hash with --hash",
        )?;
        serde_json::from_slice(&bytes).map_err(|error| {
            CliError::refused(
                "release-malformed",
                format!("{} is no release's file: {error}", path.display()),
                "it is what `cairn audit program --output json` printed when it was released",
            )
        })
    }
}

/// Compares with what the release says of the program.
pub(super) fn released(release: &Release, program: &str, deployed: &Deployment) -> Check {
    const NAME: &str = "release";
    let mut said = release.programs.iter();
    match said.find(|said| said.program == program) {
        Some(said) => Check::of_two(
            NAME,
            "the release says",
            said.executable_hash,
            Hash(deployed.hash()),
        ),
        None => Check::unknown(NAME, format!("its file says nothing of {program}")),
    }
}

/// Compares with a file, or with the program's own in a folder of all. A file says nothing about other programs.
pub(super) fn built(
    path: &Path,
    is_one: bool,
    file: &str,
    deployed: &Deployment,
) -> Result<Check, CliError> {
    let path = if path.is_dir() {
        path.join(format!("{file}.so"))
    } else if is_one {
        path.to_owned()
    } else {
        return Err(CliError::argument(
            format!("{} is not a folder of all programs", path.display()),
            "name the PROGRAM that it is, or the folder",
        ));
    };
    let bytes = read(&path, "build it with `cargo xtask build-programs`")?;
    Ok(compared(&path, &bytes, deployed))
}

fn compared(path: &Path, bytes: &[u8], deployed: &Deployment) -> Check {
    const NAME: &str = "built";
    let (built, chain) = (without_padding(bytes), deployed.executable());
    let place = path.display();
    if built == chain {
        return Check::equal(
            NAME,
            format!("{place}, all {} bytes", grouped(bytes.len() as u64)),
        );
    }
    let at = built.iter().zip(chain).position(|(a, b)| a != b);
    let at = at.unwrap_or_else(|| built.len().min(chain.len()));
    Check::differs(
        NAME,
        format!(
            "{place} has {} bytes before its last zeros, the chain {}; the first that differs is at offset {}",
            grouped(built.len() as u64),
            grouped(chain.len() as u64),
            grouped(at as u64)
        ),
    )
}

fn read(path: &Path, hint: &str) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|error| {
        CliError::refused(
            "files-missing",
            format!("{} can not be read: {error}", path.display()),
            hint,
        )
    })
}
