//! What holds for every proof and for any bytes.

mod support;

use cairn_proof::{Body, ProofV1, SignedProof};
use proptest::prelude::*;

prop_compose! {
    fn any_body()(
        which in 0..11, user: [u8; 32], network: [u8; 32], challenge: [u8; 16], time: i64, secs: u32,
        share in 0..=1_000u16, hour: u32, lat in -900_000_000..=900_000_000i32,
        lon in -1_800_000_000..=1_800_000_000i32, flag: bool, stream: u32, quantity: u64,
        counter: u64,
    ) -> Body {
        match which {
            0 => Body::WifiCheckIn(cairn_proof::WifiCheckIn {
                user, challenge_at_ms: time, challenge, session_secs: secs, scan_overlap_permille: share,
            }),
            1 => Body::HotspotBeat(cairn_proof::HotspotBeat {
                hour_bucket: hour, lat_e7: lat, lon_e7: lon, contact: flag,
            }),
            2 => Body::PartnerMetric(cairn_proof::PartnerMetric {
                stream, hour_bucket: hour, quantity, counter, quality_permille: share,
                second_source: flag, partner: user,
            }),
            3 => Body::EsimTask(cairn_proof::EsimTask {
                task: stream.max(1), nullifier: network, carrier: user,
            }),
            4 => Body::QosProbe(cairn_proof::QosProbe {
                validator: user, down_kbps: hour % 100_000_001, up_kbps: secs % 100_000_001,
                rtt_ms: stream % 60_001, loss_permille: share,
            }),
            5 => Body::ValidatorVisit(cairn_proof::ValidatorVisit {
                validator: user, transcript: network,
            }),
            6 => {
                let mut neighbours = Box::new([[0; 32]; cairn_proof::SCAN_NEIGHBOURS]);
                let seen: std::collections::BTreeSet<_> = [user, network].into_iter().filter(|key| *key != [0; 32]).collect();
                for (place, key) in neighbours.iter_mut().zip(seen) {
                    *place = key;
                }
                Body::WifiAdd(cairn_proof::WifiAdd { user, lat_e7: lat, lon_e7: lon, neighbours })
            }
            7 => Body::Referral(cairn_proof::Referral { invitee: user, attestor: network }),
            8 => Body::TrafficSession(cairn_proof::TrafficSession {
                session: network, payer: stream.max(1), subscriber: user, started_at_ms: time & i64::MAX,
                bytes: u64::from(hour) + 1, carrier: user,
            }),
            9 => Body::Link(cairn_proof::Link { wallet: user, vouched_by: u8::from(flag) + 1, voucher: network }),
            _ => Body::Adjust(cairn_proof::Adjust {
                adjusted: network, milli_points: u64::from(hour) + 1, operator: user,
                second_operator: user.map(|byte| !byte),
            }),
        }
    }
}

prop_compose! {
    fn any_proof()(
        network: [u8; 32], ruleset: u16, subject: [u8; 32], signer_seq: u64, epoch: u32,
        observed_at_ms: i64, anchor_slot: u64, anchor_hash: [u8; 32], cell: u64, body in any_body(),
    ) -> ProofV1 {
        ProofV1 {
            network, ruleset, subject, signer_seq, epoch, observed_at_ms, anchor_slot, anchor_hash, cell, body,
        }
    }
}

proptest! {
    #[test]
    fn any_proof_comes_back_from_its_bytes_and_its_json(proof in any_proof()) {
        let bytes = proof.to_bytes();
        prop_assert_eq!(ProofV1::from_bytes(&bytes), Ok(proof.clone()));
        let signed = SignedProof::new(proof);
        prop_assert_eq!(SignedProof::from_json(signed.to_json().as_bytes()), Ok(signed));
    }

    #[test]
    fn whatever_decodes_encodes_to_the_same_bytes(
        proof in any_proof(), at: prop::sample::Index, value: u8,
    ) {
        let mut bytes = support::signed(proof.body.clone()).to_bytes();
        let at = at.index(bytes.len());
        bytes[at] = value;
        if let Ok(read) = SignedProof::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = SignedProof::from_bytes(&bytes);
        let mut tagged = b"CAIRNPF1".to_vec();
        tagged.extend_from_slice(&bytes);
        let _ = SignedProof::from_bytes(&tagged);
        let _ = SignedProof::from_json(&bytes);
    }

    #[test]
    fn two_proofs_share_an_id_only_if_they_are_equal(a in any_proof(), b in any_proof()) {
        prop_assert_eq!(a.id() == b.id(), a == b);
    }
}
