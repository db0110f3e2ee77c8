//! `docs/rules`: a page for each kind and one for all, made of the ruleset's own words, its numbers, and cases that were played.
//! `cargo xtask rules-doc` writes them; this test holds them against what is there.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cairn_epoch::{WrittenRules, describe, kind_rules};
use cairn_proof::Kind;

use crate::case::CaseFile;
use crate::page::{index, kind_page};
use crate::stage::Plays;

/// What `cargo xtask rules-doc` asks for: "update" or "check".
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by a variable alone"
)]
pub fn asked() -> Option<std::ffi::OsString> {
    std::env::var_os("CAIRN_RULES_DOC")
}

pub fn check_or_write(files: &BTreeMap<Kind, CaseFile>, plays: &Plays) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    let shipped = WrittenRules::shipped().expect("the rules that ship");
    let described = describe(shipped.ruleset()).expect("a description");
    let kinds = kind_rules(shipped.ruleset());
    let mut pages: BTreeMap<String, String> = kinds
        .iter()
        .map(|rules| {
            let name = format!("{}.md", rules.kind.name());
            (name, kind_page(&described, rules, files, plays))
        })
        .collect();
    pages.insert("README.md".to_owned(), index(&described, &kinds, files));
    if asked().is_some_and(|it| it == "update") {
        std::fs::create_dir_all(&folder).expect("a folder");
        for stale in std::fs::read_dir(&folder).expect("the folder") {
            std::fs::remove_file(stale.expect("a page").path()).expect("a page");
        }
        for (name, text) in &pages {
            std::fs::write(folder.join(name), text).expect("a page");
        }
        return;
    }
    for (name, text) in &pages {
        let there = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(
            there == *text,
            "docs/rules/{name} is not what rules and cases say: run `cargo xtask rules-doc`"
        );
    }
    for entry in std::fs::read_dir(&folder).expect("docs/rules") {
        let name = entry
            .expect("a page")
            .file_name()
            .to_string_lossy()
            .into_owned();
        assert!(
            pages.contains_key(&name),
            "docs/rules/{name} is nobody's page"
        );
    }
}
