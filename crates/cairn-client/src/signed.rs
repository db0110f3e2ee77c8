use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use solana_sdk::{
    message::{Message, VersionedMessage},
    pubkey::Pubkey,
    signature::Signature,
    signer::Signer,
    transaction::VersionedTransaction,
};

use crate::{Blockhash, ClientError};

/// Largest transaction the network carries: an IPv6 packet without its headers.
pub const MAX_TRANSACTION_BYTES: usize = 1_232;

/// A signed transaction together with the moment after which it can no longer land. Written to a journal before it
/// is submitted, it lets the next start find out what became of it.
///
/// Serialises as `{"transaction": base64, "last_valid_block_height": n}`: signatures and public data, no secrets.
#[derive(Clone, PartialEq)]
pub struct Signed {
    pub transaction: VersionedTransaction,
    pub last_valid_block_height: u64,
}

impl Signed {
    /// Whether [`Signed::new`] would find every signer and fit the network, without signing anything.
    ///
    /// # Errors
    /// As [`Signed::new`].
    pub fn check(message: Message, signers: &[&dyn Signer]) -> Result<(), ClientError> {
        let message = VersionedMessage::Legacy(message);
        let required = usize::from(message.header().num_required_signatures);
        for key in message.static_account_keys().iter().take(required) {
            signer_of(key, signers)?;
        }
        fits(&VersionedTransaction {
            signatures: vec![Signature::default(); required],
            message,
        })
    }

    /// Signs `message` as of `blockhash` with whichever of `signers` it asks for.
    ///
    /// # Errors
    /// [`ClientError::MissingSigner`] naming the first key without a signer, [`ClientError::TooLarge`].
    pub fn new(
        mut message: Message,
        blockhash: Blockhash,
        signers: &[&dyn Signer],
    ) -> Result<Self, ClientError> {
        message.recent_blockhash = blockhash.hash;
        let message = VersionedMessage::Legacy(message);
        let bytes = message.serialize();
        let required = usize::from(message.header().num_required_signatures);
        let mut signatures = Vec::with_capacity(required);
        for key in message.static_account_keys().iter().take(required) {
            let signature = signer_of(key, signers)?
                .try_sign_message(&bytes)
                .map_err(|error| ClientError::Signing {
                    key: *key,
                    reason: error.to_string(),
                })?;
            signatures.push(signature);
        }
        let signed = Self {
            transaction: VersionedTransaction {
                signatures,
                message,
            },
            last_valid_block_height: blockhash.last_valid_block_height,
        };
        fits(&signed.transaction)?;
        Ok(signed)
    }

    /// The fee payer's signature, which is the transaction's name.
    #[must_use]
    pub fn signature(&self) -> Signature {
        self.transaction
            .signatures
            .first()
            .copied()
            .unwrap_or_default()
    }

    /// The fee payer.
    #[must_use]
    pub fn payer(&self) -> Option<Pubkey> {
        self.transaction
            .message
            .static_account_keys()
            .first()
            .copied()
    }

    /// The bytes that travel.
    #[must_use]
    pub fn wire(&self) -> Vec<u8> {
        wire(&self.transaction)
    }
}

fn signer_of<'a>(key: &Pubkey, signers: &[&'a dyn Signer]) -> Result<&'a dyn Signer, ClientError> {
    signers
        .iter()
        .copied()
        .find(|signer| signer.try_pubkey().is_ok_and(|candidate| candidate == *key))
        .ok_or(ClientError::MissingSigner { key: *key })
}

fn fits(transaction: &VersionedTransaction) -> Result<(), ClientError> {
    let bytes = wire(transaction).len();
    if bytes > MAX_TRANSACTION_BYTES {
        return Err(ClientError::TooLarge {
            bytes,
            limit: MAX_TRANSACTION_BYTES,
        });
    }
    Ok(())
}

/// Signatures with their compact length, then the message.
pub(crate) fn wire(transaction: &VersionedTransaction) -> Vec<u8> {
    // Fails only for more than 65,535 signatures, and an account index is one byte.
    bincode::serialize(transaction).unwrap_or_default()
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("signature", &self.signature())
            .field("last_valid_block_height", &self.last_valid_block_height)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    transaction: String,
    last_valid_block_height: u64,
}

impl Serialize for Signed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Record {
            transaction: BASE64_STANDARD.encode(self.wire()),
            last_valid_block_height: self.last_valid_block_height,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Signed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let record = Record::deserialize(deserializer)?;
        let bytes = BASE64_STANDARD
            .decode(&record.transaction)
            .map_err(de::Error::custom)?;
        let transaction: VersionedTransaction =
            bincode::deserialize(&bytes).map_err(de::Error::custom)?;
        transaction.sanitize().map_err(de::Error::custom)?;
        // A torn or edited journal line must not be mistaken for the transaction that was submitted.
        if wire(&transaction) != bytes || !transaction.verify_with_results().iter().all(|ok| *ok) {
            return Err(de::Error::custom("the journaled transaction is damaged"));
        }
        Ok(Self {
            transaction,
            last_valid_block_height: record.last_valid_block_height,
        })
    }
}
