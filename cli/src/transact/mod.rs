//! From instructions to the chain, in the manner the person chose: sent, simulated, or handed over unsigned. What would
//! be refused is found out before anybody is asked.

mod carry;
mod deed;
mod frame;
mod outcome;

use cairn_client::{ClientError, Cost, MAX_COMPUTE_UNITS, MAX_TRANSACTION_BYTES, limit_from};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use crate::bill::{Bill, sol};
use crate::context::{Context, Manner};
use crate::conversation::Effect;
use crate::error::CliError;
use crate::nonce;
use frame::{Frame, base64, with_empty_signatures};

pub use carry::{Carried, Part, carry_out};
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
    let bounds: Vec<u64> = parts.iter().map(|part| frame.most_fee(part)).collect();
    let bill = Bill {
        fees: bounds.iter().fold(0, |sum, fee| sum.saturating_add(*fee)),
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
        bill.means(ctx, frame.payer).await?.require()?;
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
                .zip(bounds)
                .map(|(instructions, bound)| Part {
                    instructions,
                    most_fee: bound.max(probe.fee),
                })
                .collect();
            let carried = carry_out(ctx, &parts, &frame.payer, &deed.cosigners).await?;
            carried.or_tell(ctx)?
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
            match bill.means(ctx, payer).await {
                Ok(means) if means.need > *need => match means.require() {
                    Err(whole) => whole,
                    Ok(()) => error.into(),
                },
                _ => error.into(),
            }
        }
        _ => error.into(),
    }
}

/// Instructions in order, as many steps together as one transaction of this context takes, each with the most that it may
/// cost when it does no more than `units`.
///
/// # Errors
/// A wallet that can not be opened.
pub fn packed(
    ctx: &Context,
    steps: impl IntoIterator<Item = Vec<Instruction>>,
    units: u32,
) -> Result<Vec<Part>, CliError> {
    let frame = plain_frame(ctx)?;
    let mut deed = Deed::new(Effect::default());
    for step in steps {
        deed = deed.step(step);
    }
    let parts = deed.transactions(&frame).into_iter();
    Ok(parts
        .map(|instructions| Part {
            most_fee: frame.fee(&instructions, units.min(MAX_COMPUTE_UNITS)),
            instructions,
        })
        .collect())
}

/// Whether these instructions fit one transaction of this context: for commands that pack several people's into one.
///
/// # Errors
/// A wallet that can not be opened.
pub fn fits_one(ctx: &Context, instructions: &[Instruction]) -> Result<bool, CliError> {
    Ok(plain_frame(ctx)?.fits(instructions))
}

fn plain_frame(ctx: &Context) -> Result<Frame, CliError> {
    Ok(Frame {
        payer: ctx.fee_payer()?,
        price: ctx.send.priority_micro_lamports,
        nonce: None,
    })
}

async fn frame(ctx: &Context) -> Result<Frame, CliError> {
    let nonce = match &ctx.nonce {
        Some(address) if ctx.manner == Manner::Unsigned => Some(nonce::read(ctx, address).await?),
        _ => None,
    };
    Ok(Frame {
        nonce,
        ..plain_frame(ctx)?
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
            frame::most_units(part)
        };
        done.push(unsigned(ctx, part, frame, limit).await?);
    }
    Ok(done)
}

async fn unsigned(
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
    let transaction = with_empty_signatures(message);
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
