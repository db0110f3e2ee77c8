use std::fs;

use cairn_proof::{Body, HotspotBeat, ProofV1, Role, Signer};

use super::*;

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
    assert_eq!(Format::JsonLines.scan(&path).unwrap().records, 2);
    let (_folder, path) = written("a.jsonl", &text.as_bytes()[..text.len() - 5]);
    assert!(matches!(
        Format::JsonLines.scan(&path),
        Err(ReadError::Truncated { record: 1, .. })
    ));
}

#[test]
fn a_record_that_is_no_proof_is_kept_as_bytes_and_the_next_one_is_still_read() {
    let text = format!("{{\"proof\": 1}}\n{}\n", proof(1).to_json());
    let (_folder, path) = written("a.jsonl", text.as_bytes());
    let records = read(Format::JsonLines, &path);
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
    let (_folder, path) = written("a.jsonl", &vec![b'x'; MAX_RECORD_BYTES + 1]);
    assert!(matches!(
        Format::JsonLines.scan(&path),
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
