use async_trait::async_trait;
use solana_sdk::{pubkey::Pubkey, signer::Signer};

use crate::{
    ClientError, Ledger, Part, Receipt, SendOptions, Signed,
    send::{Failure, send_journaled},
};

/// Where a sender writes down what it hands over, so that a run that is killed in between loses nothing: the next one takes
/// what was signed and not ended, and follows it with [`crate::land`] before it signs anything like it.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Called once a transaction is signed and before it is handed over for the first time.
    ///
    /// # Errors
    /// [`ClientError::Unwritten`]: the transaction is not handed over.
    async fn signed(&self, signed: &Signed) -> Result<(), ClientError>;

    /// Called when its end is known: `Ok` and every error but [`ClientError::Unresolved`], which is no end.
    ///
    /// # Errors
    /// [`ClientError::Unwritten`]: what came of it is told as that error, and the transaction stays open in the journal.
    async fn ended(
        &self,
        signed: &Signed,
        end: Result<&Receipt, &ClientError>,
    ) -> Result<(), ClientError>;
}

/// Who sends: a ledger, the keys that sign and the one of them that pays.
#[derive(Clone)]
pub struct Sender<'a> {
    pub ledger: &'a dyn Ledger,
    pub payer: Pubkey,
    pub signers: Vec<&'a dyn Signer>,
    pub options: SendOptions,
    pub journal: Option<&'a dyn Journal>,
}

/// A transaction that landed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landed {
    pub receipt: Receipt,
    /// Nothing of it happened, but its fee is paid.
    pub refused: bool,
}

/// What became of parts that were sent in order.
#[derive(Debug, Default)]
pub struct Carried {
    /// All that landed, refused ones too: each was paid for.
    pub landed: Vec<Landed>,
    /// Why the rest was not sent.
    pub failure: Option<ClientError>,
}

impl Sender<'_> {
    /// Sends parts in order, until one fails; `reached` hears how many have landed.
    pub async fn in_order(&self, parts: &[Part], reached: impl Fn(usize)) -> Carried {
        let mut carried = Carried::default();
        for part in parts {
            let options = SendOptions {
                most_fee: Some(part.most_fee),
                ..self.options.clone()
            };
            let sent = send_journaled(
                self.ledger,
                &part.instructions,
                &self.payer,
                &self.signers,
                &options,
                self.journal,
            );
            match sent.await {
                Ok(receipt) => carried.landed.push(Landed {
                    receipt,
                    refused: false,
                }),
                Err(Failure { error, landed }) => {
                    let refused = landed.map(|receipt| Landed {
                        receipt,
                        refused: true,
                    });
                    carried.landed.extend(refused);
                    carried.failure = Some(error);
                    break;
                }
            }
            reached(carried.landed.len());
        }
        carried
    }
}
