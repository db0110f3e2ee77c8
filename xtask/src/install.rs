//! `cargo xtask install`: the commands on the PATH, and their completions where the shells look.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{
    debian,
    steps::{Profile, build},
};

/// Put `cairn` and `cairn-keeper` on the PATH, with completions for the shells that are installed here.
///
/// A second run puts what changed into the same places. `cargo install --locked --path cli` (and `--path keeper`) does the same
/// without completions.
#[derive(Args)]
pub struct Install {
    /// Install below this folder instead: DIR/bin and DIR/share; /usr/local serves every user.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Not optimised: seconds after a demonstration, but slow at work.
    #[arg(long)]
    debug: bool,
    /// Install `cairn-localnet` too, which the walks in docs/guide use.
    #[arg(long)]
    localnet: bool,
    /// No completions.
    #[arg(long)]
    no_completions: bool,
}

/// Commands that print completions of themselves.
const COMMANDS: [&str; 2] = ["cairn", "cairn-keeper"];
const LOCALNET: &str = "cairn-localnet";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// Where things go.
#[derive(Debug, PartialEq, Eq)]
struct Places {
    bin: PathBuf,
    bash: PathBuf,
    zsh: PathBuf,
    fish: PathBuf,
}

impl Install {
    pub fn run(&self) -> Result<()> {
        let begun = Instant::now();
        let places = match &self.root {
            Some(root) => Places::below(&std::path::absolute(root).context("no such folder")?),
            None => Places::of_user(
                &std::env::home_dir()
                    .context("this user has no home folder; name one with --root")?,
                std::env::var_os("CARGO_HOME").map(PathBuf::from),
            ),
        };
        let mut written = self.commands(&places.bin)?;
        if !self.no_completions {
            for shell in Shell::ALL.into_iter().filter(|shell| shell.is_here()) {
                for command in COMMANDS {
                    written.push(complete(&places, shell, command)?);
                }
            }
        }
        eprintln!("\nInstalled in {} s:", begun.elapsed().as_secs());
        for path in &written {
            eprintln!("  {}", path.display());
        }
        for advice in advice(&places, self.no_completions) {
            eprintln!("{advice}");
        }
        let all: Vec<String> = written.iter().map(|path| quoted(path)).collect();
        eprintln!("To undo it: rm {}", all.join(" "));
        Ok(())
    }

    /// Builds the commands and copies them into `bin`.
    fn commands(&self, bin: &Path) -> Result<Vec<PathBuf>> {
        let (profile, what) = if self.debug {
            (Profile::Debug, "building the commands")
        } else {
            (
                Profile::Release,
                "building the commands, optimised (the first time takes a while; --debug takes what a demonstration compiled)",
            )
        };
        let built = build(what, &COMMANDS, profile)?;
        let mut written = Vec::new();
        for name in COMMANDS {
            written.push(put(&built.join(name), bin, name)?);
        }
        if self.localnet {
            // Nobody runs it for its speed, and `cargo xtask localnet` compiles it this way already.
            let built = build("building the local network", &[LOCALNET], Profile::Debug)?;
            written.push(put(&built.join(LOCALNET), bin, LOCALNET)?);
        }
        Ok(written)
    }
}

impl Places {
    /// cargo's own folder for commands, and the user's for completions.
    fn of_user(home: &Path, cargo_home: Option<PathBuf>) -> Self {
        let share = home.join(".local/share");
        Self {
            bin: cargo_home
                .unwrap_or_else(|| home.join(".cargo"))
                .join("bin"),
            bash: share.join("bash-completion/completions"),
            zsh: share.join("zsh/site-functions"),
            fish: home.join(".config/fish/completions"),
        }
    }

    /// As packages of a system are laid out.
    fn below(root: &Path) -> Self {
        let share = root.join("share");
        Self {
            bin: root.join("bin"),
            bash: share.join("bash-completion/completions"),
            zsh: share.join("zsh/site-functions"),
            fish: share.join("fish/vendor_completions.d"),
        }
    }
}

impl Shell {
    const ALL: [Self; 3] = [Self::Bash, Self::Zsh, Self::Fish];

    const fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
        }
    }

    fn is_here(self) -> bool {
        debian::on_path(self.name()).is_some()
    }

    /// The file in which the shell looks for the completions of `command`.
    fn file(self, places: &Places, command: &str) -> PathBuf {
        match self {
            Self::Bash => places.bash.join(command),
            Self::Zsh => places.zsh.join(format!("_{command}")),
            Self::Fish => places.fish.join(format!("{command}.fish")),
        }
    }
}

