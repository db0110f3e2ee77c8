use async_trait::async_trait;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use solana_commitment_config::{CommitmentConfig, CommitmentLevel};
use solana_rpc_client_api::response::{
    OptionalContext, Response, RpcConfirmedTransactionStatusWithSignature, RpcKeyedAccount,
    RpcSimulateTransactionResult,
};
use solana_sdk::{
    account::Account,
    hash::Hash,
    message::VersionedMessage,
    pubkey::Pubkey,
    signature::Signature,
    transaction::{TransactionError, VersionedTransaction},
};
use solana_transaction_status_client_types::{
    EncodedConfirmedTransactionWithStatusMeta, TransactionConfirmationStatus, TransactionStatus,
};

use super::{RpcLedger, account_config, transaction::executed};
use crate::{
    AccountFilter, Block, Blockhash, ClientError, Executed, Gathered, HistoryEntry, Ledger,
    MAX_SNAPSHOT, Simulation, Snapshot, TxStatus,
    ledger::{OLDER, joined},
    signed::wire,
};

/// Looks at parts of one snapshot before they count as impossible to get together.
const LOOKS: u8 = 3;

fn at(level: CommitmentLevel) -> Value {
    json!([CommitmentConfig { commitment: level }])
}

/// What `getLatestBlockhash` gives.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LatestBlockhash {
    blockhash: String,
    last_valid_block_height: u64,
}

/// What `getBlock` gives, without its transactions.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BlockHead {
    blockhash: String,
    block_time: Option<i64>,
}

/// Codes by which a node says that it has no block at a slot: cleaned up, skipped, not in long-term storage, no history kept;
/// and, on networks of one machine, that it does not know the method.
const NO_BLOCK: [i64; 5] = [-32_001, -32_007, -32_009, -32_011, -32_601];

#[async_trait]
impl Ledger for RpcLedger {
    fn place(&self) -> String {
        self.node.place().to_owned()
    }

    async fn snapshot(&self, addresses: &[Pubkey]) -> Result<Snapshot, ClientError> {
        const METHOD: &str = "getMultipleAccounts";
        if addresses.len() > MAX_SNAPSHOT {
            let reason = "one snapshot holds at most 100 accounts";
            return Err(self.node.bad(METHOD, reason));
        }
        for _ in 0..LOOKS {
            let parts = self.parts(addresses).await?;
            let slot = parts.first().map_or(0, |part| part.slot);
            // Parts of different slots did not stand together.
            if parts.iter().all(|part| part.slot == slot) {
                let accounts = parts.into_iter().flat_map(|part| part.accounts).collect();
                return Ok(Snapshot { slot, accounts });
            }
        }
        Err(ClientError::NotOffered {
            url: self.place(),
            method: METHOD.to_owned(),
            reason: format!(
                "{} accounts must be read together, and it gives {} a call",
                addresses.len(),
                self.size.get()
            ),
        })
    }

    async fn gather(&self, addresses: &[Pubkey]) -> Result<Gathered, ClientError> {
        for _ in 0..LOOKS {
            if let Some(found) = joined(self.parts(addresses).await?) {
                return Ok(found);
            }
        }
        Err(ClientError::Down {
            url: self.place(),
            method: "getMultipleAccounts".to_owned(),
            reason: OLDER.to_owned(),
        })
    }

    async fn program_accounts(
        &self,
        program: &Pubkey,
        filters: &[AccountFilter],
    ) -> Result<Vec<(Pubkey, Account)>, ClientError> {
        const METHOD: &str = "getProgramAccounts";
        let filters: Vec<Value> = filters
            .iter()
            .map(|filter| match filter {
                AccountFilter::Length(length) => json!({ "dataSize": length }),
                AccountFilter::Bytes { offset, bytes } => {
                    json!({ "memcmp": { "offset": offset, "bytes": bs58::encode(bytes).into_string() } })
                }
            })
            .collect();
        let mut config = account_config();
        config["filters"] = filters.into();
        let found: OptionalContext<Vec<RpcKeyedAccount>> = self
            .ask(METHOD, json!([program.to_string(), config]))
            .await?;
        let mut accounts = found
            .parse_value()
            .into_iter()
            .map(|found| {
                let address = found.pubkey.parse();
                let address =
                    address.map_err(|_| self.node.bad(METHOD, "an address is not base58"))?;
                Ok((address, self.account_of(METHOD, &found.account)?))
            })
            .collect::<Result<Vec<(Pubkey, Account)>, ClientError>>()?;
        accounts.sort_by_key(|(address, _)| *address);
        Ok(accounts)
    }

    async fn slot(&self, level: CommitmentLevel) -> Result<u64, ClientError> {
        self.ask("getSlot", at(level)).await
    }

    async fn block(&self, slot: u64) -> Result<Option<Block>, ClientError> {
        const METHOD: &str = "getBlock";
        let config = json!({
            "commitment": "finalized",
            "encoding": "base64",
            "maxSupportedTransactionVersion": 0,
            "rewards": false,
            "transactionDetails": "none",
        });
        let found: Option<BlockHead> = match self.ask(METHOD, json!([slot, config])).await {
            Err(ClientError::Rpc { code, .. }) if NO_BLOCK.contains(&code) => None,
            answer => answer?,
        };
        // A node may have lost a block's time: then it tells nothing that an anchor could be held against.
        let Some((block, unix_timestamp)) = found.and_then(|block| {
            let time = block.block_time?;
            Some((block, time))
        }) else {
            return Ok(None);
        };
        let hash = block.blockhash.parse::<Hash>();
        Ok(Some(Block {
            hash: hash
                .map_err(|_| self.node.bad(METHOD, "a blockhash is not base58"))?
                .to_bytes(),
            unix_timestamp,
        }))
    }

