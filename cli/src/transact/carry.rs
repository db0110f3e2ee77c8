use cairn_client::{SendOptions, send_counted};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use super::outcome::{Spent, Transaction};
use crate::bill::sol;
use crate::context::Context;
use crate::error::CliError;

/// One transaction to be.
#[derive(Clone, Debug)]
pub struct Part {
    pub instructions: Vec<Instruction>,
    /// Lamports its fee may be at most: what was agreed to.
    pub most_fee: u64,
}

/// What became of parts that were sent in order.
#[derive(Debug, Default)]
pub struct Carried {
    /// All that landed, refused ones too: each was paid for.
    pub done: Vec<Transaction>,
    /// Why the rest was not sent.
    pub failure: Option<CliError>,
}

impl Carried {
    /// All transactions, or the failure, after what had landed before it was told.
    ///
    /// # Errors
    /// The failure.
    pub fn or_tell(self, ctx: &Context) -> Result<Vec<Transaction>, CliError> {
        let Some(failure) = self.failure else {
            return Ok(self.done);
        };
        if !self.done.is_empty() {
            let mut spent = Spent::default();
            spent.add(&self.done);
            let signatures: Vec<&str> = self
                .done
                .iter()
                .filter_map(Transaction::signature)
                .collect();
            ctx.talk.note(&format!(
                "Before it ended, {} transactions landed, for {} SOL in fees: {}",
                spent.transactions,
                sol(spent.fee_lamports),
                signatures.join(", ")
            ));
        }
        Err(failure)
    }
}

/// Sends parts in order, until one fails. Nothing is asked: the person has agreed to the whole.
///
/// # Errors
/// A wallet that can not be opened; everything else is [`Carried::failure`].
pub async fn carry_out(
    ctx: &Context,
    parts: &[Part],
    payer: &Pubkey,
    cosigners: &[&Keypair],
) -> Result<Carried, CliError> {
    let mut signers: Vec<&dyn Signer> = vec![ctx.purse.wallet()?.key()?];
    if let Some(purse) = &ctx.fee_purse {
        signers.push(purse.wallet()?.key()?);
    }
    signers.extend(cosigners.iter().map(|key| *key as &dyn Signer));
    let task = ctx.talk.task("sending", parts.len() as u64);
    let mut carried = Carried::default();
    for part in parts {
        let options = SendOptions {
            most_fee: Some(part.most_fee),
            ..ctx.send.clone()
        };
        let ledger = ctx.ledger.as_ref();
        match send_counted(ledger, &part.instructions, payer, &signers, &options).await {
            Ok(receipt) => carried.done.push(Transaction::from(receipt)),
            Err(failure) => {
                carried
                    .done
                    .extend(failure.landed.map(Transaction::refused));
                carried.failure = Some(failure.error.into());
                break;
            }
        }
        task.reached(carried.done.len() as u64);
    }
    Ok(carried)
}
