use std::{env, fs, path::PathBuf};

use cairn_interface::ids::PROGRAMS;
use solana_sdk::pubkey::Pubkey;

/// Where `cargo xtask build-programs` puts its products; `CAIRN_DEPLOY_DIR` names another build of them.
fn folder() -> PathBuf {
    env::var_os("CAIRN_DEPLOY_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/deploy")),
        PathBuf::from,
    )
}

/// Both programs' bytes. A missing one fails the test with the command that builds it: a test that skipped itself
/// would look like one that passed.
pub(crate) fn read() -> Vec<(Pubkey, Vec<u8>)> {
    PROGRAMS
        .iter()
        .map(|(id, name)| {
            let path = folder().join(format!("{name}.so"));
            let bytes = fs::read(&path).unwrap_or_else(|error| {
                panic!(
                    "{}: {error}\n hint: build the programs with `cargo xtask build-programs`",
                    path.display()
                )
            });
            (*id, bytes)
        })
        .collect()
}
