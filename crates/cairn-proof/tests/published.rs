//! `idl/reasons.json`, for clients in other languages: what became of a proof, by code.
//!
//! `CAIRN_UPDATE_IDL=1` writes it, as `cargo xtask idl` does.

use std::path::Path;

use cairn_proof::Reason;
use serde::Serialize;

#[derive(Serialize)]
struct Row {
    code: u16,
    name: &'static str,
    meaning: &'static str,
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the test says whether to write"
)]
fn the_published_reasons_are_the_codes() {
    let rows: Vec<Row> = Reason::ALL
        .iter()
        .map(|reason| Row {
            code: reason.code(),
            name: reason.name(),
            meaning: reason.explain(),
        })
        .collect();
    let text = serde_json::to_string_pretty(&rows).expect("JSON") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../idl/reasons.json");
    if std::env::var_os("CAIRN_UPDATE_IDL").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == text,
        "idl/reasons.json differs from the codes; run: cargo xtask idl"
    );
}
