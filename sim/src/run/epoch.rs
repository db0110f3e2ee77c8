//! One epoch: its inputs, signed and written, and what closing it came to.

use std::fs;

use cairn_epoch::{
    Anchor, Attestor, Burn, Calendar, Closed, Decision, Device, EpochFolder, EpochInput,
    EvidenceWriter, NetworkTerms, Payer, SHIPPED_ARREARS, Silent, Stream, carry, close,
    read_decisions, write_anchors, write_burns, write_devices, write_epoch, write_shipped_ruleset,
};
use cairn_merkle::{EpochNumber, MilliPoints, Tokens};
use cairn_proof::{ProofV1, SignedProof};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::SimError;
use crate::play::{Draft, HOUR_MS, MINUTE_MS, PAYER, STREAM, TOKEN, UNIT_PRICE, key};
use crate::variant::Variant;

const NETWORK: [u8; 32] = [7; 32];
const POOL: [u8; 32] = [9; 32];
/// Monday, the 5th of January 2026, in hours since 1970.
const FIRST_HOUR: i64 = 490_992;
const EPOCH_HOURS: u32 = 168;
/// Tokens that a week gives out.
const EMISSION: u64 = 1_000_000 * TOKEN;
/// Between two blocks that the keeper saw.
const BLOCK_MS: i64 = 5 * MINUTE_MS;
/// The first of them before the epoch starts.
const BEFORE_MS: i64 = 10 * MINUTE_MS;

const CALENDAR: Calendar = Calendar {
    first_epoch: EpochNumber::FIRST,
    first_start: FIRST_HOUR,
    epoch_hours: EPOCH_HOURS,
};

/// What an epoch is made of, beside its proofs.
pub(super) struct Epoch<'a> {
    pub folder: EpochFolder,
    pub number: EpochNumber,
    pub terms: NetworkTerms,
    pub devices: &'a [Device],
    /// Payers, and the base units that each burned.
    pub burns: &'a [(u32, u64)],
    pub variant: &'a Variant,
}

/// The network's own terms, with attackers' payers ascending by their numbers.
pub(super) fn terms(mut own: Vec<Payer>) -> NetworkTerms {
    let mut payers = vec![Payer {
        id: PAYER,
        name: "a travel eSIM".to_owned(),
        wallet: key("payer").public,
        carrier: key("carrier").public,
        carrier_kind: 0,
        tokens_per_unit: Tokens::new(UNIT_PRICE),
    }];
    payers.append(&mut own);
    NetworkTerms {
        calendar: CALENDAR,
        tokens_per_epoch: Tokens::new(EMISSION),
        arrears: SHIPPED_ARREARS,
        genesis: None,
        streams: vec![Stream {
            id: STREAM,
            unit: "weather hour".to_owned(),
            partner: key("partner").public,
            partner_kind: 0,
            daily_ceiling: 24,
            rate_milli_points: MilliPoints::new(1_000),
            pot_permille: 1_000,
            second_source: "a neighbouring station".to_owned(),
            second_source_permille: 0,
        }],
        tasks: Vec::new(),
        attestors: vec![Attestor {
            name: "the app's sign-up service".to_owned(),
            key: key("desk").public,
            key_kind: 0,
        }],
        payers,
        operators: Vec::new(),
    }
}

/// When an epoch starts, unix milliseconds.
pub(super) fn period_start(number: EpochNumber) -> i64 {
    CALENDAR.period(number).map_or(0, |period| period.start_ms)
}

/// The block that an epoch's visits are drawn with: the last one before it.
pub(super) fn draw_block(number: EpochNumber) -> [u8; 32] {
    block(period_start(number) - BLOCK_MS).hash
}

fn block(unix_ms: i64) -> Anchor {
    let slot = u64::try_from(unix_ms / 400).unwrap_or(0);
    Anchor {
        slot,
        hash: Sha256::digest(slot.to_le_bytes()).into(),
        unix_ms,
    }
}

