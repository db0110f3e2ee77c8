//! Commands that texts tell people to run: a hint that names one which does not exist leaves them alone with their fault.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where texts stand that people read.
const ROOMS: [&str; 11] = [
    "README.md",
    "SECURITY.md",
    "ARCHITECTURE.md",
    "app/src",
    "cli/src",
    "crates",
    "docs",
    "keeper/src",
    "migrations",
    "programs",
    "xtask/src",
];

/// Every command of `program` that is named after a backtick, by its words, with a file that names it.
pub fn commands_named(program: &str) -> BTreeMap<Vec<String>, PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let opening = format!("`{program} ");
    let mut named = BTreeMap::new();
    for room in ROOMS {
        visit(&root.join(room), &mut |path, text| {
            for after in text.split(opening.as_str()).skip(1) {
                let told = after.split('`').next().unwrap_or_default();
                let words: Vec<String> = told
                    .split(' ')
                    .take_while(|word| is_word(word))
                    .map(str::to_owned)
                    .collect();
                if !words.is_empty() {
                    named.entry(words).or_insert_with(|| path.to_owned());
                }
            }
        });
    }
    assert!(!named.is_empty(), "no text names a command of {program}");
    named
}

fn is_word(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase();
    text.bytes().next().is_some_and(is_letter)
        && text.bytes().all(|byte| is_letter(byte) || byte == b'-')
}

fn visit(path: &Path, read: &mut impl FnMut(&Path, &str)) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder of the repository") {
            let path = entry.expect("a file of the repository").path();
            if !path.ends_with("node_modules") && !path.ends_with("target") {
                visit(&path, read);
            }
        }
        return;
    }
    let is_read = path.extension().is_some_and(|kind| {
        ["rs", "md", "ts", "tsx", "txt"]
            .iter()
            .any(|it| kind == *it)
    });
    if is_read {
        read(path, &fs::read_to_string(path).expect("text"));
    }
}
