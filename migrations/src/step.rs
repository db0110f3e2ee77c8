use async_trait::async_trait;
use cairn_client::Ledger;
use cairn_interface::vault;
use cairn_merkle::EpochNumber;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use crate::{Authority, MigrationError};

/// One step. Appended when a deployment needs something done, never changed once it has run somewhere.
#[async_trait]
pub trait Step: Send + Sync {
    /// 1 for the first.
    fn number(&self) -> u16;

    /// What holds once the step is done, as a sentence without a full stop.
    fn goal(&self) -> &'static str;

    /// Reads the chain: what it found and what is left to do. Sends nothing.
    ///
    /// # Errors
    /// Something that no task can put right, or a node that does not answer.
    async fn look(&self, ledger: &dyn Ledger) -> Result<Findings, MigrationError>;
}

/// What a step found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// Label and value, for people.
    pub facts: Vec<(String, String)>,
    /// What is left to do; nothing when the step is done.
    pub tasks: Vec<Task>,
}

/// One transaction of a step. Independent of the others: any of them may be done already when it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// In words: "migrate pool FRsE…".
    pub what: String,
    pub act: Act,
    /// Lamports that the payer puts into accounts besides the fee.
    pub rent: u64,
}

/// What is sent. Whoever pays is known only when it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    MigratePool {
        pool: Pubkey,
        /// The pool's active epoch; `None` when none is active.
        active: Option<u64>,
    },
    MigrateEpoch {
        pool: Pubkey,
        number: u64,
    },
}

impl Act {
    /// The one instruction, paid by `payer`.
    #[must_use]
    pub fn instruction(&self, payer: Pubkey) -> Instruction {
        match *self {
            Self::MigratePool { pool, active } => vault::MigratePool {
                payer,
                pool,
                active: active.map(EpochNumber::new),
            }
            .instruction(),
            Self::MigrateEpoch { pool, number } => vault::MigrateEpoch {
                payer,
                pool,
                number: EpochNumber::new(number),
            }
            .instruction(),
        }
    }
}

/// What whoever deployed the programs says about them; nothing is compared where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    /// Who may upgrade the programs.
    pub upgrade_authority: Option<Authority>,
    /// Programs and the SHA-256 of their executables, without the zeros behind them.
    pub executables: Vec<(Pubkey, [u8; 32])>,
}
