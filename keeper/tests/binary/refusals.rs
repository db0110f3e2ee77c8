use std::fs;

use sha2::{Digest as _, Sha256};

use crate::folder::{Folder, proof, run, stream, text};

#[test]
fn a_folder_without_keeper_toml_is_refused_as_wrong_usage() {
    let folder = Folder::empty();
    for command in [&["status"][..], &["close", "1"], &["run", "--once"]] {
        folder
            .keeper(command)
            .refuses(2, &["is no keeper's folder", "keeper.toml"]);
    }
}

#[test]
fn unknown_keys_in_keeper_toml_are_refused_with_their_line() {
    let folder = Folder::made();
    folder.configure("[run]", "[run]\nspeed = \"fast\"");
    folder
        .keeper(&["status"])
        .refuses(2, &["keeper.toml", "line ", "speed"]);
}

#[test]
fn a_moment_that_machines_count_finer_or_without_a_zone_is_refused_with_the_right_writing() {
    let folder = Folder::made();
    for (typed, meant) in [
        (
            "1803859200000",
            "write 1803859200 (2027-03-01 00:00:00 UTC)",
        ),
        ("20270301", "write 2027-03-01"),
        ("2027-03-01T12:00:00", "write 2027-03-01T12:00:00Z"),
    ] {
        let ended = folder.keeper(&["ingest", "proofs.jsonl", "--received-at", typed]);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{ended:?}");
        assert!(ended.stderr.contains(meant), "{}", ended.stderr);
    }
}

#[test]
fn a_key_file_that_is_missing_or_is_none_is_refused_without_showing_its_content() {
    let folder = Folder::made();
    let key = folder.data().join("keeper-keypair.json");
    fs::write(&key, "[1,2,3,\"topsecret\"]").unwrap();
    let ended = folder.keeper(&["status"]);
    ended.refuses(2, &["keeper-keypair.json", "no Solana key file"]);
    assert!(!ended.stderr.contains("topsecret"), "{}", ended.stderr);
    fs::remove_file(&key).unwrap();
    folder
        .keeper(&["propose", "1"])
        .refuses(2, &["keeper-keypair.json", "does not exist"]);
}

#[test]
fn a_node_that_does_not_answer_is_no_failure_for_good() {
    let folder = Folder::made();
    for command in [&["close", "1"][..], &["attest", "1"], &["activate", "1"]] {
        folder.keeper(command).refuses(75, &["127.0.0.1:9"]);
    }
    // What is missing in the keeper's own folder is said before a node is asked: waiting would not bring it.
    folder
        .keeper(&["propose", "1"])
        .refuses(1, &["epoch 1 is not closed here"]);
    // `run` would wait for the node; told to do only what can be done now, it says what it waits for.
    let once = folder.keeper(&["run", "--once"]);
    assert_eq!(once.code, 0, "{once:?}");
    assert!(once.stdout.contains("127.0.0.1:9"), "{}", once.stdout);
}

#[test]
fn status_shows_the_folder_even_when_the_node_does_not_answer() {
    let folder = Folder::made();
    let ended = folder.keeper(&["status"]);
    // Not 0: a script that asks every minute must notice.
    assert_eq!(ended.code, 75, "{ended:?}");
    assert!(
        ended.stderr.contains("error: ") && ended.stderr.contains("hint: "),
        "{}",
        ended.stderr
    );
    for words in [
        "evidence goes to epoch 1",
        "  chain     no answer",
        "127.0.0.1:9",
        "Next: ",
    ] {
        assert!(
            ended.stdout.contains(words),
            "\"{words}\" is missing in {}",
            ended.stdout
        );
    }
}

#[test]
fn a_truncated_stream_is_refused_whole_and_the_repaired_file_is_taken() {
    let folder = Folder::made();
    let whole = stream(&[proof(1, 1), proof(2, 1)]);
    let file = folder.write("a.borsh", &whole[..whole.len() - 10]);
    folder
        .keeper(&["ingest", text(&file)])
        .refuses(1, &["a.borsh", "ends inside record 1", "starts at byte"]);
    fs::write(&file, &whole).unwrap();
    let ended = folder.keeper(&["ingest", text(&file)]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("2 proofs filed"), "{}", ended.stdout);
    assert!(
        !ended.stdout.contains("already"),
        "nothing of the broken file was filed: {}",
        ended.stdout
    );
}

