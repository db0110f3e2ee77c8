//! What a node's HTTP answer means. Nodes say "not now" in many ways: with a status, with a JSON-RPC error under status 200,
//! with a page of HTML from whatever stands before them. All of them are told apart here and nowhere else.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use solana_rpc_client_api::response::RpcSimulateTransactionResult;

use crate::ClientError;
use crate::error::{UNHEALTHY, is_behind};

/// One HTTP answer, as far as it matters.
#[derive(Clone, Debug)]
pub(crate) struct Answer<'a> {
    pub status: u16,
    /// The header `retry-after`.
    pub retry_after: Option<&'a str>,
    /// The header `date`: what a moment in `retry-after` is counted from, so that nobody's clock is asked here.
    pub date: Option<&'a str>,
    pub body: &'a [u8],
}

/// Why a request has no result.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub error: ClientError,
    pub cure: Cure,
}

/// What may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cure {
    /// Nothing: the same request gets the same answer.
    None,
    /// The node did nothing and answers later; it may have said when.
    Later(Option<Duration>),
    /// Asking again later; whether the request was carried out is not known.
    Perhaps,
    /// The line broke: asking again soon; whether the request was carried out is not known.
    Line,
}

/// Who was asked what, for messages, and whether this node has answered as a node before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub url: &'a str,
    pub method: &'static str,
    pub answered: bool,
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default, deserialize_with = "present")]
    result: Option<Value>,
    error: Option<Refusal>,
}

/// A result of `null` is a result.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
struct Refusal {
    code: i64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    data: Value,
}

impl Answer<'_> {
    /// Whether it is JSON-RPC at all, and so proves that a node or its gateway stands there.
    pub(crate) fn is_json_rpc(&self) -> bool {
        self.envelope().is_some()
    }

    /// The result, or what the node says instead.
    pub(crate) fn read(&self, asked: Asked<'_>) -> Result<Value, Box<Trouble>> {
        let envelope = self.envelope();
        if let Some(error) = envelope
            .as_ref()
            .and_then(|envelope| envelope.error.as_ref())
        {
            return Err(Box::new(self.refused(asked, error)));
        }
        let success = (200..300).contains(&self.status);
        if let Some(result) = envelope.and_then(|envelope| envelope.result)
            && success
        {
            return Ok(result);
        }
        Err(Box::new(self.foreign(asked, success)))
    }

    /// `None` for everything that is no object with a result or an error.
    fn envelope(&self) -> Option<Envelope> {
        let envelope: Envelope = serde_json::from_slice(self.body).ok()?;
        (envelope.result.is_some() || envelope.error.is_some()).then_some(envelope)
    }

    /// An answer that is no JSON-RPC: a gateway's, or somebody else's altogether.
    fn foreign(&self, asked: Asked<'_>, success: bool) -> Trouble {
        match self.status {
            429 => self.limited(asked),
            408 | 425 | 500.. => self.down(asked, None),
            // A page where a moment ago a node answered comes from a gateway in trouble, not from a wrong URL.
            _ if success && asked.answered => Trouble {
                error: asked.down("a page that is not JSON-RPC came back"),
                cure: Cure::Perhaps,
            },
            _ if success => Trouble {
                error: ClientError::BadAnswer {
                    url: asked.url.to_owned(),
                    method: asked.method.to_owned(),
                    reason: "it is not JSON-RPC".to_owned(),
                },
                cure: Cure::None,
            },
            status => asked.never(asked.refusal_by_status(status, None)),
        }
    }

    /// A JSON-RPC error, under whatever status.
    fn refused(&self, asked: Asked<'_>, error: &Refusal) -> Trouble {
        let said = Some(error.message.as_str());
        if self.status == 429 || is_limit(error, asked.method) {
            return self.limited(asked);
        }
        if self.status >= 500 || matches!(self.status, 408 | 425) {
            return self.down(asked, said);
        }
        if let Some(refused) = preflight(error) {
            return asked.never(refused);
        }
        if matches!(self.status, 401..=404 | 410) {
            return asked.never(asked.refusal_by_status(self.status, said));
        }
        let code = error.code;
        let rpc = ClientError::Rpc {
            url: asked.url.to_owned(),
            method: asked.method.to_owned(),
            code,
            message: error.message.clone(),
        };
        if is_behind(code) {
            return Trouble {
                error: rpc,
                cure: Cure::Later(None),
            };
        }
        if code == METHOD_NOT_FOUND || asked.lists_accounts() {
            return asked.never(asked.not_offered(&format!("error {code}: {}", error.message)));
        }
        asked.never(rpc)
    }

    fn limited(&self, asked: Asked<'_>) -> Trouble {
        let retry_after = self.retry_after();
        Trouble {
            error: ClientError::RateLimited {
                url: asked.url.to_owned(),
                method: asked.method.to_owned(),
                retry_after,
            },
            cure: Cure::Later(retry_after),
        }
    }

    fn down(&self, asked: Asked<'_>, said: Option<&str>) -> Trouble {
        Trouble {
            error: asked.down(&with(format!("HTTP status {}", self.status), said)),
            // Only "unavailable" with a date says that nothing was done; a gateway's timeout says the contrary.
            cure: match (self.status, self.retry_after()) {
                (503, Some(after)) => Cure::Later(Some(after)),
                _ => Cure::Perhaps,
            },
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        retry_after(self.retry_after?, self.date)
    }
}

