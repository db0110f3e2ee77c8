//! What every phase works with, whatever it does: the store, who hears what happens, and the switch that ends it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::KeeperError;
use crate::progress::Progress;
use crate::store::Store;
use crate::store::folder::DataFolder;
use crate::store::journal::Journal;

/// How long a keeper that was told to stop still follows a transaction it submitted: as long as most take.
const GRACE: Duration = Duration::from_secs(5);

/// A workplace. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Work {
    store: Store,
    progress: Arc<dyn Progress>,
    stop: StopSwitch,
}

/// Tells a keeper to stop at the next point where nothing is half done. Clones switch the same keeper.
#[derive(Clone, Debug)]
pub struct StopSwitch(Arc<watch::Sender<bool>>);

impl Default for StopSwitch {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl StopSwitch {
    /// Stops it: a question that a node has not answered yet is dropped. Nothing acknowledged is lost, and a transaction
    /// that was submitted is followed to its end, now or at the next start.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    #[must_use]
    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once it is set.
    pub(crate) async fn told(&self) {
        // The sender lives as long as `self`, so this ends in no other way.
        let _ = self.0.subscribe().wait_for(|told| *told).await;
    }
}

impl Work {
    pub fn new(store: Store, progress: Arc<dyn Progress>) -> Self {
        Self {
            store,
            progress,
            stop: StopSwitch::default(),
        }
    }

    pub const fn store(&self) -> &Store {
        &self.store
    }

    pub const fn folder(&self) -> &DataFolder {
        &self.store.folder
    }

    pub const fn journal(&self) -> &Journal {
        &self.store.journal
    }

    pub fn progress(&self) -> &dyn Progress {
        self.progress.as_ref()
    }

    pub fn progress_handle(&self) -> Arc<dyn Progress> {
        Arc::clone(&self.progress)
    }

    pub const fn stop_switch(&self) -> &StopSwitch {
        &self.stop
    }

    pub fn stop_if_told(&self) -> Result<(), KeeperError> {
        if self.stop.is_set() {
            return Err(KeeperError::Stopped);
        }
        Ok(())
    }

    /// Waits for an answer that changes nothing here, and no longer than until told to stop: a node that hangs is given a
    /// minute, and whoever stops a keeper has not that long.
    ///
    /// # Errors
    /// What the answer says; [`KeeperError::Stopped`].
    pub async fn unless_stopped<T, E: Into<KeeperError>>(
        &self,
        answer: impl Future<Output = Result<T, E>>,
    ) -> Result<T, KeeperError> {
        tokio::select! {
            biased;
            answered = answer => answered.map_err(Into::into),
            () = self.stop.told() => Err(KeeperError::Stopped),
        }
    }

    /// Follows what was handed over already. Told to stop, it is given a few seconds more: the journal knows of it, and the
    /// next start follows it to its end.
    ///
    /// # Errors
    /// [`KeeperError::Stopped`].
    pub async fn to_its_end<T>(&self, work: impl Future<Output = T>) -> Result<T, KeeperError> {
        let patience = async {
            self.stop.told().await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = patience => Err(KeeperError::Stopped),
        }
    }

    /// Waits, or until told to stop.
    pub async fn rest(&self, time: Duration) {
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            () = self.stop.told() => {}
        }
    }

    /// Runs work that computes or waits for a disk where it holds up nobody else.
    pub async fn blocking<T, F>(&self, work: F) -> Result<T, KeeperError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, KeeperError> + Send + 'static,
    {
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| KeeperError::Task(error.to_string()))?
    }
}