#[test]
fn files_that_are_no_lists_of_proofs_are_refused_by_name() {
    let folder = Folder::made();
    let csv = folder.write("a.csv", "a,b\n1,2\n");
    folder
        .keeper(&["ingest", text(&csv)])
        .refuses(1, &["a.csv", "format"]);
    folder
        .keeper(&["ingest", "--format", "borsh", text(&csv)])
        .refuses(1, &["a.csv", "claims", "bytes"]);
    let empty = folder.write("b.jsonl", "");
    folder
        .keeper(&["ingest", text(&empty)])
        .refuses(1, &["b.jsonl", "no record"]);
    let missing = folder.path("c.borsh");
    folder
        .keeper(&["ingest", text(&missing)])
        .refuses(1, &["c.borsh", "can not be read"]);
}

#[test]
fn json_is_taken_as_an_array_and_with_a_byte_order_mark() {
    let folder = Folder::made();
    let proofs: Vec<_> = (1..=4).map(|seq| proof(seq, 1)).collect();
    let lines: String = proofs.iter().map(|proof| proof.to_json() + "\n").collect();
    let values: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (name, bytes) in [
        ("bom.jsonl", format!("\u{feff}{lines}")),
        (
            "array.json",
            serde_json::to_string_pretty(&values).unwrap() + "\n",
        ),
    ] {
        let file = folder.write(name, bytes);
        let ended = folder.keeper(&["ingest", text(&file)]);
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(
            ended.stdout.contains("4 proofs filed") && !ended.stdout.contains("no proofs"),
            "{name}: {}",
            ended.stdout
        );
    }
    let id = hex::encode(proofs[0].proof.id());
    let receipt = folder.keeper(&["receipt", &id]);
    assert!(receipt.stdout.contains("receipt 1 "), "{receipt:?}");
}

#[test]
fn a_file_without_one_proof_is_never_filed_and_said_what_it_looks_like() {
    let folder = Folder::made();
    for (name, bytes, words) in [
        (
            "a.json",
            &b"{\"device\": 1}\n{\"device\": 2}\n"[..],
            "no proof",
        ),
        ("b.jsonl", b"time,value\n1,2\n", "no proof"),
        ("c.json", b"\x1f\x8b\x08\0 packed", "gzip"),
        ("d.json", b"\xff\xfe{\0}\0", "UTF-16"),
        ("e.borsh", b"{\"network\": 1}", "JSON"),
    ] {
        let file = folder.write(name, bytes);
        folder
            .keeper(&["ingest", text(&file)])
            .refuses(1, &[name, words]);
    }
    let borsh = folder.write("f.json", stream(&[proof(1, 1)]));
    let ended = folder.keeper(&["ingest", text(&borsh)]);
    ended.refuses(1, &["f.json", "Borsh"]);
    assert!(ended.stderr.contains("--format borsh"), "{}", ended.stderr);
    let status = folder.keeper(&["status", "--output", "json"]);
    let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!(
        (&status["received"], &status["epochs"]),
        (&0.into(), &serde_json::json!([]))
    );
}

#[test]
fn a_malformed_line_gets_a_receipt_that_says_why_and_the_others_are_filed() {
    let folder = Folder::made();
    let lines = format!("{{\"not\": \"a proof\"}}\n{}\n", proof(1, 1).to_json());
    let file = folder.write("a.jsonl", lines);
    let ended = folder.keeper(&["ingest", text(&file)]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended
            .stdout
            .contains("1 proofs filed, 1 records are no proofs"),
        "{}",
        ended.stdout
    );

    let id = hex::encode(Sha256::digest(b"{\"not\": \"a proof\"}"));
    let receipt = folder.keeper(&["receipt", &id]);
    assert!(
        receipt.stdout.contains("receipt 1 ") && receipt.stdout.contains("it is no proof"),
        "{receipt:?}"
    );
    let id = hex::encode(proof(1, 1).proof.id());
    let receipt = folder.keeper(&["receipt", &id]);
    assert!(
        receipt.stdout.contains("receipt 2 ")
            && receipt
                .stdout
                .contains("evidence/hotspot_beat/0001.parquet row 0"),
        "{receipt:?}"
    );
    let unknown = folder.keeper(&["receipt", &"0".repeat(64)]);
    assert!(unknown.stdout.contains("never received"), "{unknown:?}");
}

