//! No circle of files: what one file takes from another, no way leads back. A module and the files below it are one room and may
//! know each other; everything else is read from the ground up.
//!
//! Names are followed to the file that defines them through every `pub use`, because a package's face hands on what it does not
//! have. What a macro writes is not seen.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, bail};

use crate::steps::{output, root};

/// A module's place in its package; the root has none.
type Place = Vec<String>;

/// A module's file, and the names that it takes.
#[derive(Debug, Default)]
struct Module {
    file: String,
    /// Paths from the package's root.
    takes: Vec<Place>,
    /// What its `use`s call them.
    names: BTreeMap<String, Place>,
    /// Modules whose every name it hands on.
    whole: Vec<Place>,
}

type Package = BTreeMap<Place, Module>;

/// Checks every package.
///
/// # Errors
/// Names a circle of each package that has one.
pub fn check() -> Result<()> {
    let mut packages: BTreeMap<String, Vec<(Place, String, String)>> = BTreeMap::new();
    let mut command = std::process::Command::new("git");
    command.args(["ls-files", "*.rs"]).current_dir(root());
    let listed = output("listing the sources", &mut command)?;
    for file in listed.lines() {
        let Some((package, path)) = file.split_once("/src/") else {
            continue;
        };
        let path = root().join(file).is_file().then_some(path);
        let Some(place) = path.and_then(place) else {
            continue;
        };
        let text =
            fs::read_to_string(root().join(file)).with_context(|| format!("cannot read {file}"))?;
        let sources = packages.entry(package.to_owned()).or_default();
        sources.push((place, file.to_owned(), text));
    }
    let circles = packages
        .into_values()
        .filter_map(|sources| circle(&package(sources)));
    let circles: Vec<String> = circles.map(|files| files.join(" → ")).collect();
    if circles.is_empty() {
        eprintln!("    no circle of files but a module and its own");
        return Ok(());
    }
    bail!(
        "files know each other in a circle; move what both need below both: {}",
        circles.join("; ")
    );
}

/// The module that a file below `src` is; `None` for tests.
fn place(path: &str) -> Option<Place> {
    let mut place: Place = path
        .strip_suffix(".rs")?
        .split('/')
        .map(str::to_owned)
        .collect();
    if place.last().is_some_and(|last| last == "mod") || place == ["lib"] {
        place.pop();
    }
    (!place.iter().any(|part| part == "tests")).then_some(place)
}

fn package(sources: Vec<(Place, String, String)>) -> Package {
    let mut package = Package::new();
    for (place, file, _) in &sources {
        let module = Module {
            file: file.clone(),
            ..Module::default()
        };
        package.insert(place.clone(), module);
    }
    for (place, _, text) in sources {
        let (uses, rest) = read(&text);
        let known = |path: &[String]| package.contains_key(path);
        let mut found = Module::default();
        for (path, name) in uses.iter().flat_map(|tree| leaves(tree)) {
            let Some(path) = from_root(&place, &path, known) else {
                continue;
            };
            match name.as_str() {
                "*" => found.whole.push(path.clone()),
                _ => drop(found.names.insert(name, path.clone())),
            }
            found.takes.push(path);
        }
        let inline = rest.filter_map(|path| from_root(&place, &path, known));
        found.takes.extend(inline);
        if let Some(module) = package.get_mut(&place) {
            found.file = std::mem::take(&mut module.file);
            *module = found;
        }
    }
    package
}

/// A source's `use` trees, and every other path in it. Comments and unit tests count for nothing.
fn read(text: &str) -> (Vec<String>, impl Iterator<Item = Place>) {
    let text = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    let (mut uses, mut rest) = (Vec::new(), String::new());
    let mut open: Option<String> = None;
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        let tree = match &open {
            Some(before) => Some(format!("{before} {line}")),
            None => used(line).map(str::to_owned),
        };
        open = match tree {
            Some(tree) if line.ends_with(';') => {
                uses.push(tree.trim_end_matches(';').to_owned());
                None
            }
            Some(tree) => Some(tree),
            None => {
                rest.push_str(line);
                rest.push('\n');
                None
            }
        };
    }
    let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let words: Vec<Place> = rest
        .split(|letter| !is_path(letter))
        .filter(|word| word.contains("::"))
        .map(|word| word.split("::").map(str::to_owned).collect())
        .collect();
    (uses, words.into_iter())
}

/// What a line that begins a `use` uses.
fn used(line: &str) -> Option<&str> {
    let line = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(')')?.1,
        Some(rest) => rest,
        None => line,
    };
    line.trim_start().strip_prefix("use ")
}