    async fn block_height(&self, level: CommitmentLevel) -> Result<u64, ClientError> {
        self.ask("getBlockHeight", at(level)).await
    }

    async fn latest_blockhash(&self) -> Result<Blockhash, ClientError> {
        const METHOD: &str = "getLatestBlockhash";
        let answer: Response<LatestBlockhash> =
            self.ask(METHOD, at(CommitmentLevel::Confirmed)).await?;
        let hash = answer.value.blockhash.parse();
        Ok(Blockhash {
            hash: hash.map_err(|_| self.node.bad(METHOD, "a blockhash is not base58"))?,
            last_valid_block_height: answer.value.last_valid_block_height,
        })
    }

    async fn minimum_balance(&self, length: usize) -> Result<u64, ClientError> {
        let params = json!([length, { "commitment": "confirmed" }]);
        self.ask("getMinimumBalanceForRentExemption", params).await
    }

    async fn fee(&self, message: &VersionedMessage) -> Result<u64, ClientError> {
        let mut message = message.clone();
        if *message.recent_blockhash() == Hash::default() {
            // A node prices only messages whose blockhash it knows; a simulated one has none yet.
            message.set_recent_blockhash(self.latest_blockhash().await?.hash);
        }
        let bytes = BASE64_STANDARD.encode(message.serialize());
        let params = json!([bytes, { "commitment": "confirmed" }]);
        let answer: Response<Option<u64>> = self.ask("getFeeForMessage", params).await?;
        answer.value.ok_or(ClientError::Transaction {
            error: TransactionError::BlockhashNotFound,
            logs: Vec::new(),
        })
    }

    async fn genesis_hash(&self) -> Result<Hash, ClientError> {
        const METHOD: &str = "getGenesisHash";
        let text: String = self.ask(METHOD, json!([])).await?;
        text.parse()
            .map_err(|_| self.node.bad(METHOD, "a hash is not base58"))
    }

    async fn simulate(
        &self,
        transaction: &VersionedTransaction,
    ) -> Result<Simulation, ClientError> {
        let config = json!({
            "sigVerify": false,
            "replaceRecentBlockhash": true,
            "commitment": "confirmed",
            "encoding": "base64",
        });
        let bytes = BASE64_STANDARD.encode(wire(transaction));
        let answer: Result<Response<RpcSimulateTransactionResult>, ClientError> = self
            .ask("simulateTransaction", json!([bytes, config]))
            .await;
        match answer {
            Ok(answer) => Ok(Simulation {
                error: answer.value.err.map(Into::into),
                logs: answer.value.logs.unwrap_or_default(),
                compute_units: answer.value.units_consumed.unwrap_or(0),
            }),
            // Some nodes answer a failed simulation like a failed preflight.
            Err(ClientError::Transaction { error, logs }) => Ok(Simulation {
                error: Some(error),
                logs,
                compute_units: 0,
            }),
            Err(error) => Err(error),
        }
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<Signature, ClientError> {
        const METHOD: &str = "sendTransaction";
        let config = json!({
            // Simulated before signing; a second preflight would refuse bytes that already landed.
            "skipPreflight": true,
            // The same bytes are handed over again here until the outcome is known.
            "maxRetries": 0,
            "preflightCommitment": "confirmed",
            "encoding": "base64",
        });
        let bytes = BASE64_STANDARD.encode(wire(transaction));
        let text: String = self.ask(METHOD, json!([bytes, config])).await?;
        let signature = self.signature(METHOD, &text)?;
        if transaction.signatures.first() != Some(&signature) {
            return Err(self.node.bad(METHOD, "it names another transaction"));
        }
        Ok(signature)
    }

    async fn status(&self, signature: &Signature) -> Result<Option<TxStatus>, ClientError> {
        let params = json!([[signature.to_string()], { "searchTransactionHistory": true }]);
        let answer: Response<Vec<Option<TransactionStatus>>> =
            self.ask("getSignatureStatuses", params).await?;
        let found = answer.value.into_iter().next().flatten();
        Ok(found.map(|status| TxStatus {
            slot: status.slot,
            level: match status.confirmation_status() {
                TransactionConfirmationStatus::Processed => CommitmentLevel::Processed,
                TransactionConfirmationStatus::Confirmed => CommitmentLevel::Confirmed,
                TransactionConfirmationStatus::Finalized => CommitmentLevel::Finalized,
            },
            error: status.err,
        }))
    }

    async fn transaction(&self, signature: &Signature) -> Result<Option<Executed>, ClientError> {
        const METHOD: &str = "getTransaction";
        let config = json!({
            "encoding": "base64",
            "commitment": "confirmed",
            "maxSupportedTransactionVersion": 0,
        });
        let params = json!([signature.to_string(), config]);
        let answer: Option<EncodedConfirmedTransactionWithStatusMeta> =
            self.ask(METHOD, params).await?;
        answer
            .map(|found| {
                executed(*signature, found).map_err(|reason| self.node.bad(METHOD, reason))
            })
            .transpose()
    }

    async fn history(
        &self,
        address: &Pubkey,
        before: Option<Signature>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, ClientError> {
        const METHOD: &str = "getSignaturesForAddress";
        let mut config = json!({ "limit": limit, "commitment": "confirmed" });
        if let Some(before) = before {
            config["before"] = before.to_string().into();
        }
        let params = json!([address.to_string(), config]);
        let lines: Vec<RpcConfirmedTransactionStatusWithSignature> =
            self.ask(METHOD, params).await?;
        lines
            .into_iter()
            .map(|line| {
                Ok(HistoryEntry {
                    signature: self.signature(METHOD, &line.signature)?,
                    slot: line.slot,
                    error: line.err.map(Into::into),
                    block_time: line.block_time,
                })
            })
            .collect()
    }
}
