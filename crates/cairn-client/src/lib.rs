//! The one way to a ledger: [`Ledger`] is what keeper, CLI, demo and tests talk to, [`RpcLedger`] speaks JSON-RPC to
//! a real node, and LiteSVM stands behind the same trait in tests.
//!
//! [`send`] takes instructions to the end: it simulates, sets the compute limit from what the simulation used, signs
//! once, submits, and repeats the *same* signed bytes until they land or can provably never land. Only then may
//! another transaction with the same instructions be signed, so nothing is paid twice. A caller that must survive
//! being killed between signing and confirming keeps the [`Signed`] from [`prepare`] in its journal and hands it to
//! [`land`] at the next start.
//!
//! What a piece of work needs to know it asks for in one [`Reading`], and gets from one snapshot.
//!
//! Who has many transactions to send packs them with a [`Frame`], adds up the [`Bill`], and gives them to a [`Sender`] in
//! order, or as payments to a [`Batch`]: several in flight, one's refusal keeping no other from being made.
//!
//! A node that says "not now", in any of the many ways nodes have for it, is waited for within a [`Patience`]; one that gives
//! fewer accounts a call is asked in smaller calls.
//!
//! Every failure is a [`ClientError`]: what happened, on which key, a `hint()` for the person, and a `class()` for
//! the program that decides whether to try again.
#![forbid(unsafe_code)]

mod answer;
mod bill;
mod breaker;
mod budget;
mod call_size;
mod challenges;
mod deployment;
mod diagnose;
mod error;
mod estimate;
mod frame;
pub mod key_text;
mod ledger;
mod node;
mod nonce;
mod patience;
mod pay;
mod place;
mod read;
mod rpc;
mod send;
mod sender;
mod signed;
mod sysvar;

pub use answer::retry_after;
pub use bill::{Bill, Means};
pub use budget::{LAMPORTS_PER_SIGNATURE, MAX_COMPUTE_UNITS, fee_for, fee_of, limit_from};
pub use challenges::{challenges_by, challenges_of};
pub use deployment::deployments;
pub use diagnose::diagnose;
pub use error::{Class, ClientError, sol};
pub use estimate::Estimate;
pub use frame::{Frame, Part, base64, most_units, unsigned};
pub use ledger::{
    AccountFilter, Block, Blockhash, Executed, Gathered, HistoryEntry, InnerCall, Ledger,
    MAX_SNAPSHOT, Simulation, Snapshot, TxStatus,
};
pub use node::root_cause;
pub use nonce::Nonce;
pub use patience::{Patience, Pauses};
pub use pay::{Batch, Became, Limits, Payment, Settled, Stop, packs};
pub use read::{Asked, AskedAll, Decode, Read, Reading};
pub use rpc::RpcLedger;
pub use send::{Cost, Failure, Receipt, SendOptions, land, prepare, send, send_counted, simulate};
pub use sender::{Carried, Landed, Sender};
pub use signed::{MAX_TRANSACTION_BYTES, Signed};
pub use solana_commitment_config::CommitmentLevel;
