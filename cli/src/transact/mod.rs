//! From instructions to the chain, in the manner the person chose: sent, simulated, or handed over unsigned. What would
//! be refused is found out before anybody is asked.

mod deed;
mod outcome;

use cairn_client::{
    Bill, Carried, ClientError, Cost, Frame, MAX_TRANSACTION_BYTES, Nonce, Part, base64,
    limit_from, most_units, unsigned,
};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use crate::bill::sol;
use crate::context::{Context, Manner};
use crate::conversation::Effect;
use crate::error::CliError;

pub use deed::Deed;
pub use outcome::{Spent, Transaction, Transactions};

/// Carries a deed out in the context's manner.
///
/// # Errors
/// A refusal found by simulation, before anybody is asked; a payer with too little for all of it; [`CliError::Declined`];
/// what sending runs into. When a later transaction fails, the earlier ones have happened, which is said: the same command
/// continues from there.
pub async fn perform(ctx: &Context, deed: Deed<'_>) -> Result<Transactions, CliError> {
    let signer = ctx.signer()?;
    let frame = frame(ctx).await?;
    let parts = deed.transactions(&frame);
    let what = deed.effect.what.clone();
    let Some((first, later)) = parts.split_first() else {
        return Ok(Transactions {
            what,
            list: Vec::new(),
        });
    };
    if frame.nonce.is_some() && !later.is_empty() {
        return Err(CliError::refused(
            "nonce-used-once",
            format!(
                "this needs {} transactions, and a nonce is good for one",
                parts.len()
            ),
            "leave out --nonce and sign within a minute, or do it in smaller steps",
        ));
    }
    let most_fee = |part: &Vec<Instruction>| frame.fee(part, most_units(part));
    let bill = Bill {
        fees: parts.iter().map(most_fee).fold(0, u64::saturating_add),
        rent: deed.rent,
    };
    let probe = match probe(ctx, first, &frame).await {
        Ok(probe) => probe,
        Err(error) => return Err(in_full(ctx, &bill, frame.payer, error).await),
    };
    let mut effect = deed.effect.fact("signed by", signer);
    if frame.payer != signer {
        effect = effect.fact("fee paid by", frame.payer);
    }
    effect = costs(effect, &parts, &probe, &bill);
    if !later.is_empty() && ctx.manner != Manner::Unsigned {
        // Only the first could be simulated: that the payer has enough for the others is counted.
        let means = bill.means(ctx.ledger.as_ref(), frame.payer).await?;
        means.require()?;
    }
    let effect = ctx.announce(effect).await?;
    let list = match ctx.manner {
        Manner::DryRun => {
            let mut done = vec![Transaction::Simulated {
                compute_units: probe.compute_units,
                fee_lamports: probe.fee,
            }];
            done.extend((2..=parts.len()).map(|position| Transaction::Later { position }));
            done
        }
        Manner::Unsigned => unsigned_all(ctx, &parts, &probe, &frame).await?,
        Manner::Send => {
            effect.agreed(ctx.talk.as_ref(), "Sign and send?")?;
            let parts: Vec<Part> = parts
                .into_iter()
                .map(|instructions| Part {
                    most_fee: most_fee(&instructions).max(probe.fee),
                    instructions,
                })
                .collect();
            let sender = ctx.sender(&deed.cosigners)?;
            let task = ctx.talk.task("sending", parts.len() as u64);
            let reached = |done: usize| task.reached(done as u64);
            let carried = sender.in_order(&parts, reached).await;
            drop(task);
            all_or_tell(ctx, carried)?
        }
    };
    Ok(Transactions { what, list })
}

/// Says the fee, or how many transactions it takes and what their fees are at most.
fn costs(effect: Effect, parts: &[Vec<Instruction>], probe: &Cost, bill: &Bill) -> Effect {
    if parts.len() > 1 {
        return effect
            .fact("transactions", parts.len())
            .fact("fees", format!("at most {} SOL", sol(bill.fees)));
    }
    effect.fact("fee", format!("{} SOL", sol(probe.fee)))
}

