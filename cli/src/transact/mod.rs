//! From instructions to the chain, in the manner the person chose: sent, simulated, or handed over unsigned. What would
//! be refused is found out before anybody is asked.

mod deed;
mod frame;
mod outcome;

use cairn_client::{ClientError, MAX_COMPUTE_UNITS, MAX_TRANSACTION_BYTES, limit_from};
use solana_sdk::instruction::Instruction;
use solana_sdk::message::VersionedMessage;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::amount::Amount;
use crate::context::{Context, Manner};
use crate::error::CliError;
use crate::nonce;
use frame::{Frame, base64, with_empty_signatures};

pub use deed::Deed;
pub use outcome::{Transaction, Transactions};

/// Carries a deed out in the context's manner.
///
/// # Errors
/// A refusal found by simulation, before anybody is asked; [`CliError::Declined`]; what sending runs into. When a later
/// transaction fails, the earlier ones have happened: the same command continues from there.
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
    let probe = probe(ctx, first, &frame).await?;
    let mut effect = deed.effect.fact("signed by", signer);
    if frame.payer != signer {
        effect = effect.fact("fee paid by", frame.payer);
    }
    effect = match later.len() {
        0 => effect.fact(
            "fee",
            format!("{} SOL", Amount::lamports(probe.fee).grouped()),
        ),
        more => effect.fact("transactions", more.saturating_add(1)),
    };
    ctx.talk.effect(&effect);
    let list = match ctx.manner {
        Manner::DryRun => {
            let mut done = vec![Transaction::Simulated {
                compute_units: probe.compute_units,
                fee_lamports: probe.fee,
            }];
            done.extend((2..=parts.len()).map(|position| Transaction::Later { position }));
            done
        }
        Manner::Unsigned => {
            let mut done = Vec::with_capacity(parts.len());
            for (at, part) in parts.iter().enumerate() {
                // Only the first could be simulated; the others ask for what is enough for any instruction here.
                let limit = if at == 0 {
                    limit_from(probe.compute_units.saturating_add(NONCE_UNITS))
                } else {
                    later_limit(part)
                };
                done.push(unsigned(ctx, part, &frame, limit).await?);
            }
            done
        }
        Manner::Send => {
            if !ctx.talk.agree("Sign and send?")? {
                return Err(CliError::Declined);
            }
            send_all(ctx, &parts, &frame.payer, &deed.cosigners).await?
        }
    };
    Ok(Transactions { what, list })
}

/// Whether these instructions fit one transaction of this context: for commands that pack several people's into one.
///
/// # Errors
/// A wallet that can not be opened.
pub fn fits_one(ctx: &Context, instructions: &[Instruction]) -> Result<bool, CliError> {
    let frame = Frame {
        payer: ctx.fee_payer()?,
        price: ctx.send.priority_micro_lamports,
        nonce: None,
    };
    Ok(frame.fits(instructions))
}

async fn frame(ctx: &Context) -> Result<Frame, CliError> {
    let nonce = match &ctx.nonce {
        Some(address) if ctx.manner == Manner::Unsigned => Some(nonce::read(ctx, address).await?),
        _ => None,
    };
    Ok(Frame {
        payer: ctx.fee_payer()?,
        price: ctx.send.priority_micro_lamports,
        nonce,
    })
}

/// What advancing a nonce costs, which simulations leave out.
const NONCE_UNITS: u64 = 150;

/// Compute units asked for where nothing can be simulated: the runtime's own default for each instruction.
fn later_limit(part: &[Instruction]) -> u32 {
    const EACH: u32 = 200_000;
    let count = u32::try_from(part.len()).unwrap_or(u32::MAX);
    EACH.saturating_mul(count).min(MAX_COMPUTE_UNITS)
}

async fn send_all(
    ctx: &Context,
    parts: &[Vec<Instruction>],
    payer: &Pubkey,
    cosigners: &[&Keypair],
) -> Result<Vec<Transaction>, CliError> {
    let mut signers: Vec<&dyn Signer> = vec![ctx.purse.wallet()?.key()?];
    if let Some(purse) = &ctx.fee_purse {
        signers.push(purse.wallet()?.key()?);
    }
    signers.extend(cosigners.iter().map(|key| *key as &dyn Signer));
    let task = ctx.talk.task("sending", parts.len() as u64);
    let mut done = Vec::with_capacity(parts.len());
    for part in parts {
        let receipt =
            cairn_client::send(ctx.ledger.as_ref(), part, payer, &signers, &ctx.send).await?;
        done.push(Transaction::from(receipt));
        task.reached(done.len() as u64);
    }
    Ok(done)
}

struct Probe {
    compute_units: u64,
    fee: u64,
}

async fn probe(
    ctx: &Context,
    instructions: &[Instruction],
    frame: &Frame,
) -> Result<Probe, ClientError> {
    let bytes = frame.size(instructions);
    if bytes > MAX_TRANSACTION_BYTES {
        return Err(ClientError::TooLarge {
            bytes,
            limit: MAX_TRANSACTION_BYTES,
        });
    }
    let ledger = ctx.ledger.as_ref();
    // Without the nonce: it may be used up long before the transaction is sent, which says nothing about the rest.
    let compute_units = cairn_client::simulate(ledger, instructions, &frame.payer).await?;
    let mut message = frame.message(instructions, limit_from(compute_units));
    message.recent_blockhash = ledger.latest_blockhash().await?.hash;
    let fee = ledger.fee(&VersionedMessage::Legacy(message)).await?;
    Ok(Probe { compute_units, fee })
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
