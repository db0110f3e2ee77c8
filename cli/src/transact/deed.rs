use cairn_client::Frame;
use solana_sdk::instruction::Instruction;
use solana_sdk::signature::Keypair;

use crate::conversation::Effect;
use crate::wallet::Wallet;

/// Something to be done on chain: its effect in words and the steps that bring it about, in order.
#[derive(Debug)]
pub struct Deed<'a> {
    pub effect: Effect,
    steps: Vec<Vec<Instruction>>,
    /// Lamports.
    pub(super) rent: u64,
    /// Keys that sign beside the wallet: a device's consent, a new owner.
    pub(super) cosigners: Vec<&'a Keypair>,
}

impl<'a> Deed<'a> {
    #[must_use]
    pub const fn new(effect: Effect) -> Self {
        Self {
            effect,
            steps: Vec::new(),
            rent: 0,
            cosigners: Vec::new(),
        }
    }

    /// Adds instructions that must share one transaction. Steps are packed into as few transactions as hold them.
    #[must_use]
    pub fn step(mut self, instructions: impl IntoIterator<Item = Instruction>) -> Self {
        self.steps.push(instructions.into_iter().collect());
        self
    }

    /// Adds what the payer of the fees gives for accounts that are made, in lamports: one who has too little is told the
    /// whole sum before anything is sent.
    #[must_use]
    pub const fn rent(mut self, lamports: u64) -> Self {
        self.rent = self.rent.saturating_add(lamports);
        self
    }

    #[must_use]
    pub fn cosigned(mut self, key: &'a Keypair) -> Self {
        self.cosigners.push(key);
        self
    }

    /// Signed by `wallet` too, if its key is here; an address signs elsewhere.
    #[must_use]
    pub fn beside(self, wallet: &'a Wallet) -> Self {
        match wallet {
            Wallet::Key(key) => self.cosigned(key),
            Wallet::Watch(_) => self,
        }
    }

    pub(super) fn transactions(&self, frame: &Frame) -> Vec<Vec<Instruction>> {
        frame.merged(self.steps.iter().cloned())
    }
}
