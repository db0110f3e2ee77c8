//! Files that a package's sources take into themselves from outside it (`include_str!` and its kin, and what a build script
//! reads): dependencies that Cargo does not see.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result};
use proc_macro2::{TokenStream, TokenTree};

/// Folders that belong to no package, whose files any package may hold.
const OPEN: &[&str] = &["fixtures", "idl", "rules"];

/// A package, and another whose sources it may hold: the program build is cached by what the runtime is made of.
const MAY_HOLD: &[(&str, &str)] = &[("cairn-sbf", "cairn-sbf-runtime")];

/// The macros that put a file into the code.
const INCLUDES: &[&str] = &["include", "include_bytes", "include_dir", "include_str"];

/// A package of the workspace.
pub struct Package {
    pub name: String,
    pub folder: PathBuf,
}

/// What breaks the law, a line each.
///
/// # Errors
/// A source that can not be read, or that is no Rust.
pub fn check(root: &Path, packages: &[Package]) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for package in packages {
        let mut sources = Vec::new();
        collect(&package.folder, packages, &mut sources)?;
        sources.sort_unstable();
        for source in sources {
            for held in held_by(package, &source)? {
                if let Some(why) = refusal(root, packages, package, &held) {
                    let source = source.strip_prefix(root).unwrap_or(&source);
                    broken.push(format!("{} ({}) {why}", package.name, source.display()));
                }
            }
        }
    }
    Ok(broken)
}

/// The package's own Rust files: a package within another's folder answers for itself.
fn collect(folder: &Path, packages: &[Package], sources: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let is_package = packages.iter().any(|package| package.folder == path);
        if path.is_dir() {
            if !is_package && path.file_name().is_some_and(|name| name != "target") {
                collect(&path, packages, sources)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push(path);
        }
    }
    Ok(())
}

/// A file in somebody's code: where it stands, or that nobody can see where.
enum Held {
    At(PathBuf),
    Hidden(String),
}

fn held_by(package: &Package, source: &Path) -> Result<Vec<Held>> {
    let text =
        fs::read_to_string(source).with_context(|| format!("cannot read {}", source.display()))?;
    let tokens: TokenStream = text
        .parse()
        .map_err(|error| anyhow::anyhow!("{} is no Rust: {error}", source.display()))?;
    let mut held = Vec::new();
    let here = source.parent().unwrap_or(&package.folder);
    included(tokens.clone(), here, &package.folder, &mut held);
    // What a build script reads is named by paths alone.
    if source == package.folder.join("build.rs") {
        let mut words = Vec::new();
        flatten(tokens, &mut words);
        held.extend(words.into_iter().filter_map(|word| match word {
            Word::Text(text) if text.split('/').any(|part| part == "..") => {
                Some(Held::At(package.folder.join(text)))
            }
            _ => None,
        }));
    }
    Ok(held)
}

/// The files that `tokens` include, wherever in them.
fn included(tokens: TokenStream, here: &Path, package: &Path, held: &mut Vec<Held>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        match tokens.get(..at) {
            Some([.., TokenTree::Ident(name), TokenTree::Punct(mark)])
                if mark.as_char() == '!' && INCLUDES.iter().any(|include| name == include) =>
            {
                held.push(target(group.stream(), here, package));
            }
            _ => included(group.stream(), here, package, held),
        }
    }
}

/// Where an include's argument points. A path that is put together counts by its first part, which says the folder.
fn target(argument: TokenStream, here: &Path, package: &Path) -> Held {
    let shown = argument.to_string();
    let mut words = Vec::new();
    flatten(argument, &mut words);
    let words: Vec<&str> = words
        .iter()
        .filter_map(|word| match word {
            Word::Name(name) if name == "env" || name == "option_env" => Some("env"),
            Word::Name(_) => None,
            Word::Text(text) => Some(text.as_str()),
        })
        .collect();
    match words[..] {
        // What the package's own build script made.
        ["env", "OUT_DIR", ..] => Held::At(package.to_owned()),
        ["env", "CARGO_MANIFEST_DIR", path, ..] => {
            Held::At(package.join(path.trim_start_matches('/')))
        }
        ["env", ..] | [] => Held::Hidden(shown),
        [path, ..] => Held::At(here.join(path)),
    }
}

enum Word {
    Name(String),
    Text(String),
}

