//! The key that signs: read from a file, standard input or a prompt, never from the command line, and never shown.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use thiserror::Error;

/// Bytes that a key file holds: 32 secret, 32 public.
const KEY_LEN: usize = 64;
/// Longest input that is read as a key: 64 numbers of three digits, generously spaced. A pipe without end stops here.
const MAX_KEY_TEXT: u64 = 4096;

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
    NotAKey { place: String, reason: &'static str },
    #[error("no key could be read from the terminal: {0}")]
    Prompt(#[source] std::io::Error),
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
            Self::Missing { .. } => {
                "make one with `solana-keygen new`, or name yours with -k/--keypair".to_owned()
            }
            Self::Unreadable { .. } => "check its permissions, or name another with -k/--keypair".to_owned(),
            Self::NotAKey { .. } => {
                "a key file is a JSON array of 64 numbers as `solana-keygen` writes it; for a seed phrase use -k prompt:"
                    .to_owned()
            }
            Self::Prompt(_) => "run it in a terminal, or give a key file with -k/--keypair".to_owned(),
            Self::WatchOnly(_) | Self::AddressNeedsUnsigned(_) => {
                "give its key file with -k/--keypair, or add --unsigned to get a transaction for its owner to sign"
                    .to_owned()
            }
        }
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

    /// Opens what `-k/--keypair` named: `-` for standard input, `prompt:` for a seed phrase, an address (watch only),
    /// else a file.
    ///
    /// # Errors
    /// [`WalletError`], one variant per cause.
    pub fn open(place: &str, ask: &dyn AskSecret) -> Result<Self, WalletError> {
        match place {
            "-" => {
                let text = read_limited(&mut std::io::stdin()).map_err(WalletError::Prompt)?;
                from_json(&text, "standard input").map(Self::from)
            }
            "prompt" | "prompt:" | "prompt://" => {
                let phrase = ask
                    .ask_secret("Seed phrase: ")
                    .map_err(WalletError::Prompt)?;
                let passphrase = ask
                    .ask_secret("Passphrase (empty when you set none): ")
                    .map_err(WalletError::Prompt)?;
                from_phrase(&phrase, &passphrase)
            }
            other => {
                let path = PathBuf::from(other.strip_prefix("file://").unwrap_or(other));
                match key_file(&path) {
                    // A file's name wins over an address, so that nobody can shadow a key file.
                    Err(WalletError::Missing { path }) => Pubkey::from_str(other)
                        .map(Self::Watch)
                        .map_err(|_| WalletError::Missing { path }),
                    read => read.map(Self::from),
                }
            }
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
    let text = read_limited(&mut file).map_err(|source| WalletError::Unreadable {
        path: path.to_path_buf(),
        source,
    })?;
    from_json(&text, &format!("the key file {}", path.display()))
}

fn read_limited(source: &mut dyn Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAX_KEY_TEXT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn from_json(text: &[u8], place: &str) -> Result<Keypair, WalletError> {
    let not_a_key = |reason| WalletError::NotAKey {
        place: place.to_owned(),
        reason,
    };
    let bytes: Vec<u8> = serde_json::from_slice(text)
        .map_err(|_| not_a_key("it is not a JSON array of numbers from 0 to 255"))?;
    let bytes: [u8; KEY_LEN] = bytes
        .try_into()
        .map_err(|_| not_a_key("it does not hold exactly 64 numbers"))?;
    Keypair::try_from(bytes.as_slice())
        .map_err(|_| not_a_key("its public half does not belong to its secret half"))
}

fn from_phrase(phrase: &str, passphrase: &str) -> Result<Wallet, WalletError> {
    let words: Vec<&str> = phrase.split_whitespace().collect();
    if !matches!(words.len(), 12 | 15 | 18 | 21 | 24) {
        return Err(WalletError::NotAKey {
            place: "what was typed".to_owned(),
            reason: "a seed phrase has 12, 15, 18, 21 or 24 words",
        });
    }
    // The key `solana-keygen recover 'prompt:'` without a derivation path leads to, so that both open one wallet.
    solana_sdk::signature::keypair_from_seed_phrase_and_passphrase(&words.join(" "), passphrase)
        .map(Wallet::from)
        .map_err(|_| WalletError::NotAKey {
            place: "what was typed".to_owned(),
            reason: "no key can be derived from it",
        })
}
