//! Step 1: the programs are deployed, by a loader, upgradable by whom they should be, and are the builds that were meant.

use async_trait::async_trait;
use cairn_client::{ClientError, Ledger};
use cairn_interface::ids::PROGRAMS;
use sha2::{Digest, Sha256};
use solana_sdk::account::Account;
use solana_sdk::pubkey;
use solana_sdk::pubkey::Pubkey;

use crate::{Authority, Expectations, Findings, MigrationError, Step};

/// The loader whose programs can be upgraded; they keep their executable in a second account.
const UPGRADEABLE_LOADER: Pubkey = pubkey!("BPFLoaderUpgradeab1e11111111111111111111111");
/// The older loader; its programs are final and are their own executable.
const FINAL_LOADER: Pubkey = pubkey!("BPFLoader2111111111111111111111111111111111");

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
        for (program, name) in PROGRAMS {
            let found = Deployed::read(ledger, program).await?;
            self.compare(&found)?;
            let mut fact = |label: &str, value: String| {
                findings.facts.push((format!("{name} {label}"), value));
            };
            fact("address", program.to_string());
            fact("upgradable by", found.authority.to_string());
            fact("executable", hex::encode(found.hash));
        }
        Ok(findings)
    }
}

impl Programs {
    fn compare(&self, found: &Deployed) -> Result<(), MigrationError> {
        let program = found.program;
        if let Some(expected) = self.expected.upgrade_authority
            && expected != found.authority
        {
            return Err(MigrationError::WrongAuthority {
                program,
                expected,
                found: found.authority,
            });
        }
        let executables = self.expected.executables.iter();
        for (_, hash) in executables.filter(|(key, _)| *key == program) {
            if *hash != found.hash {
                return Err(MigrationError::WrongExecutable {
                    program,
                    expected: hex::encode(hash),
                    found: hex::encode(found.hash),
                });
            }
        }
        Ok(())
    }
}

/// A program as it lies on chain.
struct Deployed {
    program: Pubkey,
    authority: Authority,
    /// SHA-256 of the executable without the zeros behind it, which a longer one leaves after an upgrade.
    hash: [u8; 32],
}

impl Deployed {
    async fn read(ledger: &dyn Ledger, program: Pubkey) -> Result<Self, MigrationError> {
        let account = ledger.account(&program).await?;
        let Some(account) = account.filter(|account| account.executable) else {
            let url = ledger.place();
            return Err(ClientError::ProgramMissing { program, url }.into());
        };
        let broken = |reason| MigrationError::Executable { program, reason };
        let (authority, hash) = match account.owner {
            FINAL_LOADER => (Authority::Nobody, executable_hash(&account.data)),
            UPGRADEABLE_LOADER => {
                let data = program_data_of(&account)
                    .ok_or_else(|| broken("the program names no account for it"))?;
                let data = ledger.account(&data).await?;
                let data = data
                    .filter(|data| data.owner == UPGRADEABLE_LOADER)
                    .ok_or_else(|| broken("its account is not there"))?;
                let (authority, executable) =
                    program_data(&data.data).ok_or_else(|| broken("its account is damaged"))?;
                (authority, executable_hash(executable))
            }
            found => {
                return Err(MigrationError::NotAProgram { program, found });
            }
        };
        Ok(Self {
            program,
            authority,
            hash,
        })
    }
}

/// The loader's state of a program: 2 as u32, then the address of its program data.
fn program_data_of(account: &Account) -> Option<Pubkey> {
    let rest = account.data.strip_prefix(&[2, 0, 0, 0])?;
    rest.first_chunk::<32>()
        .map(|key| Pubkey::new_from_array(*key))
}

/// The loader's state of program data: 3 as u32, the slot of the deployment, whether there is an authority, 32 bytes for it, the
/// executable.
fn program_data(data: &[u8]) -> Option<(Authority, &[u8])> {
    let (_slot, rest) = data.strip_prefix(&[3, 0, 0, 0])?.split_first_chunk::<8>()?;
    let (told, rest) = rest.split_first()?;
    let (key, executable) = rest.split_first_chunk::<32>()?;
    let authority = match told {
        0 => Authority::Nobody,
        _ => Authority::Key(Pubkey::new_from_array(*key)),
    };
    Some((authority, executable))
}

/// SHA-256 of an executable without the zeros behind it.
#[must_use]
pub fn executable_hash(bytes: &[u8]) -> [u8; 32] {
    let end = bytes.iter().rposition(|byte| *byte != 0);
    let used = end.and_then(|end| bytes.get(..=end)).unwrap_or_default();
    Sha256::digest(used).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_behind_an_executable_do_not_change_its_hash() {
        assert_eq!(executable_hash(b"\x7fELF\0\0"), executable_hash(b"\x7fELF"));
        assert_ne!(executable_hash(b"\x7fELF\0x"), executable_hash(b"\x7fELF"));
        assert_eq!(executable_hash(&[0; 9]), executable_hash(&[]));
    }

    #[test]
    fn program_data_is_read_with_and_without_an_authority() {
        let mut data = vec![3, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1];
        data.extend([5; 32]);
        data.extend(b"ELF");
        let key = Pubkey::new_from_array([5; 32]);
        assert_eq!(
            program_data(&data),
            Some((Authority::Key(key), b"ELF".as_slice()))
        );
        data[12] = 0;
        assert_eq!(
            program_data(&data),
            Some((Authority::Nobody, b"ELF".as_slice()))
        );
        assert_eq!(program_data(&data[..40]), None);
        assert_eq!(program_data(&[]), None);
    }
}
