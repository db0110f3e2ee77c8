//! Seed phrases: checked words, and the key that `solana-keygen` derives from them.

use bip39::{ErrorKind, Language, Mnemonic, Seed};
use solana_derivation_path::DerivationPath;
use solana_keypair::seed_derivable::keypair_from_seed_and_derivation_path;
use solana_keypair::{Keypair, keypair_from_seed};

/// Which of a seed's keys is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Derivation {
    /// A path below m/44'/501', that path itself when nothing more is said.
    Path(DerivationPath),
    /// The seed's first 32 bytes, as the Solana CLI's `ASK` still takes them.
    Seed,
}

/// Word lists in the order in which the Solana CLI tries them.
const LANGUAGES: [Language; 8] = [
    Language::English,
    Language::ChineseSimplified,
    Language::ChineseTraditional,
    Language::Japanese,
    Language::Spanish,
    Language::Korean,
    Language::French,
    Language::Italian,
];

/// The key of a seed phrase.
///
/// # Errors
/// A sentence for what is no phrase. It names a wrong word by its place and never repeats it: what was typed is a secret, even
/// when it is no phrase.
pub fn keypair(phrase: &str, passphrase: &str, derivation: &Derivation) -> Result<Keypair, String> {
    // Phones write the first word with a capital; no list holds one.
    let words = phrase.to_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    let mnemonic = mnemonic(&words)?;
    let seed = Seed::new(&mnemonic, passphrase);
    let key = match derivation {
        Derivation::Path(path) => {
            keypair_from_seed_and_derivation_path(seed.as_bytes(), Some(path.clone()))
        }
        Derivation::Seed => keypair_from_seed(seed.as_bytes()),
    };
    key.map_err(|_| "no key can be derived from it".to_owned())
}

fn mnemonic(words: &[&str]) -> Result<Mnemonic, String> {
    if !matches!(words.len(), 12 | 15 | 18 | 21 | 24) {
        return Err(format!(
            "a seed phrase has 12, 15, 18, 21 or 24 words, and these are {}",
            words.len()
        ));
    }
    let phrase = words.join(" ");
    let (mut known, mut unknown) = (false, 0);
    for language in LANGUAGES {
        match Mnemonic::from_phrase(&phrase, language) {
            Ok(mnemonic) => return Ok(mnemonic),
            // The list that knows the most words in a row is the phrase's own.
            Err(ErrorKind::InvalidWord(place)) => unknown = unknown.max(place),
            // Lists share words: the checksum may be right in another.
            Err(_) => known = true,
        }
    }
    Err(if known {
        "its words do not belong together: one of them is another, or stands in another place"
            .to_owned()
    } else {
        let place = unknown.saturating_add(1);
        format!("its word {place} is in no list of seed words")
    })
}

#[cfg(test)]
mod tests {
    use solana_sdk::signer::Signer;

    use super::*;

    const ALL: &str = "all all all all all all all all all all all all";
    const ABANDON: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    fn address(phrase: &str, key: &str) -> String {
        let path = if key.is_empty() {
            DerivationPath::default()
        } else {
            DerivationPath::from_key_str(key).unwrap()
        };
        keypair(phrase, "", &Derivation::Path(path))
            .unwrap()
            .pubkey()
            .to_string()
    }

    /// Addresses that a hardware wallet's maker publishes for its test phrase, and the one every wallet shows for the first
    /// phrase of BIP-39.
    #[test]
    fn a_phrase_leads_to_the_addresses_that_others_publish_for_it() {
        for (phrase, key, published) in [
            (ALL, "", "zZqNUDNijfbMXFy2wVCdJSm9MeMfxBMdxBqseSuiSW6"),
            (ALL, "0", "4UR47Kp4FxGJiJZZGSPAzXqRgMmZ27oVfGhHoLmcHakE"),
            (ALL, "0/0", "14CCvQzQzHCVgZM3j9soPnXuJXh1RmCfwLVUcdfbZVBS"),
            (
                ABANDON,
                "0'/0'",
                "HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk",
            ),
        ] {
            assert_eq!(address(phrase, key), published, "{phrase} {key}");
        }
        let typed = format!("  {}  ", ALL.replacen("all ", "All  ", 1));
        assert_eq!(address(&typed, ""), address(ALL, ""));
    }

    #[test]
    fn passphrase_and_derivation_change_the_key() {
        let path = Derivation::Path(DerivationPath::default());
        let plain = keypair(ALL, "", &path).unwrap().pubkey();
        assert_ne!(keypair(ALL, "other", &path).unwrap().pubkey(), plain);
        assert_ne!(keypair(ALL, "", &Derivation::Seed).unwrap().pubkey(), plain);
    }

    #[test]
    fn a_phrase_with_a_slip_is_refused_by_place_and_never_repeated() {
        let refused = |phrase: &str| {
            keypair(phrase, "", &Derivation::Path(DerivationPath::default()))
                .map(|key| key.pubkey())
                .unwrap_err()
        };
        let unknown = refused(&ABANDON.replacen("about", "abuot", 1));
        assert_eq!(unknown, "its word 12 is in no list of seed words");
        let swapped = refused(
            "about abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon",
        );
        assert!(swapped.contains("do not belong together"), "{swapped}");
        let short = refused("abandon abandon");
        assert!(short.ends_with("and these are 2"), "{short}");
    }
}
