use std::{fmt, time::Duration};

use async_trait::async_trait;
use cairn_interface::ids;
use serde_json::{Value, json};
use solana_account_decoder_client_types::UiAccountEncoding;
use solana_commitment_config::{CommitmentConfig, CommitmentLevel};
use solana_rpc_client::{nonblocking::rpc_client::RpcClient, rpc_client::SerializableMessage};
use solana_rpc_client_api::{
    client_error::Error,
    config::{
        RpcAccountInfoConfig, RpcProgramAccountsConfig, RpcSendTransactionConfig,
        RpcSignaturesForAddressConfig, RpcSimulateTransactionConfig, RpcTransactionConfig,
    },
    filter::{Memcmp, RpcFilterType},
    request::RpcRequest,
    response::RpcConfirmedTransactionStatusWithSignature,
};
use solana_sdk::{
    account::Account, clock::Clock, hash::Hash, message::VersionedMessage, pubkey::Pubkey,
    signature::Signature, transaction::VersionedTransaction,
};
use solana_transaction_status_client_types::{
    EncodedConfirmedTransactionWithStatusMeta, TransactionConfirmationStatus, UiTransactionEncoding,
};

use crate::{
    AccountFilter, Blockhash, ClientError, Executed, HistoryEntry, Ledger, MAX_SNAPSHOT,
    Simulation, Snapshot, TxStatus,
    rpc_failure::{place_of, translate},
    rpc_transaction::executed,
};

/// A ledger behind a node's JSON-RPC.
pub struct RpcLedger {
    client: RpcClient,
    /// Scheme, host, port: the full URL may carry an API key and is never shown.
    place: String,
    timeout: Duration,
}

impl RpcLedger {
    /// `url` as the Solana CLI takes it: `http(s)://…`, or one of `localhost`, `devnet`, `testnet`, `mainnet-beta`
    /// (or their first letters). Nothing is sent yet; each request may take 30 seconds.
    ///
    /// # Errors
    /// [`ClientError::BadUrl`].
    pub fn new(url: &str) -> Result<Self, ClientError> {
        Self::with_timeout(url, Duration::from_secs(30))
    }

    /// As [`RpcLedger::new`], giving up on a request after `timeout`.
    ///
    /// # Errors
    /// [`ClientError::BadUrl`].
    pub fn with_timeout(url: &str, timeout: Duration) -> Result<Self, ClientError> {
        let url = expand_moniker(url);
        let place = place_of(url)?;
        let client = RpcClient::new_with_timeout_and_commitment(
            url.to_owned(),
            timeout,
            CommitmentConfig::confirmed(),
        );
        Ok(Self {
            client,
            place,
            timeout,
        })
    }

    /// Whether the node answers, and whether every one of `programs` is deployed there. `genesis`, when given, must
    /// match.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`] and its kin, [`ClientError::WrongCluster`], [`ClientError::ProgramMissing`].
    pub async fn check(
        &self,
        genesis: Option<&Hash>,
        programs: &[Pubkey],
    ) -> Result<(), ClientError> {
        if let Some(expected) = genesis {
            let found = self.genesis_hash().await?;
            if found != *expected {
                return Err(ClientError::WrongCluster {
                    url: self.place.clone(),
                    expected: expected.to_string(),
                    found: found.to_string(),
                });
            }
        }
        for (program, account) in programs.iter().zip(self.accounts(programs).await?) {
            if !account.is_some_and(|account| account.executable) {
                return Err(ClientError::ProgramMissing {
                    program: *program,
                    url: self.place.clone(),
                });
            }
        }
        Ok(())
    }

    /// Asks the node's faucet for lamports. Local networks and devnet have one.
    ///
    /// # Errors
    /// As the node refuses, or the request failed.
    pub async fn request_airdrop(
        &self,
        to: &Pubkey,
        lamports: u64,
    ) -> Result<Signature, ClientError> {
        let answer = self.client.request_airdrop(to, lamports).await;
        answer.map_err(|error| self.failed(&error, RpcRequest::RequestAirdrop))
    }

    /// Calls any method of the node, like the ones that only local networks have.
    ///
    /// # Errors
    /// As the node refuses, or the request failed.
    pub async fn call(&self, method: &'static str, params: Value) -> Result<Value, ClientError> {
        let request = RpcRequest::Custom { method };
        let answer = self.client.send(request, params).await;
        answer.map_err(|error| self.failed(&error, request))
    }

    fn failed(&self, error: &Error, request: RpcRequest) -> ClientError {
        translate(error, &self.place, request.as_str(), self.timeout)
    }

