//! Step 4: every pool has layout 3, the one whose limits are never looser than at creation, whose roles and rules wait, and
//! whose pauses end.

use async_trait::async_trait;
use cairn_client::{AccountFilter, ClientError, Ledger};
use cairn_interface::ids::REWARD_VAULT;
use cairn_interface::vault::{POOL_KIND, POOL_LEN, PoolView};

use crate::{Act, Findings, MigrationError, Step, Task};

/// The account grows, and whoever migrates it pays the rent of that. Epochs come after their pools: what a proposed one may
/// state of points and credits follows from the pool's caps.
pub struct Pools;

#[async_trait]
impl Step for Pools {
    fn number(&self) -> u16 {
        4
    }

    fn goal(&self) -> &'static str {
        "every pool has layout 3"
    }

    async fn look(&self, ledger: &dyn Ledger) -> Result<Findings, MigrationError> {
        pools_below(ledger, 3).await
    }
}

/// Pools of an older layout than `layout`.
pub(super) async fn pools_below(
    ledger: &dyn Ledger,
    layout: u8,
) -> Result<Findings, MigrationError> {
    let kind = AccountFilter::Bytes {
        offset: 0,
        bytes: POOL_KIND.to_vec(),
    };
    let mut accounts = ledger.program_accounts(&REWARD_VAULT, &[kind]).await?;
    accounts.sort_unstable_by_key(|(address, _)| *address);
    let rent = ledger.minimum_balance(POOL_LEN).await?;
    let mut findings = Findings::default();
    for (address, account) in &accounts {
        let pool = PoolView::decode(*address, account).map_err(ClientError::from)?;
        if pool.version < layout {
            findings.tasks.push(Task {
                what: format!("migrate pool {address}"),
                act: Act::MigratePool {
                    pool: *address,
                    active: (pool.active_epoch > 0).then_some(pool.active_epoch),
                },
                rent: rent.saturating_sub(account.lamports),
            });
        }
    }
    let old = findings.tasks.len();
    findings.facts = vec![
        ("pools".to_owned(), accounts.len().to_string()),
        ("of an older layout".to_owned(), old.to_string()),
    ];
    Ok(findings)
}
