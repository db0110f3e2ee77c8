use std::fs;

use cairn_testkit::commands_named;

use crate::folder::{Folder, proof, run, stream, text};

#[test]
fn help_teaches_by_example_and_documents_the_exit_codes() {
    let help = run(&["--help"]).stdout;
    for words in [
        "Examples:",
        "Exit codes:",
        "75",
        "ingest",
        "close",
        "propose",
        "attest",
        "activate",
        "status",
        "run",
    ] {
        assert!(help.contains(words), "\"{words}\" is missing in {help}");
    }
}

#[test]
fn every_command_that_a_text_tells_people_to_run_exists() {
    for (words, file) in commands_named("cairn-keeper") {
        let ended = run(&[&words[0], "--help"]);
        let told = words.join(" ");
        assert_eq!(
            ended.code,
            0,
            "{} names `cairn-keeper {told}`",
            file.display()
        );
    }
}

#[test]
fn the_configuration_init_writes_explains_every_key() {
    let folder = Folder::made();
    let text = fs::read_to_string(folder.data().join("keeper.toml")).unwrap();
    let mut explained = false;
    for line in text.lines() {
        if line.starts_with('#') {
            explained = true;
        } else if line.starts_with('[') || line.is_empty() {
            explained = false;
        } else {
            // A run of related keys may share one comment.
            assert!(explained, "no comment above: {line}");
        }
    }
    for hidden in ["{", "}"] {
        assert!(!text.contains(hidden), "an unfilled place in {text}");
    }
}

#[test]
fn data_goes_to_stdout_as_one_json_object_and_talk_to_stderr() {
    let folder = Folder::empty();
    let made = folder.init(&["--output", "json"]);
    let value: serde_json::Value = serde_json::from_str(&made.stdout).unwrap();
    assert_eq!(value["folder"], text(&folder.data()));
    let file = folder.write("a.borsh", stream(&[proof(1, 1)]));
    let ended = folder.keeper(&["ingest", text(&file), "--output", "json"]);
    serde_json::from_str::<serde_json::Value>(&ended.stdout).unwrap();
    let status = folder.keeper(&["status", "--output", "json"]);
    let value: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!(value["open_epoch"], 1);
    assert_eq!(value["chain"], serde_json::Value::Null);
}

#[test]
fn no_output_shows_the_key_inside_an_rpc_address() {
    let folder = Folder::made();
    folder.configure(
        "http://127.0.0.1:9",
        "http://127.0.0.1:9/v2/SECRETKEY?api-key=SECRETKEY",
    );
    for command in [&["status"][..], &["close", "1"], &["-v", "activate", "1"]] {
        let ended = folder.keeper(command);
        assert!(!format!("{ended:?}").contains("SECRETKEY"), "{ended:?}");
    }
}
