//! What differs from one reader to the next, and what stands for it in a guide: `<pool>` for the pool's address, `<time>` for any
//! moment. In a command `<pool>` is filled in; from what is printed the real one is taken out.

use std::path::Path;

use cairn_interface::{
    airdrop::{campaign_address, campaign_vault_address},
    ids,
    registry::{network_address, tree_address},
    spl,
    vault::{pool_address, vault_address},
};
use cairn_localnet::Localnet;
use regex::{Captures, Regex};
use solana_sdk::pubkey::Pubkey;

/// Where `cairn-localnet` listens unless told otherwise.
const URL: &str = "http://127.0.0.1:8899";

pub struct Names {
    url: String,
    home: String,
    /// Name and value.
    known: Vec<(String, String)>,
    /// Whatever is left: pattern and what stands for it.
    patterns: Vec<(Regex, &'static str)>,
    word: Regex,
    blank: Regex,
}

impl Names {
    pub fn of(network: &Localnet, home: &Path) -> Self {
        let mut known: Vec<(String, Pubkey)> = network
            .keys()
            .map(|(name, key)| (name.to_owned(), key))
            .collect();
        let key = |name: &str| {
            let found = known.iter().find(|(known, _)| known == name);
            found.map(|(_, key)| *key).expect("a key of the network")
        };
        let admin = key("admin");
        let devices = network_address(&admin, 0).0;
        let pool = pool_address(&devices, &network.mint(), 0).0;
        let campaign = campaign_address(&admin, 0).0;
        let of_network = [
            ("campaign", campaign),
            ("campaign-vault", campaign_vault_address(&campaign).0),
            ("network", devices),
            ("tree", tree_address(&devices, 0).0),
            ("pool", pool),
            ("vault", vault_address(&pool).0),
        ];
        let wallets: Vec<(String, Pubkey)> = known
            .iter()
            .map(|(name, key)| {
                let tokens =
                    spl::associated_token_address(key, &network.mint(), &ids::TOKEN_PROGRAM);
                (format!("{name}-tokens"), tokens)
            })
            .collect();
        known.extend(wallets);
        known.extend(of_network.map(|(name, key)| (name.to_owned(), key)));
        let pattern = |text: &str| Regex::new(text).expect("a pattern");
        Self {
            url: network.rpc_url().to_owned(),
            home: home.display().to_string(),
            known: known
                .into_iter()
                .map(|(name, key)| (name, key.to_string()))
                .collect(),
            patterns: vec![
                (pattern(r"\b[0-9a-f]{128}\b"), "<signature>"),
                (pattern(r"\b[0-9a-f]{96}\b"), "<48 bytes in hex>"),
                (pattern(r"\b[0-9a-f]{66}\b"), "<33 bytes in hex>"),
                (pattern(r"\b[0-9a-f]{64}\b"), "<hash>"),
                (pattern(r"\b[1-9A-HJ-NP-Za-km-z]{86,88}\b"), "<signature>"),
                (pattern(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "<time>"),
                (pattern(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"), "<time>"),
                (pattern(r"\(in [^()]*\b(s|min|h|days?)\)"), "(in <span>)"),
                (
                    pattern(r"\([^()]*\b(s|min|h|days?) ago\)|\(now\)"),
                    "(<span> ago)",
                ),
                (pattern(r"\b1[6-9]\d{11}\b"), "<milliseconds>"),
                (pattern(r"\bslot \d+ \("), "slot <slot> ("),
                (pattern(r"\b\d+,[\d,]+ bytes in\b"), "<count> bytes in"),
                (
                    pattern(r"\b\d[\d,]* zeros behind\b"),
                    "<count> zeros behind",
                ),
                (pattern(r"\ball \d[\d,]* bytes\b"), "all <count> bytes"),
                (pattern(r"(?m)^1[6-9]\d{8}$"), "<time in unix seconds>"),
                (pattern(r#""anchor_slot":"\d+"#), r#""anchor_slot":"<slot>"#),
            ],
            word: pattern(r"\b[1-9A-HJ-NP-Za-km-z]{32,44}\b"),
            blank: pattern("<([a-z][a-z0-9-]*)>"),
        }
    }

    /// A command as a reader would type it.
    pub fn filled_in(&self, command: &str) -> String {
        let filled = self.blank.replace_all(command, |found: &Captures<'_>| {
            let value = self.known.iter().find(|(name, _)| *name == found[1]);
            let value = value.map(|(_, value)| value.clone());
            value.unwrap_or_else(|| panic!("`{command}`: nothing is called <{}>", &found[1]))
        });
        filled.replace(URL, &self.url)
    }

    /// What was printed, without what differs.
    pub fn taken_out(&self, printed: &str) -> String {
        let mut text = printed.replace(&self.url, URL).replace(&self.home, "~");
        for (pattern, stand_in) in &self.patterns {
            text = replaced(&text, pattern, |_| (*stand_in).to_owned());
        }
        replaced(&text, &self.word, |word| self.address(word))
    }

    fn address(&self, word: &str) -> String {
        if let Some((name, _)) = self.known.iter().find(|(_, value)| value == word) {
            return format!("<{name}>");
        }
        match bs58::decode(word).into_vec() {
            Ok(bytes) if bytes.len() == 32 && !is_everybodys(word) => "<address>".to_owned(),
            _ => word.to_owned(),
        }
    }
}

/// `text` with every match replaced; in a table what stands in fills the column as what stood there.
fn replaced(text: &str, pattern: &Regex, stand_in: impl Fn(&str) -> String) -> String {
    let mut result = String::new();
    let mut done = 0;
    for found in pattern.find_iter(text) {
        let after = &text[found.end()..];
        let stand_in = stand_in(found.as_str());
        let width = if after.starts_with("  ") && !after.trim_start_matches(' ').starts_with('\n') {
            found.as_str().chars().count()
        } else {
            0
        };
        result += &text[done..found.start()];
        result += &format!("{stand_in:<width$}");
        done = found.end();
    }
    result + &text[done..]
}

/// Addresses that are the same on every cluster.
fn is_everybodys(address: &str) -> bool {
    let programs = ids::PROGRAMS.iter().map(|(program, _)| *program);
    programs
        .chain([ids::TOKEN_PROGRAM])
        .any(|program| program.to_string() == address)
}
