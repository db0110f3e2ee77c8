use cairn_proof::{
    Adjust, Body, EsimTask, HotspotBeat, Link, PartnerMetric, ProofV1, PublicKey, QosProbe,
    Referral, Role, SignedProof, Signer, TrafficSession, ValidatorVisit, WifiAdd, WifiCheckIn,
};
use serde::Serialize;

use super::{File, layout, variant};

#[derive(Serialize)]
struct ProofFile {
    keys: Vec<KeyForm>,
    proofs: Vec<ProofForm>,
    refusals: Vec<RefusalForm>,
}

#[derive(Serialize)]
struct KeyForm {
    role: &'static str,
    scheme: &'static str,
    secret: String,
    public: String,
}

#[derive(Serialize)]
struct ProofForm {
    kind: &'static str,
    id: String,
    unsigned: String,
    signed: String,
    json: SignedProof,
}

#[derive(Serialize)]
struct RefusalForm {
    case: &'static str,
    error: String,
    bytes: String,
}

/// Who signs in the vectors: a P-256 device, and a user, a partner, a carrier, a validator and two operators with Ed25519.
fn signers() -> [(Role, [u8; 32], Signer); 7] {
    let device = [0x5d; 32];
    [
        (
            Role::Device,
            device,
            Signer::p256(&device).expect("a scalar below the group's order"),
        ),
        (Role::User, [0x75; 32], Signer::ed25519(&[0x75; 32])),
        (Role::Partner, [0x70; 32], Signer::ed25519(&[0x70; 32])),
        (Role::Carrier, [0x63; 32], Signer::ed25519(&[0x63; 32])),
        (Role::Validator, [0x76; 32], Signer::ed25519(&[0x76; 32])),
        (Role::Attestor, [0x61; 32], Signer::ed25519(&[0x61; 32])),
        (Role::Attestor, [0x62; 32], Signer::ed25519(&[0x62; 32])),
    ]
}

fn public(signer: &Signer) -> [u8; 32] {
    match signer.public_key() {
        PublicKey::Ed25519(key) => key,
        PublicKey::P256(_) => unreachable!("all but devices have Ed25519 keys here"),
    }
}

fn proof(body: Body) -> ProofV1 {
    ProofV1 {
        network: *b"cairn golden vectors: a network.",
        ruleset: 1,
        subject: *b"cairn golden vectors: a device..",
        signer_seq: 0x0102_0304_0506_0708,
        epoch: 4,
        observed_at_ms: 1_357_016_400_123,
        anchor_slot: 220_000_001,
        anchor_hash: *b"cairn golden vectors: a block...",
        cell: 0x0892_a100_8d2b_ffff,
        body,
    }
}

fn bodies() -> [(Body, Vec<Role>); 11] {
    let [
        _,
        (.., user),
        (.., partner),
        (.., carrier),
        (.., validator),
        (.., operator),
        (.., second_operator),
    ] = signers();
    [
        (
            Body::WifiCheckIn(WifiCheckIn {
                user: public(&user),
                challenge_at_ms: 1_357_016_399_000,
                challenge: *b"challenge of 16.",
                session_secs: 601,
                scan_overlap_permille: 455,
            }),
            vec![Role::User, Role::Device],
        ),
        (
            Body::HotspotBeat(HotspotBeat {
                hour_bucket: 376_949,
                lat_e7: 407_127_530,
                lon_e7: -740_059_728,
                contact: true,
            }),
            vec![Role::Device],
        ),
        (
            Body::PartnerMetric(PartnerMetric {
                stream: 3,
                hour_bucket: 376_949,
                quantity: 1,
                counter: u64::MAX,
                quality_permille: 1_000,
                second_source: false,
                partner: public(&partner),
            }),
            vec![Role::Partner, Role::Device],
        ),
        (
            Body::EsimTask(EsimTask {
                task: 7,
                nullifier: *b"cairn golden vectors: a person..",
                carrier: public(&carrier),
            }),
            vec![Role::Carrier],
        ),
        (
            Body::QosProbe(QosProbe {
                validator: public(&validator),
                down_kbps: 250_000,
                up_kbps: 50_001,
                rtt_ms: 12,
                loss_permille: 3,
            }),
            vec![Role::Device, Role::Validator],
        ),
        (
            Body::ValidatorVisit(ValidatorVisit {
                validator: public(&validator),
                transcript: *b"cairn golden vectors: a meeting.",
            }),
            vec![Role::Validator, Role::Device],
        ),
        (
            Body::WifiAdd(WifiAdd {
                user: public(&user),
                lat_e7: 407_127_530,
                lon_e7: -740_059_728,
                neighbours: Box::new([
                    *b"cairn golden vectors: neighbour1",
                    *b"cairn golden vectors: neighbour2",
                    *b"cairn golden vectors: neighbour3",
                    [0; 32],
                    [0; 32],
                ]),
            }),
            vec![Role::User],
        ),
        (
            Body::Referral(Referral {
                invitee: public(&user),
                attestor: public(&operator),
            }),
            vec![Role::Attestor, Role::User],
        ),
        (
            Body::TrafficSession(TrafficSession {
                session: *b"cairn golden vectors: a session.",
                payer: 2,
                subscriber: *b"cairn golden vectors: subscriber",
                started_at_ms: 1_357_016_100_000,
                bytes: 1 << 40,
                carrier: public(&carrier),
            }),
            vec![Role::Device, Role::Carrier],
        ),
        (
            Body::Adjust(Adjust {
                adjusted: *b"cairn golden vectors: a proof id",
                milli_points: 2_500,
                operator: public(&operator),
                second_operator: public(&second_operator),
            }),
            vec![Role::Attestor, Role::Attestor],
        ),
        (
            Body::Link(Link {
                wallet: public(&user),
                vouched_by: 0,
                voucher: public(&operator),
            }),
            vec![Role::User, Role::Attestor],
        ),
    ]
}

