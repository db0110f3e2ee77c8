mod ledger;
mod transaction;

use std::{sync::Arc, time::Duration};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use solana_account_decoder_client_types::UiAccount;
use solana_rpc_client_api::response::Response;
use solana_sdk::{account::Account, hash::Hash, pubkey::Pubkey, signature::Signature};

use crate::{
    ClientError, Ledger, Patience, Snapshot,
    call_size::CallSize,
    node::{Node, Repeat},
};

/// A ledger behind a node's JSON-RPC. It waits, within its [`Patience`], where a node says "not now", asks for less where a
/// node gives less, and tells what is left as a [`ClientError`].
#[derive(Debug)]
pub struct RpcLedger {
    node: Node,
    size: CallSize,
}

impl RpcLedger {
    /// `url` as the Solana CLI takes it: `http(s)://…`, or one of `localhost`, `devnet`, `testnet`, `mainnet-beta`
    /// (or their first letters). Nothing is sent yet; each request may take 30 seconds, and be made again as
    /// [`Patience::default`] says.
    ///
    /// # Errors
    /// [`ClientError::BadUrl`].
    pub fn new(url: &str) -> Result<Self, ClientError> {
        Self::patient(url, Duration::from_secs(30), Patience::default())
    }

    /// As [`RpcLedger::new`], giving up on each request after `timeout` and on repeating it after `patience`.
    ///
    /// # Errors
    /// [`ClientError::BadUrl`].
    pub fn patient(url: &str, timeout: Duration, patience: Patience) -> Result<Self, ClientError> {
        Ok(Self {
            node: Node::new(expand_moniker(url), timeout, patience)?,
            size: CallSize::new(),
        })
    }

    /// The same ledger, which tells `hear` whenever it waits for the node: why, and how long.
    #[must_use]
    pub fn told(mut self, hear: impl Fn(&ClientError, Duration) + Send + Sync + 'static) -> Self {
        self.node.hear(Arc::new(hear));
        self
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
                    url: self.place(),
                    expected: expected.to_string(),
                    found: found.to_string(),
                });
            }
        }
        for (program, account) in programs.iter().zip(self.accounts(programs).await?) {
            if !account.is_some_and(|account| account.executable) {
                return Err(ClientError::ProgramMissing {
                    program: *program,
                    url: self.place(),
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
        const METHOD: &str = "requestAirdrop";
        let params = json!([to.to_string(), lamports]);
        // Asked twice, it gives twice.
        let text: String = self
            .node
            .call(METHOD, params, Repeat::UnlessCarriedOut)
            .await?;
        self.signature(METHOD, &text)
    }

    /// Calls any method of the node, like the ones that only local networks have.
    ///
    /// # Errors
    /// As the node refuses, or the request failed.
    pub async fn call(&self, method: &'static str, params: Value) -> Result<Value, ClientError> {
        self.node
            .call(method, params, Repeat::UnlessCarriedOut)
            .await
    }

    /// A method that may be asked again: it reads, or submits the same signed bytes.
    async fn ask<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: Value,
    ) -> Result<T, ClientError> {
        self.node.call(method, params, Repeat::Always).await
    }

    fn signature(&self, method: &'static str, text: &str) -> Result<Signature, ClientError> {
        text.parse()
            .map_err(|_| self.node.bad(method, "a signature is not base58"))
    }

    /// One call for accounts.
    async fn some(&self, addresses: &[Pubkey]) -> Result<Snapshot, ClientError> {
        const METHOD: &str = "getMultipleAccounts";
        let keys: Vec<String> = addresses.iter().map(Pubkey::to_string).collect();
        let answer: Response<Vec<Option<UiAccount>>> =
            self.ask(METHOD, json!([keys, account_config()])).await?;
        if answer.value.len() != addresses.len() {
            let reason = "it has another number of accounts than asked for";
            return Err(self.node.bad(METHOD, reason));
        }
        let accounts = answer
            .value
            .into_iter()
            .map(|account| account.map(|account| self.account_of(METHOD, &account)))
            .map(Option::transpose);
        Ok(Snapshot {
            slot: answer.context.slot,
            accounts: accounts.collect::<Result<_, _>>()?,
        })
    }

    fn account_of(
        &self,
        method: &'static str,
        account: &UiAccount,
    ) -> Result<Account, ClientError> {
        let account: Option<Account> = account.to_account();
        account.ok_or_else(|| self.node.bad(method, "an account's data is not base64"))
    }

    /// Any number of accounts in order, in as few calls as the node takes.
    async fn parts(&self, addresses: &[Pubkey]) -> Result<Vec<Snapshot>, ClientError> {
        let mut parts = Vec::new();
        let mut rest = addresses;
        while !rest.is_empty() {
            let (part, after) = rest.split_at(self.size.get().min(rest.len()));
            match self.some(part).await {
                Ok(snapshot) => {
                    parts.push(snapshot);
                    rest = after;
                }
                Err(error) => self.size.shrink(part.len(), error)?,
            }
        }
        Ok(parts)
    }
}

/// Base64 and the level that reads see.
fn account_config() -> Value {
    json!({ "encoding": "base64", "commitment": "confirmed" })
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
