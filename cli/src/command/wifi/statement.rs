//! `wifi.json`: access points with the name that people see, and their terms. Neither registry nor proofs know such things, so each line of
//! it is a statement that somebody signed. The web app shows those whose word counts.

use std::fmt::Display;
use std::path::Path;

use cairn_epoch::disk::{Machine, write_whole};
use cairn_spelling::text;
use serde::{Deserialize, Serialize};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;

use crate::error::CliError;

/// Names the layout of the file, and of what is signed.
pub const FORMAT: &str = "cairn/wifi/1";

/// What 802.11 allows a network's name.
const SSID_BYTES: usize = 32;
/// Letters of the terms.
const TERMS_LENGTH: usize = 280;
/// A name changes, and a key is lost: no statement holds longer.
const YEAR_SECS: i64 = 366 * 86_400;

/// All statements about one network's access points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WifiFile {
    /// [`FORMAT`].
    pub format: String,
    #[serde(with = "text::key")]
    pub network: [u8; 32],
    pub points: Vec<Statement>,
}

/// Which access point is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// A device of the registry: its owner speaks for it.
    Device(#[serde(with = "text::key")] [u8; 32]),
    /// One that stands in no registry, by its H3 cell of resolution 9 in hex: an operator whom the rules name speaks for it.
    Cell(String),
}

/// How people get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Anybody
    Open,
    /// Who knows the password, which the terms may say where to get
    Password,
    /// Who agrees on a page that comes first
    Portal,
    /// Who has a profile that the network knows
    Passpoint,
}

/// What somebody says of an access point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    #[serde(flatten)]
    pub point: Point,
    pub ssid: String,
    pub access: Access,
    /// For people; may be empty.
    pub terms: String,
    /// Unix seconds.
    pub signed: i64,
    pub until: i64,
    #[serde(with = "text::key")]
    pub by: [u8; 32],
    /// Ed25519 over [`Statement::message`], in hex; empty before it is signed.
    pub signature: String,
}

impl Statement {
    /// What is signed: lines that people can read. No field holds a line break.
    #[must_use]
    pub fn message(&self, network: &[u8; 32]) -> String {
        let (what, which) = match &self.point {
            Point::Device(key) => ("device", text::base58(key)),
            Point::Cell(cell) => ("cell", cell.clone()),
        };
        let access = match self.access {
            Access::Open => "open",
            Access::Password => "password",
            Access::Portal => "portal",
            Access::Passpoint => "passpoint",
        };
        let mut lines = format!("{FORMAT}\n");
        let mut line = |name: &str, value: &dyn Display| {
            lines.push_str(name);
            lines.push_str(&format!(" {value}\n"));
        };
        line("network", &text::base58(network));
        line(what, &which);
        line("ssid", &self.ssid);
        line("access", &access);
        line("terms", &self.terms);
        line("signed", &self.signed);
        line("until", &self.until);
        lines
    }

    /// Whether the key that it names signed it.
    #[must_use]
    pub fn is_signed(&self, network: &[u8; 32]) -> bool {
        text::from_hex::<64>(&self.signature).is_some_and(|bytes| {
            Signature::from(bytes).verify(&self.by, self.message(network).as_bytes())
        })
    }

    /// # Errors
    /// A sentence that names what an access point can not have.
    pub fn check(&self) -> Result<(), String> {
        if !(1..=SSID_BYTES).contains(&self.ssid.len()) {
            return Err(format!(
                "the network's name has {} bytes; it has 1 to {SSID_BYTES}",
                self.ssid.len()
            ));
        }
        let letters = self.terms.chars().count();
        if letters > TERMS_LENGTH {
            return Err(format!(
                "the terms have {letters} letters; at most {TERMS_LENGTH} are shown"
            ));
        }
        if self.ssid.chars().chain(self.terms.chars()).any(is_unseen) {
            return Err(
                "name and terms stand on one line each, without marks that turn their direction"
                    .to_owned(),
            );
        }
        let holds = self.until.saturating_sub(self.signed);
        if !(1..=YEAR_SECS).contains(&holds) {
            return Err("a statement holds for a second at least and 366 days at most".to_owned());
        }
        Ok(())
    }
}

