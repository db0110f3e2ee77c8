//! What every command works with: the ledger, the wallet, whom to talk to, and how far to go.

use std::sync::{Arc, OnceLock};

use cairn_client::{Frame, Ledger, SendOptions, Sender};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::cluster::Cluster;
use crate::conversation::{Conversation, Effect};
use crate::error::CliError;
use crate::wallet::{AskSecret, Wallet, WalletError};

/// How far a command that changes something goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// Ask, sign, send, confirm.
    #[default]
    Send,
    /// Simulate only.
    DryRun,
    /// Build transactions for somebody else to sign.
    Unsigned,
}

/// What a command works with. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    pub ledger: Arc<dyn Ledger>,
    /// Where that ledger leads.
    pub cluster: Cluster,
    pub purse: Arc<Purse>,
    /// Who pays the fees when it is not the signer.
    pub fee_purse: Option<Arc<Purse>>,
    /// A nonce account whose value unsigned transactions carry instead of a recent blockhash.
    pub nonce: Option<Pubkey>,
    pub talk: Arc<dyn Conversation>,
    pub manner: Manner,
    pub send: SendOptions,
}

/// A wallet that is opened when it is first needed: a command that only reads asks for no key.
pub struct Purse {
    place: String,
    ask: Arc<dyn AskSecret + Send + Sync>,
    opened: OnceLock<Wallet>,
}

impl Purse {
    /// Will open what `-k/--keypair` named.
    #[must_use]
    pub fn closed(place: String, ask: Arc<dyn AskSecret + Send + Sync>) -> Self {
        Self {
            place,
            ask,
            opened: OnceLock::new(),
        }
    }

    /// Holds a wallet that the caller has.
    #[must_use]
    pub fn holding(wallet: Wallet) -> Self {
        Self {
            place: wallet.address().to_string(),
            ask: Arc::new(NoTerminal),
            opened: OnceLock::from(wallet),
        }
    }

    /// # Errors
    /// Why it can not be opened.
    pub fn wallet(&self) -> Result<&Wallet, WalletError> {
        if let Some(wallet) = self.opened.get() {
            return Ok(wallet);
        }
        let wallet = Wallet::open(&self.place, self.ask.as_ref())?;
        Ok(self.opened.get_or_init(|| wallet))
    }
}

struct NoTerminal;

impl AskSecret for NoTerminal {
    fn ask_secret(&self, _question: &str) -> std::io::Result<String> {
        Err(std::io::ErrorKind::NotConnected.into())
    }
}

impl Context {
    /// A context for a program that has decided what it wants: no questions, no talk.
    #[must_use]
    pub fn decided(ledger: Arc<dyn Ledger>, wallet: Wallet) -> Self {
        Self {
            ledger,
            cluster: Cluster::default(),
            purse: Arc::new(Purse::holding(wallet)),
            fee_purse: None,
            nonce: None,
            talk: Arc::new(crate::conversation::Decided),
            manner: Manner::Send,
            send: SendOptions::default(),
        }
    }

    /// Shows what signing would do, and on which cluster: what is meant for a test is not done with real money.
    ///
    /// # Errors
    /// An unreachable node.
    pub async fn announce(&self, effect: Effect) -> Result<Effect, CliError> {
        let cluster = self.cluster.name(self.ledger.as_ref()).await?;
        let effect = effect.fact("cluster", cluster);
        self.talk.effect(&effect);
        Ok(effect)
    }

    /// The signer's address; its key too when this run will sign.
    ///
    /// # Errors
    /// [`WalletError`] when the wallet can not be opened, or is an address where a key is needed.
    pub fn signer(&self) -> Result<Pubkey, CliError> {
        self.signer_in(&self.purse)
    }

    /// Who pays the fees: the signer unless another was named.
    ///
    /// # Errors
    /// As [`Self::signer`].
    pub fn fee_payer(&self) -> Result<Pubkey, CliError> {
        self.signer_in(self.fee_purse.as_ref().unwrap_or(&self.purse))
    }

    /// What surrounds the instructions of this run's transactions.
    ///
    /// # Errors
    /// As [`Self::signer`].
    pub fn frame(&self) -> Result<Frame, CliError> {
        let price = self.send.priority_micro_lamports;
        Ok(Frame::new(self.fee_payer()?, price))
    }

    /// Sends with the keys of this run, and with `cosigners`.
    ///
    /// # Errors
    /// As [`Self::signer`].
    pub fn sender<'a>(&'a self, cosigners: &[&'a Keypair]) -> Result<Sender<'a>, CliError> {
        let mut signers: Vec<&dyn Signer> = vec![self.purse.wallet()?.key()?];
        if let Some(purse) = &self.fee_purse {
            signers.push(purse.wallet()?.key()?);
        }
        signers.extend(cosigners.iter().map(|key| *key as &dyn Signer));
        Ok(Sender {
            ledger: self.ledger.as_ref(),
            payer: self.fee_payer()?,
            signers,
            options: self.send.clone(),
        })
    }

    fn signer_in(&self, purse: &Purse) -> Result<Pubkey, CliError> {
        let wallet = purse.wallet()?;
        match (wallet, self.manner) {
            (Wallet::Watch(address), Manner::Send) => {
                Err(WalletError::AddressNeedsUnsigned(*address).into())
            }
            _ => Ok(wallet.address()),
        }
    }

    /// The signer's address, after checking that it holds the role the instruction needs: better said before a
    /// transaction is built than by the chain.
    ///
    /// # Errors
    /// [`CliError::WrongSigner`] naming who holds the role.
    pub fn signer_as(&self, role: &'static str, holder: &Pubkey) -> Result<Pubkey, CliError> {
        let signer = self.signer()?;
        if signer == *holder {
            Ok(signer)
        } else {
            Err(CliError::WrongSigner {
                signer,
                role,
                holder: *holder,
            })
        }
    }

    /// The wallet's address for reading, whatever the manner.
    ///
    /// # Errors
    /// [`WalletError`] when the wallet can not be opened.
    pub fn reader(&self) -> Result<Pubkey, CliError> {
        Ok(self.purse.wallet()?.address())
    }
}
