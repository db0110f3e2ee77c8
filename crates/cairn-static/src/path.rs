//! From a request's path to a file, and to no other.

use std::path::{Component, Path, PathBuf};

/// A path without its query, its `%` signs read; `None` for one that is none.
pub fn decoded(path: &str) -> Option<String> {
    let path = path.split(['?', '#']).next()?;
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let pair = [rest.next()?, rest.next()?];
            let pair = std::str::from_utf8(&pair).ok()?;
            bytes.push(u8::from_str_radix(pair, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let path = String::from_utf8(bytes).ok()?;
    (path.starts_with('/') && !path.contains(['\\', '\0'])).then_some(path)
}

/// The file `below` a folder, reached without a step up and without a link.
pub fn inside(folder: &Path, below: &str) -> Option<PathBuf> {
    let mut path = folder.to_owned();
    for part in Path::new(below).components() {
        let Component::Normal(name) = part else {
            return None;
        };
        path.push(name);
        if path.is_symlink() {
            return None;
        }
    }
    path.is_file().then_some(path)
}

/// What a browser must know of a file.
pub fn kind(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "wasm" => "application/wasm",
        "txt" | "sql" | "toml" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether a file of this kind gets smaller by gzip: tables and pictures are packed already.
pub fn packs(kind: &str) -> bool {
    kind.starts_with("text/")
        || kind.contains("json")
        || kind.contains("svg")
        || kind == "application/wasm"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_once_and_its_query_left_out() {
        for (asked, path) in [
            ("/", Some("/")),
            ("/a%20b.json?x=1", Some("/a b.json")),
            ("/%252e", Some("/%2e")),
            ("a", None),
            ("/a%2", None),
            ("/a%zz", None),
            ("/a%00b", None),
            ("/a\\b", None),
        ] {
            assert_eq!(decoded(asked).as_deref(), path, "{asked}");
        }
    }

    #[test]
    fn nothing_outside_the_folder_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("in.txt"), "in").expect("written");
        let inner = folder.path().join("site");
        std::fs::create_dir(&inner).expect("made");
        std::fs::write(inner.join("a.txt"), "a").expect("written");
        std::os::unix::fs::symlink(folder.path(), inner.join("link")).expect("linked");
        assert!(inside(&inner, "a.txt").is_some());
        for outside in ["../in.txt", "/etc/passwd", "link/in.txt", "", "gone.txt"] {
            assert_eq!(inside(&inner, outside), None, "{outside}");
        }
    }
}
