use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use cairn_client::{Ledger, RpcLedger, SendOptions, send};
use cairn_interface::{ids, spl};
use crossbeam_channel::{Receiver, bounded};
use serde_json::json;
use solana_sdk::{clock::Clock, pubkey::Pubkey, signature::Keypair, signer::Signer};
use surfpool_sdk::{BlockProductionMode, SimnetCommand, SimnetEvent, Surfnet};
use tokio::task::JoinHandle;

use crate::{Blocks, Config, LocalnetError, Travel, forward, keys, programs, travel};

/// How long starting and stopping may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running local network. It stops when dropped, or with [`Localnet::stop`].
pub struct Localnet {
    surfnet: Surfnet,
    /// Closed when the network has shut down.
    ended: Receiver<()>,
    forwards: Vec<JoinHandle<()>>,
    rpc_url: String,
    ws_url: String,
    state: PathBuf,
    keys: BTreeMap<String, Keypair>,
    mint: Pubkey,
}

impl Localnet {
    /// Starts the network and waits until it answers, both programs are deployed and the mint exists. Needs a
    /// multi-thread tokio runtime.
    ///
    /// # Errors
    /// A program that is not built, a port that is taken, a damaged key file, a folder that can not be written.
    pub async fn start(config: Config) -> Result<Self, LocalnetError> {
        let programs = programs::read(&config.programs)?;
        let listeners = match config.port {
            Some(port) => {
                let next = port.checked_add(1).unwrap_or(port);
                Some((forward::take(port)?, forward::take(next)?))
            }
            None => None,
        };
        let keys = load_keys(&config)?;

        let surfnet = boot(&config, &keys).await?;
        let ended = drain(&surfnet)?;
        let mut network = Self {
            rpc_url: surfnet.rpc_url().to_owned(),
            ws_url: surfnet.ws_url().to_owned(),
            surfnet,
            ended,
            forwards: Vec::new(),
            state: config.state.clone(),
            mint: key(&keys, MINT)?.pubkey(),
            keys,
        };
        if let (Some((rpc, ws)), Some(port)) = (listeners, config.port) {
            network.publish(rpc, ws, port)?;
        }
        if let Some(start_at) = config.start_at {
            network.set_clock(start_at).await?;
        }
        for (program, bytes) in programs {
            network.deploy(&program, &bytes).await?;
        }
        network.create_mint(config.decimals).await?;
        network.write_directory()?;
        Ok(network)
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
            spl::mint_to(&self.mint, &to, &authority.pubkey(), amount),
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
        travel::ask(&self.rpc_url, "surfnet_writeProgram", params).await?;
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
        let stopped = |reason: String| LocalnetError::Stopped { reason };
        self.surfnet
            .send_command(SimnetCommand::Terminate(None))
            .map_err(|error| stopped(error.to_string()))?;
        match self.ended.recv_timeout(PATIENCE) {
            Err(crossbeam_channel::RecvTimeoutError::Timeout) => {
                Err(stopped("it did not shut down".into()))
            }
            _ => Ok(()),
        }
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

    /// Sets the clock to any moment, also a past one: only from inside the process, before anybody relies on it.
    async fn set_clock(&self, unix_timestamp: i64) -> Result<(), LocalnetError> {
        let present = self.ledger()?.clock().await?;
        let clock = Clock {
            unix_timestamp,
            ..present
        };
        let (done, confirmed) = bounded(1);
        self.surfnet
            .send_command(SimnetCommand::UpdateInternalClockWithConfirmation(
                None, clock, done,
            ))
            .map_err(|error| LocalnetError::Start {
                reason: error.to_string(),
            })?;
        let answer = tokio::task::spawn_blocking(move || confirmed.recv_timeout(PATIENCE)).await;
        match answer {
            Ok(Ok(_)) => Ok(()),
            _ => Err(LocalnetError::Start {
                reason: "its clock could not be set".into(),
            }),
        }
    }

    async fn create_mint(&self, decimals: u8) -> Result<(), LocalnetError> {
        let ledger = self.ledger()?;
        let payer = self.key(Config::PAYER)?;
        let mint = self.key(MINT)?;
        let authority = self.mint_authority()?.pubkey();
        let lamports = ledger.minimum_balance(spl::MINT_LEN).await?;
        let instructions =
            spl::create_mint(&payer.pubkey(), &mint.pubkey(), &authority, decimals, lamports);
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

    /// Writes where everything is, for people and scripts, and a configuration that Solana's tools take with `-C`.
    fn write_directory(&self) -> Result<(), LocalnetError> {
        let keys: BTreeMap<_, _> = self
            .keys()
            .map(|(name, key)| {
                (
                    name,
                    json!({ "key": key.to_string(), "file": self.key_file(name) }),
                )
            })
            .collect();
        let programs: BTreeMap<_, _> = ids::PROGRAMS
            .iter()
            .map(|(id, name)| (*name, id.to_string()))
            .collect();
        let directory = json!({
            "rpc_url": self.rpc_url,
            "ws_url": self.ws_url,
            "mint": self.mint.to_string(),
            "programs": programs,
            "keys": keys,
        });
        write(
            &self.state.join("localnet.json"),
            &format!("{directory:#}\n"),
        )?;
        let configuration = format!(
            "---\njson_rpc_url: {}\nwebsocket_url: {}\nkeypair_path: {}\ncommitment: confirmed\n",
            self.rpc_url,
            self.ws_url,
            serde_json::Value::from(self.key_file("admin").to_string_lossy().into_owned()),
        );
        write(&self.state.join("config.yml"), &configuration)
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

fn load_keys(config: &Config) -> Result<BTreeMap<String, Keypair>, LocalnetError> {
    config
        .keys
        .iter()
        .map(String::as_str)
        .chain([Config::PAYER, Config::MINT_AUTHORITY, MINT])
        .map(|name| Ok((name.to_owned(), keys::load_or_create(&config.state, name)?)))
        .collect()
}

/// Starts surfpool. Its SDK blocks and drops a runtime inside, which no async worker may do.
async fn boot(
    config: &Config,
    keys: &BTreeMap<String, Keypair>,
) -> Result<Surfnet, LocalnetError> {
    let (mode, slot_millis) = match config.blocks {
        Blocks::OnDemand => (BlockProductionMode::Transaction, 1),
        Blocks::Every(pause) => (
            BlockProductionMode::Clock,
            u64::try_from(pause.as_millis()).unwrap_or(u64::MAX).max(1),
        ),
    };
    let funded = keys
        .iter()
        .filter(|(name, _)| *name != MINT && *name != Config::PAYER)
        .map(|(_, key)| key.pubkey())
        .collect();
    let builder = Surfnet::builder()
        .offline(true)
        .block_production_mode(mode)
        .slot_time_ms(slot_millis)
        .airdrop_sol(config.lamports)
        .airdrop_addresses(funded)
        .payer(key(keys, Config::PAYER)?.insecure_clone());
    let started =
        tokio::task::spawn_blocking(move || futures::executor::block_on(builder.start())).await;
    match started {
        Ok(Ok(surfnet)) => Ok(surfnet),
        Ok(Err(error)) => Err(LocalnetError::Start {
            reason: error.to_string(),
        }),
        Err(error) => Err(LocalnetError::Start {
            reason: error.to_string(),
        }),
    }
}

/// Reads surfpool's events to the end: the channel is bounded, and a full one would stop the chain. The returned
/// channel closes when both servers have shut down.
fn drain(surfnet: &Surfnet) -> Result<Receiver<()>, LocalnetError> {
    let events = surfnet.events().clone();
    let (open, ended) = bounded::<()>(0);
    let reader = move || {
        let _open = open;
        let mut shut = 0;
        for event in events.iter() {
            match event {
                SimnetEvent::Shutdown => shut += 1,
                SimnetEvent::ErrorLog(_, text) => tracing::warn!("{text}"),
                SimnetEvent::WarnLog(_, text) => tracing::info!("{text}"),
                SimnetEvent::InfoLog(_, text) => tracing::debug!("{text}"),
                _ => {}
            }
            if shut == 2 {
                break;
            }
        }
    };
    thread::Builder::new()
        .name("localnet-events".into())
        .spawn(reader)
        .map_err(|error| LocalnetError::Start {
            reason: error.to_string(),
        })?;
    Ok(ended)
}

fn port_of(url: &str) -> Result<u16, LocalnetError> {
    url.rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .ok_or_else(|| LocalnetError::Start {
            reason: format!("{url} names no port"),
        })
}

fn write(path: &Path, text: &str) -> Result<(), LocalnetError> {
    fs::write(path, text).map_err(|source| LocalnetError::File {
        path: path.to_owned(),
        source,
    })
}