/// Names and texts in the order they are written.
fn flatten(tokens: TokenStream, words: &mut Vec<Word>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => flatten(group.stream(), words),
            TokenTree::Ident(name) => words.push(Word::Name(name.to_string())),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let text = text.trim_start_matches('r').trim_matches('#');
                let text = text
                    .strip_prefix('"')
                    .and_then(|text| text.strip_suffix('"'));
                words.extend(text.map(|text| Word::Text(text.to_owned())));
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// Why a package may not hold a file; `None` when it may.
fn refusal(root: &Path, packages: &[Package], package: &Package, held: &Held) -> Option<String> {
    let path = match held {
        Held::At(path) => plain(path),
        Held::Hidden(argument) => {
            return Some(format!(
                "includes {argument}, and nobody can see what that is"
            ));
        }
    };
    let owner = packages
        .iter()
        .filter(|other| path.starts_with(&other.folder))
        .max_by_key(|other| other.folder.components().count());
    let below = path.strip_prefix(root).unwrap_or(&path);
    match owner {
        Some(owner) if owner.name == package.name => None,
        Some(owner) => (!MAY_HOLD.contains(&(&package.name, &owner.name))).then(|| {
            format!(
                "may not hold {}, which is {}'s",
                below.display(),
                owner.name
            )
        }),
        None => (!OPEN.iter().any(|folder| below.starts_with(folder)))
            .then(|| format!("may not hold {}, which is nobody's", below.display())),
    }
}

/// The path without `.` and `..`, as written: the file need not be there.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository with the packages `one` and `two`, in which `one` has the file `source`.
    fn broken(name: &str, source: &str) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        let packages: Vec<Package> = ["one", "two", "one/within"]
            .map(|folder| Package {
                name: folder.to_owned(),
                folder: root.path().join(folder),
            })
            .into();
        for package in &packages {
            fs::create_dir_all(package.folder.join("src")).unwrap();
        }
        fs::write(root.path().join("one").join(name), source).unwrap();
        check(root.path(), &packages).unwrap()
    }

    #[test]
    fn what_belongs_to_the_package_or_to_nobody_may_be_held() {
        let source = r#"
            // include_str!("../../two/secret.txt") in a comment is none.
            const SAID: &str = "include_str!(\"../../two/secret.txt\")";
            const OWN: &str = include_str!("own.txt");
            const BELOW: &[u8] = include_bytes!("../data/own.bin");
            const RULES: &str = include_str!(concat!("../../rules/1/", $name));
            const ROOTED: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/a.json"));
            include!(concat!(env!("OUT_DIR"), "/made.rs"));
        "#;
        assert_eq!(broken("src/lib.rs", source), [""; 0]);
    }

    #[test]
    fn another_packages_file_is_refused_however_it_is_reached() {
        for (argument, file) in [
            (r#""../../two/src/lib.rs""#, "two/src/lib.rs"),
            (r##"r#"../../two/a.txt"#"##, "two/a.txt"),
            (r#""../within/src/a.txt""#, "one/within/src/a.txt"),
            (r#"concat!("../../rules/../two/", "a.txt")"#, "two"),
            (
                r#"concat!(env!("CARGO_MANIFEST_DIR"), "/../two/a.txt")"#,
                "two/a.txt",
            ),
        ] {
            for include in ["include", "include_bytes", "include_str"] {
                let source = format!("fn f() {{ let held = {include}!({argument}); }}");
                let broken = broken("src/lib.rs", &source);
                let [line] = &broken[..] else {
                    panic!("{source}: {broken:?}");
                };
                assert!(
                    line.starts_with(&format!("one (one/src/lib.rs) may not hold {file}")),
                    "{line}"
                );
            }
        }
    }

    #[test]
    fn a_folder_of_nobodys_that_is_not_on_the_list_is_refused() {
        assert_eq!(
            broken(
                "src/lib.rs",
                r#"const A: &str = include_str!("../../docs/a.md");"#
            ),
            ["one (one/src/lib.rs) may not hold docs/a.md, which is nobody's"]
        );
    }

    #[test]
    fn an_include_that_nobody_can_follow_is_refused() {
        for source in [
            "const A: &str = include_str!($path);",
            r#"const A: &str = include_str!(env!("ELSEWHERE"));"#,
        ] {
            assert!(broken("src/lib.rs", source)[0].contains("nobody can see"));
        }
    }

    #[test]
    fn a_build_script_is_held_to_the_same_law() {
        assert_eq!(
            broken("build.rs", r#"const FROM: &str = "../two/src";"#),
            ["one (one/build.rs) may not hold two/src, which is two's"]
        );
        assert_eq!(
            broken("build.rs", r#"const FROM: &str = "../rules/1";"#),
            [""; 0]
        );
    }
}
