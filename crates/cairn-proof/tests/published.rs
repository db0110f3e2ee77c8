//! Tables for clients in other languages: `idl/reasons.json`, what became of a proof, by code; `idl/kinds.json`, what a proof proves and who signs
//! it, by number.
//!
//! `CAIRN_UPDATE_IDL=1` writes them, as `cargo xtask idl` does.

use std::path::Path;

use cairn_proof::{Kind, Reason, Role};
use serde::Serialize;

#[derive(Serialize)]
struct ReasonRow {
    code: u16,
    name: &'static str,
    meaning: &'static str,
}

#[derive(Serialize)]
struct KindRow {
    code: u16,
    name: &'static str,
    /// The first owns the proof; whether the others must sign, registry and rules say.
    signers: Vec<&'static str>,
}

#[test]
fn the_published_reasons_are_the_codes() {
    let rows: Vec<ReasonRow> = Reason::ALL
        .iter()
        .map(|reason| ReasonRow {
            code: reason.code(),
            name: reason.name(),
            meaning: reason.explain(),
        })
        .collect();
    held("idl/reasons.json", &rows);
}

#[test]
fn the_published_kinds_are_those_of_the_table() {
    let rows: Vec<KindRow> = Kind::ALL
        .iter()
        .map(|kind| KindRow {
            code: kind.code(),
            name: kind.name(),
            signers: kind.roles().iter().map(|role| Role::name(*role)).collect(),
        })
        .collect();
    held("idl/kinds.json", &rows);
}

/// Compares a published table with what the code says, or writes it.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the test says whether to write"
)]
fn held<T: Serialize>(name: &str, rows: &[T]) {
    let text = serde_json::to_string_pretty(rows).expect("JSON") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name);
    if std::env::var_os("CAIRN_UPDATE_IDL").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == text,
        "{name} differs from the code; run: cargo xtask idl"
    );
}
