//! From instructions to the chain, in the manner the person chose: sent, simulated, or handed over unsigned. What would
//! be refused is found out before anybody is asked.

use cairn_client::{ClientError, MAX_TRANSACTION_BYTES, Receipt, limit_from};
use serde::Serialize;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_sdk::instruction::Instruction;
use solana_sdk::message::{Message, VersionedMessage};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signature};
use solana_sdk::signer::Signer;
use solana_sdk::transaction::VersionedTransaction;

use crate::amount::{Amount, grouped};
use crate::context::{Context, Manner};
use crate::conversation::Effect;
use crate::error::CliError;
use crate::page::Page;

/// Something to be done on chain: its effect in words and the steps that bring it about, in order.
#[derive(Debug)]
pub struct Deed<'a> {
    pub effect: Effect,
    steps: Vec<Vec<Instruction>>,
    /// Keys that sign beside the wallet: a device's consent, a new owner.
    cosigners: Vec<&'a Keypair>,
}

impl<'a> Deed<'a> {
    #[must_use]
    pub const fn new(effect: Effect) -> Self {
        Self {
            effect,
            steps: Vec::new(),
            cosigners: Vec::new(),
        }
    }

    /// Adds instructions that must share one transaction. Steps are packed into as few transactions as hold them.
    #[must_use]
    pub fn step(mut self, instructions: impl IntoIterator<Item = Instruction>) -> Self {
        self.steps.push(instructions.into_iter().collect());
        self
    }

    #[must_use]
    pub fn cosigned(mut self, key: &'a Keypair) -> Self {
        self.cosigners.push(key);
        self
    }

    /// Steps merged from the front while they fit into one transaction.
    fn transactions(&self, payer: &Pubkey, price: u64) -> Vec<Vec<Instruction>> {
        let mut packed: Vec<Vec<Instruction>> = Vec::new();
        for step in &self.steps {
            if let Some(last) = packed.last_mut() {
                let merged: Vec<_> = last.iter().chain(step).cloned().collect();
                if size(&merged, payer, price) <= MAX_TRANSACTION_BYTES {
                    *last = merged;
                    continue;
                }
            }
            packed.push(step.clone());
        }
        packed
    }
}

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
        signers: Vec<String>,
        blockhash: String,
        last_valid_block_height: u64,
    },
}

impl From<Receipt> for Transaction {
    fn from(receipt: Receipt) -> Self {
        Self::Sent {
            signature: receipt.signature.to_string(),
            slot: receipt.slot,
            compute_units: receipt.compute_units,
            fee_lamports: receipt.fee,
        }
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
            | Transaction::Simulated { compute_units, .. } => sum.saturating_add(*compute_units),
            Transaction::Later { .. } | Transaction::Unsigned { .. } => sum,
        })
    }

    /// A line that says what was done, would be done, or is to be signed.
    pub fn title(&self, page: &mut Page) {
        let state = match self.list.first() {
            None => "nothing to send",
            Some(Transaction::Sent { .. }) => "done",
            Some(Transaction::Simulated { .. } | Transaction::Later { .. }) => {
                "simulated, nothing was sent"
            }
            Some(Transaction::Unsigned { .. }) => "to be signed elsewhere",
        };
        page.title(&format!("{}: {state}", self.what));
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
                    ..
                } => {
                    page.fact("to be signed by", signers.join("\n"));
                    page.fact(
                        "valid until",
                        format!(
                            "block height {} (about a minute, unless its blockhash is replaced)",
                            grouped(*last_valid_block_height)
                        ),
                    );
                    // Alone on its line and unindented, so that it can be copied whole.
                    page.line(transaction);
                }
            }
        }
    }
}

fn cost(compute_units: u64, fee_lamports: u64) -> String {
    format!(
        "{} SOL fee, {} compute units",
        Amount::lamports(fee_lamports).grouped(),
        grouped(compute_units)
    )
}

