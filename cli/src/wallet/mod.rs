//! The key that signs: read from a file, standard input or a prompt, never from the command line, and never shown.

mod phrase;
mod place;

use std::io::Read;
use std::path::{Path, PathBuf};

use cairn_client::key_text;
use cairn_spelling::read_key;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use thiserror::Error;

pub use phrase::Derivation;
pub use place::Place;

/// Who signs and pays.
pub enum Wallet {
    /// Can sign here and now.
    Key(Box<Keypair>),
    /// Only its address is known: enough to read and to prepare transactions that somebody else signs.
    Watch(Pubkey),
}

impl std::fmt::Debug for Wallet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Keypair's own Debug would print the secret.
        write!(f, "Wallet({})", self.address())
    }
}

/// Asks for a seed phrase without echo; a trait so that a test or another front end can answer.
pub trait AskSecret {
    /// # Errors
    /// When nothing can be read, e.g. without a terminal.
    fn ask_secret(&self, question: &str) -> std::io::Result<String>;
}

/// Why a key could not be had. No variant carries what was read.
#[derive(Debug, Error)]
pub enum WalletError {
    #[error("the key file {path} does not exist")]
    Missing { path: PathBuf },
    #[error("the key file {path} can not be read: {source}")]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{place} is not a Solana key: {reason}")]
    NotAKey { place: String, reason: String },
    #[error("no key could be read from the terminal: {0}")]
    Prompt(#[source] std::io::Error),
    #[error("\"prompt:{0}\" names no derivation of a seed phrase")]
    Derivation(String),
    #[error("{0} is a hardware wallet, which can not sign here directly")]
    Hardware(String),
    #[error(
        "a secret key or seed phrase stands on the command line, where everybody on this machine can read it"
    )]
    SecretInArgument,
    #[error("{0} is an address without its key, so it can not sign here")]
    WatchOnly(Pubkey),
    #[error(
        "the address {0} can only be used with --unsigned or --dry-run, because its key is not here"
    )]
    AddressNeedsUnsigned(Pubkey),
}

impl WalletError {
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Missing { path } if path.starts_with("~") => {
                "write the folder out: the shell puts your home in for ~ only at the start of a word without quotes"
            }
            Self::Missing { .. } => "make one with `solana-keygen new`, or name yours with -k/--keypair",
            Self::Unreadable { .. } => "check its permissions, or name another with -k/--keypair",
            Self::NotAKey { .. } => {
                "a key file holds 64 numbers as `solana-keygen` writes them, or the Base58 text that wallets export; for a seed phrase use -k prompt:"
            }
            Self::Prompt(_) => "run it in a terminal, or give a key file with -k/--keypair",
            Self::Derivation(_) => {
                "write prompt:, prompt:?key=ACCOUNT, prompt:?key=ACCOUNT/CHANGE or prompt:?full-path=m/44'/501'/0'/0', as for solana-keygen"
            }
            Self::Hardware(_) => {
                "name its address instead and add --unsigned (`solana-keygen pubkey` with the same name shows it): the wallet's own app, or the multisig it is a member of, signs and sends what is printed; --nonce gives it time"
            }
            Self::SecretInArgument => {
                "move what that key holds to a new one if others use this machine; put the key into a file only you can read, or pipe it in with -k -, or type a phrase at -k prompt:"
            }
            Self::WatchOnly(_) | Self::AddressNeedsUnsigned(_) => {
                "give its key file with -k/--keypair, or add --unsigned to get a transaction for its owner to sign"
            }
        }
        .to_owned()
    }
}

impl From<Keypair> for Wallet {
    fn from(key: Keypair) -> Self {
        Self::Key(Box::new(key))
    }
}

impl Wallet {
    #[must_use]
    pub fn address(&self) -> Pubkey {
        match self {
            Self::Key(key) => key.pubkey(),
            Self::Watch(address) => *address,
        }
    }

    /// The key itself.
    ///
    /// # Errors
    /// [`WalletError::WatchOnly`] when only the address is known.
    pub fn key(&self) -> Result<&Keypair, WalletError> {
        match self {
            Self::Key(key) => Ok(key),
            Self::Watch(address) => Err(WalletError::WatchOnly(*address)),
        }
    }

