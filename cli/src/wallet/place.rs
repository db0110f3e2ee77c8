//! What `-k/--keypair` can name.

use std::path::PathBuf;

use cairn_client::key_text;
use solana_derivation_path::DerivationPath;

use super::WalletError;
use super::phrase::Derivation;

/// Where a key is to be had.
#[derive(Debug, PartialEq, Eq)]
pub enum Place {
    Stdin,
    /// A seed phrase, typed without echo.
    Prompt(Derivation),
    /// A file; or an address, where no such file exists.
    File(PathBuf),
}

impl Place {
    /// Reads what a person named, in the forms that the Solana CLI takes.
    ///
    /// # Errors
    /// A hardware wallet; a derivation that is none; a secret where its place should stand.
    pub fn read(named: &str) -> Result<Self, WalletError> {
        match named {
            "-" | "stdin:" | "stdin://" => return Ok(Self::Stdin),
            "ASK" => return Ok(Self::Prompt(Derivation::Seed)),
            "prompt" => return prompt(""),
            _ => {}
        }
        if let Some(rest) = named.strip_prefix("prompt:") {
            return prompt(rest.strip_prefix("//").unwrap_or(rest));
        }
        if named.starts_with("usb:") {
            return Err(WalletError::Hardware(named.to_owned()));
        }
        if key_text::is_secret(named) {
            return Err(WalletError::SecretInArgument);
        }
        let path = named
            .strip_prefix("file:")
            .map_or(named, |rest| rest.strip_prefix("//").unwrap_or(rest));
        Ok(Self::File(PathBuf::from(path)))
    }
}

/// What follows `prompt:`: nothing, `?key=0`, `?key=0/1` or `?full-path=m/44'/501'/0'`.
fn prompt(query: &str) -> Result<Place, WalletError> {
    let wrong = || WalletError::Derivation(query.to_owned());
    let path = if query.is_empty() || query == "?" {
        DerivationPath::default()
    } else if let Some(key) = query.strip_prefix("?key=") {
        DerivationPath::from_key_str(key).map_err(|_| wrong())?
    } else if let Some(path) = query.strip_prefix("?full-path=") {
        DerivationPath::from_absolute_path_str(path).map_err(|_| wrong())?
    } else {
        return Err(wrong());
    };
    Ok(Place::Prompt(Derivation::Path(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(key: &str) -> Place {
        Place::Prompt(Derivation::Path(DerivationPath::from_key_str(key).unwrap()))
    }

    #[test]
    fn every_form_of_the_solana_cli_names_the_same_place() {
        for named in ["prompt", "prompt:", "prompt://", "prompt:?"] {
            assert_eq!(
                Place::read(named).unwrap(),
                Place::Prompt(Derivation::Path(DerivationPath::default())),
                "{named}"
            );
        }
        for named in [
            "prompt:?key=0/1",
            "prompt://?key=0'/1'",
            "prompt:?full-path=m/44'/501'/0'/1'",
            "prompt:?full-path=m/44/501/0/1",
        ] {
            assert_eq!(Place::read(named).unwrap(), path("0/1"), "{named}");
        }
        assert_eq!(Place::read("prompt:?key=7").unwrap(), path("7"));
        for named in ["-", "stdin:", "stdin://"] {
            assert_eq!(Place::read(named).unwrap(), Place::Stdin, "{named}");
        }
        for named in ["id.json", "file:id.json", "file://id.json"] {
            assert_eq!(
                Place::read(named).unwrap(),
                Place::File(PathBuf::from("id.json")),
                "{named}"
            );
        }
    }

    #[test]
    fn a_derivation_that_is_none_is_refused() {
        for named in [
            "prompt:?key=",
            "prompt:?key=a/b",
            "prompt:?key=0/0/0",
            "prompt:?path=0",
            "prompt:0/0",
            "prompt:?full-path=44/501",
        ] {
            let refused = Place::read(named);
            assert!(
                matches!(refused, Err(WalletError::Derivation(_))),
                "{named}: {refused:?}"
            );
        }
    }

    #[test]
    fn a_hardware_wallet_is_told_apart_from_a_missing_file() {
        for named in ["usb://ledger", "usb://ledger?key=0/0", "usb://trezor"] {
            assert!(matches!(Place::read(named), Err(WalletError::Hardware(_))));
        }
    }

    #[test]
    fn a_secret_in_place_of_its_file_is_refused_and_never_repeated() {
        let key = solana_sdk::signature::Keypair::new_from_array([1; 32]);
        let words = "all all all all all all all all all all all all";
        for named in [
            key.to_base58_string(),
            format!("{:?}", key.to_bytes()),
            words.to_owned(),
        ] {
            let refused = Place::read(&named).unwrap_err();
            assert!(matches!(refused, WalletError::SecretInArgument));
            let told = format!("{refused} {}", refused.hint());
            assert!(
                !told.contains(&named) && !told.contains("all all"),
                "{told}"
            );
        }
    }
}
