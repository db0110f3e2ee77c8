//! The built program, from outside: what it prints where, and how it ends. Every bad input gives one sentence, a hint and a
//! documented exit code.

mod bad_input;
mod campaign;
mod help;
mod keys;
mod typed;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A home folder without any configuration, and whatever files a test puts there.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("a folder");
        }
        std::fs::write(&path, content).expect("a file");
        path
    }

    /// Runs the program in this home, without a terminal.
    fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, &[])
    }

    fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_cairn"))
            .args(args)
            .env_clear()
            .env("HOME", self.path())
            .envs(variables.iter().copied())
            .current_dir(self.path())
            .stdin(Stdio::null())
            .output()
            .expect("the program starts")
    }

    /// Exit code, standard output and standard error as one text, with this home's path left out.
    fn told(&self, args: &[&str]) -> String {
        told(&self.run(args), self.path())
    }
}

fn told(output: &Output, home: &Path) -> String {
    let text = |bytes: &[u8]| {
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        text.replace(&home.display().to_string(), "~")
    };
    format!(
        "exit {}\n--- stdout\n{}--- stderr\n{}",
        output.status.code().expect("no signal ended it"),
        text(&output.stdout),
        text(&output.stderr)
    )
}
