//! Web servers on loopback that serve a folder in a manner of their own, over raw sockets.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Without the leading slash.
    pub path: String,
    /// First byte of a range.
    pub from: Option<u64>,
    /// How often that path was asked for before.
    pub before: usize,
}

/// Answers a request for the file with those bytes.
pub type Manner = fn(&Asked, &[u8], &mut TcpStream) -> std::io::Result<()>;

pub struct Hostile {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Hostile {
    /// Serves `folder`; a path that ends in one of `spoilt` in that manner, the others as they should be.
    pub fn serve(folder: PathBuf, spoilt: &'static [&'static str], manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let heard = Arc::clone(&asked);
        std::thread::spawn(move || {
            let counts: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
            for stream in listener.incoming().flatten() {
                let (folder, heard, counts) = (folder.clone(), heard.clone(), counts.clone());
                std::thread::spawn(move || {
                    let mut stream = stream;
                    let Some(mut one) = read(&mut stream) else {
                        return;
                    };
                    {
                        let mut counts = counts.lock().expect("counts");
                        let count = counts.entry(one.path.clone()).or_default();
                        one.before = *count;
                        *count += 1;
                    }
                    heard.lock().expect("asked").push(one.clone());
                    let Ok(bytes) = std::fs::read(folder.join(&one.path)) else {
                        let _ = head(&mut stream, "404 Not Found", &[("content-length", "0")]);
                        return;
                    };
                    let is_spoilt = spoilt.iter().any(|end| one.path.ends_with(end));
                    // Who is asked breaks the line when it has heard enough.
                    let _ = if is_spoilt {
                        manner(&one, &bytes, &mut stream)
                    } else {
                        honest(&one, &bytes, &mut stream)
                    };
                });
            }
        });
        Self { url, asked }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("asked").clone()
    }

    /// How often a path was asked for that ends so.
    pub fn count(&self, end: &str) -> usize {
        let asked = self.asked();
        asked.iter().filter(|one| one.path.ends_with(end)).count()
    }
}

fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut part = [0; 1_024];
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut part).ok()?;
        if read == 0 {
            return None;
        }
        bytes.extend(&part[..read]);
    }
    let text = String::from_utf8(bytes).ok()?;
    let path = text.split(' ').nth(1)?.trim_start_matches('/').to_owned();
    let range = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("range")
            .then(|| value.trim().to_owned())
    });
    let from = range.and_then(|range| {
        range
            .strip_prefix("bytes=")?
            .strip_suffix('-')?
            .parse()
            .ok()
    });
    Some(Asked {
        path,
        from,
        before: 0,
    })
}

pub fn head(stream: &mut TcpStream, status: &str, headers: &[(&str, &str)]) -> std::io::Result<()> {
    let mut text = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{text}\r\n").as_bytes())
}

/// The head of a good answer, and the bytes that belong behind it.
pub fn begin<'a>(
    asked: &Asked,
    bytes: &'a [u8],
    stream: &mut TcpStream,
) -> std::io::Result<&'a [u8]> {
    let from = usize::try_from(asked.from.unwrap_or(0)).expect("a place in the file");
    let rest = bytes.get(from..).unwrap_or_default();
    let length = rest.len().to_string();
    if asked.from.is_none() {
        head(stream, "200 OK", &[("content-length", &length)])?;
    } else {
        let range = format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len());
        let headers = [
            ("content-length", length.as_str()),
            ("content-range", &range),
        ];
        head(stream, "206 Partial Content", &headers)?;
    }
    Ok(rest)
}

pub fn honest(asked: &Asked, bytes: &[u8], stream: &mut TcpStream) -> std::io::Result<()> {
    let rest = begin(asked, bytes, stream)?;
    stream.write_all(rest)
}
