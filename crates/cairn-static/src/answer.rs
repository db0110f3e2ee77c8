//! What a browser gets.

use std::io::{self, SeekFrom, Write as _};
use std::path::Path;

use flate2::{Compression, write::GzEncoder};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use crate::path::{kind, packs};
use crate::request::{Request, Wanted};

/// Status, headers and body.
#[derive(Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    /// Without the body, whose length is told all the same.
    head_only: bool,
}

impl Answer {
    /// One without a body of its own.
    pub fn none(status: u16) -> Self {
        Self {
            status,
            headers: vec![("content-type", "text/plain; charset=utf-8".to_owned())],
            body: format!("{status} {}\n", reason(status)).into_bytes(),
            head_only: false,
        }
    }

    /// A file, or the part of it that is asked for.
    ///
    /// # Errors
    /// It can not be read.
    pub async fn file(path: &Path, request: &Request<'_>) -> io::Result<Self> {
        let name = path.to_string_lossy().into_owned();
        let mut file = File::open(path).await?;
        let size = file.metadata().await?.len();
        match request.wanted(size) {
            Wanted::Whole => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).await?;
                Ok(Self::whole(&name, bytes, request))
            }
            Wanted::Part { first, last } => {
                file.seek(SeekFrom::Start(first)).await?;
                let count = last.saturating_sub(first).saturating_add(1);
                let mut bytes = Vec::new();
                file.take(count).read_to_end(&mut bytes).await?;
                Ok(Self::part(&name, bytes, (first, last, size), request))
            }
            Wanted::Nothing => Ok(Self::outside(size)),
        }
    }

    /// All of `bytes`, packed where that is wanted and helps.
    pub fn whole(name: &str, bytes: Vec<u8>, request: &Request<'_>) -> Self {
        let kind = kind(name);
        let mut headers = headers(kind);
        let mut body = bytes;
        if request.takes_gzip
            && !request.has_range()
            && packs(kind)
            && let Ok(packed) = gzip(&body)
        {
            headers.push(("content-encoding", "gzip".to_owned()));
            body = packed;
        }
        Self {
            status: 200,
            headers,
            body,
            head_only: request.is_head(),
        }
    }

    fn part(
        name: &str,
        body: Vec<u8>,
        (first, last, size): (u64, u64, u64),
        request: &Request<'_>,
    ) -> Self {
        let mut headers = headers(kind(name));
        headers.push(("content-range", format!("bytes {first}-{last}/{size}")));
        Self {
            status: 206,
            headers,
            body,
            head_only: request.is_head(),
        }
    }

    fn outside(size: u64) -> Self {
        let mut answer = Self::none(416);
        answer
            .headers
            .push(("content-range", format!("bytes */{size}")));
        answer
    }

    /// As it goes over the wire.
    pub fn bytes(self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!(
            "content-length: {}\r\nconnection: close\r\n\r\n",
            self.body.len()
        ));
        let mut bytes = head.into_bytes();
        if !self.head_only {
            bytes.extend(self.body);
        }
        bytes
    }
}

/// Of every file: pages of other origins may read what is published anyway, and no browser guesses a kind.
fn headers(kind: &str) -> Vec<(&'static str, String)> {
    vec![
        ("content-type", kind.to_owned()),
        ("accept-ranges", "bytes".to_owned()),
        ("cache-control", "no-cache".to_owned()),
        ("access-control-allow-origin", "*".to_owned()),
        ("vary", "accept-encoding".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
    ]
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes)?;
    packer.finish()
}

const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        206 => "Partial Content",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        416 => "Range Not Satisfiable",
        _ => "Error",
    }
}
