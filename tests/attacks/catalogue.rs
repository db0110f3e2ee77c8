//! The catalogue of attacks and the table of keys name tests; this checks that they exist.

use std::{
    fs,
    path::{Path, PathBuf},
};

const CATALOGUE: &str = include_str!("README.md");

/// A cell's tests: a file or folder in backticks, a colon, names in backticks. Everything else is prose.
fn named_tests(catalogue: &str) -> Vec<(String, String)> {
    let mut file = None;
    let mut named = Vec::new();
    for (at, word) in catalogue.split('`').enumerate() {
        if at % 2 == 0 {
            continue;
        }
        if word.contains('/') {
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

/// Whether a file, or any file of a folder, holds the text.
fn holds(path: &Path, text: &str) -> bool {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap();
        return entries.flatten().any(|entry| holds(&entry.path(), text));
    }
    fs::read_to_string(path).is_ok_and(|found| found.contains(text))
}

#[test]
fn every_test_that_the_catalogue_names_exists() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut named = named_tests(CATALOGUE);
    assert!(named.len() > 100, "only {} tests are named", named.len());
    let keys = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let of_keys = named_tests(&keys);
    assert!(of_keys.len() > 20, "only {} of keys", of_keys.len());
    named.extend(of_keys);
    let missing: Vec<String> = named
        .iter()
        .filter(|(file, name)| !holds(&root.join(file), &format!("fn {name}(")))
        .map(|(file, name)| format!("{file}: {name}"))
        .collect();
    assert!(missing.is_empty(), "named and not there: {missing:#?}");
}
