//! Writes the golden vectors, or checks that the committed ones are what the code makes today.
//!
//! `cairn-vectors [--check] DIR`. Exit code 0: written or equal; 1: different, or the folder can not be used; 2: wrong
//! arguments.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program whose output is its purpose"
)]

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use cairn_tests::vectors::{File, files};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (check, dir) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [dir] if !dir.starts_with('-') => (false, PathBuf::from(dir)),
        ["--check", dir] => (true, PathBuf::from(dir)),
        _ => {
            eprintln!("error: the arguments are not those of this program");
            eprintln!("hint: cairn-vectors [--check] DIR");
            return ExitCode::from(2);
        }
    };
    let outcome = if check { compare(&dir) } else { write(&dir) };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(dir: &Path) -> Result<(), String> {
    let failed = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(dir).map_err(|error| failed(dir, error))?;
    for File { name, text } in files() {
        let path = dir.join(name);
        fs::write(&path, text).map_err(|error| failed(&path, error))?;
        println!("{}", path.display());
    }
    Ok(())
}

fn compare(dir: &Path) -> Result<(), String> {
    let hint = format!(
        "hint: write them again with `cairn-vectors {}`",
        dir.display()
    );
    let mut expected = BTreeSet::new();
    for File { name, text } in files() {
        let path = dir.join(&name);
        let found = fs::read_to_string(&path)
            .map_err(|error| format!("{}: {error}\n{hint}", path.display()))?;
        if let Some(line) = first_difference(&found, &text) {
            return Err(format!(
                "{} differs from what the code makes, first in line {line}\n{hint}",
                path.display()
            ));
        }
        expected.insert(name);
    }
    let entries = fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    for entry in entries {
        let entry = entry.map_err(|error| format!("{}: {error}", dir.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".json") && !expected.contains(&name) {
            return Err(format!(
                "{} is no file the code makes\nhint: remove it",
                entry.path().display()
            ));
        }
    }
    Ok(())
}

/// The first line, counted from 1, in which two texts differ.
fn first_difference(a: &str, b: &str) -> Option<usize> {
    if a == b {
        return None;
    }
    let same = a.lines().zip(b.lines()).take_while(|(a, b)| a == b).count();
    Some(same + 1)
}
