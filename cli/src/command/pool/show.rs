//! `cairn pool show`.

use cairn_client::Reading;
use cairn_interface::vault::{Asker, POOL_VERSION, PoolParams, PoolView, vault_address};
use cairn_merkle::{Credits, EpochNumber, Tokens};

use super::params::{ParamsShown, differences};
use crate::address::{Address, Hash};
use crate::amount::{Amount, grouped, of_credits, of_points, of_tokens};
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::utc_from;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::shown::shown;

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

shown! {
    /// A pool as it stands, with what its vault holds.
    PoolShown(pool: &PoolView, vault_balance: Tokens, now: i64) {
        pool: Address = pool.address.into(),
        network: Address = pool.network.into(),
        mint: Address = pool.mint.into(),
        vault: Address = pool.vault.into(),
        token_program: Address = pool.token_program.into(),
        id: u64 = pool.id,
        admin: Address = pool.admin.into(),
        pending_admin: Option<Address> = pool.pending_admin().map(Address),
        /// Unix seconds from which the pending admin may accept; null when there is none.
        admin_effective_at: Option<i64> =
            (pool.admin_effective_at != 0).then_some(pool.admin_effective_at),
        guardian: Address = pool.guardian.into(),
        /// Announced guardian and keepers.
        pending_roles: RolesShown = RolesShown::new(pool),
        keepers: Vec<Address> = pool.keepers().iter().copied().map(Address).collect(),
        threshold: u8 = pool.threshold,
        /// In effect.
        #[serde(flatten)]
        params: ParamsShown = ParamsShown::new(&pool.params(), pool.decimals),
        /// Announced and not applied yet.
        pending_params: Option<PendingShown> =
            pool.pending_params.params().map(|params| PendingShown::new(pool, &params)),
        /// Those at creation: none are ever looser.
        creation: ParamsShown = ParamsShown::new(&pool.creation.params(), pool.decimals),
        /// The rules that epochs are scored by; null in a migrated pool until its next activation.
        ruleset_hash: Option<Hash> = pool.ruleset_hash().map(Hash::from),
        /// Rules to be; null when none are announced.
        pending_ruleset: Option<RulesetShown> =
            (pool.pending_ruleset.effective_at != 0).then(|| RulesetShown::new(pool)),
        breaker: BreakerShown = BreakerShown::new(pool, vault_balance, now),
        canopy_depth: u8 = pool.canopy_depth,
        /// Below 3 needs `cairn pool migrate`.
        layout_version: u8 = pool.version,
        /// Unix seconds.
        created_at: i64 = pool.created_at,
        paused: bool = pool.is_paused(now),
        /// Unix seconds at which the pause ends by itself; null while there is none.
        paused_until: Option<i64> = pool.is_paused(now).then_some(pool.paused_until),
        /// Whether the active epoch was revoked and its correction is due.
        correction_due: bool = pool.is_correction_due(),
        /// 0 before the first.
        active_epoch: EpochNumber = pool.active_epoch(),
        /// The epoch in flight; 0 when none is.
        pending_epoch: EpochNumber = pool.pending_epoch(),
        members: u32 = pool.members,
        pages: u32 = pool.pages,
        total_funded: Amount = of_tokens(pool.total_funded(), pool.decimals),
        total_cumulative: Amount = of_tokens(pool.total_cumulative(), pool.decimals),
        total_claimed: Amount = of_tokens(pool.total_claimed(), pool.decimals),
        /// What the active root grants and nobody has claimed yet.
        owed: Amount =
            of_tokens(pool.total_cumulative().saturating_sub(pool.total_claimed()), pool.decimals),
        vault_balance: Amount = of_tokens(vault_balance, pool.decimals),
        points_issued: Amount = of_points(pool.points_issued()),
        points_burnt: Amount = of_points(pool.points_burnt()),
        /// Burn rounds opened so far.
        rounds: u64 = pool.next_round,
        credits_issued: Credits = pool.credits_issued(),
        /// Fulfilled, or waiting for their carrier.
        credits_redeemed: Credits = pool.credits_redeemed(),
        credits_fulfilled: Credits = pool.credits_fulfilled(),
        /// The cluster's clock, unix seconds.
        now: i64 = now,
    }
}

