use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use cairn_client::{Ledger, RpcLedger, SendOptions, send};
use cairn_interface::{ids, spl};
use serde_json::json;
use solana_sdk::{clock::Clock, pubkey::Pubkey, signature::Keypair, signer::Signer};
use tokio::task::JoinHandle;

use crate::{
    Config, LocalnetError, Travel, directory::Directory, forward, keys, programs, surfpool::Node,
    travel,
};

/// A running local network. It stops when dropped, or with [`Localnet::stop`].
pub struct Localnet {
    node: Node,
    forwards: Vec<JoinHandle<()>>,
    rpc_url: String,
    ws_url: String,
    state: PathBuf,
    keys: BTreeMap<String, Keypair>,
    mint: Pubkey,
}

impl Localnet {
    /// Starts the network and waits until it answers, the programs are deployed and the mint exists. Needs a
    /// multi-thread tokio runtime.
    ///
    /// # Errors
    /// A program that is not built, a port that is taken, a damaged key file, a folder that can not be written.
    pub async fn start(config: Config) -> Result<Self, LocalnetError> {
        let programs = programs::read(&config.programs)?;
        // Written into files that tools read from anywhere.
        let state = std::path::absolute(&config.state).map_err(|source| LocalnetError::File {
            path: config.state.clone(),
            source,
        })?;
        let config = Config { state, ..config };
        let listeners = match config.port {
            Some(port) => Some((forward::take(port)?, forward::take(port.saturating_add(1))?)),
            None => None,
        };
        let keys = load_keys(&config)?;

        let funded = funded(&keys);
        let node = Node::boot(config.blocks, config.lamports, funded.clone()).await?;
        let mut network = Self {
            rpc_url: node.rpc_url().to_owned(),
            ws_url: node.ws_url().to_owned(),
            node,
            forwards: Vec::new(),
            state: config.state.clone(),
            mint: key(&keys, MINT)?.pubkey(),
            keys,
        };
        if let (Some((rpc, ws)), Some(port)) = (listeners, config.port) {
            network.publish(rpc, ws, port)?;
        }
        network.wait_until_funded(&funded).await?;
        if let Some(start_at) = config.start_at {
            network.set_clock(start_at).await?;
        }
        for (program, bytes) in programs {
            network.deploy(&program, &bytes).await?;
        }
        network.create_mint(config.decimals).await?;
        network.directory().write(&config.state)?;
        Ok(network)
    }

