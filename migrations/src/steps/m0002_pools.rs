//! Step 2: no pool has layout 1 any more, the one without parameters that change with delay and without an outflow breaker.

use async_trait::async_trait;
use cairn_client::Ledger;

use super::m0004_pools_3::pools_below;
use crate::{Findings, MigrationError, Step};

/// Such a pool goes to the newest layout at once; what the first one lacked holds nothing back there.
pub struct Pools;

#[async_trait]
impl Step for Pools {
    fn number(&self) -> u16 {
        2
    }

    fn goal(&self) -> &'static str {
        "no pool has layout 1"
    }

    async fn look(&self, ledger: &dyn Ledger) -> Result<Findings, MigrationError> {
        pools_below(ledger, 2).await
    }
}
