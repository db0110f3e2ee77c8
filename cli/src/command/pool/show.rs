//! `cairn pool show`.

use cairn_interface::vault::{POOL_VERSION, PoolView};
use serde::Serialize;

use super::params::{ParamsShown, differences};
use crate::address::Address;
use crate::amount::{Amount, grouped};
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::{span, utc_from};
use crate::page::{Page, Show};
use crate::printer::Verdict;

/// Show a pool: roles, limits, totals
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn pool show --pool POOL
  cairn pool show --pool POOL --output json | jq .vault_balance.uiAmountString")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
}

/// A pool as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct PoolShown {
    pub pool: Address,
    pub network: Address,
    pub mint: Address,
    pub vault: Address,
    pub token_program: Address,
    pub id: u64,
    pub admin: Address,
    pub pending_admin: Option<Address>,
    pub guardian: Address,
    pub keepers: Vec<Address>,
    pub threshold: u8,
    /// In effect.
    #[serde(flatten)]
    pub params: ParamsShown,
    /// Announced and not applied yet.
    pub pending_params: Option<PendingShown>,
    /// The highest rate of emission that parameters may set: the one at creation.
    pub emission_ceiling: CeilingShown,
    pub breaker: BreakerShown,
    pub canopy_depth: u8,
    /// 1 needs `cairn pool migrate`.
    pub layout_version: u8,
    /// Unix seconds.
    pub created_at: i64,
    pub paused: bool,
    /// 0 before the first.
    pub active_epoch: u64,
    /// The epoch in flight; 0 when none is.
    pub pending_epoch: u64,
    pub members: u32,
    pub pages: u32,
    pub total_funded: Amount,
    pub total_cumulative: Amount,
    pub total_claimed: Amount,
    /// What the active root grants and nobody has claimed yet.
    pub owed: Amount,
    pub vault_balance: Amount,
    pub points_issued: Amount,
    pub points_burnt: Amount,
    /// Burn rounds opened so far.
    pub rounds: u64,
    pub credits_issued: u64,
    /// Fulfilled, or waiting for their carrier.
    pub credits_redeemed: u64,
    pub credits_fulfilled: u64,
    /// The cluster's clock, unix seconds.
    pub now: i64,
}

/// Parameters that wait for their moment.
#[derive(Clone, Debug, Serialize)]
pub struct PendingShown {
    #[serde(flatten)]
    pub params: ParamsShown,
    /// Unix seconds from which anyone may apply them.
    pub effective_at: i64,
    /// What they change, label by label; only for people.
    #[serde(skip)]
    changes: Vec<(&'static str, String, String)>,
}

/// Emission at creation.
#[derive(Clone, Debug, Serialize)]
pub struct CeilingShown {
    pub emission_cap: Amount,
    pub epoch_interval_secs: u64,
}

/// What may leave the vault.
#[derive(Clone, Debug, Serialize)]
pub struct BreakerShown {
    /// Claims may take this much now.
    pub available: Amount,
    /// Unix seconds from which more may leave; null when nothing is held back.
    pub more_at: Option<i64>,
}

/// # Errors
/// No pool at that address; an unreachable node.
pub async fn run(ctx: &Context, args: &Args) -> Result<PoolShown, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let vault = chain::find_token_account(ctx, &pool.vault).await?;
    let now = chain::now(ctx).await?;
    Ok(shown(&pool, vault.map_or(0, |vault| vault.amount), now))
}

