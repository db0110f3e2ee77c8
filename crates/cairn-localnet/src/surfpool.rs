use std::{
    net::{Ipv4Addr, TcpListener},
    thread,
    time::Duration,
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use solana_sdk::{clock::Clock, pubkey::Pubkey};
use surfpool_core::{
    runloops::start_local_surfnet_runloop,
    surfnet::{
        locker::SurfnetSvmLocker,
        svm::{SurfnetSvm, SurfnetSvmConfig},
    },
};
use surfpool_types::{
    BlockProductionMode, RpcConfig, SimnetCommand, SimnetConfig, SimnetEvent, SurfpoolConfig,
};

use crate::{Blocks, LocalnetError};

/// How long starting, setting the clock and stopping may take, each.
const PATIENCE: Duration = Duration::from_secs(20);
const HOST: &str = "127.0.0.1";

/// A running surfpool. It stops when dropped, or with [`Node::stop`].
pub(crate) struct Node {
    rpc_url: String,
    ws_url: String,
    machine: SurfnetSvmLocker,
    commands: Sender<SimnetCommand>,
    /// Closed when both servers have shut down.
    ended: Receiver<()>,
}

impl Node {
    /// Starts surfpool on free ports, with `lamports` for each of `funded`, which it has soon after this returns.
    ///
    /// Put together here and not by surfpool's SDK, which keeps the machine to itself: blocks that are told by their accounts' past
    /// would keep the time of this computer, whatever the chain's clock shows.
    pub(crate) async fn boot(
        blocks: Blocks,
        lamports: u64,
        funded: Vec<Pubkey>,
    ) -> Result<Self, LocalnetError> {
        let (mode, slot_millis) = match blocks {
            Blocks::OnDemand => (BlockProductionMode::Transaction, 1),
            Blocks::Every(pause) => (
                BlockProductionMode::Clock,
                u64::try_from(pause.as_millis()).unwrap_or(u64::MAX).max(1),
            ),
        };
        let [rpc, ws] = [free_port()?, free_port()?];
        let simnet = SimnetConfig {
            offline_mode: true,
            remote_rpc_url: None,
            slot_time: slot_millis,
            block_production_mode: mode,
            airdrop_addresses: funded,
            airdrop_token_amount: lamports,
            ..SimnetConfig::default()
        };
        let own = SurfnetSvmConfig {
            slot_time: slot_millis,
            instruction_profiling_enabled: simnet.instruction_profiling_enabled,
            max_profiles: simnet.max_profiles,
            log_bytes_limit: simnet.log_bytes_limit,
            ..SurfnetSvmConfig::default()
        };
        let config = SurfpoolConfig {
            simnets: vec![simnet],
            rpc: RpcConfig {
                bind_host: HOST.to_owned(),
                bind_port: rpc,
                ws_port: ws,
                ..RpcConfig::default()
            },
            ..SurfpoolConfig::default()
        };
        let (commands, orders) = unbounded();
        let started = {
            let commands = commands.clone();
            // It makes a runtime of its own, which no async worker may drop.
            tokio::task::spawn_blocking(move || run(own, config, commands, orders))
        };
        let failed = |error: tokio::task::JoinError| start_failed(error.to_string());
        let (machine, ended) = started.await.map_err(failed)??;
        Ok(Self {
            rpc_url: format!("http://{HOST}:{rpc}"),
            ws_url: format!("ws://{HOST}:{ws}"),
            machine,
            commands,
            ended,
        })
    }

    pub(crate) fn rpc_url(&self) -> &str {
        &self.rpc_url
    }

    pub(crate) fn ws_url(&self) -> &str {
        &self.ws_url
    }

    /// Sets the clock to any moment, also a past one, and the time of blocks with it. Only for the start, before anybody relies on
    /// it: over RPC time moves forward only.
    pub(crate) async fn set_clock(&self, clock: Clock) -> Result<(), LocalnetError> {
        let (done, confirmed) = bounded(1);
        let millis = u64::try_from(clock.unix_timestamp)
            .unwrap_or(0)
            .saturating_mul(1_000);
        let slot = clock.slot;
        self.commands
            .send(SimnetCommand::UpdateInternalClockWithConfirmation(
                None, clock, done,
            ))
            .map_err(|error| start_failed(error.to_string()))?;
        let machine = self.machine.clone();
        let set = move || {
            confirmed.recv_timeout(PATIENCE).ok()?;
            machine.with_svm_writer(move |svm| {
                let since = slot.saturating_sub(svm.genesis_slot);
                let lasted = since.saturating_mul(svm.slot_time);
                svm.genesis_updated_at = millis.saturating_sub(lasted);
            });
            Some(())
        };
        match tokio::task::spawn_blocking(set).await {
            Ok(Some(())) => Ok(()),
            _ => Err(start_failed("its clock could not be set".into())),
        }
    }

    /// Shuts down and waits until both servers have.
    pub(crate) fn stop(self) -> Result<(), LocalnetError> {
        let stopped = |reason: String| LocalnetError::Stopped { reason };
        self.commands
            .send(SimnetCommand::Terminate(None))
            .map_err(|error| stopped(error.to_string()))?;
        match self.ended.recv_timeout(PATIENCE) {
            Err(RecvTimeoutError::Timeout) => Err(stopped("it did not shut down".into())),
            _ => Ok(()),
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Whoever has ended already takes no more orders.
        let _ = self.commands.send(SimnetCommand::Terminate(None));
    }
}

const fn start_failed(reason: String) -> LocalnetError {
    LocalnetError::Start { reason }
}

/// A port that nobody has taken yet. Surfpool takes a number, so another may be quicker; then it does not start, and says so.
fn free_port() -> Result<u16, LocalnetError> {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|taken| taken.local_addr());
    free.map(|address| address.port())
        .map_err(|source| LocalnetError::Port { port: 0, source })
}

/// Starts the machine and its servers, each on threads of their own, and waits until they answer. The channel closes when both
/// servers have shut down.
fn run(
    own: SurfnetSvmConfig,
    config: SurfpoolConfig,
    commands: Sender<SimnetCommand>,
    orders: Receiver<SimnetCommand>,
) -> Result<(SurfnetSvmLocker, Receiver<()>), LocalnetError> {
    let (svm, events, geyser) =
        SurfnetSvm::new(own).map_err(|error| start_failed(error.to_string()))?;
    let machine = SurfnetSvmLocker::new(svm);
    let served = machine.clone();
    let serve = move || {
        let runtime = match tokio::runtime::Runtime::new() {
            Ok(runtime) => runtime,
            Err(error) => return tracing::error!("the local network has no runtime: {error}"),
        };
        let ran = runtime.block_on(start_local_surfnet_runloop(
            served, config, commands, orders, geyser,
        ));
        if let Err(error) = ran {
            tracing::error!("the local network ended: {error}");
        }
    };
    spawn("localnet", serve)?;
    wait_until_ready(&events)?;
    let ended = drain(events)?;
    Ok((machine, ended))
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), LocalnetError> {
    thread::Builder::new()
        .name(name.into())
        .spawn(run)
        .map(drop)
        .map_err(|error| start_failed(error.to_string()))
}

fn wait_until_ready(events: &Receiver<SimnetEvent>) -> Result<(), LocalnetError> {
    loop {
        match events.recv_timeout(PATIENCE) {
            Ok(SimnetEvent::CoreStarted(_)) => return Ok(()),
            Ok(SimnetEvent::Aborted(reason)) => return Err(start_failed(reason)),
            Ok(SimnetEvent::Shutdown) => return Err(start_failed("it shut down".into())),
            Ok(_) => {}
            Err(error) => return Err(start_failed(error.to_string())),
        }
    }
}

/// Reads surfpool's events to the end: the channel is bounded, and a full one would stop the chain. The returned
/// channel closes when both servers have shut down.
fn drain(events: Receiver<SimnetEvent>) -> Result<Receiver<()>, LocalnetError> {
    let (open, ended) = bounded::<()>(0);
    let reader = move || {
        let _open = open;
        let mut shut = 0;
        for event in &events {
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
    spawn("localnet-events", reader)?;
    Ok(ended)
}
