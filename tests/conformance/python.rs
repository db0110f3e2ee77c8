use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::folder;

fn run(vectors: &Path) -> Output {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/second_implementation");
    Command::new("python3")
        // Nothing is written beside the sources.
        .arg("-B")
        .arg(program)
        .arg(vectors)
        .output()
        .unwrap_or_else(|error| {
            panic!("python3 does not start ({error}); install it: apt-get install python3")
        })
}

#[test]
fn a_program_in_another_language_comes_to_the_same_vectors() {
    let output = run(&folder());
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let said = String::from_utf8_lossy(&output.stdout);
    for part in [
        "tree-1000.json: root and",
        "21 refusals",
        "33 proofs and 14 refusals of drops",
        "19 signatures",
        "12 edge cases",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

/// A copy of the vectors in which `from` became `to` once.
fn altered(name: &str, from: &str, to: &str) -> PathBuf {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("altered-{name}"));
    fs::create_dir_all(copy.join("external")).expect("a folder for the copy");
    for entry in fs::read_dir(folder())
        .expect("the vectors")
        .map_while(Result::ok)
    {
        if entry.path().is_file() {
            fs::copy(entry.path(), copy.join(entry.file_name())).expect("a copy");
        }
    }
    let edge_cases = "external/ed25519-speccheck.json";
    fs::copy(folder().join(edge_cases), copy.join(edge_cases)).expect("a copy");
    let path = copy.join(name);
    let text = fs::read_to_string(&path).expect("the file to alter");
    assert!(text.contains(from), "{name} holds {from}");
    fs::write(&path, text.replacen(from, to, 1)).expect("the altered file");
    copy
}

#[test]
fn the_other_program_notices_what_is_altered() {
    let cases = [
        (
            "tree-0005.json",
            "\"tokens\": \"13\"",
            "\"tokens\": \"12\"",
            "preimage of leaf 4",
        ),
        (
            "tree-refusals.json",
            "SumOverflow",
            "SumMismatch",
            "this program SumOverflow",
        ),
        (
            "drops.json",
            "\"locked\": \"1863\"",
            "\"locked\": \"1864\"",
            "preimage of leaf 10",
        ),
        (
            "proofs.json",
            "\"epoch\": 4",
            "\"epoch\": 5",
            "wifi_check_in",
        ),
    ];
    for (name, from, to, complaint) in cases {
        let output = run(&altered(name, from, to));
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(complaint), "{said}");
    }
}
