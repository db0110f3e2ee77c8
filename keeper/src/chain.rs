//! Fetch: what the chain shows of an epoch and its pool, all from one slot. Whoever only looks, looks through here, and needs
//! no key.

use std::sync::Arc;

use cairn_client::{Ledger, Reading};
use cairn_interface::vault::{EpochRecord, EpochStatus, EpochView, PoolView, epoch_address};
use cairn_merkle::{EpochNumber, Tokens};
use solana_sdk::pubkey::Pubkey;

use crate::KeeperError;
use crate::config::ChainConfig;
use crate::domain::anomaly::EpochSize;
use crate::domain::emission::{EmissionRule, Growth};
use crate::domain::proposal::{Totals, Vault};
use crate::domain::step::{Chain, ChainEpoch, Status};
use crate::domain::summary::Summary;
use crate::work::Work;

/// The views behind a [`Chain`].
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    pub now: i64,
    pub pool: PoolView,
    pub epoch: Option<EpochView>,
}

/// What became of an epoch that another continues from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It became active under this manifest.
    Active([u8; 32]),
    /// It was active and was revoked: what keepers compute under its number takes its place.
    Revoked,
}

/// What the proposal check needs besides the candidate.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub active: Totals,
    pub rule: EmissionRule,
    pub vault: Vault,
    pub history: Vec<EpochSize>,
}

/// How often the pool may move on between two reads before the older one has to do.
const CHASES: u32 = 3;

/// Pool, epoch and clock as they stood together.
pub(crate) async fn fetch(
    ledger: &dyn Ledger,
    config: &ChainConfig,
    number: EpochNumber,
) -> Result<Fetched, KeeperError> {
    let fetched = epoch_of(ledger, config.pool, number).await?;
    check_network(&fetched.pool, config)?;
    Ok(fetched)
}

/// As [`fetch`], for who belongs to no network.
pub(crate) async fn epoch_of(
    ledger: &dyn Ledger,
    address: Pubkey,
    number: EpochNumber,
) -> Result<Fetched, KeeperError> {
    let mut reading = Reading::new();
    let pool = reading.state(address);
    let epoch = reading.state(epoch_address(&address, number).0);
    let clock = reading.clock();
    let read = reading.read(ledger).await?;
    let pool: PoolView = read.find(&pool)?.ok_or_else(|| KeeperError::NoAccount {
        what: "pool",
        address,
        place: ledger.place(),
    })?;
    Ok(Fetched {
        now: read.need(&clock)?.unix_timestamp,
        pool,
        epoch: read.find(&epoch)?,
    })
}

/// As [`fetch`], of the pool's next epoch: the only one that can be proposed or pending.
pub(crate) async fn fetch_next(
    ledger: &dyn Ledger,
    config: &ChainConfig,
) -> Result<Fetched, KeeperError> {
    let fetched = next_of(ledger, config.pool).await?;
    check_network(&fetched.pool, config)?;
    Ok(fetched)
}

/// As [`fetch_next`], for who belongs to no network.
pub(crate) async fn next_of(ledger: &dyn Ledger, pool: Pubkey) -> Result<Fetched, KeeperError> {
    // Number 0 has no account.
    let mut number = epoch_of(ledger, pool, EpochNumber::default())
        .await?
        .pool
        .next_epoch();
    for _ in 0..CHASES {
        let fetched = epoch_of(ledger, pool, number).await?;
        if fetched.pool.next_epoch() == number {
            return Ok(fetched);
        }
        number = fetched.pool.next_epoch();
    }
    Err(KeeperError::StaleChain {
        signature: String::new(),
    })
}

fn check_network(pool: &PoolView, config: &ChainConfig) -> Result<(), KeeperError> {
    let expected = config.network;
    if pool.network == expected {
        return Ok(());
    }
    Err(KeeperError::OtherNetwork {
        pool: pool.address,
        found: pool.network,
        expected,
    })
}

/// The pool as one keeper looks at it.
#[derive(Clone)]
pub(crate) struct Outlook {
    work: Work,
    ledger: Arc<dyn Ledger>,
    config: ChainConfig,
}

impl Outlook {
    pub const fn new(work: Work, ledger: Arc<dyn Ledger>, config: ChainConfig) -> Self {
        Self {
            work,
            ledger,
            config,
        }
    }

    pub fn ledger(&self) -> &dyn Ledger {
        self.ledger.as_ref()
    }

    pub const fn config(&self) -> &ChainConfig {
        &self.config
    }

    pub async fn fetch(&self, number: EpochNumber) -> Result<Fetched, KeeperError> {
        let fetched = fetch(self.ledger(), &self.config, number);
        self.work.unless_stopped(fetched).await
    }

    pub async fn fetch_next(&self) -> Result<Fetched, KeeperError> {
        let fetched = fetch_next(self.ledger(), &self.config);
        self.work.unless_stopped(fetched).await
    }

    /// What became of epoch `number`. Epoch `next` continues from it.
    pub async fn standing(
        &self,
        number: EpochNumber,
        next: EpochNumber,
    ) -> Result<Standing, KeeperError> {
        let epoch = self.fetch(number).await?.epoch;
        match epoch.as_ref().map(EpochView::status) {
            Some(EpochStatus::Active | EpochStatus::Superseded) => Ok(Standing::Active(
                epoch.map_or([0; 32], |epoch| epoch.manifest_hash),
            )),
            Some(EpochStatus::Revoked) => Ok(Standing::Revoked),
            _ => Err(KeeperError::PreviousNotActive { number, next }),
        }
    }

