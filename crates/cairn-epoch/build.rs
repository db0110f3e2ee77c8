//! Lists the rules that ship, so that a new rule is a file in their folder and nothing else.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script through variables alone"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The rules that ship, as this package sees them.
const RULES: &str = "../../rules/1";

fn main() {
    let package =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the package"));
    let made =
        PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder for what is made"));
    let folder = package.join(RULES);
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the rules stand at the top of the repository")
        .map(|entry| {
            let entry = entry.expect("the folder of the rules can be read");
            entry
                .file_name()
                .into_string()
                .expect("rules have plain names")
        })
        .filter(|name| {
            Path::new(name)
                .extension()
                .is_some_and(|extension| extension == "sql")
        })
        .collect();
    names.sort_unstable();
    let mut list = String::from("&[\n");
    for name in names {
        let path = folder.join(&name).display().to_string();
        writeln!(list, "    ({name:?}, include_str!({path:?})),").expect("memory takes a list");
    }
    list.push_str("]\n");
    fs::write(made.join("shipped_rules.rs"), list).expect("cargo's folder can be written");
}