/// Every path of a `use` tree, with the name that it is called by here.
fn leaves(tree: &str) -> Vec<(Place, String)> {
    let tree = tree.trim();
    let Some((head, branches)) = tree.split_once('{') else {
        let (path, name) = tree.split_once(" as ").unwrap_or((tree, ""));
        let path: Place = path
            .split("::")
            .map(|part| part.trim().to_owned())
            .collect();
        let name = match (name, path.as_slice()) {
            ("", [.., before, last]) if last == "self" => before.clone(),
            ("", path) => path.last().cloned().unwrap_or_default(),
            (name, _) => name.trim().to_owned(),
        };
        let path = path.into_iter().filter(|part| part != "*");
        return vec![(path.collect(), name)];
    };
    let branches = branches.trim_end().strip_suffix('}').unwrap_or(branches);
    let (mut found, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, letter) in branches.char_indices().chain([(branches.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                let branch = branches.get(start..at).unwrap_or_default().trim();
                if !branch.is_empty() {
                    found.extend(leaves(&format!("{head}{branch}")));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// A path as it is from the package's root; `None` for what is no path into the package.
fn from_root(here: &[String], path: &[String], known: impl Fn(&[String]) -> bool) -> Option<Place> {
    let (first, rest) = path.split_first()?;
    let mut base: Place = match first.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => here.to_vec(),
        _ => {
            let below = [here, std::slice::from_ref(first)].concat();
            return known(&below).then(|| [here, path].concat());
        }
    };
    let mut rest = if first == "super" { path } else { rest };
    while let Some((up, more)) = rest.split_first().filter(|(up, _)| *up == "super") {
        debug_assert_eq!(up, "super");
        base.pop();
        rest = more;
    }
    let rest = rest.iter().filter(|part| *part != "self").cloned();
    base.extend(rest);
    Some(base)
}

/// The module that defines what `path` names, as far as `use`s lead to it.
fn defined(package: &Package, path: &[String], followed: usize) -> Option<Place> {
    /// More names for one thing than anybody gives.
    const MOST: usize = 8;
    let depth = (0..=path.len())
        .rev()
        .find(|depth| package.contains_key(&path[..*depth]))?;
    let (place, rest) = path.split_at(depth);
    let module = package.get(place)?;
    let Some((name, more)) = rest.split_first().filter(|_| followed < MOST) else {
        return Some(place.to_owned());
    };
    if let Some(handed_on) = module.names.get(name).filter(|target| *target != path) {
        return defined(package, &[handed_on, more].concat(), followed + 1);
    }
    let mut elsewhere = module.whole.iter().filter_map(|whole| {
        let target = [whole, rest].concat();
        defined(package, &target, followed + 1).filter(|found| found != whole)
    });
    Some(elsewhere.next().unwrap_or_else(|| place.to_owned()))
}

/// The files of one circle, the first of them again at the end.
fn circle(package: &Package) -> Option<Vec<String>> {
    let is_kin = |a: &Place, b: &Place| a.starts_with(b) || b.starts_with(a);
    let mut arrows: BTreeMap<&Place, BTreeSet<Place>> = BTreeMap::new();
    for (place, module) in package {
        let found = module
            .takes
            .iter()
            .filter_map(|path| defined(package, path, 0));
        arrows.insert(place, found.filter(|other| !is_kin(place, other)).collect());
    }
    // Who takes nothing of what is left stands on the ground; what can never stand there is a circle, or takes from one.
    loop {
        let left: BTreeSet<Place> = arrows.keys().map(|place| (*place).clone()).collect();
        arrows.retain(|_, others| others.iter().any(|other| left.contains(other)));
        if arrows.len() == left.len() {
            break;
        }
    }
    let mut way: Vec<&Place> = vec![arrows.keys().next()?];
    loop {
        let others = arrows.get(way.last()?)?;
        let (next, _) = arrows.iter().find(|(place, _)| others.contains(**place))?;
        if let Some(at) = way.iter().position(|place| place == next) {
            let mut files: Vec<String> = way
                .split_off(at)
                .iter()
                .map(|place| package[*place].file.clone())
                .collect();
            files.extend(files.first().cloned());
            return Some(files);
        }
        way.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sources: &[(&str, &str)]) -> Option<String> {
        let sources = sources.iter().map(|(path, text)| {
            let place = place(path).expect("a module");
            (place, (*path).to_owned(), (*text).to_owned())
        });
        circle(&package(sources.collect())).map(|files| files.join(" "))
    }

    #[test]
    fn a_circle_is_found_behind_every_way_of_naming_a_file() {
        let face = (
            "lib.rs",
            "mod a;\nmod b;\npub use a::{A, deep::*};\npub use b::B as Other;",
        );
        for (a, b) in [
            ("use crate::Other;", "use super::a::A;"),
            ("use crate::{b::{B}, X};", "pub(crate) use crate::A;"),
            ("fn f() { crate::b::g() }", "use crate::{\n    A,\n};"),
            ("use super::b;\nfn f() { b::g() }", "impl crate::A {}"),
        ] {
            assert_eq!(
                found(&[face, ("a/mod.rs", a), ("b.rs", b)]).as_deref(),
                Some("a/mod.rs b.rs a/mod.rs"),
                "{a} {b}"
            );
        }
    }

    #[test]
    fn a_module_and_its_files_one_way_and_what_tests_take_are_no_circle() {
        let face = ("lib.rs", "mod a;\nmod b;\npub use a::A;");
        let kin = ("a/deep.rs", "use super::A;");
        for (a, b) in [
            ("mod deep;\npub use deep::D;", "use crate::A;"),
            ("// use crate::b::B;", "use crate::A;"),
            (
                "#[cfg(test)]\nmod tests {\n    use crate::b::B;\n}",
                "use crate::A;",
            ),
            ("use std::b::B;", "use crate::a::deep::D;"),
        ] {
            let sources = [face, kin, ("a/mod.rs", a), ("b.rs", b)];
            assert_eq!(found(&sources), None, "{a}");
        }
    }

    #[test]
    fn a_name_is_followed_through_a_face_that_hands_on_everything() {
        let face = ("lib.rs", "mod kind;\nmod error;\npub use kind::*;");
        let kind = (
            "kind/mod.rs",
            "mod body;\npub use body::Body;\npub enum Kind {}",
        );
        let body = ("kind/body.rs", "use crate::error::E;");
        assert_eq!(
            found(&[face, kind, body, ("error.rs", "use crate::Body;")]).as_deref(),
            Some("error.rs kind/body.rs error.rs")
        );
    }
}