/// Carries a deed out in the context's manner.
///
/// # Errors
/// A refusal found by simulation, before anybody is asked; [`CliError::Declined`]; what sending runs into. When a later
/// transaction fails, the earlier ones have happened: the same command continues from there.
pub async fn perform(ctx: &Context, deed: Deed<'_>) -> Result<Transactions, CliError> {
    let payer = ctx.signer()?;
    let price = ctx.send.priority_micro_lamports;
    let parts = deed.transactions(&payer, price);
    let what = deed.effect.what.clone();
    let Some((first, later)) = parts.split_first() else {
        return Ok(Transactions {
            what,
            list: Vec::new(),
        });
    };
    let probe = probe(ctx, first, &payer).await?;
    let mut effect = deed.effect.fact("signed by", payer);
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
                    limit_from(probe.compute_units)
                } else {
                    LATER_LIMIT
                };
                done.push(unsigned(ctx, part, &payer, limit).await?);
            }
            done
        }
        Manner::Send => {
            if !ctx.talk.agree("Sign and send?")? {
                return Err(CliError::Declined);
            }
            send_all(ctx, &parts, &payer, &deed.cosigners).await?
        }
    };
    Ok(Transactions { what, list })
}

/// Compute units asked for where nothing can be simulated: the runtime's own default for one instruction.
const LATER_LIMIT: u32 = 200_000;

async fn send_all(
    ctx: &Context,
    parts: &[Vec<Instruction>],
    payer: &Pubkey,
    cosigners: &[&Keypair],
) -> Result<Vec<Transaction>, CliError> {
    let key = ctx.purse.wallet()?.key()?;
    let mut signers: Vec<&dyn Signer> = vec![key];
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
    payer: &Pubkey,
) -> Result<Probe, ClientError> {
    let price = ctx.send.priority_micro_lamports;
    let bytes = size(instructions, payer, price);
    if bytes > MAX_TRANSACTION_BYTES {
        return Err(ClientError::TooLarge {
            bytes,
            limit: MAX_TRANSACTION_BYTES,
        });
    }
    let ledger = ctx.ledger.as_ref();
    let compute_units = cairn_client::simulate(ledger, instructions, payer).await?;
    let mut message = message(instructions, payer, limit_from(compute_units), price);
    message.recent_blockhash = ledger.latest_blockhash().await?.hash;
    let fee = ledger.fee(&VersionedMessage::Legacy(message)).await?;
    Ok(Probe { compute_units, fee })
}

async fn unsigned(
    ctx: &Context,
    instructions: &[Instruction],
    payer: &Pubkey,
    limit: u32,
) -> Result<Transaction, ClientError> {
    let blockhash = ctx.ledger.latest_blockhash().await?;
    let mut message = message(instructions, payer, limit, ctx.send.priority_micro_lamports);
    message.recent_blockhash = blockhash.hash;
    let transaction = with_empty_signatures(message);
    let required = transaction.signatures.len();
    let keys = transaction.message.static_account_keys();
    Ok(Transaction::Unsigned {
        signers: keys.iter().take(required).map(Pubkey::to_string).collect(),
        transaction: base64(&transaction),
        blockhash: blockhash.hash.to_string(),
        last_valid_block_height: blockhash.last_valid_block_height,
    })
}

fn message(instructions: &[Instruction], payer: &Pubkey, limit: u32, price: u64) -> Message {
    let mut all = vec![ComputeBudgetInstruction::set_compute_unit_limit(limit)];
    if price > 0 {
        all.push(ComputeBudgetInstruction::set_compute_unit_price(price));
    }
    all.extend_from_slice(instructions);
    Message::new(&all, Some(payer))
}

fn with_empty_signatures(message: Message) -> VersionedTransaction {
    let required = usize::from(message.header.num_required_signatures);
    VersionedTransaction {
        signatures: vec![Signature::default(); required],
        message: VersionedMessage::Legacy(message),
    }
}

/// Bytes on the wire: one byte counts the signatures, of which no transaction that fits has more than 12.
fn size(instructions: &[Instruction], payer: &Pubkey, price: u64) -> usize {
    let transaction = with_empty_signatures(message(instructions, payer, 0, price));
    let signatures = transaction
        .signatures
        .len()
        .saturating_mul(size_of::<Signature>());
    transaction
        .message
        .serialize()
        .len()
        .saturating_add(signatures)
        .saturating_add(1)
}

fn base64(transaction: &VersionedTransaction) -> String {
    use base64::Engine;
    // The wire format: a compact count, the signatures, the message. The count fits one byte (see `size`).
    let mut wire = Vec::with_capacity(MAX_TRANSACTION_BYTES);
    wire.push(u8::try_from(transaction.signatures.len()).unwrap_or(u8::MAX));
    for signature in &transaction.signatures {
        wire.extend_from_slice(signature.as_ref());
    }
    wire.extend_from_slice(&transaction.message.serialize());
    base64::engine::general_purpose::STANDARD.encode(wire)
}
