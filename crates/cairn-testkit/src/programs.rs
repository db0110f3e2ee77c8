use std::{env, fs, path::PathBuf};

use cairn_interface::ids::PROGRAMS;
use solana_sdk::pubkey::Pubkey;

/// Where `cargo xtask build-programs` puts its products; `CAIRN_DEPLOY_DIR` names another build of them.
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no command line to be told it on"
)]
fn folder() -> PathBuf {
    env::var_os("CAIRN_DEPLOY_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/deploy")),
        PathBuf::from,
    )
}

/// Units that a transaction may use, whatever it asks for: `CAIRN_COMPUTE_UNITS` says it of builds that take more than what is
/// deployed, and do the same.
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no command line to be told it on"
)]
pub(crate) fn compute_units() -> Option<u64> {
    let text = env::var("CAIRN_COMPUTE_UNITS").ok()?;
    let units = text.parse();
    Some(units.unwrap_or_else(|error| panic!("CAIRN_COMPUTE_UNITS={text}: {error}")))
}

/// The programs' bytes. A missing one fails the test with the command that builds it: a test that skipped itself
/// would look like one that passed.
pub(crate) fn read() -> Vec<(Pubkey, Vec<u8>)> {
    let read = |(id, name): &(Pubkey, &str)| (*id, file(name));
    PROGRAMS.iter().map(read).collect()
}

/// The executable of one of our programs, as [`World`](crate::World) runs it.
pub fn program_bytes(id: &Pubkey) -> Vec<u8> {
    let found = PROGRAMS.iter().find(|(known, _)| known == id);
    let (_, name) = found.unwrap_or_else(|| panic!("{id} is no program of ours"));
    file(name)
}

fn file(name: &str) -> Vec<u8> {
    let path = folder().join(format!("{name}.so"));
    fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}\n hint: build the programs with `cargo xtask build-programs`",
            path.display()
        )
    })
}