#[test]
fn a_file_offered_again_files_nothing_twice() {
    let folder = Folder::made();
    let file = folder.write("a.borsh", stream(&[proof(1, 1), proof(2, 1), proof(3, 2)]));
    let first = folder.keeper(&["ingest", text(&file), "--output", "json"]);
    let reports: serde_json::Value = serde_json::from_str(&first.stdout).unwrap();
    assert_eq!(reports[0]["proofs"], 3);
    assert_eq!(reports[0]["epochs"], serde_json::json!({ "1": 2, "2": 1 }));
    // Under another name it is the same file.
    let copy = folder.path("b.borsh");
    fs::copy(&file, &copy).unwrap();
    let again = folder.keeper(&["ingest", text(&copy), "--output", "json"]);
    let reports: serde_json::Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(
        (&reports[0]["proofs"], &reports[0]["already"]),
        (&0.into(), &3.into())
    );
    let status = folder.keeper(&["status", "--output", "json"]);
    let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!(status["received"], 3);
}

#[test]
fn an_evidence_file_without_receipts_is_moved_aside_at_the_next_start() {
    let folder = Folder::made();
    let file = folder.write("a.borsh", stream(&[proof(1, 1)]));
    assert_eq!(folder.keeper(&["ingest", text(&file)]).code, 0);
    // As a crash between writing and acknowledging leaves it.
    let inputs = folder.data().join("epochs/00001/inputs");
    fs::copy(
        inputs.join("evidence/hotspot_beat/0000.parquet"),
        inputs.join("evidence/hotspot_beat/0001.parquet"),
    )
    .unwrap();
    let file = folder.write("b.borsh", stream(&[proof(2, 1)]));
    let ended = folder.keeper(&["ingest", text(&file)]);
    assert!(ended.stderr.contains("moved to aside/"), "{ended:?}");
    assert!(
        folder
            .data()
            .join("aside/00001-evidence-hotspot_beat-0001.parquet")
            .is_file()
    );
    let receipt = folder.keeper(&["receipt", &hex::encode(proof(2, 1).proof.id())]);
    assert!(
        receipt
            .stdout
            .contains("evidence/hotspot_beat/0001.parquet row 0"),
        "{receipt:?}"
    );
}

#[test]
fn a_second_process_in_the_same_folder_is_told_to_come_back() {
    let folder = Folder::made();
    let lock = fs::File::create(folder.data().join("keeper.lock")).unwrap();
    lock.lock().unwrap();
    folder
        .keeper(&["close", "1"])
        .refuses(75, &["another keeper process"]);
    let status = folder.keeper(&["status"]);
    assert!(
        status.stdout.contains("evidence goes to epoch 1"),
        "status works beside a running keeper: {status:?}"
    );
}

#[test]
fn a_damaged_journal_stops_the_keeper_instead_of_starting_fresh() {
    let folder = Folder::made();
    fs::write(folder.data().join("keeper.sqlite"), vec![7; 8_192]).unwrap();
    folder
        .keeper(&["propose", "1"])
        .refuses(1, &["keeper.sqlite"]);
}

#[test]
fn wrong_arguments_end_with_two_and_help_with_zero() {
    for arguments in [
        &["close"][..],
        &["close", "one"],
        &["close", "-1"],
        &["launch"],
        &["receipt", "12"],
        &["ingest"],
        &["init", "x", "--network", "nonsense"],
    ] {
        let ended = run(arguments);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (2, ""),
            "{arguments:?}: {ended:?}"
        );
    }
    assert_eq!(run(&["--help"]).code, 0);
}

#[test]
fn init_never_touches_a_folder_that_is_a_keepers_and_refuses_values_out_of_range() {
    let folder = Folder::made();
    let before = fs::read_to_string(folder.data().join("keeper.toml")).unwrap();
    folder.init(&[]).refuses(2, &["keeper's folder already"]);
    assert_eq!(
        fs::read_to_string(folder.data().join("keeper.toml")).unwrap(),
        before
    );

    let folder = Folder::empty();
    folder
        .init(&["--epoch-hours", "0"])
        .refuses(2, &["epoch_hours"]);
    assert!(
        !folder.data().join("keeper.toml").exists(),
        "nothing is left behind"
    );
    let key = folder.write("not-a-key.json", "{}");
    folder
        .init(&["--keypair", text(&key)])
        .refuses(2, &["not-a-key.json"]);
}

#[cfg(unix)]
#[test]
fn a_new_key_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::made();
    let mode = fs::metadata(folder.data().join("keeper-keypair.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
