//! Accounts read over JSON-RPC.

use cairn_client::{Ledger, RpcLedger};
use cairn_interface::{
    spl,
    vault::{EpochView, MemberPageView, PoolView, Slot, epoch_address, member_page_address},
};
use cairn_merkle::{EpochNumber, LeafIndex, member_page_of};
use solana_sdk::pubkey::Pubkey;

pub async fn pool_of(ledger: &RpcLedger, address: Pubkey) -> PoolView {
    let account = ledger.account(&address).await.expect("an answer");
    PoolView::decode(address, &account.expect("the pool")).expect("a pool")
}

pub async fn epoch_of(ledger: &RpcLedger, pool: &Pubkey, number: u64) -> EpochView {
    let address = epoch_address(pool, EpochNumber::new(number)).0;
    let account = ledger.account(&address).await.expect("an answer");
    EpochView::decode(address, &account.expect("the epoch")).expect("an epoch")
}

/// The counters of the member at `index`.
pub async fn slot_of(ledger: &RpcLedger, pool: &Pubkey, index: u32) -> Slot {
    let address = member_page_address(pool, member_page_of(LeafIndex::new(index))).0;
    let account = ledger.account(&address).await.expect("an answer");
    let page = MemberPageView::decode(address, &account.expect("the page")).expect("a page");
    page.slot(LeafIndex::new(index))
        .expect("a slot of its page")
}

/// Base units in a token account; 0 without one.
pub async fn tokens_of(ledger: &RpcLedger, address: Pubkey) -> u64 {
    match ledger.account(&address).await.expect("an answer") {
        Some(account) => {
            spl::TokenAccountView::decode(address, &account)
                .expect("a token account")
                .amount
        }
        None => 0,
    }
}

/// 0 without an account.
pub async fn lamports_of(ledger: &RpcLedger, address: &Pubkey) -> u64 {
    let account = ledger.account(address).await.expect("an answer");
    account.map_or(0, |account| account.lamports)
}
