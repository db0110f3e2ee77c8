//! Mirrors that are not honest: each is named with what it answered, and the next one is asked.

use std::fs;
use std::io::Write as _;
use std::time::Duration;

use cairn_epoch::{Manifest, verify_files};
use cairn_mirror::{Fault, MirrorError, Wanted};
use sha2::{Digest as _, Sha256};

use crate::hostile::{Hostile, Manner, begin, head, honest};
use crate::published::{ONE, mirrors, published};

const FILE: &[&str] = &["inputs/ruleset.toml"];

/// A manner, and whether a fault is what it deserves.
type Case = (&'static str, Manner, fn(&Fault) -> bool);

const CASES: &[Case] = &[
    (
        "a page where a file should be",
        |_, _, stream| {
            let page = "<html>please sign in</html>";
            let length = page.len().to_string();
            let headers = [("content-type", "text/html"), ("content-length", &length)];
            head(stream, "200 OK", &headers)?;
            stream.write_all(page.as_bytes())
        },
        |fault| matches!(fault, Fault::Length { kind: Some(kind), .. } if kind == "text/html"),
    ),
    (
        "other bytes of the right length",
        |asked, bytes, stream| {
            let mut bytes = bytes.to_vec();
            bytes[7] ^= 1;
            honest(asked, &bytes, stream)
        },
        |fault| matches!(fault, Fault::Content { .. }),
    ),
    (
        "more than is due, and it says so",
        |_, bytes, stream| {
            let length = (bytes.len() + 1).to_string();
            head(stream, "200 OK", &[("content-length", &length)])?;
            stream.write_all(bytes)
        },
        |fault| matches!(fault, Fault::Length { .. }),
    ),
    (
        "less than it promised",
        |asked, bytes, stream| {
            let rest = begin(asked, bytes, stream)?;
            stream.write_all(&rest[..rest.len() / 2])
        },
        |fault| matches!(fault, Fault::Cut { .. } | Fault::Length { .. }),
    ),
    (
        "a body without end",
        |_, bytes, stream| {
            head(stream, "200 OK", &[])?;
            stream.write_all(bytes)?;
            loop {
                stream.write_all(&[0; 4_096])?;
            }
        },
        |fault| matches!(fault, Fault::Endless { .. }),
    ),
    (
        "a byte now and then",
        |asked, bytes, stream| {
            let rest = begin(asked, bytes, stream)?;
            for byte in rest {
                stream.write_all(&[*byte])?;
                std::thread::sleep(Duration::from_millis(50));
            }
            Ok(())
        },
        |fault| matches!(fault, Fault::Slow { .. }),
    ),
    (
        "nothing at all",
        |_, _, _| {
            std::thread::sleep(Duration::from_secs(2));
            Ok(())
        },
        |fault| matches!(fault, Fault::Silent(_)),
    ),
    (
        "a redirect to itself",
        |asked, _, stream| {
            let to = format!("/{}", asked.path);
            head(
                stream,
                "302 Found",
                &[("location", &to), ("content-length", "0")],
            )
        },
        |fault| *fault == Fault::Redirects,
    ),
    (
        "something packed",
        |_, bytes, stream| {
            let length = bytes.len().to_string();
            let headers = [("content-encoding", "gzip"), ("content-length", &length)];
            head(stream, "200 OK", &headers)?;
            stream.write_all(bytes)
        },
        |fault| *fault == Fault::Packed("gzip".to_owned()),
    ),
    (
        "a refusal",
        |_, _, stream| head(stream, "401 Unauthorized", &[("content-length", "0")]),
        |fault| *fault == Fault::Status(401),
    ),
    (
        "nonsense instead of HTTP",
        |_, _, stream| stream.write_all(b"220 mail.example ESMTP\r\n"),
        |fault| matches!(fault, Fault::Unreachable(_)),
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_one_mirror_answers_the_next_one_is_asked_and_the_first_is_named() {
    let published = published();
    for (name, manner, deserves) in CASES {
        let spoilt = Hostile::serve(published.epochs(), FILE, *manner);
        let good = Hostile::serve(published.epochs(), &[], honest);
        let to = tempfile::tempdir().unwrap();
        let (mirrors, ears) = mirrors(&[&spoilt.url, &good.url]);
        let came = mirrors
            .fetch(ONE, published.hash, Wanted::Whole, to.path())
            .await;
        let came = came.unwrap_or_else(|error| panic!("{name}: {error}"));
        verify_files(to.path(), &came.manifest).unwrap();
        let told = ears.told();
        let named = told.iter().find(|told| deserves(&told.fault));
        let named = named.unwrap_or_else(|| panic!("{name}: {told:?}"));
        assert!(named.to_string().starts_with(&spoilt.url), "{named}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn alone_it_is_refused_with_its_answer_and_nothing_is_left_that_could_be_taken_for_the_file()
{
    let published = published();
    for (name, manner, deserves) in CASES {
        let spoilt = Hostile::serve(published.epochs(), FILE, *manner);
        let to = tempfile::tempdir().unwrap();
        let (mirrors, _) = mirrors(&[&spoilt.url]);
        let wanted = Wanted::Files(FILE);
        match mirrors.fetch(ONE, published.hash, wanted, to.path()).await {
            // What came before the surplus was the file.
            Ok(_) => assert!(name.contains("without end"), "{name}"),
            Err(error) => {
                let deserved = error.told().iter().any(|told| deserves(&told.fault));
                assert!(deserved, "{name}: {error}");
                assert!(!to.path().join(FILE[0]).exists(), "{name}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_mirrors_one_was_altered_by_a_byte_in_every_file() {
    let published = published();
    let altered: Manner = |asked, bytes, stream| {
        let mut bytes = bytes.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        honest(asked, &bytes, stream)
    };
    let liar = Hostile::serve(published.epochs(), &[""], altered);
    let good = Hostile::serve(published.epochs(), &[], honest);
    let also = Hostile::serve(published.epochs(), &[], honest);
    let to = tempfile::tempdir().unwrap();
    let (mirrors, ears) = mirrors(&[&liar.url, &good.url, &also.url]);
    let came = mirrors
        .fetch(ONE, published.hash, Wanted::Whole, to.path())
        .await
        .unwrap();
    verify_files(to.path(), &came.manifest).unwrap();
    let told = ears.told();
    assert!(told.iter().all(|told| told.mirror.starts_with(&liar.url)));
    // It is not asked first any more once it was found out.
    assert_eq!(told.len(), 1, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_that_is_busy_is_left_alone_for_as_long_as_it_asks() {
    let published = published();
    let busy: Manner = |asked, bytes, stream| match asked.before {
        0 => {
            let headers = [("retry-after", "1"), ("content-length", "0")];
            head(stream, "503 Service Unavailable", &headers)
        }
        1 => head(stream, "429 Too Many Requests", &[("content-length", "0")]),
        _ => honest(asked, bytes, stream),
    };
    let site = Hostile::serve(published.epochs(), FILE, busy);
    let to = tempfile::tempdir().unwrap();
    let (mirrors, ears) = mirrors(&[&site.url]);
    let wanted = Wanted::Files(FILE);
    mirrors
        .fetch(ONE, published.hash, wanted, to.path())
        .await
        .unwrap();
    assert_eq!(site.count(FILE[0]), 3);
    let after = Some(Duration::from_secs(1));
    let told: Vec<Fault> = ears.told().into_iter().map(|told| told.fault).collect();
    let busy = |status, after| Fault::Busy { status, after };
    assert_eq!(told, [busy(503, after), busy(429, None)]);
    // Longer than anybody waits: refused at once, with the moment.
    let long: Manner = |_, _, stream| {
        let headers = [("retry-after", "3600"), ("content-length", "0")];
        head(stream, "503 Service Unavailable", &headers)
    };
    let site = Hostile::serve(published.epochs(), FILE, long);
    let to = tempfile::tempdir().unwrap();
    let (mirrors, _) = crate::published::mirrors(&[&site.url]);
    let error = mirrors
        .fetch(ONE, published.hash, wanted, to.path())
        .await
        .unwrap_err();
    assert!(
        error.is_temporary() && error.to_string().contains("3600 s"),
        "{error}"
    );
    assert_eq!(site.count(FILE[0]), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_names_files_elsewhere_is_refused_before_anything_is_written() {
    let published = published();
    for name in ["../../evil", "inputs/../../evil", "/tmp/evil", "inputs/a:b"] {
        let bytes = published.bytes("manifest.json");
        let mut manifest = Manifest::from_bytes("m".as_ref(), &bytes).unwrap();
        name.clone_into(&mut manifest.inputs[0].name);
        manifest
            .inputs
            .sort_by(|one, other| one.name.cmp(&other.name));
        let bytes = manifest.to_bytes().unwrap();
        let site = tempfile::tempdir().unwrap();
        let folder = site.path().join("00001");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("manifest.json"), &bytes).unwrap();
        let to = tempfile::tempdir().unwrap();
        let (mirrors, _) = mirrors(&[site.path().to_str().unwrap()]);
        let hash = Sha256::digest(&bytes).into();
        let error = mirrors
            .fetch(ONE, hash, Wanted::Whole, to.path())
            .await
            .unwrap_err();
        let refused =
            matches!(&error, MirrorError::UnsafeName { name: found, .. } if found == name);
        assert!(refused, "{name}: {error}");
    }
}