    /// What bounds the next epoch after the pool's active one, and the sizes of so many epochs before it.
    pub async fn limits(&self, pool: &PoolView, epochs_back: u32) -> Result<Limits, KeeperError> {
        let back = u64::from(epochs_back);
        let first = pool.active_epoch.saturating_sub(back);
        let numbers: Vec<EpochNumber> = (first..=pool.active_epoch)
            .map(EpochNumber::new)
            .filter(|number| *number >= EpochNumber::FIRST)
            .collect();
        let of = |number| epoch_address(&pool.address, number).0;
        let mut reading = Reading::new();
        let vault = reading.token_account(pool.vault);
        // An epoch that can not be claimed from any more may be closed for its rent: its sizes stay.
        let records = reading.all(numbers.iter().copied().map(of), EpochRecord::decode);
        let read = reading.read(self.ledger());
        let read = self.work.unless_stopped(read).await?;
        let missing = |what, address| KeeperError::NoAccount {
            what,
            address,
            place: self.ledger().place(),
        };
        let vault = read.find(&vault)?;
        let balance = vault.ok_or_else(|| missing("vault", pool.vault))?.tokens();
        let mut past = Vec::with_capacity(numbers.len());
        for (number, record) in numbers.iter().zip(read.all(&records)) {
            // A past epoch keeps its account, or a stone with its sizes: without them a jump would pass unasked.
            let record = record?.ok_or_else(|| missing("epoch", of(*number)))?;
            // What a revoked root gave is no measure of anything.
            if !is_revoked(&record) {
                past.push(record);
            }
        }
        Ok(Limits {
            active: Totals {
                tokens: pool.total_cumulative(),
                points: pool.points_issued(),
                credits: pool.credits_issued(),
                members: pool.members,
            },
            rule: EmissionRule {
                caps: Growth {
                    tokens: pool.emission_cap(),
                    points: pool.points_cap(),
                    credits: pool.credits_cap(),
                },
                interval_secs: pool.epoch_interval_secs,
                anchor: pool.emission_anchor,
            },
            vault: Vault {
                balance,
                claimed: pool.total_claimed(),
            },
            history: sizes(&past, back),
        })
    }
}

fn is_revoked(record: &EpochRecord) -> bool {
    matches!(record, EpochRecord::Stored(epoch) if epoch.status() == EpochStatus::Revoked)
}

/// The sizes of at most `back` epochs. What an epoch issued is its total less the total of the one before; an epoch
/// whose predecessor is gone says nothing.
fn sizes(past: &[EpochRecord], back: u64) -> Vec<EpochSize> {
    if back == 0 {
        return Vec::new();
    }
    let mut sizes = Vec::new();
    let mut before: Option<&EpochRecord> = None;
    for epoch in past {
        let base = match before {
            Some(previous) if previous.number().next() == Some(epoch.number()) => {
                Some(previous.root().sum())
            }
            _ => (epoch.number() == EpochNumber::FIRST).then_some(Tokens::ZERO),
        };
        if let Some(base) = base {
            sizes.push(EpochSize {
                tokens_issued: epoch.root().sum().saturating_sub(base),
                members: epoch.leaf_count(),
            });
        }
        before = Some(epoch);
    }
    sizes
}

impl Fetched {
    /// The same in the domain's terms, seen with this keeper's eyes.
    pub(crate) fn chain(&self, number: EpochNumber, me: &Pubkey) -> Chain {
        let pool = &self.pool;
        Chain {
            now: self.now,
            next_epoch: pool.next_epoch(),
            paused: pool.is_paused(self.now),
            i_am_keeper: pool.is_keeper(me),
            i_rest_until: pool
                .require_rested(me, self.now)
                .is_err()
                .then(|| pool.rests_until(me)),
            number,
            revoked: pool.is_correction_due().then(|| pool.active_epoch()),
            epoch: self.epoch.as_ref().map(|epoch| ChainEpoch {
                status: status(epoch.status()),
                attempt: epoch.attempt,
                manifest_hash: epoch.manifest_hash,
                says: said(epoch),
                canopy: epoch.facts.canopy.nodes.clone(),
                canopy_complete: epoch.facts.canopy.complete,
                attestations: epoch.tally(pool),
                attested_by_me: epoch.attesters().contains(me),
                proposed_by_me: epoch.proposer == *me,
                threshold: usize::from(epoch.needed(pool)),
                activatable_at: epoch
                    .activatable_at(pool)
                    .unwrap_or_else(|| epoch.window_over_at(pool)),
                open_challenges: epoch.open_challenges,
            }),
        }
    }
}

const fn status(status: EpochStatus) -> Status {
    match status {
        EpochStatus::Proposed => Status::Proposed,
        EpochStatus::Attested => Status::Attested,
        EpochStatus::Active => Status::Active,
        EpochStatus::Superseded => Status::Superseded,
        EpochStatus::Vetoed => Status::Vetoed,
        EpochStatus::Revoked => Status::Revoked,
    }
}

/// What was proposed, in the fields that a manifest has too.
pub(crate) fn said(epoch: &EpochView) -> Summary {
    Summary {
        root: epoch.root,
        tokens: epoch.tokens(),
        points: epoch.points(),
        credits: epoch.credits(),
        members: epoch.leaf_count,
        accepted: epoch.accepted,
        rejected: epoch.rejected,
        period_start: epoch.period_start,
        period_end: epoch.period_end,
        ruleset_hash: epoch.ruleset_hash,
        code_hash: epoch.code_hash,
    }
}
