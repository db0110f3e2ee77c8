//! `cairn audit program`.

use std::path::PathBuf;

use cairn_client::deployments;
use cairn_interface::error::program_name;
use cairn_interface::ids::PROGRAMS;
use cairn_interface::loader::Deployment;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::check::{Check, Found};
use super::executable::{Release, built, released};
use crate::address::{Address, Hash};
use crate::amount::grouped;
use crate::args::hash;
use crate::context::Context;
use crate::error::{CliError, Exit};
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;

/// Compare the programs on chain with what you built, or with what a release says
///
/// Shows who may replace each program and when that was done last, and compares its bytes: with executables that you built from
/// source, which takes nobody's word, or with a release's hashes. The zeros that a loader keeps behind an executable do not count.
/// Exits with 1 when something differs, or when it was told nothing to compare with.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn audit program --built target/deploy                after `cargo xtask build-programs` at the release's commit
  cairn audit program reward-vault --hash HEX -u devnet    the hash of a release's notes
  cairn audit program --release release.json --output json

A release's file is what this command printed when it was released: --built target/deploy --output json.")]
pub struct Args {
    /// reward-vault, airdrop or device-registry [default: all of them]
    #[arg(value_name = "PROGRAM", value_parser = program)]
    pub program: Option<Pubkey>,
    /// What you built: a folder with reward_vault.so, airdrop.so and device_registry.so, or the file of the one PROGRAM
    #[arg(long, value_name = "PATH")]
    pub built: Option<PathBuf>,
    /// SHA-256 of the one PROGRAM's executable without the zeros behind it, as solana-verify has it
    #[arg(long, value_name = "HEX", value_parser = hash, requires = "program")]
    pub hash: Option<[u8; 32]>,
    /// A release's file, which names a hash for each program
    #[arg(long, value_name = "FILE")]
    pub release: Option<PathBuf>,
}

/// A program by the name that people know or by that of its file.
fn program(text: &str) -> Result<Pubkey, String> {
    let found = PROGRAMS
        .iter()
        .find(|(_, file)| *file == text.replace('-', "_"));
    found
        .map(|(program, _)| *program)
        .ok_or_else(|| "the programs are reward-vault, airdrop and device-registry".to_owned())
}

/// The programs that were compared.
#[derive(Clone, Debug, Serialize)]
pub struct Audited {
    pub programs: Vec<ProgramAudit>,
    /// "equal", the first difference, or that there was nothing to compare with.
    pub verdict: String,
    #[serde(skip)]
    found: Found,
}

/// One program as it lies on chain, and what it was compared with.
#[derive(Clone, Debug, Serialize)]
pub struct ProgramAudit {
    pub program: &'static str,
    pub address: Address,
    /// loader-v2, loader-v3 or loader-v4.
    pub loader: &'static str,
    /// The account that holds the executable.
    pub executable_address: Address,
    /// Null when nobody can replace it.
    pub upgrade_authority: Option<Address>,
    /// Null when its loader does not say it.
    pub deployed_slot: Option<u64>,
    /// Without the zeros behind it.
    pub executable_bytes: usize,
    pub zeros_behind: usize,
    pub executable_hash: Hash,
    pub checks: Vec<Check>,
    pub verdict: String,
    #[serde(skip)]
    found: Found,
}

/// # Errors
/// A program that is not deployed or was closed; a file that can not be read; an unreachable node. A difference is a result, not
/// an error.
pub async fn run(ctx: &Context, args: &Args) -> Result<Audited, CliError> {
    let asked: Vec<(Pubkey, &str)> = PROGRAMS
        .into_iter()
        .filter(|(program, _)| args.program.is_none_or(|asked| asked == *program))
        .collect();
    let release = args.release.as_deref().map(Release::read).transpose()?;
    let addresses: Vec<Pubkey> = asked.iter().map(|(program, _)| *program).collect();
    let found = deployments(ctx.ledger.as_ref(), &addresses).await?;
    let programs = asked
        .iter()
        .zip(&found)
        .map(|((_, file), deployed)| audit(args, release.as_ref(), file, deployed))
        .collect::<Result<Vec<_>, _>>()?;
    let found = programs.iter().map(|audit| audit.found).max();
    let found = found.unwrap_or(Found::Equal);
    let worst = programs.iter().find(|audit| audit.found == found);
    let verdict = match worst {
        Some(audit) if found != Found::Equal => format!("{}: {}", audit.program, audit.verdict),
        _ => super::check::EQUAL.to_owned(),
    };
    Ok(Audited {
        programs,
        verdict,
        found,
    })
}

fn audit(
    args: &Args,
    release: Option<&Release>,
    file: &str,
    deployed: &Deployment,
) -> Result<ProgramAudit, CliError> {
    let program = program_name(&deployed.program).unwrap_or("the program");
    let mut checks = Vec::new();
    if let Some(path) = &args.built {
        checks.push(built(path, args.program.is_some(), file, deployed)?);
    }
    if let Some(expected) = args.hash {
        checks.push(Check::of_two(
            "hash",
            "you expect",
            Hash(expected),
            Hash(deployed.hash()),
        ));
    }
    if let Some(release) = release {
        checks.push(released(release, program, deployed));
    }
    if checks.is_empty() {
        checks.push(Check::unknown(
            "build",
            "compared with nothing: name --built, --hash or --release",
        ));
    }
    let (found, verdict) = Found::of(&checks);
    Ok(ProgramAudit {
        program,
        address: deployed.program.into(),
        loader: deployed.loader.name(),
        executable_address: deployed.holder.into(),
        upgrade_authority: deployed.authority.map(Into::into),
        deployed_slot: deployed.slot,
        executable_bytes: deployed.executable().len(),
        zeros_behind: deployed.padding(),
        executable_hash: Hash(deployed.hash()),
        checks,
        verdict,
        found,
    })
}

impl Verdict for Audited {
    fn exit(&self) -> Exit {
        match self.found {
            Found::Equal => Exit::Done,
            Found::Unknown | Found::Differs => Exit::Failed,
        }
    }
}

impl Show for Audited {
    fn show(&self, page: &mut Page) {
        for audit in &self.programs {
            audit.show(page);
        }
        page.gap();
        match self.found {
            Found::Differs => page.bad(&format!("differs: {}", self.verdict)),
            Found::Unknown => page.bad(&format!("not compared: {}", self.verdict)),
            Found::Equal => page.good(match self.programs.len() {
                1 => "equal: what is deployed is what was named",
                _ => "equal: all programs that are deployed are what was named",
            }),
        }
    }
}

impl Show for ProgramAudit {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Program {}", self.program));
        page.fact("address", self.address.to_string());
        page.fact("upgradable by", {
            let authority = self.upgrade_authority.as_ref();
            authority.map_or_else(|| "nobody".to_owned(), Address::to_string)
        });
        page.fact("deployed", {
            let slot = self.deployed_slot;
            slot.map_or_else(
                || "when, its loader does not say".to_owned(),
                |slot| format!("slot {slot} ({})", self.loader),
            )
        });
        page.fact(
            "executable",
            format!(
                "{} bytes in {}, {} zeros behind",
                grouped(self.executable_bytes as u64),
                self.executable_address,
                grouped(self.zeros_behind as u64)
            ),
        );
        page.fact("SHA-256", self.executable_hash.to_string());
        page.gap();
        page.table(
            &[
                Column::Text("compared"),
                Column::Text("result"),
                Column::Text(""),
            ],
            self.checks.iter().map(|check| {
                vec![
                    check.what.to_owned(),
                    check.result.to_owned(),
                    check.detail.clone(),
                ]
            }),
        );
    }
}