/// A line break would be another line of what is signed, and marks of direction would turn what is shown around.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl WifiFile {
    /// Reads the file; one that is not there yet has no statements.
    ///
    /// # Errors
    /// It can not be read, is none, or is about another network.
    pub fn read(path: &Path, network: &Pubkey) -> Result<Self, CliError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self {
                    format: FORMAT.to_owned(),
                    network: network.to_bytes(),
                    points: Vec::new(),
                });
            }
            Err(error) => return Err(damaged(path, &error)),
        };
        let file: Self = serde_json::from_slice(&bytes).map_err(|error| damaged(path, &error))?;
        if file.format != FORMAT || file.network != network.to_bytes() {
            return Err(CliError::refused(
                "wifi-file",
                format!(
                    "{} is about another network, or of another format",
                    path.display()
                ),
                format!(
                    "it says \"{FORMAT}\" and the network's address; name another file with --list"
                ),
            ));
        }
        Ok(file)
    }

    /// Puts a statement in the place of what the file says of that access point.
    pub fn put(&mut self, statement: Statement) {
        self.points.retain(|one| match &one.point {
            Point::Device(_) => one.point != statement.point,
            // A cell has room for several.
            Point::Cell(_) => one.point != statement.point || one.ssid != statement.ssid,
        });
        self.points.push(statement);
    }

    /// Writes it whole, or leaves what was there.
    ///
    /// # Errors
    /// It can not be written.
    pub fn write(&self, path: &Path) -> Result<(), CliError> {
        let mut text = serde_json::to_string_pretty(self).map_err(|error| damaged(path, &error))?;
        text.push('\n');
        write_whole(&Machine, path, text.as_bytes()).map_err(|error| damaged(path, &error))
    }
}

fn damaged(path: &Path, error: &dyn Display) -> CliError {
    CliError::refused(
        "wifi-file",
        format!("{}: {error}", path.display()),
        "name a file that `cairn wifi offer` wrote, or one that is not there yet",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement {
        Statement {
            point: Point::Device([7; 32]),
            ssid: "Café".to_owned(),
            access: Access::Portal,
            terms: "Free for an hour.".to_owned(),
            signed: 1_000,
            until: 2_000,
            by: [8; 32],
            signature: String::new(),
        }
    }

    #[test]
    fn what_is_signed_are_lines_and_the_file_is_read_as_it_was_written() {
        let one = statement();
        let (network, device) = (text::base58(&[1; 32]), text::base58(&[7; 32]));
        assert_eq!(
            one.message(&[1; 32]),
            format!(
                "cairn/wifi/1\nnetwork {network}\ndevice {device}\nssid Café\naccess portal\nterms Free for an hour.\nsigned 1000\nuntil 2000\n"
            )
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wifi.json");
        let network = Pubkey::new_from_array([1; 32]);
        let mut file = WifiFile::read(&path, &network).unwrap();
        let cell = |ssid: &str| Statement {
            point: Point::Cell("892a100d2c3ffff".to_owned()),
            ssid: ssid.to_owned(),
            ..statement()
        };
        for one in [statement(), cell("a"), cell("b"), statement(), cell("a")] {
            file.put(one);
        }
        assert_eq!(file.points.len(), 3);
        file.write(&path).unwrap();
        assert_eq!(WifiFile::read(&path, &network).unwrap(), file);
        let other = WifiFile::read(&path, &Pubkey::new_from_array([2; 32]));
        assert_eq!(other.unwrap_err().code(), "wifi-file");
    }

    #[test]
    fn no_field_breaks_a_line_turns_the_text_or_holds_too_long() {
        assert_eq!(statement().check(), Ok(()));
        for (ssid, terms, until) in [
            ("", "", 2_000),
            ("123456789012345678901234567890123", "", 2_000),
            ("a\nssid b", "", 2_000),
            ("a", "turned \u{202e}around", 2_000),
            ("a", &"x".repeat(281), 2_000),
            ("a", "", 1_000),
            ("a", "", 1_001 + 366 * 86_400),
        ] {
            let one = Statement {
                ssid: ssid.to_owned(),
                terms: terms.to_owned(),
                until,
                ..statement()
            };
            assert!(one.check().is_err(), "{ssid:?} {terms:?} {until}");
        }
    }
}
