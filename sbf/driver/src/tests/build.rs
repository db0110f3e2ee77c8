use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::emit::Arch;
use crate::inputs::{modules, parse};
use crate::library::{Edit, apply};
use crate::optimiser::Optimiser;
use crate::toolchain::rustc_in;
use crate::workspace::{Program, Workspace};

fn words(text: &str) -> Vec<OsString> {
    text.split(' ').map(OsString::from).collect()
}

#[test]
fn the_linker_reads_rustcs_arguments_and_refuses_others() {
    let (inputs, output) = parse(&words(
        "--export-symbols list --cpu v2 -L deps a.o libb.rlib --debug -O3 -o out.so",
    ))
    .unwrap();
    assert_eq!(inputs, [PathBuf::from("a.o"), PathBuf::from("libb.rlib")]);
    assert_eq!(output, Path::new("out.so"));
    let refused = parse(&words("a.o --gc-sections -o out.so"))
        .unwrap_err()
        .to_string();
    assert!(refused.contains("--gc-sections"), "{refused}");
    assert!(
        parse(&words("a.o"))
            .unwrap_err()
            .to_string()
            .contains("no output")
    );
    assert!(
        parse(&words("-o out.so"))
            .unwrap_err()
            .to_string()
            .contains("no input")
    );
}

#[test]
fn only_bitcode_is_taken_from_an_archive() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("libx.rlib");
    let mut bytes = b"!<arch>\n".to_vec();
    for (name, content) in [
        ("lib.rmeta/", &b"rust metadata"[..]),
        ("x.o/", b"BC\xc0\xde code"),
        ("y.o/", b"BC\xc0\xdemore"),
    ] {
        bytes.extend(
            format!(
                "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
                0,
                0,
                0,
                644,
                content.len()
            )
            .bytes(),
        );
        bytes.extend(content);
        if content.len() % 2 == 1 {
            bytes.push(b'\n');
        }
    }
    fs::write(&archive, bytes).unwrap();
    let found = modules(&archive).unwrap();
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["x.o", "y.o"]);
    assert_eq!(found[1].1, b"BC\xc0\xdemore");
    fs::write(&archive, b"!<arch>\nnonsense").unwrap();
    assert!(
        modules(&archive)
            .unwrap_err()
            .to_string()
            .contains("cannot read the archive")
    );
}

#[test]
fn the_standard_library_is_edited_where_it_is_known_and_nowhere_else() {
    let edit = Edit {
        file: "std/src/some.rs",
        anchor: "zkvm,\n",
        insert: "solana,\n",
    };
    assert_eq!(
        apply(&edit, "uefi,\nzkvm,\nxous,\n").unwrap(),
        "uefi,\nzkvm,\nsolana,\nxous,\n"
    );
    for unknown in ["uefi,\n", "zkvm,\nzkvm,\n"] {
        let refused = apply(&edit, unknown).unwrap_err().to_string();
        assert!(
            refused.contains("std/src/some.rs is not the one this driver knows"),
            "{refused}"
        );
    }
}

/// Solana's own tool is not installed where these tests run: a script in its place writes down how it was called.
#[test]
fn solanas_own_tool_is_told_which_program_version_and_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (tool, called) = (
        folder.path().join("cargo-build-sbf"),
        folder.path().join("called"),
    );
    let script = folder.path().join("script");
    fs::write(
        &script,
        format!("#!/bin/sh\necho \"$@\" > {}\n", called.display()),
    )
    .unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    // Another process writes what is run: a program that a test beside this one starts may still hold open what this one wrote,
    // and a file that is open for writing can not be run.
    let copied = Command::new("cp").arg(&script).arg(&tool).status();
    assert!(copied.unwrap().success());
    let workspace = Workspace {
        root: folder.path().into(),
        deploy: "/deploy".into(),
        sbf: "/sbf".into(),
    };
    let vault = &Program {
        package: "reward-vault",
        folder: "programs/reward-vault",
        is_test: false,
        for_size: &["reward-vault"],
        optimiser: Optimiser::On,
    };
    let executable = workspace.executable(vault, Arch::V3);
    assert_eq!(executable, Path::new("/deploy/v3/reward_vault.so"));
    workspace
        .build_with_solana(&tool, vault, Arch::V3, &executable)
        .unwrap();
    let manifest = folder.path().join("programs/reward-vault/Cargo.toml");
    assert_eq!(
        fs::read_to_string(&called).unwrap().trim(),
        format!(
            "--manifest-path {} --sbf-out-dir /deploy/v3 --arch v3",
            manifest.display()
        )
    );
    fs::write(&tool, "#!/bin/sh\nexit 3\n").unwrap();
    let failed = workspace
        .build_with_solana(&tool, vault, Arch::V0, &executable)
        .unwrap_err()
        .to_string();
    assert!(failed.contains("failed on reward-vault"), "{failed}");
}

#[test]
fn a_program_without_optimisers_stands_apart_under_the_name_that_loaders_look_for() {
    let workspace = Workspace::at(Path::new("/cairn"));
    let registry = Program {
        package: "device-registry",
        folder: "programs/device-registry",
        is_test: false,
        for_size: &[],
        optimiser: Optimiser::Off,
    };
    assert_eq!(
        workspace.executable(&registry, Arch::V0),
        Path::new("/cairn/target/sbf/unoptimised/device_registry.so")
    );
    assert_eq!(registry.name(), "device-registry-unoptimised");
    assert_eq!(registry.not_inlined(), ["device-registry"]);
    let deployed = Program {
        optimiser: Optimiser::On,
        ..registry
    };
    assert_eq!(
        workspace.executable(&deployed, Arch::V0),
        Path::new("/cairn/target/deploy/device_registry.so")
    );
    assert!(deployed.not_inlined().is_empty());
}

#[test]
fn rustc_is_told_the_system_root_whatever_its_folder_is_called() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("it's a folder");
    fs::create_dir(&root).unwrap();
    let script = folder.path().join("rustc");
    fs::write(&script, rustc_in(&root).unwrap()).unwrap();
    let told = std::process::Command::new("sh")
        .arg("-c")
        // What the script would run, in place of rustc.
        .arg("sed 's|exec [^ ]*|printf \"%s,\"|' \"$0\" > \"$0.told\" && sh \"$0.told\" -vV")
        .arg(&script)
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(told.stdout).unwrap(),
        format!("--sysroot,{},-vV,", root.display())
    );
}
