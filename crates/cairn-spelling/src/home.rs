//! `~` for one's home folder. Shells put it in only at the start of a word without quotes: `--files=~/data` and a line of a
//! configuration file reach a program as they were typed.

use std::ffi::OsString;
use std::path::Path;

/// `~` and `~/…` with the home folder in place; everything else as it is.
#[must_use]
pub fn path(text: &str, home: Option<&Path>) -> String {
    let rest = text.strip_prefix('~');
    match (rest, home) {
        (Some(""), Some(home)) => home.display().to_string(),
        (Some(rest), Some(home)) => match rest.strip_prefix('/') {
            Some(below) => home
                .join(below.trim_start_matches('/'))
                .display()
                .to_string(),
            // Another person's home.
            None => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}

/// A command line's arguments with the home folder in place of `~`, alone, behind `--option=` and behind `-o`.
pub fn arguments(
    arguments: impl IntoIterator<Item = OsString>,
    home: Option<&Path>,
) -> Vec<OsString> {
    arguments
        .into_iter()
        .map(|argument| match argument.to_str() {
            Some(text) => argument_text(text, home).into(),
            None => argument,
        })
        .collect()
}

fn argument_text(text: &str, home: Option<&Path>) -> String {
    let value = if text.starts_with("--") {
        text.find('=').map(|at| at.saturating_add(1))
    } else if text.starts_with('-') && text.get(2..3) == Some("~") {
        Some(2)
    } else {
        Some(0)
    };
    let (option, value) = text.split_at(value.unwrap_or(text.len()));
    format!("{option}{}", path(value, home))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_is_the_home_folder_wherever_an_argument_holds_a_path() {
        let home = Path::new("/home/ada");
        for (typed, meant) in [
            ("~/id.json", "/home/ada/id.json"),
            ("~", "/home/ada"),
            ("--files=~/data", "--files=/home/ada/data"),
            ("-k~/id.json", "-k/home/ada/id.json"),
        ] {
            let read = arguments([OsString::from(typed)], Some(home));
            assert_eq!(read, [OsString::from(meant)], "{typed}");
        }
    }

    #[test]
    fn what_is_no_path_of_ones_own_home_stays_as_it_was_typed() {
        let home = Path::new("/home/ada");
        for typed in [
            "~bob/id.json",
            "a~/b",
            "--files",
            "--note=a~b",
            "-",
            "--",
            "-k",
            "1.5",
        ] {
            let read = arguments([OsString::from(typed)], Some(home));
            assert_eq!(read, [OsString::from(typed)], "{typed}");
        }
        assert_eq!(path("~/id.json", None), "~/id.json");
    }
}
