//! The programs' interface descriptions in `idl/`, made from the programs themselves.
//!
//! Each program prints the parts of its description from generated tests under the feature `idl-build`. The parts are
//! assembled here as `anchor idl build` does; calling that builder is not possible because it sets its own compiler
//! flags, which would compile every dependency a second time, and passes a toolchain name that rustup refuses.

use std::{collections::BTreeMap, fs};

use anchor_lang_idl::types::{Idl, IdlAccount, IdlErrorCode, IdlEvent, IdlTypeDef};
use anyhow::{Context, Result, bail};
use clap::Args;
use serde::{Deserialize, de::DeserializeOwned};

use crate::steps::{cargo, output, root, step};

/// Write idl/*.json from the programs, or check that they are up to date.
#[derive(Args)]
pub struct MakeIdl {
    /// Change nothing; fail when a file in idl/ differs from what the program says.
    #[arg(long)]
    pub check: bool,
}

const PROGRAMS: [&str; 3] = ["airdrop", "device-registry", "reward-vault"];

impl MakeIdl {
    pub fn run(&self) -> Result<()> {
        for program in PROGRAMS {
            let idl = describe(program)?;
            let name = program.replace('-', "_");
            check_anchor_toml(&name, &idl.address)?;
            let text = serde_json::to_string_pretty(&idl)? + "\n";
            let path = root().join("idl").join(format!("{name}.json"));
            let committed = fs::read_to_string(&path).unwrap_or_default();
            if committed == text {
                eprintln!("    idl/{name}.json is up to date");
            } else if self.check {
                bail!("idl/{name}.json differs from the program; run: cargo xtask idl");
            } else {
                fs::create_dir_all(root().join("idl"))?;
                fs::write(&path, text)
                    .with_context(|| format!("{} can not be written", path.display()))?;
                eprintln!("    idl/{name}.json written");
            }
        }
        if self.check {
            // The tests that write the tables below compare them, too.
            return Ok(());
        }
        for (package, what) in TABLES {
            let mut write = cargo(&["test", "--quiet", "--locked", "--test", "published"]);
            write
                .args(["--package", package])
                .env("CAIRN_UPDATE_IDL", "1");
            step(what, &mut write, "cargo xtask idl")?;
        }
        Ok(())
    }
}

/// Which package's test writes which table.
const TABLES: [(&str, &str); 2] = [
    ("cairn-interface", "idl/errors.json"),
    ("cairn-proof", "idl/reasons.json and idl/kinds.json"),
];

/// Anchor.toml repeats each program's address for Anchor's own tools; it must be the one in the program.
fn check_anchor_toml(program: &str, address: &str) -> Result<()> {
    let path = root().join("Anchor.toml");
    let text = fs::read_to_string(&path).context("Anchor.toml can not be read")?;
    let table: toml::Table = toml::from_str(&text).context("Anchor.toml is not TOML")?;
    let clusters = table
        .get("programs")
        .and_then(toml::Value::as_table)
        .context("Anchor.toml has no [programs.*]")?;
    for (cluster, programs) in clusters {
        let listed = programs.get(program).and_then(toml::Value::as_str);
        if listed != Some(address) {
            bail!(
                "Anchor.toml [programs.{cluster}] must say {program} = \"{address}\", the program's declare_id!"
            );
        }
    }
    Ok(())
}

fn describe(program: &str) -> Result<Idl> {
    let printed = output(
        &format!("describing {program}"),
        &mut cargo(&[
            "test",
            "--quiet",
            "--locked",
            "--package",
            program,
            "--lib",
            "--features",
            "idl-build",
            "__anchor_private_print_idl",
            "--",
            "--show-output",
            "--test-threads=1",
        ]),
    )?;
    assemble(&printed).with_context(|| format!("what {program} printed of itself can not be read"))
}

#[derive(Deserialize)]
struct EventPart {
    event: IdlEvent,
    types: Vec<IdlTypeDef>,
}

/// An account that no instruction takes: `cairn_onchain::describe_tombstone!` prints it.
#[derive(Deserialize)]
struct AccountPart {
    accounts: Vec<IdlAccount>,
    types: Vec<IdlTypeDef>,
}

fn assemble(printed: &str) -> Result<Idl> {
    let mut idl: Idl = blocks(printed, "program")?
        .pop()
        .context("no program block")?;
    idl.address = raw_blocks(printed, "address")
        .first()
        .map(|text| text.chars().filter(char::is_ascii_alphanumeric).collect())
        .context("no address block")?;
    idl.constants = blocks(printed, "const")?;
    idl.errors = blocks::<Vec<IdlErrorCode>>(printed, "errors")?.concat();
    let mut types: BTreeMap<String, IdlTypeDef> = BTreeMap::new();
    for part in blocks::<EventPart>(printed, "event")? {
        idl.events.push(part.event);
        types.extend(part.types.into_iter().map(|ty| (ty.name.clone(), ty)));
    }
    for part in blocks::<AccountPart>(printed, "account")? {
        idl.accounts.extend(part.accounts);
        types.extend(part.types.into_iter().map(|ty| (ty.name.clone(), ty)));
    }
    types.extend(
        std::mem::take(&mut idl.types)
            .into_iter()
            .map(|ty| (ty.name.clone(), ty)),
    );
    idl.types = types.into_values().collect();
    idl.accounts.sort_by(|a, b| a.name.cmp(&b.name));
    idl.constants.sort_by(|a, b| a.name.cmp(&b.name));
    idl.events.sort_by(|a, b| a.name.cmp(&b.name));
    idl.instructions.sort_by(|a, b| a.name.cmp(&b.name));
    shorten_paths(idl)
}

fn blocks<T: DeserializeOwned>(printed: &str, kind: &str) -> Result<Vec<T>> {
    raw_blocks(printed, kind)
        .iter()
        .map(|text| serde_json::from_str(text).with_context(|| format!("{kind} block: {text}")))
        .collect()
}

fn raw_blocks(printed: &str, kind: &str) -> Vec<String> {
    let (begin, end) = (
        format!("--- IDL begin {kind} ---"),
        format!("--- IDL end {kind} ---"),
    );
    let mut found = Vec::new();
    let mut rest = printed;
    while let Some((_, after)) = rest.split_once(&begin) {
        let Some((block, next)) = after.split_once(&end) else {
            break;
        };
        found.push(block.trim().to_owned());
        rest = next;
    }
    found
}

/// `reward_vault::state::Pool` becomes `Pool`, as clients expect, unless two types would then share a name.
fn shorten_paths(idl: Idl) -> Result<Idl> {
    let mut text = serde_json::to_string(&idl)?;
    let mut full: Vec<String> = text
        .split('"')
        .filter(|word| word.contains("::") && word.split("::").all(is_identifier))
        .map(str::to_owned)
        .collect();
    full.sort();
    full.dedup();
    for path in &full {
        let short = path.rsplit("::").next().unwrap_or(path);
        let shared = full
            .iter()
            .filter(|other| other.rsplit("::").next() == Some(short))
            .count();
        if shared == 1 {
            text = text.replace(&format!("\"{path}\""), &format!("\"{short}\""));
        }
    }
    Ok(serde_json::from_str(&text)?)
}

fn is_identifier(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
