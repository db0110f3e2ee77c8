//! What payers burned for traffic: transactions that burn the pool's token out of a payer's canonical account and name pool and
//! payer in a memo. A burn that never was is traffic that nobody paid for; one that is left out is a payer robbed.

use std::collections::{BTreeMap, BTreeSet};

use cairn_client::{Executed, Ledger};
use cairn_epoch::{Burn, EpochFolder, Manifest, NetworkTerms, Payer, read_burns, read_terms};
use cairn_interface::traffic::{burn_memo, is_burn_memo};
use cairn_interface::vault::PoolView;
use cairn_interface::{ids, spl};
use cairn_merkle::Tokens;
use futures::stream::{StreamExt as _, iter};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;

use crate::{Finding, OriginError, OriginFault};

const NAME: &str = "burns";
const FILE: &str = "inputs/burns.parquet";
const CHAIN: &str = "the transactions on chain";
/// Lines of an account's past that a node tells at once, at most.
const PAGE: usize = 1_000;
/// Transactions asked for side by side.
const SIDE_BY_SIDE: usize = 8;

/// What a node tells of a period's burns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Burned {
    /// Ascending by slot and transaction.
    pub burns: Vec<Burn>,
    /// What of them the node does not tell; none when it tells all that it has.
    pub lacks: Option<String>,
}

/// Reads what the payers of `terms` burned from `start_ms` to before `end_ms`, unix milliseconds.
///
/// # Errors
/// A node that can not be asked.
pub async fn burned(
    ledger: &dyn Ledger,
    pool: &PoolView,
    terms: &NetworkTerms,
    (start_ms, end_ms): (i64, i64),
) -> Result<Burned, OriginError> {
    let reader = Reader {
        pool,
        payers: &terms.payers,
    };
    let wallets: BTreeSet<[u8; 32]> = terms.payers.iter().map(|payer| payer.wallet).collect();
    let mut told = Burned::default();
    for wallet in wallets {
        let account = reader.account(&wallet);
        let mut before: Option<Signature> = None;
        'past: loop {
            let page = ledger.history(&account, before, PAGE).await?;
            let Some(last) = page.last() else { break };
            before = Some(last.signature);
            let mut asked = Vec::new();
            let mut reached_start = false;
            for entry in page {
                let Some(at_ms) = entry.block_time.map(|at| at.saturating_mul(1_000)) else {
                    let lacks = format!("the node does not tell when {} was", entry.signature);
                    told.lacks = Some(lacks);
                    break 'past;
                };
                // Newest first, and blocks' times never fall.
                if at_ms < start_ms {
                    reached_start = true;
                    break;
                }
                if at_ms < end_ms && entry.error.is_none() {
                    let signature = entry.signature;
                    asked.push(async move { (signature, ledger.transaction(&signature).await) });
                }
            }
            let mut answers = iter(asked).buffered(SIDE_BY_SIDE);
            while let Some((signature, executed)) = answers.next().await {
                match executed? {
                    Some(executed) => told.burns.extend(reader.burn(&executed)),
                    None => {
                        told.lacks =
                            Some(format!("the node does not tell transaction {signature}"));
                    }
                }
            }
            if reached_start {
                break;
            }
        }
    }
    told.burns
        .sort_unstable_by_key(|burn| (burn.slot, burn.signature));
    Ok(told)
}

