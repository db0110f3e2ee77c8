use std::{collections::BTreeMap, fs, path::Path};

use cairn_interface::ids;
use serde_json::{Value, json};

use crate::{Localnet, LocalnetError};

/// Writes where everything is, for people and scripts (`localnet.json`), and a configuration that Solana's tools take
/// with `-C` (`config.yml`).
pub(crate) fn write(network: &Localnet, state: &Path) -> Result<(), LocalnetError> {
    let keys: BTreeMap<_, _> = network
        .keys()
        .map(|(name, key)| {
            let file = network.key_file(name);
            (name, json!({ "key": key.to_string(), "file": file }))
        })
        .collect();
    let programs: BTreeMap<_, _> = ids::PROGRAMS
        .iter()
        .map(|(id, name)| (*name, id.to_string()))
        .collect();
    let directory = json!({
        "rpc_url": network.rpc_url(),
        "ws_url": network.ws_url(),
        "mint": network.mint().to_string(),
        "programs": programs,
        "keys": keys,
    });
    write_file(&state.join("localnet.json"), &format!("{directory:#}\n"))?;

    let admin = network.key_file("admin");
    // A JSON string is a YAML string, whatever is in the path.
    let configuration = format!(
        "---\njson_rpc_url: {}\nwebsocket_url: {}\nkeypair_path: {}\ncommitment: confirmed\n",
        network.rpc_url(),
        network.ws_url(),
        Value::from(admin.to_string_lossy().into_owned()),
    );
    write_file(&state.join("config.yml"), &configuration)
}

fn write_file(path: &Path, text: &str) -> Result<(), LocalnetError> {
    fs::write(path, text).map_err(|source| LocalnetError::File {
        path: path.to_owned(),
        source,
    })
}
