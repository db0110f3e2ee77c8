//! The walks of docs/guide, as a reader would follow them: every command is run in one shell, in one home folder, against one
//! local network, by the programs as built, and must print what stands below it.
//!
//! `CAIRN_UPDATE_GUIDES=1` (or `cargo xtask guides --update`) writes what they print now instead; read the difference.

mod names;
mod network;
mod page;
mod shell;

use std::{
    fs,
    path::{Path, PathBuf},
};

use names::Names;
use page::{Page, Part, Step};
use shell::Shell;

/// In this order: each walk goes on where the one before left the network.
const WALKS: [&str; 7] = [
    "operator.md",
    "device-maker.md",
    "keeper.md",
    "claimer.md",
    "auditor.md",
    "guardian.md",
    "campaign-giver.md",
];

/// Programs that a reader has installed.
const PROGRAMS: [&str; 3] = ["cairn", "cairn-keeper", "cairn-localnet"];

#[tokio::test(flavor = "multi_thread")]
async fn every_command_of_the_guides_prints_what_the_guides_say() {
    let home = tempfile::tempdir().expect("a folder");
    let home_path = fs::canonicalize(home.path()).expect("the folder");
    let network = network::start(&home_path).await;
    let names = Names::of(&network, &home_path);
    let faults = tokio::task::spawn_blocking(move || walk_all(&home_path, &names))
        .await
        .expect("the walks end");
    drop(network);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_guide_is_walked() {
    let mut there: Vec<String> = fs::read_dir(folder())
        .expect("docs/guide")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name != "README.md")
        .collect();
    there.sort();
    let mut walked = WALKS.map(str::to_owned).to_vec();
    walked.sort();
    assert_eq!(there, walked);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide")
}

/// The folder with the programs, which lie beside this test's own.
fn programs() -> PathBuf {
    let test = std::env::current_exe().expect("this test's file");
    let folder = test
        .ancestors()
        .nth(2)
        .expect("the target folder")
        .to_path_buf();
    for program in PROGRAMS {
        assert!(
            folder.join(program).is_file(),
            "{program} is not built; run: cargo xtask guides"
        );
    }
    folder
}

/// Walks all guides; returns what differs. With `CAIRN_UPDATE_GUIDES` nothing differs afterwards.
fn walk_all(home: &Path, names: &Names) -> Vec<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test takes no arguments; this is its one switch"
    )]
    let update = std::env::var_os("CAIRN_UPDATE_GUIDES").is_some();
    let mut shell = Shell::start(home, &programs());
    let mut faults = Vec::new();
    for walk in WALKS {
        let path = folder().join(walk);
        let text = fs::read_to_string(&path).expect(walk);
        let mut page = Page::parse(walk, &text);
        for step in page.parts.iter_mut().filter_map(Part::step) {
            let printed = run(&mut shell, names, step);
            if printed == step.printed {
                continue;
            }
            if update {
                step.printed = printed;
            } else {
                faults.push(difference(walk, step, &printed));
            }
            // What follows builds on it: one fault is told, not its hundred consequences.
            if !update {
                return faults;
            }
        }
        if update {
            fs::write(&path, page.text()).expect(walk);
        }
    }
    faults
}

/// What a step prints, in the words of the guides; `? N` at its end is its exit code.
fn run(shell: &mut Shell, names: &Names, step: &Step) -> Vec<String> {
    let command = names.filled_in(&step.command());
    let (printed, code) = shell.run(&command);
    let mut lines: Vec<String> = names
        .taken_out(&printed)
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    if code != 0 {
        lines.push(format!("? {code}"));
    }
    lines
}

fn difference(walk: &str, step: &Step, printed: &[String]) -> String {
    let mut text = format!(
        "docs/guide/{walk}, line {}: $ {}\n(read the difference; `cargo xtask guides --update` takes it over)\n",
        step.line,
        step.command()
    );
    let most = step.printed.len().max(printed.len());
    for at in 0..most {
        let (old, new) = (step.printed.get(at), printed.get(at));
        if old == new {
            text += &format!("  {}\n", old.map_or("", String::as_str));
            continue;
        }
        if let Some(old) = old {
            text += &format!("- {old}\n");
        }
        if let Some(new) = new {
            text += &format!("+ {new}\n");
        }
    }
    text
}
