//! Which rules a pool names: those in force, and those it announced.

use cairn_interface::vault::PoolView;
use cairn_merkle::EpochNumber;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use crate::address::{Address, Hash};
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::utc_from;
use crate::page::{Page, Show};
use crate::printer::Verdict;

/// What a pool says about rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    pub pool: Address,
    /// Epochs are scored by these; null in a migrated pool until its next activation.
    pub in_force: Option<Hash>,
    /// Null when none are announced.
    pub announced: Option<Announced>,
    /// The next epoch to be proposed.
    pub next_epoch: EpochNumber,
    /// The cluster's clock, unix seconds.
    pub now: i64,
}

/// Rules to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Announced {
    pub hash: Hash,
    /// The first epoch that is scored by them.
    pub from_epoch: EpochNumber,
    /// Unix seconds before which no epoch is.
    pub effective_at: i64,
}

impl Standing {
    /// # Errors
    /// The node's; an address that is no pool.
    pub async fn read(ctx: &Context, pool: &Pubkey) -> Result<Self, CliError> {
        let (pool, now): (PoolView, _) = chain::with_now(ctx, pool).await?;
        let pending = &pool.pending_ruleset;
        Ok(Self {
            pool: pool.address.into(),
            in_force: pool.ruleset_hash().map(Hash::from),
            announced: (pending.effective_at != 0).then(|| Announced {
                hash: pending.hash.into(),
                from_epoch: EpochNumber::new(pending.from_epoch),
                effective_at: pending.effective_at,
            }),
            next_epoch: EpochNumber::new(pool.next_epoch),
            now,
        })
    }

    /// in force, announced, or neither; null for rules that no pool can name.
    pub fn of(&self, hash: Option<Hash>) -> Option<&'static str> {
        let hash = hash?;
        let announced = self.announced.as_ref().map(|it| it.hash);
        Some(if self.in_force == Some(hash) {
            "in force"
        } else if announced == Some(hash) {
            "announced"
        } else {
            "neither in force nor announced"
        })
    }
}

impl Verdict for Standing {}

impl Show for Standing {
    fn show(&self, page: &mut Page) {
        page.title(&format!("On chain: pool {}", self.pool));
        let named = |hash: Option<Hash>| hash.map_or_else(|| "any".to_owned(), |it| it.to_string());
        page.fact("in force", named(self.in_force));
        match &self.announced {
            None => page.fact("announced", "none"),
            Some(to_be) => {
                page.fact("announced", to_be.hash.to_string());
                page.fact("from epoch", to_be.from_epoch.to_string());
                page.fact("not before", utc_from(to_be.effective_at, self.now));
            }
        }
        page.fact("next epoch", self.next_epoch.to_string());
    }
}
