//! Records as evidence files of epochs that are still open.

use cairn_epoch::EvidenceWriter;
use cairn_merkle::EpochNumber;

use super::{Content, Record};
use crate::KeeperError;
use crate::store::folder::DataFolder;
use crate::store::journal::{NewReceipt, SegmentRow};

/// Writes each epoch's records from its next segment on; returns the segments with the receipts that are due.
pub(super) fn write_evidence(
    folder: &DataFolder,
    stacks: &[(EpochNumber, usize, Vec<Record>)],
) -> Result<Vec<(SegmentRow, Vec<NewReceipt>)>, KeeperError> {
    let mut written = Vec::new();
    for (epoch, next, records) in stacks {
        let mut writer = EvidenceWriter::open(&folder.epoch(*epoch).inputs(), *next);
        for record in records {
            match &record.content {
                Content::Proof(proof) => writer.append(proof, record.received_at_ms)?,
                Content::Raw { bytes, .. } => writer.append_raw(bytes, record.received_at_ms)?,
            }
        }
        for segment in writer.finish()? {
            let receipts = segment
                .taken
                .iter()
                .filter_map(|place| records.get(*place))
                .map(receipt)
                .collect();
            let row = SegmentRow {
                epoch: *epoch,
                name: segment.name.to_string(),
                records: segment.rows,
                sha256: segment.sha256,
            };
            written.push((row, receipts));
        }
    }
    Ok(written)
}

fn receipt(record: &Record) -> NewReceipt {
    NewReceipt {
        record_id: record.id(),
        received_at_ms: record.received_at_ms,
        malformed: match &record.content {
            Content::Proof(_) => None,
            Content::Raw { problem, .. } => Some(problem.to_string()),
        },
    }
}
