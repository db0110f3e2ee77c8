use cairn_client::Landed;
use cairn_facts::{cost, sol};
use serde::Serialize;

use crate::amount::grouped;
use crate::page::Page;

/// What became of one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Transaction {
    /// It landed and succeeded.
    Sent {
        signature: String,
        slot: u64,
        compute_units: u64,
        fee_lamports: u64,
    },
    /// It landed and was refused: nothing of it happened, but its fee is paid.
    Refused {
        signature: String,
        slot: u64,
        compute_units: u64,
        fee_lamports: u64,
    },
    /// It would succeed now.
    Simulated {
        compute_units: u64,
        fee_lamports: u64,
    },
    /// It builds on one that has not been sent, so nothing can be said of it yet.
    Later { position: usize },
    /// For somebody else to sign: base64 of the wire format with empty signatures.
    Unsigned {
        transaction: String,
        /// Addresses in the order of their signatures; the first pays the fee.
        signers: Vec<String>,
        /// A recent one, or the nonce account's.
        blockhash: String,
        /// Null with a nonce account: it then stays valid until the nonce moves on.
        last_valid_block_height: Option<u64>,
        /// The nonce account whose value stands in for a recent blockhash.
        nonce: Option<String>,
    },
}

impl From<Landed> for Transaction {
    fn from(Landed { receipt, refused }: Landed) -> Self {
        let signature = receipt.signature.to_string();
        let (slot, compute_units, fee_lamports) =
            (receipt.slot, receipt.compute_units, receipt.fee);
        if refused {
            Self::Refused {
                signature,
                slot,
                compute_units,
                fee_lamports,
            }
        } else {
            Self::Sent {
                signature,
                slot,
                compute_units,
                fee_lamports,
            }
        }
    }
}

impl Transaction {
    /// Of one that landed.
    #[must_use]
    pub fn signature(&self) -> Option<&str> {
        match self {
            Self::Sent { signature, .. } | Self::Refused { signature, .. } => Some(signature),
            Self::Simulated { .. } | Self::Later { .. } | Self::Unsigned { .. } => None,
        }
    }
}

/// What many transactions have cost together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Spent {
    /// All that landed.
    pub transactions: u64,
    /// Of them, those that were refused.
    pub transactions_refused: u64,
    pub fee_lamports: u64,
    /// Of the dearest.
    pub compute_units_max: u64,
}

impl Spent {
    #[must_use]
    pub fn on(list: &[Transaction]) -> Self {
        let mut spent = Self::default();
        spent.add(list);
        spent
    }

    pub fn add(&mut self, list: &[Transaction]) {
        for one in list {
            let (units, fee, refused) = match one {
                Transaction::Sent {
                    compute_units,
                    fee_lamports,
                    ..
                } => (*compute_units, *fee_lamports, 0),
                Transaction::Refused {
                    compute_units,
                    fee_lamports,
                    ..
                } => (*compute_units, *fee_lamports, 1),
                Transaction::Simulated { .. }
                | Transaction::Later { .. }
                | Transaction::Unsigned { .. } => continue,
            };
            self.transactions = self.transactions.saturating_add(1);
            self.transactions_refused = self.transactions_refused.saturating_add(refused);
            self.fee_lamports = self.fee_lamports.saturating_add(fee);
            self.compute_units_max = self.compute_units_max.max(units);
        }
    }

    /// All that was paid; nothing where nothing was.
    pub fn show(&self, page: &mut Page) {
        if self.transactions == 0 {
            return;
        }
        let refused = match self.transactions_refused {
            0 => String::new(),
            some => format!(", {} of them refused", grouped(some)),
        };
        let count = grouped(self.transactions);
        page.fact("transactions", format!("{count}{refused}"));
        page.fact("fees", format!("{} SOL", sol(self.fee_lamports)));
        let dearest = grouped(self.compute_units_max);
        page.fact("dearest", format!("{dearest} compute units"));
    }
}

/// Every transaction of a command, as its result reports them. Serialises as their list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Transactions {
    /// What they do, in words.
    #[serde(skip)]
    pub what: String,
    pub list: Vec<Transaction>,
}

impl Transactions {
    /// Nothing had to be done.
    #[must_use]
    pub fn none(what: &str) -> Self {
        Self {
            what: what.to_owned(),
            list: Vec::new(),
        }
    }

    /// Whether the chain has changed.
    #[must_use]
    pub fn sent(&self) -> bool {
        self.list
            .iter()
            .any(|one| matches!(one, Transaction::Sent { .. }))
    }

    /// Compute units of all transactions together.
    #[must_use]
    pub fn compute_units(&self) -> u64 {
        self.list.iter().fold(0, |sum: u64, one| match one {
            Transaction::Sent { compute_units, .. }
            | Transaction::Refused { compute_units, .. }
            | Transaction::Simulated { compute_units, .. } => sum.saturating_add(*compute_units),
            Transaction::Later { .. } | Transaction::Unsigned { .. } => sum,
        })
    }

    /// What was done, would be done, or is to be signed.
    #[must_use]
    pub fn words(&self) -> String {
        let state = match self.list.first() {
            None => "nothing to send",
            Some(Transaction::Sent { .. } | Transaction::Refused { .. }) => "done",
            Some(Transaction::Simulated { .. } | Transaction::Later { .. }) => {
                "simulated, nothing was sent"
            }
            Some(Transaction::Unsigned { .. }) => "to be signed elsewhere",
        };
        format!("{}: {state}", self.what)
    }

    /// The same as a title.
    pub fn title(&self, page: &mut Page) {
        page.title(&self.words());
    }

    /// Signatures and costs.
    pub fn show(&self, page: &mut Page) {
        for transaction in &self.list {
            match transaction {
                Transaction::Sent {
                    signature,
                    compute_units,
                    fee_lamports,
                    ..
                } => {
                    page.fact("signature", signature);
                    page.fact("cost", cost(*compute_units, *fee_lamports));
                }
                Transaction::Refused {
                    signature,
                    compute_units,
                    fee_lamports,
                    ..
                } => {
                    page.fact("refused", signature);
                    page.fact("cost", cost(*compute_units, *fee_lamports));
                }
                Transaction::Simulated {
                    compute_units,
                    fee_lamports,
                } => page.fact("would cost", cost(*compute_units, *fee_lamports)),
                Transaction::Later { position } => page.fact(
                    "would cost",
                    format!("unknown for transaction {position}: it builds on the one before"),
                ),
                Transaction::Unsigned {
                    transaction,
                    signers,
                    last_valid_block_height,
                    nonce,
                    ..
                } => {
                    page.fact("to be signed by", signers.join("\n"));
                    page.fact("valid until", valid_until(*last_valid_block_height, nonce));
                    // Alone on its line and unindented, so that it can be copied whole.
                    page.line(transaction);
                }
            }
        }
    }
}

fn valid_until(last_valid_block_height: Option<u64>, nonce: &Option<String>) -> String {
    match (last_valid_block_height, nonce) {
        (_, Some(nonce)) => format!("the nonce account {nonce} is used or advanced"),
        (Some(height), None) => format!(
            "block height {}, about a minute, unless its blockhash is replaced: a multisig does that by itself,\n\
             for a cold wallet use --nonce",
            grouped(height)
        ),
        (None, None) => "its blockhash expires".to_owned(),
    }
}
