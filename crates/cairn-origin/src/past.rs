//! What was taken under the root of a revoked epoch, from the transactions that name its account: each claim, burn and redemption
//! under a root brings that account along, and the program's events say what it came to.

use std::collections::BTreeMap;

use cairn_client::{Executed, Ledger};
use cairn_epoch::Taken;
use cairn_interface::ids;
use cairn_interface::vault::{VaultEvent, epoch_address};
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens};
use futures::stream::{StreamExt as _, iter};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;

use crate::OriginError;

/// Lines of an account's past that a node tells at once, at most.
const PAGE: usize = 1_000;
/// Transactions asked for side by side.
const SIDE_BY_SIDE: usize = 8;

/// The past of a revoked epoch, as a node tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Past {
    /// From its activation to its revocation, ascending by index.
    Whole(Vec<Taken>),
    /// The node does not tell all of it, and what it lacks.
    Partial(String),
}

/// An epoch whose past is read.
struct Reader {
    pool: Pubkey,
    number: u64,
    /// Its account.
    address: Pubkey,
    began: bool,
    ended: bool,
    taken: BTreeMap<LeafIndex, Taken>,
}

/// Reads what was taken under the root of epoch `number`.
///
/// # Errors
/// A node that can not be asked.
pub async fn taken_under(
    ledger: &dyn Ledger,
    pool: &Pubkey,
    number: EpochNumber,
) -> Result<Past, OriginError> {
    let address = epoch_address(pool, number).0;
    let mut reader = Reader {
        pool: *pool,
        number: number.get(),
        address,
        began: false,
        ended: false,
        taken: BTreeMap::new(),
    };
    let mut before: Option<Signature> = None;
    loop {
        let page = ledger.history(&address, before, PAGE).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.signature);
        let succeeded = page.iter().filter(|entry| entry.error.is_none());
        let asked: Vec<_> = succeeded
            .map(|entry| entry.signature)
            .map(|signature| async move { (signature, ledger.transaction(&signature).await) })
            .collect();
        let mut told = iter(asked).buffered(SIDE_BY_SIDE);
        while let Some((signature, executed)) = told.next().await {
            let Some(executed) = executed? else {
                let lacks = format!("the node does not tell transaction {signature}");
                return Ok(Past::Partial(lacks));
            };
            reader.take(&executed);
        }
    }
    Ok(if reader.began && reader.ended {
        Past::Whole(reader.taken.into_values().collect())
    } else {
        let end = if reader.ended {
            "activation"
        } else {
            "revocation"
        };
        Past::Partial(format!(
            "the node does not tell epoch {number}'s past as far as its {end}"
        ))
    })
}

impl Reader {
    /// Takes in what a transaction did. Each event follows the call that gives it, so the accounts of the last call say under
    /// which root it happened.
    fn take(&mut self, executed: &Executed) {
        let account = |at: u8| executed.accounts.get(usize::from(at)).copied();
        let outer = executed.transaction.message.instructions();
        for (position, called) in (0_u8..).zip(outer) {
            let mut under: Vec<Pubkey> = called
                .accounts
                .iter()
                .copied()
                .filter_map(account)
                .collect();
            for call in executed.inner.iter().filter(|call| call.outer == position) {
                if call.program != ids::REWARD_VAULT {
                    continue;
                }
                match VaultEvent::decode(&call.program, &call.data) {
                    Some(event) => self.hear(&event, under.contains(&self.address)),
                    None => under.clone_from(&call.accounts),
                }
            }
        }
    }

    fn hear(&mut self, event: &VaultEvent, is_under: bool) {
        match event {
            VaultEvent::EpochActivated(it) => {
                self.began |= it.pool == self.pool && it.number == self.number;
            }
            VaultEvent::EpochRevoked(it) => {
                self.ended |= it.pool == self.pool && it.number == self.number;
            }
            VaultEvent::Claimed(it) if it.pool == self.pool && it.number == self.number => {
                let row = self.row(it.index, &it.owner);
                row.tokens = row.tokens.saturating_add(Tokens::new(it.paid));
                row.tokens_claimed = row.tokens_claimed.max(Tokens::new(it.tokens_claimed));
            }
            VaultEvent::PointsBurnt(it) if it.pool == self.pool && is_under => {
                let row = self.row(it.index, &it.owner);
                row.points = row.points.saturating_add(MilliPoints::new(it.burnt));
                row.points_burnt = row.points_burnt.max(MilliPoints::new(it.points_burnt));
            }
            VaultEvent::CreditsRedeemed(it) if it.pool == self.pool && is_under => {
                let row = self.row(it.index, &it.owner);
                row.credits = row.credits.saturating_add(Credits::new(it.credits));
                row.credits_redeemed = row.credits_redeemed.max(Credits::new(it.credits_redeemed));
            }
            _ => {}
        }
    }

    /// The row of an index, whose owner is one under one root.
    fn row(&mut self, index: u32, owner: &Pubkey) -> &mut Taken {
        let index = LeafIndex::new(index);
        self.taken.entry(index).or_insert_with(|| Taken {
            index,
            owner: owner.to_bytes(),
            tokens: Tokens::ZERO,
            tokens_claimed: Tokens::ZERO,
            points: MilliPoints::ZERO,
            points_burnt: MilliPoints::ZERO,
            credits: Credits::ZERO,
            credits_redeemed: Credits::ZERO,
        })
    }
}
