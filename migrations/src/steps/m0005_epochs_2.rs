//! Step 5: every epoch has layout 2, the one whose attestations name the whole proposal.

use async_trait::async_trait;
use cairn_client::{AccountFilter, ClientError, Ledger};
use cairn_interface::ids::REWARD_VAULT;
use cairn_interface::vault::{EPOCH_KIND, EPOCH_VERSION, EpochView, epoch_len};

use crate::{Act, Findings, MigrationError, Step, Task};

/// Nothing is paid from an epoch of layout 1, nor is it closed, before it is migrated. Tombstones stay as they are.
pub struct Epochs;

#[async_trait]
impl Step for Epochs {
    fn number(&self) -> u16 {
        5
    }

    fn goal(&self) -> &'static str {
        "every epoch has layout 2"
    }

    async fn look(&self, ledger: &dyn Ledger) -> Result<Findings, MigrationError> {
        let kind = AccountFilter::Bytes {
            offset: 0,
            bytes: EPOCH_KIND.to_vec(),
        };
        let mut accounts = ledger.program_accounts(&REWARD_VAULT, &[kind]).await?;
        accounts.sort_unstable_by_key(|(address, _)| *address);
        let mut findings = Findings::default();
        for (address, account) in &accounts {
            let epoch = EpochView::decode(*address, account).map_err(ClientError::from)?;
            if epoch.version >= EPOCH_VERSION {
                continue;
            }
            // As long as a new one: an account is made for the canopy that its pool wishes, whatever its tree came to.
            let grown = account.data.len().saturating_add(GROWTH);
            let rent = ledger.minimum_balance(grown).await?;
            findings.tasks.push(Task {
                what: format!("migrate epoch {} of pool {}", epoch.number, epoch.pool),
                act: Act::MigrateEpoch {
                    pool: epoch.pool,
                    number: epoch.number,
                },
                rent: rent.saturating_sub(account.lamports),
            });
        }
        let old = findings.tasks.len();
        findings.facts = vec![
            ("epochs".to_owned(), accounts.len().to_string()),
            ("of an older layout".to_owned(), old.to_string()),
        ];
        Ok(findings)
    }
}

/// By how many bytes the account grows.
const GROWTH: usize = epoch_len(0) - EPOCH_1_LEN;
/// Bytes of an epoch of layout 1 with a canopy of one node.
const EPOCH_1_LEN: usize = 8 + 880 + 4 + 40;
