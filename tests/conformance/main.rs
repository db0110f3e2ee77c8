//! The golden vectors of `fixtures/vectors` against every implementation: the one the program runs, the builder,
//! merkle_light, and a Python program that shares no code with any of them.

mod drop;
mod form;
mod proof;
mod python;
mod tree;

use std::path::{Path, PathBuf};

use cairn_tests::vectors::{File, files};
use serde::de::DeserializeOwned;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/vectors")
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = folder().join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; write it with `cargo xtask vectors`",
            path.display()
        )
    });
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn unhex<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).unwrap_or_else(|error| panic!("{text}: {error}"));
    bytes
}

#[test]
fn the_committed_vectors_are_what_the_code_makes() {
    for File { name, text } in files() {
        let committed = std::fs::read_to_string(folder().join(&name)).unwrap_or_default();
        assert!(
            committed == text,
            "fixtures/vectors/{name} is out of date; write it again with `cargo xtask vectors` and read the diff"
        );
    }
}
