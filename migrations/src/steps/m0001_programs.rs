//! Step 1: the programs are deployed, by a loader, upgradable by whom they should be, and are the builds that were meant.

use async_trait::async_trait;
use cairn_client::{Ledger, deployments};
use cairn_interface::ids::PROGRAMS;
use cairn_interface::loader::Deployment;

use crate::{Authority, Expectations, Findings, MigrationError, Step};

/// Nothing to send: what is wrong here, only a deployment puts right.
pub struct Programs {
    expected: Expectations,
}

impl Programs {
    #[must_use]
    pub const fn new(expected: Expectations) -> Self {
        Self { expected }
    }
}

#[async_trait]
impl Step for Programs {
    fn number(&self) -> u16 {
        1
    }

    fn goal(&self) -> &'static str {
        "the programs are deployed as they should be"
    }

    async fn look(&self, ledger: &dyn Ledger) -> Result<Findings, MigrationError> {
        let mut findings = Findings::default();
        let deployed = deployments(ledger, &PROGRAMS.map(|(program, _)| program)).await?;
        for ((program, name), found) in PROGRAMS.into_iter().zip(&deployed) {
            self.compare(found)?;
            let mut fact = |label: &str, value: String| {
                findings.facts.push((format!("{name} {label}"), value));
            };
            fact("address", program.to_string());
            fact(
                "upgradable by",
                Authority::from(found.authority).to_string(),
            );
            fact("executable", hex::encode(found.hash()));
        }
        Ok(findings)
    }
}

impl Programs {
    fn compare(&self, found: &Deployment) -> Result<(), MigrationError> {
        let (program, authority) = (found.program, Authority::from(found.authority));
        let hash_found = found.hash();
        if let Some(expected) = self.expected.upgrade_authority
            && expected != authority
        {
            return Err(MigrationError::WrongAuthority {
                program,
                expected,
                found: authority,
            });
        }
        let executables = self.expected.executables.iter();
        for (_, hash) in executables.filter(|(key, _)| *key == program) {
            if *hash != hash_found {
                return Err(MigrationError::WrongExecutable {
                    program,
                    expected: hex::encode(hash),
                    found: hex::encode(hash_found),
                });
            }
        }
        Ok(())
    }
}
