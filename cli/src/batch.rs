//! Many people's payments at once: packed into transactions, as many in each as fit, several transactions in flight. One
//! person's refusal keeps nobody else from being paid.

use std::sync::Arc;

use cairn_client::ClientError;
use futures::StreamExt;
use serde::Serialize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use crate::context::Context;
use crate::conversation::{Decided, Effect};
use crate::error::{CliError, Exit};
use crate::transact::{Deed, Transaction, fits_one, perform};

/// Transactions in flight at a time: enough to hide the wait for confirmation, few enough for a public node.
const AT_ONCE: usize = 8;
/// Payments in one transaction at most: what 64 accounts and 1,400,000 compute units hold with a margin.
const MAX_PACKED: usize = 12;

/// One person's payment.
pub trait Piece: Sync {
    /// What brings it about, in order; only what does not fit into one transaction is sent in several, step by step.
    fn steps(&self, payer: Pubkey) -> Vec<Vec<Instruction>>;
}

/// Why one piece failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub code: String,
    pub message: String,
    #[serde(skip)]
    pub exit: Option<Exit>,
}

impl From<&CliError> for Fault {
    fn from(error: &CliError) -> Self {
        Self {
            code: error.code().into_owned(),
            message: error.to_string(),
            exit: Some(error.exit()),
        }
    }
}

/// What became of every piece, in order, and what it cost.
#[derive(Debug, Default)]
pub struct Settled {
    pub pieces: Vec<Result<(), Fault>>,
    pub transactions: Vec<Transaction>,
}

/// Sends all pieces. Nothing is asked: the person has agreed to the whole. `reached` hears how many are settled.
///
/// # Errors
/// A wallet that can not be opened; what keeps a piece from being paid is its own [`Fault`].
pub async fn send_all<P: Piece>(
    ctx: &Context,
    pieces: &[P],
    payer: Pubkey,
    reached: &(dyn Fn(u64) + Sync),
) -> Result<Settled, CliError> {
    let quiet = quiet(ctx);
    let packs = pack(ctx, pieces, payer)?;
    let settled: Vec<Settled> = futures::stream::iter(packs)
        .map(|pack| {
            let quiet = &quiet;
            async move {
                let settled = send_pack(quiet, pack, payer).await;
                reached(pack.len() as u64);
                settled
            }
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let mut all = Settled::default();
    for one in settled {
        all.pieces.extend(one.pieces);
        all.transactions.extend(one.transactions);
    }
    Ok(all)
}

/// A context that asks and tells nothing.
#[must_use]
pub fn quiet(ctx: &Context) -> Context {
    Context {
        talk: Arc::new(Decided),
        ..ctx.clone()
    }
}

/// Pieces in order, as many together as one transaction takes.
fn pack<'a, P: Piece>(
    ctx: &Context,
    pieces: &'a [P],
    payer: Pubkey,
) -> Result<Vec<&'a [P]>, CliError> {
    let mut packs = Vec::new();
    let mut rest = pieces;
    while !rest.is_empty() {
        let mut carried: Vec<Instruction> = Vec::new();
        let mut count = 0;
        for piece in rest.iter().take(MAX_PACKED) {
            carried.extend(piece.steps(payer).into_iter().flatten());
            if count > 0 && !fits_one(ctx, &carried)? {
                break;
            }
            count += 1;
        }
        let (pack, after) = rest.split_at(count);
        packs.push(pack);
        rest = after;
    }
    Ok(packs)
}

async fn send_pack<P: Piece>(quiet: &Context, pack: &[P], payer: Pubkey) -> Settled {
    let mut deed = Deed::new(Effect::new("Pay"));
    for step in pack.iter().flat_map(|piece| piece.steps(payer)) {
        deed = deed.step(step);
    }
    match perform(quiet, deed).await {
        Ok(done) => Settled {
            pieces: pack.iter().map(|_| Ok(())).collect(),
            transactions: done.list,
        },
        // Nothing of a refused transaction happened. One whose end is not known is not sent again in other words: the
        // next run reads from the chain what it did.
        Err(error) if pack.len() > 1 && refused(&error) => {
            let mut settled = Settled::default();
            for one in pack {
                let alone = Box::pin(send_pack(quiet, std::slice::from_ref(one), payer)).await;
                settled.pieces.extend(alone.pieces);
                settled.transactions.extend(alone.transactions);
            }
            settled
        }
        Err(error) => Settled {
            pieces: pack.iter().map(|_| Err(Fault::from(&error))).collect(),
            transactions: Vec::new(),
        },
    }
}

/// Whether the chain itself refused.
const fn refused(error: &CliError) -> bool {
    matches!(
        error,
        CliError::Client(
            ClientError::Program { .. }
                | ClientError::Transaction { .. }
                | ClientError::TooLarge { .. }
        )
    )
}
