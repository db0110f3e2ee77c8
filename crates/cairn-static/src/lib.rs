//! Folders over HTTP on loopback, as any static host serves them: ranges, gzip, 404 for what is not there.
//!
//! For demonstrations and tests: one machine, no TLS, one answer a connection. What is published for real stands on a real web
//! server; this one behaves alike where it matters to a page, so that a page that works here works there.
#![forbid(unsafe_code)]

mod answer;
mod path;
mod request;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use answer::Answer;
use request::Request;

/// Most bytes of a request's head.
const HEAD_LIMIT: usize = 16 * 1024;
/// How long a browser may take to ask, or to take what it asked for.
const PATIENCE: Duration = Duration::from_mins(1);

/// What is served where.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Files made up in memory, by path.
    pages: BTreeMap<String, Vec<u8>>,
    /// Folders by the path they stand under, which ends in a slash; the longest that fits is taken.
    folders: BTreeMap<String, PathBuf>,
}

impl Site {
    /// Serves `folder` under `/`.
    #[must_use]
    pub fn of(folder: impl Into<PathBuf>) -> Self {
        Self::default().folder("/", folder)
    }

    /// Serves `folder` under `path`, which begins and ends with a slash.
    #[must_use]
    pub fn folder(mut self, path: &str, folder: impl Into<PathBuf>) -> Self {
        self.folders.insert(path.to_owned(), folder.into());
        self
    }

    /// Serves `bytes` at `path`, before any folder.
    #[must_use]
    pub fn page(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.pages.insert(path.to_owned(), bytes.into());
        self
    }

    /// Begins to serve at `port` of the loopback address, or at any free one for 0.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn serve(self, port: u16) -> io::Result<Served> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let site = Arc::new(self);
        let task = tokio::spawn(async move {
            // A connection that breaks is the browser's business.
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(tokio::time::timeout(PATIENCE, one(stream, site.clone())));
            }
        });
        Ok(Served { address, task })
    }

    /// The file behind a path of a request.
    fn find(&self, path: &str) -> Option<Found> {
        let path = path::decoded(path)?;
        if let Some(bytes) = self.pages.get(&path) {
            return Some(Found::Page(path.clone(), bytes.clone()));
        }
        let fits = |(prefix, _): &(&String, &PathBuf)| path.starts_with(prefix.as_str());
        let (prefix, folder) = self.folders.iter().rev().find(fits)?;
        let below = path.strip_prefix(prefix.as_str())?;
        let below = if below.is_empty() || below.ends_with('/') {
            format!("{below}index.html")
        } else {
            below.to_owned()
        };
        path::inside(folder, &below).map(Found::File)
    }
}

/// Where an answer's bytes are.
enum Found {
    Page(String, Vec<u8>),
    File(PathBuf),
}

/// A site that is being served, until this is dropped.
#[derive(Debug)]
pub struct Served {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Served {
    /// `http://127.0.0.1:<port>/`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Answers one request and closes the connection.
async fn one(mut stream: TcpStream, site: Arc<Site>) -> io::Result<()> {
    let Some(head) = head(&mut stream).await? else {
        return Ok(());
    };
    let answer = match Request::parse(&head) {
        Some(request) if request.is_read() => match site.find(request.path) {
            Some(Found::Page(name, bytes)) => Answer::whole(&name, bytes, &request),
            Some(Found::File(path)) => Answer::file(&path, &request)
                .await
                .unwrap_or_else(|_| Answer::none(404)),
            None => Answer::none(404),
        },
        Some(_) => Answer::none(405),
        None => Answer::none(400),
    };
    stream.write_all(&answer.bytes()).await?;
    stream.shutdown().await
}

/// A request up to its empty line; `None` when the browser went away or sends no end.
async fn head(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let mut part = [0; 2_048];
    loop {
        let read = stream.read(&mut part).await?;
        bytes.extend(part.iter().take(read));
        if bytes.windows(4).any(|end| end == b"\r\n\r\n") {
            return Ok(String::from_utf8(bytes).ok());
        }
        if read == 0 || bytes.len() > HEAD_LIMIT {
            return Ok(None);
        }
    }
}