    fn bad(&self, request: RpcRequest, reason: &str) -> ClientError {
        ClientError::BadAnswer {
            url: self.place.clone(),
            method: request.to_string(),
            reason: reason.to_owned(),
        }
    }
}

impl fmt::Debug for RpcLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RpcLedger")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

fn expand_moniker(url: &str) -> &str {
    match url {
        "l" | "localhost" => "http://127.0.0.1:8899",
        "d" | "devnet" => "https://api.devnet.solana.com",
        "t" | "testnet" => "https://api.testnet.solana.com",
        "m" | "mainnet-beta" => "https://api.mainnet-beta.solana.com",
        url => url,
    }
}

#[async_trait]
impl Ledger for RpcLedger {
    fn place(&self) -> String {
        self.place.clone()
    }

    async fn snapshot(&self, addresses: &[Pubkey]) -> Result<Snapshot, ClientError> {
        let request = RpcRequest::GetMultipleAccounts;
        if addresses.len() > MAX_SNAPSHOT {
            return Err(self.bad(request, "one snapshot holds at most 100 accounts"));
        }
        let answer = self
            .client
            .get_multiple_accounts_with_commitment(addresses, CommitmentConfig::confirmed())
            .await
            .map_err(|error| self.failed(&error, request))?;
        if answer.value.len() != addresses.len() {
            return Err(self.bad(request, "it has another number of accounts than asked for"));
        }
        Ok(Snapshot {
            slot: answer.context.slot,
            accounts: answer.value,
        })
    }

