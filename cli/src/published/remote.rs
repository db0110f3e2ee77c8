//! Published files on mirrors.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use cairn_client::Reading;
use cairn_merkle::EpochNumber;
use cairn_mirror::{Cache, Hear, Listed, Mirrors, Place, Told, Wanted};
use solana_sdk::pubkey::Pubkey;

use crate::amount::grouped;
use crate::chain;
use crate::context::Context;
use crate::conversation::{Conversation, Task};
use crate::error::CliError;

/// Mirrors of one pool's epochs, and where what they gave is kept.
pub(super) struct Remote {
    ctx: Context,
    mirrors: Mirrors,
    ears: Arc<Ears>,
    cache: Cache,
    pool: Pubkey,
    /// What they say they have: of one number more than one when they differ.
    listed: BTreeMap<EpochNumber, Vec<Listed>>,
    /// Which of them was taken.
    chosen: Mutex<BTreeMap<EpochNumber, [u8; 32]>>,
}

impl Remote {
    /// Asks all of them for their index.
    pub async fn open(
        ctx: &Context,
        places: Vec<Place>,
        cache: Option<&Path>,
    ) -> Result<Self, CliError> {
        let ears = Arc::new(Ears::new(ctx.talk.clone()));
        let mirrors = Mirrors::new(places)?.heard_by(ears.clone());
        let mut listed: BTreeMap<EpochNumber, Vec<Listed>> = BTreeMap::new();
        for one in mirrors.index().await? {
            listed.entry(one.number).or_default().push(one);
        }
        let pools: BTreeMap<[u8; 32], String> = listed
            .values()
            .flatten()
            .map(|one| (one.pool, one.mirrors.join(", ")))
            .collect();
        let pool = match pools.iter().collect::<Vec<_>>().as_slice() {
            [(pool, _)] => Pubkey::new_from_array(**pool),
            several => return Err(several_pools(several)),
        };
        let cache = cache.map_or_else(Cache::usual, |folder| Ok(Cache::new(folder)))?;
        let names: Vec<&str> = mirrors.names().collect();
        ctx.talk.note(&format!(
            "Reading from {}; what comes is checked, and kept in {}.",
            names.join(", "),
            cache.root().display()
        ));
        Ok(Self {
            ctx: ctx.clone(),
            mirrors,
            ears,
            cache,
            pool,
            listed,
            chosen: Mutex::default(),
        })
    }

    pub fn has(&self, number: EpochNumber) -> bool {
        self.listed.contains_key(&number)
    }

    pub fn numbers(&self) -> Vec<EpochNumber> {
        self.listed.keys().copied().collect()
    }

    pub const fn pool(&self) -> Pubkey {
        self.pool
    }

    pub fn name(&self) -> String {
        let names: Vec<&str> = self.mirrors.names().collect();
        names.join(", ")
    }

    /// A folder with what is wanted of an epoch; `None` when no mirror says that it has it.
    pub async fn epoch(
        &self,
        number: EpochNumber,
        wanted: Wanted<'_>,
    ) -> Result<Option<PathBuf>, CliError> {
        let Some(manifest) = self.choose(number).await else {
            return Ok(None);
        };
        let held = self.cache.hold(&manifest).await?;
        let fetched = self
            .mirrors
            .fetch(number, manifest, wanted, held.folder())
            .await;
        self.ears.finished();
        let fetched = fetched?;
        if fetched.files > 0 {
            let from: Vec<String> = fetched.from.into_iter().collect();
            self.ctx.talk.note(&format!(
                "Epoch {number}: {} files, {} bytes from {}",
                grouped(fetched.files),
                grouped(fetched.bytes),
                from.join(", ")
            ));
        }
        Ok(Some(held.folder().to_owned()))
    }

    /// The manifest that is meant: where mirrors differ, the chain's.
    async fn choose(&self, number: EpochNumber) -> Option<[u8; 32]> {
        let listed = self.listed.get(&number)?;
        let first = listed.first()?;
        if listed.len() == 1 {
            return Some(first.manifest);
        }
        let chosen = || self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(chosen) = chosen().get(&number) {
            return Some(*chosen);
        }
        let on_chain = self.on_chain(number).await;
        let same = listed.iter().find(|one| Some(one.manifest) == on_chain);
        let taken = same.unwrap_or(first);
        let why = match (same, on_chain) {
            (Some(_), _) => "the chain names that of",
            (None, Some(_)) => "the chain names none of them; looked at is that of",
            (None, None) => "the chain does not say which is right; looked at is that of",
        };
        self.ctx.talk.note(&format!(
            "The mirrors have different files of epoch {number}: {why} {}.",
            taken.mirrors.join(", ")
        ));
        chosen().insert(number, taken.manifest);
        Some(taken.manifest)
    }

    /// The manifest's hash in the epoch's account; `None` when there is no such account, or nobody to ask.
    async fn on_chain(&self, number: EpochNumber) -> Option<[u8; 32]> {
        let mut reading = Reading::new();
        let record = chain::ask_record(&mut reading, &self.pool, number);
        let read = chain::answer(&self.ctx, reading).await.ok()?;
        let record = read.find(&record).ok()??;
        Some(record.manifest_hash())
    }
}

fn several_pools(pools: &[(&[u8; 32], &String)]) -> CliError {
    let each: Vec<String> = pools
        .iter()
        .map(|(pool, mirrors)| format!("{mirrors} about {}", Pubkey::new_from_array(**pool)))
        .collect();
    CliError::refused(
        "other-pool",
        format!("the mirrors are about different pools: {}", each.join("; ")),
        "name mirrors of one pool with --files",
    )
}

/// Shows a fetch to the person.
struct Ears {
    talk: Arc<dyn Conversation>,
    task: Mutex<Option<Box<dyn Task>>>,
    said: Mutex<BTreeSet<String>>,
}

impl Ears {
    fn new(talk: Arc<dyn Conversation>) -> Self {
        Self {
            talk,
            task: Mutex::default(),
            said: Mutex::default(),
        }
    }

    fn finished(&self) {
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Hear for Ears {
    fn begins(&self, what: &str, bytes: u64) {
        let task = self.talk.task(&format!("fetching {what}"), bytes);
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
    }

    fn reached(&self, bytes: u64) {
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = task.as_ref() {
            task.reached(bytes);
        }
    }

    fn failed(&self, told: &Told) {
        let words = told.to_string();
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        // A line that breaks a hundred times is one piece of news.
        let kind = std::mem::discriminant(&told.fault);
        if said.insert(format!("{} {kind:?}", told.mirror)) {
            self.talk.note(&format!("{words}; asking on"));
        }
    }
}