/// How long an answer with the header `retry-after` asks to be left alone: seconds, or a moment counted from the answer's own
/// `date`. `None` for what is neither.
#[must_use]
pub fn retry_after(text: &str, date: Option<&str>) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let from = httpdate::parse_http_date(date?.trim()).ok()?;
    // A moment that has passed: at once.
    Some(until.duration_since(from).unwrap_or_default())
}

impl Asked<'_> {
    fn down(&self, reason: &str) -> ClientError {
        ClientError::Down {
            url: self.url.to_owned(),
            method: self.method.to_owned(),
            reason: reason.to_owned(),
        }
    }

    fn refusal_by_status(&self, status: u16, said: Option<&str>) -> ClientError {
        // 401 and 402 are about the key, whatever was asked for.
        if self.lists_accounts() && !matches!(status, 401 | 402) {
            return self.not_offered(&with(format!("HTTP status {status}"), said));
        }
        ClientError::Http {
            url: self.url.to_owned(),
            method: self.method.to_owned(),
            status,
            said: with(String::new(), said),
        }
    }

    /// Whether a refusal is about this method alone: nodes that answer everything else often do not search a program's
    /// accounts, or do so for money only.
    fn lists_accounts(&self) -> bool {
        self.answered && self.method == LIST_ACCOUNTS
    }

    fn not_offered(&self, reason: &str) -> ClientError {
        ClientError::NotOffered {
            url: self.url.to_owned(),
            method: self.method.to_owned(),
            reason: reason.to_owned(),
        }
    }

    const fn never(&self, error: ClientError) -> Trouble {
        Trouble {
            error,
            cure: Cure::None,
        }
    }
}

/// What the node itself said, behind what is known without it.
fn with(known: String, said: Option<&str>) -> String {
    match said {
        Some(said) if !said.is_empty() => format!("{known}: {said}"),
        _ => known,
    }
}

const LIST_ACCOUNTS: &str = "getProgramAccounts";
const METHOD_NOT_FOUND: i64 = -32_601;
const PREFLIGHT: i64 = -32_002;

/// Whether an error's code says "too many requests". -32007 and -32003 mean that at one provider and other things at
/// Solana's own nodes: skipped slots, which nothing here asks about, and a bad signature, which only submitting can have.
fn is_limit(error: &Refusal, method: &str) -> bool {
    match error.code {
        429 | -32_429 | -32_007 => true,
        -32_003 => method != "sendTransaction",
        // Solana's "unhealthy" says how many slots behind, even when it does not know.
        UNHEALTHY => error.data.get("numSlotsBehind").is_none(),
        _ => false,
    }
}

/// The transaction's own failure, where the node ran it before it forwarded it.
fn preflight(error: &Refusal) -> Option<ClientError> {
    if error.code != PREFLIGHT {
        return None;
    }
    let ran: RpcSimulateTransactionResult = serde_json::from_value(error.data.clone()).ok()?;
    Some(ClientError::Transaction {
        error: ran.err?.into(),
        logs: ran.logs.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests;