    /// Opens what `-k/--keypair` named: see [`Place::read`]; an address (watch only) where no such file exists.
    ///
    /// # Errors
    /// [`WalletError`], one variant per cause.
    pub fn open(named: &str, ask: &dyn AskSecret) -> Result<Self, WalletError> {
        match Place::read(named)? {
            Place::Stdin => {
                let bytes = read_limited(&mut std::io::stdin()).map_err(WalletError::Prompt)?;
                from_text(&bytes, "standard input").map(Self::from)
            }
            Place::Prompt(derivation) => from_phrase(ask, &derivation),
            Place::File(path) => Self::in_file(named, &path),
        }
    }

    /// Opens a key that signs beside the one of `-k/--keypair`: its file, or, where nothing is signed, its address.
    ///
    /// # Errors
    /// [`WalletError`], one variant per cause.
    pub fn beside(named: &str) -> Result<Self, WalletError> {
        Self::in_file(named, Path::new(named))
    }

    fn in_file(named: &str, path: &Path) -> Result<Self, WalletError> {
        match key_file(path) {
            // A file's name wins over an address, so that nobody can shadow a key file.
            Err(WalletError::Missing { path }) => read_key(named.as_bytes())
                .map(|key| Self::Watch(Pubkey::new_from_array(key)))
                .map_err(|_| WalletError::Missing { path }),
            read => read.map(Self::from),
        }
    }
}

/// Reads a second key, one that signs beside the wallet: a device's, a new owner's.
///
/// # Errors
/// [`WalletError`], one variant per cause.
pub fn key_file(path: &Path) -> Result<Keypair, WalletError> {
    let mut file = std::fs::File::open(path).map_err(|source| {
        if source.kind() == std::io::ErrorKind::NotFound {
            WalletError::Missing {
                path: path.to_path_buf(),
            }
        } else {
            WalletError::Unreadable {
                path: path.to_path_buf(),
                source,
            }
        }
    })?;
    let bytes = read_limited(&mut file).map_err(|source| WalletError::Unreadable {
        path: path.to_path_buf(),
        source,
    })?;
    from_text(&bytes, &format!("the key file {}", path.display()))
}

fn read_limited(source: &mut dyn Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(key_text::MAX_LEN).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn from_text(bytes: &[u8], place: &str) -> Result<Keypair, WalletError> {
    key_text::keypair(bytes).map_err(|reason| WalletError::NotAKey {
        place: place.to_owned(),
        reason: reason.to_owned(),
    })
}

fn from_phrase(ask: &dyn AskSecret, derivation: &Derivation) -> Result<Wallet, WalletError> {
    let words = ask
        .ask_secret("Seed phrase: ")
        .map_err(WalletError::Prompt)?;
    let passphrase = ask
        .ask_secret("Passphrase (empty when you set none): ")
        .map_err(WalletError::Prompt)?;
    phrase::keypair(&words, &passphrase, derivation)
        .map(Wallet::from)
        .map_err(|reason| WalletError::NotAKey {
            place: "what was typed".to_owned(),
            reason,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Types(&'static str);

    impl AskSecret for Types {
        fn ask_secret(&self, question: &str) -> std::io::Result<String> {
            Ok(if question.starts_with("Seed") {
                self.0.to_owned()
            } else {
                String::new()
            })
        }
    }

    /// What `solana-keygen pubkey prompt:` and `prompt:?key=0/0` show for this phrase.
    #[test]
    fn a_prompted_wallet_is_the_one_that_the_solana_cli_opens() {
        let phrase = Types("all all all all all all all all all all all all");
        let open = |named| Wallet::open(named, &phrase).unwrap().address().to_string();
        assert_eq!(
            open("prompt:"),
            "zZqNUDNijfbMXFy2wVCdJSm9MeMfxBMdxBqseSuiSW6"
        );
        assert_eq!(
            open("prompt:?key=0/0"),
            "14CCvQzQzHCVgZM3j9soPnXuJXh1RmCfwLVUcdfbZVBS"
        );
    }
}
