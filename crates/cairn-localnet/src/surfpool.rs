use std::{thread, time::Duration};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use solana_sdk::{clock::Clock, pubkey::Pubkey};
use surfpool_sdk::{BlockProductionMode, SimnetCommand, SimnetEvent, Surfnet};

use crate::{Blocks, LocalnetError};

/// How long setting the clock and stopping may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running surfpool. It stops when dropped, or with [`Node::stop`].
pub(crate) struct Node {
    surfnet: Surfnet,
    /// Closed when both servers have shut down.
    ended: Receiver<()>,
}

impl Node {
    /// Starts surfpool on free ports, with `lamports` for each of `funded`. Its SDK blocks and drops a runtime
    /// inside, which no async worker may do, so that runs on a thread of its own.
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
        let builder = Surfnet::builder()
            .offline(true)
            .block_production_mode(mode)
            .slot_time_ms(slot_millis)
            .airdrop_sol(lamports)
            .airdrop_addresses(funded);
        let failed = |reason: String| LocalnetError::Start { reason };
        let surfnet =
            tokio::task::spawn_blocking(move || futures::executor::block_on(builder.start()))
                .await
                .map_err(|error| failed(error.to_string()))?
                .map_err(|error| failed(error.to_string()))?;
        let ended = drain(&surfnet)?;
        Ok(Self { surfnet, ended })
    }

    pub(crate) fn rpc_url(&self) -> &str {
        self.surfnet.rpc_url()
    }

    pub(crate) fn ws_url(&self) -> &str {
        self.surfnet.ws_url()
    }

    /// Sets the clock to any moment, also a past one. Only for the start, before anybody relies on it: over RPC time
    /// moves forward only.
    pub(crate) async fn set_clock(&self, clock: Clock) -> Result<(), LocalnetError> {
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

    /// Shuts down and waits until both servers have: the SDK's own `stop` reads the events that [`drain`] reads.
    pub(crate) fn stop(self) -> Result<(), LocalnetError> {
        let stopped = |reason: String| LocalnetError::Stopped { reason };
        self.surfnet
            .send_command(SimnetCommand::Terminate(None))
            .map_err(|error| stopped(error.to_string()))?;
        match self.ended.recv_timeout(PATIENCE) {
            Err(RecvTimeoutError::Timeout) => Err(stopped("it did not shut down".into())),
            _ => Ok(()),
        }
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
    thread::Builder::new()
        .name("localnet-events".into())
        .spawn(reader)
        .map_err(|error| LocalnetError::Start {
            reason: error.to_string(),
        })?;
    Ok(ended)
}