/// Copies a program into `bin`. Replaced as a whole: a keeper that is running keeps the file it started from.
fn put(from: &Path, bin: &Path, name: &str) -> Result<PathBuf> {
    let to = bin.join(name);
    if to.is_dir() {
        bail!("{} is a folder", to.display());
    }
    fs::create_dir_all(bin).with_context(|| unwritable(bin))?;
    let fresh = bin.join(format!(".{name}.new"));
    fs::copy(from, &fresh).with_context(|| unwritable(&fresh))?;
    fs::rename(&fresh, &to).with_context(|| unwritable(&to))?;
    Ok(to)
}

/// Lets the installed `command` write its completions.
fn complete(places: &Places, shell: Shell, command: &str) -> Result<PathBuf> {
    let program = places.bin.join(command);
    let output = Command::new(&program)
        .args(["completions", shell.name()])
        .output()
        .with_context(|| format!("{} can not be started", program.display()))?;
    if !output.status.success() {
        bail!("`{command} completions {}` failed", shell.name());
    }
    let to = shell.file(places, command);
    let folder = to.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| unwritable(folder))?;
    fs::write(&to, output.stdout).with_context(|| unwritable(&to))?;
    Ok(to)
}

fn unwritable(path: &Path) -> String {
    format!(
        "{} can not be written; hint: choose a folder of yours with --root",
        path.display()
    )
}

/// What a person still has to do so that the shell finds it all.
fn advice(places: &Places, no_completions: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let path = std::env::var_os("PATH").unwrap_or_default();
    if !std::env::split_paths(&path).any(|folder| folder == places.bin) {
        lines.push(format!(
            "{} is not on PATH; add to your shell's start-up file: export PATH={}:\"$PATH\"",
            places.bin.display(),
            quoted(&places.bin)
        ));
    }
    if no_completions {
        return lines;
    }
    lines.push("A shell that starts from now on completes them.".to_owned());
    if Shell::Zsh.is_here() && !places.zsh.starts_with("/usr") {
        lines.push(format!(
            "zsh looks there after this line in ~/.zshrc, before compinit: fpath=({} $fpath)",
            quoted(&places.zsh)
        ));
    }
    if Shell::Bash.is_here() && !Path::new("/usr/share/bash-completion/bash_completion").exists() {
        lines.push(
            "bash reads them through the package bash-completion, which is not installed."
                .to_owned(),
        );
    }
    lines
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%:,".contains(c);
    if text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_completions_go_where_each_shell_looks_first() {
        let places = Places::of_user(Path::new("/home/a"), None);
        assert_eq!(places.bin, Path::new("/home/a/.cargo/bin"));
        let files = Shell::ALL.map(|shell| shell.file(&places, "cairn"));
        assert_eq!(
            files,
            [
                "/home/a/.local/share/bash-completion/completions/cairn",
                "/home/a/.local/share/zsh/site-functions/_cairn",
                "/home/a/.config/fish/completions/cairn.fish",
            ]
            .map(PathBuf::from)
        );
        let elsewhere = Places::of_user(Path::new("/home/a"), Some("/opt/cargo".into()));
        assert_eq!(elsewhere.bin, Path::new("/opt/cargo/bin"));
    }

    #[test]
    fn below_a_root_everything_lies_as_a_systems_packages_do() {
        let places = Places::below(Path::new("/usr/local"));
        let files = Shell::ALL.map(|shell| shell.file(&places, "cairn-keeper"));
        assert_eq!(
            files,
            [
                "/usr/local/share/bash-completion/completions/cairn-keeper",
                "/usr/local/share/zsh/site-functions/_cairn-keeper",
                "/usr/local/share/fish/vendor_completions.d/cairn-keeper.fish",
            ]
            .map(PathBuf::from)
        );
    }

    #[test]
    fn a_program_is_replaced_as_a_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("root/bin");
        let built = folder.path().join("built");
        for text in ["one", "two"] {
            fs::write(&built, text).unwrap();
            let put = put(&built, &bin, "cairn").unwrap();
            assert_eq!(fs::read_to_string(put).unwrap(), text);
        }
        assert_eq!(fs::read_dir(&bin).unwrap().count(), 1);
    }

    #[test]
    fn a_path_with_spaces_survives_the_shell() {
        assert_eq!(quoted(Path::new("/a/b-c_1.x")), "/a/b-c_1.x");
        assert_eq!(quoted(Path::new("/a b/it's")), r"'/a b/it'\''s'");
    }
}