    async fn program_accounts(
        &self,
        program: &Pubkey,
        filters: &[AccountFilter],
    ) -> Result<Vec<(Pubkey, Account)>, ClientError> {
        let request = RpcRequest::GetProgramAccounts;
        let filters = filters
            .iter()
            .map(|filter| match filter {
                AccountFilter::Length(length) => RpcFilterType::DataSize(*length),
                AccountFilter::Bytes { offset, bytes } => {
                    RpcFilterType::Memcmp(Memcmp::new_base58_encoded(*offset, bytes))
                }
            })
            .collect();
        let config = RpcProgramAccountsConfig {
            filters: Some(filters),
            account_config: RpcAccountInfoConfig {
                encoding: Some(UiAccountEncoding::Base64),
                ..RpcAccountInfoConfig::default()
            },
            ..RpcProgramAccountsConfig::default()
        };
        let found = self
            .client
            .get_program_ui_accounts_with_config(program, config)
            .await
            .map_err(|error| self.failed(&error, request))?;
        let mut accounts = found
            .into_iter()
            .map(|(address, account)| {
                let account: Option<Account> = account.to_account();
                account
                    .map(|account| (address, account))
                    .ok_or_else(|| self.bad(request, "an account's data is not base64"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        accounts.sort_by_key(|(address, _)| *address);
        Ok(accounts)
    }

    async fn clock(&self) -> Result<Clock, ClientError> {
        let account =
            self.account(&ids::CLOCK_SYSVAR)
                .await?
                .ok_or(ClientError::AccountMissing {
                    address: ids::CLOCK_SYSVAR,
                    what: "the clock",
                    url: self.place.clone(),
                })?;
        bincode::deserialize(&account.data).map_err(|_| {
            self.bad(
                RpcRequest::GetMultipleAccounts,
                "the clock has another layout",
            )
        })
    }

    async fn slot(&self, level: CommitmentLevel) -> Result<u64, ClientError> {
        self.client
            .get_slot_with_commitment(CommitmentConfig { commitment: level })
            .await
            .map_err(|error| self.failed(&error, RpcRequest::GetSlot))
    }

    async fn block_height(&self, level: CommitmentLevel) -> Result<u64, ClientError> {
        self.client
            .get_block_height_with_commitment(CommitmentConfig { commitment: level })
            .await
            .map_err(|error| self.failed(&error, RpcRequest::GetBlockHeight))
    }

    async fn latest_blockhash(&self) -> Result<Blockhash, ClientError> {
        let (hash, last_valid_block_height) = self
            .client
            .get_latest_blockhash_with_commitment(CommitmentConfig::confirmed())
            .await
            .map_err(|error| self.failed(&error, RpcRequest::GetLatestBlockhash))?;
        Ok(Blockhash {
            hash,
            last_valid_block_height,
        })
    }

    async fn minimum_balance(&self, length: usize) -> Result<u64, ClientError> {
        self.client
            .get_minimum_balance_for_rent_exemption(length)
            .await
            .map_err(|error| self.failed(&error, RpcRequest::GetMinimumBalanceForRentExemption))
    }

    async fn fee(&self, message: &VersionedMessage) -> Result<u64, ClientError> {
        let mut message = message.clone();
        if *message.recent_blockhash() == Hash::default() {
            // A node prices only messages whose blockhash it knows; a simulated one has none yet.
            message.set_recent_blockhash(self.latest_blockhash().await?.hash);
        }
        self.client
            .get_fee_for_message(&AnyVersion(&message))
            .await
            .map_err(|error| self.failed(&error, RpcRequest::GetFeeForMessage))
    }

    async fn genesis_hash(&self) -> Result<Hash, ClientError> {
        self.client
            .get_genesis_hash()
            .await
            .map_err(|error| self.failed(&error, RpcRequest::GetGenesisHash))
    }

    async fn simulate(
        &self,
        transaction: &VersionedTransaction,
    ) -> Result<Simulation, ClientError> {
        let config = RpcSimulateTransactionConfig {
            sig_verify: false,
            replace_recent_blockhash: true,
            commitment: Some(CommitmentConfig::confirmed()),
            ..RpcSimulateTransactionConfig::default()
        };
        let answer = self
            .client
            .simulate_transaction_with_config(transaction, config)
            .await;
        match answer {
            Ok(answer) => Ok(Simulation {
                error: answer.value.err.map(Into::into),
                logs: answer.value.logs.unwrap_or_default(),
                compute_units: answer.value.units_consumed.unwrap_or(0),
            }),
            Err(error) => match self.failed(&error, RpcRequest::SimulateTransaction) {
                // Some nodes answer a failed simulation like a failed preflight.
                ClientError::Transaction { error, logs } => Ok(Simulation {
                    error: Some(error),
                    logs,
                    compute_units: 0,
                }),
                error => Err(error),
            },
        }
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<Signature, ClientError> {
        let config = RpcSendTransactionConfig {
            // Simulated before signing; a second preflight would refuse bytes that already landed.
            skip_preflight: true,
            // The same bytes are handed over again here until the outcome is known.
            max_retries: Some(0),
            ..RpcSendTransactionConfig::default()
        };
        self.client
            .send_transaction_with_config(transaction, config)
            .await
            .map_err(|error| self.failed(&error, RpcRequest::SendTransaction))
    }

    async fn status(&self, signature: &Signature) -> Result<Option<TxStatus>, ClientError> {
        let answer = self
            .client
            .get_signature_statuses_with_history(std::slice::from_ref(signature))
            .await
            .map_err(|error| self.failed(&error, RpcRequest::GetSignatureStatuses))?;
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
        let request = RpcRequest::GetTransaction;
        let config = RpcTransactionConfig {
            encoding: Some(UiTransactionEncoding::Base64),
            commitment: Some(CommitmentConfig::confirmed()),
            max_supported_transaction_version: Some(0),
        };
        let params = json!([signature.to_string(), config]);
        let answer: Option<EncodedConfirmedTransactionWithStatusMeta> = self
            .client
            .send(request, params)
            .await
            .map_err(|error| self.failed(&error, request))?;
        answer
            .map(|found| executed(*signature, found).map_err(|reason| self.bad(request, reason)))
            .transpose()
    }

    async fn history(
        &self,
        address: &Pubkey,
        before: Option<Signature>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, ClientError> {
        let request = RpcRequest::GetSignaturesForAddress;
        let config = RpcSignaturesForAddressConfig {
            before: before.map(|signature| signature.to_string()),
            limit: Some(limit),
            commitment: Some(CommitmentConfig::confirmed()),
            ..RpcSignaturesForAddressConfig::default()
        };
        let params = json!([address.to_string(), config]);
        let lines: Vec<RpcConfirmedTransactionStatusWithSignature> = self
            .client
            .send(request, params)
            .await
            .map_err(|error| self.failed(&error, request))?;
        lines
            .into_iter()
            .map(|line| {
                Ok(HistoryEntry {
                    signature: line
                        .signature
                        .parse()
                        .map_err(|_| self.bad(request, "a signature is not base58"))?,
                    slot: line.slot,
                    error: line.err.map(Into::into),
                    block_time: line.block_time,
                })
            })
            .collect()
    }
}

/// A message of any version, in the bytes that a node prices.
struct AnyVersion<'a>(&'a VersionedMessage);

impl SerializableMessage for AnyVersion<'_> {
    fn serialize(&self) -> Vec<u8> {
        self.0.serialize()
    }
}
