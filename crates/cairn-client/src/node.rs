use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use reqwest::{
    Client,
    header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::RwLock;

use crate::{
    ClientError, Patience,
    answer::{Answer, Asked, Cure, Trouble},
    patience::Pauses,
    place::place_of,
};

/// Hears that a node is being waited for: why, and for how long.
pub(crate) type Hear = Arc<dyn Fn(&ClientError, Duration) + Send + Sync>;

/// Whether a request may be made twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It only reads, or does the same thing once however often it is asked.
    Always,
    /// Each time it is carried out it does something more: again only when the node surely did nothing.
    UnlessCarriedOut,
}

/// One node behind one URL: asks, understands the answer, and waits where waiting helps.
pub(crate) struct Node {
    client: Client,
    /// May carry a key, and is never shown.
    url: String,
    /// Scheme, host, port.
    place: String,
    timeout: Duration,
    patience: Patience,
    /// Whether a JSON-RPC answer ever came: then the URL is right, whatever comes later.
    answered: AtomicBool,
    ids: AtomicU64,
    /// Held while the node asked to be left alone, so that requests side by side keep still too. Counts the times.
    gate: RwLock<u64>,
    hear: Option<Hear>,
}

impl Node {
    pub(crate) fn new(
        url: &str,
        timeout: Duration,
        patience: Patience,
    ) -> Result<Self, ClientError> {
        let place = place_of(url)?;
        let bad = |reason| ClientError::BadUrl {
            url: place.clone(),
            reason,
        };
        reqwest::Url::parse(url).map_err(|_| bad("it can not be read as a URL"))?;
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place: bounded in time, and its URL never shown"
        )]
        let client = Client::builder()
            .timeout(timeout)
            .build()
            .map_err(|_| bad("this machine can not open a line to it"))?;
        Ok(Self {
            client,
            url: url.to_owned(),
            place,
            timeout,
            patience,
            answered: AtomicBool::new(false),
            ids: AtomicU64::new(0),
            gate: RwLock::new(0),
            hear: None,
        })
    }

    pub(crate) fn hear(&mut self, hear: Hear) {
        self.hear = Some(hear);
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// The result of a method, as soon as the node gives one and as long as patience lasts.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: Value,
        repeat: Repeat,
    ) -> Result<T, ClientError> {
        let mut pauses = Pauses::new(self.patience);
        loop {
            // Waits here while another request waits for what the node asked.
            let seen = *self.gate.read().await;
            let Trouble { error, cure } = match self.ask(method, &params).await {
                Ok(result) => {
                    return serde_json::from_value(result)
                        .map_err(|error| self.bad(method, &error.to_string()));
                }
                Err(trouble) => *trouble,
            };
            let pause = match cure {
                Cure::Later(asked) => pauses.next(asked),
                Cure::Perhaps if repeat == Repeat::Always => pauses.next(None),
                Cure::Line if repeat == Repeat::Always => pauses.next_for_line(),
                Cure::None | Cure::Perhaps | Cure::Line => None,
            };
            let Some(pause) = pause else {
                return Err(error);
            };
            tracing::debug!(%error, ?pause, "waiting for the node");
            if let Some(hear) = &self.hear {
                hear(&error, pause);
            }
            match cure {
                Cure::Later(Some(_)) => self.keep_still(seen, pause).await,
                _ => tokio::time::sleep(pause).await,
            }
        }
    }

    /// Keeps every request back for `pause`, once for all that were refused together.
    async fn keep_still(&self, seen: u64, pause: Duration) {
        let mut gate = self.gate.write().await;
        if *gate == seen {
            tokio::time::sleep(pause).await;
            *gate = gate.wrapping_add(1);
        }
    }

    /// One request.
    async fn ask(&self, method: &'static str, params: &Value) -> Result<Value, Box<Trouble>> {
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        let broken = |error| Box::new(self.broken(method, &error));
        let response = self
            .client
            .post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .body(request.to_string())
            .send()
            .await
            .map_err(broken)?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.bytes().await.map_err(broken)?;
        let answer = Answer {
            status,
            retry_after: text(&headers, &RETRY_AFTER),
            date: text(&headers, &DATE),
            body: &body,
        };
        if answer.is_json_rpc() {
            self.answered.store(true, Ordering::Relaxed);
        }
        answer.read(Asked {
            url: &self.place,
            method,
            answered: self.answered.load(Ordering::Relaxed),
        })
    }

    /// No answer, or half of one.
    fn broken(&self, method: &'static str, error: &reqwest::Error) -> Trouble {
        // Where nobody ever answered the address is wrong more often than the node is gone for a moment.
        let answered = self.answered.load(Ordering::Relaxed);
        let wrong = !answered && (error.is_connect() || error.is_timeout());
        let error = if error.is_timeout() {
            ClientError::TimedOut {
                url: self.place.clone(),
                method: method.to_owned(),
                after: self.timeout,
            }
        } else {
            ClientError::Unreachable {
                url: self.place.clone(),
                reason: root_cause(error),
            }
        };
        Trouble {
            error,
            cure: if wrong { Cure::None } else { Cure::Line },
        }
    }

    pub(crate) fn bad(&self, method: &'static str, reason: &str) -> ClientError {
        ClientError::BadAnswer {
            url: self.place.clone(),
            method: method.to_owned(),
            reason: reason.to_owned(),
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The last cause in the chain: "Connection refused (os error 111)" instead of three wrappers around it. The outer
/// texts are skipped also because they repeat the full URL with its credentials.
#[must_use]
pub fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
