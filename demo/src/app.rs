//! The web app with the month that was just played: the built files, the first keeper's epochs beside them, and the network's
//! addresses in cairn.json, which is all that an app needs to be told.

use std::path::Path;

use cairn_static::{Served, Site};
use serde_json::json;
use solana_sdk::pubkey::Pubkey;

use crate::fault::DemoError;

/// Where the app stands unless something else does.
const PORT: u16 = 4_180;

/// Serves the app in `folder` until the answer is dropped. `files` is a keeper's data folder.
///
/// # Errors
/// The folder holds no app; no port is free.
pub async fn serve(
    folder: &Path,
    files: &Path,
    rpc_url: &str,
    pool: Pubkey,
) -> Result<Served, DemoError> {
    if !folder.join("index.html").is_file() {
        return Err(DemoError::Unexpected(format!(
            "{} holds no built web app; run: cargo xtask app",
            folder.display()
        )));
    }
    let site = Site::of(folder)
        .folder("/epochs/", files.join("epochs"))
        .page("/cairn.json", config(rpc_url, pool));
    // Whoever runs two demonstrations gets two apps.
    match site.clone().serve(PORT).await {
        Ok(served) => Ok(served),
        Err(_) => site
            .serve(0)
            .await
            .map_err(DemoError::io("serving", folder)),
    }
}

fn config(rpc_url: &str, pool: Pubkey) -> String {
    let network = json!({
        "name": "Demonstration: one month",
        "chain": "solana:localnet",
        "rpc": [rpc_url],
        "pool": pool.to_string(),
        "files": ["epochs/"],
    });
    json!({ "format": "cairn/app/1", "networks": [network] }).to_string()
}
