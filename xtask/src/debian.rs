//! What the repository's tasks need of a fresh Debian 12.

use cairn_debian::{Package, Sign};
pub use cairn_debian::{need, on_path};

/// What any build of the workspace needs. `cargo xtask` itself was linked, so a compiler is usually there.
pub const BUILD: &[Package] = &[
    Package {
        name: "gcc",
        why: "SQLite, zstd and secp256k1, which are C, and for linking",
        shown_by: &[Sign::Program("cc")],
    },
    Package {
        name: "libc6-dev",
        why: "the same",
        shown_by: &[Sign::File("/usr/include/stdlib.h")],
    },
    Package {
        name: "pkg-config",
        why: "finding OpenSSL",
        shown_by: &[Sign::Program("pkg-config")],
    },
    Package {
        name: "libssl-dev",
        why: "the local network's precompiles; building OpenSSL from source takes four minutes",
        shown_by: &[Sign::Library("openssl", "OPENSSL_DIR")],
    },
];

/// What tells which sources something was made of.
pub const SOURCES: &[Package] = &[Package {
    name: "git",
    why: "knowing the sources that something was built and tested with",
    shown_by: &[Sign::Program("git")],
}];

/// What fetches the checkers that others wrote.
pub const CHECKERS: &[Package] = &[Package {
    name: "python3-venv",
    why: "checkers and Node.js, which come as wheels",
    shown_by: &[Sign::Module("venv"), Sign::Module("ensurepip")],
}];

/// What shows the app's pages to its tests.
pub const BROWSER: &[Package] = &[Package {
    name: "chromium",
    why: "the web app's tests",
    shown_by: &[Sign::Program("chromium")],
}];