    fn directory(&self) -> Directory<'_> {
        Directory {
            rpc_url: &self.rpc_url,
            ws_url: &self.ws_url,
            mint: self.mint,
            keys: self
                .keys()
                .map(|(name, key)| (name, key, self.key_file(name)))
                .collect(),
        }
    }

    /// Where it answers JSON-RPC, like `http://127.0.0.1:8899`.
    #[must_use]
    pub fn rpc_url(&self) -> &str {
        &self.rpc_url
    }

    /// Where it answers WebSockets.
    #[must_use]
    pub fn ws_url(&self) -> &str {
        &self.ws_url
    }

    /// The mint of the network's token.
    #[must_use]
    pub const fn mint(&self) -> Pubkey {
        self.mint
    }

    /// The key that may mint.
    ///
    /// # Errors
    /// Never for a started network.
    pub fn mint_authority(&self) -> Result<&Keypair, LocalnetError> {
        self.key(Config::MINT_AUTHORITY)
    }

    /// A funded key by name.
    ///
    /// # Errors
    /// [`LocalnetError::NoKey`].
    pub fn key(&self, name: &str) -> Result<&Keypair, LocalnetError> {
        key(&self.keys, name)
    }

    /// Names and public keys.
    pub fn keys(&self) -> impl Iterator<Item = (&str, Pubkey)> {
        self.keys
            .iter()
            .map(|(name, key)| (name.as_str(), key.pubkey()))
    }

    /// The file that holds the key called `name`.
    #[must_use]
    pub fn key_file(&self, name: &str) -> PathBuf {
        keys::path_of(&self.state, name)
    }

    /// A client of this network.
    ///
    /// # Errors
    /// Never for a started network.
    pub fn ledger(&self) -> Result<RpcLedger, LocalnetError> {
        Ok(RpcLedger::new(&self.rpc_url)?)
    }

    /// Moves the chain's clock and returns the Unix seconds it shows.
    ///
    /// # Errors
    /// See [`travel`].
    pub async fn travel(&self, to: Travel) -> Result<i64, LocalnetError> {
        travel::travel(&self.rpc_url, to).await
    }

    /// Gives `to` more lamports.
    ///
    /// # Errors
    /// [`LocalnetError::Client`].
    pub async fn airdrop(&self, to: &Pubkey, lamports: u64) -> Result<(), LocalnetError> {
        travel::airdrop(&self.rpc_url, to, lamports).await
    }

    /// Mints `amount` base units to `owner`'s associated token account, which is created when absent.
    ///
    /// # Errors
    /// [`LocalnetError::Client`].
    pub async fn mint_to(&self, owner: &Pubkey, amount: u64) -> Result<Pubkey, LocalnetError> {
        let ledger = self.ledger()?;
        let payer = self.key(Config::PAYER)?;
        let authority = self.mint_authority()?;
        let to = spl::associated_token_address(owner, &self.mint, &ids::TOKEN_PROGRAM);
        let instructions = [
            spl::create_associated_token_account(
                &payer.pubkey(),
                owner,
                &self.mint,
                &ids::TOKEN_PROGRAM,
            ),
            spl::mint_to(
                &ids::TOKEN_PROGRAM,
                &self.mint,
                &to,
                &authority.pubkey(),
                amount,
            ),
        ];
        send(
            &ledger,
            &instructions,
            &payer.pubkey(),
            &[payer, authority],
            &quick(),
        )
        .await?;
        Ok(to)
    }

    /// Puts a program at `program`, or replaces it.
    ///
    /// # Errors
    /// [`LocalnetError::Client`].
    pub async fn deploy(&self, program: &Pubkey, bytes: &[u8]) -> Result<(), LocalnetError> {
        let params = json!([program.to_string(), hex::encode(bytes), 0]);
        self.ledger()?.call("surfnet_writeProgram", params).await?;
        Ok(())
    }

    /// Shuts the network down and waits until its ports are free.
    ///
    /// # Errors
    /// [`LocalnetError::Stopped`] when it does not confirm in time.
    pub fn stop(self) -> Result<(), LocalnetError> {
        for forward in &self.forwards {
            forward.abort();
        }
        self.node.stop()
    }

    fn publish(
        &mut self,
        rpc: std::net::TcpListener,
        ws: std::net::TcpListener,
        port: u16,
    ) -> Result<(), LocalnetError> {
        self.forwards = vec![
            forward::forward(rpc, port_of(&self.rpc_url)?)?,
            forward::forward(ws, port_of(&self.ws_url)?)?,
        ];
        self.rpc_url = format!("http://127.0.0.1:{port}");
        self.ws_url = format!("ws://127.0.0.1:{}", port.saturating_add(1));
        Ok(())
    }

    /// Surfpool answers before it has given everybody their lamports.
    async fn wait_until_funded(&self, funded: &[Pubkey]) -> Result<(), LocalnetError> {
        const PAUSE: Duration = Duration::from_millis(20);
        const LOOKS: u32 = 1_000;
        let ledger = self.ledger()?;
        let last = funded.last().copied().unwrap_or_default();
        for _ in 0..LOOKS {
            if ledger.account(&last).await?.is_some() {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(LocalnetError::Start {
            reason: "its keys got no lamports".into(),
        })
    }

    async fn set_clock(&self, unix_timestamp: i64) -> Result<(), LocalnetError> {
        let present = self.ledger()?.clock().await?;
        let clock = Clock {
            unix_timestamp,
            ..present
        };
        self.node.set_clock(clock).await
    }

    async fn create_mint(&self, decimals: u8) -> Result<(), LocalnetError> {
        let ledger = self.ledger()?;
        let payer = self.key(Config::PAYER)?;
        let mint = self.key(MINT)?;
        let authority = self.mint_authority()?.pubkey();
        let lamports = ledger.minimum_balance(spl::MINT_LEN).await?;
        let instructions = spl::create_mint(
            &payer.pubkey(),
            &mint.pubkey(),
            &authority,
            decimals,
            lamports,
        );
        send(
            &ledger,
            &instructions,
            &payer.pubkey(),
            &[payer, mint],
            &quick(),
        )
        .await?;
        Ok(())
    }
}

/// The name of the mint's own key.
const MINT: &str = "mint";

/// Poll often: everything happens on this machine.
fn quick() -> SendOptions {
    SendOptions {
        poll: Duration::from_millis(20),
        patience: 200,
        ..SendOptions::default()
    }
}

fn key<'a>(keys: &'a BTreeMap<String, Keypair>, name: &str) -> Result<&'a Keypair, LocalnetError> {
    keys.get(name).ok_or_else(|| LocalnetError::NoKey {
        name: name.to_owned(),
    })
}

/// All keys that get lamports: not the mint's, whose account is created as a mint.
fn funded(keys: &BTreeMap<String, Keypair>) -> Vec<Pubkey> {
    keys.iter()
        .filter(|(name, _)| *name != MINT)
        .map(|(_, key)| key.pubkey())
        .collect()
}

fn load_keys(config: &Config) -> Result<BTreeMap<String, Keypair>, LocalnetError> {
    config
        .keys
        .iter()
        .map(String::as_str)
        .chain([Config::PAYER, Config::MINT_AUTHORITY, MINT])
        .map(|name| Ok((name.to_owned(), keys::load_or_create(&config.state, name)?)))
        .collect()
}

fn port_of(url: &str) -> Result<u16, LocalnetError> {
    url.rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .ok_or_else(|| LocalnetError::Start {
            reason: format!("{url} names no port"),
        })
}
