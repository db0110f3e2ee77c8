//! `cairn proof identity`.

use std::fs;
use std::path::PathBuf;

use cairn_proof::{PublicKey, Scheme, identity_of_did, identity_of_email, identity_of_key};
use serde::Serialize;

use crate::address::Hash;
use crate::args::hash;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;

/// Say which identity somebody without a wallet earns under
///
/// An identity is a hash of what somebody is known by. What it earns is kept for it until a link names a wallet (`cairn proof link`). Of an
/// e-mail address it is salted: without the salt nobody can try addresses, so whoever it belongs to keeps the salt.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn proof identity --did did:web:example.org
  cairn proof identity --p256 02a1…                   a phone's key, as 66 hex digits of its compressed point
  cairn proof identity --email-file ann.txt --salt 5c0f…")]
#[command(group(clap::ArgGroup::new("known_by").required(true)))]
pub struct Args {
    /// A DID, as it is written
    #[arg(long, value_name = "DID", group = "known_by")]
    pub did: Option<String>,
    /// A P-256 key: its compressed point in hex
    #[arg(long, value_name = "POINT", group = "known_by", value_parser = point)]
    pub p256: Option<PublicKey>,
    /// A file that holds an e-mail address: what stands on a command line, others can read
    #[arg(long, value_name = "FILE", group = "known_by", requires = "salt")]
    pub email_file: Option<PathBuf>,
    /// The salt of an e-mail address: 64 hex digits that nobody could guess
    #[arg(long, value_name = "SALT", value_parser = hash)]
    pub salt: Option<[u8; 32]>,
}

/// A compressed point of P-256 in hex.
pub(super) fn point(text: &str) -> Result<PublicKey, String> {
    let bytes = hex::decode(text).map_err(|_| "66 hexadecimal digits are expected".to_owned())?;
    PublicKey::new(Scheme::P256, &bytes).map_err(|error| error.to_string())
}

/// An identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identified {
    /// What proofs name as who is paid.
    pub identity: Hash,
}

/// # Errors
/// A file that can not be read.
pub fn run(args: &Args) -> Result<Identified, CliError> {
    let identity = match (&args.did, &args.p256, &args.email_file) {
        (Some(did), ..) => identity_of_did(did),
        (None, Some(key), _) => identity_of_key(key),
        (None, None, file) => {
            let path = file.clone().unwrap_or_default();
            let address = fs::read_to_string(&path).map_err(|error| {
                CliError::refused(
                    "file-unreadable",
                    format!("{} can not be read: {error}", path.display()),
                    "name a file that holds the address and nothing else",
                )
            })?;
            identity_of_email(&args.salt.unwrap_or_default(), &address)
        }
    };
    Ok(Identified {
        identity: identity.into(),
    })
}

impl Verdict for Identified {}

impl Show for Identified {
    fn show(&self, page: &mut Page) {
        page.title("An identity without a wallet");
        page.fact("identity", self.identity.to_string());
    }
}
