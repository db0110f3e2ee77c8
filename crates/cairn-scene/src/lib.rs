//! A small network's devices, terms and proofs, for tests: what stands in an epoch's inputs. What stands on chain is
//! `cairn-testkit`'s.
//!
//! Every key follows from a name and a number, so that a scene is the same each time.
#![forbid(unsafe_code)]
#![expect(clippy::expect_used, reason = "it is there for tests")]

use cairn_epoch::{
    Anchor, Calendar, Device, DeviceStatus, Entry, NetworkTerms, SHIPPED_ARREARS, Stream,
    asserted_cell,
};
use cairn_interface::registry::{constants, place_location};
use cairn_merkle::{EpochNumber, MilliPoints, Tokens};
use cairn_proof::{Body, HotspotBeat, ProofV1, Role, SignedProof, Signer};
use sha2::{Digest, Sha256};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

const HOUR_MS: i64 = 3_600_000;

/// The secret of the key that is called `name`, and the hash of the block.
#[must_use]
pub fn seed(name: &str, number: u16) -> [u8; 32] {
    Sha256::digest(format!("{name} {number}")).into()
}

/// Days from `first_hour`, a full hour since 1970, that divide `tokens_per_epoch` each; and a partner's stream.
#[must_use]
pub fn terms(first_hour: i64, tokens_per_epoch: Tokens) -> NetworkTerms {
    NetworkTerms {
        calendar: Calendar {
            first_epoch: EpochNumber::FIRST,
            first_start: first_hour,
            epoch_hours: 24,
        },
        tokens_per_epoch,
        arrears: SHIPPED_ARREARS,
        genesis: None,
        streams: vec![Stream {
            id: 1,
            unit: "weather hour".to_owned(),
            partner: seed("partner", 1),
            partner_kind: 0,
            daily_ceiling: 24,
            rate_milli_points: MilliPoints::new(1_000),
            pot_permille: 1_000,
            second_source: "a neighbouring station".to_owned(),
            second_source_permille: 0,
        }],
        tasks: Vec::new(),
        attestors: Vec::new(),
        payers: Vec::new(),
        operators: Vec::new(),
    }
}

/// A hotspot by its position in tree 0. They stand some kilometres apart, each in a cell of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hotspot(pub u16);

impl Hotspot {
    /// The key that signs its proofs.
    #[must_use]
    pub fn key(self) -> Keypair {
        Keypair::new_from_array(seed("device", self.0))
    }

    /// Who is paid for it.
    #[must_use]
    pub fn owner(self) -> Keypair {
        Keypair::new_from_array(seed("owner", self.0))
    }

    /// Degrees × 10^7.
    #[must_use]
    pub fn place(self) -> (i32, i32) {
        (407_000_000 + i32::from(self.0) * 300_000, -740_000_000)
    }

    /// Its row of the published devices.
    #[must_use]
    pub fn row(self) -> Device {
        let (lat_e7, lon_e7) = self.place();
        Device {
            key: self.key().pubkey().to_bytes(),
            tree: 0,
            leaf_index: self.0.into(),
            owner: self.owner().pubkey().to_bytes(),
            class: constants::CLASS_NETWORK,
            model: 1,
            issuer: [0; 32],
            country: *b"US",
            status: DeviceStatus::Active,
            reason: 0,
            location_kind: constants::LOCATION_PLACE,
            location: place_location(lat_e7, lon_e7),
            sequence: 0,
            hardware: [0; 32],
            entry: Entry::Imported,
        }
    }

    /// A beat from its place, a minute after the block that it is anchored to.
    #[must_use]
    pub fn beat(self, network: Pubkey, epoch: u32, sequence: u64, anchor: &Anchor) -> SignedProof {
        let (lat_e7, lon_e7) = self.place();
        let observed_at_ms = anchor.unix_ms + 60_000;
        let proof = ProofV1 {
            network: network.to_bytes(),
            ruleset: 1,
            subject: self.key().pubkey().to_bytes(),
            signer_seq: sequence,
            epoch,
            observed_at_ms,
            anchor_slot: anchor.slot,
            anchor_hash: anchor.hash,
            cell: asserted_cell(lat_e7, lon_e7).expect("a place on Earth"),
            body: Body::HotspotBeat(HotspotBeat {
                hour_bucket: u32::try_from(observed_at_ms / HOUR_MS).expect("a time of this age"),
                lat_e7,
                lon_e7,
                contact: true,
            }),
        };
        let signer = Signer::ed25519(&seed("device", self.0));
        SignedProof::new(proof).signed(Role::Device, &signer)
    }
}
