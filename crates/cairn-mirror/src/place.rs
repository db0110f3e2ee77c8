//! Where a mirror is.

use std::fmt;
use std::path::{Path, PathBuf};

use reqwest::Url;

/// A folder, or an address that web servers answer at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Folder(PathBuf),
    Site(Box<Url>),
}

/// Why a text names no mirror.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceFault {
    #[error("\"{shown}\" can not be read as a URL: {reason}")]
    NoUrl { shown: String, reason: String },
    #[error("\"{shown}\" begins with {scheme}://, and only http and https are spoken")]
    Scheme { shown: String, scheme: String },
    #[error("it names no folder and no URL")]
    Empty,
}

impl PlaceFault {
    /// What to do about it, in one sentence.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        "name a folder, or an address like https://files.example/epochs"
    }
}

impl Place {
    /// What begins with `http://` or `https://` is an address, everything else without a scheme a folder.
    ///
    /// # Errors
    /// [`PlaceFault`]; user, password and query are in no message.
    pub fn read(path: &Path) -> Result<Self, PlaceFault> {
        let text = path.to_str().unwrap_or_default().trim();
        let Some((scheme, _)) = text.split_once("://") else {
            if path.as_os_str().is_empty() {
                return Err(PlaceFault::Empty);
            }
            return Ok(Self::Folder(path.to_owned()));
        };
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            let shown = without_secrets(text);
            return Err(PlaceFault::Scheme { shown, scheme });
        }
        let url = Url::parse(text).map_err(|error| PlaceFault::NoUrl {
            shown: without_secrets(text),
            reason: error.to_string(),
        })?;
        Ok(Self::Site(Box::new(url)))
    }

    /// As [`Self::read`] for several in one: what is no path on this machine may be several, separated by commas.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_all(path: &Path) -> Result<Vec<Self>, PlaceFault> {
        let text = path.to_str().unwrap_or_default();
        if !text.contains(',') || path.exists() {
            return Ok(vec![Self::read(path)?]);
        }
        let parts = text.split(',').map(str::trim);
        parts
            .filter(|part| !part.is_empty())
            .map(|part| Self::read(Path::new(part)))
            .collect()
    }

    /// The folder, of one that is on this machine.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(path) => Some(path),
            Self::Site(_) => None,
        }
    }
}

/// Without user, password and query, which may be a key.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
            Self::Site(url) => {
                let host = url.host_str().unwrap_or_default();
                write!(f, "{}://{host}", url.scheme())?;
                if let Some(port) = url.port() {
                    write!(f, ":{port}")?;
                }
                f.write_str(url.path())
            }
        }
    }
}

fn without_secrets(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let rest = rest.rsplit('@').next().unwrap_or_default();
    let rest = rest.chars().filter(|c| !c.is_control()).take(80);
    format!("{scheme}://{}", rest.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Place::read(Path::new(text))
            .map_or_else(|fault| fault.to_string(), |place| place.to_string())
    }

    #[test]
    fn a_place_is_a_folder_or_an_address_and_shows_no_secret() {
        for (text, told) in [
            ("/srv/epochs", "/srv/epochs"),
            ("epochs", "epochs"),
            ("https://a.example", "https://a.example/"),
            (
                "https://a.example:8443/x/epochs",
                "https://a.example:8443/x/epochs",
            ),
            (
                "https://ada:SECRET@a.example/x?key=SECRET",
                "https://a.example/x",
            ),
            (
                "ftp://ada:SECRET@a.example/x?SECRET",
                "\"ftp://a.example/x\" begins with ftp://, and only http and https are spoken",
            ),
            ("", "it names no folder and no URL"),
        ] {
            assert_eq!(shown(text), told, "{text}");
        }
        assert!(shown("http://").contains("can not be read as a URL"));
        assert!(!shown("https://ada:SECRET@a:b/?SECRET").contains("SECRET"));
    }

    #[test]
    fn several_places_stand_between_commas_unless_a_folder_is_called_so() {
        let count = |text: &Path| Place::read_all(text).map(|places| places.len());
        assert_eq!(
            count(Path::new("https://a.example, https://b.example,")),
            Ok(2)
        );
        assert_eq!(count(Path::new("/nowhere/a,/nowhere/b")), Ok(2));
        let folder = tempfile::tempdir().expect("a folder");
        let odd = folder.path().join("a,b");
        std::fs::create_dir(&odd).expect("made");
        assert_eq!(Place::read_all(&odd), Ok(vec![Place::Folder(odd)]));
    }
}
