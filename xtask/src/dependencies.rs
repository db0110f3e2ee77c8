//! The dependency law of ARCHITECTURE.md: which part may know which.

mod includes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::steps::{cargo, output, root};
use includes::Package;

/// Check that every part depends only on the parts that ARCHITECTURE.md allows it.
#[derive(Args)]
pub struct Deps;

/// Part, then the parts of ours it may depend on (tests included only where marked in `TESTS_MAY`).
const LAW: &[(&str, &[&str])] = &[
    ("cairn-merkle", &[]),
    ("cairn-device-tree", &[]),
    ("cairn-proof", &[]),
    ("cairn-spelling", &[]),
    ("device-registry", &["cairn-device-tree"]),
    ("cairn-onchain", &["cairn-merkle"]),
    ("cairn-memory", &[]),
    ("airdrop", &["cairn-merkle", "cairn-onchain"]),
    ("reward-vault", &["cairn-merkle", "cairn-onchain"]),
    ("cairn-tree", &["cairn-merkle"]),
    ("cairn-table", &[]),
    ("cairn-facts", &["cairn-merkle", "cairn-spelling"]),
    (
        "cairn-campaign",
        &[
            "cairn-merkle",
            "cairn-spelling",
            "cairn-table",
            "cairn-tree",
        ],
    ),
    ("cairn-rules", &[]),
    ("cairn-web", &["cairn-device-tree", "cairn-merkle"]),
    ("cairn-auditor", &["cairn-epoch"]),
    (
        "cairn-epoch",
        &[
            "cairn-merkle",
            "cairn-proof",
            "cairn-rules",
            "cairn-spelling",
            "cairn-tree",
        ],
    ),
    (
        "cairn-interface",
        &[
            "airdrop",
            "cairn-merkle",
            "cairn-onchain",
            "device-registry",
            "reward-vault",
        ],
    ),
    ("cairn-client", &["cairn-interface"]),
    ("cairn-registry", &["cairn-epoch", "cairn-interface"]),
    (
        "cairn-origin",
        &[
            "cairn-client",
            "cairn-epoch",
            "cairn-interface",
            "cairn-merkle",
            "cairn-registry",
            "cairn-spelling",
        ],
    ),
    ("cairn-localnet", &["cairn-client", "cairn-interface"]),
    (
        "cairn-mirror",
        &["cairn-client", "cairn-epoch", "cairn-merkle"],
    ),
    ("cairn-static", &[]),
    ("cairn-debian", &[]),
    ("cairn-sbf", &["cairn-debian"]),
    ("cairn-sbf-runtime", &[]),
    (
        "cairn-testkit",
        &[
            "cairn-client",
            "cairn-interface",
            "cairn-merkle",
            "cairn-tree",
        ],
    ),
    (
        "cairn-scene",
        &[
            "cairn-epoch",
            "cairn-interface",
            "cairn-merkle",
            "cairn-proof",
        ],
    ),
    (
        "cairn-keeper",
        &[
            "cairn-client",
            "cairn-epoch",
            "cairn-facts",
            "cairn-interface",
            "cairn-merkle",
            "cairn-mirror",
            "cairn-origin",
            "cairn-proof",
            "cairn-registry",
            "cairn-spelling",
            "cairn-table",
            "cairn-tree",
        ],
    ),
    (
        "cairn",
        &[
            "cairn-campaign",
            "cairn-client",
            "cairn-epoch",
            "cairn-facts",
            "cairn-interface",
            "cairn-merkle",
            "cairn-mirror",
            "cairn-origin",
            "cairn-proof",
            "cairn-registry",
            "cairn-spelling",
            "cairn-table",
            "cairn-tree",
        ],
    ),
    (
        "cairn-migrations",
        &[
            "cairn-client",
            "cairn-interface",
            "cairn-merkle",
            "cairn-spelling",
        ],
    ),
    (
        "cairn-demo",
        &[
            "cairn",
            "cairn-client",
            "cairn-epoch",
            "cairn-interface",
            "cairn-keeper",
            "cairn-localnet",
            "cairn-merkle",
            "cairn-proof",
            "cairn-static",
            "cairn-tree",
        ],
    ),
    (
        "cairn-sim",
        &["cairn-epoch", "cairn-merkle", "cairn-proof", "cairn-rules"],
    ),
    ("xtask", &["cairn-debian", "cairn-sbf"]),
];

/// Test suites stand outside the law, and tests of any part may use the test kit and what it is made of.
const SUITES: &[&str] = &[
    "cairn-tests",
    "cairn-e2e",
    "cairn-guide",
    "cairn-sbf-tests",
    "legalise-program",
    "cairn-bench",
    "peer-program",
];
const TESTS_MAY: &[&str] = &[
    "cairn-memory",
    "cairn-scene",
    "cairn-static",
    "cairn-testkit",
    "cairn-tree",
    "cairn-merkle",
    "cairn-client",
    "cairn-interface",
    "cairn-proof",
];

impl Deps {
    pub fn run(&self) -> Result<()> {
        let text = output(
            "reading the workspace",
            &mut cargo(&["metadata", "--format-version", "1", "--no-deps", "--locked"]),
        )?;
        let metadata: Value = serde_json::from_str(&text).context("cargo metadata is not JSON")?;
        let law: BTreeMap<&str, &[&str]> = LAW.iter().copied().collect();
        let packages = metadata["packages"]
            .as_array()
            .context("cargo metadata lists no packages")?;
        let ours: BTreeSet<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
        let mut broken = Vec::new();
        for package in packages {
            let name = package["name"].as_str().unwrap_or_default();
            if SUITES.contains(&name) {
                continue;
            }
            let Some(allowed) = law.get(name) else {
                broken.push(format!("{name} has no line in the law"));
                continue;
            };
            for dependency in package["dependencies"].as_array().into_iter().flatten() {
                let on = dependency["name"].as_str().unwrap_or_default();
                let test_only = dependency["kind"].as_str() == Some("dev");
                if ours.contains(on)
                    && !allowed.contains(&on)
                    && !(test_only && TESTS_MAY.contains(&on))
                {
                    broken.push(format!("{name} may not depend on {on}"));
                }
                // Programs are built without what tests ask for: that package and all above it would be compiled twice.
                let features = dependency["features"].as_array();
                if ours.contains(on) && test_only && features.is_some_and(|all| !all.is_empty()) {
                    broken.push(format!(
                        "{name} asks {on} for features in its tests alone; what they bring wants a package of its own"
                    ));
                }
            }
        }
        let places: Vec<Package> = packages
            .iter()
            .filter_map(|package| {
                Some(Package {
                    name: package["name"].as_str()?.to_owned(),
                    folder: Path::new(package["manifest_path"].as_str()?)
                        .parent()?
                        .into(),
                })
            })
            .collect();
        broken.extend(includes::check(root(), &places)?);
        if broken.is_empty() {
            eprintln!(
                "    the dependency law holds for {} packages and every file that their code includes",
                packages.len()
            );
            return Ok(());
        }
        bail!(
            "{}; change the Cargo.toml or the include, or the law in xtask/src/dependencies.rs together with ARCHITECTURE.md",
            broken.join("; ")
        );
    }
}