/// A folder that is gone with what it is for.
pub(super) fn scratch() -> Result<TempDir, SimError> {
    tempfile::tempdir().map_err(|source| SimError::Io {
        path: "a temporary folder".into(),
        source,
    })
}

/// Takes an epoch's folder away.
pub(super) fn forget(folder: &EpochFolder) -> Result<(), SimError> {
    fs::remove_dir_all(folder.root()).map_err(|source| SimError::Io {
        path: folder.root().to_owned(),
        source,
    })
}

/// Freezes and closes an epoch that follows `before`.
pub(super) fn close_epoch(
    epoch: &Epoch<'_>,
    before: Option<&(EpochFolder, Closed)>,
    drafts: Vec<Draft>,
) -> Result<(Closed, Vec<Decision>), SimError> {
    let folder = &epoch.folder;
    let start_ms = period_start(epoch.number);
    if let Some((before, closed)) = before {
        carry(before, &closed.manifest, folder)?;
    }
    write_shipped_ruleset(&folder.inputs(), &epoch.terms)?;
    epoch.variant.apply(folder)?;
    write_devices(&folder.devices(), epoch.devices)?;
    let blocks = (BEFORE_MS + i64::from(EPOCH_HOURS) * HOUR_MS) / BLOCK_MS;
    let anchors: Vec<Anchor> = (0..blocks)
        .map(|at| block(start_ms - BEFORE_MS + at * BLOCK_MS))
        .collect();
    write_anchors(&folder.anchors(), &anchors)?;
    write_burns(&folder.burns(), &burns(epoch.burns, start_ms))?;
    write_epoch(
        &folder.epoch_json(),
        &EpochInput {
            canopy_depth: 2,
            network: NETWORK,
            number: epoch.number,
            pool: POOL,
            previous_manifest: before.map(|(_, closed)| closed.manifest_hash),
        },
    )?;
    evidence(folder, epoch.number, drafts)?;
    let closed = close(folder.root(), &Silent)?;
    Ok((closed, read_decisions(folder.root())?))
}

fn burns(burns: &[(u32, u64)], start_ms: i64) -> Vec<Burn> {
    let row = |&(payer, tokens): &(u32, u64)| {
        let mut signature = [0; 64];
        signature[..4].copy_from_slice(&payer.to_le_bytes());
        Burn {
            payer,
            slot: u64::try_from(start_ms / 400).unwrap_or(0),
            signature,
            unix_ms: start_ms + HOUR_MS,
            tokens: Tokens::new(tokens),
        }
    };
    burns.iter().map(row).collect()
}

/// Numbers, signs and files the proofs. Numbers ascend with time, so that each signer's do.
fn evidence(
    folder: &EpochFolder,
    number: EpochNumber,
    mut drafts: Vec<Draft>,
) -> Result<(), SimError> {
    drafts.sort_by_key(|draft| draft.at_ms);
    let first = number.get() * 100_000_000;
    let epoch = u32::try_from(number.get()).unwrap_or(0);
    let signed: Vec<(SignedProof, i64)> = (0..drafts.len())
        .into_par_iter()
        .map(|at| {
            let draft = &drafts[at];
            let anchor = block(draft.at_ms - draft.at_ms.rem_euclid(BLOCK_MS));
            let proof = ProofV1 {
                network: NETWORK,
                ruleset: 1,
                subject: draft.subject,
                signer_seq: first + at as u64,
                epoch,
                observed_at_ms: draft.at_ms,
                anchor_slot: anchor.slot,
                anchor_hash: anchor.hash,
                cell: draft.cell,
                body: draft.body.clone(),
            };
            let unsigned = SignedProof::new(proof);
            let signers = draft.signers.iter();
            let signed = signers.fold(unsigned, |proof, (role, key)| {
                proof.signed(*role, &key.signer)
            });
            (signed, draft.at_ms + draft.late_ms)
        })
        .collect();
    let mut writer = EvidenceWriter::open(&folder.inputs(), 0);
    for (proof, received_at_ms) in &signed {
        writer.append(proof, *received_at_ms)?;
    }
    writer.finish()?;
    Ok(())
}
