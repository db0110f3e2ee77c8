use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// One JSON-RPC call that arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub id: Value,
    pub method: String,
    pub params: Value,
    /// How many calls of this method came before it.
    pub before: usize,
}

/// What a call gets.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// The node's own answer.
    Pass,
    /// This result, without any node.
    Result(Value),
    /// A JSON-RPC error under an HTTP status.
    Error { status: u16, code: i64 },
    /// Any HTTP answer.
    Http {
        status: u16,
        headers: &'static str,
        body: &'static str,
    },
    /// The line is cut without an answer.
    Cut,
    /// The call reaches the node, and the line is cut before its answer.
    Unanswered,
}

/// An HTTP front before a node, or instead of one, that answers as a test says. Loopback only; ends when it is dropped.
#[derive(Debug)]
pub struct Front {
    url: String,
    calls: Arc<Mutex<Vec<Call>>>,
    task: JoinHandle<()>,
}

impl Front {
    /// Stands before the node at `node` (`http://127.0.0.1:…`); `rule` decides each call.
    ///
    /// # Errors
    /// No port.
    pub async fn before(
        node: &str,
        rule: impl Fn(&Call) -> Reply + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let shared = Arc::new(Shared {
            node: node.trim_start_matches("http://").to_owned(),
            rule: Box::new(rule),
            calls: Arc::clone(&calls),
        });
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                // A test that ends cuts lines as it likes.
                tokio::spawn(async move { shared.serve(stream).await });
            }
        });
        Ok(Self { url, calls, task })
    }

    /// Stands alone: what `rule` lets pass finds nobody.
    ///
    /// # Errors
    /// No port.
    pub async fn alone(rule: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> io::Result<Self> {
        Self::before("127.0.0.1:1", rule).await
    }

    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Every call that arrived, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// How many calls of each method arrived.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for call in self.calls() {
            *counts.entry(call.method).or_default() += 1;
        }
        counts
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Shared {
    node: String,
    rule: Box<dyn Fn(&Call) -> Reply + Send + Sync>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Shared {
    /// One request, one answer, and the line is closed.
    async fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        let request = read_request(&mut stream).await?;
        let body: Value = serde_json::from_slice(&request)?;
        let call = self.note(&body);
        let (status, headers, body) = match (self.rule)(&call) {
            Reply::Pass => {
                let answer = self.forward(&request).await?;
                return stream.write_all(&answer).await;
            }
            Reply::Cut => return Ok(()),
            Reply::Unanswered => {
                self.forward(&request).await?;
                return Ok(());
            }
            Reply::Result(result) => (
                200,
                "",
                serde_json::json!({ "jsonrpc": "2.0", "id": call.id, "result": result })
                    .to_string(),
            ),
            Reply::Error { status, code } => {
                let error = serde_json::json!({ "code": code, "message": "as the test says" });
                let body = serde_json::json!({ "jsonrpc": "2.0", "id": call.id, "error": error });
                (status, "", body.to_string())
            }
            Reply::Http {
                status,
                headers,
                body,
            } => (status, headers, body.to_owned()),
        };
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} -\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
        stream.write_all(answer.as_bytes()).await
    }

    fn note(&self, body: &Value) -> Call {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let method = body["method"].as_str().unwrap_or_default().to_owned();
        let before = calls.iter().filter(|call| call.method == method).count();
        let call = Call {
            id: body["id"].clone(),
            params: body["params"].clone(),
            method,
            before,
        };
        calls.push(call.clone());
        call
    }

    /// The node's whole answer, as it came.
    async fn forward(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let mut node = TcpStream::connect(&self.node).await?;
        let head = format!(
            "POST / HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.node,
            request.len()
        );
        node.write_all(head.as_bytes()).await?;
        node.write_all(request).await?;
        let mut answer = Vec::new();
        node.read_to_end(&mut answer).await?;
        Ok(answer)
    }
}

/// The body of one HTTP request.
async fn read_request(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|length| length.trim().parse().ok())
                .unwrap_or(0);
            let mut body = bytes.split_off(end + 4);
            let had = body.len();
            body.resize(had.max(length), 0);
            stream.read_exact(&mut body[had..]).await?;
            return Ok(body);
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}