/// Holds an epoch's burns against the chain. `None` when the ruleset names no payer, and so no burn.
///
/// # Errors
/// A table that can not be read, a node that can not be asked.
pub async fn burns(
    ledger: &dyn Ledger,
    pool: &PoolView,
    folder: &EpochFolder,
    manifest: &Manifest,
) -> Result<Option<Finding>, OriginError> {
    let terms = read_terms(&folder.inputs())?;
    if terms.payers.is_empty() {
        // The computation refuses it too; who only checks origins must not pass it over.
        let stray = folder.burns().exists().then(|| {
            let file = FILE.to_owned();
            let message = "the ruleset names no payer, so nothing is burned for traffic".to_owned();
            Finding::differs(NAME, OriginFault::Succession { file, message })
        });
        return Ok(stray);
    }
    let period = (manifest.epoch.period_start_ms, manifest.epoch.period_end_ms);
    let told = burned(ledger, pool, &terms, period).await?;
    let found = read_burns(&folder.burns())?;
    if let Some((column, expected, found)) = difference(&told.burns, &found) {
        let fault = OriginFault::Value {
            file: FILE,
            column,
            expected,
            found,
            origin: CHAIN,
        };
        return Ok(Some(Finding::differs(NAME, fault)));
    }
    let known: BTreeSet<[u8; 64]> = told.burns.iter().map(|burn| burn.signature).collect();
    for burn in found.iter().filter(|burn| !known.contains(&burn.signature)) {
        let signature = Signature::from(burn.signature);
        let Some(executed) = ledger.transaction(&signature).await? else {
            let lacks = format!("the node does not tell transaction {signature}");
            return Ok(Some(Finding::unknown(NAME, lacks)));
        };
        // A pruned past may lack what the transaction itself still shows.
        let shown = Reader {
            pool,
            payers: &terms.payers,
        }
        .burn(&executed);
        let is_in_time = (period.0..period.1).contains(&burn.unix_ms);
        if shown != Some(*burn) || !is_in_time {
            let fault = OriginFault::Value {
                file: FILE,
                column: "signature",
                expected: "no such burn for this pool in the epoch's period".to_owned(),
                found: signature.to_string(),
                origin: CHAIN,
            };
            return Ok(Some(Finding::differs(NAME, fault)));
        }
    }
    Ok(Some(match told.lacks {
        Some(lacks) => Finding::unknown(NAME, lacks),
        None => Finding::equal(
            NAME,
            format!("{} burns for traffic are the chain's", found.len()),
        ),
    }))
}

type Difference = (&'static str, String, String);

/// The first burn that the chain tells and the table lacks, or has otherwise.
fn difference(told: &[Burn], found: &[Burn]) -> Option<Difference> {
    let found: BTreeMap<[u8; 64], &Burn> =
        found.iter().map(|burn| (burn.signature, burn)).collect();
    told.iter().find_map(|told| {
        let signature = Signature::from(told.signature);
        let Some(found) = found.get(&told.signature) else {
            return Some(("signature", signature.to_string(), "no such row".to_owned()));
        };
        let columns = |burn: &Burn| {
            [
                ("payer", burn.payer.to_string()),
                ("slot", burn.slot.to_string()),
                ("unix_ms", burn.unix_ms.to_string()),
                ("tokens", burn.tokens.to_string()),
            ]
        };
        columns(told)
            .into_iter()
            .zip(columns(found))
            .find(|(told, found)| told != found)
            .map(|((column, expected), (_, found))| {
                (
                    column,
                    format!("{expected} in transaction {signature}"),
                    found,
                )
            })
    })
}

/// What a transaction is read with.
struct Reader<'a> {
    pool: &'a PoolView,
    payers: &'a [Payer],
}

impl Reader<'_> {
    /// Where a wallet burns from.
    fn account(&self, wallet: &[u8; 32]) -> Pubkey {
        let wallet = Pubkey::new_from_array(*wallet);
        spl::associated_token_address(&wallet, &self.pool.mint, &self.pool.token_program)
    }

    /// What a transaction burned for a payer of the pool. Calls of other programs do not count: who signs must see what it pays for.
    fn burn(&self, executed: &Executed) -> Option<Burn> {
        if executed.error.is_some() {
            return None;
        }
        let program = |at: u8| executed.accounts.get(usize::from(at)).copied();
        let calls = executed.transaction.message.instructions();
        let mut memos = calls
            .iter()
            .filter(|call| program(call.program_id_index) == Some(ids::MEMO_PROGRAM))
            .filter(|call| is_burn_memo(&call.data));
        let memo = memos.next().filter(|_| memos.next().is_none())?;
        let is_named = |payer: &&Payer| {
            burn_memo(&self.pool.address, payer.id).as_bytes() == memo.data.as_slice()
        };
        let payer = self.payers.iter().find(is_named)?;
        let place = [self.account(&payer.wallet), self.pool.mint];
        let tokens = calls
            .iter()
            .filter(|call| program(call.program_id_index) == Some(self.pool.token_program))
            .filter(|call| {
                let named = call.accounts.iter().take(2).copied().map(program);
                named.eq(place.map(Some))
            })
            .filter_map(|call| spl::burned(&call.data))
            .fold(Tokens::ZERO, Tokens::saturating_add);
        (tokens > Tokens::ZERO).then_some(Burn {
            payer: payer.id,
            slot: executed.slot,
            signature: executed.signature.into(),
            unix_ms: executed.block_time?.saturating_mul(1_000),
            tokens,
        })
    }
}
