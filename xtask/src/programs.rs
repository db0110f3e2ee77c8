//! `cargo xtask build-programs`: the on-chain programs, as executables.

use anyhow::{Result, bail};
use cairn_sbf::{Arch, Optimiser, Program};

use crate::steps::root;

/// The package whose program is measured beside ours.
const PEERS: &str = "peer-program";

/// The package with what the programs that hold tokens share.
const SHARED: &str = "cairn-onchain";

/// Build the on-chain programs into target/deploy (version 3 executables: target/deploy/v3).
#[derive(clap::Args)]
pub struct BuildPrograms {
    /// Only these packages; all programs if none is named.
    packages: Vec<String>,
    /// Version of the machine to build for; give it twice for both.
    #[arg(long, value_enum, default_values_t = [Arch::V0])]
    arch: Vec<Arch>,
    /// Also build the programs of the tests and of the benchmarks, into target/sbf/tests.
    #[arg(long)]
    test_programs: bool,
    /// With LLVM's and the linker's optimisers off, into target/sbf/unoptimised: for comparison, never to be deployed.
    #[arg(long)]
    unoptimised: bool,
}

impl Default for BuildPrograms {
    fn default() -> Self {
        Self {
            packages: Vec::new(),
            arch: vec![Arch::V0],
            test_programs: false,
            unoptimised: false,
        }
    }
}

impl BuildPrograms {
    /// The executables of these packages, or of all programs, for both versions of the machine.
    pub fn of(packages: &[String]) -> Self {
        Self {
            packages: packages.to_vec(),
            arch: vec![Arch::V0, Arch::V3],
            ..Self::default()
        }
    }

    /// What the tests need: the programs, the one that tests this build and the one of the benchmarks, for both
    /// versions of the machine.
    pub fn with_tests() -> Self {
        Self {
            arch: vec![Arch::V0, Arch::V3],
            test_programs: true,
            ..Self::default()
        }
    }

    /// The programs with every optimiser off.
    pub fn without_optimisers() -> Self {
        Self {
            unoptimised: true,
            ..Self::default()
        }
    }

    /// What the benchmarks measure: the programs and the models of others.
    pub fn with_peers() -> Self {
        Self {
            packages: PROGRAMS
                .iter()
                .filter(|program| !program.is_test || program.package == PEERS)
                .map(|program| program.package.to_owned())
                .collect(),
            ..Self::default()
        }
    }
}

/// The programs of this workspace. The registry hashes millions of devices in and is small; the programs that hold tokens
/// have many instructions and do little in each, so there a byte is worth more than a compute unit.
const PROGRAMS: [Program; 6] = [
    Program {
        package: "device-registry",
        folder: "programs/device-registry",
        is_test: false,
        for_size: &[],
        optimiser: Optimiser::On,
    },
    Program {
        package: "reward-vault",
        folder: "programs/reward-vault",
        is_test: false,
        for_size: &["reward-vault", SHARED],
        optimiser: Optimiser::On,
    },
    Program {
        package: "airdrop",
        folder: "programs/airdrop",
        is_test: false,
        for_size: &["airdrop", SHARED],
        optimiser: Optimiser::On,
    },
    Program {
        package: "legalise-program",
        folder: "sbf/tests/legalise-program",
        is_test: true,
        for_size: &[],
        optimiser: Optimiser::On,
    },
    // The money is in a program that is built for size: what is done to it is tested the same way.
    Program {
        package: "legalise-program",
        folder: "sbf/tests/legalise-program",
        is_test: true,
        for_size: &["legalise-program"],
        optimiser: Optimiser::On,
    },
    Program {
        package: PEERS,
        folder: "bench/peer-program",
        is_test: true,
        for_size: &[],
        optimiser: Optimiser::On,
    },
];

impl BuildPrograms {
    /// What to build: every asked program for every asked version.
    pub fn jobs(&self) -> Result<Vec<(Program, Arch)>> {
        if let Some(unknown) = self
            .packages
            .iter()
            .find(|name| !PROGRAMS.iter().any(|program| program.package == **name))
        {
            let known: Vec<&str> = PROGRAMS.iter().map(|program| program.package).collect();
            bail!(
                "there is no program {unknown}; hint: there are {}",
                known.join(", ")
            );
        }
        let is_asked = |program: &&Program| match &self.packages[..] {
            [] => self.test_programs || !program.is_test,
            named => named.iter().any(|name| name == program.package),
        };
        let optimiser = if self.unoptimised {
            Optimiser::Off
        } else {
            Optimiser::On
        };
        Ok(PROGRAMS
            .iter()
            .filter(is_asked)
            .map(|&program| Program {
                optimiser,
                ..program
            })
            .flat_map(|program| self.arch.iter().map(move |&arch| (program, arch)))
            .collect())
    }

    /// Builds whatever is not up to date.
    pub fn run(&self) -> Result<()> {
        cairn_sbf::build(root(), &self.jobs()?)
    }
}
