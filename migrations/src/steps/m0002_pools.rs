//! Step 2: every pool has layout 2, the one with parameters that change with delay and an outflow breaker.

use async_trait::async_trait;
use cairn_client::{AccountFilter, ClientError, Ledger};
use cairn_interface::DecodeError;
use cairn_interface::ids::REWARD_VAULT;
use cairn_interface::vault::{MigratePool, POOL_LEN, PoolView};

use crate::{Findings, MigrationError, Step, Task};

/// Layout 1 kept these fields as zeros in the same 1,144 bytes, so an account needs no more rent and keeps its address.
pub struct Pools;

#[async_trait]
impl Step for Pools {
    fn number(&self) -> u16 {
        2
    }

    fn goal(&self) -> &'static str {
        "every pool has layout 2"
    }

    async fn look(&self, ledger: &dyn Ledger) -> Result<Findings, MigrationError> {
        let length = AccountFilter::Length(POOL_LEN as u64);
        let accounts = ledger.program_accounts(&REWARD_VAULT, &[length]).await?;
        let mut findings = Findings::default();
        let mut pools: usize = 0;
        for (address, account) in accounts {
            let pool = match PoolView::decode(address, &account) {
                Ok(pool) => pool,
                // Another kind of account that happens to be as long.
                Err(DecodeError::WrongKind { .. }) => continue,
                Err(error) => return Err(ClientError::from(error).into()),
            };
            pools = pools.saturating_add(1);
            if !pool.is_current() {
                findings.tasks.push(Task {
                    what: format!("migrate pool {address}"),
                    instruction: MigratePool { pool: address }.instruction(),
                });
            }
        }
        let old = findings.tasks.len();
        findings.facts = vec![
            ("pools".to_owned(), pools.to_string()),
            ("of an older layout".to_owned(), old.to_string()),
        ];
        Ok(findings)
    }
}
