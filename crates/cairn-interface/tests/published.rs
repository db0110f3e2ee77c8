//! `idl/errors.json`, for clients in other languages: what each refusal of our programs means and what to do about it.
//!
//! `CAIRN_UPDATE_IDL=1` writes it, as `cargo xtask idl` does.

use std::collections::BTreeMap;
use std::path::Path;

use cairn_interface::error::{program_name, table};
use cairn_interface::ids;
use serde::Serialize;

#[derive(Serialize)]
struct Row {
    code: u32,
    name: &'static str,
    message: &'static str,
    hint: &'static str,
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the test says whether to write"
)]
fn the_published_errors_are_the_programs() {
    let mut errors = BTreeMap::new();
    for program in [ids::AIRDROP, ids::DEVICE_REGISTRY, ids::REWARD_VAULT] {
        let rows: Vec<_> = table(&program)
            .map(|(code, info)| Row {
                code,
                name: info.name,
                message: info.message,
                hint: info.hint,
            })
            .collect();
        errors.insert(program_name(&program).expect("ours"), rows);
    }
    let text = serde_json::to_string_pretty(&errors).expect("JSON") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../idl/errors.json");
    if std::env::var_os("CAIRN_UPDATE_IDL").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == text,
        "idl/errors.json differs from the programs; run: cargo xtask idl"
    );
}
