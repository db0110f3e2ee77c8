//! Tests on built programs say which refusal they expect. `is_err` alone is content with any failure: a forged claim that is
//! refused because an account was spelled wrong passes as well, and goes on passing when the check it was written for is gone.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::steps::root;

/// Where built programs are run.
const SUITES: [&str; 5] = [
    "tests/svm",
    "tests/attacks",
    "tests/e2e",
    "migrations/tests",
    "bench/src",
];

/// Looks at every line of these suites.
///
/// # Errors
/// Names the lines that ask only whether something failed.
pub fn check() -> Result<()> {
    let mut found = Vec::new();
    for suite in SUITES {
        for file in sources(&root().join(suite))? {
            let text = fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            let shown = file.strip_prefix(root()).unwrap_or(&file).display();
            found.extend(bare(&text).map(|line| format!("{shown}:{line}")));
        }
    }
    if found.is_empty() {
        eprintln!("    every refusal of a built program is asserted by its code");
        return Ok(());
    }
    bail!(
        "a failure of any kind would do at {}; say which with assert_refused, assert_refused_by or assert_failed of cairn-testkit, or \
         match the error",
        found.join(", ")
    );
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let context = || format!("cannot list {}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The numbers of lines that throw a failure's kind away.
fn bare(source: &str) -> impl Iterator<Item = usize> {
    let mut is_kept = false;
    (1..).zip(source.lines()).filter_map(move |(number, line)| {
        let code = line.trim();
        // A statement that begins with a binding, or hands its value on, keeps the error.
        if code.contains("let ") || code.contains("assert") || code.contains("match ") {
            is_kept = true;
        }
        let throws_away = code.ends_with(".unwrap_err();") && !is_kept;
        if code.ends_with(';') || code.ends_with('{') || code.ends_with('}') {
            is_kept = false;
        }
        (code.contains(".is_err()") || throws_away).then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(source: &str) -> Vec<usize> {
        bare(source).collect()
    }

    #[test]
    fn a_failure_of_any_kind_is_found() {
        assert_eq!(lines("let ran = run();\nassert!(ran.is_err());"), [2]);
        assert_eq!(lines("run()\n    .is_err()"), [2]);
        assert_eq!(lines("claim(1, 2).unwrap_err();"), [1]);
        assert_eq!(lines("scene\n    .run()\n    .unwrap_err();"), [3]);
    }

    #[test]
    fn an_error_that_is_looked_at_is_left_alone() {
        assert!(
            lines("let refused = run().unwrap_err();\nassert_eq!(refused.code, Some(1));")
                .is_empty()
        );
        assert!(lines("let refused = scene\n    .run()\n    .unwrap_err();").is_empty());
        assert!(lines("assert_refused(run(), VaultError::Paused);").is_empty());
    }
}