fn shown(pool: &PoolView, vault_balance: u64, now: i64) -> PoolShown {
    let tokens = |base| Amount::new(base, pool.decimals);
    let room = pool.room(now, vault_balance);
    PoolShown {
        pool: pool.address.into(),
        network: pool.network.into(),
        mint: pool.mint.into(),
        vault: pool.vault.into(),
        token_program: pool.token_program.into(),
        id: pool.id,
        admin: pool.admin.into(),
        pending_admin: pool.pending_admin.map(Address),
        guardian: pool.guardian.into(),
        keepers: pool.keepers.iter().copied().map(Address).collect(),
        threshold: pool.threshold,
        params: ParamsShown::new(&pool.params, pool.decimals),
        pending_params: pool.pending_params.map(|pending| PendingShown {
            params: ParamsShown::new(&pending.params, pool.decimals),
            effective_at: pending.effective_at,
            changes: differences(&pool.params, &pending.params, pool.decimals),
        }),
        emission_ceiling: CeilingShown {
            emission_cap: tokens(pool.creation_cap),
            epoch_interval_secs: pool.creation_interval_secs,
        },
        breaker: BreakerShown {
            available: tokens(room.available),
            more_at: (room.available < vault_balance).then_some(room.more_at),
        },
        canopy_depth: pool.canopy_depth,
        layout_version: pool.version,
        created_at: pool.created_at,
        paused: pool.paused,
        active_epoch: pool.active_epoch,
        pending_epoch: pool.pending_epoch,
        members: pool.members,
        pages: pool.pages,
        total_funded: tokens(pool.total_funded),
        total_cumulative: tokens(pool.total_cumulative),
        total_claimed: tokens(pool.total_claimed),
        owed: tokens(pool.total_cumulative.saturating_sub(pool.total_claimed)),
        vault_balance: tokens(vault_balance),
        points_issued: Amount::milli_points(pool.points_issued),
        points_burnt: Amount::milli_points(pool.points_burnt),
        rounds: pool.next_round,
        credits_issued: pool.credits_issued,
        credits_redeemed: pool.credits_redeemed,
        credits_fulfilled: pool.credits_fulfilled,
        now,
    }
}

impl Verdict for PoolShown {}

impl Show for PoolShown {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Pool {}", self.pool));
        page.fact("network", self.network.to_string());
        page.fact("token", self.mint.to_string());
        page.fact("vault", self.vault.to_string());
        page.fact("created", utc_from(self.created_at, self.now));
        if self.paused {
            page.bad("paused: no claims and no activation until the admin unpauses it");
        }
        if self.layout_version < POOL_VERSION {
            page.bad(&format!(
                "of an older layout: nothing is paid before `cairn pool migrate --pool {}`",
                self.pool
            ));
        }

        page.title("Roles");
        page.fact("admin", self.admin.to_string());
        if let Some(pending) = &self.pending_admin {
            page.fact("offered to", format!("{pending} (must accept)"));
        }
        page.fact("guardian", self.guardian.to_string());
        page.fact(
            "keepers",
            self.keepers
                .iter()
                .map(Address::to_string)
                .collect::<Vec<_>>()
                .join("\n"),
        );
        page.fact(
            "attestations",
            format!("{} of {} keepers", self.threshold, self.keepers.len()),
        );

        page.title("Limits");
        self.params.facts(page);
        page.fact(
            "at creation",
            format!(
                "{} tokens in {}: no parameters raise emission above it",
                self.emission_ceiling.emission_cap.grouped(),
                span(self.emission_ceiling.epoch_interval_secs)
            ),
        );
        page.fact("may leave now", self.breaker.words(self.now));
        if let Some(pending) = &self.pending_params {
            page.title(&format!(
                "Announced, can be applied from {}",
                utc_from(pending.effective_at, self.now)
            ));
            for (label, from, to) in &pending.changes {
                page.fact(label, format!("{from} → {to}"));
            }
        }

        page.title("Rewards");
        page.fact("members", grouped(self.members.into()));
        page.fact("active epoch", number(self.active_epoch));
        page.fact("in flight", number(self.pending_epoch));
        page.fact("funded", self.total_funded.grouped());
        page.fact("granted", self.total_cumulative.grouped());
        page.fact("claimed", self.total_claimed.grouped());
        page.fact("owed", self.owed.grouped());
        page.fact("in the vault", self.vault_balance.grouped());

        page.title("Points and credits");
        page.fact("points issued", self.points_issued.grouped());
        page.fact("points burnt", self.points_burnt.grouped());
        page.fact("burn rounds", grouped(self.rounds));
        page.fact("credits issued", grouped(self.credits_issued));
        page.fact("credits redeemed", grouped(self.credits_redeemed));
        page.fact("of them fulfilled", grouped(self.credits_fulfilled));
    }
}

impl BreakerShown {
    fn words(&self, now: i64) -> String {
        let available = format!("{} tokens", self.available.grouped());
        match self.more_at {
            Some(at) if at > now => format!("{available}, more {}", utc_from(at, now)),
            _ => available,
        }
    }
}

fn number(epoch: u64) -> String {
    if epoch == 0 {
        "none".to_owned()
    } else {
        epoch.to_string()
    }
}
