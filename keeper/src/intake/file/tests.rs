use std::fs;
use std::path::PathBuf;

use cairn_proof::{Body, HotspotBeat, ProofV1, Role, Signer};
use sha2::{Digest, Sha256};

use super::*;
use crate::intake::frame;

fn proof(seq: u64) -> SignedProof {
    let body = Body::HotspotBeat(HotspotBeat {
        hour_bucket: 400_000,
        lat_e7: 0,
        lon_e7: 0,
        contact: true,
    });
    let proof = ProofV1 {
        network: [1; 32],
        ruleset: 1,
        subject: [2; 32],
        signer_seq: seq,
        epoch: 1,
        observed_at_ms: 1_440_000_000_000,
        anchor_slot: 5,
        anchor_hash: [3; 32],
        cell: 0,
        body,
    };
    SignedProof::new(proof).signed(Role::Device, &Signer::ed25519(&[4; 32]))
}

fn written(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn read(format: Format, path: &Path) -> Vec<Record> {
    format
        .scan(path)
        .unwrap()
        .records(path, 7)
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn both_formats_give_back_the_same_proofs_in_order() {
    let proofs: Vec<_> = (1..=3).map(proof).collect();
    let stream: Vec<u8> = proofs.iter().flat_map(frame).collect();
    let lines: String = proofs
        .iter()
        .map(|proof| proof.to_json() + "\n\r\n")
        .collect();
    let expected: Vec<_> = proofs
        .into_iter()
        .map(|proof| Record::proof(proof, 7))
        .collect();
    for (name, bytes) in [("a.borsh", stream), ("a.jsonl", lines.into_bytes())] {
        let (_folder, path) = written(name, &bytes);
        let format = Format::of(&path).unwrap();
        let scan = format.scan(&path).unwrap();
        assert_eq!(scan.records, 3);
        assert_eq!(scan.sha256, <[u8; 32]>::from(Sha256::digest(&bytes)));
        assert_eq!(read(format, &path), expected);
    }
}

#[test]
fn a_stream_cut_at_any_byte_inside_a_record_is_refused_with_that_record() {
    let stream: Vec<u8> = (1..=2).flat_map(|seq| frame(&proof(seq))).collect();
    let first = frame(&proof(1)).len();
    for cut in 1..stream.len() {
        let (_folder, path) = written("a.borsh", &stream[..cut]);
        match Format::Borsh.scan(&path) {
            Ok(scan) => assert_eq!((cut, scan.records), (first, 1)),
            Err(ReadError::Truncated { record, offset, .. }) => {
                let expected = if cut < first {
                    (0, 0)
                } else {
                    (1, first as u64)
                };
                assert_eq!((record, offset), expected);
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn json_lines_cut_inside_the_last_line_are_refused_and_a_missing_last_newline_is_not() {
    let text = format!("{}\n{}", proof(1).to_json(), proof(2).to_json());
    let (_folder, path) = written("a.jsonl", text.as_bytes());
    assert_eq!(Format::Json.scan(&path).unwrap().records, 2);
    let (_folder, path) = written("a.jsonl", &text.as_bytes()[..text.len() - 5]);
    assert!(matches!(
        Format::Json.scan(&path),
        Err(ReadError::Truncated { record: 1, .. })
    ));
}

#[test]
fn a_record_that_is_no_proof_is_kept_as_bytes_and_the_next_one_is_still_read() {
    let text = format!("{{\"proof\": 1}}\n{}\n", proof(1).to_json());
    let (_folder, path) = written("a.jsonl", text.as_bytes());
    let records = read(Format::Json, &path);
    assert!(
        matches!(&records[0].content, Content::Raw { bytes, .. } if bytes == b"{\"proof\": 1}")
    );
    assert_eq!(
        records[0].id(),
        <[u8; 32]>::from(Sha256::digest(b"{\"proof\": 1}"))
    );
    assert_eq!(records[1], Record::proof(proof(1), 7));
}

#[test]
fn json_is_read_in_every_form_that_people_hand_in() {
    let proofs: Vec<_> = (1..=3).map(proof).collect();
    let expected: Vec<_> = proofs
        .iter()
        .cloned()
        .map(|proof| Record::proof(proof, 7))
        .collect();
    let compact: Vec<String> = proofs.iter().map(SignedProof::to_json).collect();
    let pretty: Vec<String> = compact
        .iter()
        .map(|text| {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            serde_json::to_string_pretty(&value).unwrap()
        })
        .collect();
    let mark = "\u{feff}";
    for (form, text) in [
        ("lines", compact.join("\n") + "\n"),
        ("lines without the last end", compact.join("\n")),
        (
            "lines that end as on Windows",
            compact.join("\r\n") + "\r\n",
        ),
        (
            "lines behind a mark",
            format!("{mark}{}\n", compact.join("\n")),
        ),
        (
            "files with marks joined",
            format!("{mark}{}\n", compact.join(&format!("\n{mark}"))),
        ),
        ("an array without its brackets", compact.join(",\n") + "\n"),
        ("an array", format!("[{}]", compact.join(","))),
        (
            "an array, pretty",
            format!("[\n{}\n]\n", pretty.join(",\n")),
        ),
        (
            "an array behind a mark",
            format!("{mark}[ {} ]\r\n", compact.join(" , ")),
        ),
        (
            "an array with a comma too many",
            format!("[{},]", compact.join(",")),
        ),
        ("objects over several lines", pretty.join("\n")),
        (
            "objects over several lines, with commas",
            pretty.join(",\r\n"),
        ),
        (
            "objects that end as on an old Macintosh",
            compact.join("\r"),
        ),
    ] {
        let (_folder, path) = written("a.json", text.as_bytes());
        let scan = Format::Json
            .scan(&path)
            .unwrap_or_else(|error| panic!("{form}: {error}"));
        assert_eq!(scan.records, 3, "{form}");
        assert_eq!(
            scan.sha256,
            <[u8; 32]>::from(Sha256::digest(&text)),
            "{form}"
        );
        assert_eq!(read(Format::Json, &path), expected, "{form}");
    }
}

#[test]
fn an_array_that_is_no_whole_array_is_refused_and_never_read_as_lines() {
    let lines = format!("{},\n{}", proof(1).to_json(), proof(2).to_json());
    let (_folder, path) = written("a.json", format!("[\n{lines}").as_bytes());
    assert!(matches!(
        Format::Json.scan(&path),
        Err(ReadError::Truncated { record: 2, .. })
    ));
    for broken in [
        format!("[\n{}\n{}\n]", proof(1).to_json(), proof(2).to_json()),
        format!("[\n{lines}\n]\n{}\n", proof(3).to_json()),
        format!("[,\n{lines}\n]"),
    ] {
        let (_folder, path) = written("a.json", broken.as_bytes());
        let refused = Format::Json.scan(&path);
        assert!(
            matches!(refused, Err(ReadError::BrokenArray { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn a_strangers_line_does_not_decide_how_the_others_are_read() {
    for line in ["{", "{\"open\": [", "\"", "}", "null"] {
        let text = format!("{line}\n{}\n{}\n", proof(1).to_json(), proof(2).to_json());
        let (_folder, path) = written("a.jsonl", text.as_bytes());
        let records = read(Format::Json, &path);
        assert_eq!(records.len(), 3, "{line}");
        assert!(
            matches!(&records[0].content, Content::Raw { bytes, .. } if bytes == line.as_bytes())
        );
        assert_eq!(records[2], Record::proof(proof(2), 7));
    }
}

#[test]
fn a_file_without_one_proof_is_refused_in_words() {
    let utf16 = |mark: &[u8]| {
        let text = proof(1).to_json() + "\n";
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        mark.iter().copied().chain(units).collect::<Vec<u8>>()
    };
    let json = proof(1).to_json().into_bytes();
    for (name, bytes, words) in [
        (
            "a.json",
            b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec(),
            "packed with gzip",
        ),
        (
            "a.borsh",
            b"\x28\xb5\x2f\xfd\0\0".to_vec(),
            "packed with zstd",
        ),
        ("a.jsonl", b"PK\x03\x04rest".to_vec(), "packed with zip"),
        ("a.json", utf16(b"\xff\xfe"), "UTF-16"),
        ("a.json", utf16(b""), "UTF-16"),
        (
            "a.json",
            frame(&proof(1)),
            "Borsh stream of proofs, not like JSON",
        ),
        ("a.borsh", json.clone(), "JSON, not like a Borsh stream"),
        (
            "a.borsh",
            [b"\xef\xbb\xbf\n".as_slice(), &json].concat(),
            "JSON, not like",
        ),
        ("a.json", b"PAR1\x15\x04".to_vec(), "Parquet"),
        (
            "a.json",
            b"owner,amount\nalice,1\n".to_vec(),
            "text of another kind",
        ),
        ("a.json", b"owner,amount".to_vec(), "no JSON"),
        (
            "a.json",
            b"{\"proofs\": [1]}\n".to_vec(),
            "not the JSON of a signed proof",
        ),
        (
            "a.json",
            b"[1, 2, 3]\n".to_vec(),
            "not the JSON of a signed proof",
        ),
        (
            "a.borsh",
            b"\x02\0\0\0hi".to_vec(),
            "a stream of other records",
        ),
    ] {
        let (_folder, path) = written(name, &bytes);
        let refused = Format::of(&path).unwrap().scan(&path).unwrap_err();
        assert!(
            matches!(refused, ReadError::NoProof { .. }),
            "{words}: {refused}"
        );
        assert!(refused.to_string().contains(words), "{words}: {refused}");
        assert!(
            refused.is_about_content() && refused.hint().len() > 12,
            "{refused}"
        );
    }
    for empty in [&b""[..], b"\n\r\n \n", b"\xef\xbb\xbf", b"[]"] {
        let (_folder, path) = written("a.json", empty);
        let refused = Format::Json.scan(&path);
        assert!(
            matches!(refused, Err(ReadError::Empty { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn what_is_no_list_of_proofs_is_refused_before_memory_is_taken_for_it() {
    let (_folder, path) = written("a.borsh", &[0xff; 64]);
    assert!(matches!(
        Format::Borsh.scan(&path),
        Err(ReadError::TooLong {
            record: 0,
            offset: 0,
            length: 0xffff_ffff,
            ..
        })
    ));
    let long = [b"{".as_slice(), &vec![b'x'; MAX_RECORD_BYTES]].concat();
    let (_folder, path) = written("a.jsonl", &long);
    assert!(matches!(
        Format::Json.scan(&path),
        Err(ReadError::TooLong { .. })
    ));
    for name in ["a.borsh", "a.jsonl"] {
        let (_folder, path) = written(name, b"");
        assert!(matches!(
            Format::of(&path).unwrap().scan(&path),
            Err(ReadError::Empty { .. })
        ));
    }
    assert!(matches!(
        Format::of(Path::new("a.csv")),
        Err(ReadError::UnknownFormat { .. })
    ));
}
