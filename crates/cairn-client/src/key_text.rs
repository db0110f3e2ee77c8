//! Keys as files and wallets spell them.

use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;

/// Longest input that is read as a key: 64 numbers of three digits, generously spaced. A pipe without end stops here.
pub const MAX_LEN: u64 = 4096;
/// Bytes of a key: 32 secret, 32 public.
const KEY_LEN: usize = 64;
/// Least words of a seed phrase.
const PHRASE_WORDS: usize = 12;

/// Reads 64 numbers as `solana-keygen` writes them, or the Base58 text that wallets export.
///
/// # Errors
/// What it is instead. Nothing of it is repeated.
pub fn keypair(bytes: &[u8]) -> Result<Keypair, &'static str> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| "it is not text")?
        .trim_start_matches('\u{feff}')
        .trim();
    if text.is_empty() {
        return Err("it is empty");
    }
    if text.starts_with('[') {
        return from_numbers(text);
    }
    // Some wallets export the text in quotes.
    let text = text.trim_matches('"');
    if let Ok(key) = Keypair::try_from_base58_string(text) {
        return Ok(key);
    }
    Err(if words(text) >= PHRASE_WORDS {
        "it holds words: a seed phrase is typed at -k prompt:"
    } else if text.parse::<Pubkey>().is_ok() {
        "it holds 32 bytes in Base58: an address, or half of a key"
    } else if is_base58(text) && (86..=88).contains(&text.len()) {
        "its public half does not belong to its secret half"
    } else {
        "it is neither a JSON array of 64 numbers from 0 to 255 nor the Base58 text of 64 bytes"
    })
}

fn from_numbers(text: &str) -> Result<Keypair, &'static str> {
    let bytes: Vec<u8> = serde_json::from_str(text)
        .map_err(|_| "it is not a JSON array of numbers from 0 to 255")?;
    let bytes: [u8; KEY_LEN] = bytes
        .try_into()
        .map_err(|_| "it does not hold exactly 64 numbers")?;
    Keypair::try_from(bytes.as_slice())
        .map_err(|_| "its public half does not belong to its secret half")
}

/// Whether a text looks like a key itself rather than the name of a place. Command lines are seen by everybody on a machine
/// and kept in histories.
#[must_use]
pub fn is_secret(text: &str) -> bool {
    let text = text.trim();
    words(text) >= PHRASE_WORDS
        || (is_base58(text) && (80..=90).contains(&text.len()))
        || (text.starts_with('[') && text.ends_with(']') && text.contains(','))
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

fn is_base58(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() && !matches!(byte, b'0' | b'O' | b'I' | b'l'))
}

#[cfg(test)]
mod tests {
    use solana_sdk::signer::Signer;

    use super::*;

    #[test]
    fn a_key_is_read_as_numbers_and_as_wallets_export_it() {
        let key = Keypair::new_from_array([1; 32]);
        let base58 = key.to_base58_string();
        for text in [
            format!("{:?}", key.to_bytes()),
            format!("\u{feff}{:?}\r\n", key.to_bytes()),
            base58.clone(),
            format!("  {base58}\n"),
            format!("\"{base58}\""),
        ] {
            let read = keypair(text.as_bytes()).unwrap();
            assert_eq!(read.pubkey(), key.pubkey(), "{text}");
        }
    }

    #[test]
    fn what_is_no_key_is_named() {
        let key = Keypair::new_from_array([1; 32]);
        let mut halves = key.to_base58_string();
        halves.replace_range(40..41, if &halves[40..41] == "2" { "3" } else { "2" });
        for (text, why) in [
            ("", "empty"),
            ("hello", "neither"),
            ("[1, 2, 3]", "exactly 64"),
            ("[1, 2", "not a JSON array"),
            (key.pubkey().to_string().as_str(), "an address"),
            (halves.as_str(), "public half"),
            (
                "all all all all all all all all all all all all",
                "seed phrase",
            ),
        ] {
            let found = keypair(text.as_bytes()).unwrap_err();
            assert!(found.contains(why), "{text}: {found}");
        }
        assert_eq!(keypair(&[0xff, 0xfe]).unwrap_err(), "it is not text");
    }
}
