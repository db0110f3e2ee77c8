use std::time::Duration;

use solana_commitment_config::CommitmentLevel;
use solana_sdk::{
    instruction::Instruction, pubkey::Pubkey, signature::Signature, signer::Signer,
    transaction::TransactionError,
};

use crate::{
    Class, ClientError, Frame, Ledger, MAX_COMPUTE_UNITS, Signed, TxStatus, budget::limit_from,
    diagnose::diagnose, frame::unsigned,
};

/// How [`send`] works. The default suits people and keepers alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendOptions {
    /// The level that counts as done. Default: confirmed.
    pub commitment: CommitmentLevel,
    /// Micro-lamports per compute unit on top of the base fee. Default: 0.
    pub priority_micro_lamports: u64,
    /// Compute units to ask for instead of the simulated use plus a margin.
    pub compute_limit: Option<u32>,
    /// Lamports that the fee of one transaction may be at most; above it nothing is signed. Default: no bound.
    pub most_fee: Option<u64>,
    /// How often the instructions may be signed anew after a blockhash has provably expired. Default: 3.
    pub signings: u8,
    /// Pause between two looks at the status. Default: 400 ms, a slot.
    pub poll: Duration,
    /// How long after a submission the same bytes are handed over again. Default: 2 s.
    pub resubmit: Duration,
    /// Looks in a row that may fail on the way to the node before [`ClientError::Unresolved`]. Default: 20.
    pub patience: u32,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self {
            commitment: CommitmentLevel::Confirmed,
            priority_micro_lamports: 0,
            compute_limit: None,
            most_fee: None,
            signings: 3,
            poll: Duration::from_millis(400),
            resubmit: Duration::from_secs(2),
            patience: 20,
        }
    }
}

/// A transaction that landed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub signature: Signature,
    pub slot: u64,
    pub compute_units: u64,
    /// Lamports the fee payer paid.
    pub fee: u64,
}

/// Why instructions were not brought about, and what the attempt cost.
#[derive(Debug)]
pub struct Failure {
    pub error: ClientError,
    /// The transaction that landed and was refused: its fee is paid.
    pub landed: Option<Receipt>,
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self {
            error,
            landed: None,
        }
    }
}

/// Takes `instructions` to the end: [`prepare`], then [`land`]; signs anew only after the former transaction has
/// provably expired, at most `options.signings` times.
///
/// # Errors
/// Any [`ClientError`]. `Expired` and everything from [`prepare`] mean that nothing happened; `Unresolved` means
/// that one transaction may still land.
pub async fn send<L: Ledger + ?Sized>(
    ledger: &L,
    instructions: &[Instruction],
    payer: &Pubkey,
    signers: &[&dyn Signer],
    options: &SendOptions,
) -> Result<Receipt, ClientError> {
    let sent = send_counted(ledger, instructions, payer, signers, options).await;
    sent.map_err(|failure| failure.error)
}

/// As [`send`], for who counts what was paid.
///
/// # Errors
/// As [`send`], with the fee of a transaction that landed and was refused.
pub async fn send_counted<L: Ledger + ?Sized>(
    ledger: &L,
    instructions: &[Instruction],
    payer: &Pubkey,
    signers: &[&dyn Signer],
    options: &SendOptions,
) -> Result<Receipt, Failure> {
    let mut signings = options.signings.max(1);
    loop {
        signings -= 1;
        let signed = prepare(ledger, instructions, payer, signers, options).await?;
        match land_counted(ledger, &signed, options).await {
            Err(Failure {
                error: ClientError::Expired { signature },
                ..
            }) if signings > 0 => {
                tracing::info!(%signature, "blockhash expired; signing anew");
            }
            outcome => return outcome,
        }
    }
}

/// What a transaction of certain instructions would cost now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// As simulated.
    pub compute_units: u64,
    /// Compute units to ask for.
    pub limit: u32,
    /// Lamports, priority fee included.
    pub fee: u64,
}

/// Runs `instructions` against the present state without signing: what `--dry-run` shows.
///
/// # Errors
/// The refusal as [`send`] would report it, [`ClientError::FeeAbove`], or a failure to reach the node.
pub async fn simulate<L: Ledger + ?Sized>(
    ledger: &L,
    instructions: &[Instruction],
    payer: &Pubkey,
    options: &SendOptions,
) -> Result<Cost, ClientError> {
    let price = options.priority_micro_lamports;
    let compute_units = run(ledger, instructions, payer, MAX_COMPUTE_UNITS, 0).await?;
    let limit = options
        .compute_limit
        .unwrap_or_else(|| limit_from(compute_units));
    let fee = Frame::new(*payer, price).fee(instructions, limit);
    if let Some(most) = options.most_fee
        && fee > most
    {
        return Err(ClientError::FeeAbove { fee, most });
    }
    if price > 0 {
        // With the fee that will be asked for: a payer who has less would otherwise be found out by nobody, because a
        // transaction that can not pay its fee never lands and never fails.
        run(ledger, instructions, payer, limit, price).await?;
    }
    Ok(Cost {
        compute_units,
        limit,
        fee,
    })
}

/// One simulation; its compute units.
async fn run<L: Ledger + ?Sized>(
    ledger: &L,
    instructions: &[Instruction],
    payer: &Pubkey,
    limit: u32,
    price: u64,
) -> Result<u64, ClientError> {
    let unsigned = unsigned(Frame::new(*payer, price).message(instructions, limit));
    let simulation = ledger.simulate(&unsigned).await?;
    match simulation.error {
        None => Ok(simulation.compute_units),
        Some(error) => Err(diagnose(ledger, &unsigned.message, error, simulation.logs).await),
    }
}

