//! A site over a real socket, asked as a browser asks.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use cairn_static::{Served, Site};

/// What came back: status line and headers, then the body.
fn ask(served: &Served, request: &str) -> (String, Vec<u8>) {
    let address = served.url();
    let address = address.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(stream, "{request}\r\nHost: here\r\n\r\n").expect("asked");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("answered");
    let end = bytes.windows(4).position(|end| end == b"\r\n\r\n");
    let body = bytes.split_off(end.expect("a head") + 4);
    (String::from_utf8(bytes).expect("text"), body)
}

#[tokio::test(flavor = "multi_thread")]
async fn files_parts_and_pages_are_served_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(path("epochs/00001")).expect("made");
    std::fs::write(path("index.html"), "<p>page</p>").expect("written");
    std::fs::write(path("epochs/00001/a.parquet"), b"0123456789").expect("written");
    std::fs::write(path("big.json"), "[1,1,1,1,1,1,1,1]".repeat(100)).expect("written");
    let site = Site::of(folder.path())
        .folder("/files/", path("epochs"))
        .page("/cairn.json", "{}");
    let served = site.serve(0).await.expect("a port");

    let (head, body) = ask(&served, "GET / HTTP/1.1");
    assert!(
        head.starts_with("HTTP/1.1 200 OK\r\ncontent-type: text/html"),
        "{head}"
    );
    assert_eq!(body, b"<p>page</p>");

    let (head, body) = ask(&served, "GET /cairn.json HTTP/1.1");
    assert!(
        head.contains("application/json") && head.contains("content-length: 2"),
        "{head}"
    );
    assert_eq!(body, b"{}");

    let (head, body) = ask(
        &served,
        "GET /files/00001/a.parquet HTTP/1.1\r\nRange: bytes=-4",
    );
    assert!(
        head.starts_with("HTTP/1.1 206") && head.contains("content-range: bytes 6-9/10"),
        "{head}"
    );
    assert_eq!(body, b"6789");

    let (head, _) = ask(
        &served,
        "GET /files/00001/a.parquet HTTP/1.1\r\nRange: bytes=99-",
    );
    assert!(
        head.starts_with("HTTP/1.1 416") && head.contains("bytes */10"),
        "{head}"
    );

    let (head, body) = ask(&served, "GET /big.json HTTP/1.1\r\nAccept-Encoding: gzip");
    assert!(
        head.contains("content-encoding: gzip") && body.len() < 100,
        "{head}"
    );
    let (head, body) = ask(&served, "HEAD /big.json HTTP/1.1");
    assert!(
        head.contains("content-length: 1700") && body.is_empty(),
        "{head}"
    );

    // A file that is not there is not the page: a reader would take the page for the file.
    for (request, status) in [
        ("GET /epochs/00009/manifest.json HTTP/1.1", "404"),
        ("GET /../Cargo.toml HTTP/1.1", "404"),
        ("GET /%2e%2e/Cargo.toml HTTP/1.1", "404"),
        ("POST / HTTP/1.1", "405"),
        ("nonsense", "400"),
    ] {
        let (head, _) = ask(&served, request);
        assert!(
            head.starts_with(&format!("HTTP/1.1 {status}")),
            "{request}: {head}"
        );
    }
}
