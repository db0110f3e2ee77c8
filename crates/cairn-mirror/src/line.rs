//! One answer of a web server: asked for exact bytes, bounded in bytes and in time. What is not as it was asked for is a fault, told
//! before the body is read wherever the head shows it.

use cairn_client::{retry_after, root_cause};
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, DATE, HeaderName, RANGE,
    RETRY_AFTER,
};
use reqwest::{Client, Response, Url, redirect};

use crate::fault::{Fault, MirrorError};
use crate::pace::Pace;

/// Hosts move files once or twice; more is a loop.
const REDIRECTS: usize = 3;

/// How many bytes a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Exactly(u64),
    /// Of a file whose hash alone is known, or nothing.
    AtMost(u64),
}

impl Size {
    pub const fn most(self) -> u64 {
        match self {
            Self::Exactly(size) | Self::AtMost(size) => size,
        }
    }
}

/// To any web server.
pub(crate) struct Line {
    client: Client,
    pace: Pace,
}

impl Line {
    pub fn new(pace: Pace) -> Result<Self, MirrorError> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that fetches files: bounded in time, and no URL is shown"
        )]
        let client = Client::builder()
            .connect_timeout(pace.window)
            .redirect(redirect::Policy::limited(REDIRECTS))
            // Hashes and ranges are of the file's own bytes.
            .no_gzip()
            .build()
            .map_err(|error| MirrorError::Line(root_cause(&error)))?;
        Ok(Self { client, pace })
    }

    /// Asks for a file from the byte at `from` on.
    pub async fn ask(&self, url: Url, from: u64, size: Size) -> Result<Answer, Fault> {
        let mut request = self.client.get(url).header(ACCEPT_ENCODING, "identity");
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
        }
        let window = self.pace.window;
        let response = match tokio::time::timeout(window, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) if error.is_redirect() => return Err(Fault::Redirects),
            Ok(Err(error)) if error.is_timeout() => return Err(Fault::Silent(window)),
            Ok(Err(error)) => return Err(Fault::Unreachable(root_cause(&error))),
            Err(_) => return Err(Fault::Silent(window)),
        };
        judge(&response, from, size)?;
        Ok(Answer {
            response,
            pace: self.pace,
            got: 0,
            ended: None,
        })
    }
}

fn judge(response: &Response, from: u64, size: Size) -> Result<(), Fault> {
    let status = response.status().as_u16();
    match status {
        200 | 206 => {}
        404 | 410 => return Err(Fault::Absent),
        408 | 425 | 429 | 500.. => {
            let after = header(response, &RETRY_AFTER)
                .and_then(|text| retry_after(text, header(response, &DATE)));
            return Err(Fault::Busy { status, after });
        }
        416 => return Err(beyond(response, from, size)),
        _ => return Err(Fault::Status(status)),
    }
    if let Some(packed) = header(response, &CONTENT_ENCODING)
        && !packed.eq_ignore_ascii_case("identity")
    {
        return Err(Fault::Packed(packed.to_owned()));
    }
    if (status == 206) != (from > 0) {
        return Err(match from {
            0 => Fault::Status(status),
            from => Fault::Whole { from },
        });
    }
    if from > 0 {
        is_rest(response, from, size)?;
    }
    let Some(length) = response.content_length() else {
        return Ok(());
    };
    let found = from.saturating_add(length);
    let fits = match size {
        Size::Exactly(due) => found == due,
        Size::AtMost(most) => found <= most,
    };
    if fits {
        return Ok(());
    }
    Err(Fault::Length {
        found,
        due: size.most(),
        kind: header(response, &CONTENT_TYPE).map(str::to_owned),
    })
}

/// Whether a part is the one that was asked for: from there to the end of a file of that size.
fn is_rest(response: &Response, from: u64, size: Size) -> Result<(), Fault> {
    let said = header(response, &CONTENT_RANGE).unwrap_or("no range");
    let fault = || Fault::Range {
        from,
        said: said.chars().take(80).collect(),
    };
    let (range, whole) = said
        .strip_prefix("bytes ")
        .and_then(|said| said.split_once('/'))
        .ok_or_else(fault)?;
    let first = range
        .split_once('-')
        .and_then(|(first, _)| first.parse().ok());
    let whole_fits = whole == "*" || whole.parse() == Ok(size.most());
    if first == Some(from) && whole_fits {
        Ok(())
    } else {
        Err(fault())
    }
}

/// There is nothing at `from`: the file ends before.
fn beyond(response: &Response, from: u64, size: Size) -> Fault {
    let whole = header(response, &CONTENT_RANGE).and_then(|said| said.strip_prefix("bytes */"));
    match whole.and_then(|whole| whole.parse().ok()) {
        Some(found) => Fault::Length {
            found,
            due: size.most(),
            kind: None,
        },
        None => Fault::Range {
            from,
            said: "416".to_owned(),
        },
    }
}

fn header<'a>(response: &'a Response, name: &HeaderName) -> Option<&'a str> {
    response.headers().get(name)?.to_str().ok()
}

/// A body that is being read.
pub(crate) struct Answer {
    response: Response,
    pace: Pace,
    got: u64,
    /// How it ended, once what came before that was handed over.
    ended: Option<Fault>,
}

impl Answer {
    /// The next bytes; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        if let Some(fault) = self.ended.take() {
            return Err(fault);
        }
        let Pace { window, bytes } = self.pace;
        let mut block = Vec::new();
        let filling = async {
            while (block.len() as u64) < bytes {
                match self.response.chunk().await? {
                    Some(chunk) => block.extend_from_slice(&chunk),
                    None => break,
                }
            }
            Ok::<(), reqwest::Error>(())
        };
        let filled = tokio::time::timeout(window, filling).await;
        self.got = self.got.saturating_add(block.len() as u64);
        let ended = match filled {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(Fault::Cut {
                got: self.got,
                reason: root_cause(&error),
            }),
            Err(_) => Some(Fault::Slow {
                least: bytes,
                window,
            }),
        };
        if block.is_empty() {
            return ended.map_or(Ok(None), Err);
        }
        self.ended = ended;
        Ok(Some(block))
    }
}