/// Simulates, sets the compute limit, signs. Nothing is submitted: write the result to a journal, then [`land`] it.
///
/// # Errors
/// A refusal found by the simulation, a missing signer, an oversized transaction, a fee above the bound, an unreachable
/// node.
pub async fn prepare<L: Ledger + ?Sized>(
    ledger: &L,
    instructions: &[Instruction],
    payer: &Pubkey,
    signers: &[&dyn Signer],
    options: &SendOptions,
) -> Result<Signed, ClientError> {
    let price = options.priority_micro_lamports;
    let frame = Frame::new(*payer, price);
    let probe = frame.message(instructions, MAX_COMPUTE_UNITS);
    // Refused here already: a forgotten key or an oversized transaction costs no request and no prompt on a device.
    Signed::check(probe, signers)?;

    let cost = simulate(ledger, instructions, payer, options).await?;
    let blockhash = ledger.latest_blockhash().await?;
    Signed::new(frame.message(instructions, cost.limit), blockhash, signers)
}

/// Brings one signed transaction to its end: submits the same bytes again and again until the ledger holds them at
/// `options.commitment`, or until it is proven that it never will. Safe to call again, also after a restart and for a
/// transaction that landed long ago.
///
/// # Errors
/// The refusal when it landed and failed; [`ClientError::Expired`] when it can never land;
/// [`ClientError::Unresolved`] when the node could not be asked for too long.
pub async fn land<L: Ledger + ?Sized>(
    ledger: &L,
    signed: &Signed,
    options: &SendOptions,
) -> Result<Receipt, ClientError> {
    let landed = land_counted(ledger, signed, options).await;
    landed.map_err(|failure| failure.error)
}

async fn land_counted<L: Ledger + ?Sized>(
    ledger: &L,
    signed: &Signed,
    options: &SendOptions,
) -> Result<Receipt, Failure> {
    let signature = signed.signature();
    let mut failures: u32 = 0;
    let every = looks_between_submissions(options);
    let mut looks: u128 = 0;
    loop {
        let submit = looks.is_multiple_of(every);
        match look(ledger, signed, submit).await {
            Ok(Some(status)) if reached(status.level, options.commitment) => {
                return settle(ledger, signed, status).await;
            }
            Ok(_) => failures = 0,
            Err(error @ ClientError::Expired { .. }) => return Err(error.into()),
            Err(error) => {
                // What does not pass by itself is asked a few times only. Even a plain refusal says nothing about an
                // earlier delivery of the same bytes, so it ends as unresolved, never as "nothing happened".
                failures += match &error {
                    // The ledger has waited for minutes before it said so.
                    ClientError::RateLimited { .. }
                    | ClientError::Down { .. }
                    | ClientError::TimedOut { .. } => options.patience / 2 + 1,
                    error if error.class() == Class::Retryable => 1,
                    _ => options.patience / 4 + 1,
                };
                if failures > options.patience {
                    let reason = error.to_string();
                    return Err(ClientError::Unresolved { signature, reason }.into());
                }
                tracing::debug!(%signature, %error, "looking again");
            }
        }
        looks = looks.wrapping_add(1);
        tokio::time::sleep(options.poll).await;
    }
}

/// Counted in looks instead of read from a clock, so that a test without pauses runs like the real thing.
fn looks_between_submissions(options: &SendOptions) -> u128 {
    let poll = options.poll.as_millis().max(1);
    (options.resubmit.as_millis() / poll).max(1)
}

/// One look: the status, and when there is none and it is time, the same bytes again.
async fn look<L: Ledger + ?Sized>(
    ledger: &L,
    signed: &Signed,
    submit: bool,
) -> Result<Option<TxStatus>, ClientError> {
    let signature = signed.signature();
    // The first look of a resumed transaction may find it landed long ago.
    if let Some(status) = ledger.status(&signature).await? {
        return Ok(Some(status));
    }
    // The height is read at the finalized level and before the status: a block that holds the transaction must be at
    // or below the last valid height, and every such block that will ever count is final by then.
    let height = ledger.block_height(CommitmentLevel::Finalized).await?;
    if height > signed.last_valid_block_height {
        return match ledger.status(&signature).await? {
            None => Err(ClientError::Expired { signature }),
            found => Ok(found),
        };
    }
    if submit {
        match ledger.submit(&signed.transaction).await {
            Ok(_)
            // Good news: the next look will find it.
            | Err(ClientError::Transaction {
                error: TransactionError::AlreadyProcessed,
                ..
            }) => {}
            Err(error) => return Err(error),
        }
        return ledger.status(&signature).await;
    }
    Ok(None)
}

async fn settle<L: Ledger + ?Sized>(
    ledger: &L,
    signed: &Signed,
    status: TxStatus,
) -> Result<Receipt, Failure> {
    let signature = signed.signature();
    let executed = ledger.transaction(&signature).await.unwrap_or_default();
    let (compute_units, fee) = match &executed {
        Some(executed) => (executed.compute_units, executed.fee),
        // The status is proof enough; a node without history costs the figures, not the receipt.
        None => (
            0,
            ledger.fee(&signed.transaction.message).await.unwrap_or(0),
        ),
    };
    let receipt = Receipt {
        signature,
        slot: status.slot,
        compute_units,
        fee,
    };
    let Some(error) = status.error else {
        return Ok(receipt);
    };
    let logs = executed.map(|executed| executed.logs).unwrap_or_default();
    Err(Failure {
        error: diagnose(ledger, &signed.transaction.message, error, logs).await,
        landed: Some(receipt),
    })
}

fn reached(level: CommitmentLevel, wanted: CommitmentLevel) -> bool {
    let rank = |level| match level {
        CommitmentLevel::Processed => 0,
        CommitmentLevel::Confirmed => 1,
        CommitmentLevel::Finalized => 2,
    };
    rank(level) >= rank(wanted)
}
