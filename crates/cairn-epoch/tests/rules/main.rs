//! The rules' cases, which stand beside them as files: small inputs that a person reads, with the decision on each proof. And the
//! pages that follow from rules and cases, `docs/rules`.

#[path = "../world/mod.rs"]
mod world;

mod case;
mod covered;
mod docs;
mod page;
mod stage;
mod value;

use std::path::PathBuf;

use case::{CaseFile, case_files};

/// The cases of the rules that ship. Not in the folder of the rules, which this package is built again for.
fn cases() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../rules/cases/1")
}

#[test]
fn every_case_is_decided_as_its_file_says_and_the_pages_say_what_rules_and_cases_say() {
    let files = case_files();
    let plays = stage::play_all(&files);
    let mut wrong = Vec::new();
    for file in files.values() {
        for (case, played) in file.case.iter().zip(&plays[&file.kind]) {
            wrong.extend(played.unlike(file, case));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    docs::check_or_write(&files, &plays);
}

#[test]
fn every_reason_that_a_kind_s_rules_give_has_a_case() {
    let missing = covered::reasons_without_a_case(&case_files());
    assert!(
        missing.is_empty(),
        "add cases to rules/cases/1: {}",
        missing.join(", ")
    );
}

/// Whether the cases show them is a mutation of each number, twice, which takes minutes: whoever changes rules runs `cargo xtask
/// rules-doc`, which asks for it.
#[test]
fn every_number_that_a_kind_s_rules_name_has_a_case() {
    let files = case_files();
    let mut missing = covered::numbers_without_a_case(&files);
    if docs::asked().is_some() {
        missing.extend(covered::numbers_not_shown(&files));
    }
    assert!(
        missing.is_empty(),
        "add cases to rules/cases/1: {}",
        missing.join(", ")
    );
}

/// The file's kind by its name.
fn called(file: &CaseFile) -> &'static str {
    file.kind.name()
}
