//! The house as a newcomer meets it: no file that is too long to be read in one go, and no document that sends people to a place
//! that is not there.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::steps::{output, root};

/// Lines that a source file may have. A longer one has a second room in it.
const LONGEST: usize = 400;

/// Files that are longer because they are tables, which are not read in one go.
const TABLES: &[&str] = &[];

/// Checks both, over what git knows.
///
/// # Errors
/// Names every file and every place.
pub fn check() -> Result<()> {
    let mut command = std::process::Command::new("git");
    let listed = output(
        "listing the repository",
        command.arg("ls-files").current_dir(root()),
    )?;
    let files: Vec<&str> = listed
        .lines()
        .filter(|file| root().join(file).is_file())
        .collect();
    let mut broken = Vec::new();
    for file in &files {
        let is_source = ["css", "mjs", "rs", "sql", "ts", "tsx"]
            .iter()
            .any(|ending| has(file, ending));
        // Decisions and the changelog tell what was when they were written.
        let is_history = file.starts_with("docs/adr/") || *file == "CHANGELOG.md";
        let is_document = has(file, "md") && !is_history;
        if !is_source && !is_document {
            continue;
        }
        let text =
            fs::read_to_string(root().join(file)).with_context(|| format!("cannot read {file}"))?;
        let lines = text.lines().count();
        if is_source && lines > LONGEST && !TABLES.contains(file) {
            broken.push(format!(
                "{file} has {lines} lines, {LONGEST} is the most: find the second room in it"
            ));
        }
        if is_document {
            let gone = places(&text, &files).filter(|place| !is_there(&files, place));
            broken.extend(gone.map(|place| format!("{file} names {place}, which is not there")));
        }
    }
    if broken.is_empty() {
        eprintln!(
            "    no source is longer than {LONGEST} lines, and the documents' places are there"
        );
        return Ok(());
    }
    bail!("{}", broken.join("; "));
}

fn has(file: &str, ending: &str) -> bool {
    Path::new(file)
        .extension()
        .is_some_and(|found| found == ending)
}

/// What stands in backquotes and reads as a path below one of the repository's own folders: commands and code in blocks do not,
/// nor does what a task leaves behind.
fn places<'a>(text: &'a str, files: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let prose = text.split("```").step_by(2);
    let quoted = prose.flat_map(|part| part.split('`').skip(1).step_by(2));
    quoted.filter(|words| {
        let is_path = |letter: char| letter.is_ascii_alphanumeric() || "/._-".contains(letter);
        let top = words.split('/').next().unwrap_or_default();
        words.contains('/') && words.chars().all(is_path) && is_there(files, top)
    })
}

fn is_there(files: &[&str], place: &str) -> bool {
    let place = place.trim_end_matches('/');
    let is_folder = |file: &&str| {
        file.strip_prefix(place)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    files.contains(&place) || files.iter().any(is_folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_in_prose_are_places_and_what_only_looks_alike_is_none() {
        let text = "`xtask/src/main.rs` and `crates/` but `target/deploy`, `and/or`, `cargo xtask/x y`\n```\n`xtask/in/a/block`\n```\n`docs/gone.md`";
        let files = ["xtask/src/main.rs", "crates/a/b.rs", "docs/there.md"];
        let found: Vec<&str> = places(text, &files).collect();
        assert_eq!(found, ["xtask/src/main.rs", "crates/", "docs/gone.md"]);
        assert!(is_there(&files, "xtask/src/main.rs") && is_there(&files, "crates/"));
        assert!(!is_there(&files, "docs/gone.md") && !is_there(&files, "crate"));
    }
}
