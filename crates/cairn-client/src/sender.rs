use solana_sdk::{pubkey::Pubkey, signer::Signer};

use crate::{
    ClientError, Ledger, Part, Receipt, SendOptions,
    send::{Failure, send_counted},
};

/// Who sends: a ledger, the keys that sign and the one of them that pays.
#[derive(Clone)]
pub struct Sender<'a> {
    pub ledger: &'a dyn Ledger,
    pub payer: Pubkey,
    pub signers: Vec<&'a dyn Signer>,
    pub options: SendOptions,
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
            let sent = send_counted(
                self.ledger,
                &part.instructions,
                &self.payer,
                &self.signers,
                &options,
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