shown! {
    /// Parameters that wait for their moment.
    PendingShown(pool: &PoolView, params: &PoolParams) {
        #[serde(flatten)]
        params: ParamsShown = ParamsShown::new(params, pool.decimals),
        /// Unix seconds from which anyone may apply them.
        effective_at: i64 = pool.pending_params.effective_at,
        /// What they change, label by label; only for people.
        #[serde(skip)]
        changes: Vec<(&'static str, String, String)> =
            differences(&pool.params(), params, pool.decimals),
    }
}

shown! {
    /// Roles that wait for their moment.
    RolesShown(pool: &PoolView) {
        /// Null when none is announced.
        guardian: Option<Address> = (pool.pending_roles.guardian_effective_at != 0)
            .then(|| pool.pending_roles.guardian.into()),
        /// Unix seconds.
        guardian_effective_at: Option<i64> = (pool.pending_roles.guardian_effective_at != 0)
            .then_some(pool.pending_roles.guardian_effective_at),
        /// None when none are announced.
        keepers: Vec<Address> = pool.pending_roles.keepers().iter().copied().map(Address).collect(),
        threshold: u8 = pool.pending_roles.threshold,
        /// Unix seconds.
        keepers_effective_at: Option<i64> = (pool.pending_roles.keepers_effective_at != 0)
            .then_some(pool.pending_roles.keepers_effective_at),
    }
}

shown! {
    /// Rules that wait for their epoch.
    RulesetShown(pool: &PoolView) {
        hash: Hash = pool.pending_ruleset.hash.into(),
        from_epoch: EpochNumber = EpochNumber::new(pool.pending_ruleset.from_epoch),
        /// Unix seconds.
        effective_at: i64 = pool.pending_ruleset.effective_at,
    }
}

shown! {
    /// What may leave the vault.
    BreakerShown(pool: &PoolView, vault_balance: Tokens, now: i64) {
        /// Claims that their member signs may take this much now.
        available: Amount = of_tokens(
            Tokens::new(pool.room(now, vault_balance, Asker::Member).available),
            pool.decimals,
        ),
        /// Claims that somebody else sends may take this much of it.
        available_unsigned: Amount = of_tokens(
            Tokens::new(pool.room(now, vault_balance, Asker::Anyone).available),
            pool.decimals,
        ),
        /// Unix seconds from which more may leave; null when nothing is held back.
        more_at: Option<i64> = {
            let room = pool.room(now, vault_balance, Asker::Member);
            (room.available < vault_balance.get()).then_some(room.more_at)
        },
    }
}

/// # Errors
/// No pool at that address; an unreachable node.
pub async fn run(ctx: &Context, args: &Args) -> Result<PoolShown, CliError> {
    let vault = vault_address(&args.pool.pool).0;
    let ask = |reading: &mut Reading| reading.token_account(vault);
    let (pool, vault, now) = chain::pool_with(ctx, &args.pool.pool, ask).await?;
    Ok(PoolShown::new(
        &pool,
        vault.map_or(Tokens::ZERO, |vault| vault.tokens()),
        now,
    ))
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
            let until = self.paused_until.unwrap_or(self.now);
            page.bad(&format!(
                "paused: no claims and no activation until {}, or until the admin unpauses it",
                utc_from(until, self.now)
            ));
        }
        if self.correction_due {
            page.bad(&format!(
                "epoch {} was revoked: nothing is paid by it, and the next one is its correction",
                self.active_epoch
            ));
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
            let due = utc_from(self.admin_effective_at.unwrap_or(self.now), self.now);
            page.fact("offered to", format!("{pending} (may accept from {due})"));
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

        self.pending_roles.show(page, self.now);

        page.title("Limits");
        self.params.facts(page);
        let loosest = self.params.tightened_from(&self.creation);
        for (label, value) in loosest {
            page.fact("at creation", format!("{label} {value}: nothing is looser"));
        }
        page.fact("may leave now", self.breaker.words(self.now));

        page.title("Rules");
        page.fact(
            "in effect",
            self.ruleset_hash.map_or_else(
                || "any until the next activation".to_owned(),
                |it| it.to_string(),
            ),
        );
        if let Some(pending) = &self.pending_ruleset {
            page.fact(
                "announced",
                format!(
                    "{}\nfrom epoch {} on, not before {}",
                    pending.hash,
                    pending.from_epoch,
                    utc_from(pending.effective_at, self.now)
                ),
            );
        }
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
        page.fact("credits issued", of_credits(self.credits_issued));
        page.fact("credits redeemed", of_credits(self.credits_redeemed));
        page.fact("of them fulfilled", of_credits(self.credits_fulfilled));
    }
}

impl RolesShown {
    fn show(&self, page: &mut Page, now: i64) {
        if let (Some(guardian), Some(at)) = (&self.guardian, self.guardian_effective_at) {
            page.fact(
                "guardian to be",
                format!("{guardian} (from {})", utc_from(at, now)),
            );
        }
        if let Some(at) = self.keepers_effective_at {
            let keepers = self.keepers.iter().map(Address::to_string);
            page.fact("keepers to be", keepers.collect::<Vec<_>>().join("\n"));
            page.fact(
                "their attestations",
                format!(
                    "{} of {} keepers (from {})",
                    self.threshold,
                    self.keepers.len(),
                    utc_from(at, now)
                ),
            );
        }
    }
}

impl BreakerShown {
    fn words(&self, now: i64) -> String {
        let mut available = format!("{} tokens", self.available.grouped());
        if self.available_unsigned != self.available {
            available = format!(
                "{available}, {} of them by claims that their member does not sign",
                self.available_unsigned.grouped()
            );
        }
        match self.more_at {
            Some(at) if at > now => format!("{available}, more {}", utc_from(at, now)),
            _ => available,
        }
    }
}

fn number(epoch: EpochNumber) -> String {
    if epoch < EpochNumber::FIRST {
        "none".to_owned()
    } else {
        epoch.to_string()
    }
}