/// A payer that was found to have too little is told all that the whole deed takes, not what its first step asked for.
async fn in_full(ctx: &Context, bill: &Bill, payer: Pubkey, error: ClientError) -> CliError {
    match &error {
        ClientError::InsufficientLamports { key, need, .. } if *key == payer => {
            match bill.means(ctx.ledger.as_ref(), payer).await {
                Ok(means) if means.need > *need => means.require().err().unwrap_or(error).into(),
                _ => error.into(),
            }
        }
        _ => error.into(),
    }
}

/// All transactions, or the failure, after what had landed before it was told.
///
/// # Errors
/// The failure.
pub fn all_or_tell(ctx: &Context, carried: Carried) -> Result<Vec<Transaction>, CliError> {
    let Carried { landed, failure } = carried;
    let done: Vec<Transaction> = landed.into_iter().map(Transaction::from).collect();
    let Some(failure) = failure else {
        return Ok(done);
    };
    if !done.is_empty() {
        let spent = Spent::on(&done);
        let signatures: Vec<&str> = done.iter().filter_map(Transaction::signature).collect();
        ctx.talk.note(&format!(
            "Before it ended, {} transactions landed, for {} SOL in fees: {}",
            spent.transactions,
            sol(spent.fee_lamports),
            signatures.join(", ")
        ));
    }
    Err(failure.into())
}

async fn frame(ctx: &Context) -> Result<Frame, CliError> {
    let nonce = match &ctx.nonce {
        Some(address) if ctx.manner == Manner::Unsigned => Some(named_nonce(ctx, address).await?),
        _ => None,
    };
    Ok(Frame {
        nonce,
        ..ctx.frame()?
    })
}

/// The nonce account that `--nonce` named.
async fn named_nonce(ctx: &Context, address: &Pubkey) -> Result<Nonce, CliError> {
    let account = ctx.ledger.account(address).await?;
    let found = account.and_then(|account| Nonce::decode(*address, &account));
    found.ok_or_else(|| {
        CliError::refused(
            "no-nonce-account",
            format!("{address} is no initialised nonce account"),
            "make one with `solana create-nonce-account`, and name its address with --nonce",
        )
    })
}

/// What advancing a nonce costs, which simulations leave out.
const NONCE_UNITS: u64 = 150;

async fn probe(
    ctx: &Context,
    instructions: &[Instruction],
    frame: &Frame,
) -> Result<Cost, ClientError> {
    let bytes = frame.size(instructions);
    if bytes > MAX_TRANSACTION_BYTES {
        return Err(ClientError::TooLarge {
            bytes,
            limit: MAX_TRANSACTION_BYTES,
        });
    }
    // Without the nonce: it may be used up long before the transaction is sent, which says nothing about the rest.
    let ledger = ctx.ledger.as_ref();
    cairn_client::simulate(ledger, instructions, &frame.payer, &ctx.send).await
}

async fn unsigned_all(
    ctx: &Context,
    parts: &[Vec<Instruction>],
    probe: &Cost,
    frame: &Frame,
) -> Result<Vec<Transaction>, ClientError> {
    let mut done = Vec::with_capacity(parts.len());
    for (at, part) in parts.iter().enumerate() {
        // Only the first could be simulated; the others ask for what is enough for any instruction here.
        let limit = if at == 0 {
            limit_from(probe.compute_units.saturating_add(NONCE_UNITS))
        } else {
            most_units(part)
        };
        done.push(to_be_signed(ctx, part, frame, limit).await?);
    }
    Ok(done)
}

async fn to_be_signed(
    ctx: &Context,
    instructions: &[Instruction],
    frame: &Frame,
    limit: u32,
) -> Result<Transaction, ClientError> {
    let mut message = frame.message(instructions, limit);
    let mut last_valid_block_height = None;
    if frame.nonce.is_none() {
        let blockhash = ctx.ledger.latest_blockhash().await?;
        message.recent_blockhash = blockhash.hash;
        last_valid_block_height = Some(blockhash.last_valid_block_height);
    }
    let blockhash = message.recent_blockhash.to_string();
    let transaction = unsigned(message);
    let required = transaction.signatures.len();
    let keys = transaction.message.static_account_keys();
    Ok(Transaction::Unsigned {
        signers: keys.iter().take(required).map(Pubkey::to_string).collect(),
        transaction: base64(&transaction),
        blockhash,
        last_valid_block_height,
        nonce: frame.nonce.map(|nonce| nonce.address.to_string()),
    })
}