/// Signed by one for each of `roles`; by two attestors where it stands twice.
fn signed(body: Body, roles: &[Role]) -> SignedProof {
    let mut wanted = roles.to_vec();
    signers()
        .iter()
        .filter(|(role, ..)| {
            let at = wanted.iter().position(|wanted| wanted == role);
            at.map(|at| wanted.remove(at)).is_some()
        })
        .fold(SignedProof::new(proof(body)), |proof, (role, _, signer)| {
            proof.signed(*role, signer)
        })
}

pub(super) fn file() -> File {
    let keys = signers().map(|(role, secret, signer)| KeyForm {
        role: role.name(),
        scheme: signer.public_key().scheme().name(),
        secret: hex::encode(secret),
        public: hex::encode(signer.public_key().as_bytes()),
    });
    let proofs = bodies().map(|(body, roles)| {
        let signed = signed(body, &roles);
        ProofForm {
            kind: signed.proof.kind().name(),
            id: hex::encode(signed.proof.id()),
            unsigned: hex::encode(signed.proof.to_bytes()),
            signed: hex::encode(signed.to_bytes()),
            json: signed,
        }
    });
    let form = ProofFile {
        keys: keys.into(),
        proofs: proofs.into(),
        refusals: refusals(),
    };
    File {
        name: "proofs.json".to_owned(),
        text: layout::json(&form),
    }
}

/// A beat's bytes, bent in one way a case.
fn refusals() -> Vec<RefusalForm> {
    let [_, (beat, roles), ..] = bodies();
    let good = signed(beat, &roles).to_bytes();
    let body = good.len() - 66 - 4 - 13;
    let bent = |case, bend: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        bend(&mut bytes);
        let refusal = SignedProof::from_bytes(&bytes).expect_err("every case is a refusal");
        RefusalForm {
            case,
            error: variant(&refusal),
            bytes: hex::encode(bytes),
        }
    };
    vec![
        bent("nothing", &Vec::clear),
        bent("the last byte missing", &|bytes| {
            bytes.pop();
        }),
        bent("a byte too many", &|bytes| bytes.push(0)),
        bent("another tag", &|bytes| bytes[7] = b'2'),
        bent("kind 12", &|bytes| bytes[40] = 12),
        bent("a check-in's kind over a beat's body", &|bytes| {
            bytes[40] = 2;
        }),
        bent("a body of 1025 bytes", &|bytes| {
            bytes[body - 4..body].copy_from_slice(&1_025u32.to_le_bytes());
        }),
        bent("a latitude beyond the pole", &|bytes| {
            bytes[body + 4..body + 8].copy_from_slice(&900_000_001i32.to_le_bytes());
        }),
        bent("a truth value of 2", &|bytes| bytes[body + 12] = 2),
        bent("nine signatures", &|bytes| bytes[body + 13] = 9),
        bent("role 7", &|bytes| bytes[body + 17] = 7),
        bent("scheme 2", &|bytes| bytes[body + 18] = 2),
        bent("the same signature twice", &|bytes| {
            bytes[body + 13] = 2;
            let signature = bytes[body + 17..].to_vec();
            bytes.extend_from_slice(&signature);
        }),
    ]
}
