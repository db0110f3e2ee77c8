//! A command's result as one list of facts, and the transactions behind them.

use cairn_facts::Deeds;
pub use cairn_facts::Value;

use crate::page::Page;
use crate::printer::Verdict;
use crate::transact::Transactions;

/// What a command did, and what there is to know about it.
pub type Facts = cairn_facts::Facts<Transactions>;

impl Deeds for Transactions {
    const KEY: Option<&'static str> = Some("transactions");

    fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    fn done(&self) -> bool {
        self.sent()
    }

    fn title(&self) -> String {
        self.words()
    }

    fn show(&self, page: &mut Page) {
        self.show(page);
    }
}

impl Verdict for Facts {}
