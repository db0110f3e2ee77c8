//! The local network that the guides are walked on: as `cairn-localnet` starts it, but with the same keys every time, so that
//! what depends on them (compute units, for one) is the same too.

use std::{fs, os::unix::fs::symlink, path::Path};

use cairn_localnet::{Config, Localnet};
use sha2::{Digest, Sha256};
use solana_sdk::signature::Keypair;

/// Base units that `cairn-localnet` gives to admin.
const PURSE: u64 = 10_000_000 * 1_000_000;

pub async fn start(home: &Path) -> Localnet {
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/deploy");
    // A reader stands in a clone, with what was built in it.
    fs::create_dir_all(home.join("target")).expect("a folder");
    symlink(&deploy, home.join("target/deploy")).expect("a link");
    let state = home.join(".cairn/localnet");
    let config = Config::new(deploy, &state);
    let keys = state.join("keys");
    fs::create_dir_all(&keys).expect("a folder");
    let names = config.keys.iter().map(String::as_str);
    for name in names.chain([Config::PAYER, Config::MINT_AUTHORITY, "mint"]) {
        let seed: [u8; 32] = Sha256::digest(format!("cairn/guide/{name}")).into();
        let bytes = Keypair::new_from_array(seed).to_bytes().to_vec();
        let text = serde_json::Value::from(bytes).to_string();
        fs::write(keys.join(format!("{name}.json")), text).expect("a key");
    }
    let network = match Localnet::start(config).await {
        Ok(network) => network,
        Err(error) => panic!("{error}\n hint: {}", error.hint()),
    };
    let admin = solana_sdk::signer::Signer::pubkey(network.key("admin").expect("a key"));
    network.mint_to(&admin, PURSE).await.expect("tokens");
    network
}
