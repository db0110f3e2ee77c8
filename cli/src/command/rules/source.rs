//! Which rules are meant: a folder, an epoch's, or those that ship.

use std::path::PathBuf;

use cairn_epoch::WrittenRules;
use cairn_merkle::EpochNumber;
use cairn_mirror::Wanted;

use crate::args::FilesWish;
use crate::context::Context;
use crate::error::CliError;
use crate::published::Published;

/// Rules as a person names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that ship with this version.
    Shipped,
    /// Those that an epoch was closed by.
    Epoch(EpochNumber),
    Folder(PathBuf),
}

/// Reads one: never fails, what is no word and no number is a folder.
///
/// # Errors
/// None.
pub fn which(text: &str) -> Result<Which, String> {
    Ok(match text.parse() {
        Ok(number) => Which::Epoch(number),
        Err(_) if text == "shipped" => Which::Shipped,
        Err(_) => Which::Folder(text.into()),
    })
}

/// The files, where epochs are named by their numbers: nothing else is read from them.
///
/// # Errors
/// Those of [`Published::open`].
pub async fn open(
    ctx: &Context,
    files: &FilesWish,
    by_number: bool,
) -> Result<Option<Published>, CliError> {
    match files.named() {
        Some(files) if by_number => Published::open(ctx, &files).await.map(Some),
        _ => Ok(None),
    }
}

impl Which {
    /// Whether it is an epoch's number.
    #[must_use]
    pub const fn is_epoch(&self) -> bool {
        matches!(self, Self::Epoch(_))
    }

    /// What people call them.
    pub fn words(&self) -> String {
        match self {
            Self::Shipped => "the rules that ship with this version".to_owned(),
            Self::Epoch(number) => format!("the rules of epoch {number}"),
            Self::Folder(path) => path.display().to_string(),
        }
    }

    /// # Errors
    /// Files that are missing or no rules; an epoch without --files.
    pub async fn load(&self, files: Option<&Published>) -> Result<WrittenRules, CliError> {
        Ok(match self {
            Self::Shipped => WrittenRules::shipped()?,
            Self::Folder(path) => WrittenRules::load(path)?,
            Self::Epoch(number) => {
                let files = files.ok_or_else(|| {
                    CliError::argument(
                        format!("which files hold epoch {number} was not said"),
                        "name the published files with --files",
                    )
                })?;
                let wanted = Wanted::Files(&["inputs/ruleset.toml", "inputs/rules/"]);
                WrittenRules::load(&files.epoch(*number, wanted).await?)?
            }
        })
    }
}
