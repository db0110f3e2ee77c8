//! Which lints hold where: every package inherits the workspace's, and what moves money denies more.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::steps::{cargo, output, root};

/// What money code does not do: wrap, panic, truncate or round by itself.
const MONEY: [&str; 9] = [
    "arithmetic_side_effects",
    "cast_possible_truncation",
    "cast_possible_wrap",
    "cast_precision_loss",
    "cast_sign_loss",
    "expect_used",
    "float_arithmetic",
    "indexing_slicing",
    "unwrap_used",
];

/// Where money is moved, but for the programs, which all do: crates by their roots, and single modules.
const MOVES_MONEY: [&str; 13] = [
    "crates/cairn-device-tree/src/lib.rs",
    "crates/cairn-epoch/src/admit.rs",
    "crates/cairn-epoch/src/allot.rs",
    "crates/cairn-epoch/src/correct.rs",
    "crates/cairn-epoch/src/decide.rs",
    "crates/cairn-epoch/src/decision.rs",
    "crates/cairn-epoch/src/ledger.rs",
    "crates/cairn-epoch/src/memory/mod.rs",
    "crates/cairn-epoch/src/state/mod.rs",
    "crates/cairn-merkle/src/lib.rs",
    "crates/cairn-onchain/src/lib.rs",
    "crates/cairn-tree/src/lib.rs",
    "keeper/src/domain/mod.rs",
];

/// Every place where money is moved.
fn money_places() -> Result<Vec<String>> {
    let programs = root().join("programs");
    let entries = fs::read_dir(&programs)
        .and_then(|entries| entries.collect::<Result<Vec<_>, _>>())
        .with_context(|| format!("cannot list {}", programs.display()))?;
    let mut places: Vec<String> = entries
        .iter()
        .map(|entry| {
            format!(
                "programs/{}/src/lib.rs",
                entry.file_name().to_string_lossy()
            )
        })
        .chain(MOVES_MONEY.map(str::to_owned))
        .collect();
    places.sort();
    Ok(places)
}

/// Checks both.
///
/// # Errors
/// Names every package without the workspace's lints, and every money module with the lints it lacks.
pub fn check() -> Result<()> {
    let mut broken = Vec::new();
    for manifest in manifests()? {
        let text = read(Path::new(&manifest))?;
        if !inherits(&text).with_context(|| format!("{manifest} can not be read"))? {
            broken.push(format!("{manifest} lacks [lints] workspace = true"));
        }
    }
    let places = money_places()?;
    for place in &places {
        let missing = missing(&read(&root().join(place))?);
        if !missing.is_empty() {
            broken.push(format!("{place} does not deny {}", missing.join(", ")));
        }
    }
    if broken.is_empty() {
        eprintln!(
            "    every package inherits the lints, {} places deny the money lints",
            places.len()
        );
        return Ok(());
    }
    bail!(
        "{}; the list of places is in xtask/src/gate/laws.rs",
        broken.join("; ")
    );
}

fn manifests() -> Result<Vec<String>> {
    let text = output(
        "reading the workspace",
        &mut cargo(&["metadata", "--format-version", "1", "--no-deps", "--locked"]),
    )?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata is not JSON")?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata lists no packages")?;
    Ok(packages
        .iter()
        .filter_map(|package| package["manifest_path"].as_str().map(str::to_owned))
        .collect())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn inherits(manifest: &str) -> Result<bool> {
    let manifest: toml::Table = manifest.parse().context("it is not TOML")?;
    Ok(manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace"))
        .and_then(toml::Value::as_bool)
        .unwrap_or(false))
}

/// The money lints that no inner `deny` at the top of the file names.
fn missing(source: &str) -> Vec<&'static str> {
    let mut denied = BTreeSet::new();
    for attribute in source.split("#![").skip(1) {
        let attribute = attribute.split(")]").next().unwrap_or_default();
        let Some((condition, list)) = attribute.split_once("deny(") else {
            continue;
        };
        // Tests may panic; no other condition may take the lints away.
        let condition: String = condition.split_whitespace().collect();
        if ["", "cfg_attr(not(test),"].contains(&&*condition) {
            denied.extend(list.split([',', ')']).map(str::trim));
        }
    }
    MONEY
        .into_iter()
        .filter(|lint| !denied.contains(&*format!("clippy::{lint}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denying(lints: &[&str]) -> String {
        lints
            .iter()
            .map(|lint| format!("    clippy::{lint},\n"))
            .collect()
    }

    #[test]
    fn a_money_module_denies_every_money_lint_outside_tests() {
        let whole = format!("//! Docs.\n#![deny(\n{})]\n", denying(&MONEY));
        assert!(missing(&whole).is_empty());
        let but_tests = format!(
            "#![cfg_attr(\n    not(test),\n    deny(\n{})\n)]\n",
            denying(&MONEY)
        );
        assert!(missing(&but_tests).is_empty());
    }

    #[test]
    fn a_missing_lint_and_one_that_holds_only_sometimes_are_named() {
        let short = format!("#![deny(\n{})]\n", denying(&MONEY[1..]));
        assert_eq!(missing(&short), [MONEY[0]]);
        let sometimes = format!(
            "#![cfg_attr(feature = \"x\", deny(\n{}))]\n",
            denying(&MONEY)
        );
        assert_eq!(missing(&sometimes), MONEY);
    }

    #[test]
    fn a_package_with_a_lint_table_of_its_own_is_found() {
        assert!(inherits("[lints]\nworkspace = true\n").unwrap());
        assert!(!inherits("[lints.clippy]\ntodo = \"deny\"\n").unwrap());
        assert!(!inherits("[package]\nname = \"x\"\n").unwrap());
    }
}
