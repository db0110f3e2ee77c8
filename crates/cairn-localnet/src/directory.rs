use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use cairn_interface::ids;
use serde_json::{Value, json};
use solana_sdk::pubkey::Pubkey;

use crate::LocalnetError;

/// Where everything of a network is.
pub(crate) struct Directory<'a> {
    pub rpc_url: &'a str,
    pub ws_url: &'a str,
    pub mint: Pubkey,
    /// By name, each with its file.
    pub keys: Vec<(&'a str, Pubkey, PathBuf)>,
}

impl Directory<'_> {
    /// Writes it for people and scripts (`localnet.json`), and as a configuration that Solana's tools take with `-C`
    /// (`config.yml`).
    pub fn write(&self, state: &Path) -> Result<(), LocalnetError> {
        let keys: BTreeMap<_, _> = self
            .keys
            .iter()
            .map(|(name, key, file)| (*name, json!({ "key": key.to_string(), "file": file })))
            .collect();
        let programs: BTreeMap<_, _> = ids::PROGRAMS
            .iter()
            .map(|(id, name)| (*name, id.to_string()))
            .collect();
        let directory = json!({
            "rpc_url": self.rpc_url,
            "ws_url": self.ws_url,
            "mint": self.mint.to_string(),
            "programs": programs,
            "keys": keys,
        });
        write_file(&state.join("localnet.json"), &format!("{directory:#}\n"))?;

        let admin = self.keys.iter().find(|(name, ..)| *name == "admin");
        let admin = admin.map(|(_, _, file)| file.to_string_lossy().into_owned());
        // A JSON string is a YAML string, whatever is in the path.
        let configuration = format!(
            "---\njson_rpc_url: {}\nwebsocket_url: {}\nkeypair_path: {}\ncommitment: confirmed\n",
            self.rpc_url,
            self.ws_url,
            Value::from(admin),
        );
        write_file(&state.join("config.yml"), &configuration)
    }
}

fn write_file(path: &Path, text: &str) -> Result<(), LocalnetError> {
    fs::write(path, text).map_err(|source| LocalnetError::File {
        path: path.to_owned(),
        source,
    })
}
