//! The catalogue of attacks names tests; this checks that they exist.

use std::{fs, path::PathBuf};

const CATALOGUE: &str = include_str!("README.md");

/// A cell's tests: a path in backticks, a colon, names in backticks. Everything else is prose.
fn named_tests(catalogue: &str) -> Vec<(String, String)> {
    let mut file = None;
    let mut named = Vec::new();
    for (at, word) in catalogue.split('`').enumerate() {
        if at % 2 == 0 {
            continue;
        }
        if word.ends_with(".rs") {
            file = Some(word.to_owned());
        } else if let Some(file) = &file
            && is_test_name(word)
        {
            named.push((file.clone(), word.to_owned()));
        }
    }
    named
}

fn is_test_name(word: &str) -> bool {
    word.contains('_')
        && word
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[test]
fn every_test_that_the_catalogue_names_exists() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let named = named_tests(CATALOGUE);
    assert!(named.len() > 100, "only {} tests are named", named.len());
    let missing: Vec<String> = named
        .iter()
        .filter(|(file, name)| {
            let text = fs::read_to_string(root.join(file)).unwrap_or_default();
            !text.contains(&format!("fn {name}("))
        })
        .map(|(file, name)| format!("{file}: {name}"))
        .collect();
    assert!(missing.is_empty(), "named and not there: {missing:#?}");
}
